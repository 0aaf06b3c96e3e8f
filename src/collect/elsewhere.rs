//! Where a site lists its articles when its page does not say: the sitemaps that its robots.txt names, or the usual ones.

use crate::data::is_own;
use crate::model::PageUrl;

use super::round::Round;

/// Addresses where a sitemap is looked for when robots.txt names none.
const USUAL: [&str; 3] = ["/sitemap.xml", "/sitemap_index.xml", "/news-sitemap.xml"];
/// Sitemaps of robots.txt that are tried.
const MOST_NAMED: usize = 3;

/// The addresses of a site's sitemaps, those first that may hold news; those that it names alone, or the usual ones too.
pub(super) fn sitemaps(round: &Round<'_>, url: &PageUrl, is_named: bool) -> Vec<PageUrl> {
    let named = round.turns.sitemaps(url);
    let mut found: Vec<PageUrl> = Vec::new();
    // a robots.txt made from another's names what is another's
    let own = named.iter().filter_map(|line| url.join(line).ok()).filter(|file| is_own(file, url));
    for address in own {
        if !found.contains(&address) {
            found.push(address);
        }
    }
    found.sort_by_key(|address| !address.path_and_query().to_ascii_lowercase().contains("news"));
    found.truncate(MOST_NAMED);
    if found.is_empty() && !is_named {
        found.extend(USUAL.iter().filter_map(|path| url.join(path).ok()));
    }
    found
}
