//! Money on its way: what a notice may do, what it may not, and that nothing is ever booked twice.
mod away;
mod charge;
mod contract;
mod crowd;
pub mod desk;
mod model;
mod order_of_events;
mod reconcile;
mod shown_code;
mod stand_in;
mod stories;
mod webhook;
