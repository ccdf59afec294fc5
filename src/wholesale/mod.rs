//! Channeling: big orders, resellers and kiosks on other islands, on the same lots as everything else.
//!
//! A *reseller* is agreed to by an outlet and sees *tiers*, prices by quantity. A *quote* offers goods, freight and
//! terms until a day; the yes to it is an order that is paid in two parts. *Cartons* say what travels in which box, a
//! *sailing* what it travels with.
pub mod accept;
pub mod assignment;
pub mod carton;
pub mod commission;
pub mod fill;
pub mod kiosk;
pub mod kiosk_drop;
pub mod kiosk_due;
mod kiosk_goods;
pub mod kiosk_told;
pub mod kiosk_visit;
pub mod quote;
pub mod reseller;
pub mod round;
pub mod shipment;
pub mod split;
pub mod tier;
pub mod upkeep;
pub mod web;
