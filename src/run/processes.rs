//! Processes: what exposes series, known by job and instance, and what tells of them.

use crate::promql::Text;
use crate::signal::{Labels, NAME};

/// By which a process is known.
const JOB: &str = "job";
const INSTANCE: &str = "instance";

/// What tells of a process: whether it was heard, and since when it runs.
const TELLING: [&str; 2] = ["up", "process_start_time_seconds"];

/// A process.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Process {
    /// The job that it is of.
    pub(crate) job: String,
    /// Where it is scraped.
    pub(crate) instance: String,
}

impl Process {
    /// The process that exposes a series; nothing where no single one does.
    pub(crate) fn of(labels: &Labels) -> Option<Self> {
        let (job, instance) = (labels.get(JOB).to_owned(), labels.get(INSTANCE).to_owned());
        (!instance.is_empty()).then_some(Self { job, instance })
    }

    /// A selector of what tells of it.
    pub(crate) fn told(&self) -> String {
        told(&self.job, &format!("={}", Text::from(self.instance.as_str())))
    }
}

/// A selector of what tells of some processes of a job, by their instances.
pub(crate) fn told_of(job: &str, instances: &[String]) -> String {
    let any: Vec<String> = instances.iter().map(|instance| regex::escape(instance)).collect();
    told(job, &format!("=~{}", Text::from(any.join("|").as_str())))
}

/// Whether a series tells of a process.
pub(crate) fn tells(labels: &Labels) -> bool {
    TELLING.contains(&labels.get(NAME))
}

fn told(job: &str, instance: &str) -> String {
    let (telling, job) = (TELLING.join("|"), Text::from(job));
    format!("{{{NAME}=~\"{telling}\",{JOB}={job},{INSTANCE}{instance}}}")
}
