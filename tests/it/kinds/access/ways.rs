//! Ways to a portal: proxies, and certificates that nobody vouches for.

use std::net::SocketAddr;
use std::path::Path;

use tidings::model::{Access, Class, Proxy, ProxyKind};

use super::{answered, class, stand, stand_with, word};
use crate::kinds::door::{Answer, Door};
use crate::kinds::proxies;
use crate::portal::{self, Portal};

fn through(kind: ProxyKind, address: SocketAddr, login_file: Option<&Path>) -> Access {
    let (host, port, login_file) = (address.ip().to_string(), address.port(), login_file.map(Path::to_owned));
    Access { proxy: Some(Proxy { kind, host, port, login_file }), ..Access::default() }
}

#[test]
fn all_requests_of_a_portal_go_through_its_proxy() {
    let pair = word("town:p@ss/word");
    for (kind, login) in [
        (ProxyKind::Http, false),
        (ProxyKind::Http, true),
        (ProxyKind::Socks5, false),
        (ProxyKind::Socks5, true),
        (ProxyKind::Socks5h, false),
    ] {
        let (proxy, noted) = match kind {
            ProxyKind::Http => proxies::http(login.then_some("dG93bjpwQHNzL3dvcmQ=")),
            ProxyKind::Socks5 | ProxyKind::Socks5h => proxies::socks5(login.then_some(("town", "p@ss/word"))),
        };
        let site = Portal::start();
        portal::town_paper(&site, 3);
        // by name: a proxy that gets addresses is told the address
        let port = site.address.port();
        let list = format!("http://localhost:{port}/news/");
        let stand = stand(&list, through(kind, proxy, login.then(|| pair.path())));
        assert_eq!(stand.visit().error, None, "{kind:?} {login}");
        assert_eq!(stand.stored().len(), 3);
        let noted = noted.lock().unwrap().clone();
        let all = noted.join("\n");
        let expected = match kind {
            ProxyKind::Http => format!("GET http://localhost:{port}/robots.txt"),
            ProxyKind::Socks5 => format!("ip 127.0.0.1:{port}"),
            ProxyKind::Socks5h => format!("name localhost:{port}"),
        };
        assert!(noted.contains(&expected), "{kind:?}: {all}");
        let without = super::stand(&list, through(kind, proxy, None)).visit().error;
        if login {
            let error = without.unwrap();
            assert!(
                error.detail.contains("proxy_login_file") || error.detail.contains("407"),
                "{}",
                error.detail
            );
            assert!(!error.detail.contains("p@ss"), "{}", error.detail);
        }
    }
}

#[test]
fn the_guard_holds_behind_a_proxy_and_the_proxy_itself_may_be_anywhere() {
    for kind in [ProxyKind::Http, ProxyKind::Socks5, ProxyKind::Socks5h] {
        let (proxy, noted) = match kind {
            ProxyKind::Http => proxies::http(None),
            ProxyKind::Socks5 | ProxyKind::Socks5h => proxies::socks5(None),
        };
        let site = Portal::start();
        portal::town_paper(&site, 3);
        let port = site.address.port();
        let strict = |fetch: &mut tidings::fetch::Settings| fetch.allow_networks.clear();
        for list in [
            format!("http://localhost:{port}/news/"),
            format!("http://127.0.0.1:{port}/news/"),
            format!("http://10.0.0.1:{port}/"),
        ] {
            let stand = stand_with(&list, through(kind, proxy, None), strict);
            assert_eq!(class(&stand), Some(Class::BlockedAddress), "{kind:?} {list}");
        }
        assert!(noted.lock().unwrap().is_empty() || kind == ProxyKind::Socks5, "{noted:?}");
        assert!(noted.lock().unwrap().is_empty(), "a proxy was asked for what is shut: {noted:?}");
        assert!(site.seen().is_empty());
    }
    // nobody at the proxy's place: it is the proxy that is named
    let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let site = Portal::start();
    let stand = stand(&site.url("/news/"), through(ProxyKind::Socks5, gone, None));
    let error = stand.visit().error.unwrap();
    assert!(matches!(error.class, Class::Refused | Class::Network), "{error}");
    assert!(error.detail.contains(&format!("the proxy socks5://{gone}")), "{}", error.detail);
}

#[test]
fn unchecked_certificates_are_for_the_portals_own_host_and_are_told() {
    let other = Door::open_tls([127, 0, 0, 2], |asked| answered(&asked.path, 1));
    let elsewhere = format!("https://{}/news/show-1.html", other.address);
    let door = Door::open_tls([127, 0, 0, 1], move |asked| {
        let page = answered(&asked.path, 4);
        Answer(page.0, page.1, page.2.replace("\"show-1.html\"", &format!("\"{elsewhere}\"")))
    });
    let list = format!("https://{}/news/", door.address);
    assert_eq!(class(&stand(&list, Access::default())), Some(Class::Tls));
    let lax = stand(&list, Access { insecure_tls: true, ..Access::default() });
    assert_eq!(class(&lax), None);
    assert_eq!(lax.stored().len(), 3, "the one on another host is not read");
    assert!(other.seen().is_empty());
    let notes = lax.status().notes;
    assert!(notes.iter().any(|note| note.detail.contains("insecure_tls")), "{notes:?}");
    assert!(notes.iter().any(|note| note.class == Class::Tls && note.url.is_some()), "{notes:?}");
}

#[test]
fn an_unchecked_certificate_works_through_both_proxies() {
    let door = Door::open_tls([127, 0, 0, 1], |asked| answered(&asked.path, 2));
    let list = format!("https://{}/news/", door.address);
    for (kind, (proxy, noted)) in
        [(ProxyKind::Http, proxies::http(None)), (ProxyKind::Socks5, proxies::socks5(None))]
    {
        let stand = stand(&list, Access { insecure_tls: true, ..through(kind, proxy, None) });
        assert_eq!(stand.visit().error, None, "{kind:?}");
        let noted = noted.lock().unwrap().join("\n");
        assert!(noted.contains(&door.address.to_string()) && !noted.contains("GET"), "{noted}");
    }
}
