//! Listing goods and keeping their stock, as crafters and operators do it.
mod listing;
mod photos;
mod shop;
mod stock;
