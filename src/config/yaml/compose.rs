//! The parser, driven over a text until all of its documents are trees.

use serde_yaml::granit_parser::{Event, Marker, Parser, StrInput, options};

use crate::config::yaml::mend::Mended;
use crate::config::yaml::node::Document;
use crate::config::yaml::syntax;
use crate::config::yaml::tree::{Composer, Flow};
use crate::lint::Finding;
use crate::unit::{Extent, FileId};

/// How many changes a text may need before it is simply broken.
const MAX_MENDS: usize = 64;

/// Reads all documents of a text; a broken one is a finding, and those after it are still read.
pub fn compose(file: FileId, text: &str, findings: &mut Vec<Finding>) -> Vec<Document> {
    if let Some(finding) = syntax::refused_character(file, text) {
        findings.push(finding);
        return Vec::new();
    }
    let before = findings.len();
    let mut mended = Mended::new(text);
    let mut mends = MAX_MENDS;
    loop {
        let mut reading = Reading { mended: &mut mended, mends };
        if let Some(documents) = reading.documents(&mut Composer::new(file, text, findings)) {
            return documents;
        }
        mends -= 1;
        findings.truncate(before);
    }
}

/// One way through the text.
struct Reading<'m> {
    mended: &'m mut Mended,
    mends: usize,
}

impl Reading<'_> {
    /// The documents; none where the text was changed and is to be read again.
    fn documents(&mut self, composer: &mut Composer<'_>) -> Option<Vec<Document>> {
        let options = options! {
            emit_unresolved_aliases: true,
            emit_anchor_events: true,
            max_buffered_comment_events: self.mended.text().len(),
        };
        let text = self.mended.text().to_owned();
        let mut parser = Parser::new_from_str_with_options(&text, options);
        let mut documents = Vec::new();
        loop {
            match parser.next_event() {
                None => break,
                Some(Ok((event, span))) => {
                    let byte = |marker: Marker| marker.byte_offset().unwrap_or(0);
                    if self.mends > 0
                        && matches!(event, Event::UnresolvedAlias(_) | Event::Anchor(..))
                        && self.mended.mend_name(byte(span.end))
                    {
                        return None;
                    }
                    let original = |marker| self.mended.original(byte(marker));
                    let extent = Extent::new(original(span.start), original(span.end));
                    let ends = matches!(event, Event::StreamEnd);
                    let flow = composer.take(event, extent);
                    if ends || flow == Flow::Abandon && !skip(&mut parser) {
                        break;
                    }
                    documents.extend(composer.finished.take());
                }
                Some(Err(error)) => {
                    let at = error.marker().byte_offset().unwrap_or(0);
                    if self.mends > 0 && self.mended.mend(error.kind(), at) {
                        return None;
                    }
                    composer.broken(error.kind(), self.mended.original(at));
                    if !skip(&mut parser) {
                        break;
                    }
                }
            }
        }
        Some(documents)
    }
}

/// Goes to the next document, if there is one that can be found.
fn skip<'t>(parser: &mut Parser<'t, StrInput<'t>>) -> bool {
    parser.proceed_next_document().unwrap_or(false)
}
