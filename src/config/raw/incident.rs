//! What alerts may do, as it is written.

use crate::config::raw::layer::mirror;
use crate::config::yaml::{Given, OneOrMany, Pairs, Text};

mirror! {
    /// What some alerts of some targets may do: begin a gate on the target's last change, or ask for an action.
    Incident {
        /// Its name, which no other has.
        incident: Given<Text>,
        /// Who answers for what it asks for.
        owner: Given<Text>,
        /// The targets: `service`, `environment`, `cluster` or a label of theirs; `*` stands for anything.
        r#match: Given<Pairs<OneOrMany<Text>>>,
        /// The labels of the alerts, likewise.
        alerts: Given<Pairs<OneOrMany<Text>>>,
        /// How long before the alert the change may have taken effect that it is about; both ends count.
        within: Given<Text>,
        /// The gate that begins.
        begin: Given<Text>,
        /// The action that is asked for, or `ask`: past all guards, and a person is asked before a release is taken back.
        ask_for: Given<Text>,
        /// Weak evidence that may undo a release by itself: `alert`.
        may_undo_on: Given<OneOrMany<Text>>,
    }
}
