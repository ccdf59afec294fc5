//! Stand-ins for the outside world, reached over HTTP like the real ones.
pub mod midtrans;
