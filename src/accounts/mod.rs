//! People: who they are, what they may do and where, and how they prove it.
//!
//! A *person* has a name and perhaps a phone; a *role* says what they may do in a village or an outlet; a *session* is
//! one signed-in device; a *token* lets a program in with one role. Handlers ask for a right by naming its type
//! ([`visit::Operator`]) in their signature.
//!
//! Promised: secrets and tokens are kept only as hashes; wrong tries close the door for a while, and the answer is the
//! same whether a phone is known or not; there is always an administrator who can come in.
pub mod crafter;
pub mod outlet;
pub mod person;
pub mod pin;
pub mod role;
pub mod session;
pub mod sign_in;
pub mod token;
pub mod totp;
pub mod visit;
pub mod web;
