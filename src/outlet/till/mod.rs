//! The till: what a phone or laptop sold, also while it had no signal, and the drawer it was paid into.
//!
//! What it promises: a sale that happened is in the books once, however often and in whatever order it is told; its goods
//! leave the shelf by what expires first and its money lies where it was paid to; and what was odd about it is a row that
//! a person looks at ([`conflict`]), never a sale that was lost. `assets/docs/till.md` is what till and server say to
//! each other.
pub mod amount;
pub mod back;
pub mod book;
pub mod conflict;
mod craft_back;
pub mod drawer;
mod judge;
pub mod known;
pub mod refund;
pub mod sell;
pub mod sheet;
pub mod shift;
pub mod told;
