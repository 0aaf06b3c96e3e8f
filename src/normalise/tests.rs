//! What comes out of a body: paragraphs, links, pictures, and nothing that harms.

use proptest::prelude::{ProptestConfig, proptest};

use super::*;
use crate::model::{Evidence, PageUrl};

const BASE: &str = "http://town.example/news/show.asp?id=7";

fn draft(body: &str) -> Draft {
    let url = PageUrl::parse(BASE).unwrap();
    Draft {
        base: url.clone(),
        url,
        canonical_url: None,
        title: Some("河堤步道 开放".to_owned()),
        published: None,
        modified: None,
        author: None,
        source: None,
        categories: Vec::new(),
        body_html: body.to_owned(),
        lang: None,
        further: Vec::new(),
        lead_images: Vec::new(),
        documents: Vec::new(),
        attachments: Vec::new(),
        evidence: Evidence::new(),
        reject: None,
    }
}

fn read(body: &str) -> Article {
    article(draft(body)).unwrap().0
}

#[test]
fn bare_text_with_breaks_becomes_paragraphs() {
    let got = read("　　第一段。<br><br>\n&nbsp;&nbsp;第二段，<br>同一段。<br />\n<br />第三段。");
    assert_eq!(got.html, "<p>第一段。</p><p>第二段，<br>同一段。</p><p>第三段。</p>");
    assert_eq!(got.text, "第一段。\n第二段，\n同一段。\n第三段。");
}

#[test]
fn inline_elements_around_blocks_without_content_swallow_nothing() {
    let got = read(
        "<div>Some text <a href=\"/print\"><div class=icon></div></a> more text here <b>and</b> on.</div>\
         <p>Second paragraph.</p><p>Third. <img src=\"/a.jpg\"></p>",
    );
    assert_eq!(
        got.html,
        "<p>Some text</p><p>more text here <strong>and</strong> on.</p><p>Second paragraph.</p>\
         <p>Third. <img src=\"http://town.example/a.jpg\" alt=\"\"></p>"
    );
    assert_eq!(got.text, "Some text\nmore text here and on.\nSecond paragraph.\nThird.");
    let mail =
        "<b>xxxxxxxxxxxxxxxxx<a href=\"mailto:编辑部编辑部编辑部编辑部编辑部\"><div></div></a> more</b>";
    assert_eq!(read(mail).text, "xxxxxxxxxxxxxxxxx\nmore");
    let bold = read("<div>One <b><div></div></b> two.</div><div>Three.</div>");
    assert_eq!(bold.html, "<p>One</p><p>two.</p><p>Three.</p>");
}

#[test]
fn layout_and_word_markup_leaves_only_its_text() {
    for (body, expected) in [
        (
            "<div><div><font size=3><span style='x'>One</span></font></div> <div>Two</div></div>",
            "<p>One</p><p>Two</p>",
        ),
        (
            "<p class=MsoNormal><o:p></o:p>One <b>bold<o:p></o:p></b></p><p>&nbsp;</p>",
            "<p>One <strong>bold</strong></p>",
        ),
        ("<b>One<br><br>Two</b>", "<p><strong>One</strong></p><p><strong>Two</strong></p>"),
        ("<center><p>One</center>Two", "<p>One</p><p>Two</p>"),
        ("<ul><li> a <li><p>b</p><p>c</p></ul><ul></ul>", "<ul><li>a</li><li>b<br>c</li></ul>"),
        (
            "<table><tr><td colspan=2 width=9>a<td></table>",
            "<table><tbody><tr><td colspan=\"2\">a</td><td></td></tr></tbody></table>",
        ),
        ("<h1>H</h1><pre>a\n  b</pre>", "<h2>H</h2><pre>a\n  b</pre>"),
        ("x<hr>y", "<p>x</p><hr><p>y</p>"),
        ("5 < 6 & <q>\"so\"</q>", "<p>5 &lt; 6 &amp; <q>\"so\"</q></p>"),
    ] {
        assert_eq!(read(body).html, expected, "{body}");
    }
}

#[test]
fn nothing_that_runs_frames_or_asks_gets_through() {
    for body in [
        "<script>alert(1)</script>ok",
        "<p onclick=alert(1)>ok</p>",
        "<a href='javascript:alert(1)'>ok</a>",
        "<a href=' java\nscript:alert(1)'>ok</a>",
        "<a href='vbscript:x'>ok</a><a href='data:text/html,x'>ok</a>",
        "<iframe src=//evil.example></iframe>ok",
        "<svg onload=alert(1)><a xlink:href='javascript:x'>no</a></svg>ok",
        "<math><mtext><img src=x onerror=alert(1)></math>ok",
        "<form action=//evil.example><input name=a><button>no</button></form>ok",
        "<style>*{color:red}</style><link rel=stylesheet href=x>ok",
        "<img src=x onerror=alert(1)>ok",
        "<object data=x></object><embed src=x>ok",
        "<base href=//evil.example>ok",
        "<template><script>alert(1)</script></template>ok",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>ok",
        "<!--><script>alert(1)</script>-->ok",
    ] {
        let html = read(body).html.to_lowercase();
        for bad in [
            "<script",
            "onerror",
            "onclick",
            "onload",
            "javascript:",
            "vbscript:",
            "data:",
            "<iframe",
            "<svg",
            "<form",
            "<style",
            "evil.example/\"",
        ] {
            assert!(!html.contains(bad), "{bad} in {html}");
        }
        assert!(html.contains("ok"), "{html}");
    }
}

#[test]
fn links_are_absolute_clean_and_documents_are_told() {
    let got = read(
        "<a href='../doc/Plan%20A.pdf?utm_source=x'>计划</a> <a href='/downfile.jsp?id=3&filename=b.docx'>b</a> \
         <a href='#top'>top</a> <a href='mailto:a@town.example'>mail</a> <a href='show.asp?id=8'>next</a>",
    );
    assert!(got.html.contains("href=\"http://town.example/doc/Plan%20A.pdf\""), "{}", got.html);
    assert!(
        got.html.contains("href=\"mailto:a@town.example\"")
            && got.html.contains("top")
            && !got.html.contains('#')
    );
    let documents: Vec<_> =
        got.attachments.iter().map(|d| (d.media_type.as_str(), d.title.as_str())).collect();
    assert_eq!(documents[0], ("application/pdf", "计划"));
    assert!(documents[1].0.ends_with("wordprocessingml.document") && documents.len() == 2);
}

#[test]
fn lazy_pictures_show_their_real_address_and_placeholders_none() {
    for (body, expected) in [
        ("<img src='../up/1.jpg' onload=x>", Some("http://town.example/up/1.jpg")),
        ("<img src='/lazy/pixel.gif' data-src='/up/2.jpg'>", Some("http://town.example/up/2.jpg")),
        (
            "<img src='data:image/gif;base64,R0' data-original=//img.example/3.jpg>",
            Some("http://img.example/3.jpg"),
        ),
        ("<img data-srcset='/a-300.jpg 300w, /a-900.jpg 900w'>", Some("http://town.example/a-900.jpg")),
        (
            "<img src='loading.gif'><noscript><img src='/up/4.jpg'></noscript>",
            Some("http://town.example/up/4.jpg"),
        ),
        ("<img src='/blank.gif' file='/up/5.jpg'>", Some("http://town.example/up/5.jpg")),
        ("<img src='/up/6.jpg' OLDSRC='W0.jpg'>", Some("http://town.example/up/6.jpg")),
        ("<img src='/spacer.gif'>", None),
        ("<img src='/count.php' width=1 height=1>", None),
        ("<img src='/images/ewm.png'>", None),
    ] {
        let got = article(draft(&format!("文字{body}"))).unwrap().0;
        let urls: Vec<&str> = got.images.iter().map(|image| image.url.as_str()).collect();
        assert_eq!(urls, expected.into_iter().collect::<Vec<_>>(), "{body}");
        assert_eq!(got.html.matches("<img").count(), expected.iter().count(), "{body}");
    }
}

#[test]
fn a_page_without_title_or_body_is_no_article() {
    let mut untitled = draft("text");
    untitled.title = Some("\u{3000} ".to_owned());
    assert_eq!(article(untitled).unwrap_err().class, RejectClass::NoTitle);
    assert_eq!(article(draft("<p>&nbsp;</p><script>x</script>")).unwrap_err().class, RejectClass::NoBody);
}

#[test]
fn a_long_title_is_cut_and_told() {
    let mut long = draft("text");
    long.title = Some("题".repeat(5000));
    let (got, notes) = article(long).unwrap();
    assert_eq!(got.title.chars().count(), 1024);
    assert_eq!(
        (notes[0].class, notes[0].detail.as_str()),
        (Class::Truncated, "title cut at 1024 characters")
    );
}

#[test]
fn summaries_end_at_a_sentence_within_two_hundred_characters() {
    let sentence = "河堤步道本周开放，居民可以从早上六点走到晚上九点。";
    let summary = text::summary(&sentence.repeat(20));
    assert!(summary.chars().count() <= 200 && summary.ends_with('。'), "{summary}");
    let words = text::summary(&"word ".repeat(100));
    assert!(words.chars().count() <= 200 && words.ends_with("word…"), "{words}");
    assert_eq!(text::summary("kurz"), "kurz");
}

#[test]
fn the_script_corrects_a_wrong_language_and_the_page_is_heeded_else() {
    let zh = "记者从镇里了解到河堤步道本周开放";
    for (said, sample, expected) in [
        (Some("zh_cn"), zh, Some("zh-CN")),
        (Some("en"), zh, Some("zh")),
        (None, zh, Some("zh")),
        (None, "駅前の図書館は来月から閉館時間を延長します", Some("ja")),
        (Some("de-DE"), "Der Weg am Fluss ist ab dieser Woche offen.", Some("de-DE")),
        (
            None,
            "Der Weg am Fluss ist ab dieser Woche wieder für alle offen, teilte die Gemeinde am Montag mit; die Bauarbeiten an der Brücke dauern noch bis zum Herbst.",
            Some("de"),
        ),
        (Some("x-klingon-!"), "ok", None),
        (None, "short", None),
    ] {
        assert_eq!(text::language(said, "", sample).as_deref(), expected, "{sample}");
    }
}

#[test]
fn a_canonical_address_counts_only_on_the_same_site() {
    for (canonical, kept) in
        [("http://www.town.example/7.html", true), ("http://other.example/7", false), (BASE, false)]
    {
        let mut one = draft("text");
        one.canonical_url = PageUrl::parse(canonical).ok();
        assert_eq!(article(one).unwrap().0.canonical_url.is_some(), kept, "{canonical}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn sanitising_twice_is_sanitising_once(body in "(<(/?(p|b|a href=x|td|tr|table|ul|li|svg|math|style|pre|br|img src=/a.jpg)|!--)>?|[a-z<>&\"' 好]){0,40}") {
        if let Ok((once, _)) = article(draft(&body)) {
            assert_eq!(sanitise::clean(&once.html), once.html, "{body}");
        }
    }
}
