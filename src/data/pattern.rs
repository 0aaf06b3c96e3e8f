//! How a page makes addresses of the names of its articles, read from its links, templates and scripts:
//! `'/show/' + item.id + '.html'`, `/show?id={{item.id}}`, `` `/detail/${row.id}` ``. Read, never run.

use crate::model::PageUrl;
use crate::page::Page;

/// Patterns of one page, and of those what is longer is none.
const MOST: usize = 16;
const MOST_LENGTH: usize = 300;
/// Fields of one address.
const MOST_FIELDS: usize = 4;
/// What stands before an address that is put together.
const STARTS: [&str; 10] = [
    "href=\\\"",
    "href=\"",
    "href='",
    "href=\\'",
    "location.href=",
    "location.href =",
    "location=",
    "window.open(",
    "push(",
    "navigateTo(",
];
/// Attributes of templates that hold an expression.
const BOUND: [&str; 6] = [":href", "v-bind:href", ":to", "v-bind:to", "ng-href", "data-href"];

/// What stands before a sample of a name in place of a field's name.
const LIKE: char = '~';

/// An address with gaps for fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern(Vec<Piece>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    Field(String),
}

impl Pattern {
    /// The address of a record. `field` says what a field of it says.
    #[must_use]
    pub fn link(&self, field: &dyn Fn(&str) -> Option<String>) -> Option<String> {
        let mut link = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Text(text) => link.push_str(text),
                Piece::Field(name) => {
                    let told = field(name).filter(|told| !told.contains(char::is_whitespace))?;
                    link.push_str(&told);
                }
            }
        }
        Some(link)
    }

    /// As a line: `/show/{id}.html`.
    #[must_use]
    pub fn written(&self) -> String {
        let one = |piece: &Piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Field(name) => format!("{{{name}}}"),
        };
        self.0.iter().map(one).collect()
    }

    /// What [`Pattern::written`] wrote.
    #[must_use]
    pub fn parse(written: &str) -> Option<Self> {
        let mut pieces = Pieces::default();
        let mut rest = written.get(..written.floor_char_boundary(MOST_LENGTH)).unwrap_or_default();
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}')?;
            pieces.text(before);
            pieces.field(name)?;
            rest = after;
        }
        pieces.text(rest);
        pieces.whole()
    }

    /// An address around the name of an article, for articles with names that look like `sample`.
    pub(super) fn like(before: &str, sample: &str, after: &str) -> Option<Self> {
        let mut pieces = Pieces::default();
        pieces.text(before);
        pieces.field(&format!("{LIKE}{sample}"))?;
        pieces.text(after);
        pieces.whole()
    }

    /// What the names look like that the address is made of, where no field is known for them.
    #[must_use]
    pub fn sample(&self) -> Option<&str> {
        self.0.iter().find_map(|piece| match piece {
            Piece::Field(name) => name.strip_prefix(LIKE),
            Piece::Text(_) => None,
        })
    }

    /// The same with the address that it stands in as a base.
    #[must_use]
    pub fn within(&self, base: &PageUrl) -> Option<Self> {
        let mut pieces = self.0.clone();
        let Some(Piece::Text(first)) = pieces.first_mut() else { return None };
        base.join(first).ok()?.as_str().clone_into(first);
        Some(Self(pieces))
    }

    /// An address in which the name of the record that it leads to stands.
    #[must_use]
    pub fn of_link(link: &str, name: &str, field: &str) -> Option<Self> {
        // a short number may stand anywhere
        let at = link.rfind(name).filter(|_| name.len() > 1)?;
        let (before, after) = (link.get(..at)?, link.get(at + name.len()..)?);
        let is_part = |c: char| c.is_alphanumeric();
        if before.ends_with(is_part) || after.starts_with(is_part) {
            return None;
        }
        let mut pieces = Pieces::default();
        pieces.text(before);
        pieces.field(field)?;
        pieces.text(after);
        pieces.whole()
    }
}

/// The patterns that a page shows, in its order.
pub(super) fn of_page(page: &Page) -> Vec<Pattern> {
    let mut found = Vec::new();
    for node in page.root().descendants() {
        if found.len() >= MOST {
            break;
        }
        for (name, value) in node.attrs() {
            if name.eq_ignore_ascii_case("href") || name.eq_ignore_ascii_case("to") {
                add(&mut found, quoted(value, None));
            }
            if BOUND.iter().any(|known| name.eq_ignore_ascii_case(known)) {
                // an expression, or an address as it is
                add(&mut found, expression(value).or_else(|| quoted(value, None)));
            }
        }
        if matches!(node.name(), "script" | "template") && node.attr("src").is_none() {
            of_script(&node.raw_text()).into_iter().for_each(|one| add(&mut found, Some(one)));
        }
    }
    found
}

/// The patterns in a script.
#[must_use]
pub fn of_script(script: &str) -> Vec<Pattern> {
    let mut found = Vec::new();
    for start in STARTS {
        for (at, _) in script.match_indices(start).take(MOST * 4) {
            if found.len() >= MOST {
                return found;
            }
            let rest = script.get(at + start.len()..).unwrap_or_default();
            let rest = rest.get(..rest.floor_char_boundary(MOST_LENGTH)).unwrap_or_default();
            let is_markup = start.ends_with(['"', '\'']);
            // a quote that is marked is the markup's, one that is not ends the script's text
            let end = start.chars().next_back().filter(|_| is_markup && !start.contains('\\'));
            let bound = script.get(..at).is_some_and(|before| before.ends_with(':'));
            let read = if !is_markup || bound { expression(rest) } else { quoted(rest, end) };
            add(&mut found, read);
        }
    }
    // the ways of a router: `path: "/show/:id"`
    for start in ["path:", "path :"] {
        for (at, _) in script.match_indices(start).take(MOST * 4) {
            let rest = script.get(at + start.len()..).unwrap_or_default();
            let rest = rest.get(..rest.floor_char_boundary(MOST_LENGTH)).unwrap_or_default().trim_start();
            let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''));
            let way = quote.and_then(|quote| rest.get(1..)?.split(quote).next()).unwrap_or_default();
            add(&mut found, route(way));
        }
    }
    found
}

/// What the ways of a router have in them that lead to an article.
const STORIES: [&str; 10] =
    ["detail", "article", "news", "content", "show", "view", "story", "post", "info", "read"];

/// A way of a router with one name in it, that leads to an article.
fn route(way: &str) -> Option<Pattern> {
    let is_story = STORIES.iter().any(|word| way.to_ascii_lowercase().contains(word));
    let (before, after) =
        way.split_once("/:").filter(|_| is_story && way.starts_with('/') && way.len() < MOST_LENGTH)?;
    let end = after.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(after.len());
    let (name, rest) = after.split_at(end);
    let mut pieces = Pieces::default();
    pieces.text(&format!("{before}/"));
    pieces.field(name)?;
    pieces.text(rest.trim_start_matches('?'));
    pieces.whole().filter(|_| !rest.contains(':') && !rest.contains('*'))
}

fn add(found: &mut Vec<Pattern>, one: Option<Pattern>) {
    if let Some(one) = one.filter(|one| found.len() < MOST && !found.contains(one)) {
        found.push(one);
    }
}

/// An expression that makes an address: it begins with a text.
fn expression(text: &str) -> Option<Pattern> {
    let text = text.trim_start();
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'))?;
    read(text.get(1..)?, Some(quote), None)
}

/// An address in markup, which ends with `end`, in a text of whatever quotes.
fn quoted(text: &str, end: Option<char>) -> Option<Pattern> {
    read(text, None, end)
}

/// Reads pieces. `inside` is the quote that the text stands in, where that is known, `end` what ends the address.
fn read(text: &str, mut inside: Option<char>, end: Option<char>) -> Option<Pattern> {
    let is_expression = inside.is_some();
    let mut pieces = Pieces::default();
    let mut rest = text.get(..text.floor_char_boundary(MOST_LENGTH)).unwrap_or_default();
    loop {
        let at = rest.find(['"', '\'', '`', '{', '<', '>', '\\', ' ', '\n']).unwrap_or(rest.len());
        let (before, from) = rest.split_at(at);
        let before = before.strip_suffix('$').filter(|_| from.starts_with('{')).unwrap_or(before);
        pieces.text(before);
        let Some(mark) = from.chars().next() else { break };
        let after = from.get(mark.len_utf8()..).unwrap_or_default();
        match mark {
            '{' => {
                let (inner, after) = after.trim_start_matches('{').split_once('}')?;
                pieces.field(field_of(inner)?)?;
                rest = after.strip_prefix('}').unwrap_or(after);
            }
            '"' | '\'' | '`' if Some(mark) == inside || !is_expression && Some(mark) != end => {
                // out of the text, past what is joined to it, into the next
                let Some((name, next)) = joined(after) else { break };
                pieces.field(name)?;
                let Some((quote, after)) = next else { break };
                inside = Some(quote);
                rest = after;
            }
            _ => break,
        }
    }
    pieces.whole()
}

/// A field joined to a text: `+ item.id + '`; the second value is the text that goes on, with its quote.
fn joined(text: &str) -> Option<(&str, Option<(char, &str)>)> {
    let rest = text.trim_start().strip_prefix('+')?.trim_start();
    let end = rest.find(['+', ';', ',', '\n', '"', '`', '}', '<']).unwrap_or(rest.len());
    let (inner, after) = rest.split_at(end);
    let name = field_of(inner)?;
    let next = after.strip_prefix('+').map(str::trim_start).and_then(|after| {
        let quote = after.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'))?;
        Some((quote, after.get(1..)?))
    });
    Some((name, next))
}

/// The field that an expression reads: the last part of `item.id`, of `encodeURIComponent(item.id)`, of `item['id']`.
fn field_of(expression: &str) -> Option<&str> {
    let inner = expression.trim().trim_end_matches([')', ']', '\'', ' ']);
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$');
    let begin = inner.rfind(|c: char| !is_name(c)).map_or(0, |at| at + 1);
    let name = inner.get(begin..)?;
    let is_plain = expression.len() < 80 && !expression.contains(['?', '<', '>', '|', '&', '*', ':']);
    (is_plain && !name.is_empty() && !name.starts_with(|c: char| c.is_ascii_digit())).then_some(name)
}

fn is_part(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '$' | '-')
}

#[derive(Debug, Default)]
struct Pieces(Vec<Piece>);

impl Pieces {
    fn text(&mut self, text: &str) {
        match self.0.last_mut() {
            Some(Piece::Text(last)) => last.push_str(text),
            _ if text.is_empty() => {}
            _ => self.0.push(Piece::Text(text.to_owned())),
        }
    }

    fn field(&mut self, name: &str) -> Option<()> {
        let fields = self.0.iter().filter(|piece| matches!(piece, Piece::Field(_))).count();
        let is_name = !name.is_empty()
            && name.len() < 60
            && name.strip_prefix(LIKE).unwrap_or(name).chars().all(is_part)
            && (name.starts_with(LIKE) || !name.contains('-'));
        (is_name && fields < MOST_FIELDS).then(|| self.0.push(Piece::Field(name.to_owned())))
    }

    /// A pattern that begins with a text of its own and has a field.
    fn whole(self) -> Option<Pattern> {
        let has_field = self.0.iter().any(|piece| matches!(piece, Piece::Field(_)));
        let Some(Piece::Text(first)) = self.0.first() else { return None };
        let is_way = first.contains(['/', '?', '=', '.'])
            && !first.starts_with(['#', '\\'])
            && !first.to_ascii_lowercase().starts_with("javascript");
        (has_field && is_way).then_some(Pattern(self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::tests::quick;

    #[test]
    fn what_a_script_joins_is_a_pattern() {
        let of = |script: &str| of_script(script).iter().map(Pattern::written).collect::<Vec<_>>();
        for (script, written) in [
            ("'<a href=\"/n/' + d.id + '.shtml\">'", vec!["/n/{id}.shtml"]),
            ("\"<a href='/n/\"+d.newsId+\"' target=_blank>\"", vec!["/n/{newsId}"]),
            ("\"<a href=\\\"/n/\" + d.id + \"\\\">\"", vec!["/n/{id}"]),
            ("`<a href=\"/${r.cid}/${r.id}.html\">${r.title}</a>`", vec!["/{cid}/{id}.html"]),
            ("location.href = 'view.html?id=' + encodeURIComponent(r.id);", vec!["view.html?id={id}"]),
            ("router.push(`/detail/${item['uuid']}`)", vec!["/detail/{uuid}"]),
            ("<a :href=\"'/show/' + item.id + '.html'\">", vec!["/show/{id}.html"]),
            ("<a href=\"#/n/\" + d.id", vec![]),
            ("<a href=\"/fixed.html\">", vec![]),
            ("location.href = next + '/a'", vec![]),
            ("<a href='javascript:go(' + d.id + ')'>", vec![]),
            ("location.href='/a/' + (x ? y : z)", vec![]),
            (
                "[{path:\"/\",name:\"home\"},{path:\"/news/:newsId\",component:n},{path:\"/c/:id\"}]",
                vec!["/news/{newsId}"],
            ),
        ] {
            assert_eq!(of(script), written, "{script}");
        }
        for text in ["href=\"'+".repeat(50_000), "href='${".repeat(50_000), "push('\\".repeat(9000)] {
            let _ = of_script(&text);
        }
    }

    #[test]
    fn a_page_has_so_many_patterns_and_no_more() {
        let mut body = String::from("<body>");
        for script in 0..4000 {
            body += "<script>";
            (0..16).for_each(|n| body += &format!("push('/{script}/{n}/' + d.id);"));
            body += "</script>";
        }
        let page = Page::parse(&body, PageUrl::parse("http://a.example/").unwrap());
        quick("patterns", || assert_eq!(of_page(&page).len(), MOST));
    }

    #[test]
    fn a_pattern_is_read_as_it_is_written() {
        for written in ["/n/{id}.shtml", "view?c={cid}&id={id}"] {
            let pattern = Pattern::parse(written).unwrap();
            assert_eq!(pattern.written(), written);
            assert_eq!(pattern.link(&|_| None), None);
        }
        let pattern = Pattern::of_link("http://a.example/t/902.html?x", "902", "id").unwrap();
        assert_eq!(pattern.written(), "http://a.example/t/{id}.html?x");
        assert_eq!(Pattern::of_link("/t/19021.html", "902", "id"), None);
        for written in ["", "/a", "{id}", "/{a b}", "/{", "/{}"] {
            assert_eq!(Pattern::parse(written), None, "{written}");
        }
    }
}
