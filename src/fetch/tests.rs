//! The one door tried over the wire, against a server on loopback that means no good.

mod answers;
mod server;
mod ways;

use std::time::Duration;

use crate::model::{Class, PageUrl};
use crate::runtime::{Clock, Meter};

use super::exchange::{FetchError, Open, Reply, Request};
use super::fetcher::Fetcher;
use super::settings::Settings;

use server::{Manner, Server};

fn request(url: &str) -> Request {
    Request::new(PageUrl::parse(url).unwrap())
}

/// A fetcher that may visit loopback, and gives up soon.
fn fetcher(meter: &Meter) -> Fetcher {
    let settings = Settings {
        user_agent: "tidings-test/1 (+https://feeds.example)".to_owned(),
        allow_networks: vec!["127.0.0.1/32".parse().unwrap()],
        timeout: Duration::from_secs(10),
        ..Settings::default()
    };
    of(settings, meter)
}

fn of(settings: Settings, meter: &Meter) -> Fetcher {
    let clock = Clock::by_hand("2026-11-23T08:00:00Z".parse().unwrap());
    Fetcher::new(settings, clock, meter.clone()).unwrap()
}

/// Sends one request while the server runs.
async fn ask(server: &Server, request: Request) -> Result<Reply, FetchError> {
    ask_by(&fetcher(&Meter::new()), server, request).await
}

async fn ask_by(fetcher: &Fetcher, server: &Server, request: Request) -> Result<Reply, FetchError> {
    let mut gate = Open;
    tokio::select! {
        reply = fetcher.get(request, &mut gate) => reply,
        () = server.run() => unreachable!("a server runs for ever"),
    }
}

async fn class_of(server: &Server, path: &str) -> Class {
    let error = ask(server, request(&server.url(path))).await.expect_err(path);
    error.fault.class
}
