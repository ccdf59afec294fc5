//! Stories of phones that work without signal.
mod at_once;
mod door;
pub mod handset;
mod held;
mod journey;
mod journey_kiosk;
mod journey_mend;
mod phones;
mod photos;
mod provisions;
mod rate;
mod told;
