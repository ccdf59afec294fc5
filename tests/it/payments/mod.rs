//! Money on its way: what a notice may do, what it may not, and that nothing is ever booked twice.
mod charge;
mod desk;
mod order_of_events;
mod reconcile;
mod stand_in;
mod webhook;
