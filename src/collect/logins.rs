//! How often a visit may log in.

/// A portal whose sessions are so short that a visit needs more log-ins than these is left for the next visit.
const MOST_LOGINS: u32 = 3;

/// The log-ins of one visit.
#[derive(Debug, Default)]
pub(super) struct Logins {
    pub(super) count: u32,
    /// Whether a page came since the last one.
    pub(super) holds: bool,
    /// Whether one changed nothing.
    pub(super) in_vain: bool,
}

impl Logins {
    /// Whether a session that has ended may be begun anew: only where the last one brought something.
    pub(super) fn may_be_more(&self) -> bool {
        self.count == 0 || self.holds && !self.in_vain && self.count < MOST_LOGINS
    }
}
