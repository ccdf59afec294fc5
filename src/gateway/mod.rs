//! Doors to the outside. Nothing here is called while a transaction is open.
pub mod cache;
pub mod midtrans;
