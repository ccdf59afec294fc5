//! Stand-ins for the outside world, reached over HTTP like the real ones. Nobody imports them but `app.rs`.
pub mod mail;
pub mod midtrans;
