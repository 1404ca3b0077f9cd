//! Platforms: where an object is looked at and acted on, with what keeps it.

use crate::decision::Answer;
use crate::responder::object::{Endpoint, Got, Kept, MOST_ROUNDS, Overtaken, Step};
use crate::responder::platform::Platform;
use crate::responder::webhook::Stop;
use crate::signal::Object;

/// How often a step is made anew of what is there, where somebody else came first: pods come and go all the time, and
/// each changes the state of their object.
const MOST_TRIES: usize = 4;

/// The API servers of a target; or else why one cannot be come to.
#[derive(Debug, Clone)]
pub struct Platforms {
    /// That of its cluster.
    pub kubernetes: Result<Platform, String>,
    /// That of Argo CD.
    pub argocd: Result<Platform, String>,
}

impl Platforms {
    /// Where a request goes.
    pub fn at(&self, endpoint: Endpoint) -> Result<&Platform, String> {
        let platform = match endpoint {
            Endpoint::Kubernetes => &self.kubernetes,
            Endpoint::ArgoCd => &self.argocd,
        };
        platform.as_ref().map_err(Clone::clone)
    }

    /// Everything that has to be known of an object; else why it cannot be had, in words.
    pub async fn got(&self, kept: &Kept, object: &Object) -> Result<Got, String> {
        let mut got = Got::default();
        for _ in 0..MOST_ROUNDS {
            let reads = kept.reads(object, &got);
            if reads.is_empty() {
                return Ok(got);
            }
            for read in reads {
                let found = self.at(read.at)?.read(&read).await?;
                got.add(read.name, found);
            }
        }
        Err(format!("{object} was not read whole in {MOST_ROUNDS} rounds"))
    }

    /// Takes a step on an object as it is now.
    pub async fn take(
        &self,
        kept: &Kept,
        object: &Object,
        make: impl Fn(&Got) -> Result<Step, Overtaken> + Send,
        stop: &Stop,
    ) -> Answer {
        let mut last = String::new();
        for _ in 0..MOST_TRIES {
            let got = match self.got(kept, object).await {
                Ok(got) => got,
                Err(why) => return Answer::Unsent { why },
            };
            let step = match make(&got) {
                Ok(step) => step,
                Err(Overtaken(why)) => return Answer::Overtaken { why },
            };
            if let Some(why) = step.early {
                return Answer::Unsent { why };
            }
            let platform = match self.at(step.at) {
                Ok(platform) => platform,
                Err(why) => return Answer::Unsent { why },
            };
            match platform.send(&step, stop).await {
                Answer::Rejected { status, excerpt, .. } if step.overtaken.contains(&status) => {
                    last = format!("{status}: {excerpt}");
                }
                answer @ (Answer::Accepted { .. }
                | Answer::Rejected { .. }
                | Answer::Unsent { .. }
                | Answer::Lost { .. }
                | Answer::Overtaken { .. }) => return answer,
            }
        }
        Answer::Overtaken { why: format!("somebody else came first {MOST_TRIES} times ({last})") }
    }
}
