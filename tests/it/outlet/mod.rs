//! Stories of an outlet's own money.
mod bill;
mod bill_journey;
mod bill_money;
mod bill_of_order;
mod bill_refused;
mod buying;
mod debt;
pub mod field;
pub mod payout;
mod price;
mod price_law;
mod price_pages;
pub mod purchase;
mod sale;
pub mod stall;
mod store;
mod till;
mod till_page;
