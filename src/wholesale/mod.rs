//! Channeling: big orders, resellers and kiosks on other islands, on the same lots as everything else.
pub mod assignment;
pub mod commission;
pub mod kiosk;
pub mod kiosk_drop;
pub mod kiosk_due;
mod kiosk_goods;
pub mod kiosk_told;
pub mod kiosk_visit;
pub mod round;
pub mod split;
pub mod web;
