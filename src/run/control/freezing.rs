//! Freezes, as they are announced and lifted over the port.

use crate::decision::{Announced, MOST_FREEZES};
use crate::engine::Event;
use crate::run::drive::{Drive, Stopped};
use crate::run::world::World;
use crate::surface::http::NotFrozen;
use crate::unit::{Name, UnixMillis};

/// A freeze is announced.
pub(super) fn announce<W: World>(
    drive: &mut Drive<W>,
    announced: Announced,
    now: UnixMillis,
) -> Result<Result<(), NotFrozen>, Stopped> {
    if let Some(why) = speaks_against(drive, &announced, now) {
        return Ok(Err(why));
    }
    let Announced { name, why, by, until, .. } = &announced;
    tracing::warn!(%name, why, by, %until, "a freeze is announced");
    drive.happen(Event::Frozen(announced), now)?;
    drive.flush()?;
    Ok(Ok(()))
}

fn speaks_against<W: World>(drive: &Drive<W>, announced: &Announced, now: UnixMillis) -> Option<NotFrozen> {
    let name = &announced.name;
    if in_file(drive, name) {
        return Some(NotFrozen::InFile(name.clone()));
    }
    let mut holding = drive.engine.past().announced().filter(|known| now < known.until);
    if let Some(known) = holding.find(|known| known.name == *name) {
        return Some(NotFrozen::Known { name: name.clone(), until: known.until });
    }
    let many = drive.engine.past().announced().filter(|known| now < known.until).count();
    if MOST_FREEZES <= many {
        return Some(NotFrozen::TooMany);
    }
    // A pattern that fits nothing that is known is a slip, and would hold nothing.
    let targets = &drive.engine.program().targets;
    let freeze = announced.freeze();
    for (key, patterns) in freeze.matches.iter() {
        let told = if key == "service" { &announced.services } else { &announced.environments };
        for (pattern, text) in patterns.iter().zip(told) {
            let fits =
                targets.iter().any(|target| target.label(key).is_some_and(|value| pattern.fits(value)));
            if !fits {
                return Some(NotFrozen::FitsNothing { key: key.to_owned(), text: text.clone() });
            }
        }
    }
    None
}

/// A freeze that was announced is lifted.
pub(super) fn lift<W: World>(
    drive: &mut Drive<W>,
    name: &Name,
    by: String,
    now: UnixMillis,
) -> Result<Result<(), NotFrozen>, Stopped> {
    let known = drive.engine.past().announced().find(|known| known.name == *name && now < known.until);
    let Some(known) = known.cloned() else {
        let held = in_file(drive, name);
        let (file, unknown) = (NotFrozen::InFile(name.clone()), NotFrozen::Unknown(name.clone()));
        return Ok(Err(if held { file } else { unknown }));
    };
    tracing::warn!(%name, by, "a freeze is lifted");
    drive.happen(Event::Frozen(Announced { by, until: now, ..known }), now)?;
    drive.flush()?;
    Ok(Ok(()))
}

fn in_file<W: World>(drive: &Drive<W>, name: &Name) -> bool {
    drive.engine.program().freezes.iter().any(|freeze| freeze.name == *name)
}
