//! Promises 2 and 5: one owner at a time, and due times that are rows.

use std::collections::HashSet;
use std::time::Duration;

use crate::model::PortalId;

use super::super::{Asked, Backend, HostRow, Seed, StoreError};
use super::given::{at, host, id, lease, outcome, page, portal, seed, titles, visit};

async fn due(store: &impl Backend, minute: i64) -> Vec<PortalId> {
    store.due(at(minute), 100).await.unwrap().into_iter().map(|due| due.id).collect()
}

pub(super) async fn a_new_portal_is_due_when_its_seed_says(store: &impl Backend) {
    let paused = Seed { enabled: false, ..seed("paused", 0) };
    store.sync_portals(vec![seed("late", 10), seed("early", 5), paused], at(0)).await.unwrap();
    assert_eq!(due(store, 4).await, []);
    assert_eq!(due(store, 10).await, [id("early"), id("late")]);
    assert_eq!(store.due(at(10), 1).await.unwrap()[0].at, at(5));
    assert_eq!(store.next_due().await.unwrap(), Some(at(5)));
}

pub(super) async fn a_portal_that_was_never_visited_comes_after_those_that_were(store: &impl Backend) {
    portal(store, "town").await;
    visit(store, "town", 0, Vec::new()).await;
    store.sync_portals(vec![seed("town", 0), seed("new", 1)], at(1)).await.unwrap();
    let due = store.due(at(60), 100).await.unwrap();
    let seen: Vec<_> = due.iter().map(|due| (due.id.as_str(), due.is_first)).collect();
    assert_eq!(seen, [("town", false), ("new", true)]);
}

pub(super) async fn a_known_portal_keeps_its_due_time_unless_its_pace_changed(store: &impl Backend) {
    portal(store, "town").await;
    visit(store, "town", 0, Vec::new()).await;
    // a restart: what the seed says of a portal that is known does not count
    store.sync_portals(vec![seed("town", 30)], at(20)).await.unwrap();
    assert_eq!(store.next_due().await.unwrap(), Some(at(60)));
    let quicker = Seed { pace: "10m".to_owned(), ..seed("town", 30) };
    store.sync_portals(vec![quicker], at(20)).await.unwrap();
    assert_eq!(store.next_due().await.unwrap(), Some(at(30)));
    let slower = Seed { pace: "1d".to_owned(), ..seed("town", 1000) };
    store.sync_portals(vec![slower], at(20)).await.unwrap();
    assert_eq!(store.next_due().await.unwrap(), Some(at(30)));
}

pub(super) async fn a_portal_no_longer_configured_is_never_due_and_keeps_its_articles(store: &impl Backend) {
    portal(store, "town").await;
    visit(store, "town", 0, vec![page("1", "Bridge", 0)]).await;
    store.sync_portals(vec![seed("other", 500)], at(1)).await.unwrap();
    assert_eq!(due(store, 400).await, []);
    assert_eq!(store.next_due().await.unwrap(), Some(at(500)));
    assert_eq!(store.ask_visit(&id("town"), at(400)).await.unwrap(), Asked::Unknown);
    assert_eq!(titles(store).await, ["Bridge"]);
}

pub(super) async fn a_portal_and_its_hosts_are_claimed_together_or_not_at_all(store: &impl Backend) {
    store.sync_portals(vec![seed("a", 0), seed("b", 0)], at(0)).await.unwrap();
    let (shared, own) = (host("shared.example"), host("own.example"));
    let first = store.claim(&id("a"), vec![shared.clone()], lease("one", 0)).await.unwrap().unwrap();
    assert_eq!(first.hosts, [(shared.clone(), HostRow::default())]);
    assert!(!first.asked);
    // b's own host is free, the shared one is not: neither of them nor b itself may stay claimed
    let wanted = vec![own.clone(), shared.clone()];
    assert_eq!(store.claim(&id("b"), wanted.clone(), lease("two", 0)).await.unwrap(), None);
    assert_eq!(due(store, 0).await, [id("b")]);
    assert!(store.claim(&id("b"), vec![own.clone()], lease("two", 0)).await.unwrap().is_some());
    assert_eq!(store.claim_host(&id("b"), &shared, &lease("two", 0)).await.unwrap(), None);
    // the visit that holds it may ask again, and gives it back at its end without naming it
    assert!(store.claim_host(&id("a"), &shared, &lease("one", 0)).await.unwrap().is_some());
    store.finish(outcome("a", lease("one", 0), 1, Vec::new())).await.unwrap();
    assert!(store.claim_host(&id("b"), &shared, &lease("two", 0)).await.unwrap().is_some());
}

pub(super) async fn of_several_claims_each_is_taken_or_left(store: &impl Backend) {
    store.sync_portals(vec![seed("a", 0), seed("b", 0), seed("c", 0)], at(0)).await.unwrap();
    let (shared, own) = (host("shared.example"), host("own.example"));
    let wanted = vec![
        (id("a"), vec![shared.clone()]),
        // its own host comes first, and is free again when the shared one is not had
        (id("b"), vec![own.clone(), shared.clone()]),
        (id("c"), vec![own.clone()]),
        (id("c"), Vec::new()),
    ];
    let claims = store.claims(wanted, lease("one", 0)).await.unwrap();
    let held: Vec<_> = claims
        .into_iter()
        .map(|claim| claim.map(|claim| claim.hosts.into_iter().map(|(key, _)| key).collect()))
        .collect();
    assert_eq!(held, [Some(vec![shared]), None, Some(vec![own]), None]);
    assert_eq!(due(store, 0).await, [id("b")]);
}

pub(super) async fn one_of_many_claims_at_once_wins(store: &impl Backend) {
    portal(store, "town").await;
    let names: Vec<String> = (0..24).map(|n| format!("node-{n}")).collect();
    let town = id("town");
    let tries = names.iter().map(|name| store.claim(&town, vec![host("town.example")], lease(name, 0)));
    let claims = futures_util::future::join_all(tries).await;
    let won: HashSet<String> =
        claims.into_iter().filter_map(|claim| claim.unwrap()).map(|claim| claim.lease.node).collect();
    assert_eq!(won.len(), 1);
    assert_eq!(due(store, 0).await, []);
    assert!(store.status(at(1)).await.unwrap()[&town].visiting);
    assert!(!store.status(at(9)).await.unwrap()[&town].visiting);
}

pub(super) async fn a_lease_that_ran_out_is_anyones_and_the_first_owner_writes_nothing(store: &impl Backend) {
    portal(store, "town").await;
    let hosts = vec![host("town.example")];
    store.claim(&id("town"), hosts.clone(), lease("slow", 0)).await.unwrap().unwrap();
    assert_eq!(store.claim(&id("town"), hosts.clone(), lease("quick", 4)).await.unwrap(), None);
    store.claim(&id("town"), hosts, lease("quick", 6)).await.unwrap().unwrap();
    let before = store.status(at(7)).await.unwrap();
    let late = store.finish(outcome("town", lease("slow", 0), 7, vec![page("1", "Bridge", 0)])).await;
    assert!(matches!(late, Err(StoreError::LeaseLost(portal)) if portal == id("town")));
    assert_eq!(titles(store).await, Vec::<String>::new());
    assert_eq!(store.status(at(7)).await.unwrap(), before);
    let done =
        store.finish(outcome("town", lease("quick", 6), 8, vec![page("1", "Bridge", 0)])).await.unwrap();
    assert_eq!(done.counts.new, 1);
}

pub(super) async fn a_dead_owners_portal_is_next_due_when_its_lease_ends(store: &impl Backend) {
    portal(store, "town").await;
    store.claim(&id("town"), Vec::new(), lease("dead", 0)).await.unwrap().unwrap();
    assert_eq!(store.next_due().await.unwrap(), Some(at(5)));
    assert_eq!(due(store, 5).await, [id("town")]);
}

pub(super) async fn an_unclean_end_gives_back_every_claim_of_its_node(store: &impl Backend) {
    store.sync_portals(vec![seed("a", 0), seed("b", 1)], at(0)).await.unwrap();
    store.claim(&id("a"), vec![host("a.example")], lease("dead", 0)).await.unwrap().unwrap();
    store.claim(&id("b"), vec![host("b.example")], lease("alive", 0)).await.unwrap().unwrap();
    store.release_node("dead").await.unwrap();
    assert_eq!(due(store, 1).await, [id("a")]);
    assert!(store.claim(&id("a"), vec![host("a.example")], lease("next", 1)).await.unwrap().is_some());
}

pub(super) async fn a_host_keeps_its_turn_between_visits(store: &impl Backend) {
    portal(store, "town").await;
    let key = host("town.example");
    store.claim(&id("town"), vec![key.clone()], lease("one", 0)).await.unwrap().unwrap();
    let turn = HostRow {
        next_at: Some(at(2)),
        rest_until: Some(at(9)),
        robots_at: Some(at(1)),
        robots_status: 200,
        robots_body: Some("User-agent: *\nDisallow: /x".to_owned()),
    };
    let mut done = outcome("town", lease("one", 0), 1, Vec::new());
    done.hosts = vec![(key.clone(), turn.clone()), (host("never-claimed.example"), HostRow::default())];
    store.finish(done).await.unwrap();
    let next = store.claim(&id("town"), vec![key.clone()], lease("two", 3)).await.unwrap().unwrap();
    assert_eq!(next.hosts, [(key, turn)]);
}

pub(super) async fn a_person_asks_once_and_not_while_a_visit_runs(store: &impl Backend) {
    store.sync_portals(vec![seed("town", 100)], at(0)).await.unwrap();
    assert_eq!(store.ask_visit(&id("nowhere"), at(1)).await.unwrap(), Asked::Unknown);
    assert_eq!(store.ask_visit(&id("town"), at(1)).await.unwrap(), Asked::Accepted);
    let all = store.due(at(1), 9).await.unwrap();
    assert!(all[0].asked && all[0].at == at(1));
    let claim = store.claim(&id("town"), Vec::new(), lease("node", 1)).await.unwrap().unwrap();
    assert!(claim.asked);
    assert_eq!(store.ask_visit(&id("town"), at(2)).await.unwrap(), Asked::Running);
    store.finish(outcome("town", lease("node", 1), 2, Vec::new())).await.unwrap();
    let claim = store.claim(&id("town"), Vec::new(), lease("node", 3)).await.unwrap().unwrap();
    assert!(!claim.asked);
}

pub(super) async fn a_clock_put_back_stops_nobody(store: &impl Backend) {
    let (hour, day) = (Duration::from_secs(60 * 60), Duration::from_secs(24 * 60 * 60));
    let (now, year) = (at(5), 365 * 24 * 60);
    store.sync_portals(vec![seed("town", year), seed("new", year), seed("held", 1)], at(year)).await.unwrap();
    // due 60 minutes after its visit
    visit(store, "town", year, Vec::new()).await;
    store.claim(&id("held"), vec![host("held.example")], lease("node", year)).await.unwrap().unwrap();
    assert_eq!(due(store, 200).await, []);
    assert_eq!(store.heed_clock(now, hour, day).await.unwrap(), 2);
    assert_eq!(due(store, 64).await, [id("new")]);
    // the claim ends an hour after now
    assert_eq!(due(store, 65).await, [id("town"), id("held"), id("new")]);
    assert_eq!(store.heed_clock(now, hour, day).await.unwrap(), 1, "its last visit still lies ahead");
    assert_eq!(due(store, 65).await, [id("town"), id("held"), id("new")]);
}
