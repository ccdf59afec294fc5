//! Pengepulan: goods come in from households, and every piece keeps its owner.
mod accepted;
mod origin;
pub mod yard;
