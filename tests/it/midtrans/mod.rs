//! The client and the stand-in, each against what is known of the real Midtrans, and then against each other.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod balance;
mod chaos;
mod clients;
mod control;
mod core;
mod durable;
mod guard;
mod keys_in_flight;
mod line;
mod money_back;
mod notifications;
mod pages;
mod paid_out;
mod payouts;
mod recorded;
mod refunds;
mod replayed;
mod script;
mod seed;
mod shop;
mod snap;
mod snap_js;
mod standing;
