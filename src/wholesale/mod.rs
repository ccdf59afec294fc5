//! Channeling: big orders, resellers and kiosks on other islands, on the same lots as everything else.
pub mod assignment;
pub mod commission;
pub mod round;
pub mod split;
pub mod web;
