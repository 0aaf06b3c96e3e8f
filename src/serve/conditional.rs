//! Conditional requests (RFC 9110 section 13): is the client's copy still good?

use std::borrow::Cow;

use chrono::{DateTime, NaiveDateTime, Utc};
use http::header::{IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_UNMODIFIED_SINCE};
use http::{HeaderMap, HeaderName};

/// What a request's conditions come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Send it.
    Send,
    /// 304: the client has it.
    NotModified,
    /// 412: the client asked for another one.
    Failed,
}

/// Evaluates the conditions of a GET or HEAD in the order of RFC 9110 section 13.2.2.
pub(super) fn evaluate(headers: &HeaderMap, etag: &str, modified: Option<DateTime<Utc>>) -> Verdict {
    let modified = modified.map(|at| at.timestamp());
    if let Some(list) = joined(headers, &IF_MATCH) {
        if !listed(&list, etag, Comparison::Strong) {
            return Verdict::Failed;
        }
    } else if let (Some(since), Some(modified)) = (date(headers, &IF_UNMODIFIED_SINCE), modified)
        && modified > since
    {
        return Verdict::Failed;
    }
    if let Some(list) = joined(headers, &IF_NONE_MATCH) {
        if listed(&list, etag, Comparison::Weak) {
            return Verdict::NotModified;
        }
    } else if let (Some(since), Some(modified)) = (date(headers, &IF_MODIFIED_SINCE), modified)
        && modified <= since
    {
        return Verdict::NotModified;
    }
    Verdict::Send
}

/// All lines of a header as one list; None when it is not there.
pub(super) fn joined<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<Cow<'a, str>> {
    let mut lines = headers.get_all(name).iter().map(|line| String::from_utf8_lossy(line.as_bytes()));
    let mut all = lines.next()?;
    for line in lines {
        let all = all.to_mut();
        all.push_str(", ");
        all.push_str(&line);
    }
    Some(all)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Comparison {
    Strong,
    Weak,
}

/// Whether the list names the tag, by RFC 9110 section 8.8.3.2; our own tags are strong. What is no list
/// of tags names nothing.
fn listed(list: &str, etag: &str, comparison: Comparison) -> bool {
    if list.trim() == "*" {
        return true;
    }
    let mut rest = list.trim_start_matches([' ', '\t', ',']);
    while !rest.is_empty() {
        let weak = rest.starts_with("W/");
        let tag = if weak { &rest[2..] } else { rest };
        let Some(end) = tag.strip_prefix('"').and_then(|inner| inner.find('"')) else { return false };
        let (tag, after) = tag.split_at(end + 2);
        if tag == etag && (comparison == Comparison::Weak || !weak) {
            return true;
        }
        rest = after.trim_start_matches([' ', '\t', ',']);
    }
    false
}

/// A date header in any of the three forms of RFC 9110 section 5.6.7, in seconds; None when it is none.
fn date(headers: &HeaderMap, name: &HeaderName) -> Option<i64> {
    let text = headers.get(name)?.to_str().ok()?.trim();
    ["%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"]
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())
        .map(|at| at.and_utc().timestamp())
}

/// The date as HTTP writes it (RFC 9110 section 5.6.7).
pub(super) fn http_date(at: DateTime<Utc>) -> String {
    at.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TAG: &str = "\"abc-gz\"";

    fn verdict(lines: &[(HeaderName, &str)]) -> Verdict {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(name, value.parse().unwrap());
        }
        evaluate(&headers, TAG, DateTime::from_timestamp(1_615_425_103, 0))
    }

    #[test]
    fn entity_tags_are_compared_as_the_standard_says() {
        for (value, expected) in [
            ("\"abc-gz\"", Verdict::NotModified),
            ("W/\"abc-gz\"", Verdict::NotModified),
            ("\"no-such\", \"abc-gz\" , W/\"other\"", Verdict::NotModified),
            (" , ,\"abc-gz\"", Verdict::NotModified),
            ("*", Verdict::NotModified),
            ("\"abc\"", Verdict::Send),
            ("no quotes", Verdict::Send),
            ("\"open", Verdict::Send),
            ("", Verdict::Send),
            ("é, \"abc-gz\"", Verdict::Send),
        ] {
            assert_eq!(verdict(&[(IF_NONE_MATCH, value)]), expected, "{value}");
        }
        assert_eq!(verdict(&[(IF_NONE_MATCH, "\"x\""), (IF_NONE_MATCH, TAG)]), Verdict::NotModified);
        assert_eq!(verdict(&[(IF_MATCH, TAG)]), Verdict::Send);
        assert_eq!(verdict(&[(IF_MATCH, "*")]), Verdict::Send);
        assert_eq!(verdict(&[(IF_MATCH, "W/\"abc-gz\"")]), Verdict::Failed);
        assert_eq!(verdict(&[(IF_MATCH, "\"x\"")]), Verdict::Failed);
    }

    #[test]
    fn dates_are_read_in_three_forms_and_rank_below_tags() {
        for (value, expected) in [
            ("Thu, 11 Mar 2021 01:11:43 GMT", Verdict::NotModified),
            ("Thu, 11 Mar 2021 01:11:42 GMT", Verdict::Send),
            ("Thursday, 11-Mar-21 01:11:43 GMT", Verdict::NotModified),
            ("Thu Mar 11 01:11:43 2021", Verdict::NotModified),
            ("Sat Mar  6 01:11:43 2021", Verdict::Send),
            ("yesterday", Verdict::Send),
        ] {
            assert_eq!(verdict(&[(IF_MODIFIED_SINCE, value)]), expected, "{value}");
        }
        let old = "Wed, 10 Mar 2021 01:11:43 GMT";
        let new = "Thu, 11 Mar 2021 01:11:43 GMT";
        assert_eq!(verdict(&[(IF_NONE_MATCH, "\"x\""), (IF_MODIFIED_SINCE, new)]), Verdict::Send);
        assert_eq!(verdict(&[(IF_NONE_MATCH, TAG), (IF_MODIFIED_SINCE, old)]), Verdict::NotModified);
        assert_eq!(verdict(&[(IF_UNMODIFIED_SINCE, old)]), Verdict::Failed);
        assert_eq!(verdict(&[(IF_UNMODIFIED_SINCE, new)]), Verdict::Send);
        assert_eq!(verdict(&[(IF_MATCH, TAG), (IF_UNMODIFIED_SINCE, old)]), Verdict::Send);
    }

    #[test]
    fn dates_are_written_as_they_are_read() {
        let at = DateTime::from_timestamp(1_615_425_103, 0).unwrap();
        assert_eq!(http_date(at), "Thu, 11 Mar 2021 01:11:43 GMT");
    }
}
