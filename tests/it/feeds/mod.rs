//! Feeds as lists: every family, in every state that strangers leave them in.

mod breakage;
mod visits;
mod writer;
