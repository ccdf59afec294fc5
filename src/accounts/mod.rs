//! People: who they are, what they may do and where, and how they prove it.
//!
//! A *person* has a name and perhaps a phone; a *role* says what they may do in a village or an outlet; a *session* is
//! one signed-in device. Handlers ask for a right by naming its type ([`visit::Operator`]) in their signature.
pub mod visit;
pub mod web;
