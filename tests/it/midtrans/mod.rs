//! The client and the stand-in, each against what is known of the real Midtrans, and then against each other.

mod core;
mod notifications;
mod pages;
mod recorded;
mod shop;
mod snap;
