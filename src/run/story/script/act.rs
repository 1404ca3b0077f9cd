//! What can happen at a moment: `change {..}`, `alert ..`, `receiver ..`, `switch ..`, `approve WHO`, `decline WHO`,
//! `source ..`, `crash ..`, `down ..`, `clock ..`, `reload ..`, `git asks ..`, and what is done to an object by its name.

use crate::run::story::script::line::{Line, unknown};
use crate::run::story::script::{Act, Alert, Misread, Receiver, Step, Swap};
use crate::run::story::script::{object, series};
use crate::signal::{Deaf, Provenance};
use crate::unit::Span;

const ACTS: [&str; 13] = [
    "change",
    "alert",
    "receiver",
    "switch",
    "approve",
    "decline",
    "source",
    "crash",
    "down",
    "clock",
    "reload",
    "git",
    "deployment/NAMESPACE/NAME",
];

/// How whoever told of a change is known, by the word for it.
const PROVENANCES: [(&str, Provenance); 2] =
    [("unattested", Provenance::Unauthenticated), ("inferred", Provenance::Inferred)];

const STEPS: [(&str, Step); 4] =
    [("journal", Step::Journal), ("send", Step::Send), ("answer", Step::Answer), ("close", Step::Close)];

const CHANGE: &str = "at T change {\"service\": .., \"version\": ..}";

/// What happens, from its first word on.
pub(super) fn act(mut line: Line<'_>) -> Result<Act, Misread> {
    match line.word(
        "at T change|alert|receiver|switch|approve|decline|source|crash|down|clock|reload|git|OBJECT ..",
    )? {
        "change" => change(line),
        "alert" => alert(line).map(Act::Alert),
        "receiver" => Ok(Act::Receiver(receiver(line)?)),
        "switch" => switch(line),
        "approve" => say(line, true),
        "decline" => say(line, false),
        "source" => source(line),
        "crash" => crash(line),
        "down" => {
            let span = line.span("at T down 5m")?;
            line.end().map(|()| Act::Crash(span))
        }
        "clock" => {
            let by = line.moment("at T clock +1h")?;
            line.end().map(|()| Act::Clock(by.0))
        }
        "reload" => reload(line),
        "git" => object::asked(line),
        object if object.contains('/') => object::touched(object, line),
        other => Err(unknown(other, &ACTS)),
    }
}

fn change(mut line: Line<'_>) -> Result<Act, Misread> {
    let told = PROVENANCES.iter().find(|(word, _)| line.skip(word)).map(|(_, provenance)| *provenance);
    let body = line.rest();
    if body.is_empty() {
        return Err(Misread::Missing(CHANGE));
    }
    if !body.starts_with('{') {
        return Err(unknown(line.word(CHANGE)?, &["unattested", "inferred", "{"]));
    }
    Ok(Act::Change(body.to_owned(), told.unwrap_or(Provenance::Authenticated)))
}

/// An alert: `alert HighErrors{service="shop"} firing since 5m`.
fn alert(mut line: Line<'_>) -> Result<Alert, Misread> {
    const FORM: &str = "at T alert NAME{LABEL=\"VALUE\"} firing|resolved";
    let known = !line.skip("unattested");
    let provenance = if known { Provenance::Authenticated } else { Provenance::Unauthenticated };
    let (series, rest) = line.rest().split_at(series::end(line.rest()));
    if series.is_empty() {
        return Err(Misread::Missing(FORM));
    }
    let labels = series::labels(series).ok_or_else(|| Misread::Series(series.to_owned()))?;
    let mut line = Line::of(rest);
    let fires = match line.word(FORM)? {
        "firing" => true,
        "resolved" => false,
        other => return Err(unknown(other, &["firing", "resolved"])),
    };
    let since = if line.skip("since") { Some(line.moment("at T alert .. firing since T")?) } else { None };
    line.end().map(|()| Alert { labels, fires, since, provenance })
}

fn receiver(mut line: Line<'_>) -> Result<Receiver, Misread> {
    let receiver = match line.word("at T receiver takes|drops|loses|is down|answers STATUS")? {
        "takes" => Receiver::Takes,
        "drops" => Receiver::Drops,
        "loses" => Receiver::Loses,
        "is" => match line.word("at T receiver is down")? {
            "down" => Receiver::Down,
            other => return Err(unknown(other, &["down"])),
        },
        "answers" => {
            let word = line.word("at T receiver answers 503")?;
            let status = word.parse().ok().filter(|status| (100..600).contains(status));
            let status = status.ok_or_else(|| Misread::Status(word.to_owned()))?;
            Receiver::Answers { status, retry_after: retry_after(&mut line)? }
        }
        other => return Err(unknown(other, &["takes", "drops", "loses", "is down", "answers"])),
    };
    line.end().map(|()| receiver)
}

fn retry_after(line: &mut Line<'_>) -> Result<Option<Span>, Misread> {
    const FORM: &str = "at T receiver answers 429 retry after 90s";
    if !line.skip("retry") {
        return Ok(None);
    }
    match line.word(FORM)? {
        "after" => line.span(FORM).map(Some),
        other => Err(unknown(other, &["after"])),
    }
}

fn switch(mut line: Line<'_>) -> Result<Act, Misread> {
    const FORM: &str = "at T switch off: WHY";
    const ONE: &str = "at T switch off SERVICE: WHY";
    let service = match line.word("at T switch on|off: WHY|on SERVICE|off SERVICE: WHY")? {
        "on" if line.rest().is_empty() => return Ok(Act::Switch { service: None, off: None }),
        "on" => {
            let service = Some(line.word(FORM)?.to_owned());
            return line.end().map(|()| Act::Switch { service, off: None });
        }
        "off:" => None,
        "off" => {
            let service = line.word(FORM)?.strip_suffix(':').ok_or(Misread::Missing(ONE))?;
            Some(service.to_owned())
        }
        other => return Err(unknown(other, &["on", "off:"])),
    };
    match line.rest() {
        "" => Err(Misread::Missing(FORM)),
        why => Ok(Act::Switch { service, off: Some(why.to_owned()) }),
    }
}

fn say(mut line: Line<'_>, agrees: bool) -> Result<Act, Misread> {
    let word = line.word(if agrees { "at T approve WHO" } else { "at T decline WHO" })?;
    let by = word.parse().map_err(|_| Misread::Nobody(word.to_owned()))?;
    line.end().map(|()| Act::Say { by, agrees })
}

fn source(mut line: Line<'_>) -> Result<Act, Misread> {
    const FORM: &str = "at T source cut|is REASON for 5m";
    let deaf = match line.word(FORM)? {
        "cut" => None,
        "is" => {
            let word = line.word(FORM)?;
            let deaf = Deaf::ALL.into_iter().find(|deaf| deaf.word() == word);
            Some(deaf.ok_or_else(|| unknown(word, &Deaf::ALL.map(Deaf::word)))?)
        }
        other => return Err(unknown(other, &["cut", "is"])),
    };
    match line.word(FORM)? {
        "for" => {}
        other => return Err(unknown(other, &["for"])),
    }
    let span = line.span(FORM)?;
    line.end().map(|()| deaf.map_or(Act::SourceCut(span), |deaf| Act::SourceDeaf(deaf, span)))
}

/// Files that are others from now on: `reload rules.yaml as lax.yaml, more.yaml gone`.
fn reload(mut line: Line<'_>) -> Result<Act, Misread> {
    const FORM: &str = "at T reload FILE as PART, FILE gone";
    let mut swaps = Vec::new();
    loop {
        let file = line.word(FORM)?.to_owned();
        let (by, last) = match line.word(FORM)? {
            "as" => {
                let by = line.word(FORM)?;
                let bare = by.strip_suffix(',');
                (Some(bare.unwrap_or(by).to_owned()), bare.is_none())
            }
            "gone," => (None, false),
            "gone" => (None, true),
            other => return Err(unknown(other, &["as", "gone"])),
        };
        swaps.push(Swap { file, by });
        if last {
            return line.end().map(|()| Act::Reload(swaps));
        }
    }
}

fn crash(mut line: Line<'_>) -> Result<Act, Misread> {
    const FORM: &str = "at T crash before journal|send|answer|close";
    if line.rest().is_empty() {
        return Ok(Act::Crash(Span::ZERO));
    }
    match line.word(FORM)? {
        "before" => {}
        other => return Err(unknown(other, &["before"])),
    }
    let word = line.word(FORM)?;
    let step = STEPS.iter().find(|(name, _)| *name == word).map(|(_, step)| *step);
    let step = step.ok_or_else(|| unknown(word, &STEPS.map(|(name, _)| name)))?;
    line.end().map(|()| Act::CrashAt(step))
}
