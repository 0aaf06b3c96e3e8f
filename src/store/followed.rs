//! Feeds elsewhere that tell of their news through a hub: what goes into a store of them and comes out.

use chrono::{DateTime, Utc};

use crate::model::{PageUrl, PortalId};

/// A feed that names a hub (W3C WebSub section 4), and how it stands with that.
#[derive(Clone, PartialEq, Eq)]
pub struct Followed {
    /// The last part of our callback's address: 32 hexadecimal digits that nobody can guess.
    pub token: String,
    /// Whose feed it is.
    pub portal: PortalId,
    /// Who is asked.
    pub hub: PageUrl,
    /// What is asked for.
    pub topic: PageUrl,
    /// What deliveries are signed with.
    pub secret: String,
    /// How often the hub was asked in a row without confirming it.
    pub tries: u32,
    /// Whether the hub was asked at all.
    pub was_asked: bool,
}

/// Without what opens the door.
impl std::fmt::Debug for Followed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { portal, hub, topic, tries, was_asked, .. } = self;
        write!(f, "Followed {{ {portal} at {hub}, {topic}, tries: {tries}, was_asked: {was_asked} }}")
    }
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FollowEnd {
    /// The hub is being asked.
    Asked {
        /// Our address as it is told.
        base: String,
        /// When to ask again unless it confirms before.
        again: DateTime<Utc>,
    },
    /// The hub confirmed it.
    Granted {
        /// When the lease ends.
        until: DateTime<Utc>,
        /// When to ask for the next one.
        renew: DateTime<Utc>,
    },
    /// The hub will not, or it is not wanted now.
    Rests {
        /// When to ask again.
        again: DateTime<Utc>,
    },
}
