//! A gate as it is written.

use crate::config::raw::check::Check;
use crate::config::raw::layer::mirror;
use crate::config::yaml::{Given, List, OneOrMany, Pairs, Text, Tree};

mirror! {
    /// Checks that apply to a kind of change of some targets for a time.
    Gate {
        /// Its name, unique in its folder.
        gate: Given<Text>,
        /// The gate from which it takes every key that it does not give; `checks` are merged by their names.
        extends: Given<Text>,
        /// Checks of the extended gate that it does not take.
        without: Given<OneOrMany<Text>>,
        /// Who answers for it.
        owner: Given<Text>,
        /// Where it says what to do.
        runbook: Given<Text>,
        /// What its records carry besides.
        labels: Given<Pairs<Text>>,
        /// The kind of change it watches.
        #[schemars(extend("enum" = ["deployment", "canary", "config", "infrastructure", "flag", "job"]))]
        upon: Given<Text>,
        /// The targets it applies to: `service`, `environment`, `cluster` or a label of theirs; `*` stands for anything.
        r#match: Given<Pairs<OneOrMany<Text>>>,
        /// How often it looks.
        every: Given<Text>,
        /// When the first look is.
        begins: Given<Begins>,
        /// When the last look is.
        ends: Given<Ends>,
        /// How long things may take to be well again after it had a change taken back; then somebody is called.
        recovers_within: Given<Text>,
        /// Hold the time after the change against time before it.
        compare: Given<Compare>,
        /// Hold two tracks that run side by side against each other.
        tracks: Given<Tracks>,
        /// Its questions.
        checks: Given<List<Check>>,
        /// What has to be proved for a pass, for every check that does not say: `ratio < 2`, or `not_contradicted`.
        passes_when: Given<Text>,
        /// What its verdicts lead to.
        then: Given<Then>,
        /// What a failure of a target's first release leads to.
        first_release: Given<Text>,
        /// Whether it only watches.
        shadow: Given<bool>,
    }
}

mirror! {
    /// When the first look is.
    Begins {
        /// What it waits for.
        #[schemars(extend("enum" = ["change", "first_traffic", "alert"]))]
        at: Given<Text>,
        /// How long it then lets the new side warm up.
        warmup: Given<Text>,
        /// How long it waits at most.
        within: Given<Text>,
    }
}

mirror! {
    /// When the last look is.
    Ends {
        /// After how much time.
        after: Given<Text>,
        /// After how many runs of a job.
        runs: Given<u32>,
        /// The earliest moment at which a pass may count.
        not_before: Given<Text>,
        /// What ends it before its time.
        #[schemars(extend("enum" = ["superseded", "never"]))]
        early: Given<Text>,
    }
}

mirror! {
    /// Time after the change against time before it.
    Compare {
        /// Against what.
        #[schemars(extend("enum" = ["before"]))]
        after: Given<Text>,
        /// How long the baseline is.
        baseline: Given<Text>,
        /// Take the same time of day so long ago instead of the time right before the change: `[1d, 7d]`.
        ago: Given<OneOrMany<Text>>,
    }
}

mirror! {
    /// Two tracks: by one label with two values, or each by labels of its own.
    Tracks {
        /// The label that tells them apart.
        label: Given<Text>,
        /// Its value on the new side, or the labels of the new side.
        canary: Given<Tree>,
        /// Its value on the old side, or the labels of the old side.
        stable: Given<Tree>,
    }
}

mirror! {
    /// What verdicts lead to: the names of actions, or `ask`.
    Then {
        /// A failed verdict: one action, or a ladder of them by confidence.
        #[schemars(with = "Ladder")]
        fail: Given<Tree>,
        /// A passed one.
        pass: Given<Text>,
        /// No verdict in time.
        inconclusive: Given<Inconclusive>,
        /// Weak evidence that may undo a release by itself: `before_after`, `expr`.
        may_undo_on: Given<OneOrMany<Text>>,
    }
}

mirror! {
    /// One rung of the ladder.
    Rung {
        /// From which confidence on.
        confidence: Given<f64>,
        /// What is done.
        r#do: Given<Text>,
    }
}

mirror! {
    /// No verdict in time.
    Inconclusive {
        /// How long after the beginning.
        after: Given<Text>,
        /// What is done.
        r#do: Given<Text>,
    }
}

/// For the schema alone: the two ways to write `fail`.
#[derive(schemars::JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "it is never read, only described")]
enum Ladder {
    One(String),
    Rungs(Vec<Rung>),
}
