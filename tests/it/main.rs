//! The stories of the shop, on whichever database `DATABASE_URL` names, SQLite without it. One binary, linked once.
mod support;

mod accounts;
mod catalogue;
mod counter;
mod edge;
mod journeys;
mod midtrans;
mod payments;
mod tidy;
