//! Stories of money that goes out to crafters: by hand, and through Midtrans.
mod at_once;
mod by_hand;
mod by_midtrans;
mod cash;
pub mod desk;
mod lost;
mod notices;
mod refused;
mod walk;
