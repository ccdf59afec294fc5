//! From a basket to a delivered parcel: cart, checkout, order, shipping, fulfilment.
pub mod web;
