//! What the whole of a file means.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use super::*;
use crate::model::{CharsetRule, Field, Kind, Origin, Pace};
use crate::serve::Listen;

fn config(text: &str) -> Config {
    parse(text, "feeds.toml", &Environment::default()).unwrap_or_else(|faults| panic!("{faults}"))
}

/// The shipped file, the documentation and the schema as they stand in the repository.
fn shipped(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

#[test]
fn an_empty_file_means_the_defaults() {
    let config = config("");
    assert_eq!(config.server, serve::Settings::default());
    assert_eq!(config.store, store::Settings::default());
    assert_eq!(config.fetch, fetch::Settings::default());
    assert!(config.portals.is_empty());
}

#[test]
fn the_shipped_file_names_the_sample_and_the_founding_portal() {
    let config = config(&shipped("feeds.toml"));
    let [sample, tangshan] = config.portals.as_slice() else { panic!("{config:?}") };
    assert_eq!((sample.id.as_str(), sample.sample, sample.lists.len()), ("sample", true, 0));
    assert_eq!(sample.pace, Pace::Every(Duration::from_secs(60)));
    assert_eq!(sample.min_gap, Some(Duration::ZERO));
    assert_eq!(tangshan.lists.first().unwrap().as_str(), "http://www.china0315.com/");
    assert_eq!(tangshan.zone, Some(chrono_tz::Asia::Shanghai));
    assert_eq!(tangshan.pace, Pace::Every(Duration::from_secs(1200)));
}

#[test]
fn the_defaults_that_the_shipped_file_shows_are_the_real_ones() {
    let file = shipped("feeds.toml");
    let is_shown =
        |line: &&str| line.starts_with('#') && line[1..].starts_with(|c: char| c.is_ascii_lowercase());
    let said: Vec<&str> = file.lines().map(|line| if is_shown(&line) { &line[1..] } else { line }).collect();
    assert_eq!(config(&said.join("\n")), config(&file));
    let keys = file.lines().filter(is_shown).count();
    assert!(keys > 15, "only {keys} defaults are shown");
}

#[test]
fn the_examples_in_the_shipped_file_are_right() {
    let file = shipped("feeds.toml");
    let start = file.find("# [[portal]]").unwrap();
    let example: Vec<&str> = file[start..].lines().map(|line| line.trim_start_matches("# ")).collect();
    let config = config(&example.join("\n"));
    let portal = config.portals.first().unwrap();
    assert_eq!(portal.recipe.list.title.as_deref(), Some("a@title"));
    assert_eq!(portal.recipe.charset, CharsetRule::Fixed("gb18030".to_owned()));
    assert_eq!(portal.headers, [("Accept-Language".to_owned(), "zh-CN".to_owned())]);
    assert!(!portal.enabled);
}

/// Every key of the schema below an object, with its own schema.
fn leaves(schema: &Json, path: &str, found: &mut BTreeMap<String, Json>) {
    for (key, below) in schema["properties"].as_object().unwrap() {
        let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        if path == "defaults" {
            continue;
        }
        match below {
            _ if below.get("properties").is_some() => leaves(below, &path, found),
            _ if below["items"].get("properties").is_some() => leaves(&below["items"], &path, found),
            _ => {
                found.insert(path, below.clone());
            }
        }
    }
}

fn keys() -> BTreeMap<String, Json> {
    let mut found = BTreeMap::new();
    leaves(&schema(), "", &mut found);
    found
}

#[test]
fn the_defaults_in_the_schema_are_the_real_ones() {
    let (mut text, mut feed) = (String::new(), String::new());
    for (key, schema) in keys() {
        if let (Some(key), Some(default)) = (key.strip_prefix("feed."), schema.get("default")) {
            feed += &format!("{key} = {default}\n");
        } else if let Some(default) = schema.get("default") {
            text += &format!("{} = {default}\n", key.replacen("portal.", "defaults.", 1));
        }
    }
    let portal = "[[portal]]\nurl = \"http://a.example/\"\n";
    let named = "[[feed]]\nname = \"x\"\n";
    let plain = format!("{portal}{named}");
    assert_eq!(config(&format!("{text}{plain}{feed}")), config(&plain), "{text}{feed}");
    assert!(text.lines().count() > 15, "{text}");
}

#[test]
fn the_documentation_tells_of_every_key_and_its_default() {
    let docs = shipped("docs/CONFIGURATION.md");
    let told: BTreeMap<&str, &str> = docs
        .lines()
        .filter_map(|line| {
            let mut cells = line.strip_prefix("| `")?.splitn(4, '|');
            let key = cells.next()?.trim().trim_end_matches('`');
            Some((key, cells.next()?.trim()))
        })
        .collect();
    for (key, schema) in keys() {
        let told = told.get(key.as_str()).unwrap_or_else(|| panic!("{key} is not told of"));
        match schema.get("default") {
            Some(default) => assert_eq!(told.trim_matches('`'), default.to_string(), "{key}"),
            None => assert!(!told.starts_with('`'), "{key} has no default in the schema, but {told}"),
        }
    }
    for key in told.keys().filter(|key| key.contains('.')) {
        assert!(keys().contains_key(*key), "{key} is told of, but not known");
    }
}

#[test]
fn the_examples_in_the_documentation_are_right() {
    let docs = shipped("docs/CONFIGURATION.md");
    let examples: Vec<&str> =
        docs.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(examples.len() > 3);
    for example in examples {
        config(example);
    }
}

#[test]
fn a_portal_is_called_by_its_host() {
    let urls = [
        "https://www.city.example/news/",
        "http://city.example/notice/",
        "http://127.0.0.1:9001/",
        "http://127.0.0.1:9002/",
        "http://[::1]/",
        "https://news.city-a.example./",
        "https://tag-a.example/",
        "sample:",
    ];
    let text: String = urls.iter().map(|url| format!("[[portal]]\nurl = \"{url}\"\n")).collect();
    let named = format!("[[portal]]\nurl = \"http://x.example/\"\nname = \"127-0-0-1-2\"\n{text}");
    let faults = parse(&named, "f", &Environment::default()).unwrap_err();
    assert_eq!(faults.to_string().matches("this portal needs a name").count(), 1, "{faults}");
    let portals = config(&named.replace("tag-a", "tags-a")).portals;
    let names: Vec<&str> = portals.iter().map(|portal| portal.id.as_str()).collect();
    assert_eq!(
        names,
        [
            "127-0-0-1-2",
            "city-example",
            "city-example-2",
            "127-0-0-1",
            "127-0-0-1-3",
            "1",
            "news-city-a-example",
            "tags-a-example",
            "sample",
        ]
    );
}

#[test]
fn an_id_names_no_ipv6_literal_as_its_authority() {
    let config = config("server.base_url = \"http://[::1]:8080/\"");
    assert_eq!(config.store.authority, "localhost");
}

#[test]
fn ten_thousand_portals_on_one_host_are_read_quickly() {
    let text: String =
        (0..10_000).map(|n| format!("[[portal]]\nurl = \"http://127.0.0.1:9000/{n}/\"\n")).collect();
    let portals = config(&text).portals;
    assert_eq!(portals.last().unwrap().id.as_str(), "127-0-0-1-10000");
}

#[test]
fn defaults_are_merged_table_by_table_and_key_by_key() {
    let text = r#"
        [defaults]
        cron = "0 0 7 * * *"
        timezone = "Europe/Berlin"
        tags = ["a", "b"]
        list = { max_pages = 3 }
        fetch = { min_gap = "2s", headers = { Accept-Language = "de", X-One = "1" } }
        [[portal]]
        url = "http://a.example/"
        [[portal]]
        url = ["http://b.example/", "http://b.example/two/"]
        every = "1h"
        tags = ["c"]
        list.max_pages = 4
        fetch = { headers = { Accept-Language = "fr" } }
        kind = "html"
    "#;
    let portals = config(text).portals;
    let [a, b] = portals.as_slice() else { panic!() };
    let zone = chrono_tz::Europe::Berlin;
    assert_eq!(a.pace, Pace::Cron { expression: "0 0 7 * * *".to_owned(), zone });
    assert_eq!((a.tags.len(), a.recipe.list.max_pages, a.kind), (2, 3, Kind::Auto));
    assert_eq!(b.pace, Pace::Every(Duration::from_secs(3600)));
    assert_eq!(
        (b.tags.as_slice(), b.recipe.list.max_pages, b.kind),
        (["c".to_owned()].as_slice(), 4, Kind::Html)
    );
    assert_eq!((b.lists.len(), b.zone, b.min_gap), (2, Some(zone), Some(Duration::from_secs(2))));
    let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(b.headers, [header("Accept-Language", "fr"), header("X-One", "1")]);
}

#[test]
fn settings_are_read() {
    let text = r#"
        server = { listen = "unix:/run/x.sock", base_url = "https://feeds.example.net/sub/", trusted_proxies = ["10.0.0.1", "10.1.2.3/8"] }
        store = { url = "sqlite:/var/x.db", retain = "0" }
        fetch = { allow_networks = ["127.0.0.0/8"], min_gap = "250ms", timeout = "5m", max_body = "2 MB" }
    "#;
    let config = config(text);
    assert_eq!(config.server.listen, Listen::Unix(PathBuf::from("/run/x.sock")));
    assert_eq!(config.server.trusted_proxies.len(), 2);
    assert_eq!(config.server.trusted_proxies[1].to_string(), "10.0.0.0/8");
    assert_eq!((config.store.url.as_str(), config.store.retain), ("sqlite:/var/x.db", None));
    assert_eq!(config.store.authority, "feeds.example.net");
    assert_eq!((config.fetch.min_gap, config.fetch.max_body), (Duration::from_millis(250), 2_000_000));
    let agent = concat!("tidings/", env!("CARGO_PKG_VERSION"), " (+https://feeds.example.net/sub)");
    assert_eq!(config.fetch.user_agent, agent);
}

#[test]
fn what_stands_beside_the_file_wins() {
    let environment = Environment {
        listen: Some("127.0.0.1:0".to_owned()),
        store: Some("sqlite:other.db".to_owned()),
        allow_networks: vec!["127.0.0.1/8".parse().unwrap()],
        admin_token: Some("hunter2".to_owned()),
        state_directory: Some(PathBuf::from("/var/lib/tidings")),
        credentials_directory: None,
    };
    let text = "server.listen = \"0.0.0.0:80\"\nfetch.allow_networks = [\"10.0.0.0/8\"]";
    let config = parse(text, "f", &environment).unwrap();
    assert_eq!(config.server.listen, Listen::Tcp(SocketAddr::from(([127, 0, 0, 1], 0))));
    assert_eq!(config.store.url, "sqlite:/var/lib/tidings/other.db");
    assert_eq!(config.fetch.allow_networks.len(), 2);
    assert_eq!(config.server.admin_token.as_deref(), Some("hunter2"));
    assert!(!format!("{config:?}").contains("hunter2"));
    let default = parse("", "f", &Environment { store: None, ..environment }).unwrap();
    assert_eq!(default.store.url, "sqlite:/var/lib/tidings/data/tidings.db");
}

#[test]
fn a_token_is_read_from_its_file() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("token"), "  s3cret\n").unwrap();
    std::fs::write(folder.path().join("empty"), "\n").unwrap();
    let environment =
        Environment { credentials_directory: Some(folder.path().to_owned()), ..Environment::default() };
    let read = |name: &str| parse(&format!("server.admin_token_file = \"{name}\""), "f", &environment);
    assert_eq!(read("token").unwrap().server.admin_token.as_deref(), Some("s3cret"));
    assert!(read("empty").unwrap_err().to_string().contains("holds no token"));
    assert!(read("absent").unwrap_err().to_string().contains("cannot be read"));
}

#[test]
fn a_missing_file_tells_where_it_was_looked_for_and_how_to_make_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("feeds.toml");
    let told = load(&path, &Environment::default()).unwrap_err().to_string();
    for part in [path.to_str().unwrap(), "there is no configuration", "[[portal]]", "--config FILE"] {
        assert!(told.contains(part), "{part} is not in: {told}");
    }
    std::fs::write(&path, b"[[portal]]\ntitle = \"\xcc\xc6\xc9\xbd\"\n").unwrap();
    let faults = load(&path, &Environment::default()).unwrap_err();
    assert!(faults.to_string().contains("this is not UTF-8"), "{faults}");
    assert_eq!(faults.place(faults.iter().next().unwrap()), Some((2, 10)));
    assert!(load(folder.path(), &Environment::default()).unwrap_err().to_string().contains("cannot be read"));
}

#[test]
fn a_feed_mixes_and_filters() {
    let config = config(
        r#"
        [[portal]]
        name = "town"
        url = "http://a.example/"
        tags = ["hebei"]
        [[feed]]
        name = "city-life"
        title = "城市生活"
        from = ["town", "tag:hebei"]
        include = { any = ["教育", "/第\\d+届/"], in = ["title", "category"] }
        exclude = { any = ["招聘"] }
        limit = 20
        [[feed]]
        name = "plain"
        "#,
    );
    let [mix, plain] = config.mixes.as_slice() else { panic!("{:?}", config.mixes) };
    let town = config.portals[0].id.clone();
    assert_eq!(mix.from, [Origin::Portal(town), Origin::Tag("hebei".to_owned())]);
    let include = mix.include.as_ref().unwrap();
    assert_eq!(include.any, ["教育", "/第\\d+届/"]);
    assert_eq!(include.within, [Field::Title, Field::Category]);
    assert_eq!(mix.exclude.as_ref().unwrap().within, [Field::Title, Field::Body]);
    assert_eq!((mix.limit, mix.title.as_deref()), (20, Some("城市生活")));
    assert_eq!((plain.limit, plain.from.as_slice(), &plain.include), (50, [Origin::All].as_slice(), &None));
}
