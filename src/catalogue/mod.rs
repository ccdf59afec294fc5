//! What is sold: products and their items, pictures, the makers' pages, and search.
pub mod web;
