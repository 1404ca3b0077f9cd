//! Processes: what exposes series, known by job and instance, and what tells of them.

use crate::promql::Text;
use crate::signal::{INSTANCE, JOB, Labels, NAME};

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

    /// A selector of what tells of it, and of others of its instance. Without the job it differs from those of other
    /// processes in one value, so that those of all services are asked about together.
    pub(crate) fn told(&self) -> String {
        told(None, &format!("={}", Text::from(self.instance.as_str())))
    }
}

/// A selector of what tells of some processes of a job, by their instances.
pub(crate) fn told_of(job: &str, instances: &[String]) -> String {
    let any: Vec<String> = instances.iter().map(|instance| regex::escape(instance)).collect();
    told(Some(job), &format!("=~{}", Text::from(any.join("|").as_str())))
}

/// Whether a series tells of a process.
pub(crate) fn tells(labels: &Labels) -> bool {
    TELLING.contains(&labels.get(NAME))
}

fn told(job: Option<&str>, instance: &str) -> String {
    let job = job.map(|job| format!("{JOB}={},", Text::from(job))).unwrap_or_default();
    format!("{{{NAME}=~\"{}\",{job}{INSTANCE}{instance}}}", TELLING.join("|"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(pairs: &[(&str, &str)]) -> Labels {
        Labels::new(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
            .unwrap()
    }

    #[test]
    fn a_process_is_known_by_job_and_instance() {
        let shop = |job: &str| Process { job: job.to_owned(), instance: "a:1".to_owned() };
        for (pairs, expected) in [
            (&[(NAME, "x"), ("job", "shop"), ("instance", "a:1")][..], Some(shop("shop"))),
            (&[(NAME, "x"), ("instance", "a:1")], Some(shop(""))),
            (&[(NAME, "job:x:rate5m"), ("job", "shop")], None),
        ] {
            assert_eq!(Process::of(&labels(pairs)), expected, "{pairs:?}");
        }
        assert!(tells(&labels(&[(NAME, "up")])) && !tells(&labels(&[(NAME, "upper")])));
    }

    /// Whatever its labels hold, a selector holds just that.
    #[test]
    fn selectors_hold_what_labels_hold() {
        let odd = Process { job: "a\"b".to_owned(), instance: "10.0.0.1:80\\".to_owned() };
        let of = |rest: &str| format!("{{__name__=~\"up|process_start_time_seconds\",{rest}}}");
        assert_eq!(odd.told(), of(r#"instance="10.0.0.1:80\\""#));
        let several = told_of(&odd.job, &[odd.instance.clone(), "b".to_owned()]);
        assert_eq!(several, of(r#"job="a\"b",instance=~"10\\.0\\.0\\.1:80\\\\|b""#));
    }
}
