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

    /// Chance of its own for each of many rollouts, so that they may be lived through in any order.
    pub(crate) fn numbered(seed: u64, number: u64) -> Self {
        let mut bits = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(number);
        for (shift, factor) in [(30, 0xbf58_476d_1ce4_e5b9), (27, 0x94d0_49bb_1331_11eb), (31, 1)] {
            bits = (bits ^ (bits >> shift)).wrapping_mul(factor);
        }
        Self(bits)
    }

    /// How many events come in a stretch in which `mean` are expected.
    pub(crate) fn events(&mut self, mean: f64) -> f64 {
        if mean > 30.0 {
            return self.many_events(mean);
        }
        let (least, mut product, mut events) = (libm::exp(-mean), self.share(), 0.0);
        while product > least {
            product *= self.share();
            events += 1.0;
        }
        events
    }

    /// The same for means that a product of chances would be slow for: Hörmann's transformed rejection.
    fn many_events(&mut self, mean: f64) -> f64 {
        let wide = 0.931 + 2.53 * mean.sqrt();
        let steep = -0.059 + 0.024_83 * wide;
        let inverse = 1.1239 + 1.1328 / (wide - 3.4);
        let quick = 0.9277 - 3.6224 / (wide - 2.0);
        loop {
            let (off, height) = (self.share() - 0.5, self.share());
            let edge = 0.5 - off.abs();
            let events = ((2.0 * steep / edge + wide) * off + mean + 0.43).floor();
            if edge >= 0.07 && height <= quick {
                return events;
            }
            if events < 0.0 || (edge < 0.013 && height > edge) {
                continue;
            }
            let ln_height = libm::log(height * inverse / (steep / (edge * edge) + wide));
            if ln_height <= events * libm::log(mean) - mean - libm::lgamma(events + 1.0) {
                return events;
            }
        }
    }

    /// A normal variable, by Box and Muller.
    pub(crate) fn normal(&mut self) -> f64 {
        let (radius, turn) = (libm::sqrt(-2.0 * libm::log(self.share())), self.share());
        radius * libm::cos(std::f64::consts::TAU * turn)
    }

    /// A gamma variable of a shape of one or more, by Marsaglia and Tsang; its mean is the shape.
    pub(crate) fn gamma(&mut self, shape: f64) -> f64 {
        let third = shape - 1.0 / 3.0;
        let narrow = 1.0 / (9.0 * third).sqrt();
        loop {
            let normal = self.normal();
            let root = 1.0 + narrow * normal;
            let cube = root * root * root;
            if cube > 0.0
                && libm::log(self.share()) < normal * normal / 2.0 + third * (1.0 - cube + libm::log(cube))
            {
                return third * cube;
            }
        }
    }

    /// The same where they come in clusters of three in the mean, some of them much larger.
    pub(crate) fn clustered(&mut self, mean: f64) -> f64 {
        let mut events = 0.0;
        let mut clusters = self.events(mean / 3.0);
        if clusters > 8.0 {
            // So many geometric clusters at once.
            let further = 2.0 * self.gamma(clusters);
            return clusters + self.events(further);
        }
        while clusters > 0.0 {
            events += 1.0;
            if self.share() < 1.0 / 3.0 {
                clusters -= 1.0;
            }
        }
        events
    }
}
