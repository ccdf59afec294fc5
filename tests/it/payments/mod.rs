//! Money on its way: what a notice may do, what it may not, and that nothing is ever booked twice.
mod charge;
pub mod desk;
mod order_of_events;
mod reconcile;
mod shown_code;
mod stand_in;
mod webhook;
