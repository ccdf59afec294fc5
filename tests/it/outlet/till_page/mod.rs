//! Stories of the till's page, on a real browser the size of a cheap phone.
mod away;
mod counter;
mod drawer;
mod family;
mod judged;
mod measured;
mod qris;
mod selling;
mod taps;
