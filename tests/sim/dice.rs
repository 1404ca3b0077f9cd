//! Chance that comes out the same for the same seed.

/// Dice.
#[derive(Debug, Clone)]
pub(crate) struct Dice(u64);

impl Dice {
    /// Dice of this seed; `of` tells dice of one seed apart, so that one who throws more often moves nobody else's.
    pub(crate) fn new(seed: u64, of: u64) -> Self {
        let mut dice =
            Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ of.wrapping_mul(0xd1b5_4a32_d192_ed03));
        dice.next();
        dice
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below this one.
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit.max(1)
    }

    /// A number from `from` on and below `to`.
    pub(crate) fn from(&mut self, from: i64, to: i64) -> i64 {
        from + i64::try_from(self.below((to - from).max(1).unsigned_abs())).unwrap()
    }

    /// Whether something happens that does so many times in a thousand.
    pub(crate) fn chance(&mut self, permille: u64) -> bool {
        self.below(1_000) < permille
    }

    #[expect(clippy::cast_precision_loss, reason = "53 bits are as many as a float has")]
    pub(crate) fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// How many events come where this many are to be expected.
    pub(crate) fn events(&mut self, mean: f64) -> u64 {
        // In pieces, since the product of many shares is nothing.
        let (mut left, mut events) = (mean, 0);
        while 0.0 < left {
            let piece = left.min(400.0);
            left -= piece;
            let (floor, mut product) = ((-piece).exp(), self.share());
            while floor < product {
                events += 1;
                product *= self.share();
            }
        }
        events
    }

    /// One of these.
    pub(crate) fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[usize::try_from(self.below(of.len() as u64)).unwrap()]
    }
}
