//! An article as a feed or an API tells it, without what stands around it there: rows to share, related articles, adverts.

use crate::model::{Candidate, Given};
use crate::page::Page;
use crate::page::text::width;

use super::around::Found;
use super::body;

/// What a list tells of an article, its body without what is not the article's. Of a body that would lose more than half
/// of its text, nothing is taken: it is no article with things around it.
#[must_use]
pub fn told(candidate: &Candidate) -> Candidate {
    let mut told = candidate.clone();
    if let Some(given) = told.given.as_deref_mut() {
        let base = given.base.as_ref().unwrap_or(&candidate.url);
        let page = Page::parse(&given.html, base.clone());
        if let Some(html) = bare(&page, &candidate.title) {
            *given = Given { html, ..std::mem::take(given) };
        }
    }
    told
}

fn bare(page: &Page, title: &str) -> Option<String> {
    let whole: usize = page.body().lines().iter().map(|line| width(line)).sum();
    let body = body::within(&Found::from(page.body()), Some(title), &[]);
    let kept: usize = body.lines.iter().map(|line| width(line)).sum();
    (kept * 2 > whole).then_some(body.html)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::PageUrl;

    fn html(body: &str) -> String {
        let given = Some(Box::new(Given { html: body.to_owned(), ..Given::default() }));
        let url = PageUrl::parse("http://quay.example/1.html").unwrap();
        let candidate =
            Candidate { url, title: "Ferry runs again".to_owned(), published: None, summary: None, given };
        told(&candidate).given.unwrap().html
    }

    #[test]
    fn what_plugins_add_to_a_text_in_a_feed_is_none_of_it() {
        let text =
            "<p>The ferry runs again after two years, and larger groups may book a tour on weekdays.</p>"
                .repeat(3);
        let plugins = "<div class=\"sharedaddy\"><h3 class=\"sd-title\">Share this:</h3><ul><li><a href=\"?share=x\"><span>Click to share on X</span></a></li></ul></div>
            <div id='jp-relatedposts' class='jp-relatedposts'><h3><em>Related</em></h3><ul><li><a href=\"/2.html\">Council votes on trams</a></li></ul></div>";
        let told = html(&format!("{text}{plugins}"));
        assert!(
            told.contains("book a tour") && !told.contains("hare") && !told.contains("Related"),
            "{told}"
        );
        // what is all of a text is the text
        for whole in [
            "<p>Termin: 3. März 2027, 19 Uhr</p>",
            "<p><img src=\"a.jpg\"></p>",
            "<p><a href=\"/a.pdf\">Plan</a></p>",
        ] {
            assert_eq!(html(whole), whole);
        }
    }
}
