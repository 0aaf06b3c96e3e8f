//! Charsets as portals declare them, rightly, wrongly and not at all.

use encoding_rs::{
    BIG5, EUC_JP, EUC_KR, Encoding, GB18030, ISO_2022_JP, SHIFT_JIS, WINDOWS_1251, WINDOWS_1252,
};

use super::{Hints, Text, Why, decode, encode_gbk, is_known};

const TOWN: &str =
    "市里召开全市重点项目观摩总结会议，部署首季工作。与会人员现场察看了十八个项目，并作了测评打分。";

fn read(bytes: &[u8]) -> Text {
    decode(bytes, Hints::default())
}

fn with_header(bytes: &[u8], content_type: &str) -> Text {
    decode(bytes, Hints { fixed: None, content_type: Some(content_type) })
}

fn page(meta: &str, text: &str, encoding: &'static Encoding) -> Vec<u8> {
    let page = format!("<html><head>{meta}<title>t</title></head><body><p>{text}</p></body></html>");
    encoding.encode(&page).0.into_owned()
}

#[test]
fn gb2312_is_read_as_gb18030() {
    let meta = "<META HTTP-EQUIV=\"Content-Type\" CONTENT=\"text/html; charset=GB2312\">";
    let text = read(&page(meta, "朱镕基 㐀", GB18030));
    assert!(text.text.contains("朱镕基 㐀"));
    assert_eq!((text.charset, text.why, text.errors), ("GBK", Why::Meta, 0));
}

#[test]
fn only_a_meta_tag_declares() {
    let meta = "<!-- <meta charset=big5> --><script charset=utf-8 src=a.js></script>\
        <script>document.write('<meta charset=koi8-r>')</script><link charset='euc-jp' href=x>\
        <meta name=d content='charset=euc-kr'><meta content=\"text/html;charset='gbk'\" http-equiv=content-type>";
    let text = read(&page(meta, TOWN, GB18030));
    assert!(text.text.contains(TOWN));
    assert_eq!((text.charset, text.why), ("GBK", Why::Meta));
}

#[test]
fn a_late_meta_is_found() {
    let meta = format!("<style>{}</style><meta charset=gbk>", "a{b:c}".repeat(700));
    assert_eq!(read(&page(&meta, "短", GB18030)).why, Why::Meta);
}

#[test]
fn bytes_in_utf_8_are_utf_8_whatever_is_declared() {
    let text = with_header(
        page("<meta charset=gb2312>", TOWN, encoding_rs::UTF_8).as_slice(),
        "text/html; charset=gbk",
    );
    assert!(text.text.contains(TOWN));
    assert_eq!((text.charset, text.why), ("UTF-8", Why::ValidUtf8));
}

#[test]
fn utf_16_without_its_mark_is_known_by_its_zeros() {
    let feed = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><rss><channel><title>{TOWN}</title></channel></rss>"
    );
    for (bytes, charset) in [
        (feed.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>(), "UTF-16LE"),
        (feed.encode_utf16().flat_map(u16::to_be_bytes).collect(), "UTF-16BE"),
    ] {
        let text = read(&bytes);
        assert_eq!((text.text.as_str(), text.charset), (feed.as_str(), charset));
    }
    // zeros on both sides are no charset's
    assert!(!read(&[b'a', 0, 0, b'b'].repeat(20)).charset.starts_with("UTF-16"));
}

#[test]
fn a_piece_in_another_charset_is_read_by_itself() {
    let page = |title: &[u8]| {
        [
            "<html><meta charset=utf-8><body><h1>青石新闻网</h1><ul><li>".as_bytes(),
            title,
            "</li><li>供水管网改造完工，工程历时两年</li></ul>".as_bytes(),
        ]
        .concat()
    };
    let text = read(&page(&encode_gbk("城东小学新校舍竣工")));
    assert!(text.text.contains("<li>城东小学新校舍竣工</li><li>供水管网"), "{}", text.text);
    assert_eq!((text.charset, text.errors), ("UTF-8", 0));
    let text = read(&page(b"Stra\xdfenfest verschoben"));
    assert!(text.text.contains("<li>Straßenfest verschoben</li>"), "{}", text.text);
    // a character that was cut is no other charset
    for cut in ["竣工了\u{5f00}".as_bytes().split_last().unwrap().1, b"caf\xc3..."] {
        assert_eq!(read(&page(cut)).errors, 1);
    }
    assert!(read(&page(b"Gr\xc3\xb6\xc3\x9fe \xed\xa0\xbd\xed\xb8\x80")).text.contains("Größe"));
}

#[test]
fn one_slip_does_not_unmake_utf_8() {
    for meta in ["<meta charset=utf-8>", "<meta charset=gb2312>", ""] {
        let mut bytes = page(meta, TOWN, encoding_rs::UTF_8);
        let at = bytes.len() / 2 + 10;
        bytes.insert(at, 0xff);
        let text = read(&bytes);
        assert_eq!(text.charset, "UTF-8", "{meta}");
        assert!(text.errors >= 1 && text.text.contains("市里召开"), "{meta}");
    }
    let text = read("<meta charset=utf-8>Café Müller \u{e9}".as_bytes().split_last().unwrap().1);
    assert!(text.text.contains("Café Müller"));
}

#[test]
fn the_header_comes_before_the_meta() {
    let text = with_header(&page("<meta charset=big5>", TOWN, GB18030), "text/html;charset=\"GB2312\"");
    assert!(text.text.contains(TOWN));
    assert_eq!(text.why, Why::Header);
}

#[test]
fn a_label_the_bytes_contradict_is_refused() {
    let wrong = [
        ("text/html; charset=utf-8", GB18030, TOWN),
        ("text/html; charset=ISO-8859-1", GB18030, TOWN),
        ("text/html; charset=nonsense", GB18030, TOWN),
        ("text/html; charset=utf-16", GB18030, TOWN),
        (
            "text/html; charset=utf-8",
            WINDOWS_1252,
            "Über die Brücke – für „alle“ Bürger geht es später nach Köln",
        ),
    ];
    for (header, encoding, words) in wrong {
        let text = with_header(&page("", words, encoding), header);
        assert!(text.text.contains(words), "{header} {} {:?}", text.charset, text.why);
        assert_eq!(text.why, Why::Statistics, "{header}");
    }
}

#[test]
fn charsets_of_the_trade_are_read_declared_or_not() {
    let cases = [
        (BIG5, "市府昨日宣布新的交通計畫，市民可於下月起申請補助，詳情請洽服務中心。"),
        (SHIFT_JIS, "市は十一日、新しい図書館の計画を発表しました。来月から工事が始まります。"),
        (EUC_JP, "市は十一日、新しい図書館の計画を発表しました。来月から工事が始まります。"),
        (EUC_KR, "시는 새로운 도서관 계획을 발표했습니다. 다음 달부터 공사가 시작됩니다."),
        (WINDOWS_1251, "Город объявил о планах новой библиотеки, строительство начнётся в следующем месяце."),
        (ISO_2022_JP, "市は十一日、新しい図書館の計画を発表しました。"),
    ];
    for (encoding, words) in cases {
        let meta = format!("<meta charset={}>", encoding.name());
        let declared = read(&page(&meta, words, encoding));
        assert!(declared.text.contains(words), "{}", encoding.name());
        let guessed = read(&page("", words, encoding));
        assert!(guessed.text.contains(words), "{} read as {}", encoding.name(), guessed.charset);
    }
}

#[test]
fn latin_1_is_windows_1252() {
    let text = with_header(b"\x80 \x84Stra\xdfe\x93 \x96 \xe9t\xe9", "text/html; charset=ISO-8859-1");
    assert_eq!((text.text.as_str(), text.charset), ("€ „Straße“ – été", "windows-1252"));
}

#[test]
fn a_page_cut_within_a_character_keeps_its_charset() {
    for encoding in [GB18030, BIG5] {
        let words = if encoding == BIG5 { "市府昨日宣布新的計畫" } else { TOWN };
        let mut bytes = format!("<meta charset={}>", encoding.name()).into_bytes();
        bytes.extend_from_slice(&encoding.encode(words).0);
        bytes.pop();
        let text = read(&bytes);
        assert_eq!((text.charset, text.why, text.errors), (encoding.name(), Why::Meta, 1));
    }
    assert_eq!(read(&TOWN.as_bytes()[..TOWN.len() - 1]).charset, "UTF-8");
}

#[test]
fn half_characters_in_cut_titles_are_borne() {
    let mut bytes = Vec::new();
    for _ in 0..20 {
        bytes.extend_from_slice(b"<li>");
        bytes.extend_from_slice(&GB18030.encode(TOWN).0);
        bytes.extend_from_slice(b"\xd6</li>");
    }
    let undeclared = read(&bytes);
    assert!(undeclared.text.contains(TOWN), "{}", undeclared.charset);
    let mut declared = b"<meta charset=gb2312>".to_vec();
    declared.extend_from_slice(&bytes);
    assert_eq!(read(&declared).why, Why::Meta);
}

#[test]
fn marks_of_byte_order_win_but_for_a_fixed_label() {
    let text = with_header(b"\xef\xbb\xbfabc", "text/html; charset=gbk");
    assert_eq!((text.text.as_str(), text.why), ("abc", Why::Bom));
    let text = read(b"\xff\xfe\x11\x62a\0");
    assert_eq!((text.text.as_str(), text.charset), ("我a", "UTF-16LE"));
    let fixed = decode(&GB18030.encode("我").0, Hints { fixed: Some("gb2312"), content_type: None });
    assert_eq!((fixed.text.as_str(), fixed.why), ("我", Why::Fixed));
}

#[test]
fn ascii_is_ascii_in_the_declared_charset() {
    assert_eq!((read(b"plain").charset, read(b"plain").why), ("UTF-8", Why::Ascii));
    assert_eq!(read(b"<meta charset=gb2312>plain").charset, "GBK");
    assert_eq!(read(b"<meta charset=utf-16>plain").charset, "UTF-8");
    assert_eq!(read(b"").text, "");
}

#[test]
fn an_xml_declaration_counts() {
    let mut bytes = b"\n<?xml version=\"1.0\" encoding='gb2312'?><a>".to_vec();
    bytes.extend_from_slice(&GB18030.encode("短").0);
    assert_eq!((read(&bytes).charset, read(&bytes).why), ("GBK", Why::Meta));
}

#[test]
fn hostile_bytes_are_endured() {
    for bytes in [
        &b"<meta charset="[..],
        b"<meta charset='",
        b"<!--",
        b"<",
        b"<meta http-equiv=content-type content=charset>",
        b"<script",
        b"<?xml encoding=",
        b"\xff",
        b"\x1b$B",
        b"\0\0\xff\xfe\x80",
        b"<meta ==== / / = charset = >",
    ] {
        let _ = read(bytes);
        let _ = with_header(bytes, "charset=charset=\"");
    }
    let noise: Vec<u8> = (0..60_000_u32).map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()[2]).collect();
    let _ = read(&noise);
}

#[test]
fn labels_are_those_of_the_standard() {
    assert!(is_known("gb2312") && is_known(" Big5-HKSCS ") && is_known("latin1"));
    assert!(!is_known("hz-gb-2312") && !is_known("utf-7") && !is_known(""));
}

#[test]
fn what_gbk_lacks_becomes_a_reference() {
    assert_eq!(encode_gbk("中😀"), b"\xd6\xd0&#128512;");
}
