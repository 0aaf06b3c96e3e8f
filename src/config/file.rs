//! feeds.toml as written: every key, its description, its default and the place where it stands.

use schemars::JsonSchema;

use super::json::Json;
use super::reach::{Login, PortalFetch};
use super::written::{OneOrMany, Written};

/// tidings: which portals are visited, how they are read, and how their feeds are served.
#[derive(Default, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "feeds.toml")]
pub(super) struct File {
    /// Where and how feeds are served.
    #[serde(default)]
    pub(super) server: Server,
    /// Where articles are kept, and how long.
    #[serde(default)]
    pub(super) store: Store,
    /// What all requests to portals have in common.
    #[serde(default)]
    pub(super) fetch: Fetch,
    /// Keys for every portal that does not set them itself.
    #[serde(default)]
    pub(super) defaults: Portal,
    /// The sites or sections that are visited, each a feed under its name.
    #[serde(default)]
    pub(super) portal: Vec<Written<Portal>>,
    /// Feeds that mix, filter and limit portals, beside the portals' own.
    #[serde(default)]
    pub(super) feed: Vec<Written<Feed>>,
}

/// Where and how feeds are served.
#[derive(Default, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Server {
    /// Where to listen: `ADDRESS:PORT`, or `unix:PATH`; a socket handed over by systemd wins.
    #[schemars(example = "unix:/run/tidings/http.sock", extend("default" = "127.0.0.1:7878"))]
    pub(super) listen: Option<Written<String>>,
    /// The base of all absolute links; required with a Unix socket or a wildcard address, else the
    /// listening address.
    #[schemars(example = "https://feeds.example.net")]
    pub(super) base_url: Option<Written<String>>,
    /// A file that holds the bearer token of /api; without one the whole of /api is 404.
    #[schemars(example = "/run/credentials/tidings.service/admin-token")]
    pub(super) admin_token_file: Option<Written<String>>,
    /// Proxies whose X-Forwarded-For names the client, as addresses or networks.
    #[schemars(example = ["10.0.0.1"], extend("default" = []))]
    pub(super) trusted_proxies: Option<Vec<Written<String>>>,
}

/// Where articles are kept, and how long.
#[derive(Default, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Store {
    /// `sqlite:PATH`; a relative path lies in `$STATE_DIRECTORY` under systemd, else in the working
    /// directory.
    #[schemars(extend("default" = "sqlite:data/tidings.db"))]
    pub(super) url: Option<Written<String>>,
    /// How long articles are kept; "0" is for ever.
    #[schemars(regex(pattern = "^(0|[0-9]+(ms|s|m|h|d))$"), extend("default" = "180d"))]
    pub(super) retain: Option<Written<String>>,
}

/// What all requests to portals have in common.
#[derive(Default, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Fetch {
    /// Who we say we are; the default is `tidings/VERSION`, with `server.base_url` behind it where given.
    #[schemars(example = "tidings/0.1 (+https://feeds.example.net)")]
    pub(super) user_agent: Option<Written<String>>,
    /// Private networks that may be fetched all the same; 169.254.169.254 only as its own /32.
    #[schemars(example = ["127.0.0.0/8"], extend("default" = []))]
    pub(super) allow_networks: Option<Vec<Written<String>>>,
    /// Between two requests to one host, at most 30 s; one connection a host.
    #[schemars(regex(pattern = "^(0|[0-9]+(ms|s|m|h|d))$"), extend("default" = "1s"))]
    pub(super) min_gap: Option<Written<String>>,
    /// For one request in total, 1s to 5m.
    #[schemars(regex(pattern = "^[0-9]+(ms|s|m|h|d)$"), extend("default" = "30s"))]
    pub(super) timeout: Option<Written<String>>,
    /// The most bytes of one answer, on the wire and decoded alike, 1KiB to 16MiB.
    #[schemars(regex(pattern = "^[0-9]+ ?([KMG]i?)?B$"), extend("default" = "16MiB"))]
    pub(super) max_body: Option<Written<String>>,
    /// Where the DevTools of the operator's Chromium listen, for portals with `render = "browser"`: an address of
    /// this machine.
    #[schemars(extend("default" = "http://127.0.0.1:9222"))]
    pub(super) browser: Option<Written<String>>,
}

/// One site or section. One key, `url`, is enough: the rest is detected.
#[derive(Default, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Portal {
    /// What its feed is called: a-z, 0-9, `_` and `-`; the default is its host without `www.`, dots to `-`.
    #[schemars(example = &"tangshan", regex(pattern = "^[a-z0-9][a-z0-9_-]{0,63}$"))]
    pub(super) name: Option<Written<String>>,
    /// The title of its feed; the default is the title that its pages show.
    #[schemars(example = "唐山 · 唐山信息网")]
    pub(super) title: Option<Written<String>>,
    /// Its list page, or several; `sample:` is the built-in sample town site.
    #[schemars(example = "https://news.example-city.cn/")]
    pub(super) url: Option<Written<OneOrMany>>,
    /// What it offers.
    #[schemars(extend("enum" = ["auto", "html", "feed", "sitemap", "json"], "default" = "auto"))]
    pub(super) kind: Option<Written<String>>,
    /// The charset of its pages, or `auto` to decide by evidence.
    #[schemars(example = &"gb18030", extend("default" = "auto"))]
    pub(super) charset: Option<Written<String>>,
    /// Words to group portals by.
    #[schemars(example = ["hebei"], extend("default" = []))]
    pub(super) tags: Option<Vec<Written<String>>>,
    /// How often it is visited, at least 1s apart; not together with `cron`.
    #[schemars(regex(pattern = "^[0-9]+(ms|s|m|h|d)$"), extend("default" = "20m"))]
    pub(super) every: Option<Written<String>>,
    /// When it is visited: six fields, seconds first, in the portal's zone; not together with `every`.
    #[schemars(example = "0 */15 * * * *")]
    pub(super) cron: Option<Written<String>>,
    /// For times written without a zone, and for `cron`; unset, it is inferred from language, charset and
    /// country, and never the machine's.
    #[schemars(example = "Asia/Shanghai")]
    pub(super) timezone: Option<Written<String>>,
    /// How to read the list.
    #[serde(default)]
    pub(super) list: List,
    /// How to read a list in JSON.
    #[serde(default)]
    pub(super) json: Json,
    /// How to read an article.
    #[serde(default)]
    pub(super) article: Article,
    /// How to read dates, beside the forms that are known anyway.
    #[serde(default)]
    pub(super) dates: Dates,
    /// Requests to this portal, where they differ from the common ones.
    #[serde(default)]
    pub(super) fetch: PortalFetch,
    /// How to log in, where the portal asks for that. Passwords stand in files of their own.
    pub(super) login: Option<Login>,
    /// What a visit must find: what it does not is held back or told.
    #[serde(default)]
    pub(super) expect: Expect,
    /// An article that is read once a day, to see whether reading still works.
    pub(super) probe: Option<Probe>,
    /// False: kept and served, not visited.
    #[schemars(extend("default" = true))]
    pub(super) enabled: Option<bool>,
}

/// What a visit must find.
#[derive(Default, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Expect {
    /// Items on the list, at least; with fewer, nothing of the visit is taken.
    #[schemars(range(min = 1, max = 500))]
    pub(super) min_items: Option<u32>,
    /// The newest item of the list is no older.
    #[schemars(example = "3d", regex(pattern = "^[0-9]+(ms|s|m|h|d)$"))]
    pub(super) newest_within: Option<Written<String>>,
    /// Characters of an article's text, at least, where it has neither pictures nor documents.
    #[schemars(range(min = 1, max = 10_000))]
    pub(super) body_chars: Option<u32>,
}

/// An article that is known.
#[derive(serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Probe {
    /// Its address.
    #[schemars(example = "http://portal.example.cn/show.asp?id=1")]
    pub(super) url: Written<String>,
    /// Its title.
    #[schemars(example = &"第一期")]
    pub(super) title: Option<Written<String>>,
    /// When it was published, with a zone.
    #[schemars(example = "2021-03-11T09:11:43+08:00")]
    pub(super) published: Option<Written<String>>,
}

/// CSS selectors, each may end in `@attr` to take an attribute. What is not given is detected.
#[derive(Default, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct List {
    /// One item; link, title and date are looked for inside it.
    #[schemars(example = "table.list tr")]
    pub(super) item: Option<Written<String>>,
    /// The link of an item.
    #[schemars(example = &"a")]
    pub(super) link: Option<Written<String>>,
    /// The title of an item.
    #[schemars(example = "a@title")]
    pub(super) title: Option<Written<String>>,
    /// The date of an item.
    #[schemars(example = "td.time")]
    pub(super) date: Option<Written<String>>,
    /// The link to the next list page, looked for in the whole page.
    #[schemars(example = "a.next")]
    pub(super) next: Option<Written<String>>,
    /// How many list pages a visit reads.
    #[schemars(range(min = 1, max = 100), extend("default" = 1))]
    pub(super) max_pages: Option<u32>,
}

/// CSS selectors, each may end in `@attr` to take an attribute. What is not given is detected.
#[derive(Default, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Article {
    /// The headline.
    #[schemars(example = &"h1")]
    pub(super) title: Option<Written<String>>,
    /// The block that holds the body.
    #[schemars(example = "#content")]
    pub(super) body: Option<Written<String>>,
    /// The element or line that names the day.
    #[schemars(example = ".info")]
    pub(super) date: Option<Written<String>>,
    /// The element or line that names the author.
    #[schemars(example = ".author")]
    pub(super) author: Option<Written<String>>,
    /// The element or line that names the origin.
    #[schemars(example = ".from")]
    pub(super) source: Option<Written<String>>,
    /// The categories, one an element.
    #[schemars(example = ".pos a")]
    pub(super) category: Option<Written<String>>,
    /// The link to the next page of an article that goes on, looked for in the whole page.
    #[schemars(example = ".pages a.next")]
    pub(super) next: Option<Written<String>>,
    /// Blocks taken out of the body.
    #[schemars(example = [".share"], extend("default" = []))]
    pub(super) remove: Option<Vec<Written<String>>>,
    /// Whether article pages are fetched at all; without, an item is what the list says.
    #[schemars(extend("default" = true))]
    pub(super) read: Option<bool>,
}

/// How to read dates, beside the forms that are known anyway.
#[derive(Default, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Dates {
    /// strftime forms, tried first.
    #[schemars(example = ["%Y/%-m/%-d %-H:%M:%S"], extend("default" = []))]
    pub(super) formats: Option<Vec<Written<String>>>,
    /// A time on a line with one of these words is no date of the article.
    #[schemars(example = ["Powered By"], extend("default" = []))]
    pub(super) ignore: Option<Vec<Written<String>>>,
}

/// A feed that mixes, filters and limits portals.
#[derive(Default, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Feed {
    /// What it is called: a-z, 0-9, `_` and `-`; no portal may have the same name. Required.
    #[schemars(example = &"city-life", regex(pattern = "^[a-z0-9][a-z0-9_-]{0,63}$"))]
    pub(super) name: Option<Written<String>>,
    /// Its title; the default is its name.
    #[schemars(example = &"城市生活")]
    pub(super) title: Option<Written<String>>,
    /// The portals it takes from: their names, `tag:NAME` for all with a tag, `all`.
    #[schemars(example = ["tangshan", "tag:hebei"], extend("default" = ["all"]))]
    pub(super) from: Option<Vec<Written<String>>>,
    /// Only articles that this finds.
    pub(super) include: Option<Filter>,
    /// No article that this finds.
    pub(super) exclude: Option<Filter>,
    /// How many articles it shows.
    #[schemars(range(min = 1, max = 200), extend("default" = 50))]
    pub(super) limit: Option<u32>,
}

/// Words and regular expressions, and where they are looked for.
#[derive(Default, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Filter {
    /// One of them is enough: words (parts of Chinese, Japanese and Korean text, whole words elsewhere, in any
    /// case), or a regular expression between slashes.
    #[schemars(example = ["教育", "/第\\d+届/"], extend("default" = []))]
    pub(super) any: Option<Vec<Written<String>>>,
    /// Where.
    #[serde(rename = "in")]
    #[schemars(
        extend("items" = { "type": "string", "enum": ["title", "body", "author", "category", "source"] }),
        extend("default" = ["title", "body"])
    )]
    pub(super) within: Option<Vec<Written<String>>>,
}
