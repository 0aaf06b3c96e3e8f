//! One client for each way out, built when it is first asked for and never twice.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use super::client::{Client, Parts};
use super::route::Route;

/// The clients of all ways out.
#[derive(Debug)]
pub(super) struct Clients {
    parts: Parts,
    /// The plain way, which nearly all take.
    plain: Client,
    others: Mutex<BTreeMap<Route, Client>>,
}

impl Clients {
    pub(super) fn new(parts: Parts) -> Result<Self, String> {
        let plain = Client::new(&parts, &Route::default())?;
        Ok(Self { parts, plain, others: Mutex::default() })
    }

    /// The plain client.
    pub(super) fn plain(&self) -> &Client {
        &self.plain
    }

    /// The client of a way. There are as many as the configuration names.
    pub(super) fn of(&self, route: &Route) -> Result<Client, String> {
        if *route == Route::default() {
            return Ok(self.plain.clone());
        }
        let mut others = self.others.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = others.get(route) {
            return Ok(client.clone());
        }
        let client = Client::new(&self.parts, route)?;
        others.insert(route.clone(), client.clone());
        Ok(client)
    }
}
