//! Stories of an outlet's own money.
mod payout;
