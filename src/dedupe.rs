//! Whether an article is new, changed or seen: fingerprints that noise does not move.

use sha2::{Digest, Sha256};

use crate::model::{Article, PageUrl};

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
    for image in article.images.iter().filter(|image| !is_advert(article, &image.url)) {
        part("image", &file(&image.url));
    }
    for attachment in &article.attachments {
        part("attachment", &file(&attachment.url));
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

/// Parameters of a file's address that change from answer to answer: against caches, and signatures.
const FLEETING: [&str; 20] = [
    "_",
    "t",
    "ts",
    "v",
    "ver",
    "version",
    "time",
    "timestamp",
    "r",
    "rand",
    "random",
    "rnd",
    "nocache",
    "cb",
    "expires",
    "signature",
    "ossaccesskeyid",
    "auth_key",
    "token",
    "sign",
];
/// Folders that adverts lie in.
const ADVERTS: [&str; 9] =
    ["ad", "ads", "adv", "advert", "adverts", "adimg", "banner", "banners", "guanggao"];

/// What names a file of an article: path and parameters. The host of a picture server or a port moves without
/// news, and so does what is fleeting.
fn file(url: &PageUrl) -> String {
    let url = url.without_tracking();
    let is_kept = |pair: &&str| {
        let name = pair.split('=').next().unwrap_or_default().to_ascii_lowercase();
        !FLEETING.contains(&name.as_str()) && !name.starts_with("x-amz-") && !name.is_empty()
    };
    let kept: Vec<&str> = url.as_url().query().unwrap_or_default().split('&').filter(is_kept).collect();
    format!("{}?{}", url.as_url().path(), kept.join("&"))
}

/// Whether a picture of the body is an advert: it lies in a folder of such, or links to another site.
fn is_advert(article: &Article, image: &PageUrl) -> bool {
    if image.as_url().path_segments().is_some_and(|mut parts| {
        parts.any(|part| ADVERTS.iter().any(|advert| part.eq_ignore_ascii_case(advert)))
    }) {
        return true;
    }
    let shown = image.as_str().replace('&', "&amp;");
    let Some(before) = article.html.find(&format!("\"{shown}\"")).and_then(|at| article.html.get(..at))
    else {
        return false;
    };
    let Some(link) = before.rfind("<a ").filter(|link| before.rfind("</a>").is_none_or(|end| end < *link))
    else {
        return false;
    };
    let href = before
        .get(link..)
        .and_then(|tag| tag.split_once("href=\""))
        .and_then(|(_, rest)| rest.split('"').next());
    href.and_then(|href| PageUrl::parse(&href.replace("&amp;", "&")).ok())
        .is_some_and(|href| !href.same_site(&article.url) && !href.same_site(image))
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
    use crate::model::{Evidence, Image, Precision, Stamp};

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
    fn pictures_that_are_not_the_articles_own_are_no_news() {
        let shown = |images: &[&str], html: &str| {
            let mut article = article("Library hours", LONG, 1);
            let image = |image: &&str| Image { url: PageUrl::parse(image).unwrap(), alt: String::new() };
            article.images = images.iter().map(image).collect();
            html.clone_into(&mut article.html);
            fingerprint(&article)
        };
        let plain = shown(&["http://town.example/up/a.jpg"], "");
        for same in [
            "https://img.town.example:8080/up/a.jpg",
            "http://town.example/up/a.jpg?t=163&OSSAccessKeyId=x&Signature=y",
        ] {
            assert_eq!(shown(&[same], ""), plain, "{same}");
        }
        assert_ne!(shown(&["http://town.example/up/b.jpg"], ""), plain);
        assert_ne!(shown(&["http://town.example/up/a.jpg", "http://town.example/up/b.jpg"], ""), plain);
        assert_eq!(shown(&["http://town.example/up/a.jpg", "http://town.example/ads/b.jpg"], ""), plain);
        let linked = |to: &str| {
            format!("<p>x</p><a href=\"{to}\"><img src=\"http://town.example/b?i=1&amp;k=2\"></a>")
        };
        let two = ["http://town.example/up/a.jpg", "http://town.example/b?i=1&k=2"];
        assert_eq!(shown(&two, &linked("https://shop.example/?from=1")), plain);
        assert_ne!(shown(&two, &linked("http://town.example/big/b.jpg")), plain);
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
