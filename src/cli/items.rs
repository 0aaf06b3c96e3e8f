//! The items of a list as a table for people.

use comfy_table::{Cell, CellAlignment, ContentArrangement, Table, presets};

use crate::model::{Candidate, Precision, Stamp};

use super::out;

/// A row an item: its number, its time as far as the list tells it, its title and address.
///
/// The address stands below the title and is never folded, so that it can be copied whole.
pub(super) fn table(items: &[Candidate]) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    for (index, item) in items.iter().enumerate() {
        let number = Cell::new(index + 1).set_alignment(CellAlignment::Right);
        let time = item.published.as_ref().map(time).unwrap_or_default();
        table.add_row([
            number,
            Cell::new(time),
            Cell::new(format!("{}\n{}", out::line(&item.title), item.url)),
        ]);
    }
    table.trim_fmt()
}

/// A time as exactly as the page told it.
pub(super) fn time(stamp: &Stamp) -> String {
    let form = match stamp.precision {
        Precision::Second => "%Y-%m-%d %H:%M:%S %:z",
        Precision::Minute => "%Y-%m-%d %H:%M %:z",
        Precision::Hour => "%Y-%m-%d %H h %:z",
        Precision::Day => "%Y-%m-%d",
    };
    stamp.at.format(form).to_string()
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use crate::model::PageUrl;

    use super::*;

    #[test]
    fn a_row_tells_the_time_only_as_far_as_the_list_does() {
        let at = DateTime::parse_from_rfc3339("2021-03-11T00:00:00+08:00").unwrap();
        let item = |id: u32, published| Candidate {
            url: PageUrl::parse(&format!("http://a.example/show.asp?id={id}")).unwrap(),
            title: "新桥\u{1b}[31m通车".to_owned(),
            published,
            summary: None,
            given: None,
        };
        let day = Stamp { at, precision: Precision::Day };
        let told = table(&[item(1, Some(day)), item(2, None)]);
        let lines: Vec<&str> = told.lines().map(str::trim_end).collect();
        assert_eq!(
            lines,
            [
                " 1  2021-03-11  新桥 [31m通车",
                "                http://a.example/show.asp?id=1",
                " 2              新桥 [31m通车",
                "                http://a.example/show.asp?id=2"
            ]
        );
    }
}
