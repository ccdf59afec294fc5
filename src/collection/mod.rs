//! Pengepulan: goods from the hands of the households that made them, and what each household is owed for them.
//!
//! What it promises: each piece keeps its owner until the owner is paid. An *intake* (setoran) is a hand-over, judged
//! and written down once, whatever the network does; it becomes *lots* on the shelf, with what was agreed. Each sale of
//! a lot is an *earning* ([`crate::outlet::earning`]), frozen when it happens.
pub mod amount;
pub mod departure;
pub mod goods;
mod handed;
pub mod intake;
mod judged;
pub mod number;
pub mod origin;
pub mod pickup;
mod reversal;
pub mod statement;
pub mod web;
