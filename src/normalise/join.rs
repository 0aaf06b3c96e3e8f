//! The pages of one article put together.

use crate::model::{Attachment, Image};

use super::flow::{Flow, MOST_IMAGES};

impl Flow {
    /// Puts what a further page says behind; each picture and document once.
    pub(super) fn extend(&mut self, more: Self) {
        self.html.push_str(&more.html);
        self.lines.extend(more.lines);
        self.is_cut |= more.is_cut;
        let images =
            more.images.into_iter().filter(|image| self.images.iter().all(|known| known.url != image.url));
        let images: Vec<Image> = images.take(MOST_IMAGES.saturating_sub(self.images.len())).collect();
        self.images.extend(images);
        let documents = more.attachments.into_iter();
        let documents: Vec<Attachment> = documents
            .filter(|document| self.attachments.iter().all(|known| known.url != document.url))
            .collect();
        self.attachments.extend(documents);
    }
}
