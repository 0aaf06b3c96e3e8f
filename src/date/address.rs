//! The day an address names.

use std::sync::LazyLock;

use chrono::NaiveDate;
use regex::Regex;

use crate::model::PageUrl;

/// From the surer to the vaguer: `t20210311_123`, `2021/03/11`, `2021/0311`, `20210311`.
static FORMS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    [
        r"(?:^|[/=_-])[a-z]?((?:19|20)[0-9]{2})[/_.-]([0-9]{1,2})[/_.-]([0-9]{1,2})(?:[^0-9]|$)",
        r"(?:^|[/=_-])t((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})_",
        r"(?:^|[/=_-])((?:19|20)[0-9]{2})[/_-]([0-9]{2})([0-9]{2})(?:[^0-9]|$)",
        r"(?:^|[/=_-])((?:19|20)[0-9]{2})([0-9]{2})[/_-]([0-9]{2})(?:[^0-9]|$)",
        r"(?:^|[/=_a-z-])((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})(?:[^0-9]|$)",
    ]
    .iter()
    .filter_map(|form| Regex::new(form).ok())
    .collect()
});

/// The day an address names: `/202103/t20210311_123.html`, `/2021/03/11/`.
#[must_use]
pub fn in_url(url: &PageUrl) -> Option<NaiveDate> {
    let text = url.path_and_query().to_ascii_lowercase();
    FORMS.iter().find_map(|form| {
        form.captures_iter(&text).find_map(|found| {
            let part = |n| found.get(n)?.as_str().parse::<u32>().ok();
            let day = found.get(3)?.range();
            if begins_name(&text, day.start, day.end) {
                return None;
            }
            NaiveDate::from_ymd_opt(i32::try_from(part(1)?).ok()?, part(2)?, part(3)?)
        })
    })
}

/// Whether a number is the first word of a name: `/2021/04/21-volunteers-turn-out.html`.
fn begins_name(text: &str, start: usize, end: usize) -> bool {
    let is_first = text.get(..start).is_some_and(|before| before.ends_with('/'));
    let rest = text.get(end..).and_then(|rest| rest.strip_prefix('-'));
    is_first && rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic()))
}
