//! From a basket to a delivered parcel: cart, checkout, order, shipping, fulfilment.
//!
//! An order is placed whole or not at all: prices and stock are judged, goods promised, the money asked for and the
//! basket emptied in one transaction. Goods are kept as long as the way of paying leaves time; then the order expires.
pub mod cart;
pub mod checkout;
pub mod expiry;
pub mod method;
pub mod notify;
pub mod order;
pub mod pay;
pub mod place;
pub mod shipping;
pub mod steps;
pub mod web;

mod example;
