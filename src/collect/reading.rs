//! The bytes of an answer to text and to a listing, and what a trial tells of that.

use chrono::{DateTime, Utc};

use crate::decode::{self, Hints, Why};
use crate::discover::{self, Learnt, Listing};
use crate::fetch::Reply;
use crate::model::{CharsetRule, Class, Fault, Kind, Note, PageUrl, Portal};

/// A document of a list as a trial tells of it.
#[derive(Debug)]
pub(super) struct Reading {
    /// The address that answered.
    pub(super) url: PageUrl,
    pub(super) listing: Listing,
    /// Its charset, and why that one.
    pub(super) charset: String,
}

impl Reading {
    pub(super) fn of(url: &PageUrl, listing: &Listing, text: &decode::Text) -> Self {
        Self { url: url.clone(), listing: listing.clone(), charset: charset_line(text) }
    }
}

/// Bytes to a listing; the second value is the text's charset and how well it fitted.
pub(super) fn parse(
    portal: &Portal,
    reply: &Reply,
    (now, kind): (DateTime<Utc>, Kind),
    (ways, from): (&[String], Option<&PageUrl>),
    learnt: Option<Learnt<'_>>,
) -> (Listing, decode::Text) {
    let mut text = decode_reply(portal, reply);
    let context = discover::Context {
        recipe: &portal.recipe,
        now,
        zone: portal.zone,
        charset: Some(text.charset),
        learnt,
    };
    let document = discover::Document {
        text: &text.text,
        url: &reply.url,
        content_type: reply.content_type.as_deref(),
        kind,
        ways,
        from,
    };
    let mut listing = discover::read(&document, &context);
    // what the headers say comes first (W3C WebSub section 4)
    if reply.hub.is_some() {
        listing.traits.hub.clone_from(&reply.hub);
    }
    text.text = String::new();
    (listing, text)
}

/// Decodes an answer by the portal's rule and the page's own signs.
pub(super) fn decode_reply(portal: &Portal, reply: &Reply) -> decode::Text {
    let fixed = match &portal.recipe.charset {
        CharsetRule::Auto => None,
        CharsetRule::Fixed(label) => Some(label.as_str()),
    };
    decode::decode(&reply.body, Hints { fixed, content_type: reply.content_type.as_deref() })
}

/// Told when characters were lost.
pub(super) fn decode_note(url: &PageUrl, text: &decode::Text) -> Option<Note> {
    (text.errors > 0).then(|| Fault {
        class: Class::Decode,
        detail: format!("{} characters do not decode as {}", text.errors, text.charset),
        url: Some(url.clone()),
    })
}

fn charset_line(text: &decode::Text) -> String {
    let why = match text.why {
        Why::Fixed => "as configured",
        Why::Bom => "byte order mark",
        Why::ValidUtf8 => "valid UTF-8",
        Why::Header => "Content-Type header",
        Why::Meta => "meta element",
        Why::Statistics => "statistics",
        Why::Ascii => "only ASCII",
    };
    format!("{} ({why})", text.charset)
}
