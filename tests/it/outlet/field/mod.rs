//! Stories of phones that work without signal.
mod at_once;
pub mod handset;
mod held;
mod journey;
mod phones;
mod photos;
mod provisions;
mod told;
