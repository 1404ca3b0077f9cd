//! What is laid down before the first look: how the evidence may begin late, and how far one look may move it.

/// The most that one look can multiply the evidence by, so that no single look pauses anything or takes it back.
pub const CAP: f64 = 20.0;

/// The plan of an evidence process.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Planned {
    /// At how many looks an effect may begin.
    pub looks: u32,
    /// The weight of an effect that is there from the first look on; the others share the rest.
    pub first: f64,
    /// The most that one look can multiply the evidence by.
    pub cap: f64,
    /// How likely each size of an effect is taken to be.
    pub prior: Prior,
}

/// How likely each size of an effect is taken to be beforehand. Whichever it is, it is laid down before the first look, so
/// all that is promised holds; it decides how soon which effect is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prior {
    /// All alike.
    Even,
    /// What is a few times beyond the border more than what is far beyond: that is found within a few looks anyway.
    Near,
}

impl Prior {
    /// The logarithms of the weights of alternatives, which together are one.
    pub(super) fn ln_weights<const N: usize>(self, near: [f64; N]) -> [f64; N] {
        let weights = match self {
            Self::Even => [1.0; N],
            Self::Near => near,
        };
        let all: f64 = weights.iter().sum();
        weights.map(|weight| libm::log(weight / all))
    }
}

impl Planned {
    /// For the evidence of harm, which may set in at any of the looks.
    pub const fn harm(looks: u32) -> Self {
        Self { looks, first: 0.6, cap: CAP, prior: Prior::Near }
    }

    /// For the evidence of a proof, which has to hold from the first look on.
    pub const fn proof() -> Self {
        Self { looks: 1, first: 1.0, cap: CAP, prior: Prior::Near }
    }

    /// The weight of an effect that begins at this look; the first is 1.
    pub(super) fn weight(&self, look: u32) -> f64 {
        if look == 1 {
            return if self.looks <= 1 { 1.0 } else { self.first };
        }
        if look <= self.looks { (1.0 - self.first) / f64::from(self.looks - 1) } else { 0.0 }
    }

    /// The weight of all effects that would begin after this look.
    pub(super) fn rest(&self, look: u32) -> f64 {
        if look >= self.looks {
            return 0.0;
        }
        ((1.0 - self.first) * (f64::from(self.looks - look) / f64::from(self.looks - 1))).max(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_add_up_to_one_at_every_look() {
        for planned in
            [Planned::harm(120), Planned::harm(2), Planned::harm(1), Planned::harm(0), Planned::proof()]
        {
            let mut begun = 0.0;
            for look in 1..=planned.looks + 3 {
                begun += planned.weight(look);
                let all = begun + planned.rest(look);
                assert!((all - 1.0).abs() < 1e-12, "{planned:?} at look {look}: {all}");
            }
        }
    }
}
