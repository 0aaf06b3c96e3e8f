//! Calls under way: how many and at whom, and what they came to until that is written down.

use std::collections::{HashMap, HashSet};

use futures_util::StreamExt;
use futures_util::future::{BoxFuture, FutureExt};
use futures_util::stream::FuturesUnordered;

use crate::store::{PushEnd, Store, StoreError, WishEnd, Wished};

/// Calls at once: in all, at one host, and of those to subscribers that failed before.
const AT_ONCE: usize = 32;
const A_HOST: usize = 8;
const FAILING: usize = 8;

/// What a call came to.
#[derive(Debug)]
pub(super) struct Landed {
    /// The subscription's number.
    pub(super) number: i64,
    /// Host and port.
    pub(super) host: String,
    /// Whether it had failed before it took off.
    pub(super) was_failing: bool,
    /// What is to be written down.
    pub(super) end: End,
}

/// The end of a call.
#[derive(Debug)]
pub(super) enum End {
    /// Of a delivery.
    Push(PushEnd),
    /// Of a question.
    Wish(Wished, WishEnd),
}

/// The calls. A subscription is busy until what its call came to is written down: a store that takes no writes
/// makes nobody be called again.
#[derive(Debug, Default)]
pub(super) struct Flights {
    busy: HashSet<i64>,
    hosts: HashMap<String, usize>,
    failing: usize,
    flying: FuturesUnordered<BoxFuture<'static, Landed>>,
    pushes: Vec<(i64, PushEnd)>,
    wishes: Vec<(Wished, WishEnd)>,
}

impl Flights {
    pub(super) fn is_empty(&self) -> bool {
        self.flying.is_empty()
    }

    pub(super) fn is_full(&self) -> bool {
        self.flying.len() >= AT_ONCE
    }

    pub(super) fn is_busy(&self, number: i64) -> bool {
        self.busy.contains(&number)
    }

    pub(super) fn has_room(&self, host: &str, is_failing: bool) -> bool {
        !self.is_full()
            && self.hosts.get(host).copied().unwrap_or(0) < A_HOST
            && (!is_failing || self.failing < FAILING)
    }

    pub(super) fn takes_off(
        &mut self,
        number: i64,
        host: &str,
        is_failing: bool,
        flight: BoxFuture<'static, Landed>,
    ) {
        self.busy.insert(number);
        *self.hosts.entry(host.to_owned()).or_default() += 1;
        self.failing += usize::from(is_failing);
        self.flying.push(flight);
    }

    /// Waits for a landing; None when nothing flies. May be broken off.
    pub(super) async fn next(&mut self) -> Option<Landed> {
        self.flying.next().await
    }

    /// All that landed by now, to be told of with [`Flights::ended`].
    pub(super) fn landed(&mut self, first: Landed) -> Vec<Landed> {
        let mut all = vec![first];
        while let Some(Some(landed)) = self.flying.next().now_or_never() {
            all.push(landed);
        }
        all
    }

    /// Makes room, and keeps in mind what is to be written down.
    pub(super) fn ended(&mut self, landed: Landed) {
        if let Some(count) = self.hosts.get_mut(&landed.host) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                self.hosts.remove(&landed.host);
            }
        }
        self.failing = self.failing.saturating_sub(usize::from(landed.was_failing));
        match landed.end {
            End::Push(end) => self.pushes.push((landed.number, end)),
            End::Wish(wished, end) => self.wishes.push((wished, end)),
        }
    }

    /// Writes down what deliveries came to; what the store does not take is kept for the next time.
    pub(super) async fn write_pushes(&mut self, store: &Store) -> Result<(), StoreError> {
        if !self.pushes.is_empty() {
            store.end_pushes(self.pushes.clone()).await?;
            for (number, _) in self.pushes.drain(..) {
                self.busy.remove(&number);
            }
        }
        Ok(())
    }

    /// Writes down what one question came to, and gives it; None when there is none left.
    pub(super) async fn write_wish(
        &mut self,
        store: &Store,
    ) -> Result<Option<(Wished, WishEnd)>, StoreError> {
        let Some((wished, end)) = self.wishes.last().cloned() else { return Ok(None) };
        store.end_wish(wished, end).await?;
        let written = self.wishes.pop();
        if let Some((wished, _)) = &written {
            self.busy.remove(&wished.number);
        }
        Ok(written)
    }
}
