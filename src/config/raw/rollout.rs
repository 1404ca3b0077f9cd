//! A rollout as it is written.

use crate::config::raw::layer::mirror;
use crate::config::yaml::{Given, List, OneOrMany, Pairs, Text};

mirror! {
    /// A release that takes its traffic in steps, or all at once between two copies.
    Rollout {
        /// Its name, unique in its folder.
        rollout: Given<Text>,
        /// The rollout from which it takes every key that it does not give.
        extends: Given<Text>,
        /// Who answers for it.
        owner: Given<Text>,
        /// Where it says what to do.
        runbook: Given<Text>,
        /// What its records carry besides.
        labels: Given<Pairs<Text>>,
        /// The targets it rolls out.
        r#match: Given<Pairs<OneOrMany<Text>>>,
        /// The shares of traffic, in rising order.
        steps: Given<List<Step>>,
        /// A switch between two copies, in place of steps.
        blue_green: Given<BlueGreen>,
        /// The gate that watches it.
        gate: Given<Text>,
        /// The action that shifts traffic.
        set_weight: Given<Text>,
        /// Parts of the world that follow one another: a label of the targets with its values, and `bake`.
        waves: Given<List<Pairs<OneOrMany<Text>>>>,
        /// What a failure leads to.
        on_fail: Given<OnFail>,
    }
}

mirror! {
    /// One step.
    Step {
        /// The new version's share of the traffic: `5%`.
        weight: Given<Text>,
        /// How long it stays there at least.
        hold: Given<Text>,
    }
}

mirror! {
    /// A switch between two copies.
    BlueGreen {
        /// How long the new copy is watched before the switch.
        preview: Given<Text>,
        /// The action that switches.
        switch: Given<Text>,
        /// How long the old copy stays.
        keep_old: Given<Text>,
        /// The action that switches back.
        switch_back: Given<Text>,
    }
}

mirror! {
    /// What a failure leads to, by wave.
    OnFail {
        /// For the wave that failed.
        this_wave: Given<Text>,
        /// For those that are done.
        done_waves: Given<Text>,
    }
}
