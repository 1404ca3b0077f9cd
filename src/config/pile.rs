//! Everything that was written in all the files, sorted by kind and by name, nothing of it checked.

use crate::config::file::Files;
use crate::config::names::{Folder, Named, Names};
use crate::config::yaml::{Comment, Document, Given, List, Node, Text, Value};
use crate::config::{raw, yaml};
use crate::lint::{Finding, Severity, name};
use crate::unit::{Extent, FileId, Name, Place};

/// The parts of all files.
#[derive(Debug, Default)]
pub(crate) struct Pile {
    /// The value of `groups:` of each file that has one.
    pub(crate) groups: Vec<(FileId, Node)>,
    /// The gates.
    pub(crate) gates: Names<raw::Gate>,
    /// The rollouts.
    pub(crate) rollouts: Names<raw::Rollout>,
    /// What alerts may do.
    pub(crate) incidents: Names<raw::Incident>,
    /// The actions.
    pub(crate) actions: Names<raw::Action>,
    /// The server's settings, with the place of the first of them.
    pub(crate) server: Option<(Place, raw::File)>,
    /// The comments, which may switch lints off.
    pub(crate) comments: Vec<Comment>,
    /// What was wrong so far.
    pub(crate) findings: Vec<Finding>,
}

/// Reads every file that could be read whole.
pub(crate) fn pile(files: &Files) -> Pile {
    let mut pile = Pile::default();
    for (id, file) in files.iter().filter(|(_, file)| file.whole) {
        let folder = Folder::of(&file.path);
        let before = pile.findings.len();
        let documents = yaml::compose(id, &file.text, &mut pile.findings);
        let prometheus = is_prometheus(&file.text, &documents);
        if prometheus {
            soften(&documents[0], &mut pile.findings[before..]);
        }
        for document in documents {
            pile.comments.extend(document.comments);
            if prometheus && document.number > 0 && !is_ours(&document.root) {
                pile.passed_over(&file.text, &document.root);
            } else {
                pile.document(id, &folder, document.number, document.root);
            }
        }
    }
    pile
}

/// Whether a file is Prometheus's: its first document is, and nothing of backstop's own begins a line behind it.
fn is_prometheus(text: &str, documents: &[Document]) -> bool {
    let Some(first) = documents.first().filter(|document| document.number == 0) else { return false };
    let behind = text.get(first.end as usize..).unwrap_or_default();
    let in_later = behind.lines().any(|line| line.split_once(':').is_some_and(|(key, _)| is_our_key(key)));
    !is_ours(&first.root) && !in_later
}

fn is_our_key(key: &str) -> bool {
    key != GROUPS && raw::File::KEYS.contains(&key)
}

/// Whether a document holds something of backstop's own.
fn is_ours(root: &Node) -> bool {
    root.entries().into_iter().flatten().any(|entry| entry.key.text().is_some_and(is_our_key))
}

/// Makes warnings of what is broken behind the first document of a file of Prometheus's, which never looks there.
fn soften(first: &Document, findings: &mut [Finding]) {
    for finding in findings {
        let start = finding.place.extent.start;
        // A null at the very end stands where the document ends.
        if first.end < start || first.end == start && finding.name == name::YAML_SYNTAX {
            finding.severity = finding.severity.min(Severity::Warning);
        }
    }
}

/// The key under which Prometheus's own rules stand.
const GROUPS: &str = "groups";

impl Pile {
    /// Says that nobody reads a document; null is nothing to read.
    fn passed_over(&mut self, text: &str, root: &Node) {
        if root.is_null() {
            return;
        }
        let written = root.written();
        let line = written.extent.of(text).lines().next().unwrap_or_default().len();
        let end = written.extent.start + u32::try_from(line).unwrap_or(0);
        let place = Place { extent: Extent::new(written.extent.start, end), ..written };
        let message = "Prometheus reads only the first document of a file, so this one is not loaded";
        let finding = Finding::warning(name::LATER_DOCUMENT, place, message);
        self.findings.push(finding.help("move it into the first document, or into a file of its own"));
    }

    fn document(&mut self, file: FileId, folder: &Folder, number: usize, mut root: Node) {
        if root.is_null() {
            return;
        }
        self.groups(file, number, &mut root);
        let Some(raw) = yaml::decode::<raw::File>(&root, &mut self.findings) else { return };
        let Self { gates, rollouts, incidents, actions, findings, .. } = self;
        add(gates, folder, &raw.gates, findings);
        add(rollouts, folder, &raw.rollouts, findings);
        add(incidents, folder, &raw.incidents, findings);
        add(actions, folder, &raw.actions, findings);
        self.server(raw);
    }

    /// Takes `groups:` out; as Prometheus, only from the first document of a file.
    fn groups(&mut self, file: FileId, number: usize, root: &mut Node) {
        let Value::Map(entries) = &mut root.value else { return };
        let Some(at) = entries.iter().position(|entry| entry.key.text() == Some(GROUPS)) else { return };
        let entry = entries.remove(at);
        if number == 0 {
            self.groups.push((file, entry.value));
            return;
        }
        let message = "Prometheus reads only the first document of a file, so these groups are not loaded";
        let finding = Finding::warning(name::LATER_DOCUMENT, entry.key.place, message);
        self.findings.push(finding.help("move them into the first document, or into a file of their own"));
    }

    /// Keeps the server's settings; all of them have to stand in one document.
    fn server(&mut self, raw: raw::File) {
        let places = [
            raw.mode.place(),
            raw.features.place(),
            raw.sources.place(),
            raw.targets.place(),
            raw.trust.place(),
            raw.limits.place(),
            raw.approve_within.place(),
            raw.external_url.place(),
            raw.floors.place(),
            raw.freezes.place(),
            raw.hosts.place(),
            raw.kubernetes.place(),
            raw.argocd.place(),
            raw.secrets.place(),
            raw.access.place(),
            raw.listen.place(),
            raw.tls.place(),
            raw.ledger.place(),
            raw.settle.place(),
        ];
        let Some(first) = places.into_iter().flatten().min() else { return };
        match &self.server {
            None => self.server = Some((first, raw)),
            Some((known, _)) => {
                let message = "there are two server files; these settings are not loaded";
                let finding = Finding::error(name::DUPLICATE_NAME, first, message);
                self.findings
                    .push(finding.help("put all of them into one file").with(*known, "the first are here"));
            }
        }
    }
}

/// Something that is written under a name of its own.
trait Titled: Clone {
    /// The key of its name, which says what it is.
    const KEY: &'static str;

    /// What stands before that.
    const ARTICLE: &'static str = "a";

    /// Its name.
    fn title(&self) -> &Given<Text>;
}

impl Titled for raw::Gate {
    const KEY: &'static str = "gate";

    fn title(&self) -> &Given<Text> {
        &self.gate
    }
}

impl Titled for raw::Rollout {
    const KEY: &'static str = "rollout";

    fn title(&self) -> &Given<Text> {
        &self.rollout
    }
}

impl Titled for raw::Incident {
    const KEY: &'static str = "incident";
    const ARTICLE: &'static str = "an";

    fn title(&self) -> &Given<Text> {
        &self.incident
    }
}

impl Titled for raw::Action {
    const KEY: &'static str = "action";

    fn title(&self) -> &Given<Text> {
        &self.action
    }
}

/// Adds what has a name that no other in its folder has.
fn add<T: Titled>(names: &mut Names<T>, folder: &Folder, list: &Given<List<T>>, findings: &mut Vec<Finding>) {
    for written in list.get().into_iter().flat_map(|spot| &spot.value.0) {
        let title = written.value.title();
        if title.is_absent() {
            let finding = Finding::error(
                name::MISSING_KEY,
                written.place,
                format!("{} {} has no name", T::ARTICLE, T::KEY),
            );
            findings.push(finding.help(format!("begin it with `{}: NAME`", T::KEY)));
        }
        let Some(spot) = title.get() else { continue };
        match spot.value.value.parse::<Name>() {
            Ok(name) => {
                let thing = written.value.clone();
                let named = Named { folder: folder.clone(), name, place: spot.place, thing };
                findings.extend(names.add(named, T::KEY));
            }
            Err(error) => findings.push(Finding::error(name::BAD_VALUE, spot.place, error.to_string())),
        }
    }
}
