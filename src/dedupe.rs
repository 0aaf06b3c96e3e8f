//! Whether an article is new, changed or seen: fingerprints that noise does not move.

use sha2::{Digest, Sha256};

use crate::model::Article;

/// A body of fewer characters tells one article from another too badly.
const STORY_LEAST: usize = 40;

/// A fingerprint of what a reader would call the content: title, body text, published, author, source,
/// images and attachments.
///
/// White space does not move it, and so does nothing that is not the article's own:
/// counters, side columns and footers never reach it.
#[must_use]
pub fn fingerprint(article: &Article) -> String {
    let mut hash = Sha256::new();
    let mut part = |name: &str, text: &str| {
        // lengths keep neighbouring fields apart
        hash.update(format!("{name}:{}:", text.len()));
        hash.update(text);
    };
    part("title", &squeezed(&article.title));
    part("text", &squeezed(&article.text));
    part(
        "published",
        &article.published.map(|stamp| stamp.utc().timestamp().to_string()).unwrap_or_default(),
    );
    part("author", &squeezed(article.author.as_deref().unwrap_or_default()));
    part("source", &squeezed(article.source.as_deref().unwrap_or_default()));
    // the path alone: the host of a picture server or a port moves without news
    for image in &article.images {
        part("image", image.url.path_and_query());
    }
    for attachment in &article.attachments {
        part("attachment", attachment.url.path_and_query());
    }
    hex(&hash.finalize())
}

/// A key from title, day and body, for an article that comes back under another address. None for one that
/// names no day or is too short to be told from others.
#[must_use]
pub fn story_key(article: &Article) -> Option<String> {
    let text = squeezed(&article.text);
    if text.chars().count() < STORY_LEAST {
        return None;
    }
    let day = article.published?.at.date_naive();
    Some(hex(&Sha256::digest(format!("{}\n{day}\n{text}", squeezed(&article.title)))))
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// The first 128 bits in hexadecimal: more than enough to tell the articles of all portals apart.
fn hex(hash: &[u8]) -> String {
    hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::model::{Evidence, PageUrl, Precision, Stamp};

    fn article(title: &str, text: &str, day: u32) -> Article {
        let at = DateTime::parse_from_rfc3339(&format!("2026-03-{day:02}T09:00:00+08:00")).unwrap();
        Article {
            url: PageUrl::parse("http://town.example/1").unwrap(),
            canonical_url: None,
            title: title.to_owned(),
            published: Some(Stamp { at, precision: Precision::Second }),
            modified: None,
            author: None,
            source: None,
            categories: Vec::new(),
            html: String::new(),
            text: text.to_owned(),
            summary: String::new(),
            lang: None,
            images: Vec::new(),
            attachments: Vec::new(),
            evidence: Evidence::new(),
        }
    }

    const LONG: &str =
        "The library opens an hour later on weekdays from next week on, and closes an hour later too.";

    #[test]
    fn white_space_is_no_news_and_a_word_is() {
        let one = article("Library hours", LONG, 1);
        let mut other = article("Library  hours", &LONG.replace(' ', "  "), 1);
        assert_eq!(fingerprint(&one), fingerprint(&other));
        other.text.push_str(" Really.");
        assert_ne!(fingerprint(&one), fingerprint(&other));
    }

    #[test]
    fn thirty_weekly_notices_stay_thirty() {
        let notices: std::collections::BTreeSet<_> = (1..=30)
            .map(|n| story_key(&article("Weekly notice", &format!("{LONG} Edition {n}."), 1)).unwrap())
            .chain((2..=30).map(|day| story_key(&article("Weekly notice", LONG, day)).unwrap()))
            .collect();
        assert_eq!(notices.len(), 59);
    }

    #[test]
    fn a_short_or_dateless_text_is_no_story() {
        assert_eq!(story_key(&article("Closed", "Closed today.", 1)), None);
        let mut dateless = article("Library hours", LONG, 1);
        dateless.published = None;
        assert_eq!(story_key(&dateless), None);
    }
}
