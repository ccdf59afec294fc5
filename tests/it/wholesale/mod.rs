//! Stories of goods that go to other islands.
mod kiosk;
mod kiosk_walk;
mod post;
//! Stories of resellers, quotes, orders paid in two parts, and cartons.
mod cartons;
mod parts;
mod quotes;
mod resellers;
mod trader;
