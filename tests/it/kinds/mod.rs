//! Portals of every kind, each written as real ones are.

mod access;

mod door;
mod proxies;
