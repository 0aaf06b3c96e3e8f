//! `tidings opml`: subscriptions in and out.

use std::collections::HashMap;
use std::path::PathBuf;

use anyhow::Context;

use super::block::{Block, laid_out};
use super::exit::End;
use super::input;
use super::options::Options;
use super::out;
use crate::app;
use crate::decode;
use crate::model::PageUrl;
use crate::render::{self, Outline, Subscriptions};

/// What `tidings opml` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    way: Way,
}

/// In or out.
#[derive(Debug, clap::Subcommand)]
enum Way {
    /// Print the subscriptions of an OPML file as portal tables, ready to paste into feeds.toml
    Import {
        /// An OPML file, as feed readers export it
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Print our feeds as an OPML file that feed readers import
    Export,
}

/// Prints blocks or OPML.
pub(super) fn run(options: &Options, args: &Args) -> anyhow::Result<End> {
    match &args.way {
        Way::Import { file } => {
            let text = decode::decode(&input::from_file(file)?, decode::Hints::default()).text;
            let read = render::read_opml(&text).with_context(|| file.display().to_string())?;
            out::print(&blocks(&read, &file.display().to_string()))?;
        }
        Way::Export => {
            let config = options.load()?;
            out::bytes(&render::opml("tidings", &app::outlines(&config)))?;
        }
    }
    Ok(End::Done)
}

/// A block for each outline with an address that can be visited; the others are named with their lines.
fn blocks(read: &Subscriptions, file: &str) -> String {
    let count = out::count(read.outlines.len(), "subscription");
    let mut text = format!(
        "# {count} of {}. tidings reads the sites themselves, so each block names the page for\n\
         # people where the file has one. Paste into feeds.toml, then run `tidings check`.\n",
        out::line(file)
    );
    let mut left_out = read.left_out.clone();
    let mut seen: HashMap<String, usize> = HashMap::new();
    for (line, outline) in &read.outlines {
        if outline.keys.iter().any(|(key, _)| key == "url") {
            text.push_str(&own(outline, *line, &mut left_out));
            continue;
        }
        let pages = [outline.html_url.as_deref(), Some(outline.xml_url.as_str())];
        let title = outline.title.trim();
        let shown = out::line(if title.is_empty() { "an outline without a title" } else { title });
        let Some(url) = pages.into_iter().flatten().find_map(|url| PageUrl::parse(url).ok()) else {
            let why = format!("{shown}: `{}` is no http or https address", out::line(&outline.xml_url));
            left_out.push((*line, why));
            continue;
        };
        if let Some(first) = seen.get(url.as_str()) {
            left_out.push((*line, format!("{shown}: the same address as line {first}")));
            continue;
        }
        seen.insert(url.to_string(), *line);
        let title = (!title.is_empty() && title != outline.xml_url).then_some(title);
        let block = Block { title, url: url.as_str(), tags: &outline.tags, ..Block::default() };
        text.push_str(&format!("\n{}", block.to_toml()));
    }
    left_out.sort();
    for (line, why) in left_out {
        text.push_str(&format!("\n# left out, line {line}: {}\n", out::line(&why)));
    }
    text
}

/// The block of a portal that tidings itself wrote: its own keys.
fn own(outline: &Outline, line: usize, left_out: &mut Vec<(usize, String)>) -> String {
    let mut keys: Vec<(&str, String)> = Vec::new();
    for (key, bare) in &outline.keys {
        if keys.iter().any(|(known, _)| known == key) {
            continue;
        }
        match render::toml_of_bare(key, bare) {
            Ok(value) => keys.push((key, value)),
            Err(why) => left_out.push((line, format!("{}: {why}", outline.title))),
        }
    }
    format!("\n{}", laid_out(&keys))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{self, Config, Environment};

    fn imported(opml: &str) -> String {
        blocks(&render::read_opml(opml).unwrap(), "reader.opml")
    }

    fn config(text: &str) -> Config {
        config::parse(text, "feeds.toml", &Environment::default()).unwrap_or_else(|f| panic!("{f}\n{text}"))
    }

    #[test]
    fn what_goes_out_comes_back_as_the_same_portals() {
        let file = r##"
            [defaults]
            every = "7m"
            timezone = "Asia/Shanghai"
            [[portal]]
            url = "sample:"
            every = "1m"
            fetch = { min_gap = "0s" }
            [[portal]]
            name = "tangshan"
            title = "唐山 \"x\" & <b>'s [1]"
            url = ["http://portal.example.cn/news/?a=1&b=2", "http://portal.example.cn/notice/"]
            charset = "gbk"
            tags = ["tang shan", "a, b/c", "\"q\""]
            list = { item = "table[width=\"98%\"] tr", link = 'a[href^="\\"]', date = "td.time", next = "a.next", max_pages = 2 }
            article = { title = "h1", body = "#content\t> p", remove = [".share", ".ad  b"], read = false }
            dates = { formats = ["%Y/%-m/%-d %-H:%M:%S"], ignore = ["Powered By", "a  b"] }
            fetch = { min_gap = "1500ms", headers = { Accept-Language = "zh-CN, en;q=\"0.5\"" } }
            [[portal]]
            title = "[not] a list"
            url = "https://b.example/"
            kind = "html"
            cron = "0 */15 * * * *"
            enabled = false
            [[portal]]
            url = "https://b.example/two"
        "##;
        let before = config(file);
        let opml = render::opml("tidings", &app::outlines(&before));
        let opml = String::from_utf8(opml).unwrap();
        let blocks = imported(&opml);
        // folders come after what has none
        let in_order = |config: Config| {
            let mut portals = config.portals;
            portals.sort_by(|a, b| a.id.cmp(&b.id));
            portals
        };
        assert_eq!(in_order(config(&blocks)), in_order(before), "{opml}\n{blocks}");
        assert!(!blocks.contains("left out"), "{blocks}");
    }

    #[test]
    fn each_subscription_becomes_a_block_of_its_page() {
        let told = imported(
            "<opml version='1.0'><body>\n\
             <outline text='News'><outline text='河北'>\n\
             <outline text='唐山' xmlUrl='http://a.example/rss' htmlUrl='http://a.example/news/' category='/City/North,x'/>\n\
             <outline xmlUrl='feed://b.example/feed'/>\n\
             </outline></outline>\n\
             <outline text='c\nd' xmlUrl='ftp://c.example/'/>\n\
             <outline text='again' xmlUrl='http://a.example/rss2' htmlUrl='http://a.example/news/'/>\n\
             <outline text='nothing'/><outline text='more' type='include' url='http://d.example/o.opml'/>\n\
             <outline text='a link' type=link url=http://e.example/ tidings:oops='1'/>\n\
             <outline text='ours' xmlUrl='http://x.example/f' tidings:url='http://f.example/' tidings:list='{' tidings:what='1'/>\n\
             <outline text='a & b' xmlUrl='http://g.example/?a=1&b=2'></wrong>\n\
             <outline text='cut off' xmlUrl='http://h.exam",
        );
        let portals = config(&told).portals;
        let shown: Vec<_> = portals.iter().map(|p| (p.lists[0].as_str(), p.title.as_deref())).collect();
        assert_eq!(
            shown,
            [
                ("http://a.example/news/", Some("唐山")),
                ("http://b.example/feed", None),
                ("http://e.example/", Some("a link")),
                ("http://f.example/", None),
                ("http://g.example/?a=1&b=2", Some("a & b")),
            ],
            "{told}"
        );
        assert_eq!(portals[0].tags, ["News", "河北", "City", "North", "x"]);
        for line in [
            "line 6: c d: `ftp://c.example/` is no http or https address",
            "line 8: again: the same address as line 3",
            "line 9: nothing: it has no address",
            "line 9: more: it stands for another OPML file",
            "line 11: ours: the value of `list` is no TOML",
            "line 11: ours: `what` is no key of a portal",
            "line 13: reading ends here",
        ] {
            assert!(told.contains(&format!("# left out, {line}")), "{line} is missing:\n{told}");
        }
    }
}
