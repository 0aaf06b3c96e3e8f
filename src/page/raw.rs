//! Scripts and style sheets: half of what portals send, and text without marks. Their content is handed on whole
//! instead of letter by letter; the tree is the same.

use html5ever::local_name;
use html5ever::tokenizer::{TagKind, Token};

/// An element whose content is text up to its end tag (HTML Standard section 13.2.5, script data and RAWTEXT).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Name {
    Script,
    Style,
}

impl Name {
    /// The element that a tag opens.
    pub(super) fn of(token: &Token) -> Option<Self> {
        let Token::TagToken(tag) = token else { return None };
        match tag.name {
            _ if tag.kind != TagKind::StartTag => None,
            local_name!("script") => Some(Self::Script),
            local_name!("style") => Some(Self::Style),
            _ => None,
        }
    }

    fn text(self) -> &'static str {
        match self {
            Self::Script => "script",
            Self::Style => "style",
        }
    }
}

/// A piece of markup up to the end of its first tag that looks as if it opened such an element.
pub(super) fn until_opened(piece: &str) -> &str {
    for at in memchr::memchr_iter(b'<', piece.as_bytes()) {
        let is_one = [Name::Script, Name::Style].iter().any(|name| begins(piece, at + 1, name.text()));
        if is_one && let Some(end) = piece.get(at..).and_then(|rest| rest.find('>')) {
            return piece.get(..=at + end).unwrap_or(piece);
        }
    }
    piece
}

/// The content of the element that markup stands in, up to its end tag. None where a tokenizer must look closer:
/// comments in scripts, line ends and characters that are replaced, an element without an end.
pub(super) fn content(markup: &str, name: Name) -> Option<&str> {
    let mut from = 0;
    let end = loop {
        let at = from + memchr::memmem::find(markup.as_bytes().get(from..)?, b"</")?;
        let behind = at + 2 + name.text().len();
        let is_end = || {
            let next = markup.as_bytes().get(behind);
            next.is_some_and(|b| matches!(b, b'>' | b'/' | b' ' | b'\t' | b'\n' | 0x0c))
        };
        if begins(markup, at + 2, name.text()) && is_end() {
            break at;
        }
        from = at + 2;
    };
    let content = markup.get(..end)?;
    let bytes = content.as_bytes();
    let is_plain = memchr::memchr2(b'\0', b'\r', bytes).is_none()
        && !(name == Name::Script && memchr::memmem::find(bytes, b"<!--").is_some());
    (is_plain && !content.is_empty()).then_some(content)
}

/// Whether a name stands at a place of the markup, in any case.
fn begins(markup: &str, at: usize, name: &str) -> bool {
    markup
        .as_bytes()
        .get(at..at + name.len())
        .is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()))
}

#[cfg(test)]
mod tests {
    use crate::model::PageUrl;
    use crate::page::Page;
    use proptest::prelude::*;

    fn tree(markup: &str) -> String {
        Page::parse(markup, PageUrl::parse("http://a.example/").unwrap()).root().outer_html()
    }

    proptest! {
        /// Whatever stands around and in scripts and styles, the tree is the one of the stock parser.
        #[test]
        fn the_tree_is_the_stock_parsers(
            parts in proptest::collection::vec(
                prop_oneof![
                    Just("<script>"), Just("</script>"), Just("<SCRIPT type='a>b'>"), Just("</Script >"), Just("<style>"),
                    Just("</style>"), Just("<!--"), Just("-->"), Just("if (a </b) c"), Just("<svg>"), Just("</svg>"),
                    Just("<p>"), Just("</p>"), Just("\r\n"), Just("\n"), Just("</scripts>"), Just("<title>"), Just("</title>"),
                    Just("<textarea>"), Just("</textarea>"), Just("<a title='<script>'>"), Just("文"), Just("</"), Just("<"),
                    Just("<template>"), Just("</template>"), Just("<table>"), Just("<select>"), Just("&amp;"), Just("\0"),
                ],
                0..24,
            )
        ) {
            let markup = parts.concat();
            let options = html5ever::driver::ParseOpts {
                tree_builder: html5ever::tree_builder::TreeBuilderOpts { scripting_enabled: false, ..Default::default() },
                ..Default::default()
            };
            let sink = scraper::HtmlTreeSink::new(scraper::Html::new_document());
            let parser = html5ever::driver::parse_document(sink, options);
            let stock = html5ever::tendril::TendrilSink::one(parser, markup.as_str());
            prop_assert_eq!(tree(&markup), stock.root_element().html());
        }
    }
}
