//! One visit to one portal, start to end: lists, articles, and what is to be stored of them.

mod access;
mod after;
mod article;
mod back;
mod behind;
mod door;
mod elsewhere;
mod enter;
mod expect;
mod framed;
mod gate;
mod guard;
mod learn;
mod listing;
mod lists;
mod login;
mod logins;
mod merged;
mod plan;
mod reading;
mod report;
mod round;
mod settings;
mod sort;
mod still;
mod trace;
mod trial;
mod visit;
mod walls;
mod ways;
mod whole;
mod work;

pub use report::{Job, Reach, Report, Step, Trial, Watch};
pub use settings::Settings;
pub use visit::Collector;
