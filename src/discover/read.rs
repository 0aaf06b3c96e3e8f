//! A document that lists articles, read as what it is.

use super::form::Form;
use super::listing::{Context, Listing};
use super::{beside, feed, html};
use crate::model::{Kind, PageUrl};
use crate::page::Page;

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
}

/// Reads a document that lists articles.
#[must_use]
pub fn read(document: &Document<'_>, context: &Context<'_>) -> Listing {
    let form = Form::of(document.text, document.content_type, document.kind);
    let mut listing = match form {
        Form::Html => {
            let page = Page::parse(document.text, document.url.clone());
            let listing = html::list(&page, context);
            let beside = beside::feed_of(&page, &listing).filter(|_| document.kind == Kind::Auto);
            Listing { beside, ..listing }
        }
        Form::Feed => {
            let (listing, home) = feed::read(document.text, document.url, context);
            let beside =
                beside::page_of(home, document.url, &listing).filter(|_| document.kind == Kind::Auto);
            Listing { beside, ..listing }
        }
    };
    listing.form = form;
    listing
}
