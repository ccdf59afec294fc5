//! Stories of goods that go to other islands.
mod kiosk;
mod kiosk_walk;
mod post;
