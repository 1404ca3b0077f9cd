//! The server file as it is written.

use crate::config::raw::layer::mirror;
use crate::config::yaml::{Given, OneOrMany, Pairs, Text};

mirror! {
    /// A server that answers PromQL.
    Source {
        /// Where it is.
        url: Given<Text>,
        /// User and password.
        basic: Given<Basic>,
        /// The secret that is sent as a bearer token, by name.
        bearer: Given<Text>,
        /// Client credentials.
        oauth2: Given<OAuth2>,
        /// Certificates.
        tls: Given<Tls>,
        /// The proxy that it is asked through; none that is not written here, whatever the environment says.
        proxy: Given<Text>,
        /// What goes with every query.
        headers: Given<Pairs<Text>>,
        /// How long an answer may take; and, before that, how long a query may wait for its turn.
        timeout: Given<Text>,
        /// How many queries it is asked at most: `20/s`. They are spread evenly, but for a tenth, which may go out at once.
        budget: Given<Text>,
        /// Whether selectors that differ in the value of one label are asked for together; they are, where nothing is said.
        fuse: Given<bool>,
        /// How many series of a selector are fetched at most: counters of more are asked for as sums. 10,000 where nothing is said.
        series_at_most: Given<Text>,
    }
}

mirror! {
    /// User and password.
    Basic {
        /// The user.
        username: Given<Text>,
        /// The secret that is the password, by name.
        password: Given<Text>,
    }
}

mirror! {
    /// Client credentials.
    OAuth2 {
        /// Where tokens are had.
        token_url: Given<Text>,
        /// Who asks.
        client_id: Given<Text>,
        /// The secret of who asks, by name.
        client_secret: Given<Text>,
        /// For what.
        scopes: Given<OneOrMany<Text>>,
    }
}

mirror! {
    /// Certificates.
    Tls {
        /// The roots to trust, and no others.
        ca_file: Given<Text>,
        /// The certificate to show.
        cert_file: Given<Text>,
        /// Its key.
        key_file: Given<Text>,
        /// The name that its certificate is for, where that is not the one in `url`.
        server_name: Given<Text>,
    }
}

mirror! {
    /// A service in an environment and a cluster, and all that acting on it needs.
    Target {
        /// The service.
        service: Given<Text>,
        /// The environment.
        environment: Given<Text>,
        /// The cluster.
        cluster: Given<Text>,
        /// The source that knows it; without one, the store of backstop's own.
        source: Given<Text>,
        /// The labels of its series: added to every selector of its gates.
        select: Given<Pairs<Text>>,
        /// The labels by which an alert finds it.
        alerts: Given<Pairs<Text>>,
        /// Labels of its own, for `match`.
        labels: Given<Pairs<Text>>,
        /// What is acted on: `deployment/NAMESPACE/NAME`, `rollout/..`, `statefulset/..`, `argocd/APP`, `helm/..`.
        object: Given<Text>,
        /// Who would undo an undo.
        gitops: Given<GitOps>,
        /// By whom its object is read and driven, in place of the API of its cluster: `argocd`, by the actions that it has
        /// for resources of the application in `gitops`. For `rollout/..` alone.
        #[schemars(extend("enum" = ["argocd"]))]
        through: Given<Text>,
        /// Services it calls.
        depends_on: Given<OneOrMany<Text>>,
        /// Who answers for it.
        owner: Given<Text>,
    }
}

mirror! {
    /// What keeps a target as git says.
    GitOps {
        /// Which.
        #[schemars(extend("enum" = ["argocd", "flux"]))]
        kind: Given<Text>,
        /// The application or kustomization.
        app: Given<Text>,
    }
}

mirror! {
    /// A Kubernetes cluster, and who backstop is there; exactly one of `kubeconfig` and `in_cluster`.
    Cluster {
        /// The kubeconfig file. It is read again whenever the cluster is asked.
        kubeconfig: Given<Text>,
        /// The context in it; its current one, where nothing is said.
        context: Given<Text>,
        /// By what a pod in the cluster is given.
        in_cluster: Given<bool>,
    }
}

mirror! {
    /// An Argo CD, and who backstop is there.
    ArgoCd {
        /// Where it is: `https://argocd.example.com`.
        url: Given<Text>,
        /// The secret that is the token of an account there, by name.
        token: Given<Text>,
        /// Certificates.
        tls: Given<Tls>,
    }
}

mirror! {
    /// What some rule files may touch.
    Trust {
        /// The files: paths from the folder of the server file, with `*` and `**`.
        files: Given<OneOrMany<Text>>,
        /// The services.
        services: Given<OneOrMany<Text>>,
        /// The actions, by what they are for.
        actions: Given<OneOrMany<Text>>,
        /// The secrets, by name.
        secrets: Given<OneOrMany<Text>>,
        /// How far they may go by themselves.
        #[schemars(extend("enum" = ["shadow", "ask", "act"]))]
        at_most: Given<Text>,
    }
}

mirror! {
    /// A stretch of time in which nothing is changed by itself: from `from` until `until`, or each week.
    Freeze {
        /// What it is called.
        freeze: Given<Text>,
        /// Why: it is told to whoever asks why nothing was done.
        why: Given<Text>,
        /// What it is about; everything, where nothing is said.
        #[serde(rename = "match")]
        matches: Given<Pairs<OneOrMany<Text>>>,
        /// When it begins: `2026-11-27T00:00:00Z`.
        from: Given<Text>,
        /// When it is over.
        until: Given<Text>,
        /// Each week.
        weekly: Given<Weekly>,
        /// What it holds back, by what actions are for; everything but `notify`, where nothing is said.
        holds: Given<OneOrMany<Text>>,
    }
}

mirror! {
    /// A stretch of every week.
    Weekly {
        /// When it begins: `fri 16:00`.
        from: Given<Text>,
        /// When it is over.
        until: Given<Text>,
        /// How far the clock is ahead of UTC by which that is: `+01:00`; not at all, where nothing is said.
        offset: Given<Text>,
    }
}

mirror! {
    /// A host that webhooks may go to, and where it is.
    Host {
        /// What it is called; `*.example.com` for all below it.
        host: Given<Text>,
        /// The networks that it may be found in, and nowhere else: `10.0.0.0/8`. With none, anywhere out in the world.
        addresses: Given<OneOrMany<Text>>,
        /// Whether it may be asked without TLS.
        http: Given<bool>,
    }
}

/// An entry of `hosts`, for the schema alone: it is read by what stands there.
#[derive(schemars::JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "nobody makes one")]
pub(crate) enum Listed {
    /// Its name.
    Name(String),
    /// It, and where it is.
    Host(Box<Host>),
}

mirror! {
    /// What is shown to whoever connects.
    Listening {
        /// The certificate, with those that it was signed by.
        cert_file: Given<Text>,
        /// Its key.
        key_file: Given<Text>,
        /// The authority that certificates of callers are signed by; nobody is asked for one, where nothing is said.
        client_ca_file: Given<Text>,
    }
}

mirror! {
    /// Who may ask this server for what.
    Access {
        /// What they are called: in what is recorded, and in answers.
        who: Given<Text>,
        /// The secret that they send as a bearer token, by name.
        token: Given<Text>,
        /// The name in the certificate that they show, in place of a token.
        san: Given<Text>,
        /// What they may: `read`, `ingest`, `change`, `operate`, `alert`, `admin`.
        may: Given<OneOrMany<Text>>,
    }
}

mirror! {
    /// Where a secret is; exactly one of the two.
    Secret {
        /// In this file.
        file: Given<Text>,
        /// In this environment variable.
        env: Given<Text>,
    }
}
