//! Pages that lead to their list: frames, being sent on, a data island by its proxy.

use super::{articles, expected, stand, titles, typed};
use crate::portal::{Page, list, path, row, title};

fn rows(count: u32) -> String {
    (1..=count).rev().map(|n| row(n, &title(n))).collect()
}

#[test]
fn a_list_in_a_frame_is_read() {
    for outer in [
        "<html><head><title>青石</title></head><frameset rows=\"80,*\"><frame src=\"/top.html\" name=\"top\"><frame src=\"main.html\" name=\"main\"></frameset></html>",
        "<html><body><div class=\"head\">青石新闻网</div><iframe src=\"/news/main.html\" width=\"100%\" height=\"800\" frameborder=\"0\"></iframe></body></html>",
        "<html><head><meta http-equiv=\"refresh\" content=\"0; url='main.html'\"></head><body></body></html>",
        "<html><body><script language=\"javascript\">window.location.replace(\"main.html\");</script></body></html>",
        // two deep
        "<html><body><iframe src=\"/news/inner.html\" height=\"900\"></iframe></body></html>",
    ] {
        let stand = stand("/news/");
        articles(&stand.site, 5);
        stand.site.put("/news/", Page::html(outer));
        stand.site.put("/top.html", Page::html("<html><body><a href=\"/\">首页</a></body></html>"));
        stand.site.put(
            "/news/inner.html",
            Page::html("<html><body><iframe src=\"main.html\" height=\"900\"></iframe></body></html>"),
        );
        stand.site.put("/news/main.html", Page::html(list(&rows(5))));
        assert_eq!(titles(&stand), expected(5), "{outer}");
        // and again, when nothing changed
        assert_eq!(stand.visit().error, None, "{outer}");
        assert_eq!(stand.stored().len(), 5);
    }
}

#[test]
fn an_article_in_a_frame_is_read() {
    let stand = stand("/news/");
    articles(&stand.site, 3);
    stand.site.put("/news/", Page::html(list(&rows(3))));
    let inner = stand.site.get(&path(2));
    stand.site.put("/inner/2.html", inner);
    stand.site.put(&path(2), Page::html("<html><head><title>青石新闻网</title></head><body><iframe src=\"/inner/2.html\" width=\"100%\" height=\"900\"></iframe></body></html>"));
    let inner = stand.site.get(&path(3));
    stand.site.put("/inner/3.html", inner);
    stand.site.put(
        &path(3),
        Page::html("<html><head><meta http-equiv=Refresh content='0;URL=/inner/3.html'></head></html>"),
    );
    assert_eq!(titles(&stand), expected(3));
}

#[test]
fn a_data_island_is_read_from_its_proxy() {
    let stand = stand("/col/col1/index.html");
    articles(&stand.site, 4);
    let shell = "<html><body><div id=\"list\"></div><script type=\"text/javascript\">var p = {\"url\":\"/module/web/jpage/dataproxy.jsp?startrecord=1&endrecord=4&perpage=4&columnid=1\"}; $('#list').jpage(p);</script></body></html>";
    stand.site.put("/col/col1/index.html", Page::html(shell));
    let records: String = (1..=4)
        .map(|n| {
            format!("<record><![CDATA[{}]]></record>", row(n, &title(n)).replace("show-", "/news/show-"))
        })
        .collect();
    let data = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<datastore><nextgroup></nextgroup><recordset>{records}</recordset></datastore>"
    );
    stand.site.put(
        "/module/web/jpage/dataproxy.jsp?startrecord=1&endrecord=4&perpage=4&columnid=1",
        typed("text/xml", &data),
    );
    assert_eq!(titles(&stand), expected(4));
}
