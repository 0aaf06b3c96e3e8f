//! The served side attacked: the built daemon, raw bytes on its socket, and what must hold whatever they say.

mod raw;

mod admin;
mod flood;
mod hub;
mod huge;
mod panics;
mod paths;
mod poison;
mod quiet;
mod shapes;
mod slow;
mod stop;
mod stuck;
