//! The daemon in two halves on one store: one serves without a network, the other does all that goes out.

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::daemon::{Home, PATIENCE, wait_for};
use crate::hub;
use crate::portal::{self, Page, Portal, town_paper};

const TOKEN: &str = "a-token-for-tests";

/// A program that takes the network away from what it becomes; none where this machine does not let it.
fn without_network() -> Vec<&'static str> {
    let ways: [&[&str]; 2] = [&["unshare", "--net"], &["unshare", "--net", "--map-root-user"]];
    let works = |way: &&[&str]| {
        Command::new(way[0]).args(&way[1..]).arg("true").output().is_ok_and(|output| output.status.success())
    };
    let Some(way) = ways.into_iter().find(works) else {
        eprintln!("the serving half keeps its network: `unshare --net` is not allowed here");
        return Vec::new();
    };
    way.to_vec()
}

/// Killed at the end of the test.
struct Visitor(Child);

impl Drop for Visitor {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn one_half_serves_without_a_network_and_the_other_does_all_that_goes_out() {
    let portal = Portal::start();
    town_paper(&portal, 5);
    let socket = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}/", socket.local_addr().unwrap());
    let home = Home::new(&format!(
        "[server]\nbase_url = \"{base}\"\nadmin_token_file = \"token\"\n\
         [fetch]\nallow_networks = [\"127.0.0.0/8\"]\nmin_gap = \"0s\"\n\
         [[portal]]\nname = \"paper\"\nurl = \"{}\"\nevery = \"1h\"\ntimezone = \"Asia/Shanghai\"\n",
        portal.url("/news/")
    ));
    home.write("token", TOKEN);
    let mut command = home.command();
    command.args(["serve", "--no-listen"]).stdout(Stdio::null()).stderr(Stdio::null());
    let mut visitor = Visitor(command.spawn().unwrap());
    let serving = home.start_activated(&socket, &without_network(), &["--no-visits"]);

    serving.wait_portal("paper", |portal| portal["articles"] == 5);
    let feed = serving.wait("/feeds/paper.json", |answer| answer.text().contains(&portal::title(5)));
    let topic = feed.json()["feed_url"].as_str().unwrap().to_owned();
    assert!(topic.starts_with(&base), "{topic}");
    let (callback, told) = hub::subscriber();
    let wish = format!("hub.mode=subscribe&hub.topic={topic}&hub.callback={callback}&hub.secret=quiet");
    assert_eq!(hub::post(&serving, &wish), 202);
    let asked = told.recv_timeout(PATIENCE).unwrap();
    assert!(asked.line.contains("hub.mode=subscribe"), "{}", asked.line);

    // a reload in the half without network asks for none
    serving.signal("HUP");
    wait_for(|| serving.log().contains("was read again").then_some(()), || serving.log());

    let rows: String = (1..=6).rev().map(|n| portal::row(n, &portal::title(n))).collect();
    portal.put(&portal::path(6), Page::html(portal::article(6, &portal::title(6), "")));
    portal.put("/news/", Page::html(portal::list(&rows)));
    let bearer = format!("Bearer {TOKEN}");
    let visit = ("POST", "/api/portals/paper/visit");
    let answer = crate::daemon::request(serving.address, visit.0, visit.1, &[("Authorization", &bearer)]);
    assert_eq!(answer.status, 202, "{}", answer.text());
    let push = told.recv_timeout(PATIENCE).unwrap();
    assert!(push.line.starts_with("POST /told"), "{}", push.line);
    serving.wait("/feeds/paper.rss", |answer| answer.text().contains(&portal::title(6)));

    // without the other half feeds go on
    visitor.0.kill().unwrap();
    visitor.0.wait().unwrap();
    std::thread::sleep(Duration::from_millis(200));
    assert!(serving.get("/feeds/paper.atom").text().contains(&portal::title(6)));
    assert_eq!((serving.get("/readyz").status, serving.get("/status.json").status), (200, 200));
}
