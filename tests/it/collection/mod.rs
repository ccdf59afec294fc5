//! Pengepulan: goods come in from households, and every piece keeps its owner.
mod accepted;
mod book;
mod book_lines;
mod book_walk;
mod brought_back;
mod departed;
mod origin;
mod pages;
mod ready;
mod receipt;
pub mod yard;
