//! The shape of what queries found.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::decision;
use crate::ledger::entry::Malformed;
use crate::ledger::wire::mirror::Mirror;
use crate::ledger::wire::scalar::Real;

mirror_struct!(Found of decision::Found { labels: BTreeMap<String, String>, value: Real });

/// What each query found.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Answers(Vec<Answered>);

/// A query with what it found, or with why it has no answer.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Answered {
    Found { query: String, found: Vec<Found> },
    Unanswered { query: String, why: String },
}

impl Answers {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Mirror<decision::Answers> for Answers {
    fn of(it: &decision::Answers) -> Self {
        let answered = |(query, found): (&String, &Result<Vec<decision::Found>, String>)| match found {
            Ok(found) => Answered::Found { query: query.clone(), found: Mirror::of(found) },
            Err(why) => Answered::Unanswered { query: query.clone(), why: why.clone() },
        };
        Self(it.0.iter().map(answered).collect())
    }

    fn back(self) -> Result<decision::Answers, Malformed> {
        let mut answers = decision::Answers::default();
        for answered in self.0 {
            match answered {
                Answered::Found { query, found } => answers.add(query, Ok(found.back()?)),
                Answered::Unanswered { query, why } => answers.add(query, Err(why)),
            }
        }
        Ok(answers)
    }
}
