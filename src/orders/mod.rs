//! From a basket to a delivered parcel: cart, checkout, order, shipping, fulfilment.
//!
//! An order is placed whole or not at all: prices and stock are judged, goods promised, the money asked for and the
//! basket emptied in one transaction. Goods are kept as long as the way of paying leaves time; then the order expires.
//!
//! At the counter an order lies as a *docket*: `confirm`, `settle`, `parcel` and `cancel` are what can happen to it,
//! `state` is the only table of steps, `board` what is to be done now.
pub mod balance;
pub mod board;
pub mod brought_back;
pub mod cancel;
pub mod carriage;
pub mod cart;
pub mod checkout;
mod close;
pub mod compensation;
pub mod confirm;
pub mod docket;
pub mod example;
pub mod expiry;
pub mod handover;
pub mod line;
pub mod matching;
pub mod method;
pub mod notify;
pub mod order;
pub mod parcel;
pub mod pay;
pub mod place;
pub mod rates;
pub mod refund_account;
pub mod refund_transfer;
mod sample;
pub mod settle;
pub mod share;
pub mod shipping;
pub mod state;
pub mod steps;
pub mod surplus;
pub mod takings;
pub mod web;
pub mod withdrawal;
