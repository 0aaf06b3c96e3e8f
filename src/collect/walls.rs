//! What stands before a site, in answers that are refused for their status and in those that only a browser was let past.

use bytes::Bytes;

use crate::decode::{self, Hints};
use crate::fetch::FetchError;
use crate::model::{Class, PageUrl};
use crate::page::Page;
use crate::wall;

/// What stands behind an answer that was refused: a wall is told as one, whatever its status. Runs a parse.
pub(super) fn behind(mut error: FetchError) -> FetchError {
    let Some(status) = error.status.filter(|_| !error.page.is_empty()) else { return error };
    let body = std::mem::take(&mut error.page);
    let Some(url) = error.fault.url.clone() else { return error };
    let page = parsed(&body, url);
    let why = match error.fault.class {
        Class::Http => wall::of_error(&page),
        // who rests and says for how long is believed, unless what stands there is a check; the rest is held to all the same
        Class::RateLimited if status == 503 && wall::is_gate(&page) => wall::of_error(&page),
        _ => None,
    };
    if let Some(why) = why {
        error.fault.class = Class::Challenge;
        error.fault.detail = format!("{status} with a page that is a wall: {why}");
    }
    error
}

/// What a browser was answered first, before the page's own script had it asked for again: a wall is not got around, also
/// where a browser would be let past. Runs a parse.
pub(super) fn before(body: &Bytes, url: &PageUrl) -> Option<FetchError> {
    let why = wall::of_error(&parsed(body, url.clone()))?;
    let detail = format!("a wall stands before the page, which its script would take a browser past: {why}");
    Some(FetchError::new(Class::Challenge, url, detail))
}

fn parsed(body: &[u8], url: PageUrl) -> Page {
    Page::parse(&decode::decode(body, Hints { fixed: None, content_type: None }).text, url)
}
