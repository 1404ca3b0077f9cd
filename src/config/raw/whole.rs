//! A whole file as it is written, and the file of defaults.

use crate::config::raw::action::{Action, Limits, Webhook};
use crate::config::raw::check::Check;
use crate::config::raw::gate::Gate;
use crate::config::raw::incident::Incident;
use crate::config::raw::layer::mirror;
use crate::config::raw::rollout::{OnFail, Rollout};
use crate::config::raw::server::{Access, ArgoCd, Cluster, Freeze, Listening, Secret, Source, Target, Trust};
use crate::config::yaml::{Given, List, OneOrMany, Pairs, Text, Tree};

mirror! {
    /// A file of backstop's: rules, the server's settings, or both.
    File {
        /// Prometheus rule groups, exactly as Prometheus reads them.
        #[schemars(with = "Vec<crate::config::raw::groups::Group>")]
        groups: Given<Tree>,
        /// Checks that apply to changes.
        gates: Given<List<Gate>>,
        /// Releases in steps.
        rollouts: Given<List<Rollout>>,
        /// What alerts may do.
        incidents: Given<List<Incident>>,
        /// What may be done.
        actions: Given<List<Action>>,
        /// How far automation may go: the ceiling for everything.
        #[schemars(extend("enum" = ["shadow", "ask", "act"]))]
        mode: Given<Text>,
        /// PromQL features, by the names of Prometheus's `--enable-feature`.
        features: Given<OneOrMany<Text>>,
        /// Servers that answer PromQL, by name; with none, backstop's own store answers.
        sources: Given<Pairs<Source>>,
        /// Kubernetes clusters, by the names that targets have for them. A target that names no cluster is in the only one.
        kubernetes: Given<Pairs<Cluster>>,
        /// Argo CDs, by the clusters whose targets they keep. The only one keeps all of them.
        argocd: Given<Pairs<ArgoCd>>,
        /// What may be acted on.
        targets: Given<List<Target>>,
        /// What rule files may touch.
        trust: Given<List<Trust>>,
        /// Ceilings; a rule file can only tighten them.
        limits: Given<Limits>,
        /// How long people are asked whether something is done, and how long what they agree to counts: `15m`.
        approve_within: Given<Text>,
        /// Where this server is reached from outside: links in messages begin with it.
        external_url: Given<Text>,
        /// How sure an action of each kind has to be of a failure, whatever a policy says: `rollback: 0.99`.
        floors: Given<Pairs<f64>>,
        /// When nothing is changed by itself.
        freezes: Given<List<Freeze>>,
        /// Where webhooks may go: `hooks.example.com`, `*.example.com`, or a host with where it is; with none, nowhere.
        #[schemars(with = "Vec<crate::config::raw::server::Listed>")]
        hosts: Given<Tree>,
        /// The file of the kill switch: while it is there, automation is off.
        switch_file: Given<Text>,
        /// Secrets, by name.
        secrets: Given<Pairs<Secret>>,
        /// Who may ask this server for what; with nobody here, it listens on loopback alone.
        access: Given<List<Access>>,
        /// The address to listen on.
        listen: Given<Text>,
        /// The certificates by which it listens; without them it does so in the clear.
        tls: Given<Listening>,
        /// The file that the ledger is kept in.
        ledger: Given<Text>,
        /// How long after a moment its samples may still arrive: a look waits for so long.
        settle: Given<Text>,
    }
}

mirror! {
    /// The file of defaults.
    Defaults {
        gate: Gate,
        check: Check,
        rollout: RolloutDefaults,
        action: Action,
        webhook: Webhook,
        incident: Incident,
        confidence: Confidences,
        server: File,
        source: Source,
        trust: Trust,
    }
}

mirror! {
    /// What a rollout's parts are where they do not say.
    RolloutDefaults {
        hold: Given<Text>,
        preview: Given<Text>,
        keep_old: Given<Text>,
        bake: Given<Text>,
        on_fail: Given<OnFail>,
    }
}

mirror! {
    /// The confidence of a rung that names none.
    Confidences {
        notify: Given<f64>,
        pause: Given<f64>,
        rollback: Given<f64>,
    }
}
