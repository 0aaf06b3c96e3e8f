//! Incidents to the feed of sick portals: what happened, since when, and what to do about it.

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};

use crate::model::{
    ArticleId, Class, Entry, Fault, Feed, FeedSpec, PageUrl, Pages, Portal, Precision, STATUS, Stamp,
};
use crate::render::escape_html;
use crate::store::{Incident, StoreError};

use super::advice::{cure, meaning};
use super::feed::Desk;
use super::spec::MOST;

/// Incidents looked at for one document; each gives at most two entries.
const LOOKED_AT: usize = 1000;

impl Desk<'_> {
    /// The feed of sick portals: an entry when one breaks, one when it recovers. Narrowed by limit and category.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn status(&self, spec: &FeedSpec) -> Result<Feed, StoreError> {
        let base = &self.place.base;
        let mut entries: Vec<Entry> = Vec::new();
        for incident in self.store.incidents(LOOKED_AT).await? {
            // the page of a portal that is no longer configured is gone, and nobody could mend it
            let Some(portal) = self.portals.iter().find(|portal| portal.id == incident.portal) else {
                continue;
            };
            let told = Told { portal, incident: &incident, desk: *self };
            if incident.fault.class != Class::Layout {
                entries.extend(told.recovered());
            }
            entries.push(told.broke());
        }
        entries.retain(|entry| spec.category.as_ref().is_none_or(|one| entry.categories.contains(one)));
        entries.retain(|entry| spec.words.as_ref().is_none_or(|words| entry.title.contains(words.as_str())));
        entries.sort_by_key(|entry| std::cmp::Reverse((entry.published.utc(), entry.id.as_str().to_owned())));
        entries.truncate(spec.limit.clamp(1, MOST));
        let stem = format!("tag:{},2026:feeds/", self.place.authority);
        Ok(Feed {
            name: STATUS.to_owned(),
            title: "Sick portals".to_owned(),
            description: "Portals that broke, with what to do about it, and portals that recovered"
                .to_owned(),
            id: format!("{stem}{STATUS}"),
            stem,
            home: base.clone(),
            address: base.join(STATUS).unwrap_or_else(|_| base.clone()),
            folder: base.join("feeds/").unwrap_or_else(|_| base.clone()),
            hub: None,
            icon: None,
            tombstones: Vec::new(),
            pages: Pages::default(),
            lang: Some("en".to_owned()),
            updated: entries.iter().map(|entry| entry.updated).max(),
            mixed: false,
            entries,
        })
    }
}

/// An incident on its way into the feed.
struct Told<'a> {
    portal: &'a Portal,
    incident: &'a Incident,
    desk: Desk<'a>,
}

impl Told<'_> {
    fn broke(&self) -> Entry {
        let incident = self.incident;
        let class = incident.fault.class;
        let (what, cure) = (meaning(class), cure(class));
        let good = incident.last_ok.map_or_else(
            || "there was no good visit before".to_owned(),
            |at| format!("the last good visit was on {}", day(at)),
        );
        let is_layout = class == Class::Layout;
        let mut since = if is_layout {
            format!("Seen on {}; the feed goes on.", day(incident.broke))
        } else {
            format!("Broken since {}; {good}.", day(incident.broke))
        };
        if incident.times > 1 {
            since.push_str(&format!(" It recovered and broke again, {} times in all.", incident.times));
        }
        let paragraphs =
            [format!("{what} {}", detail(&incident.fault)), since, format!("What to do: {cure}")];
        let title = if is_layout {
            format!("{} has changed its pages", self.name())
        } else {
            format!("{} is broken: {class}", self.name())
        };
        let updated = incident.again.unwrap_or(incident.broke);
        self.entry(if is_layout { "changed" } else { "broke" }, title, incident.broke, updated, &paragraphs)
    }

    fn recovered(&self) -> Option<Entry> {
        let incident = self.incident;
        let at = incident.recovered?;
        let paragraphs = [
            format!("The last visit was good: the feed of {} is fed again.", self.name()),
            format!(
                "It was broken since {}, for {}, because of `{}`.",
                day(incident.broke),
                lasting(at - incident.broke),
                incident.fault.class
            ),
            "What to do: nothing.".to_owned(),
        ];
        Some(self.entry("recovered", format!("{} has recovered", self.name()), at, at, &paragraphs))
    }

    fn entry(
        &self,
        event: &str,
        title: String,
        at: DateTime<Utc>,
        updated: DateTime<Utc>,
        paragraphs: &[String],
    ) -> Entry {
        let (incident, base) = (self.incident, &self.desk.place.base);
        let page = base.join(&format!("portals/{}", self.portal.id)).unwrap_or_else(|_| base.clone());
        let mut html: String =
            paragraphs.iter().map(|text| format!("<p>{}</p>", escape_html(text.trim()))).collect();
        html.push_str(&links(&page, &incident.fault));
        let id = format!("tag:{},2026:status/{}/{event}", self.desk.place.authority, incident.number);
        let at = at.trunc_subsecs(0);
        Entry {
            id: ArticleId::from_stored(id),
            url: page,
            title,
            published: Stamp { at: at.fixed_offset(), precision: Precision::Second },
            updated: updated.trunc_subsecs(0).max(at),
            author: None,
            source: None,
            portal: (self.portal.id.clone(), self.name().to_owned()),
            categories: vec![event.to_owned(), incident.fault.class.to_string()],
            summary: paragraphs.join(" "),
            html,
            lang: None,
            images: Vec::new(),
            attachments: Vec::new(),
        }
    }

    /// As configured: what the pages say may change, and an entry that was read may not.
    fn name(&self) -> &str {
        self.portal.title.as_deref().unwrap_or(self.portal.id.as_str())
    }
}

/// The page of the portal, and the address that failed.
fn links(page: &PageUrl, fault: &Fault) -> String {
    let link = |url: &PageUrl, text: &str| {
        format!("<a href=\"{}\">{}</a>", escape_html(url.as_str()), escape_html(text))
    };
    let failed = fault.url.as_ref().map(|url| format!(" · address that failed: {}", link(url, url.as_str())));
    format!("<p>{}{}</p>", link(page, "How it fares now"), failed.unwrap_or_default())
}

/// The fault's own words. Those of the store and of our own faults may hold paths: they stand in the log.
fn detail(fault: &Fault) -> String {
    match fault.class {
        Class::Store | Class::Internal => String::new(),
        _ => format!("In detail: {}.", fault.detail.trim_end_matches('.')),
    }
}

fn day(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d at %H:%M UTC").to_string()
}

fn lasting(time: TimeDelta) -> String {
    let minutes = time.num_minutes();
    match minutes {
        ..1 => "less than a minute".to_owned(),
        1..120 => format!("{minutes} min"),
        120..2880 => format!("{} h", time.num_hours()),
        _ => format!("{} days", time.num_days()),
    }
}
