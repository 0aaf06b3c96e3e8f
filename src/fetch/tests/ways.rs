//! Redirects, and what guards the way.

use super::*;
use crate::fetch::Gate;

#[tokio::test]
async fn redirects_are_followed_and_permanent_ones_told() {
    let server = Server::new()
        .await
        .redirect("/301", "301 Moved Permanently", "/308")
        .redirect("/308", "308 Permanent Redirect", "end?x=1#top")
        .redirect("/302", "302 Found", "/301")
        .page("/end?x=1", "200 OK", "", b"here");
    for (path, requests, moved) in [("/301", 3, true), ("/302", 4, false), ("/end?x=1", 1, false)] {
        let reply = ask(&server, request(&server.url(path))).await.unwrap();
        assert_eq!((reply.url.as_str(), reply.requests), (server.url("/end?x=1").as_str(), requests));
        assert_eq!(reply.moved, moved.then_some(reply.url), "{path}");
    }
}

#[tokio::test]
async fn circles_long_chains_and_dead_ends_are_redirect_faults() {
    let mut server = Server::new()
        .await
        .redirect("/loop", "302 Found", "/pool")
        .redirect("/pool", "302 Found", "/loop")
        .redirect("/self", "302 Found", "#again")
        .redirect("/script", "302 Found", "javascript:alert(1)")
        .redirect("/ftp", "302 Found", "ftp://town.example/")
        .page("/nowhere", "302 Found", "", b"")
        .page("/10", "200 OK", "", b"end");
    for n in 0..10 {
        server = server.redirect(&format!("/{n}"), "302 Found", &format!("/{}", n + 1));
    }
    server = server.redirect("/start", "302 Found", "/0");
    for path in ["/loop", "/self", "/script", "/ftp", "/nowhere", "/start"] {
        assert_eq!(class_of(&server, path).await, Class::Redirect, "{path}");
    }
    assert_eq!(ask(&server, request(&server.url("/0"))).await.unwrap().requests, 11);
}

#[tokio::test]
async fn addresses_in_an_old_charset_arrive_as_they_were_written() {
    let head =
        b"HTTP/1.1 302 Found\r\nLocation: /\xd0\xc2.asp\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    let server = Server::new().await.raw("/a", head, Manner::Close).page("/%D0%C2.asp", "200 OK", "", b"ok");
    assert_eq!(&ask(&server, request(&server.url("/a"))).await.unwrap().body[..], b"ok");
}

#[tokio::test]
async fn private_addresses_are_refused_after_a_redirect() {
    for target in
        ["http://10.0.0.1/", "http://2130706434/", "http://[::1]/", "http://169.254.169.254/latest/"]
    {
        let server = Server::new().await.redirect("/a", "302 Found", target);
        let error = ask(&server, request(&server.url("/a"))).await.unwrap_err();
        assert_eq!((error.fault.class, error.requests), (Class::BlockedAddress, 1), "{target}");
    }
}

#[tokio::test]
async fn a_name_that_leads_inside_is_refused_when_it_is_looked_up() {
    let server = Server::new().await.page("/a", "200 OK", "", b"secret");
    let strict = of(Settings::default(), &Meter::new());
    let named = format!("http://localhost:{}/a", server.address.port());
    let error = ask_by(&strict, &server, request(&named)).await.unwrap_err();
    assert_eq!(error.fault.class, Class::BlockedAddress, "{error}");
    assert!(server.seen("/a").is_empty());
}

#[tokio::test]
async fn the_admitted_address_is_reached_and_no_other() {
    let server =
        Server::new().await.page("/a", "200 OK", "", b"ok").redirect("/b", "302 Found", "http://127.0.0.2/");
    let strict = of(Settings::default(), &Meter::new());
    for (path, admitted, class) in [
        ("/a", Some(server.address), None),
        ("/a", None, Some(Class::BlockedAddress)),
        ("/b", Some(server.address), Some(Class::BlockedAddress)),
    ] {
        let mut asked = request(&server.url(path));
        asked.admitted = admitted;
        let reply = ask_by(&strict, &server, asked).await;
        assert_eq!(reply.err().map(|error| error.fault.class), class, "{path}");
    }
}

#[tokio::test]
async fn configured_headers_stay_with_their_origin() {
    let there = Server::new().await.page("/end", "200 OK", "", b"ok");
    let here =
        Server::new().await.redirect("/a", "302 Found", "/b").redirect("/b", "302 Found", &there.url("/end"));
    let mut asked = request(&here.url("/a"));
    for (name, value) in [("Authorization", "Bearer key"), ("X-Key", "key"), ("Accept-Encoding", "zstd")] {
        asked.headers.push((name.to_owned(), value.to_owned()));
    }
    let fetcher = fetcher(&Meter::new());
    let mut gate = Open;
    tokio::select! {
        reply = fetcher.get(asked, &mut gate) => assert_eq!(reply.unwrap().requests, 3),
        () = here.run() => {}
        () = there.run() => {}
    }
    for path in ["/a", "/b"] {
        let head = &here.seen(path)[0];
        assert!(head.contains("authorization: bearer key\r\n") && head.contains("x-key: key\r\n"), "{head}");
        assert!(head.contains("accept-encoding: gzip, br, deflate\r\n"), "{head}");
    }
    let head = &there.seen("/end")[0];
    assert!(!head.contains("key"), "{head}");
}

/// Notes what passes, and closes before one path.
#[derive(Default)]
struct Watch {
    passed: Vec<String>,
    done: Vec<String>,
    closed: &'static str,
}

impl Gate for Watch {
    async fn pass(&mut self, url: &PageUrl) -> Result<(), FetchError> {
        if url.path_and_query() == self.closed {
            return Err(FetchError::new(Class::Robots, url, "robots.txt forbids this address"));
        }
        self.passed.push(url.path_and_query().to_owned());
        Ok(())
    }

    fn done(&mut self, url: &PageUrl) {
        self.done.push(url.path_and_query().to_owned());
    }
}

#[tokio::test]
async fn the_gate_is_asked_before_every_hop_and_told_after_it() {
    let server = Server::new().await.redirect("/a", "302 Found", "/b").page("/b", "200 OK", "", b"ok");
    let fetcher = fetcher(&Meter::new());
    for (closed, hops) in [("", &["/a", "/b"][..]), ("/b", &["/a"][..])] {
        let mut watch = Watch { closed, ..Watch::default() };
        let reply = tokio::select! {
            reply = fetcher.get(request(&server.url("/a")), &mut watch) => reply,
            () = server.run() => unreachable!("a server runs for ever"),
        };
        assert_eq!(reply.is_ok(), closed.is_empty());
        assert_eq!(watch.passed, hops);
        assert_eq!(watch.done, hops);
    }
}
