//! What the file may say one day: known, but refused until it works.

/// Keys, with dots; those of a portal stand under `portal` for `[defaults]` too.
const KEYS: [&str; 0] = [];

/// Values of keys that have others already.
const VALUES: [(&str, &str); 1] = [("portal.fetch.render", "browser")];

/// Whether a key comes later.
pub(super) fn is_later(key: &str) -> bool {
    KEYS.contains(&key)
}

/// Whether a value comes later; the key itself is known.
pub(super) fn is_later_value(key: &str, value: &str) -> bool {
    VALUES.contains(&(key, value))
}

/// All keys that come later, for the documentation's test.
#[cfg(test)]
pub(super) fn keys() -> impl Iterator<Item = &'static str> {
    KEYS.into_iter()
}
