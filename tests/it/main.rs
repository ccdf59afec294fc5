//! The stories of the shop, on whichever database `DATABASE_URL` names, SQLite without it. One binary, linked once.
#![expect(clippy::expect_used, reason = "a story that meets what it does not expect ends there")]
mod support;

mod race;

mod accounts;
mod catalogue;
mod collection;
mod commission;
mod counter;
mod crawl;
mod edge;
mod households;
mod journeys;
mod killed;
mod mail;
mod many;
mod midtrans;
mod orders;
mod outbox;
mod outlet;
mod payments;
mod tidy;
mod village;
mod wholesale;
