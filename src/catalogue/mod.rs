//! What is sold: products and their items, pictures, the makers' pages, and search.
//!
//! A *product* (barang) is shown, its *items* (ukuran) are sold, a *category* says on which shelf it stands. What is on
//! the shelves is kept in memory only to be found; prices and stock are read from the database for each page.
pub mod category;
pub mod maker;
pub mod search;
pub mod shelf;
pub mod show;
pub mod watch;
pub mod web;
