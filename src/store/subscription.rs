//! Subscriptions at the hub: what goes into a store of them and comes out.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::model::PageUrl;

/// What a request to a subscriber is about: `hub.mode` (W3C WebSub sections 5.1 and 5.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// It is to begin, or to last longer.
    Subscribe,
    /// It is to end.
    Unsubscribe,
    /// We end it: the topic is no more.
    Denied,
}

impl Mode {
    /// As `hub.mode` says it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Subscribe => "subscribe",
            Self::Unsubscribe => "unsubscribe",
            Self::Denied => "denied",
        }
    }
}

/// How subscriptions stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Subscriptions {
    /// Verified, their lease not over.
    pub active: i64,
    /// Of these, those that a document is owed to.
    pub owed: i64,
    /// Of these, those that failed for a day and are left alone until they renew.
    pub resting: i64,
}

/// What a subscriber asks the hub for, not verified yet (W3C WebSub section 5.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    /// The address of a document of ours, as written there.
    pub topic: String,
    /// Where documents are delivered to.
    pub callback: PageUrl,
    /// What is to become of the subscription.
    pub mode: Mode,
    /// What deliveries are signed with.
    pub secret: Option<String>,
    /// How long it is to last, in seconds.
    pub lease_secs: u64,
}

/// A wish that is to be verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wished {
    /// The subscription's number.
    pub number: i64,
    /// What is asked for.
    pub wish: Wish,
    /// How often verifying it failed so far.
    pub tries: u32,
}

/// What became of a wish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WishEnd {
    /// The subscription holds until then; the subscriber is taken to have this document already.
    Granted {
        /// When the lease ends.
        until: DateTime<Utc>,
        /// The digest of the topic's document.
        sent: Option<String>,
    },
    /// The subscription ended.
    Ended,
    /// The subscriber did not mean it: all stays as it was.
    Refused,
    /// It could not be asked; not before this.
    Later(DateTime<Utc>),
}

/// A delivery that is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Push {
    /// The subscription's number.
    pub number: i64,
    /// Whose document is owed.
    pub topic: String,
    /// The digest of the document that was owed when this was taken.
    pub owed: Option<String>,
    /// Where it goes.
    pub callback: PageUrl,
    /// What it is signed with.
    pub secret: Option<String>,
    /// Failures in a row.
    pub failures: u32,
    /// Since when it fails.
    pub since: Option<DateTime<Utc>>,
}

/// What became of a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PushEnd {
    /// The topic's document was taken; nothing is owed any more unless that changed meanwhile.
    Delivered {
        /// The document's digest.
        digest: String,
        /// What was owed when the delivery began: another digest, when the document moved on since.
        owed: Option<String>,
    },
    /// It failed; it is tried again then.
    Later {
        /// Not before this.
        at: DateTime<Utc>,
        /// Since when it fails.
        since: DateTime<Utc>,
    },
    /// It failed for too long: nothing is delivered until the subscriber renews.
    Rests,
    /// The subscriber is gone for good (410).
    Ended,
}
