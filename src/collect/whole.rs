//! An article page and its further pages: decoded, read, joined, cleaned.

use std::collections::HashSet;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::data;
use crate::dedupe;
use crate::discover::{self, Details};
use crate::extract;
use crate::fetch::{FetchError, Reply, Validators};
use crate::model::{
    Article, ArticleRules, Candidate, Class, Draft, MOST_BODY, Note, PageUrl, Portal, RejectClass, Traits,
    UrlKey,
};
use crate::normalise;
use crate::page::Page;
use crate::store::Known;

use super::behind;
use super::reading::{decode_note, decode_reply};
use super::round::Round;

/// Pages of one article that are asked for.
const MAX_PAGES: usize = 20;
/// Pages that an article's address may lead on to, one after the other.
const MOST_HOPS: usize = 3;
/// An API that has the article of a page says so many times more than the page.
const MORE: usize = 3;
/// After so many failures an article is served without the further page that fails.
const PATIENCE: u32 = 2;

/// An article page that is to be asked for.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    pub(super) url: PageUrl,
    pub(super) key: UrlKey,
    /// What the list says of it; None for one that is off the list by now.
    pub(super) candidate: Option<Candidate>,
    pub(super) known: Option<Known>,
}

/// A page as read, and where the article goes on.
struct Read {
    draft: Draft,
    notes: Vec<Note>,
    next: Option<PageUrl>,
    /// Where the article stands when the page shows none, and whether it keeps its own address: then it is a frame.
    behind: Option<(PageUrl, bool)>,
    /// APIs that may answer the article when the page shows none.
    details: Option<Details>,
    /// The page's twin for small screens, as it names it.
    twin: Option<PageUrl>,
    /// For a trial: selectors that find the fields again.
    rules: Option<ArticleRules>,
}

/// An article as read, whole.
#[derive(Debug)]
pub(super) struct Whole {
    pub(super) article: Article,
    pub(super) prints: Prints,
    pub(super) notes: Vec<Note>,
    /// The reply of the first page, without its body.
    pub(super) reply: Reply,
    /// Its twin for small screens.
    pub(super) twin: Option<PageUrl>,
    /// For a trial: selectors that find the fields again.
    pub(super) rules: Option<ArticleRules>,
}

/// What an article is compared by; costly for a long one, so that it is made where the page was read.
#[derive(Debug)]
pub(super) struct Prints {
    pub(super) fingerprint: String,
    pub(super) story: Option<String>,
}

impl Prints {
    pub(super) fn of(article: &Article) -> Self {
        Self { fingerprint: dedupe::fingerprint(article), story: dedupe::story_key(article) }
    }
}

/// Decodes and reads an answered page, asks for the further pages of its article, and joins them.
pub(super) async fn read(round: &mut Round<'_>, wanted: &Wanted, reply: Reply) -> Result<Whole, FetchError> {
    let (mut read, mut reply) = Box::pin(found(round, wanted, reply)).await?;
    let first = reply.url.clone();
    let mut seen: HashSet<UrlKey> = HashSet::from([first.key()]);
    while let Some(url) = read.next.take() {
        if !seen.insert(url.key()) {
            break;
        }
        let length = read.draft.length();
        if seen.len() > MAX_PAGES || length > MOST_BODY {
            let read_so_far = seen.len() - 1;
            let detail = format!("pages of the article beyond the first {read_so_far} were not read");
            read.notes.push(Note { class: Class::TooMany, detail, url: Some(url) });
            break;
        }
        if round.is_over() && is_patient(wanted) {
            let detail = "the article's last pages were not read: it takes longer than a visit".to_owned();
            read.notes.push(Note { class: Class::TooMany, detail, url: Some(url) });
            break;
        }
        if round.is_over() {
            let detail = "the visit's time was over before its last page";
            return Err(FetchError::new(Class::Timeout, &wanted.url, detail));
        }
        match round.get_article(&url, None).await {
            Ok(further) => {
                (read, _) = step(round, wanted, &first, Some(read), further).await?;
                // that the first page stands as it was says nothing of the others
                reply.validators = Validators::default();
            }
            Err(error) if is_final(&error, wanted) => {
                read.notes.push(error.fault);
                break;
            }
            Err(error) => return Err(error),
        }
    }
    let Read { draft, mut notes, rules, twin, .. } = read;
    let size = draft.length();
    let clean =
        move || normalise::article(draft).map(|(article, notes)| (Prints::of(&article), article, notes));
    let read = round.parse(&wanted.url, size, clean).await?;
    let (prints, article, more) = read.map_err(|reject| {
        // what was cut away may be why
        round.notes.append(&mut notes);
        let class = match reject.class {
            RejectClass::SoftNotFound => Class::Gone,
            RejectClass::Wall => Class::Challenge,
            RejectClass::NoBody | RejectClass::NoTitle | RejectClass::List => Class::Selector,
        };
        FetchError::new(class, &wanted.url, reject.detail)
    })?;
    notes.extend(more);
    Ok(Whole { article, prints, notes, reply, twin, rules })
}

/// Reads the page of an article, or the one that it leads to: by a refresh, a plain script or a frame.
async fn found(round: &mut Round<'_>, wanted: &Wanted, reply: Reply) -> Result<(Read, Reply), FetchError> {
    let first = reply.url.clone();
    let (mut read, mut reply) = step(round, wanted, &first, None, reply).await?;
    let mut seen = HashSet::from([first]);
    let mut is_parted = false;
    while let Some((url, is_frame)) =
        read.behind.take().filter(|_| seen.len() <= MOST_HOPS && !round.is_over())
    {
        if !seen.insert(url.clone()) {
            break;
        }
        if !is_frame && let Some(place) = round.strayed(&wanted.url, &url) {
            let detail = format!("the article's address sends on to {place}");
            return Err(FetchError::new(Class::Gone, &wanted.url, detail));
        }
        let answer = round.get_article(&url, None).await;
        if is_frame {
            // without it the page is what it is
            let Ok(answer) = answer else { break };
            // the title stands around the frame
            let mut its = wanted.clone();
            its.candidate.iter_mut().for_each(|listed| listed.url = answer.url.clone());
            let (inner, _) = step(round, &its, &url, None, answer).await?;
            // a page that says something itself gives way to a frame that says more
            let says_more =
                read.draft.reject.is_some() || inner.draft.length() > read.draft.length().saturating_mul(2);
            if inner.behind.is_some() && read.draft.reject.is_some()
                || inner.draft.reject.is_none() && says_more
            {
                read = framed(read, inner);
                is_parted = true;
            }
        } else {
            let answer = answer?;
            let at = answer.url.clone();
            (read, reply) = step(round, wanted, &at, None, answer).await?;
        }
    }
    if is_parted {
        reply.validators = Validators::default();
    }
    if let Some(details) = read.details.take().filter(|_| !round.is_over()) {
        (read, reply) = Box::pin(answered(round, wanted, details, (read, reply))).await?;
    }
    Ok((read, reply))
}

/// The article of a page that shows none, as an API answers it.
async fn answered(
    round: &mut Round<'_>,
    wanted: &Wanted,
    details: Details,
    (mut read, mut reply): (Read, Reply),
) -> Result<(Read, Reply), FetchError> {
    let addresses = behind::addresses(round, &wanted.url, &details).await;
    let is_asked = !addresses.is_empty();
    for (way, url) in addresses {
        let is_proven = round.behind.is_proven(&way);
        let answer = match round.get_article(&url, None).await {
            Ok(answer) => answer,
            // what answered others is no guess any more
            Err(error) if is_proven => return Err(error),
            Err(_) => continue,
        };
        // its own address is the one that it is asked by
        let mut its = wanted.clone();
        its.candidate.iter_mut().for_each(|listed| listed.url = answer.url.clone());
        let (inner, _) = step(round, &its, &url, None, answer).await?;
        let says_gone = is_proven
            && inner.draft.reject.as_ref().is_some_and(|why| why.class == RejectClass::SoftNotFound);
        let says_more = inner.draft.reject.is_none()
            && (extract::is_gap(&read.draft) || inner.draft.length() >= read.draft.length() * MORE);
        if says_more || says_gone {
            round.behind.learn(Some(&way));
            // the page stays as it is when the article is edited: nothing that it says of itself tells of that
            reply.validators = Validators::default();
            let Draft { url, canonical_url, lang, .. } = read.draft;
            let draft = Draft { url, canonical_url, lang: lang.or(inner.draft.lang), ..inner.draft };
            read = Read { draft, twin: read.twin, ..inner };
            return Ok((read, reply));
        }
    }
    if is_asked {
        round.behind.learn(None);
    }
    Ok((read, reply))
}

/// A page whose text stands in a frame: its own words go first, and the address is its own.
fn framed(outer: Read, inner: Read) -> Read {
    let Draft { url, canonical_url, title, published, author, source, categories, lang, evidence, .. } =
        outer.draft;
    let mut draft = inner.draft;
    draft.url = url;
    draft.canonical_url = canonical_url;
    draft.title = title.or(draft.title);
    // the day that the list says is no word of the page around the frame
    let finer = draft.published.filter(|inner| {
        published.is_some_and(|outer| {
            inner.precision < outer.precision && inner.at.date_naive() == outer.at.date_naive()
        })
    });
    draft.published = finer.or(published).or(draft.published);
    draft.author = author.or(draft.author);
    draft.source = source.or(draft.source);
    draft.categories = if categories.is_empty() { draft.categories } else { categories };
    draft.lang = lang.or(draft.lang);
    draft.evidence.extend(evidence);
    Read { draft, twin: outer.twin, ..inner }
}

/// Whether the article is served without the page: it is not there, or it failed time and again.
fn is_final(error: &FetchError, wanted: &Wanted) -> bool {
    let is_missing = error.status.is_some_and(|status| matches!(status, 403 | 404 | 410));
    is_missing || is_patient(wanted)
}

/// Whether the article failed time and again.
fn is_patient(wanted: &Wanted) -> bool {
    wanted.known.as_ref().is_some_and(|known| known.article.is_none() && known.visits >= PATIENCE)
}

/// What reading a page needs to know, sent to the thread that reads it.
struct Reading {
    portal: Arc<Portal>,
    learnt: Arc<Traits>,
    now: DateTime<Utc>,
    /// Where the article begins.
    first: PageUrl,
    candidate: Option<Candidate>,
    earlier: Option<extract::Earlier>,
    is_trial: bool,
}

/// Reads one page off the runtime's threads: the first of an article, or one that goes on.
async fn step(
    round: &Round<'_>,
    wanted: &Wanted,
    first: &PageUrl,
    so_far: Option<Read>,
    mut reply: Reply,
) -> Result<(Read, Reply), FetchError> {
    let known = wanted.known.as_ref();
    let reading = Reading {
        portal: Arc::clone(&round.portal),
        learnt: Arc::clone(&round.learnt),
        now: round.now(),
        first: first.clone(),
        candidate: wanted.candidate.clone(),
        earlier: known
            .and_then(|known| Some(extract::Earlier { published: known.published, seen: known.first_seen? })),
        is_trial: round.store.is_none(),
    };
    round
        .parse(&wanted.url, reply.body.len(), move || {
            let read = parse(&reading, &reply, so_far);
            reply.body = bytes::Bytes::new();
            (read, reply)
        })
        .await
}

fn parse(reading: &Reading, reply: &Reply, so_far: Option<Read>) -> Read {
    let portal = &reading.portal;
    let text = decode_reply(portal, reply);
    // an article may be what an API answers
    let answer = data::answer(&text.text);
    let page = Page::parse(answer.as_deref().unwrap_or(&text.text), reply.url.clone());
    let context = extract::Context {
        recipe: &portal.recipe,
        now: reading.now,
        zone: portal.zone,
        charset: Some(text.charset),
        candidate: reading.candidate.as_ref(),
        earlier: reading.earlier,
        learnt: Some(&reading.learnt),
    };
    let mut read = match so_far {
        None => {
            let (draft, notes) = extract::article(&page, &context);
            let rules = reading.is_trial.then(|| extract::rules(&page, &draft));
            let behind = extract::stands_in(&page, &draft);
            let is_thin = || data::is_bare(&page) && !draft.body_html.contains("<img");
            let details = (behind.is_none() && answer.is_none() && (extract::is_gap(&draft) || is_thin()))
                .then(|| discover::details(&page));
            Read { draft, notes, next: None, behind, details, twin: discover::twin(&page), rules }
        }
        Some(mut read) => {
            extract::further(&page, &context, &mut read.draft);
            read
        }
    };
    read.notes.extend(page.notes().iter().cloned());
    read.notes.extend(decode_note(&reply.url, &text));
    if read.draft.reject.is_none() {
        read.next = extract::next_page(&page, &reading.first, &portal.recipe.article);
    }
    read
}
