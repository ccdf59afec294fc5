//! Doors to the outside. Nothing here is called while a transaction is open.
pub mod cache;
pub mod files;
pub mod mail;
pub mod midtrans;
pub mod qris;
pub mod shipping;
