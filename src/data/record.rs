//! An article as a program writes it, and the signs by which what stands in it is known.

use std::collections::HashMap;

use super::pattern::Pattern;

/// An article as a program writes it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Record {
    /// Its headline; may hold markup and references.
    pub title: String,
    /// Where it leads, as written.
    pub link: Option<String>,
    /// The system's own name for it.
    pub id: Option<String>,
    /// All names and numbers that the system has for it, with what it calls them.
    pub ids: Vec<(String, String)>,
    /// When it was published, as written.
    pub date: Option<String>,
    /// When it was changed, as written.
    pub modified: Option<String>,
    /// Its teaser.
    pub summary: Option<String>,
    /// Its body: markup, or lines.
    pub body: Option<String>,
    /// Who wrote it.
    pub author: Option<String>,
    /// Where it came from.
    pub source: Option<String>,
    /// Where it stands.
    pub categories: Vec<String>,
    /// Its picture, as written.
    pub image: Option<String>,
}

/// How what stands in a record is told from other things.
pub struct Signs<'a> {
    /// Whether a text leads to a page.
    pub is_link: &'a dyn Fn(&str) -> bool,
    /// Whether a text is a time.
    pub is_date: &'a dyn Fn(&str) -> bool,
    /// How the page makes addresses of the names of its articles, where it shows that.
    pub made: &'a [Pattern],
    /// The links that the page shows, by what they say.
    pub shown: &'a HashMap<String, String>,
}

impl std::fmt::Debug for Signs<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Signs").field("made", &self.made).finish_non_exhaustive()
    }
}

/// Ends of addresses that are no pages.
const FILES: [&str; 12] =
    [".jpg", ".jpeg", ".png", ".gif", ".webp", ".bmp", ".svg", ".mp4", ".m3u8", ".mp3", ".json", ".js"];

pub(super) fn is_file(told: &str) -> bool {
    let path = told.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    FILES.iter().any(|end| path.ends_with(end))
}

/// Whether a text may be a reference: it has the marks of one and no blanks.
pub(super) fn looks_like_link(told: &str) -> bool {
    let has_mark = told.contains('/')
        || told.starts_with('?')
        || [".htm", ".shtml", ".asp", ".php", ".jsp"].iter().any(|end| told.contains(end));
    has_mark && told.len() < 2000 && !told.contains(char::is_whitespace) && !told.contains('<')
}
