//! Checks: from what was written to what is asked.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::config::defaults;
use crate::config::raw;
use crate::config::raw::Layer;
use crate::config::reader::{Reader, Whose, texts};
use crate::config::yaml::{Given, Spot, Text};
use crate::gate::{
    Absent, ChangeTrait, Check, Events, Floor, Override, Passes, Proportion, Purpose, Question, Scale,
    Thresholds, Weight, Worse,
};
use crate::lint::{Finding, name};
use crate::promql;
use crate::unit::{Name, Span, nearest};

const DIRECTIONS: [(&str, Worse); 2] = [("higher_is_worse", Worse::Higher), ("lower_is_worse", Worse::Lower)];

/// What a check is written in: its gate's own words for it, and the defaults.
pub(crate) struct Setting<'a> {
    /// The defaults.
    pub(crate) defaults: &'a raw::Check,
    /// Whether the gate compares tracks.
    pub(crate) tracks: bool,
    /// The gate's `passes_when`.
    pub(crate) passes_when: &'a Given<Text>,
}

/// The word for a pass that nothing spoke against.
const NOT_CONTRADICTED: &str = "not_contradicted";

impl Reader<'_> {
    /// A check; nothing if any part of it is wrong, after all its parts were read.
    pub(crate) fn check(&mut self, written: &Spot<raw::Check>, setting: &Setting<'_>) -> Option<Check> {
        let raw = &written.value;
        let here = Whose { what: "the check", place: written.place };
        let name = self.need(&raw.check, "check", here).and_then(|spot| self.parse_text::<Name>(&spot.value));
        let title = name.as_ref().map_or_else(|| "the check".to_owned(), |name| format!("check `{name}`"));
        let place = raw.check.get().map_or(written.place, |spot| spot.place);
        let whose = Whose { what: &title, place };
        let question = self.question(raw, setting, whose);
        let worse = self.word(&raw.direction, &DIRECTIONS).unwrap_or(worse(raw));
        let fails_when = self.need(&raw.fails_when, "fails_when", whose).map(|spot| &spot.value);
        // What was asked decides, even where it cannot be read: its thresholds are looked at all the same.
        let of = scale(raw).zip(Some(worse));
        let fails_when = of.zip(fails_when).and_then(|(of, text)| self.thresholds(text, of, Purpose::Fail));
        let passes_when = raw.passes_when.clone().over(setting.passes_when);
        let passes_when = of.and_then(|of| self.passes(passes_when.get().map(|spot| &spot.value)?, of));
        let for_changes = self.for_changes(raw, of);
        self.direction_fits(raw);
        self.unit_is_clear(
            raw,
            question.as_ref(),
            times(fails_when.as_ref(), passes_when.as_ref(), &for_changes),
        );
        let filled = raw.clone().over(setting.defaults);
        let truth = |given: &Given<bool>| given.get().is_some_and(|spot| spot.value);
        if let Some(place) = raw.critical.place().filter(|_| truth(&filled.shadow) && truth(&filled.critical))
        {
            let help = "take one of the two out";
            self.error(name::BAD_VALUE, place, "a check that only watches cannot be critical", help);
        }
        let (weight, optional_until) = (self.weight(&filled.weight), self.date(&filled.optional_until));
        Some(Check {
            by: self.slices(raw),
            at_least: self.floor(&filled.at_least),
            weight: weight?,
            critical: truth(&filled.critical),
            shadow: truth(&filled.shadow),
            optional_until,
            name: name?,
            place,
            question: question?,
            worse,
            fails_when: fails_when?,
            passes_when,
            for_changes,
        })
    }

    fn question(&mut self, raw: &raw::Check, setting: &Setting<'_>, whose: Whose<'_>) -> Option<Question> {
        let given = [
            ("proportion", raw.proportion.place()),
            ("quantile", raw.quantile.place()),
            ("slow", raw.slow.place()),
            ("mean", raw.mean.place()),
            ("expr", raw.expr.place()),
        ];
        self.exactly_one(&given, whose)?;
        if raw.expr.is_absent()
            && let Some(place) = raw.looks.place()
        {
            let help = "leave it out: the other questions hold their error over all looks by themselves";
            self.error(name::BAD_VALUE, place, "`looks` belongs to `expr`", help);
        }
        for (given, what) in [(raw.by.place(), "by"), (raw.at_least.place(), "at_least")] {
            if let Some(place) = given.filter(|_| !raw.expr.is_absent()) {
                let help = "leave it out; what an `expr` is sliced by and how much it needs, it says itself";
                self.error(
                    name::BAD_VALUE,
                    place,
                    format!("`{what}` belongs to questions that count events"),
                    help,
                );
            }
        }
        if let Some(place) = raw.by.place().filter(|_| !raw.mean.is_absent()) {
            let help =
                "leave it out, and write a check for each slice that matters, with its label in the selector";
            let message =
                "a `mean` is judged as a whole: a look has one pair of levels, too few to go around";
            self.error(name::BAD_VALUE, place, message, help);
        }
        if let Some(proportion) = raw.proportion.get() {
            return self.proportion(proportion, setting).map(Question::Proportion);
        }
        if let Some(quantile) = raw.quantile.get() {
            return self.quantile(quantile).map(Question::Quantile);
        }
        if let Some(slow) = raw.slow.get() {
            return self.slow(slow).map(Question::Slow);
        }
        if let Some(mean) = raw.mean.get() {
            let whose = Whose { what: "the mean", place: mean.place };
            let of = self.need(&mean.value.of, "of", whose)?;
            let plan = self.plan(&of.value);
            return self.answer(&of.value, plan).map(|of| Question::Mean { of });
        }
        let text = &raw.expr.get()?.value;
        let expr = self.plan(text);
        let looks = self.parse(&raw.looks.clone().over(&setting.defaults.looks));
        Some(Question::Expr { expr: self.answer(text, expr)?, looks: looks? })
    }

    fn proportion(&mut self, written: &Spot<raw::Proportion>, setting: &Setting<'_>) -> Option<Proportion> {
        let whose = Whose { what: "the proportion", place: written.place };
        let raw = &written.value;
        self.exactly_one(&[("bad", raw.bad.place()), ("good", raw.good.place())], whose)?;
        let of = self.need(&raw.of, "of", whose).and_then(|spot| self.counter(&spot.value));
        let bad = raw.bad.get().and_then(|spot| self.counter(&spot.value)).map(Events::Bad);
        let good = raw.good.get().and_then(|spot| self.counter(&spot.value)).map(Events::Good);
        let beneath = setting.defaults.proportion.get().map(|spot| spot.value.clone()).unwrap_or_default();
        let filled = raw.clone().over(&beneath);
        let lag: Option<Span> = self.parse(&filled.lag);
        if filled.lag.place().is_some_and(|place| place.file == defaults::FILE) {
            self.comes_with_its_base(raw, good.as_ref(), of.as_ref());
        }
        let absent = self.absent(&filled.absent_bad);
        if absent == Some(Absent::ZeroIfOnOtherSide) && !setting.tracks {
            let place = raw.absent_bad.place().unwrap_or(written.place);
            let help = "write `zero_if_seen_in 7d`, or give the gate `tracks`";
            self.error(name::BAD_VALUE, place, "this gate has no other track", help);
        }
        Some(Proportion { events: bad.or(good)?, of: of?, lag: lag?, absent: absent? })
    }

    /// What is counted by another counter than its base may come later than it: an order after its cart. A release gets its
    /// carts at once, and its orders when they come. Errors are counted with their requests.
    fn comes_with_its_base(
        &mut self,
        raw: &raw::Proportion,
        good: Option<&Events>,
        of: Option<&promql::Plan>,
    ) {
        let name = |plan: &promql::Plan| Some(plan.as_selector()?.name.as_ref()?.text.clone());
        let names = good
            .zip(of)
            .and_then(|(Events::Good(good) | Events::Bad(good), of)| Some((name(good)?, name(of)?)));
        let Some(((good, of), place)) = names.zip(raw.good.place()).filter(|((good, of), _)| good != of)
        else {
            return;
        };
        let message =
            format!("without a `lag`, each `{good}` counts as one of the `{of}` of the same moment");
        let help =
            "where they come later, say by how much, as in `lag: 20m`; where none does, write `lag: 0s`";
        self.push(Finding::warning(name::NO_LAG, place, message).help(help));
    }

    fn absent(&mut self, given: &Given<Text>) -> Option<Absent> {
        let text = &given.get()?.value;
        if let Some(span) = text.value.strip_prefix("zero_if_seen_in ") {
            let span: Span = match span.trim().parse() {
                Ok(span) => span,
                Err(error) => {
                    let error: crate::unit::SpanError = error;
                    self.error(name::BAD_VALUE, text.place, error.to_string(), "as in `zero_if_seen_in 7d`");
                    return None;
                }
            };
            if span.is_zero() {
                self.error(
                    name::BAD_VALUE,
                    text.place,
                    "nothing is seen in no time",
                    "as in `zero_if_seen_in 7d`",
                );
            }
            return Some(Absent::ZeroIfSeenIn(span));
        }
        let known = [
            ("unknown", Absent::Unknown),
            ("zero_if_on_other_track", Absent::ZeroIfOnOtherSide),
            ("zero_if_seen_in 7d", Absent::ZeroIfSeenIn(Span::ZERO)),
        ];
        self.word_text(text, &known)
    }

    /// A counter, as evidence needs it: a bare selector, so that deltas can be taken of each of its series before
    /// anything is summed.
    pub(crate) fn counter(&mut self, text: &Text) -> Option<promql::Plan> {
        let plan = self.plan(text)?;
        if plan.as_selector().is_some() {
            return Some(plan);
        }
        let message = "evidence is taken from each series of a counter, and this is more than a selector";
        let help = "name the counter alone, as in `http_requests_total{code=~\"5..\"}`";
        self.error(name::NOT_A_COUNTER, text.place, message, help);
        None
    }

    /// An expression whose value can be held against a threshold, and that asks about something.
    pub(crate) fn answer(&mut self, text: &Text, plan: Option<promql::Plan>) -> Option<promql::Plan> {
        let plan = plan?;
        let found = plan.value_type();
        if !matches!(found, promql::ValueType::Vector | promql::ValueType::Scalar) {
            let message = format!("the result is no instant vector or scalar but a {found}");
            let help = "a threshold is held against the value of each series";
            self.error(name::PROMQL_SYNTAX, text.place, message, help);
            return None;
        }
        if plan.selectors().next().is_none() {
            let help = "select the series that it is about";
            self.error(
                name::BAD_VALUE,
                text.place,
                "this asks about no series, so its answer is always the same",
                help,
            );
            return None;
        }
        Some(plan)
    }

    fn direction_fits(&mut self, raw: &raw::Check) {
        let Some(place) = raw.direction.place() else { return };
        let (message, help) = if !raw.proportion.is_absent() {
            let help =
                "write `bad:` for events that should be few and `good:` for events that should be many";
            ("a proportion knows its direction by itself", help)
        } else if !raw.slow.is_absent() {
            ("a share of slow requests knows its direction by itself", "leave it out: more of them is worse")
        } else {
            return;
        };
        self.error(name::BAD_VALUE, place, message, help);
    }

    fn thresholds(
        &mut self,
        text: &Text,
        (scale, worse): (Scale, Worse),
        purpose: Purpose,
    ) -> Option<Thresholds> {
        match Thresholds::parse(&text.value, scale, worse, purpose) {
            Ok(thresholds) => Some(thresholds),
            Err(fault) => {
                self.fault(name::THRESHOLD, text, fault);
                None
            }
        }
    }

    fn passes(&mut self, text: &Text, of: (Scale, Worse)) -> Option<Passes> {
        if text.value == NOT_CONTRADICTED {
            return Some(Passes::NotContradicted);
        }
        if nearest(&text.value, [NOT_CONTRADICTED]).is_some() {
            let message = format!("`{}` is nothing that can be proved", text.value);
            self.error(name::THRESHOLD, text.place, message, format!("did you mean `{NOT_CONTRADICTED}`?"));
            return None;
        }
        self.thresholds(text, of, Purpose::Pass).map(Passes::Proved)
    }

    fn for_changes(&mut self, raw: &raw::Check, of: Option<(Scale, Worse)>) -> Vec<(ChangeTrait, Override)> {
        let mut found: Vec<(ChangeTrait, Override)> = Vec::new();
        let Some(of) = of else { return found };
        for written in raw.for_changes.get().into_iter().flat_map(|spot| &spot.value.0) {
            let raw = &written.value;
            let whose = Whose { what: "the entry of `for_changes`", place: written.place };
            if self
                .exactly_one(&[("risk", raw.risk.place()), ("intent", raw.intent.place())], whose)
                .is_none()
            {
                continue;
            }
            let risk = raw.risk.get().map(|spot| ChangeTrait::Risk(spot.value.value.clone()));
            let intent = raw.intent.get().map(|spot| ChangeTrait::Intent(spot.value.value.clone()));
            let fails_when =
                raw.fails_when.get().and_then(|spot| self.thresholds(&spot.value, of, Purpose::Fail));
            let passes_when = raw.passes_when.get().and_then(|spot| self.passes(&spot.value, of));
            if raw.fails_when.is_absent() && raw.passes_when.is_absent() {
                let help = "give `fails_when`, `passes_when` or both";
                self.error(name::MISSING_KEY, written.place, "this entry changes nothing", help);
            }
            let Some(kind) = risk.or(intent) else { continue };
            if found.iter().any(|(known, _)| *known == kind) {
                let help = "give both thresholds in one entry";
                self.error(name::DUPLICATE_NAME, written.place, "this kind of change stands twice", help);
            }
            found.push((kind, Override { fails_when, passes_when }));
        }
        found
    }

    fn slices(&mut self, raw: &raw::Check) -> Vec<String> {
        let mut seen = BTreeSet::new();
        for text in texts(&raw.by) {
            if !promql::is_label_name(&text.value) {
                let message = format!("`{}` is no label name", text.value);
                self.error(name::BAD_VALUE, text.place, message, "as in `by: [http_route]`");
            } else if !seen.insert(text.value.clone()) {
                let message = format!("`{}` stands twice", text.value);
                self.error(name::BAD_VALUE, text.place, message, "leave one out");
            }
        }
        seen.into_iter().collect()
    }

    fn floor(&mut self, given: &Given<Text>) -> Option<Floor> {
        let text = &given.get()?.value;
        let (count, unit) = text.value.split_once(' ').unwrap_or((&text.value, ""));
        let events = count.parse().ok().filter(|events| *events > 0);
        if let (Some(events), "requests" | "events" | "observations") = (events, unit.trim()) {
            return Some(Floor { events });
        }
        let message = format!("`{}` does not say how much is enough", text.value);
        self.error(
            name::BAD_VALUE,
            text.place,
            message,
            "write `100 requests`, `100 events` or `100 observations`",
        );
        None
    }

    fn weight(&mut self, given: &Given<f64>) -> Option<Weight> {
        let spot = given.get()?;
        let weight = Weight::new(spot.value);
        if let Err(error) = &weight {
            self.push(Finding::error(name::BAD_VALUE, spot.place, error.to_string()));
        }
        weight.ok()
    }

    fn date(&mut self, given: &Given<Text>) -> Option<NaiveDate> {
        let text = &given.get()?.value;
        let date = NaiveDate::parse_from_str(&text.value, "%Y-%m-%d").ok();
        if date.is_none() {
            let message = format!("`{}` is no date", text.value);
            self.error(name::BAD_VALUE, text.place, message, "write year, month and day: `2027-01-31`");
        }
        date
    }
}

/// What the thresholds of a check may say, by the question that it asks.
fn scale(raw: &raw::Check) -> Option<Scale> {
    let asked = [
        (raw.proportion.is_absent(), Scale::Share),
        (raw.quantile.is_absent(), Scale::Time),
        (raw.slow.is_absent(), Scale::Share),
        (raw.mean.is_absent(), Scale::Measure),
        (raw.expr.is_absent(), Scale::Alone),
    ];
    asked.into_iter().find(|(absent, _)| !absent).map(|(_, scale)| scale)
}

/// Whether any of these thresholds is a time.
fn times(fails: Option<&Thresholds>, passes: Option<&Passes>, changes: &[(ChangeTrait, Override)]) -> bool {
    let proved = |passes: &Passes| match passes {
        Passes::Proved(thresholds) => thresholds.name_a_time(),
        Passes::NotContradicted => false,
    };
    let either = |fails: Option<&Thresholds>, passes: Option<&Passes>| {
        fails.is_some_and(Thresholds::name_a_time) || passes.is_some_and(proved)
    };
    either(fails, passes)
        || changes.iter().any(|(_, other)| either(other.fails_when.as_ref(), other.passes_when.as_ref()))
}

/// Which way is worse where a check does not say.
fn worse(raw: &raw::Check) -> Worse {
    let good = raw.proportion.get().is_some_and(|spot| !spot.value.good.is_absent());
    if good { Worse::Lower } else { Worse::Higher }
}
