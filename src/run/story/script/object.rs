//! What others do to objects: `deployment/shop/shop runs IMAGE`, `git asks deployment/shop/shop for IMAGE at REVISION`.

use std::collections::BTreeSet;

use crate::run::story::script::line::{Line, unknown};
use crate::run::story::script::{Act, Hand, Misread, Scene, ScriptError};
use crate::signal::{FluxApp, FluxKind, GitOps, GitOpsKind, Object, ObjectKind};

const FORM: &str =
    "at T OBJECT runs IMAGE|is restarted|is paused|is resumed|is undone|is gone|is kept by KEEPER";

const ASKS: &str = "at T git asks OBJECT for IMAGE at REVISION";

/// What is done to an object, from behind its name on.
pub(super) fn touched(name: &str, mut line: Line<'_>) -> Result<Act, Misread> {
    let object = object(name)?;
    let hand = match line.word(FORM)? {
        "runs" => runs(&mut line)?,
        "is" => is(&object, &mut line)?,
        other => return Err(unknown(other, &["runs", "is"])),
    };
    line.end().map(|()| Act::Object(object, hand))
}

/// What git asks for.
pub(super) fn asked(mut line: Line<'_>) -> Result<Act, Misread> {
    let behind = |line: &mut Line<'_>, word: &'static str| match line.word(ASKS)? {
        found if found == word => Ok(line.word(ASKS)?.to_owned()),
        other => Err(unknown(other, &[word])),
    };
    let object = object(&behind(&mut line, "asks")?)?;
    let image = behind(&mut line, "for")?;
    let revision = behind(&mut line, "at")?;
    line.end().map(|()| Act::Object(object, Hand::Ask { image, revision }))
}

/// An object of a kind that stories play.
fn object(name: &str) -> Result<Object, Misread> {
    let object: Object = name.parse()?;
    if is_played(object.kind) { Ok(object) } else { Err(Misread::Unplayed(name.to_owned())) }
}

/// Whether stories play objects of this kind.
pub(in crate::run::story) const fn is_played(kind: ObjectKind) -> bool {
    match kind {
        ObjectKind::Deployment | ObjectKind::StatefulSet | ObjectKind::DaemonSet => true,
        ObjectKind::Rollout | ObjectKind::ArgoCd | ObjectKind::Helm => false,
    }
}

fn runs(line: &mut Line<'_>) -> Result<Hand, Misread> {
    let image = line.word(FORM)?.to_owned();
    let labelled = line.skip("as");
    let version =
        if labelled { Some(line.word("at T OBJECT runs IMAGE as VERSION")?.to_owned()) } else { None };
    Ok(Hand::Run { image, version })
}

fn is(object: &Object, line: &mut Line<'_>) -> Result<Hand, Misread> {
    let held = |hand| match object.kind {
        ObjectKind::Deployment => Ok(hand),
        ObjectKind::StatefulSet
        | ObjectKind::DaemonSet
        | ObjectKind::Rollout
        | ObjectKind::ArgoCd
        | ObjectKind::Helm => Err(Misread::Unheld(object.to_string())),
    };
    match line.word(FORM)? {
        "restarted" => Ok(Hand::Restart),
        "paused" => held(Hand::Pause),
        "resumed" => held(Hand::Resume),
        "undone" => Ok(Hand::Undo),
        "gone" => Ok(Hand::Remove),
        "kept" if line.skip("by") => keeper(line.word(FORM)?).map(Hand::KeptBy),
        "kept" => Err(Misread::Missing(FORM)),
        other => Err(unknown(other, &["restarted", "paused", "resumed", "undone", "gone", "kept by"])),
    }
}

/// What keeps objects as git says.
fn keeper(text: &str) -> Result<GitOps, Misread> {
    let is_kustomization =
        || FluxApp::parse(text).is_some_and(|app| matches!(app.kind, FluxKind::Kustomization));
    match text.strip_prefix("argocd/") {
        Some(app) if !app.is_empty() => Ok(GitOps { kind: GitOpsKind::ArgoCd, app: app.to_owned() }),
        None if is_kustomization() => Ok(GitOps { kind: GitOpsKind::Flux, app: text.to_owned() }),
        _ => Err(Misread::Keeper(text.to_owned())),
    }
}

/// Holds that an object is there when something is done to it, and that what git asks for is seen to.
pub(super) fn in_order(scenes: &[Scene]) -> Result<(), ScriptError> {
    let (mut there, mut kept) = (BTreeSet::new(), BTreeSet::new());
    for scene in scenes {
        let Act::Object(object, hand) = &scene.what else { continue };
        let name = object.to_string();
        let wrong = match hand {
            Hand::Run { .. } => {
                there.insert(name);
                None
            }
            Hand::KeptBy(_) => (!kept.insert(name.clone())).then_some(Misread::KeptTwice(name)),
            Hand::Ask { .. } if kept.contains(&name) => {
                there.insert(name);
                None
            }
            Hand::Ask { .. } => Some(Misread::Unkept(name)),
            Hand::Remove => (!there.remove(&name)).then_some(Misread::NotThere(name)),
            Hand::Restart | Hand::Pause | Hand::Resume | Hand::Undo => {
                (!there.contains(&name)).then_some(Misread::NotThere(name))
            }
        };
        if let Some(why) = wrong {
            return Err(why.at(scene.line));
        }
    }
    Ok(())
}
