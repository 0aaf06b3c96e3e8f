//! A stranger's site that means no good, told to the letter and visited as any portal is: a module a family of harm.

mod bombs;
mod canaries;
mod charsets;
mod crowd;
mod dates;
mod keys;
mod manners;
mod markup;
mod robots;
mod shapes;
mod site;
mod transport;
pub(crate) mod whole;

use std::sync::Mutex;
use std::time::{Duration, Instant};

use tidings::model::{Class, PageUrl};

use crate::portal;
use crate::stand::Stand;
use site::{Play, Site};

const NOW: &str = "2026-11-23T08:00:00Z";
/// What a request may take here: long enough for an honest answer on a busy machine.
const LIMIT: Duration = Duration::from_secs(2);
/// What may come on top of it on a machine with other things to do.
const SLACK: Duration = Duration::from_secs(if cfg!(debug_assertions) { 20 } else { 8 });
/// Cases played at once: most of them wait.
const AT_ONCE: usize = 16;

/// Plays all cases, several at a time, and tells all that went wrong together.
fn each<T: Sync>(cases: &[T], play: impl Fn(&T) -> Result<(), String> + Sync) {
    let (next, wrong) = (Mutex::new(cases.iter()), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE.min(cases.len()) {
            scope.spawn(|| {
                loop {
                    let Some(case) = next.lock().unwrap().next() else { return };
                    if let Err(why) = play(case) {
                        wrong.lock().unwrap().push(why);
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

/// A stand that visits a list at an address, with little patience.
fn stand(list: &str) -> Stand {
    Stand::set_up(
        NOW,
        |fetch| fetch.timeout = LIMIT,
        |portal| portal.lists = vec![PageUrl::parse(list).unwrap()],
    )
}

/// A site with a good list of four articles at `/news/`, and the article pages that are good.
fn paper(good: &[u32]) -> Site {
    let rows: String = (1..=4).rev().map(|n| portal::row(n, &portal::title(n))).collect();
    let site = Site::start();
    site.put("/news/", Play::page(&portal::list(&rows)));
    for n in good {
        site.put(&portal::path(*n), Play::page(&portal::article(*n, &portal::title(*n), "")));
    }
    site
}

/// What a visit made of a list that is played so: the class of its failure.
fn class_of_list(play: Play) -> (Option<Class>, String, Duration, Stand) {
    let site = Site::start();
    site.put("/news/", play);
    let stand = stand(&site.url("/news/"));
    let began = Instant::now();
    let visited = stand.visit();
    let told = visited.error.as_ref().map(ToString::to_string).unwrap_or_default();
    (visited.error.map(|fault| fault.class), told, began.elapsed(), stand)
}
