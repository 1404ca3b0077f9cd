//! An action as it is written.

use crate::config::raw::layer::mirror;
use crate::config::raw::server::{Basic, OAuth2, Tls};
use crate::config::yaml::{Given, OneOrMany, Pairs, Text, Tree};

mirror! {
    /// Something that may be done: exactly one of `undo`, `hold`, `go_on`, `finish`, `retry`, `restart`, `set_variant` and
    /// `webhook`.
    Action {
        /// Its name, unique in its folder.
        action: Given<Text>,
        /// What it is for, where neither its name nor its deed says so.
        #[schemars(extend("enum" = ["rollback", "pause", "resume", "promote", "set_weight", "toggle_flag", "restart", "notify"]))]
        does: Given<Text>,
        /// Undo the release of the target, in whatever way its object needs.
        #[schemars(extend("enum" = ["target"]))]
        undo: Given<Text>,
        /// Hold the release of the target.
        #[schemars(extend("enum" = ["target"]))]
        hold: Given<Text>,
        /// Let the release of the target go on.
        #[schemars(extend("enum" = ["target"]))]
        go_on: Given<Text>,
        /// Let all of the release of the target out, past all steps that are left.
        #[schemars(extend("enum" = ["target"]))]
        finish: Given<Text>,
        /// Begin an aborted release of the target again.
        #[schemars(extend("enum" = ["target"]))]
        retry: Given<Text>,
        /// Start anew what the target runs, as it is.
        #[schemars(extend("enum" = ["target"]))]
        restart: Given<Text>,
        /// Turn a feature flag.
        set_variant: Given<SetVariant>,
        /// Send a request.
        webhook: Given<Webhook>,
        /// Where an undo leads: `last_known_good`, `previous`, or a revision.
        to: Given<Text>,
        /// How often it may be done; the server file's ceilings hold besides.
        limits: Given<Limits>,
        /// How many people have to agree.
        #[schemars(extend("enum" = ["none", "one", "two"]))]
        approval: Given<Text>,
        /// Who answers for it.
        owner: Given<Text>,
        /// Where it says what to do.
        runbook: Given<Text>,
    }
}

mirror! {
    /// A flag and the variant it is turned to.
    SetVariant {
        /// The flag; without it, the one that the change turned.
        flag: Given<Text>,
        /// The variant.
        to: Given<Text>,
    }
}

mirror! {
    /// How often something may be done: `1/h`, `5/30m`.
    Limits {
        /// To each service.
        per_service: Given<Text>,
        /// In each environment.
        per_environment: Given<Text>,
        /// In all.
        everywhere: Given<Text>,
        /// How long to wait after an action on the same target.
        cooldown: Given<Text>,
        /// How many changes may be undone at once.
        changes_undone_at_once: Given<u32>,
        /// Which part of the services of an environment may be undone at once: `20%`.
        services_undone_at_once: Given<Text>,
    }
}

mirror! {
    /// A request to another system.
    Webhook {
        /// Where to.
        url: Given<Text>,
        /// How.
        #[schemars(extend("enum" = ["GET", "POST", "PUT", "PATCH", "DELETE"]))]
        method: Given<Text>,
        /// What goes with it; secrets go by name under `sign`, `hmac`, `bearer`, `basic` and `oauth2`.
        headers: Given<Pairs<Text>>,
        /// What it says; its texts may be templates.
        body: Given<Tree>,
        /// The secret that signs it, by name.
        sign: Given<Text>,
        /// A seal of the whole, in whatever form the receiver looks for it.
        hmac: Given<Hmac>,
        /// The secret that is sent as a bearer token, by name.
        bearer: Given<Text>,
        /// User and password.
        basic: Given<Basic>,
        /// Client credentials.
        oauth2: Given<OAuth2>,
        /// Certificates.
        tls: Given<Tls>,
        /// The answers that mean it was taken.
        expect: Given<OneOrMany<u16>>,
        /// How long an answer may take.
        timeout: Given<Text>,
        /// How to see that it worked.
        verify: Given<Verify>,
    }
}

mirror! {
    /// An HMAC-SHA256 over the request.
    Hmac {
        /// The secret that is the key, by name.
        key: Given<Text>,
        /// The header that it goes into: `X-Hub-Signature-256`.
        header: Given<Text>,
        /// How it stands there, with `{hex}` or `{base64}`: `sha256={hex}`. `{hex}` where nothing is said.
        form: Given<Text>,
        /// What is sealed, of `{body}`, `{timestamp}` and `{id}`: `v0:{timestamp}:{body}`. `{body}` where nothing is said.
        of: Given<Text>,
        /// A header that the time of the attempt goes into: `X-Slack-Request-Timestamp`.
        timestamp: Given<Text>,
    }
}

mirror! {
    /// How to see that an action worked; exactly one of the two.
    Verify {
        /// An expression with a value other than zero.
        expr: Given<Text>,
        /// An address that is asked through the same door, by GET, and answers with success.
        url: Given<Text>,
        /// The answers that mean that it worked, where that is not any of success.
        expect: Given<OneOrMany<u16>>,
        /// A text that stands in such an answer; it may be a template.
        body: Given<Text>,
    }
}
