//! The server file: what may be watched and acted on, by whom, and how far.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use crate::config::access::{Access, Listening};
use crate::config::argocd::ArgoCds;
use crate::config::clusters::Clusters;
use crate::config::raw;
use crate::config::raw::Layer;
use crate::config::reader::{Reader, Whose, list, plain, texts};
use crate::config::sources::Source;
use crate::config::yaml::{Given, Spot, Text};
use crate::decision::{Freeze, Hosts, Kind, Limits, Mode};
use crate::gate::{FluxApp, GitOps, GitOpsKind, Object, Target};
use crate::lint::{Finding, name};
use crate::unit::{Confidence, FileId, Name, Pattern, Place, Span};

/// With how many other targets of its service one is compared.
const MOST_ALIKE: usize = 100;

pub(crate) const MODES: [(&str, Mode); 3] =
    [("shadow", Mode::Shadow), ("ask", Mode::Ask), ("act", Mode::Act)];
const GITOPS: [(&str, GitOpsKind); 2] = [("argocd", GitOpsKind::ArgoCd), ("flux", GitOpsKind::Flux)];

/// Settings of the server.
#[derive(Debug)]
pub struct Server {
    /// The file they came from; none: the defaults, where rules are looked at by themselves.
    pub file: Option<FileId>,
    /// How far automation may go.
    pub mode: Mode,
    /// Servers that answer PromQL.
    pub sources: BTreeMap<Name, Source>,
    /// Kubernetes clusters.
    pub clusters: Clusters,
    /// Argo CDs.
    pub argocds: ArgoCds,
    /// What may be watched and acted on.
    pub targets: Vec<Target>,
    /// What rule files may touch; none: nothing but watch, where there is a server file.
    pub trust: Vec<Trust>,
    /// Ceilings for every action together.
    pub limits: Limits,
    /// How long people are asked before it is judged again.
    pub approve_within: Span,
    /// Where this server is reached from outside, for whoever is sent a link to it.
    pub external_url: Option<String>,
    /// Where requests may go.
    pub hosts: Arc<Hosts>,
    /// How sure an action of each kind has to be of a failure, whatever a policy says.
    pub floors: BTreeMap<Kind, Confidence>,
    /// When nothing is changed by itself.
    pub freezes: Vec<Freeze>,
    /// The file that switches automation off while it is there.
    pub switch_file: Option<String>,
    /// Where secrets are.
    pub secrets: BTreeMap<Name, Secret>,
    /// Who may ask this server for what.
    pub access: Vec<Access>,
    /// The address to listen on.
    pub listen: SocketAddr,
    /// The certificates by which it listens.
    pub tls: Option<Listening>,
    /// The file that the ledger is kept in.
    pub ledger: String,
    /// How long after a moment its samples may still arrive.
    pub settle: Span,
}

impl Server {
    /// Whether a target names this source.
    pub fn asks(&self, source: &Name) -> bool {
        self.targets.iter().any(|target| target.source.as_ref() == Some(source))
    }
}

/// Where a server file whose `listen` is wrong would listen, were it loaded.
const NOWHERE: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

/// Where a secret is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Secret {
    /// In a file.
    File(String),
    /// In an environment variable.
    Env(String),
}

/// What some rule files may touch.
#[derive(Debug, Clone)]
pub struct Trust {
    /// Where it was written.
    pub place: Place,
    /// The files.
    pub files: Vec<Pattern>,
    /// The services.
    pub services: Vec<Pattern>,
    /// The kinds of actions.
    pub actions: Vec<Kind>,
    /// The secrets.
    pub secrets: Vec<Name>,
    /// How far they may go by themselves.
    pub at_most: Mode,
}

impl Reader<'_> {
    /// The server's settings; parts that are wrong are left out.
    pub(crate) fn server(
        &mut self,
        file: Option<FileId>,
        raw: &raw::File,
        defaults: &raw::Defaults,
    ) -> Server {
        let filled = raw.clone().over(&defaults.server);
        let secrets = self.secrets(&filled);
        let sources = self.sources(&filled, defaults, &secrets);
        let clusters = self.clusters(&filled);
        let argocds = self.argocds(&filled, &secrets);
        let targets = self.targets(&filled, (&clusters, &argocds));
        Server {
            file,
            mode: self.word(&filled.mode, &MODES).unwrap_or(Mode::Shadow),
            trust: self.trust(&filled, defaults, &secrets),
            limits: self.limits(&filled.limits, &defaults.server.limits),
            approve_within: self.asked_within(&filled.approve_within).unwrap_or_default(),
            external_url: self.outside(&filled.external_url),
            hosts: Arc::new(self.hosts(&filled.hosts)),
            floors: self.floors(&filled),
            freezes: self.freezes(&filled),
            switch_file: self.path(&filled.switch_file),
            access: self.access(&filled, &secrets),
            listen: self.listening(&filled.listen, filled.access.is_absent()).unwrap_or(NOWHERE),
            tls: self.listening_by(&filled.tls),
            ledger: self.path(&filled.ledger).unwrap_or_default(),
            settle: self.parse(&filled.settle).unwrap_or_default(),
            clusters,
            argocds,
            targets,
            sources,
            secrets,
        }
    }

    fn secrets(&mut self, raw: &raw::File) -> BTreeMap<Name, Secret> {
        let mut secrets = BTreeMap::new();
        for pair in raw.secrets.get().into_iter().flat_map(|spot| &spot.value.0) {
            let title = format!("secret `{}`", pair.key.value);
            let whose = Whose { what: &title, place: pair.key.place };
            let Some(name) = self.parse_text::<Name>(&pair.key) else { continue };
            if self
                .exactly_one(&[("file", pair.value.file.place()), ("env", pair.value.env.place())], whose)
                .is_none()
            {
                continue;
            }
            let secret =
                plain(&pair.value.file).map(Secret::File).or_else(|| plain(&pair.value.env).map(Secret::Env));
            secrets.extend(secret.map(|secret| (name, secret)));
        }
        secrets
    }

    /// The name of a secret that is there.
    pub(crate) fn secret(&mut self, given: &Given<Text>, secrets: &BTreeMap<Name, Secret>) -> Option<Name> {
        let text = &given.get()?.value;
        let name: Name = self.parse_text(text)?;
        if secrets.contains_key(&name) {
            return Some(name);
        }
        self.unknown(text, "secret", secrets.keys().map(Name::as_str));
        None
    }

    fn targets(&mut self, raw: &raw::File, platforms: (&Clusters, &ArgoCds)) -> Vec<Target> {
        // One that is broken is there all the same.
        let sources: Vec<&str> = raw
            .sources
            .get()
            .into_iter()
            .flat_map(|spot| &spot.value.0)
            .map(|pair| pair.key.value.as_str())
            .collect();
        let mut targets: Vec<Target> = Vec::new();
        let (mut keys, mut series) = (BTreeMap::new(), BTreeMap::new());
        for written in raw.targets.get().into_iter().flat_map(|spot| &spot.value.0) {
            let Some(target) = self.target(written, &sources) else { continue };
            self.reached(written, &target, platforms);
            let owned = |text: Option<&str>| text.map(str::to_owned);
            let key = (target.service.clone(), owned(target.key().1), owned(target.key().2));
            if let Some(first) = keys.insert(key, target.place) {
                let help = "a target is a service in an environment and a cluster; tell them apart";
                self.same_target(format!("there are two of target {target}"), target.place, help, first);
                continue;
            }
            if let Some(first) = series.insert((target.source.clone(), target.select.clone()), target.place) {
                let message = format!(
                    "{target} has the same series as another target, so gates could not tell them apart"
                );
                let help = "give each a `select` of its own, such as `select: { service_name: .. }`";
                self.same_target(message, target.place, help, first);
            }
            targets.push(target);
        }
        self.environments_apart(&targets);
        targets
    }

    /// The series of one environment are not those of another: where one `select` asks for nothing else than the other
    /// one does, and for less, it finds the other's series as well.
    fn environments_apart(&mut self, targets: &[Target]) {
        let mut services: BTreeMap<&str, Vec<&Target>> = BTreeMap::new();
        for target in targets {
            let alike = services.entry(&target.service).or_default();
            let holds = |wide: &Target, narrow: &Target| {
                let known = |(label, value)| narrow.select.get(label) == Some(value);
                wide.select.len() < narrow.select.len() && wide.select.iter().all(known)
            };
            let apart = |other: &&&Target| {
                other.environment != target.environment
                    && other.source == target.source
                    && (holds(other, target) || holds(target, other))
            };
            if let Some(other) = alike.iter().take(MOST_ALIKE).find(apart) {
                let (wide, narrow) = if holds(other, target) { (*other, target) } else { (target, *other) };
                let message = format!("the `select` of {wide} also finds the series of {narrow}");
                let help = "add the label that tells its environment, under the key that its series carry: \
                            `deployment_environment_name`, or `deployment_environment` as older libraries write it";
                self.same_target(message, wide.place, help, narrow.place);
            }
            alike.push(target);
        }
    }

    fn same_target(&mut self, message: String, place: Place, help: &str, first: Place) {
        let finding = Finding::error(name::DUPLICATE_NAME, place, message).help(help);
        self.findings.push(finding.with(first, "the other is here"));
    }

    fn target(&mut self, written: &Spot<raw::Target>, sources: &[&str]) -> Option<Target> {
        let raw = &written.value;
        let whose = Whose { what: "the target", place: written.place };
        let service = self.need(&raw.service, "service", whose);
        let source =
            raw.source.get().and_then(|spot| self.parse_text::<Name>(&spot.value).zip(Some(&spot.value)));
        if let Some((source, text)) = &source
            && !sources.contains(&source.as_str())
        {
            self.unknown(text, "source", sources.iter().copied());
        }
        let gitops = raw.gitops.get().and_then(|spot| {
            let whose = Whose { what: "`gitops`", place: spot.place };
            let app = self.need(&spot.value.app, "app", whose).map(|spot| spot.value.value.clone());
            self.need(&spot.value.kind, "kind", whose)?;
            let kind = self.word(&spot.value.kind, &GITOPS);
            if let (Some(GitOpsKind::Flux), Some(app)) = (kind, &app)
                && FluxApp::parse(app).is_none()
            {
                let place = spot.value.app.place().unwrap_or(spot.place);
                let help = "write `kustomization/NAMESPACE/NAME` or `helmrelease/NAMESPACE/NAME`";
                self.error(name::BAD_VALUE, place, format!("`{app}` is nothing of Flux"), help);
                return None;
            }
            Some(GitOps { kind: kind?, app: app? })
        });
        self.need(&raw.environment, "environment", whose);
        if raw.object.place().is_some() && raw.select.get().is_none_or(|spot| spot.value.0.is_empty()) {
            // Without it, the evidence against this target would be the series of all of them.
            let message = "a target that can be acted on has no `select`";
            let help = "say which series are its own: `select: { service_name: .. }`";
            self.error(name::MISSING_KEY, whose.place, message, help);
        }
        let object: Option<Object> = self.parse(&raw.object);
        let through = self.through(raw, (object.as_ref(), gitops.as_ref()));
        Some(Target {
            place: service.map_or(written.place, |spot| spot.place),
            environment: plain(&raw.environment),
            cluster: plain(&raw.cluster),
            source: source.map(|(name, _)| name),
            select: self.labels(&raw.select),
            alerts: self.labels(&raw.alerts),
            labels: self.labels(&raw.labels),
            object,
            gitops,
            through,
            service: service?.value.value.clone(),
            depends_on: texts(&raw.depends_on).map(|text| text.value.clone()).collect(),
            owner: plain(&raw.owner),
        })
    }

    fn trust(
        &mut self,
        raw: &raw::File,
        defaults: &raw::Defaults,
        secrets: &BTreeMap<Name, Secret>,
    ) -> Vec<Trust> {
        let mut found = Vec::new();
        for written in raw.trust.get().into_iter().flat_map(|spot| &spot.value.0) {
            let filled = written.value.clone().over(&defaults.trust);
            let whose = Whose { what: "the entry of `trust`", place: written.place };
            self.need(&filled.files, "files", whose);
            let actions: Vec<_> =
                texts(&filled.actions).filter_map(|text| self.word_text(text, &Kind::NAMED)).collect();
            let mut names = Vec::new();
            for text in texts(&filled.secrets) {
                match self.parse_text::<Name>(text) {
                    Some(name) if secrets.contains_key(&name) => names.push(name),
                    Some(_) => self.unknown(text, "secret", secrets.keys().map(Name::as_str)),
                    None => {}
                }
            }
            found.push(Trust {
                place: written.place,
                files: self.patterns(texts(&filled.files)),
                services: self.patterns(texts(&filled.services)),
                actions,
                secrets: names,
                at_most: self.word(&filled.at_most, &MODES).unwrap_or(Mode::Shadow),
            });
        }
        found
    }
}

impl Trust {
    /// What it allows, for a message.
    pub fn services_text(&self) -> String {
        let services: Vec<String> = self.services.iter().map(Pattern::to_string).collect();
        list(services.iter().map(String::as_str))
    }
}
