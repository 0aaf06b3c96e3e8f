//! A feed written out: RSS 2.0, Atom 1.0, JSON Feed 1.1, and OPML.

mod atom;
mod format;
mod json;
mod keys;
mod opml;
mod opml_reader;
mod parts;
mod rss;
mod xml;

#[cfg(test)]
mod tests;

pub use format::Format;
pub use keys::{RECIPE_KEYS, TomlKey, portal_keys, recipe_keys, toml_of_bare, toml_text, toml_texts};
pub use opml::{Outline, opml};
pub use opml_reader::{OpmlError, Subscriptions, read_opml};
pub use parts::{FEED_BYTES, FRAME_BYTES, weight};
pub use xml::{escape_html, xml_text};

use crate::model::Feed;

/// Writes a feed. The same feed gives the same bytes; ids, links, titles and instants are the same in every
/// format.
///
/// Strings pass [`xml_text`]; articles that would make the document larger than 1 MiB are left out, the
/// oldest first.
#[must_use]
pub fn feed(feed: &Feed, format: Format) -> Vec<u8> {
    match format {
        Format::Rss => rss::write(feed),
        Format::Atom => atom::write(feed),
        Format::Json => json::write(feed),
    }
}
