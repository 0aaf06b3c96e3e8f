//! A document that lists articles, before it is read.

use crate::model::{Kind, PageUrl};

/// A document as it was answered, decoded.
#[derive(Debug, Clone, Copy)]
pub struct Document<'a> {
    /// What it says.
    pub text: &'a str,
    /// The address that answered.
    pub url: &'a PageUrl,
    /// `Content-Type` as sent.
    pub content_type: Option<&'a str>,
    /// What it is read as.
    pub kind: Kind,
    /// How the page that led here makes addresses of the names of its articles ([`Traits::ways`](crate::model::Traits)).
    pub ways: &'a [String],
    /// The address of that page: what an API calls relative is meant there.
    pub from: Option<&'a PageUrl>,
}
