//! What was read from a page so far: gaps allowed, every choice with its evidence.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::article::{Attachment, Image};
use super::evidence::Evidence;
use super::time::Stamp;
use super::url::PageUrl;

/// One entry of a list: a link and what the list says of the article behind it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// Where the article is.
    pub url: PageUrl,
    /// Its title in the list, the full one where a `title=` attribute has it; may still be cut (`…`).
    pub title: String,
    /// Its date in the list.
    pub published: Option<Stamp>,
    /// Its teaser in the list.
    pub summary: Option<String>,
    /// What a feed, an API or a page's state says of it beside that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given: Option<Box<Given>>,
}

impl Candidate {
    /// Whether its title ends in dots, or is missing: the list has no room for more.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        let title = self.title.trim_end();
        title.is_empty() || title.ends_with(['…', '⋯']) || title.ends_with("...") || title.ends_with("。。。")
    }

    /// Whether all of the article is at hand: then its page need not be asked for.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.given.as_ref().is_some_and(|given| given.is_whole)
    }
}

impl Given {
    /// Says whether all of the article is at hand, now and when the list is remembered.
    pub fn set_whole(&mut self, is_whole: bool) {
        (self.is_whole, self.was_whole) = (is_whole, is_whole);
    }
}

/// What a feed, an API or a page's state says of an article: kept as long as the visit lasts, but for what names it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    /// The portal's own name for it (`guid`, `atom:id`): the same each time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// When it was last touched, as a sitemap says: kept, to see what was changed. No day of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub touched: Option<DateTime<Utc>>,
    /// Whether the list had all of it when it was read: kept, so that its page is not asked for what the list said.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub was_whole: bool,
    /// Its body as markup, links as written. Empty when there is none.
    #[serde(skip)]
    pub html: String,
    /// Whether the body is all of it: then its page need not be asked for.
    #[serde(skip)]
    pub is_whole: bool,
    /// Who wrote it.
    #[serde(skip)]
    pub author: Option<String>,
    /// Where it came from.
    #[serde(skip)]
    pub source: Option<String>,
    /// From the wide to the narrow.
    #[serde(skip)]
    pub categories: Vec<String>,
    /// When it was changed.
    #[serde(skip)]
    pub modified: Option<Stamp>,
    /// BCP 47 tag of its language.
    #[serde(skip)]
    pub lang: Option<String>,
    /// What relative references in its body are resolved against, where that is not its own address.
    #[serde(skip)]
    pub base: Option<PageUrl>,
    /// Its pictures beside the body.
    #[serde(skip)]
    pub images: Vec<Image>,
    /// Its documents, sounds and films.
    #[serde(skip)]
    pub attachments: Vec<Attachment>,
}

/// A link as a page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Linked {
    /// Where it leads.
    pub url: PageUrl,
    /// Its text, folded.
    pub text: String,
}

impl Draft {
    /// Bytes of its markup, further pages included.
    #[must_use]
    pub fn length(&self) -> usize {
        self.body_html.len() + self.further.iter().map(|part| part.html.len()).sum::<usize>()
    }
}

/// Bytes of an article's markup that are taken over: ten books' worth, and more than any feed carries.
pub const MOST_BODY: usize = 2 << 20;

/// Why a page is no article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RejectClass {
    /// No body was found.
    NoBody,
    /// No title was found.
    NoTitle,
    /// A page that says the article is gone, answered with status 200.
    SoftNotFound,
    /// A page that stands before the site: a check for persons, a maintenance notice.
    Wall,
    /// A list of articles, not one.
    List,
}

/// A page that is no article, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reject {
    /// Which kind.
    pub class: RejectClass,
    /// One sentence for a person.
    pub detail: String,
}

/// The body of a further page of an article.
#[derive(Debug, Clone, PartialEq)]
pub struct BodyPart {
    /// Its markup, without what the pages before it said already, links as written.
    pub html: String,
    /// What its relative references are resolved against.
    pub base: PageUrl,
}

/// An article page as read, before it is cleaned.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// The address the page was read from, after redirects.
    pub url: PageUrl,
    /// What its relative references are resolved against (`<base href>`, else `url`).
    pub base: PageUrl,
    /// `link rel=canonical`, as written, made absolute.
    pub canonical_url: Option<PageUrl>,
    /// The headline without the site's name.
    pub title: Option<String>,
    /// When it was published.
    pub published: Option<Stamp>,
    /// When it was changed.
    pub modified: Option<Stamp>,
    /// Who wrote it.
    pub author: Option<String>,
    /// Where it came from (来源).
    pub source: Option<String>,
    /// From the breadcrumb, home page dropped.
    pub categories: Vec<String>,
    /// The markup of the article's own block, chrome taken out, links as written; cut at about [`MOST_BODY`].
    pub body_html: String,
    /// What the page says of its language, as `<html lang>`; not checked.
    pub lang: Option<String>,
    /// What the further pages of the article say, in their order.
    pub further: Vec<BodyPart>,
    /// Pictures named outside the body (og:image) that belong to the article.
    pub lead_images: Vec<Image>,
    /// Links outside the body that lead to the article's documents, if they are ones.
    pub documents: Vec<Linked>,
    /// Documents, sounds and films that a feed or an API names.
    pub attachments: Vec<Attachment>,
    /// How each field was read.
    pub evidence: Evidence,
    /// Set when the page is no article.
    pub reject: Option<Reject>,
}
