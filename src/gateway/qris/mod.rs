//! What a QRIS code says: fields of tag, length and value, with a checksum at the end (EMVCo, merchant-presented mode,
//! version 1.1; QRIS puts its own meaning into 26 to 45, 50, 51 and 62).
//!
//! What it promises: a text is either understood to its last character or refused with the reason, and what was
//! understood is written back byte for byte, unknown fields and all. Nothing here panics, whatever it is given.
mod amount;
mod merchant;
mod payload;
mod picture;
#[cfg(test)]
mod tests;
mod tlv;
mod wrong;

pub use amount::Amount;
pub use merchant::{Account, Criteria, Merchant};
pub use payload::{Extra, Kind, Payload, Tip};
pub use picture::{Picture, draw};
pub use tlv::crc;
pub use wrong::Wrong;
