//! What the articles of some days are known again by, read once a visit.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

/// What an article is known again by, without its body.
pub(super) struct Face {
    pub(super) number: i64,
    pub(super) key: String,
    pub(super) text: Option<u64>,
    pub(super) own: Option<String>,
}

/// The faces of the days that were looked at, by their first millisecond, and the bytes that took.
#[derive(Default)]
pub(super) struct Days {
    pub(super) faces: RefCell<HashMap<i64, Rc<Vec<Face>>>>,
    pub(super) bytes: Cell<usize>,
}
