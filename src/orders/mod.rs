//! From a basket to a delivered parcel: cart, checkout, order, shipping, fulfilment.
//!
//! The counter's part: a *docket* is an order as it lies before the operator; `confirm`, `settle`, `parcel` and `cancel`
//! are what can happen to it, `state` the only table of steps, `board` what is to be done now.
pub mod board;
pub mod cancel;
mod close;
pub mod confirm;
pub mod docket;
mod handover;
pub mod notify;
pub mod parcel;
mod sample;
pub mod settle;
pub mod share;
pub mod state;
pub mod web;
