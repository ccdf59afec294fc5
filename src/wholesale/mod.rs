//! Channeling: big orders, resellers and kiosks on other islands, on the same lots as everything else.
pub mod web;
