//! The headline: where the page's own heading, its title element and its meta elements agree.

use std::collections::HashMap;

use crate::model::{Candidate, FieldEvidence, Refused};
use crate::page::text::{fold, is_cjk, width};
use crate::page::{Node, Page};

use super::heading::{heading_text, is_heading, is_home, is_in_list, is_inside_beside, leads_data, rank};
use super::meta::{self, JsonLd};
use super::trim::squeeze;

/// A shorter text is agreed with by chance.
const LEAST: usize = 6;
/// A longer heading is a paragraph.
const MOST: usize = 400;
/// So many elements that may be headings are looked at.
const MOST_HEADINGS: usize = 150;
/// Between a headline and the site's name in a title element. Dashes without blanks are words' own.
const SEPARATORS: [&str; 17] = [
    "_", "|", "｜", " - ", " – ", " — ", "--", " :: ", " · ", " » ", " « ", " : ", " / ", "-", "–", "—",
    " • ",
];

/// The headline and where it stands.
#[derive(Debug)]
pub(super) struct Title<'a> {
    pub(super) text: Option<String>,
    pub(super) node: Option<Node<'a>>,
    pub(super) evidence: FieldEvidence,
}

/// Reads the headline.
pub(super) fn read<'a>(page: &'a Page, ld: &JsonLd, candidate: Option<&Candidate>) -> Title<'a> {
    let said = Said::of(page, ld, candidate);
    let mut headings: Vec<(i64, Node<'a>, String)> = Vec::new();
    let mut beside: HashMap<Node<'a>, bool> = HashMap::new();
    for (place, node) in
        page.body().descendants().filter(|node| is_heading(*node)).take(MOST_HEADINGS).enumerate()
    {
        let text = heading_text(node);
        let wide = width(&text);
        if text.is_empty() || wide > MOST || node.is_hidden() || is_home(node) {
            continue;
        }
        // a hero or banner may hold the headline: what says exactly the title is no chrome
        let is_exact = matches!(node.name(), "h1" | "h2") && said.says_exactly(&text) && !is_in_list(node);
        if !is_exact && is_inside_beside(node, &mut beside) {
            continue;
        }
        let place = i64::try_from(place).unwrap_or(0);
        let exact = if is_exact { EXACT } else { 0 };
        let data = if wide > LEAST * 2 && leads_data(node) { BEFORE_DATA } else { 0 };
        headings.push((said.agreement(&text) + exact + data + rank(node) - place.min(20), node, text));
    }
    headings.sort_by_key(|(score, node, _)| (-score, node.order()));
    let lone = headings.iter().filter(|(_, node, _)| node.name() == "h1").count() == 1;
    let best = headings.into_iter().find(|(score, _, text)| *score > 0 && !said.is_site(text));
    let refused =
        |raw: &str, why: &str| Refused { from: "title".to_owned(), raw: raw.to_owned(), why: why.to_owned() };
    if let Some((score, node, text)) = best
        && (score >= AGREED
            || node.name() == "h1" && lone
            || said.knows_little() && matches!(node.name(), "h1" | "h2"))
    {
        let full = said.without_own_site(&said.completed(&said.without_kicker(node, &text)));
        let mut evidence = FieldEvidence { from: describe(node), raw: text, refused: Vec::new() };
        evidence.refused.extend(
            said.page_title
                .iter()
                .filter(|title| **title != full)
                .map(|title| refused(title, "holds the site's name")),
        );
        return Title { text: Some(full), node: Some(node), evidence };
    }
    let (from, text) = said.without_heading();
    Title {
        evidence: FieldEvidence { from, raw: text.clone().unwrap_or_default(), refused: Vec::new() },
        text,
        node: None,
    }
}

/// What agreement with the title element is worth: more than any rank of a heading.
const AGREED: i64 = 60;

/// What it is worth when a heading says the title and nothing else.
const EXACT: i64 = 30;

/// What it is worth when the line of data stands right under a heading: old portals print nothing but their own
/// name in the title element.
const BEFORE_DATA: i64 = AGREED + 15;

/// A title as said elsewhere, made ready to be compared with every heading.
struct Whole {
    squeezed: String,
    wide: usize,
    /// Its parts, squeezed.
    parts: Vec<String>,
}

impl Whole {
    fn of(title: &str) -> Self {
        let squeezed = squeeze(title);
        let wide = width(&squeezed);
        Self { squeezed, wide, parts: parts(title).iter().map(|part| squeeze(part)).collect() }
    }

    /// Whether a squeezed heading is the title, or all of it but the site's name.
    fn is(&self, heading: &str) -> bool {
        self.squeezed == heading || self.parts.first().is_some_and(|part| part == heading)
    }

    /// Whether a squeezed heading of some width is most of the title or one of its parts. A few words of a
    /// headline, in bold, are no headline.
    fn holds(&self, heading: &str, wide: usize) -> bool {
        let is_most = wide * 5 >= self.wide * 2;
        self.squeezed.contains(heading) && (is_most || self.parts.iter().any(|part| part == heading))
            || (self.wide >= LEAST && heading.contains(&self.squeezed))
    }
}

/// What the page and the list say of the headline elsewhere.
struct Said {
    page_title: Option<String>,
    /// The same, and the headlines for machines, to be compared.
    title: Option<Whole>,
    wholes: Vec<Whole>,
    /// Headlines for machines, with where they stand.
    meta: Vec<(String, String)>,
    list: Option<String>,
    site: Vec<String>,
}

impl Said {
    fn of(page: &Page, ld: &JsonLd, candidate: Option<&Candidate>) -> Self {
        let site = meta::first(page, &["og:site_name", "SiteName", "application-name"])
            .map(|(_, name)| squeeze(&name));
        let mut named = Vec::new();
        if let Some((from, text)) = meta::first(page, &["ArticleTitle"]) {
            named.push((format!("meta[{from}]"), text));
        }
        named.extend(ld.headline.iter().map(|text| ("json-ld".to_owned(), text.clone())));
        if let Some((from, text)) = meta::first(page, &["og:title", "twitter:title", "headline", "DC.title"])
        {
            named.push((format!("meta[{from}]"), text));
        }
        let page_title = page.title();
        let mut said = Self {
            title: page_title.as_deref().map(Whole::of),
            wholes: named.iter().map(|(_, text)| Whole::of(text)).collect(),
            page_title,
            meta: named,
            list: candidate.map(|candidate| fold(&candidate.title)).filter(|title| !title.is_empty()),
            site: site.into_iter().collect(),
        };
        said.site.extend(said.home_name(page));
        said
    }

    /// The site's name as the link to its front page calls it, when the title element names it too.
    fn home_name(&self, page: &Page) -> Option<String> {
        let title = self.title.as_ref()?.squeezed.as_str();
        let links = page.body().descendants().filter(|node| node.name() == "a").take(40);
        let may_be_home =
            |href: &&str| href.len() <= 3 || href.contains("//") && href.matches('/').count() <= 3;
        links
            .filter(|node| {
                node.attr("href")
                    .filter(may_be_home)
                    .and_then(|href| page.join(href))
                    .is_some_and(|url| url.path_and_query() == "/")
            })
            .map(|node| squeeze(&node.text()))
            .find(|name| width(name) >= LEAST && title.contains(name.as_str()) && title != name)
    }

    /// Whether a heading is one of the titles, or all of one but the site's name.
    fn says_exactly(&self, heading: &str) -> bool {
        let heading = squeeze(heading);
        width(&heading) > LEAST * 2 && self.title.iter().chain(&self.wholes).any(|whole| whole.is(&heading))
    }

    /// Whether no element for machines says the headline.
    fn knows_little(&self) -> bool {
        self.meta.is_empty()
    }

    /// A heading without the line above or below the headline that an element inside it holds.
    fn without_kicker(&self, node: Node<'_>, heading: &str) -> String {
        let all = squeeze(heading);
        if node.size() < 2 || self.says_exactly(heading) {
            return heading.to_owned();
        }
        let mut titles = self
            .page_title
            .iter()
            .chain(self.meta.iter().map(|(_, text)| text))
            .flat_map(|title| parts(title));
        let is_inside =
            |text: &str| node.descendants().take(12).any(|one| one != node && squeeze(&one.text()) == text);
        let found = titles.find(|part| {
            let part = squeeze(part);
            let rest = all.strip_prefix(&part).or_else(|| all.strip_suffix(&part)).unwrap_or_default();
            width(&part) > LEAST * 2 && !rest.is_empty() && (is_inside(rest) || is_inside(&part))
        });
        found.unwrap_or_else(|| heading.to_owned())
    }

    /// A heading without the site's own name behind it.
    fn without_own_site(&self, heading: &str) -> String {
        match parts(heading).as_slice() {
            [first @ .., last] if !first.is_empty() && self.is_site(last) => {
                let end = heading.rfind(last.as_str()).unwrap_or(heading.len());
                let head = heading.get(..end).unwrap_or(heading).trim_end_matches(|c: char| {
                    !c.is_alphanumeric()
                        && !matches!(c, '?' | '!' | ')' | '”' | '"' | '」' | '》' | '？' | '！')
                });
                head.to_owned()
            }
            _ => heading.to_owned(),
        }
    }

    fn is_site(&self, text: &str) -> bool {
        self.site.contains(&squeeze(text))
    }

    /// How well a heading agrees with what is said elsewhere.
    fn agreement(&self, heading: &str) -> i64 {
        let heading = squeeze(heading);
        let wide = width(&heading);
        if wide < LEAST {
            let is_part = |whole: &Whole| whole.parts.contains(&heading);
            return if self.title.as_ref().is_some_and(is_part) { AGREED } else { -20 };
        }
        let holds = |whole: &Whole| whole.holds(&heading, wide);
        let weight = |agrees: bool, worth: i64| if agrees { worth } else { 0 };
        weight(self.title.as_ref().is_some_and(holds), AGREED)
            + weight(self.wholes.iter().any(holds), AGREED)
            + weight(self.list.as_deref().is_some_and(|list| begins_alike(list, &heading)), AGREED)
            // one title element for all pages of a column agrees with the column's heading; the list knows better
            + weight(self.list.as_deref().is_some_and(|list| squeeze(list) == heading), AGREED / 2)
    }

    /// A heading that is cut, completed from where the whole one stands.
    fn completed(&self, heading: &str) -> String {
        let Some(head) = cut_head(heading) else { return heading.to_owned() };
        let whole = self.meta.iter().map(|(_, text)| text).chain(self.list.iter());
        whole
            .filter(|text| cut_head(text).is_none() && squeeze(text).starts_with(&squeeze(head)))
            .min_by_key(|text| text.len())
            .map_or_else(|| heading.to_owned(), |text| self.without_site(text))
    }

    /// The headline of a page whose body shows none.
    fn without_heading(&self) -> (String, Option<String>) {
        let whole_list = self.list.as_deref().filter(|list| cut_head(list).is_none());
        if let Some((from, text)) = self.meta.first() {
            return (from.clone(), Some(self.without_site(text)));
        }
        if let Some(list) = whole_list {
            return ("list".to_owned(), Some(list.to_owned()));
        }
        match &self.page_title {
            Some(title) => ("title".to_owned(), Some(self.without_site(title))),
            None => (String::new(), self.list.clone()),
        }
    }

    /// A title without the site's name at either end.
    fn without_site(&self, title: &str) -> String {
        let parts = parts(title);
        let (Some(first), Some(last)) = (parts.first(), parts.last()) else { return title.to_owned() };
        if parts.len() < 2 {
            return title.to_owned();
        }
        if self.is_site(first) {
            return last.clone();
        }
        // the site's name follows more often than it leads; of two parts the longer one is the headline
        let is_tail = self.is_site(last) || width(first) >= width(last);
        let is_short = |part: &String| width(part) < 4;
        if is_tail && !is_short(first) {
            first.clone()
        } else {
            parts.iter().max_by_key(|part| width(part)).cloned().unwrap_or_default()
        }
    }
}

/// The parts of a title element; the first separator that divides it counts.
fn parts(title: &str) -> Vec<String> {
    for separator in SEPARATORS {
        // a bare dash divides only between Chinese words: elsewhere it joins them
        let is_bare_dash = matches!(separator, "-" | "–" | "—");
        if title.contains(separator) && (!is_bare_dash || title.chars().any(is_cjk)) {
            return title.split(separator).map(fold).filter(|part| !part.is_empty()).collect();
        }
    }
    vec![fold(title)]
}

/// The beginning of a text that was cut with an ellipsis.
fn cut_head(text: &str) -> Option<&str> {
    let head = text.trim_end().trim_end_matches(['…', '.', '⋯']);
    let cut = text.trim_end().len() - head.len();
    (cut >= 3).then_some(head.trim_end())
}

fn begins_alike(list: &str, heading: &str) -> bool {
    let list = squeeze(cut_head(list).unwrap_or(list));
    !list.is_empty()
        && (heading.starts_with(&list) || (list.starts_with(heading) && width(heading) * 2 >= width(&list)))
}

/// An element as a selector a person recognises.
pub(super) fn describe(node: Node<'_>) -> String {
    if let Some(id) = node.id().filter(|id| !id.is_empty()) {
        return format!("{}#{id}", node.name());
    }
    node.classes().next().map_or_else(|| node.name().to_owned(), |class| format!("{}.{class}", node.name()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::PageUrl;

    fn title(html: &str) -> Option<String> {
        let page = Page::parse(html, PageUrl::parse("http://a.example/news/7.html").unwrap());
        let ld = meta::json_ld(&page);
        read(&page, &ld, None).text
    }

    #[test]
    fn the_headline_is_found_where_the_title_element_does_not_help() {
        for (html, headline) in [
            // the headline in a banner
            (
                "<title>A new bridge over the river | Bote</title><div class=banner><h1>A new bridge over the river</h1></div><h2>What is a bridge?</h2>",
                "A new bridge over the river",
            ),
            // the site's name is a heading that leads home
            (
                "<title>Bote : The long way</title><h1><a href=/>Bote am Fluss</a></h1><h2>The long way</h2>",
                "The long way",
            ),
            // a line above the headline
            (
                "<title>A new bridge over the river</title><h1><time>Dec 18 2025</time> A new bridge over the river</h1>",
                "A new bridge over the river",
            ),
            // the site's name behind it
            (
                "<title>A new bridge - Bote</title><meta property=og:site_name content=Bote><h1>A new bridge over the river – Bote</h1>",
                "A new bridge over the river",
            ),
            // sections of the text are no headline
            (
                "<meta property=og:title content='A new bridge over the river'><div><h2>What is a bridge?</h2><p>Text.</p></div>",
                "A new bridge over the river",
            ),
            // a title element with nothing but the site's name
            (
                "<title>河边学会官网</title><h5>渡口的灯今年终于修好了</h5><div>发布时间：2019-05-18 来源：河边学会</div><p>正文。</p>",
                "渡口的灯今年终于修好了",
            ),
        ] {
            assert_eq!(title(html).as_deref(), Some(headline), "{html}");
        }
    }
}
