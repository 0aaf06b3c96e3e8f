//! An article that its page does not show: asked for at the API that the page, or a program of its, names. Programs are
//! read, never run.

use crate::discover::{self, Details};
use crate::fetch::Reply;
use crate::model::PageUrl;

use super::reading::decode_reply;
use super::round::Round;

/// Programs of one page that are read, and addresses asked for one article.
const MOST_SCRIPTS: usize = 3;
const MOST_ADDRESSES: usize = 3;

/// The ways to the article of a page, and its address by each.
pub(super) async fn addresses(
    round: &mut Round<'_>,
    page: &PageUrl,
    details: &Details,
) -> Vec<(String, PageUrl)> {
    let Some(name) = crate::data::name_of(page) else { return Vec::new() };
    if round.behind.is_given_up() {
        return Vec::new();
    }
    let mut ways: Vec<String> = round.behind.way.iter().chain(&details.ways).cloned().collect();
    if ways.is_empty() {
        for script in details.scripts.iter().take(MOST_SCRIPTS) {
            ways.extend(program(round, script).await);
        }
    }
    let mut all: Vec<(String, PageUrl)> = Vec::new();
    for way in ways {
        let url = PageUrl::parse(&way.replace("{id}", &escaped(&name)));
        let Ok(url) = url.map(|url| url.without_tracking()) else { continue };
        if url != *page && all.len() < MOST_ADDRESSES && all.iter().all(|(_, known)| *known != url) {
            all.push((way, url));
        }
    }
    all
}

/// A name as it stands in an address.
fn escaped(name: &str) -> String {
    name.replace('%', "%25").replace('&', "%26").replace('#', "%23").replace('?', "%3F").replace(' ', "%20")
}

/// What a program names, read once in a visit; nothing where it cannot be had.
async fn program(round: &mut Round<'_>, script: &PageUrl) -> Vec<String> {
    if let Some(known) = round.behind.programs.get(script) {
        return known.clone();
    }
    let ways = match round.get_article(script, None).await {
        Ok(reply) => read(round, script, reply).await,
        Err(error) => {
            tracing::debug!(portal.name = %round.portal.id, error = %error.fault, "a program of a page is not read");
            Vec::new()
        }
    };
    round.behind.programs.insert(script.clone(), ways.clone());
    ways
}

async fn read(round: &Round<'_>, script: &PageUrl, reply: Reply) -> Vec<String> {
    let portal = std::sync::Arc::clone(&round.portal);
    let read = round.parse(script, reply.body.len(), move || {
        discover::details_of_script(&decode_reply(&portal, &reply).text, &reply.url)
    });
    read.await.unwrap_or_default()
}
