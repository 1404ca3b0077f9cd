//! Where an undo leads. It is the same for every platform that keeps revisions.

use crate::decision::{Edition, Misfit, Order, Revision};
use crate::responder::object::Survey;

/// The revision that an undo leads to; else what speaks against it.
///
/// Revisions are never told by their number alone: the platform gives the highest one to whatever an undo brought back, so
/// the one before the last may be the bad one again. And a restart makes a revision of the same images, which is nothing
/// to go back to.
pub fn choose<'a>(survey: &'a Survey, order: &Order, to: &Revision) -> Result<&'a Edition, Misfit> {
    let others = || survey.revisions.iter().filter(|edition| !edition.same_images(&survey.runs));
    let chosen = match to {
        Revision::LastKnownGood => {
            let good = |edition: &&Edition| {
                let vouched = order.vouched.iter().any(|version| edition.brings(version, &survey.runs));
                vouched && taken_back(edition, order).is_none()
            };
            let count = u64::try_from(others().count()).unwrap_or(u64::MAX);
            others().find(good).ok_or(Misfit::NoneKnownGood { others: count })?
        }
        Revision::Previous => others().next().ok_or(match survey.revisions.first() {
            Some(edition) => Misfit::SameImages { revision: edition.revision.clone() },
            None => Misfit::NoneBefore,
        })?,
        Revision::Exactly(wanted) => {
            let named = |edition: &&Edition| edition.revision == *wanted || edition.hash == *wanted;
            let gone = || Misfit::NoRevision { revision: wanted.clone() };
            let found = survey.revisions.iter().chain([&survey.runs]).find(named).ok_or_else(gone)?;
            if found.same_images(&survey.runs) {
                return Err(Misfit::SameImages { revision: found.revision.clone() });
            }
            found
        }
    };
    match taken_back(chosen, order) {
        Some(version) => {
            Err(Misfit::Quarantined { revision: chosen.revision.clone(), version: version.clone() })
        }
        None => Ok(chosen),
    }
}

/// The version that was taken back which a revision is of. One that it shares with what runs counts as well: better a person
/// is asked once too often.
pub fn taken_back<'a>(edition: &Edition, order: &'a Order) -> Option<&'a String> {
    order.quarantined.iter().find(|version| edition.is_of(version))
}

/// Whether the version that is judged gave way to another one already, as far as that can be told: many images say nothing of
/// versions.
pub fn runs_other(survey: &Survey, order: &Order) -> Option<Misfit> {
    let runs = &survey.runs;
    let judged = |edition: &Edition| {
        edition.is_of(&order.version) || order.commit.as_ref().is_some_and(|commit| edition.is_of(commit))
    };
    let other = !judged(runs) && survey.revisions.iter().any(judged);
    other.then(|| Misfit::RunsOther { version: order.version.clone(), images: runs.images.clone() })
}
