//! Single pieces of work for the commands: visit now, try, preview, back up.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::collect::{Step, Trial, Watch};
use crate::compose::{self, Desk, Place, Writing};
use crate::config::Config;
use crate::model::{ArticleRules, Kind, Pace, PageUrl, Portal, PortalId, Recipe};
use crate::render::{self, Format, Outline};
use crate::runtime::{Clock, Meter, Stop};
use crate::schedule::{self, Visited, Visits};
use crate::store::{Claim, Store};

use super::build::{self, Role};
use super::error::Error;
use super::progress::Progress;

/// A portal that another process visits is waited for so long.
const BUSY_PATIENCE: Duration = Duration::from_secs(30);
/// Between two looks at a busy portal.
const BUSY_RETRY: Duration = Duration::from_millis(200);

/// What a person tries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// An address, with nothing known of it.
    Url(PageUrl),
    /// A configured portal.
    Portal(PortalId),
}

/// Visits portals now, once, into the store, all at once as far as their hosts allow; none named means all.
///
/// # Errors
/// When a name is unknown or the store fails. A visit that failed is told in its [`Visited`].
pub async fn fetch(
    config: Config,
    names: Vec<PortalId>,
    progress: impl Fn(Progress) + Send + Sync + 'static,
) -> Result<Vec<Visited>, Error> {
    let rooms = build::rooms(&config, Role::Command).await?;
    let stop = Stop::new();
    let now = rooms.clock.now();
    rooms.store.sync_portals(schedule::seeds(&config.portals, now), now).await?;
    let portals = chosen(config.portals, &names)?;
    let sample = build::sample(&portals, Some(&rooms.store), &rooms.clock, &stop).await?;
    let portals = build::with_sample(portals, sample.as_ref());
    let progress: Arc<dyn Fn(Progress) + Send + Sync> = Arc::new(progress);
    let mut tasks = Vec::new();
    for portal in portals {
        let (visits, progress, order) = (rooms.visits.clone(), Arc::clone(&progress), stop.clone());
        tasks.push(stop.spawn(visit(visits, Arc::new(portal), progress, order)));
    }
    let mut visited = Vec::new();
    for task in tasks {
        visited.push(task.await.map_err(|error| Error::System(format!("a visit broke off: {error}")))??);
    }
    stop.request();
    stop.finished(Duration::from_secs(5)).await;
    rooms.store.close().await?;
    Ok(visited)
}

async fn visit(
    visits: Visits,
    portal: Arc<Portal>,
    progress: Arc<dyn Fn(Progress) + Send + Sync>,
    stop: Stop,
) -> Result<Visited, Error> {
    let mut claim = claimed(&visits, &portal).await?;
    claim.asked = true;
    progress(Progress::Begun(portal.id.clone()));
    let watch = told(&progress, &portal.id);
    let visited = visits.make(portal, claim, stop, watch).await?;
    progress(Progress::Ended(Box::new(visited.clone())));
    Ok(visited)
}

/// The right to visit, waited for a while.
pub(super) async fn claimed(visits: &Visits, portal: &Portal) -> Result<Claim, Error> {
    for _ in 0..BUSY_PATIENCE.as_millis() / BUSY_RETRY.as_millis() {
        if let Some(claim) = visits.claim(portal).await? {
            return Ok(claim);
        }
        tokio::time::sleep(BUSY_RETRY).await;
    }
    Err(Error::System(format!("another process is visiting `{}`; try again later", portal.id)))
}

/// Who tells a person of the steps of a visit.
pub(super) fn told(progress: &Arc<dyn Fn(Progress) + Send + Sync>, portal: &PortalId) -> Watch {
    let (told, id) = (Arc::clone(progress), portal.clone());
    Watch::new(move |step| {
        told(match step {
            Step::Listed(count) => Progress::Listed(id.clone(), count),
            Step::Article => Progress::Article(id.clone()),
            Step::Page(number) => Progress::Page(id.clone(), number),
        });
    })
}

pub(super) fn chosen(portals: Vec<Portal>, names: &[PortalId]) -> Result<Vec<Portal>, Error> {
    if let Some(name) = names.iter().find(|name| !portals.iter().any(|portal| portal.id == **name)) {
        return Err(Error::UnknownPortal { name: name.to_string(), known: known(&portals) });
    }
    let is_chosen =
        |portal: &Portal| if names.is_empty() { portal.enabled } else { names.contains(&portal.id) };
    Ok(portals.into_iter().filter(is_chosen).collect())
}

fn known(portals: &[Portal]) -> String {
    let names: Vec<&str> = portals.iter().map(|portal| portal.id.as_str()).collect();
    if names.is_empty() { "none yet".to_owned() } else { names.join(", ") }
}

/// Visits one address or portal and keeps nothing.
///
/// # Errors
/// When the name is unknown, or the list cannot be fetched.
pub async fn try_out(config: &Config, target: &Target) -> Result<Trial, Error> {
    let (clock, meter, stop) = (Clock::system(), Meter::new(), Stop::new());
    let portal = match target {
        Target::Url(url) => portal_of(url),
        Target::Portal(id) => {
            let found = config.portals.iter().find(|portal| portal.id == *id).cloned();
            found
                .ok_or_else(|| Error::UnknownPortal { name: id.to_string(), known: known(&config.portals) })?
        }
    };
    let sample = build::sample(std::slice::from_ref(&portal), None, &clock, &stop).await?;
    let portal = build::with_sample(vec![portal], sample.as_ref()).pop();
    let portal = portal.ok_or_else(|| Error::System("no portal to try".to_owned()))?;
    let fetcher = build::fetcher(config, &clock, &meter)?;
    let trial = build::collector(config, fetcher, &clock, &meter).try_out(&Arc::new(portal)).await;
    stop.request();
    trial.map_err(Error::Visit)
}

/// A portal of which only the address is known.
fn portal_of(url: &PageUrl) -> Portal {
    Portal {
        id: PortalId::of_host(url.host()),
        title: None,
        lists: vec![url.clone()],
        sample: false,
        admitted: None,
        kind: Kind::Auto,
        pace: Pace::Every(Duration::from_secs(20 * 60)),
        zone: None,
        tags: Vec::new(),
        recipe: Recipe { article: ArticleRules::default(), ..Recipe::default() },
        min_gap: None,
        headers: Vec::new(),
        access: crate::model::Access::default(),
        expect: crate::model::Expect::default(),
        probe: None,
        enabled: true,
    }
}

/// A feed as it would be served, from the store.
///
/// # Errors
/// When the name is unknown or the store fails.
pub async fn preview(config: &Config, name: &str, format: Format) -> Result<Vec<u8>, Error> {
    let unknown = || Error::UnknownFeed { name: name.to_owned(), known: known(&config.portals) };
    let spec = compose::spec_for(name, &config.portals, &config.mixes).ok_or_else(unknown)?;
    let store = Store::open_beside(&config.store).await?;
    let place = place(config);
    let desk = Desk { portals: &config.portals, place: &place, store: &store };
    let feed = desk.whole(&spec, Writing::No).await?;
    store.close().await?;
    Ok(render::feed(&feed, format))
}

/// What feeds say of where they are served.
pub(super) fn place(config: &Config) -> Place {
    Place {
        base: config.server.public_base(),
        authority: config.store.authority.clone(),
        mixes: config.mixes.clone(),
    }
}

/// An online copy of the store into a new file.
///
/// # Errors
/// When the store cannot be opened or the file not be written.
pub async fn backup(config: &Config, to: &Path) -> Result<(), Error> {
    let store = Store::open_beside(&config.store).await?;
    store.backup(to).await?;
    store.close().await?;
    Ok(())
}

/// The feeds of this server, as OPML outlines.
#[must_use]
pub fn outlines(config: &Config) -> Vec<Outline> {
    let base = config.server.public_base();
    let folder = |portal: &Portal| portal.tags.first().cloned();
    config
        .portals
        .iter()
        .map(|portal| Outline {
            title: portal.title.clone().unwrap_or_else(|| portal.id.to_string()),
            xml_url: format!("{base}feeds/{}.rss", portal.id),
            html_url: portal.lists.first().map(ToString::to_string),
            folder: folder(portal),
            tags: portal.tags.clone(),
            keys: render::portal_keys(portal, true),
            others: Vec::new(),
        })
        .collect()
}
