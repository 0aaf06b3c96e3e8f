//! The words every room shares: what is fetched, what was read, what is served. Plain values, no I/O.

mod access;
mod article;
mod draft;
mod evidence;
mod fault;
mod feed;
mod key;
mod portal;
mod recipe;
mod shape;
mod time;
mod traits;
mod url;
mod visit;
mod walk;

pub use access::{Access, Login, LoginKind, Proxy, ProxyKind, Render};
pub use article::{Article, ArticleId, Attachment, Image, StoredArticle};
pub use draft::{BodyPart, Candidate, Draft, Given, Linked, MOST_BODY, Reject, RejectClass};
pub use evidence::{Evidence, FieldEvidence, Refused};
pub use fault::{Class, Fault, Note};
pub use feed::{Entry, Feed, FeedSpec, Field, Filter, Mix, Origin, Pages, Person, STATUS, Tombstone};
pub use key::UrlKey;
pub use portal::{Expect, Kind, NameError, Pace, Portal, PortalId, Probe};
pub use recipe::{ArticleRules, CharsetRule, DateRules, JsonRules, ListRules, Recipe};
pub use shape::{shape, title_key};
pub use time::{Precision, Stamp};
pub use traits::{Doubt, HubLink, MOST_LINKS, Traits, mark};
pub use url::{HostKey, PageUrl, UrlError};
pub use visit::{PortalState, PortalStatus, VisitCounts};
pub use walk::Walk;
