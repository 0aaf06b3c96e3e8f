//! What a browser was answered to a page, from the first document to the last, and what it made of them.

pub(super) const HTML: &str = "text/html";

/// What a browser made of a page.
#[derive(Debug)]
pub(super) struct Made {
    /// Where it ended.
    pub(super) url: String,
    /// The status of the document.
    pub(super) status: u16,
    pub(super) content_type: String,
    /// The markup of the document, in UTF-8.
    pub(super) html: String,
    /// What came first, when the page's script then had the same page asked for again.
    pub(super) before: Option<Vec<u8>>,
}

/// The answers to the page's own document, as they come.
#[derive(Debug, Default)]
pub(super) struct Heads {
    /// Status and type of the last one.
    pub(super) last: Option<(u16, String)>,
    /// How many there were; redirects count as their end.
    pub(super) count: u32,
    pub(super) first: Option<First>,
    /// Whether the address of the first one was asked for again.
    pub(super) is_anew: bool,
}

/// The first answer to a page.
#[derive(Debug)]
pub(super) struct First {
    pub(super) url: String,
    pub(super) status: u16,
    pub(super) content_type: String,
    /// The beginning.
    pub(super) body: Vec<u8>,
}

impl Heads {
    /// Takes an answer.
    pub(super) fn add(&mut self, url: &str, status: i64, content_type: &str) {
        let bare = |url: &str| url.split(['?', '#']).next().unwrap_or_default().to_owned();
        let is_first = |first: &First| bare(&first.url) == bare(url);
        self.is_anew |= self.count > 0 && self.first.as_ref().is_some_and(is_first);
        self.count += 1;
        self.last = Some((u16::try_from(status).unwrap_or(0), content_type.to_owned()));
    }

    /// What came first, where it is no page: what scripts make of that is not waited for.
    pub(super) fn refusal(&self) -> Option<Made> {
        let First { url, status, body, .. } = self.first.as_ref().filter(|first| first.status >= 400)?;
        let html = String::from_utf8_lossy(body).into_owned();
        let (url, content_type) = (url.clone(), HTML.to_owned());
        Some(Made { url, status: *status, content_type, html, before: None })
    }
}
