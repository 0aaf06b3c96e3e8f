//! How deep a document is nested, before a parser is trusted with it that keeps count in sixteen bits.

use quick_xml::Reader;
use quick_xml::events::Event;

/// No feed nests so deep, markup inside an entry included.
const MOST_DEPTH: usize = 512;

/// Why a document is too deep to be read; None when it is not. What is no XML ends the look, as it ends reading.
pub(super) fn too_deep(text: &str) -> Option<String> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = false;
    reader.config_mut().allow_unmatched_ends = true;
    let mut depth = 0_usize;
    loop {
        match reader.read_event() {
            Ok(Event::Start(_)) => depth += 1,
            Ok(Event::End(_)) => depth = depth.saturating_sub(1),
            Ok(Event::Eof) | Err(_) => return None,
            Ok(_) => {}
        }
        if depth > MOST_DEPTH {
            return Some(format!("its elements are nested over {MOST_DEPTH} deep"));
        }
    }
}
