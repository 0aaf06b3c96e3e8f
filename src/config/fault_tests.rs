//! What is told of a faulty file: every fault, at its place, with its cure.

use proptest::prelude::*;

use super::*;

fn faults_of(text: &str) -> Faults {
    parse(text, "feeds.toml", &Environment::default())
        .err()
        .unwrap_or_else(|| panic!("nothing was found in: {text}"))
}

/// Snippets with the faulty bytes between `«` and `»`, and parts of what is wrong and of the cure.
/// `P` at the start of a snippet stands for a portal's heading and address.
const FAULTS: &[(&str, &str, &str)] = &[
    // broken TOML
    ("P\nevery = «20m»", "must be quoted", "\"20m\""),
    ("[server]\n«[server]»\n", "", ""),
    ("P\nname = \"abc«»\n", "broken TOML", "close"),
    ("P\nlist = { item = \"tr\"\n«»link = \"a\" }", "missing comma", "a comma"),
    // unknown keys
    ("[server]\n«lisen» = \"127.0.0.1:1\"", "unknown key `lisen`", "did you mean `listen`?"),
    ("«[sever]»", "", ""),
    ("P\n«titel» = \"x\"", "unknown key `titel`", "`title`"),
    ("P\n«selector» = \"x\"", "unknown key `selector`", "known here: article, charset"),
    ("P\n«min_gap» = \"1s\"", "unknown key `min_gap`", "fetch = { min_gap = … }"),
    ("P\nlist = { «items» = \"tr\" }", "unknown key `items`", "`item`"),
    ("«listen» = \"127.0.0.1:1\"", "unknown key `listen`", "under `[server]`"),
    ("[defaults]\n«evry» = \"2m\"", "unknown key `evry`", "`every`"),
    // wrong types
    (
        "[server]\nlisten = «7878»",
        "`listen` is a whole number but must be a text",
        "listen = \"127.0.0.1:7878\"",
    ),
    ("P\nenabled = «\"yes\"»", "`enabled` is a text but must be true or false", "enabled = true"),
    ("P\nlist.max_pages = «\"2\"»", "must be a whole number", "max_pages = 2"),
    ("P\nlist.max_pages = «0»", "out of bounds", "from 1 to 100"),
    ("P\nlist.max_pages = «99999999999999999999»", "", ""),
    ("P\nlist.max_pages = «1.5»", "a broken number", "max_pages = 1"),
    ("P\ntags = «\"a\"»", "must be a list", "[\"a\"]"),
    ("P\ntags = [\"a\", «1»]", "`tags` is a whole number", "a text"),
    ("[[portal]]\nurl = «3»", "must be a text or a list", "url = "),
    ("«[portal]»\nurl = \"http://a.example/\"", "must be a list", "[[portal]]"),
    ("«[[store]]»", "must be a table", "[store]"),
    ("P\nlist = «\"tr\"»", "must be a table", "[portal.list]"),
    // values
    ("P\nevery = «\"20 minutes\"»", "`20 minutes` is no duration", "20m"),
    ("P\nevery = «\"0\"»", "too little", "1s or more"),
    ("P\nevery = «\"999999999999999999999d\"»", "no duration", ""),
    ("[fetch]\nmin_gap = «\"2h\"»", "too much", "30s or less"),
    ("[fetch]\ntimeout = «\"6m\"»", "too much", "5m or less"),
    ("[fetch]\nmax_body = «\"16\"»", "no size", "16MiB"),
    ("[fetch]\nmax_body = «\"17MiB\"»", "too much", "16MiB or less"),
    ("[fetch]\nallow_networks = [\"10.0.0.0/8\", «\"10.0.0.0/40\"»]", "no network", "127.0.0.0/8"),
    ("[fetch]\nuser_agent = «\"\"»", "value of a header", ""),
    ("[store]\nretain = «\"half a year\"»", "no duration", "180d"),
    ("[store]\nurl = «\"mysql://x\"»", "no address of a store", "sqlite:data"),
    ("[server]\nlisten = «\"localhost:80\"»", "no address to listen on", "127.0.0.1:80"),
    ("[server]\nlisten = «\"0.0.0.0:80\"»", "without `base_url`", "base_url = "),
    ("[server]\nlisten = «\"unix:/run/x\"»", "without `base_url`", "base_url = "),
    ("[server]\nbase_url = «\"https://a.example/?q\"»", "a query", ""),
    ("[server]\nbase_url = «\"https://a.example/#x\"»", "a fragment", ""),
    ("[server]\nadmin_token_file = «\"/nowhere/token\"»", "cannot be read", ""),
    ("P\ntimezone = «\"Asia/Beijing\"»", "no time zone `Asia/Beijing`", "`Asia/Shanghai`"),
    ("P\ntimezone = «\"europe/berlin\"»", "no time zone", "`Europe/Berlin`"),
    ("P\ntimezone = «\"Asia/Shangai\"»", "no time zone", "`Asia/Shanghai`"),
    ("P\ntimezone = «\"Hong Kong\"»", "no time zone", "`Asia/Hong_Kong`"),
    ("P\ncharset = «\"gb1830\"»", "no charset", "`gb18030`"),
    ("P\ncron = «\"*/5 * * * *\"»\ntimezone = \"UTC\"", "5 fields instead of six", "\"0 */5 * * * *\""),
    ("P\ncron = «\"0 0 25 * * *\"»\ntimezone = \"UTC\"", "`25` cannot be read as hours", ""),
    ("P\ncron = «\"0 0 7 * * *\"»", "needs a time zone", "timezone = "),
    ("P\nevery = \"1m\"\ntimezone = \"UTC\"\ncron = «\"0 0 7 * * *\"»", "stand in one table", "keep one"),
    ("P\nlist.item = «\"tr >\"»", "selector", "@attr"),
    ("P\narticle.remove = [\".a\", «\"..b\"»]", "selector", ""),
    ("P\ndates.formats = [«\"%Y-%Q\"»]", "no form of a date", "%%"),
    ("P\ndates.formats = [«\"today\"»]", "no part of a date", ""),
    ("P\ndates.ignore = [«\" \"»]", "empty or broken word", ""),
    ("P\nfetch.headers = { «\"a b\"» = \"x\" }", "no name of a header", ""),
    ("P\nfetch.headers = { «Host» = \"x\" }", "written by tidings itself", ""),
    ("P\nfetch.headers = { X-A = «\"a\\nb\"» }", "value of a header", ""),
    ("P\nkind = «\"htm\"»", "`htm` is no `kind`", "`html`"),
    (
        "[[portal]]\nurl = «\"news.example-city.cn\"»",
        "not an absolute address",
        "https://news.example-city.cn",
    ),
    ("[[portal]]\nurl = «\"ftp://a.example/\"»", "not http or https", ""),
    ("[[portal]]\nurl = «\"http://me:pw@a.example/\"»", "holds a password", ""),
    ("[[portal]]\nurl = «[]»", "`url` is empty", ""),
    ("[[portal]]\nurl = [\"http://a.example/\", «\"http://a.example\"»]", "named twice", ""),
    ("[[portal]]\nurl = [\"http://a.example/\", «\"sample:\"»]", "mixed with others", "of its own"),
    ("«[[portal]]»\ntitle = \"x\"", "no `url`", "url = "),
    // names
    ("P\nname = «\"Tang Shan\"»", "is no name", "`tang-shan`"),
    ("P\nname = «\"唐山\"»", "is no name", "Latin"),
    ("P\nname = «\"all\"»", "taken", "reserved"),
    ("P\nname = «\"tag-a\"»", "taken", "reserved"),
    ("P\nname = \"a\"\nP\nname = «\"a\"»", "two portals have the name `a`", "another"),
    // feeds
    ("P\nname = \"a\"\n«[[feed]]»", "this feed needs a name", "city-life"),
    ("P\nname = «\"a\"»\n[[feed]]\nname = \"a\"", "a portal and a feed have the name `a`", "another"),
    ("P\n[[feed]]\nname = \"a\"\n[[feed]]\nname = «\"a\"»", "two feeds have the name `a`", "another"),
    (
        "P\nname = \"town\"\n[[feed]]\nname = \"x\"\nfrom = [«\"twon\"»]",
        "no portal `twon`",
        "did you mean `town`?",
    ),
    (
        "P\ntags = [\"hebei\"]\n[[feed]]\nname = \"x\"\nfrom = [«\"tag:hebie\"»]",
        "no portal has the tag",
        "`hebei`",
    ),
    ("P\n[[feed]]\nname = \"x\"\ninclude = { any = [«\"/(/\"»] }", "is no pattern", "between slashes"),
    (
        "P\n[[feed]]\nname = \"x\"\ninclude = { any = [\"a\"], in = [«\"titel\"»] }",
        "",
        "did you mean `title`?",
    ),
    ("P\n[[feed]]\nname = \"x\"\nlimit = «201»", "out of bounds", "from 1 to 200"),
    ("P\n[[feed]]\nname = \"x\"\n«form» = [\"all\"]", "unknown key `form`", "did you mean `from`?"),
    // what comes later
    ("P\nexpect = { min_items = «0» }", "out of bounds", "from 1 to 500"),
    ("P\nexpect = { newest_within = «\"soon\"» }", "", ""),
    ("P\nexpect = { «min_item» = 5 }", "unknown key `min_item`", "did you mean `min_items`?"),
    ("P\nprobe = { url = «\"x\"» }", "", "https://"),
    (
        "P\nprobe = { url = \"http://a.example/1\", published = «\"2021-03-11 09:11\"» }",
        "no instant",
        "with its zone",
    ),
    ("P\njson = { items = «\"$.[\"» }", "is no path into JSON", "RFC 9535"),
    ("P\njson = { page_param = «\"a=b\"» }", "no parameter's name", "the name alone"),
    (
        "P\nlogin = { kind = \"basic\", user = \"a\", password_file = \"tests/it/kinds/word\", «password» = \"b\" }",
        "a password stands in the file",
        "password_file = ",
    ),
    (
        "P\nlogin = { kind = «\"form\"», user = \"a\", password_file = \"tests/it/kinds/word\" }",
        "a form needs the page",
        "url = ",
    ),
    ("P\narticle = { next = «\"..a\"» }", "selector", ""),
    ("P\nfetch = { cookie_file = «\"no such file\"» }", "cannot be read", "let the user"),
    ("P\nfetch = { cookie_file = «\"Cargo.toml\"» }", "line ", "cookies.txt"),
    ("[defaults]\nfetch = { proxy = «\"x\"» }", "no address of a proxy", "socks5://"),
    ("P\nfetch = { proxy = «\"https://p.example:1\"» }", "no address of a proxy that", "socks5://"),
    ("P\nfetch = { proxy = «\"socks5://p.example\"» }", "has no port", "HOST:PORT"),
    ("P\nfetch = { proxy = «\"http://a:b@p.example:1\"» }", "user or password", "proxy_login_file"),
    ("P\nfetch = { proxy_login_file = «\"tests/it/kinds/word\"» }", "no proxy", "add proxy"),
    #[cfg(not(feature = "browser"))]
    ("P\nfetch = { render = «\"browser\"» }", "built without pages by a browser", "--features browser"),
    #[cfg(feature = "browser")]
    (
        "P\nfetch = { render = «\"browser\"», proxy = \"socks5://p.example:1\" }",
        "`proxy` does not reach the browser",
        "keep one",
    ),
    (
        "[fetch]\nbrowser = «\"http://10.0.0.1:9222\"»",
        "no address of DevTools on this machine",
        "127.0.0.1:9222",
    ),
    ("[store]\nurl = «\"postgres://h/db\"»", "PostgreSQL is not supported yet", ""),
];

#[test]
fn each_fault_is_told_at_its_place_with_its_cure() {
    for (marked, what, cure) in FAULTS {
        let marked = marked.replace("P\n", "[[portal]]\nurl = \"http://a.example/\"\n");
        let text = marked.replace(['«', '»'], "");
        let start = marked.find('«').unwrap();
        let end = marked.find('»').unwrap() - '«'.len_utf8();
        let faults = faults_of(&text);
        let shown = faults.to_string();
        assert_eq!(faults.count(), 1, "{shown}");
        let fault = faults.iter().next().unwrap();
        // Headings are marked whole; TOML places the key inside or the brackets.
        let span = fault.span.clone().unwrap();
        let exact = !text[start..end].starts_with('[') || text[start..end].starts_with("[]");
        let placed = if exact { span == (start..end) } else { span.start >= start && span.end <= end };
        assert!(placed, "expected {start}..{end}, got {span:?} for {marked}\n{shown}");
        assert!(fault.what.contains(what) && !fault.what.is_empty(), "{shown}");
        assert!(fault.cure.contains(cure) && !fault.cure.is_empty(), "{shown}");
        let (line, column) = faults.place(fault).unwrap();
        assert!(shown.contains(&format!("feeds.toml:{line}:{column}")), "{shown}");
    }
}

#[test]
fn all_faults_of_a_file_are_told_at_once() {
    let text = r#"
[server]
lisen = "0.0.0.0:7878"
base_url = "https://feeds.example.net?x=1"

[store]
retain = 180

[defaults]
every = "2 hours"

[[portal]]
name = "tangshan"
url = "http://portal.example.cn/"
cron = "0 0 7 * * *"

[[portal]]
name = "tangshan"
url = "portal.example.cn/notice/"
timezone = "Asia/Peking"
list = { itm = "table.list tr", max_pages = 200 }

[[portal]]
title = "唐山", expect
"#;
    insta::assert_snapshot!(faults_of(text));
}

#[test]
fn a_fault_under_defaults_is_told_once_for_all_portals() {
    let portal = "[[portal]]\nurl = \"http://a.example/\"\n";
    for (fault, count) in [("every = \"x\"", 1), ("fetch = { min_gap = \"x\" }", 1), ("name = \"a\"", 2)] {
        let text = format!("[defaults]\n{fault}\n{portal}{portal}{portal}");
        let faults = faults_of(&text);
        assert!(faults.count() <= count, "{faults}");
        assert!(
            faults.iter().all(|fault| fault.span.as_ref().is_some_and(|span| span.start < 35)),
            "{faults}"
        );
    }
}

#[test]
fn a_fault_of_a_flag_has_no_place() {
    let environment = Environment {
        listen: Some("0.0.0.0:80".to_owned()),
        store: Some("redis:x".to_owned()),
        ..Environment::default()
    };
    let faults = parse("", "feeds.toml", &environment).unwrap_err();
    assert_eq!((faults.count(), faults.iter().filter(|fault| fault.span.is_none()).count()), (2, 2));
    assert!(faults.to_string().contains("--store: `redis:x` is no address of a store"), "{faults}");
}

#[test]
fn colour_is_only_there_when_asked_for() {
    let faults = faults_of("x = 1");
    assert!(faults.render(true).contains('\u{1b}'));
    assert!(!faults.render(false).contains('\u{1b}'));
    assert_eq!(faults.path(), "feeds.toml");
}

/// Lines that make up files of all sorts when put together.
fn lines() -> impl Strategy<Value = String> {
    let known: Vec<String> = FAULTS.iter().flat_map(|(text, ..)| text.lines().map(str::to_owned)).collect();
    prop_oneof![
        4 => prop::sample::select(known),
        1 => "[\\[\\]a-z=\"'{},.#0-9 ]{0,30}",
        1 => "\\PC{0,20}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_file_makes_the_reader_panic(lines in prop::collection::vec(lines(), 0..12), any in "(?s).{0,80}") {
        for text in [lines.join("\n"), lines.concat().replace(['«', '»'], ""), any] {
            if let Err(faults) = parse(&text, "feeds.toml", &Environment::default()) {
                prop_assert!(faults.count() > 0);
                prop_assert!(!faults.render(true).is_empty());
                for fault in faults.iter() {
                    prop_assert_eq!(faults.place(fault).is_some(), fault.span.is_some());
                }
            }
        }
    }
}
