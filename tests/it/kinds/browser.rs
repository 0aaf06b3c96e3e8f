//! Pages that a browser makes, with the Chromium of this machine: what it shows becomes a feed, what it leaves behind is
//! nothing, and it reaches nothing that the guard keeps shut.

use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use tidings::model::{Access, Class, Render};

use super::door::{Answer, Door};
use crate::portal;
use crate::stand::Stand;

const NOW: &str = "2026-11-23T08:00:00Z";

/// A Chromium that ends with the test.
struct Chromium {
    child: Child,
    devtools: SocketAddr,
    folder: tempfile::TempDir,
}

impl Chromium {
    /// None, with a word, where there is no Chromium.
    fn start() -> Option<Self> {
        let names = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
        let Some(program) = names.iter().find(|name| Path::new(name).exists()) else {
            let required = std::env::var("TIDINGS_TEST_REQUIRE").unwrap_or_default();
            assert!(!required.split(',').any(|name| name == "browser"), "there is no Chromium here");
            eprintln!("skipped: there is no Chromium here");
            return None;
        };
        let folder = tempfile::tempdir().unwrap();
        let child = Command::new(program)
            .args(["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"])
            .args(["--remote-debugging-port=0", "--no-first-run", "--disable-background-networking"])
            .args(["--disable-extensions", "--disable-component-update", "--proxy-server=127.0.0.1:9"])
            .arg(format!("--user-data-dir={}", folder.path().display()))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let began = Instant::now();
        let port = loop {
            let told = std::fs::read_to_string(folder.path().join("DevToolsActivePort")).unwrap_or_default();
            if let Some(port) = told.lines().next().and_then(|line| line.parse::<u16>().ok()) {
                break port;
            }
            assert!(began.elapsed() < Duration::from_secs(40), "Chromium does not start");
            std::thread::sleep(Duration::from_millis(50));
        };
        Some(Self { child, devtools: SocketAddr::from(([127, 0, 0, 1], port)), folder })
    }

    /// Its processes: those that name its folder, and their children.
    fn processes(&self) -> usize {
        let folder = self.folder.path().display().to_string();
        let all = std::fs::read_dir("/proc").unwrap().flatten();
        let lines = all.filter_map(|entry| std::fs::read(entry.path().join("cmdline")).ok());
        lines.filter(|line| String::from_utf8_lossy(line).contains(&folder)).count()
    }

    /// Its pages and workers.
    fn targets(&self) -> usize {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            use tokio::io::{AsyncReadExt, AsyncWriteExt};
            let mut stream = tokio::net::TcpStream::connect(self.devtools).await.unwrap();
            let asked =
                format!("GET /json/list HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.devtools);
            stream.write_all(asked.as_bytes()).await.unwrap();
            let mut told = Vec::new();
            let _ = tokio::time::timeout(Duration::from_secs(2), stream.read_to_end(&mut told)).await;
            String::from_utf8_lossy(&told).matches("webSocketDebuggerUrl").count()
        })
    }

    fn stand(&self, list: &str) -> Stand {
        self.stand_within(list, 20)
    }

    fn stand_within(&self, list: &str, seconds: u64) -> Stand {
        let devtools = self.devtools;
        Stand::set_up(
            NOW,
            |fetch| {
                fetch.browser = devtools;
                fetch.allow_networks = vec!["127.0.0.1/32".parse().unwrap()];
                fetch.timeout = Duration::from_secs(seconds);
            },
            |configured| {
                configured.lists = vec![list.parse_url()];
                configured.access = Access { render: Render::Browser, ..Access::default() };
            },
        )
    }
}

trait ParseUrl {
    fn parse_url(&self) -> tidings::model::PageUrl;
}

impl ParseUrl for &str {
    fn parse_url(&self) -> tidings::model::PageUrl {
        tidings::model::PageUrl::parse(self).unwrap()
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A page that is nothing until its script has run: it gets its words turned round, and after a while.
fn shell(extra: &str) -> String {
    format!(
        "<html lang=zh-CN><head><title>要闻_青石新闻网</title></head><body><div id=app></div>\
         <img src=/picture.png><script>{extra}\n\
         setTimeout(() => fetch('/words.txt').then(answer => answer.text()).then(text => {{\
           const list = document.createElement('ul');\
           for (const line of text.trim().split('\\n')) {{\
             const [n, title] = line.split('|');\
             const row = document.createElement('li');\
             row.innerHTML = '<a></a><span></span>';\
             row.children[0].href = '/news/show-' + n + '.html';\
             row.children[0].textContent = [...title].reverse().join('');\
             row.children[1].textContent = '2026-11-20 08:0' + n;\
             list.append(row);\
           }}\
           document.getElementById('app').append(list);\
         }}), 300);</script></body></html>"
    )
}

fn words() -> String {
    (1..=6).rev().map(|n| format!("{n}|{}\n", portal::title(n).chars().rev().collect::<String>())).collect()
}

fn site(extra: &'static str) -> Door {
    Door::open(move |asked| match asked.path.as_str() {
        "/news/" => Answer::page(shell(extra)),
        "/words.txt" => Answer::page(words()),
        path => (1..=6)
            .find(|n| portal::path(*n) == path)
            .map_or_else(|| Answer::status(404), |n| Answer::page(portal::article(n, &portal::title(n), ""))),
    })
}

#[test]
fn a_page_that_builds_its_list_by_script_becomes_a_feed_and_visits_leave_nothing() {
    let Some(chromium) = Chromium::start() else { return };
    let site = site("alert('hello'); window.open('/news/pop');");
    let plain =
        Stand::with(NOW, |configured| configured.lists = vec![site.url("/news/").as_str().parse_url()]);
    assert!(plain.visit().error.is_some(), "without a browser there is nothing");
    let stand = chromium.stand(&site.url("/news/"));
    let visited = stand.visit();
    assert_eq!(visited.error, None);
    let mut titles: Vec<String> = stand.stored().into_iter().map(|one| one.article.title).collect();
    titles.sort();
    let mut expected: Vec<String> = (1..=6).map(portal::title).collect();
    expected.sort();
    assert_eq!(titles, expected);
    assert_eq!(site.count("GET", "/picture.png"), 0, "pictures are not loaded");
    assert_eq!(site.count("GET", "/robots.txt"), 2, "once a visit of each stand: not for the parts of pages");
    let agent = site.seen().into_iter().rfind(|asked| asked.path == "/words.txt").unwrap();
    assert!(agent.header("user-agent").contains("tidings/"), "{agent:?}");
    let (processes, targets) = (chromium.processes(), chromium.targets());
    for n in 0..20 {
        stand.visits.clock.advance(TimeDelta::minutes(61));
        assert_eq!(stand.visit_due().error, None, "visit {n}");
    }
    // a process may still be on its way out
    let began = Instant::now();
    while chromium.processes() > processes && began.elapsed() < Duration::from_secs(10) {
        std::thread::sleep(Duration::from_millis(100));
    }
    let after = (chromium.processes(), chromium.targets());
    eprintln!("processes and targets before 20 visits {:?}, after {after:?}", (processes, targets));
    assert!(after.0 <= processes && after.1 <= targets, "{:?} became {after:?}", (processes, targets));
}

#[test]
fn what_is_shown_late_in_shadow_trees_or_beside_what_never_comes_is_read() {
    let Some(chromium) = Chromium::start() else { return };
    let late = "setTimeout(() => document.getElementById('app').innerHTML = document.getElementById('rows').innerHTML, 1300)";
    let shadow = "class Row extends HTMLElement { connectedCallback() { this.attachShadow({mode: 'closed'}).innerHTML = \
                  '<ul>' + document.getElementById('rows').innerHTML + '</ul>' } } customElements.define('x-rows', Row); \
                  document.getElementById('app').innerHTML = '<x-rows></x-rows>'";
    let hangs = "document.getElementById('app').innerHTML = document.getElementById('rows').innerHTML; \
                 const s = document.createElement('script'); s.src = '/never.js'; document.head.append(s)";
    for script in [late, shadow, hangs] {
        let rows: String = (1..=6).map(|n| portal::row(n, &portal::title(n))).collect();
        let page = format!(
            "<html lang=zh-CN><body><div id=app></div><template id=rows>{rows}</template><script>{script}</script></body></html>"
        );
        let site = Door::open(move |asked| match asked.path.as_str() {
            "/news/" => Answer::page(page.as_str()),
            "/never.js" => {
                std::thread::sleep(Duration::from_secs(12));
                Answer::status(404)
            }
            path => (1..=6).find(|n| portal::path(*n) == path).map_or_else(
                || Answer::status(404),
                |n| Answer::page(portal::article(n, &portal::title(n), "")),
            ),
        });
        let stand = chromium.stand(&site.url("/news/"));
        assert_eq!(stand.visit().error, None, "{script}");
        assert_eq!(stand.stored().len(), 6, "{script}");
    }
}

#[test]
fn a_wall_that_a_browser_would_be_let_past_is_told_and_not_passed() {
    let Some(chromium) = Chromium::start() else { return };
    let check = "<html><script>document.cookie='acw_sc__v2=1;path=/';location.reload()</script></html>";
    for status in [521, 200] {
        let site = Door::open(move |asked| match (asked.path.as_str(), asked.cookie("acw_sc__v2")) {
            ("/news/", None) => Answer(status, Vec::new(), check.to_owned()),
            ("/news/", Some(_)) => Answer::page(shell("")),
            ("/words.txt", _) => Answer::page(words()),
            _ => Answer::status(404),
        });
        let stand = chromium.stand(&site.url("/news/"));
        let error = stand.visit().error.unwrap();
        assert_eq!(error.class, Class::Challenge, "{error}");
        assert!(stand.stored().is_empty());
    }
}

#[test]
fn what_the_guard_keeps_shut_no_page_reaches() {
    let Some(chromium) = Chromium::start() else { return };
    let canary = Door::open_at_other(|_| Answer::page("caught"));
    let (shut, tools) = (canary.address, chromium.devtools);
    let extra = format!(
        "const u = 'http://{shut}/canary'; fetch(u, {{mode: 'no-cors'}}).catch(() => 0); new Image().src = u;\
         const f = document.createElement('iframe'); f.src = u; document.documentElement.append(f);\
         try {{ new WebSocket('ws://{shut}/canary'); }} catch (e) {{}}\
         fetch('http://localhost:{0}/canary', {{mode: 'no-cors'}}).catch(() => 0);\
         fetch('http://{tools}/json/new?http://{shut}/canary', {{method: 'PUT', mode: 'no-cors'}}).catch(() => 0);\
         const g = document.createElement('iframe'); g.src = 'http://{tools}/json/list'; document.documentElement.append(g);\
         navigator.sendBeacon(u, 'x');",
        shut.port()
    );
    let site = site(extra.leak());
    let stand = chromium.stand(&site.url("/news/"));
    assert_eq!(stand.visit().error, None);
    assert_eq!(stand.stored().len(), 6);
    assert!(canary.seen().is_empty(), "{:?}", canary.seen());
    // a list on a private address, and one that leads there
    let led = Door::open(move |_| Answer::to(&format!("http://{shut}/canary")));
    for list in [format!("http://{shut}/canary"), format!("http://{tools}/json/list"), led.url("/news/")] {
        let error = chromium.stand(&list).visit().error;
        assert!(error.is_some(), "{list}");
    }
    // and a page whose script goes there
    let script =
        format!("<html><body><p>…</p><script>location.href = 'http://{shut}/canary'</script></body></html>");
    let leads = Door::open(move |asked| match asked.path.as_str() {
        "/news/" => Answer::page(script.clone()),
        _ => Answer::status(404),
    });
    let error = chromium.stand(&leads.url("/news/")).visit().error.unwrap();
    assert_eq!(error.class, Class::BlockedAddress, "{error}");
    assert!(canary.seen().is_empty(), "{:?}", canary.seen());
}

#[test]
fn a_page_that_never_rests_and_a_browser_that_is_away_are_told() {
    let Some(chromium) = Chromium::start() else { return };
    let busy = Door::open(|asked| match asked.path.as_str() {
        "/robots.txt" => Answer::status(404),
        _ => Answer::page("<html><body><script>for (;;) {}</script></body></html>"),
    });
    let mut stand = chromium.stand_within(&busy.url("/news/"), 5);
    assert_eq!(stand.visit().error.unwrap().class, Class::Timeout);
    // the browser serves the next one all the same
    let site = site("");
    stand = chromium.stand(&site.url("/news/"));
    assert_eq!(stand.visit().error, None);
    drop(chromium);
    let error = stand.visit().error.unwrap();
    assert!(error.class == Class::Network && error.detail.contains("tidings-browser.service"), "{error}");
}

#[test]
fn a_browser_that_ends_in_the_middle_of_a_page_is_told_at_once() {
    let Some(chromium) = Chromium::start() else { return };
    let busy = Door::open(|asked| match asked.path.as_str() {
        "/news/" => Answer::page(
            "<html><body><script>setInterval(() => document.body.append('x'), 20)</script></body></html>",
        ),
        _ => Answer::status(404),
    });
    let stand = chromium.stand(&busy.url("/news/"));
    let began = Instant::now();
    let killer = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_secs(2));
        drop(chromium);
    });
    let error = stand.visit().error.unwrap();
    killer.join().unwrap();
    assert_eq!(error.class, Class::Network, "{error}");
    assert!(began.elapsed() < Duration::from_secs(6), "{:?}", began.elapsed());
}
