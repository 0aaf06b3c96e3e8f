//! Feeds as lists: every family, in every state that strangers leave them in.

mod breakage;
mod odder;
mod visits;
mod writer;
