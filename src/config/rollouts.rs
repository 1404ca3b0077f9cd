//! Rollouts: from what was written to what is rolled out.

use crate::config::names::Named;
use crate::config::policies::FindKind;
use crate::config::raw;
use crate::config::raw::Layer;
use crate::config::reader::{Reader, Whose, plain};
use crate::config::yaml::{Given, List, OneOrMany, Pairs, Spot, Text};
use crate::lint::name;
use crate::rollout::{BlueGreen, OnFail, Rollout, Step, Wave, Way};
use crate::unit::{Amount, Name, Place};

impl Reader<'_> {
    /// A rollout; nothing if any part of it is wrong, after all its parts were read.
    pub(crate) fn rollout(
        &mut self,
        written: &Named<raw::Rollout>,
        defaults: &raw::Defaults,
        find: &FindKind<'_>,
    ) -> Option<Rollout> {
        let title = format!("rollout `{}`", written.name);
        let whose = Whose { what: &title, place: written.place };
        let raw = &written.thing;
        let gate = self.need(&raw.gate, "gate", whose).and_then(|spot| self.named(&spot.value));
        let way = self.way(raw, &defaults.rollout, find, whose);
        let waves = self.waves(&raw.waves, &defaults.rollout);
        let on_fail = self.on_fail(&raw.on_fail, &defaults.rollout, find);
        Some(Rollout {
            name: written.name.clone(),
            place: written.place,
            owner: plain(&raw.owner),
            runbook: plain(&raw.runbook),
            labels: self.labels(&raw.labels),
            matches: self.matching(&raw.r#match),
            waves: waves?,
            on_fail,
            way: way?,
            gate: gate?,
        })
    }

    fn named(&mut self, text: &Text) -> Option<(Name, Place)> {
        Some((self.parse_text(text)?, text.place))
    }

    /// The name of an action that is there.
    fn action_named(&mut self, text: &Text, find: &FindKind<'_>) -> Option<(Name, Place)> {
        let named = self.named(text)?;
        find(self, text).map(|_| named)
    }

    fn way(
        &mut self,
        raw: &raw::Rollout,
        defaults: &raw::RolloutDefaults,
        find: &FindKind<'_>,
        whose: Whose<'_>,
    ) -> Option<Way> {
        self.exactly_one(&[("steps", raw.steps.place()), ("blue_green", raw.blue_green.place())], whose)?;
        if let Some(switch) = raw.blue_green.get() {
            return self.blue_green(switch, defaults, find).map(Way::BlueGreen);
        }
        let set_weight = self.need(&raw.set_weight, "set_weight", whose);
        let set_weight = set_weight.and_then(|spot| self.action_named(&spot.value, find));
        let steps = self.steps(raw.steps.get()?, defaults)?;
        Some(Way::Steps { steps, set_weight: set_weight? })
    }

    fn steps(
        &mut self,
        written: &Spot<List<raw::Step>>,
        defaults: &raw::RolloutDefaults,
    ) -> Option<Vec<Step>> {
        let mut steps: Vec<Step> = Vec::new();
        let mut whole = true;
        for raw in &written.value.0 {
            let whose = Whose { what: "the step", place: raw.place };
            let text = self.need(&raw.value.weight, "weight", whose);
            let weight = text.and_then(|spot| self.weight_of(&spot.value));
            let hold = self.parse(&raw.value.hold.clone().over(&defaults.hold));
            let (Some(weight), Some(hold)) = (weight, hold) else {
                whole = false;
                continue;
            };
            if steps.last().is_some_and(|before| before.weight >= weight) {
                self.error(
                    name::STEPS,
                    raw.place,
                    "a step takes no more traffic than the one before it",
                    "write the steps in rising weight",
                );
                whole = false;
            }
            steps.push(Step { weight, hold });
        }
        match steps.last() {
            Some(last) if last.weight < 1.0 && whole => {
                let message = format!(
                    "the last step leaves {}% of the traffic on the old version",
                    (1.0 - last.weight) * 100.0
                );
                self.error(name::STEPS, written.place, message, "end with `{ weight: 100% }`");
                None
            }
            None if written.value.0.is_empty() => {
                self.error(
                    name::STEPS,
                    written.place,
                    "there are no steps",
                    "as in `steps: [ { weight: 5%, hold: 10m }, { weight: 100% } ]`",
                );
                None
            }
            _ => whole.then_some(steps),
        }
    }

    fn weight_of(&mut self, text: &Text) -> Option<f64> {
        match self.parse_text::<Amount>(text)? {
            Amount::Percent(share) if share > 0.0 && share <= 1.0 => Some(share),
            Amount::Percent(_) | Amount::Number(_) | Amount::Points(_) | Amount::Time(_) => {
                let message = format!("`{}` is no share of the traffic", text.value);
                self.error(
                    name::STEPS,
                    text.place,
                    message,
                    "write a percentage above 0% and at most 100%: `weight: 5%`",
                );
                None
            }
        }
    }

    fn blue_green(
        &mut self,
        written: &Spot<raw::BlueGreen>,
        defaults: &raw::RolloutDefaults,
        find: &FindKind<'_>,
    ) -> Option<BlueGreen> {
        let whose = Whose { what: "`blue_green`", place: written.place };
        let raw = &written.value;
        let preview = self.parse(&raw.preview.clone().over(&defaults.preview));
        let keep_old = self.parse(&raw.keep_old.clone().over(&defaults.keep_old));
        let switch =
            self.need(&raw.switch, "switch", whose).and_then(|spot| self.action_named(&spot.value, find));
        let back = self
            .need(&raw.switch_back, "switch_back", whose)
            .and_then(|spot| self.action_named(&spot.value, find));
        Some(BlueGreen { preview: preview?, switch: switch?, keep_old: keep_old?, switch_back: back? })
    }

    fn waves(
        &mut self,
        given: &Given<List<Pairs<OneOrMany<Text>>>>,
        defaults: &raw::RolloutDefaults,
    ) -> Option<Vec<Wave>> {
        let mut waves = Vec::new();
        for written in given.get().into_iter().flat_map(|spot| &spot.value.0) {
            let (bake, label): (Vec<_>, Vec<_>) =
                written.value.0.iter().partition(|pair| pair.key.value == "bake");
            let bake = match bake.first().and_then(|pair| pair.value.0.first()) {
                Some(spot) => self.parse_text(&spot.value)?,
                None => self.parse(&defaults.bake)?,
            };
            let [pair] = label.as_slice() else {
                let message = "a wave is one label of the targets with its values";
                self.error(name::STEPS, written.place, message, "as in `{ region: [us, ap], bake: 1h }`");
                return None;
            };
            let values = self.patterns(pair.value.0.iter().map(|spot| &spot.value));
            waves.push(Wave { label: pair.key.value.clone(), values, bake });
        }
        Some(waves)
    }

    fn on_fail(
        &mut self,
        given: &Given<raw::OnFail>,
        defaults: &raw::RolloutDefaults,
        find: &FindKind<'_>,
    ) -> Option<OnFail> {
        let empty = raw::OnFail::default();
        let beneath = defaults.on_fail.get().map_or(&empty, |spot| &spot.value);
        let raw = given.get().map_or(&empty, |spot| &spot.value).clone().over(beneath);
        let this_wave = raw.this_wave.get().and_then(|spot| self.act(&spot.value, find));
        let done_waves = raw.done_waves.get().and_then(|spot| self.act(&spot.value, find));
        Some(OnFail { this_wave: this_wave?, done_waves: done_waves? })
    }
}
