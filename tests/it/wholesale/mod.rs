//! Stories of goods that go to other islands: kiosks, resellers, quotes, orders paid in two parts, cartons.
mod cartons;
mod chance;
mod kiosk;
mod kiosk_told;
mod kiosk_walk;
mod on_terms;
mod parts;
pub mod post;
mod quotes;
mod resellers;
mod trader;
