//! Room for large bodies: few of them are in memory at once, whoever sends them.

use std::sync::Arc;

use bytes::Bytes;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// A body beyond this is a large one. Hardly a page of a portal is.
const LARGE_FROM: usize = 1 << 20;
/// Large bodies at once, from the wire until they are read: each may take its bound twice, packed and unpacked. More of
/// them wait, within their own time.
const LARGE_AT_ONCE: usize = 2;
/// So much of a body is kept: pages are read to 4 MiB, and a little more shows that there was more. What follows is counted
/// against the bound, and thrown away.
pub(super) const KEPT: usize = (4 << 20) + 4096;

/// The room that all fetches share.
#[derive(Debug, Clone)]
pub(super) struct Room(Arc<Semaphore>);

impl Room {
    pub(super) fn new() -> Self {
        Self(Arc::new(Semaphore::new(LARGE_AT_ONCE)))
    }

    /// A place in it for one body.
    pub(super) fn place(&self) -> Place {
        Place { room: Arc::clone(&self.0), held: None }
    }
}

/// The place of one body.
#[derive(Debug)]
pub(super) struct Place {
    room: Arc<Semaphore>,
    held: Option<OwnedSemaphorePermit>,
}

impl Place {
    /// Waits until a body may have so many bytes; says whether it becomes a large one by them.
    pub(super) async fn hold(&mut self, bytes: usize) -> bool {
        let is_new = bytes > LARGE_FROM && self.held.is_none();
        if is_new {
            // the room is never closed
            self.held = Arc::clone(&self.room).acquire_owned().await.ok();
        }
        is_new
    }

    /// The body; its place is given back when the last of it is dropped.
    pub(super) fn keep(self, data: Vec<u8>) -> Bytes {
        match self.held {
            Some(held) if data.len() > LARGE_FROM => Bytes::from_owner(Held { data, _held: held }),
            _ => Bytes::from(data),
        }
    }
}

struct Held {
    data: Vec<u8>,
    _held: OwnedSemaphorePermit,
}

impl AsRef<[u8]> for Held {
    fn as_ref(&self) -> &[u8] {
        &self.data
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_bodies_wait_for_each_other_and_small_ones_for_nobody() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(async {
            let room = Room::new();
            let mut bodies = Vec::new();
            for _ in 0..LARGE_AT_ONCE {
                let mut place = room.place();
                place.hold(LARGE_FROM + 1).await;
                place.hold(LARGE_FROM * 9).await;
                bodies.push(place.keep(vec![0; LARGE_FROM + 1]));
            }
            room.place().hold(LARGE_FROM).await;
            let mut late = room.place();
            let wait = std::time::Duration::from_millis(20);
            assert!(tokio::time::timeout(wait, late.hold(LARGE_FROM + 1)).await.is_err());
            bodies.pop();
            late.hold(LARGE_FROM + 1).await;
            assert!(late.held.is_some());
        });
    }
}
