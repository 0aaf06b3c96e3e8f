//! What each class of fault means to an administrator, and what to do about it.

use crate::model::Class;

/// What happened, in a sentence.
pub(super) fn meaning(class: Class) -> &'static str {
    match class {
        Class::Dns => "The name of the site has no address.",
        Class::Refused => "Nobody listens at the address.",
        Class::Network => "The connection broke, or there is no way there.",
        Class::Tls => "The secured connection failed.",
        Class::Timeout => "No whole answer came in time.",
        Class::Protocol => "What answered speaks no proper HTTP.",
        Class::Truncated => "The answer ended early.",
        Class::TooLarge => "The answer is too large.",
        Class::TooDeep | Class::TooMany => "The page is beyond the bounds for markup and links.",
        Class::Redirect => "The address leads in circles, too far, or from https to http.",
        Class::BlockedAddress => {
            "The address may not be fetched: it is in a private network, or its port belongs to another protocol."
        }
        Class::Robots => "The site's robots.txt forbids the page.",
        Class::Http => "The site answered with an error.",
        Class::RateLimited => "The site asks for fewer visits.",
        Class::Gone => "The site says the page is gone for good.",
        Class::Moved => "The portal moved to another site.",
        Class::Slow => "The site is slow.",
        Class::Challenge => "A wall, a captcha or a maintenance page stands before the site.",
        Class::Decode => "No charset fits the page.",
        Class::FeedParse => "The portal's feed cannot be read.",
        Class::EmptyList => "The list page shows no items.",
        Class::Selector => "A selector, or what was learnt, finds nothing any more.",
        Class::Layout => "The layout changed.",
        Class::Suspect => "What was found does not look like this portal and was held back.",
        Class::Store => "The store could not be read or written.",
        Class::Internal => "A fault of tidings itself.",
    }
}

/// What to do, after `What to do:`.
pub(super) fn cure(class: Class) -> &'static str {
    match class {
        Class::Dns => {
            "look whether `url` is spelt right and whether names are resolved on this machine (`getent hosts NAME`)."
        }
        Class::Refused => "look whether the site is up and the port in `url` is right.",
        Class::Network => "look whether this machine is online; it is tried again by itself.",
        Class::Tls => {
            "open the address with a browser: the certificate may have run out, or only `http://` serves."
        }
        Class::Timeout => {
            "if the site is slow for good, raise `fetch.timeout`; else wait, it is tried again by itself."
        }
        Class::Protocol => "look whether something else uses that port.",
        Class::Truncated => "wait; if it stays so, look at the address with a browser.",
        Class::TooLarge => "look whether `url` is a page at all; if so, raise `fetch.max_body`.",
        Class::TooDeep | Class::TooMany => "take another list page for `url`.",
        Class::Redirect => "put the address a browser ends at into `url`.",
        Class::BlockedAddress => {
            "for a portal of your own network, name the network in `fetch.allow_networks`; a refused port stays refused."
        }
        Class::Robots => "respect it: take another page for `url`, or ask the site.",
        Class::Http => {
            "404: find the new address of the list; 403: the site does not want visits; 5xx: wait."
        }
        Class::RateLimited => "it is obeyed; if it comes often, raise `every` or `min_gap`.",
        Class::Gone => "take the portal out, or find its new address.",
        Class::Moved => "check the new address and put it into `url`.",
        Class::Slow => "nothing, unless it stays.",
        Class::Challenge => "wait; walls are reported and never circumvented.",
        Class::Decode => "set `charset` for the portal.",
        Class::FeedParse => "look at the address by hand.",
        Class::EmptyList => "look whether the page changed, and run `tidings try NAME`.",
        Class::Selector => "correct the selector or take it out; `tidings try NAME` shows what is found.",
        Class::Layout => "look once whether the feed is still right.",
        Class::Suspect => "run `tidings try NAME` and compare with the site.",
        Class::Store => {
            "look at disk space and rights, and into the log; visits are taken up again by themselves."
        }
        Class::Internal => "report it with the lines of the log.",
    }
}
