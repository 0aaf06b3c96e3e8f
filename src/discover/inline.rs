//! Rows that stand in a script as a data island: `<datastore><recordset><record><![CDATA[<li>…]]>` (大汉 JCMS).

use crate::page::Page;

/// Records of one island.
const MAX_RECORDS: usize = 1000;

/// The records of a page's data island as a page of their own, with the same address and base.
pub(super) fn unfold(page: &Page) -> Option<Page> {
    let script = page
        .root()
        .descendants()
        .filter(|node| node.name() == "script" && node.attr("src").is_none())
        .map(crate::page::Node::raw_text)
        .find(|script| script.contains("<datastore") && script.contains("<record>"))?;
    let mut markup =
        format!("<base href=\"{}\"><ul class=\"records\">", page.base().as_str().replace('"', "%22"));
    for record in script.split("<record>").skip(1).take(MAX_RECORDS) {
        let record = record.split("</record>").next().unwrap_or_default();
        let inner = record
            .split_once("<![CDATA[")
            .and_then(|(_, rest)| rest.split_once("]]>"))
            .map(|(inner, _)| inner);
        markup.push_str(inner.unwrap_or(record));
    }
    markup.push_str("</ul>");
    Some(Page::parse(&markup, page.url().clone()))
}
