//! Chance from a seed: the same on every machine.
#![expect(clippy::unwrap_used, reason = "32 bits fit")]
#![allow(dead_code, reason = "no test uses all of it")]

/// Knuth's multiplier of 64 bits; only the upper bits are used.
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    /// Between zero and one, never either.
    pub(crate) fn share(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let upper = u32::try_from(self.0 >> 32).unwrap();
        (f64::from(upper) + 0.5) / 4_294_967_296.0
    }

    /// How many events come in a stretch in which `mean` are expected.
    pub(crate) fn events(&mut self, mean: f64) -> f64 {
        let (least, mut product, mut events) = (libm::exp(-mean), self.share(), 0.0);
        while product > least {
            product *= self.share();
            events += 1.0;
        }
        events
    }

    /// The same where they come in clusters of three in the mean, some of them much larger.
    pub(crate) fn clustered(&mut self, mean: f64) -> f64 {
        let mut events = 0.0;
        let mut clusters = self.events(mean / 3.0);
        while clusters > 0.0 {
            events += 1.0;
            if self.share() < 1.0 / 3.0 {
                clusters -= 1.0;
            }
        }
        events
    }
}
