//! A portal on loopback for the tests: pages that a test writes, answered as an old server would.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

/// One page of the portal.
#[derive(Debug, Clone)]
pub(crate) struct Page {
    pub(crate) status: u16,
    pub(crate) content_type: String,
    pub(crate) body: Vec<u8>,
    pub(crate) etag: Option<String>,
    pub(crate) headers: Vec<(String, String)>,
    /// How long the answer takes.
    pub(crate) delay: Duration,
}

impl Page {
    /// A page in UTF-8 without validators.
    pub(crate) fn html(body: impl Into<String>) -> Self {
        Self {
            status: 200,
            content_type: "text/html; charset=utf-8".to_owned(),
            body: body.into().into_bytes(),
            etag: None,
            headers: Vec::new(),
            delay: Duration::ZERO,
        }
    }

    pub(crate) fn status(status: u16) -> Self {
        Self { status, ..Self::html("<html><body><p>error</p></body></html>") }
    }
}

/// A request as the portal saw it.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) path: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) status: u16,
}

#[derive(Debug, Default)]
struct Shared {
    pages: Mutex<BTreeMap<String, Page>>,
    seen: Mutex<Vec<Seen>>,
    stop: AtomicBool,
}

/// A running portal; it ends with the test.
#[derive(Debug)]
pub(crate) struct Portal {
    pub(crate) address: SocketAddr,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

impl Portal {
    pub(crate) fn start() -> Self {
        Self::start_at([127, 0, 0, 1])
    }

    /// The same on another address of this machine: a host of its own.
    pub(crate) fn start_at(ip: [u8; 4]) -> Self {
        let listener = TcpListener::bind(SocketAddr::from((ip, 0))).unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared::default());
        let inner = Arc::clone(&shared);
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if inner.stop.load(Ordering::Relaxed) {
                    return;
                }
                let inner = Arc::clone(&inner);
                if let Ok(stream) = stream {
                    std::thread::spawn(move || converse(stream, &inner));
                }
            }
        });
        Self { address, shared, thread: Some(thread) }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(crate) fn put(&self, path: &str, page: Page) {
        self.shared.pages.lock().unwrap().insert(path.to_owned(), page);
    }

    /// A page as it was put.
    pub(crate) fn get(&self, path: &str) -> Page {
        self.shared.pages.lock().unwrap().get(path).cloned().unwrap()
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.shared.seen.lock().unwrap().clone()
    }
}

impl Drop for Portal {
    fn drop(&mut self) {
        self.shared.stop.store(true, Ordering::Relaxed);
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn converse(stream: TcpStream, shared: &Shared) {
    let _ = stream.set_read_timeout(Some(Duration::from_secs(20)));
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut stream = stream;
    while let Some((path, headers)) = read_request(&mut reader) {
        let page = shared.pages.lock().unwrap().get(&path).cloned().unwrap_or_else(|| Page::status(404));
        let matches =
            |etag: &String| headers.iter().any(|(name, value)| name == "if-none-match" && value == etag);
        let not_modified = page.etag.as_ref().is_some_and(matches);
        let status = if not_modified { 304 } else { page.status };
        shared.seen.lock().unwrap().push(Seen { path, headers, status });
        std::thread::sleep(page.delay);
        let mut head = format!("HTTP/1.1 {status} Status\r\n");
        if let Some(etag) = &page.etag {
            head += &format!("ETag: {etag}\r\n");
        }
        for (name, value) in &page.headers {
            head += &format!("{name}: {value}\r\n");
        }
        let body = if not_modified { &[][..] } else { &page.body[..] };
        if !not_modified {
            head += &format!("Content-Type: {}\r\nContent-Length: {}\r\n", page.content_type, body.len());
        }
        head += "\r\n";
        if stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body)).is_err() {
            return;
        }
    }
}

fn read_request(reader: &mut BufReader<TcpStream>) -> Option<(String, Vec<(String, String)>)> {
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
    let path = line.split(' ').nth(1)?.to_owned();
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
        let line = line.trim_end();
        if line.is_empty() {
            return Some((path, headers));
        }
        let (name, value) = line.split_once(':')?;
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
}

/// A town paper with articles `1..=count`, listed newest first on `/news/`, each dated a minute after the one before.
pub(crate) fn town_paper(portal: &Portal, count: u32) {
    let rows: String = (1..=count).rev().map(|n| row(n, &title(n))).collect();
    portal.put("/news/", Page::html(list(&rows)));
    for n in 1..=count {
        portal.put(&path(n), Page::html(article(n, &title(n), "")));
    }
}

pub(crate) fn path(n: u32) -> String {
    format!("/news/show-{n}.html")
}

pub(crate) fn title(n: u32) -> String {
    const SUBJECTS: [&str; 6] = [
        "河堤步道本周开放",
        "老城菜场完成改造",
        "夜班公交增开两条",
        "小学操场周末开放",
        "图书馆延长闭馆时间",
        "青石桥封闭检修",
    ];
    format!("{}（第{n}号）", SUBJECTS[n as usize % SUBJECTS.len()])
}

pub(crate) fn row(n: u32, title: &str) -> String {
    format!(
        "<li><a href=\"show-{n}.html\">{title}</a><span>2026-11-20 {:02}:{:02}</span></li>\n",
        8 + n / 60,
        n % 60
    )
}

pub(crate) fn list(rows: &str) -> String {
    format!(
        "<html lang=\"zh-CN\"><head><title>要闻_青石新闻网</title></head><body>\
         <div class=\"nav\"><a href=\"/\">首页</a> <a href=\"/news/\">要闻</a> <a href=\"/about/\">关于我们</a></div>\
         <div class=\"list\"><ul class=\"news-list\">\n{rows}</ul></div>\
         <div class=\"foot\">青石新闻网 版权所有 页面生成时间 2026-11-22 03:04:05</div></body></html>"
    )
}

pub(crate) fn article(n: u32, title: &str, extra: &str) -> String {
    format!(
        "<html lang=\"zh-CN\"><head><title>{title}_青石新闻网</title></head><body>\
         <div class=\"nav\"><a href=\"/\">首页</a> <a href=\"/news/\">要闻</a></div>\
         <div class=\"main\"><h1>{title}</h1>\
         <div class=\"info\">发布时间:2026-11-20 {:02}:{:02}:00 来源:青石日报 浏览次数:{}</div>\
         <div class=\"content\"><p>记者从镇里了解到，第{n}号公告所说的工程已经完成验收，各项设施从本周起向居民开放，开放时间为每天早上六点到晚上九点。</p>\
         <p>工程负责人介绍，施工期间一共更换了三百多米旧管道，铺设了新的路面，并在两侧补种了樟树和桂花。{extra}</p>\
         <p>附近居民表示，出门散步比过去方便了许多，希望以后能再添几盏路灯和几张长椅。</p></div></div>\
         <div class=\"foot\">青石新闻网 版权所有</div></body></html>",
        8 + n / 60,
        n % 60,
        n * 37
    )
}
