//! Feeds of every family, written by hand and whole; with places where a test may break them.

/// Where a test may put something: into the first title, the first address, the first text; where the last item may
/// be cut.
pub(crate) const TITLE: &str = "@T@";
pub(crate) const ADDRESS: &str = "@A@";
pub(crate) const TEXT: &str = "@X@";
pub(crate) const CUT: &str = "@C@";

/// What a feed says.
pub(crate) struct Words {
    pub(crate) lang: &'static str,
    pub(crate) name: &'static str,
    pub(crate) titles: [&'static str; 5],
    pub(crate) text: &'static str,
}

pub(crate) const WORDS: [Words; 3] = [
    Words {
        lang: "zh-CN",
        name: "青石新闻网",
        titles: [
            "河堤步道本周末开放",
            "市图书馆延长开放时间",
            "城东小学新校舍竣工",
            "“一网通办”上线三年",
            "供水管网改造 10 月完工",
        ],
        text: "记者从市政府获悉，工程历时两年，总投资三千万元。市民可以在工作日前往参观。",
    },
    Words {
        lang: "de",
        name: "Fährblatt Süd",
        titles: [
            "Fähre fährt wieder",
            "Größere Züge ab März",
            "Straßenfest verschoben",
            "Müll: Neue Gebühren",
            "Übung am Deich",
        ],
        text: "Die Arbeiten dauerten zwei Jahre. Besucher sind an Werktagen willkommen, für größere Gruppen gibt es Führungen.",
    },
    Words {
        lang: "en",
        name: "The Quay Courier",
        titles: [
            "Ferry runs again",
            "Council votes 7-2 on trams",
            "Library hours extended",
            "Five things to know",
            "Harbour dredging ends",
        ],
        text: "The works took two years. Visitors are welcome on weekdays, and larger groups may book a tour.",
    },
];

/// The ways in which feeds are written.
pub(crate) const FORMS: [&str; 17] = [
    "rss 0.90",
    "rss 0.91",
    "rss 0.92",
    "rss 1.0",
    "rss 1.0 prefixed",
    "rss 2.0",
    "rss 2.0 cdata",
    "rss 2.0 encoded",
    "rss 2.0 podcast",
    "rss 2.0 space",
    "atom 0.3",
    "atom 0.3 base64",
    "atom 1.0",
    "atom 1.0 xhtml",
    "atom 1.0 prefixed",
    "json 1",
    "json 1.1",
];

/// One feed.
pub(crate) fn feed(form: &str, words: &Words) -> String {
    let items: String = (0..5)
        .map(|n| item(form, words, n))
        .collect::<Vec<_>>()
        .join(if form.starts_with("json") { "," } else { "\n" });
    let (name, lang) = (words.name, words.lang);
    let home = "http://quay.example/";
    let xml = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n";
    let rss = |attrs: &str| {
        format!(
            "{xml}<rss {attrs}>\n<channel><title>{name}</title><link>{home}</link><description>{name}</description><language>{lang}</language>\n{items}\n</channel>\n</rss>\n"
        )
    };
    match form {
        "rss 0.90" => format!(
            "{xml}<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns=\"http://my.netscape.com/rdf/simple/0.9/\">\n<channel><title>{name}</title><link>{home}</link></channel>\n<image><title>logo</title><url>{home}l.gif</url></image>\n{items}\n</rdf:RDF>\n"
        ),
        "rss 1.0" => format!(
            "{xml}<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns=\"http://purl.org/rss/1.0/\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n<channel rdf:about=\"{home}\"><title>{name}</title><link>{home}</link><dc:language>{lang}</dc:language><items><rdf:Seq><rdf:li rdf:resource=\"{home}1\"/></rdf:Seq></items></channel>\n{items}\n</rdf:RDF>\n"
        ),
        "rss 1.0 prefixed" => format!(
            "{xml}<r:RDF xmlns:r=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns:rss=\"http://purl.org/rss/1.0/\" xmlns:d=\"http://purl.org/dc/elements/1.1/\">\n<rss:channel><rss:title>{name}</rss:title><rss:link>{home}</rss:link></rss:channel>\n{items}\n</r:RDF>\n"
        ),
        "rss 0.91" => rss("version=\"0.91\""),
        "rss 0.92" => rss("version=\"0.92\""),
        "rss 2.0 encoded" => rss(
            "version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"",
        ),
        "rss 2.0 podcast" => rss(
            "version=\"2.0\" xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\" xmlns:media=\"http://search.yahoo.com/mrss/\"",
        ),
        "rss 2.0 space" => rss("version=\"2.0\" xmlns=\"http://backend.userland.com/rss2\""),
        "atom 0.3" | "atom 0.3 base64" => format!(
            "{xml}<feed version=\"0.3\" xmlns=\"http://purl.org/atom/ns#\" xml:lang=\"{lang}\">\n<title>{name}</title><link rel=\"alternate\" type=\"text/html\" href=\"{home}\"/><tagline>{name}</tagline><modified>2026-11-20T01:02:03Z</modified>\n{items}\n</feed>\n"
        ),
        "atom 1.0 prefixed" => format!(
            "{xml}<a:feed xmlns:a=\"http://www.w3.org/2005/Atom\">\n<a:title>{name}</a:title><a:link href=\"{home}\"/><a:id>tag:q,2026:f</a:id>\n{items}\n</a:feed>\n"
        ),
        "json 1" | "json 1.1" => format!(
            "{{\"version\":\"https://jsonfeed.org/version/{}\",\"title\":\"{name}\",\"home_page_url\":\"{home}\",\"language\":\"{lang}\",\"items\":[{items}]}}\n",
            &form[5..]
        ),
        form if form.starts_with("atom") => format!(
            "{xml}<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{lang}\">\n<title>{name}</title><link href=\"{home}\"/><id>tag:q,2026:f</id><updated>2026-11-20T01:02:03Z</updated>\n{items}\n</feed>\n"
        ),
        _ => rss("version=\"2.0\""),
    }
}

fn item(form: &str, words: &Words, n: usize) -> String {
    let first = |mark: &'static str| if n == 0 { mark } else { "" };
    let title = format!("{}{}", words.titles[n], first(TITLE));
    let link = format!("http://quay.example/news/{n}.html{}", first(ADDRESS));
    let cut = if n == 4 { CUT } else { "" };
    let (half, rest) = words.text.split_at(words.text.char_indices().nth(10).unwrap().0);
    let text = format!("{half}{cut}{rest}{}", first(TEXT));
    let place = Place { title, link, text, n };
    if form.starts_with("rss") { place.rss(form) } else { place.other(form) }
}

struct Place {
    title: String,
    link: String,
    text: String,
    n: usize,
}

impl Place {
    fn rss(&self, form: &str) -> String {
        let Self { title, link, text, n } = self;
        match form {
            "rss 0.90" | "rss 0.91" => format!(
                "<item><title>{title}</title><link>{link}</link><description>{text}</description></item>"
            ),
            "rss 1.0" => format!(
                "<item rdf:about=\"http://quay.example/news/{n}.html\"><title>{title}</title><link>{link}</link><description>{text}</description><dc:date>2026-11-2{n}T09:00:00+08:00</dc:date></item>"
            ),
            "rss 1.0 prefixed" => format!(
                "<rss:item r:about=\"x{n}\"><rss:title>{title}</rss:title><rss:link>{link}</rss:link><rss:description>{text}</rss:description><d:date>2026-11-2{n}</d:date></rss:item>"
            ),
            "rss 2.0 cdata" => format!(
                "<item><title><![CDATA[{title}]]></title><link><![CDATA[{link}]]></link><description><![CDATA[<p>{text}</p>]]></description><pubDate>2026-11-2{n} 09:00:00</pubDate></item>"
            ),
            "rss 2.0 encoded" => format!(
                "<item><title>{title}</title><link>{link}</link><guid isPermaLink=\"false\">{n}</guid><dc:creator>A. Name</dc:creator><content:encoded><![CDATA[<p>{text}</p>]]></content:encoded><description>{text}</description></item>"
            ),
            "rss 2.0 podcast" => format!(
                "<item><title>{title}</title><link>{link}</link><enclosure url=\"{link}.mp3\" length=\"12345\" type=\"audio/mpeg\"/><itunes:duration>00:10:00</itunes:duration><media:group><media:content url=\"http://quay.example/{n}.jpg\"/><media:title>another title</media:title></media:group><itunes:title>short</itunes:title><description>&lt;p&gt;{text}&lt;/p&gt;</description></item>"
            ),
            _ => format!(
                "<item><title>{title}</title><link>{link}</link><description>{text}</description><guid>{link}</guid><pubDate>Fri, 2{n} Nov 2026 09:00:00 +0800</pubDate></item>"
            ),
        }
    }

    fn other(&self, form: &str) -> String {
        let Self { title, link, text, n } = self;
        match form {
            "atom 0.3" => format!(
                "<entry><title type=\"text/html\" mode=\"escaped\">{title}</title><link rel=\"alternate\" type=\"text/html\" href=\"{link}\"/><id>tag:q,2026:{n}</id><issued>2026-11-2{n}T09:00:00Z</issued><modified>2026-11-2{n}T09:00:00Z</modified><content type=\"text/html\" mode=\"escaped\">&lt;p&gt;{text}&lt;/p&gt;</content></entry>"
            ),
            "atom 0.3 base64" => format!(
                "<entry><title>{title}</title><link rel=\"alternate\" href=\"{link}\"/><id>tag:q,2026:{n}</id><summary>{text}</summary><content type=\"text/html\" mode=\"base64\">PHA+aGk8L3A+</content></entry>"
            ),
            "atom 1.0 xhtml" => format!(
                "<entry><title type=\"xhtml\"><div xmlns=\"http://www.w3.org/1999/xhtml\">{title}</div></title><link href=\"{link}\"/><id>tag:q,2026:{n}</id><content type=\"xhtml\"><div xmlns=\"http://www.w3.org/1999/xhtml\"><p>{text}</p></div></content></entry>"
            ),
            "atom 1.0 prefixed" => format!(
                "<a:entry><a:title>{title}</a:title><a:link href=\"{link}\"/><a:id>tag:q,2026:{n}</a:id><a:summary>{text}</a:summary></a:entry>"
            ),
            "atom 1.0" => format!(
                "<entry><title type=\"html\">{title}</title><link href=\"{link}\"/><id>tag:q,2026:{n}</id><updated>2026-11-2{n}T09:00:00Z</updated><summary type=\"html\">{text}</summary></entry>"
            ),
            "json 1" => format!(
                "{{\"id\":\"{n}\",\"title\":\"{title}\",\"url\":\"{link}\",\"author\":{{\"name\":\"A. Name\"}},\"content_text\":\"{text}\"}}"
            ),
            "json 1.1" => format!(
                "{{\"id\":{n},\"title\":\"{title}\",\"url\":\"{link}\",\"authors\":[{{\"name\":\"A. Name\"}}],\"tags\":[\"a\"],\"content_html\":\"<p>{text}</p>\"}}"
            ),
            other => panic!("{other}"),
        }
    }
}
