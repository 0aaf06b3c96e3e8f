//! What a page shows of logging in.

use crate::data;
use crate::decode::{self, Hints};
use crate::fetch::{FetchError, Reply};
use crate::model::PageUrl;
use crate::page::Page;

use super::round::Round;

/// A page with more links than this is the site itself, with a form for logging in at its edge.
const MOST_LINKS: usize = 15;

/// What a page shows of logging in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shows {
    Nothing,
    /// A form among other things.
    Form,
    /// A form and hardly anything else.
    FormAlone,
    /// Nothing of its own: it sends its readers to the form.
    WayThere,
}

/// A page that only sends on is no longer than this.
const MOST_SENDER: usize = 8 * 1024;

/// What an answer shows of logging in; `door` is where the form stands.
pub(super) async fn shows(
    round: &Round<'_>,
    reply: &Reply,
    door: Option<PageUrl>,
) -> Result<Shows, FetchError> {
    let has = |word: &[u8]| reply.body.windows(word.len()).any(|part| part.eq_ignore_ascii_case(word));
    let may_send = reply.body.len() <= MOST_SENDER && (has(b"location") || has(b"refresh"));
    if !may_send && !has(b"password") {
        return Ok(Shows::Nothing);
    }
    let (url, body) = (reply.url.clone(), reply.body.clone());
    let content_type = reply.content_type.clone();
    let look = move || {
        let (page, _) = parsed(&body, content_type.as_deref(), url);
        let links =
            page.body().descendants().filter(|node| node.name() == "a" && node.attr("href").is_some());
        match page.login_form() {
            None if door.is_some_and(|door| data::sent_on(&page).is_some_and(|to| is_at(&to, &door))) => {
                Shows::WayThere
            }
            None => Shows::Nothing,
            Some(_) if links.count() > MOST_LINKS => Shows::Form,
            Some(_) => Shows::FormAlone,
        }
    };
    round.parse(&reply.url, reply.body.len(), look).await
}

/// A page, and its charset.
pub(super) fn parsed(body: &[u8], content_type: Option<&str>, url: PageUrl) -> (Page, &'static str) {
    let text = decode::decode(body, Hints { fixed: None, content_type });
    (Page::parse(&text.text, url), text.charset)
}

/// Whether an address is the page for logging in, whatever it was told in its query.
pub(super) fn is_at(url: &PageUrl, door: &PageUrl) -> bool {
    url.same_site(door) && url.as_url().path() == door.as_url().path()
}
