//! What blocks are called: the parts of their ids and classes that tell an article from what stands beside it.
//!
//! Asked for every element of a page: each name is read once, part by part.

use std::sync::LazyLock;

use regex::Regex;

use crate::page::Node;
use crate::page::text::is_cjk;

/// A longer one is no caption.
const CAPTION_WIDTH: usize = 700;

/// What the names of a block say.
#[derive(Debug, Clone, Copy, Default)]
struct Marks(u8);

/// Never the article: comments, consent, dialogs.
const NEVER: u8 = 1 << 0;
/// Beside the article, and now and then what stands around it.
const CHROME: u8 = 1 << 1;
/// It tells of a picture.
const CAPTION: u8 = 1 << 2;
/// It holds the picture over the article.
const PICTURE: u8 = 1 << 3;
/// It opens the article.
const LEAD: u8 = 1 << 4;
/// It tells of the author or the site.
const ASIDE: u8 = 1 << 5;
/// It holds a headline.
const HEADLINE: u8 = 1 << 6;

impl Marks {
    fn of(node: Node<'_>) -> Self {
        if node.is_named() { Self(node.kept(|node| Self::read_of(node).0)) } else { Self::default() }
    }

    fn read_of(node: Node<'_>) -> Self {
        let mut marks = Self::default();
        for names in [node.id(), node.attr("class")].into_iter().flatten() {
            for name in names.split_ascii_whitespace() {
                marks.read(name);
            }
        }
        marks
    }

    fn has(self, mark: u8) -> bool {
        self.0 & mark != 0
    }

    fn set(&mut self, mark: u8, is_there: bool) {
        if is_there {
            self.0 |= mark;
        }
    }

    /// Reads one name: its parts between `-` and `_`, and neighbours among them.
    fn read(&mut self, name: &str) {
        let mut before = Word::default();
        let (mut parts, mut side, mut fits) = (0_usize, None, true);
        for part in name.split(['-', '_']).filter(|part| !part.is_empty()) {
            let word = Word::of(part);
            self.one(word.text());
            self.two(before.text(), word.text());
            fits &= match (side, word.text()) {
                (None, "sidebar") => {
                    side = Some(parts);
                    true
                }
                (None, "mh" | "page" | "site" | "the" | "left" | "right" | "main" | "widget" | "js") => {
                    parts == 0
                }
                (Some(place), "first" | "second" | "left" | "right" | "primary") => place + 1 == parts,
                (Some(place), digit) => {
                    place + 1 == parts && digit.len() == 1 && digit.as_bytes().iter().all(u8::is_ascii_digit)
                }
                (None, _) => false,
            };
            parts += 1;
            before = word;
        }
        self.set(NEVER, side.is_some() && fits);
    }

    fn one(&mut self, part: &str) {
        let begins = |starts: &[&str]| starts.iter().any(|start| part.starts_with(start));
        match part {
            "footer" | "comment" | "comments" | "pinglun" | "popup" | "popmake" | "modal" | "dialog"
            | "lightbox" | "consent" | "gdpr" | "outbrain" | "taboola" => self.0 |= NEVER,
            "nav" | "navbar" | "menu" | "breadcrumb" | "breadcrumbs" | "crumb" | "crumbs" | "sidebar"
            | "side" | "foot" | "copyright" | "share" | "sharing" | "social" | "sharedaddy" | "relate"
            | "tuijian" | "hot" | "hots" | "respond" | "pager" | "pagination" | "ad" | "ads" | "promo"
            | "newsletter" | "subscribe" | "toolbar" | "print" | "qrcode" | "ewm" | "tag" | "tags"
            | "login" | "search" | "banner" | "byline" | "aside" | "pagenav" | "prevnext" | "skiplink"
            | "authorbox" | "postmeta" | "entrymeta" => self.0 |= CHROME,
            "lead" | "lede" | "teaser" | "intro" | "standfirst" | "subtitle" | "subhead" | "subheadline"
            | "deck" | "dek" | "excerpt" | "vorspann" | "abstract" | "summary" | "chapo" | "chapeau"
            | "entradilla" | "bajada" | "sottotitolo" | "sommario" | "ingress" => self.0 |= LEAD,
            "title" | "tit" | "bt" | "biaoti" | "headline" | "htitle" | "subject" | "arttitle"
            | "newstitle" | "contenttitle" => self.0 |= HEADLINE,
            "author" | "authors" | "bio" | "cta" | "disclaimer" | "disclosure" | "affiliate" | "tooltip"
            | "messenger" | "meta" | "metadata" => self.0 |= ASIDE,
            "credit" | "credits" | "bildunterschrift" | "bildquelle" | "pictext" => self.0 |= CAPTION,
            _ if begins(&["disqus", "cookie"]) => self.0 |= NEVER,
            _ if begins(&["bdshare", "addtoany", "related", "recommend", "rank", "advert", "sponsor"]) => {
                self.0 |= CHROME;
            }
            _ => {}
        }
        self.set(
            HEADLINE,
            part.len() <= 14
                && part.ends_with("title")
                && !matches!(part, "subtitle" | "sitetitle" | "pagetitle"),
        );
        let is_caption = part.ends_with("caption") || part.ends_with("captiontext");
        self.set(CAPTION, is_caption);
        self.set(ASIDE, is_caption || part == "captions");
    }

    fn two(&mut self, before: &str, part: &str) {
        match (before, part) {
            ("screen", part) if part.starts_with("reader") => self.0 |= NEVER,
            ("prev", "next") | ("skip", "link") | ("author", "box") | ("post" | "entry", "meta") => {
                self.0 |= CHROME;
            }
            ("sub", "title" | "head" | "headline") => self.0 |= LEAD,
            (
                "featured" | "lead" | "hero" | "main" | "top" | "entry" | "post" | "article",
                "image" | "img" | "photo" | "picture" | "media" | "thumb" | "thumbnail",
            ) => self.0 |= PICTURE,
            (
                "image" | "photo" | "picture" | "img" | "foto",
                "credit" | "credits" | "legend" | "source" | "copyright" | "byline" | "text",
            )
            | ("pic", "text") => self.0 |= CAPTION,
            _ => {}
        }
    }
}

/// A part of a name in lower case; a longer one than any that is looked for is cut.
#[derive(Debug, Clone, Copy, Default)]
struct Word {
    bytes: [u8; 24],
    len: usize,
}

impl Word {
    fn of(part: &str) -> Self {
        let mut word = Self::default();
        for (to, from) in word.bytes.iter_mut().zip(part.bytes()) {
            *to = from.to_ascii_lowercase();
            word.len += 1;
        }
        word
    }

    /// Empty where the cut or the name itself is no text.
    fn text(&self) -> &str {
        self.bytes.get(..self.len).and_then(|bytes| str::from_utf8(bytes).ok()).unwrap_or_default()
    }
}

/// Whether a block says by its element, role or class that it stands beside the article.
///
/// Old sites wrap whole pages in a form, and templates call the article's own column `main-side`: a block that
/// holds the headline, or text where a side column has links, is no chrome for its name alone.
pub(super) fn is_chrome(node: Node<'_>) -> bool {
    if matches!(node.name(), "body" | "html" | "article" | "main" | "h1") {
        return false;
    }
    let by_role = || {
        node.has_meaning()
            && node.attr("role").is_some_and(|role| {
                matches!(
                    role,
                    "navigation" | "complementary" | "contentinfo" | "banner" | "search" | "dialog"
                )
            })
    };
    let marks = Marks::of(node);
    let is_never =
        marks.has(NEVER) || matches!(node.name(), "nav" | "aside" | "footer" | "dialog") || by_role();
    if !(is_never || marks.has(CHROME) || node.name() == "form") {
        return false;
    }
    let own = node.measure();
    let whole = node.page().body().measure();
    let part = |n: usize| own.punctuation * n > whole.punctuation.max(2 * n);
    let reads = own.text >= 400 && own.linked * 8 < own.text && own.punctuation >= 10;
    let is_article = part(4) && node.page().headings().any(|h1| node.holds(h1))
        || !is_never && (part(2) || part(8) && reads);
    !is_article
}

/// Whether a block tells of a picture. Chinese and Japanese papers print their captions as text of the article,
/// and readers expect them there.
pub(super) fn is_caption(node: Node<'_>) -> bool {
    let is_named = match node.name() {
        "figcaption" => true,
        "table" | "caption" | "article" | "section" | "body" => false,
        _ => Marks::of(node).has(CAPTION),
    };
    is_named
        && node.measure().text <= CAPTION_WIDTH
        && !node.text().chars().find(|c| c.is_alphabetic()).is_some_and(is_cjk)
}

/// Whether a block is named as one that holds the picture over the article.
pub(super) fn is_picture(node: Node<'_>) -> bool {
    Marks::of(node).has(PICTURE)
}

/// Whether a block is named as one that holds a headline.
pub(super) fn is_headline(node: Node<'_>) -> bool {
    Marks::of(node).has(HEADLINE)
}

/// Whether a block, or the one around it, tells of the author or the site.
pub(super) fn is_aside(node: Node<'_>) -> bool {
    std::iter::once(node).chain(node.parent()).any(|node| Marks::of(node).has(ASIDE))
}

/// Whether a block, or the one around it, is named as the opening of an article.
pub(super) fn is_lead(node: Node<'_>) -> bool {
    std::iter::once(node).chain(node.parent()).any(|node| {
        node.attr("itemprop").is_some_and(|prop| prop.eq_ignore_ascii_case("description"))
            || Marks::of(node).has(LEAD)
    })
}

/// Class and id parts of blocks that hold articles.
static BODY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?ix) (article|story|post|entry|news|main|page)[_-]?(body|content|text|con|detail) | ^(content|article|text|zoom|fontzoom|zoomcon|maintext|body|con|neirong|detail|TRS_Editor|artibody|endtext|txt)$
        | \b(TRS_UEDITOR|TRS_Editor|articleBody|entry-content|post-content|article-content|article-body|story-body|view\b.*trs)",
    )
    .ok()
});

/// Whether a block says by its names that it holds the article.
pub(super) fn is_body(node: Node<'_>) -> bool {
    if !node.is_named() && !node.has_meaning() {
        return false;
    }
    let is_named = |names: &str| BODY.as_ref().is_some_and(|regex| regex.is_match(names));
    node.attr("itemprop").is_some_and(|prop| prop.eq_ignore_ascii_case("articlebody"))
        || node.id().is_some_and(is_named)
        || node.attr("class").is_some_and(is_named)
}
