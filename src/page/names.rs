//! What a person would call an element: its tag with a stable class or id, as a selector writes it.

use super::node::Node;

/// An element as a person would name it: `ul#list`, `div.news`, `td`.
#[must_use]
pub fn describe(node: Node<'_>) -> String {
    let mut names = names(node);
    names.pop().unwrap_or_else(|| node.name().to_owned())
}

/// The stable names of an element, the plainest first: `td`, `td.left`, `td.left.wide`, `td#main`.
#[must_use]
pub fn names(node: Node<'_>) -> Vec<String> {
    let tag = node.name();
    let mut names = vec![tag.to_owned()];
    let classes: Vec<&str> = node.classes().filter(|class| is_stable(class)).take(3).collect();
    names.extend(classes.iter().map(|class| format!("{tag}.{class}")));
    if let [first, second, ..] = classes.as_slice() {
        names.push(format!("{tag}.{first}.{second}"));
    }
    names.extend(node.id().filter(|id| is_stable(id)).map(|id| format!("{tag}#{id}")));
    names
}

/// Whether a class or id will be there tomorrow: a plain word, no counter, no state, no build hash.
#[must_use]
pub fn is_stable(name: &str) -> bool {
    const STATES: [&str; 16] = [
        "first", "last", "odd", "even", "active", "current", "cur", "on", "hover", "selected", "clearfix",
        "clear", "hot", "new", "top", "sticky",
    ];
    let digits = name.bytes().filter(u8::is_ascii_digit).count();
    let plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    let begins = name.bytes().next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'_');
    plain && begins && digits < 3 && name.len() <= 40 && !STATES.contains(&name.to_ascii_lowercase().as_str())
}
