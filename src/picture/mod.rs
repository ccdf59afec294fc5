//! Pictures of papers, drawn here: what a receipt or a passbook page says, as one PNG that WhatsApp shows at once.
//!
//! ```no_run
//! # use warong::picture::Card;
//! # use entity::Rupiah;
//! let png = Card::new("Tanda terima setoran")
//!     .lead("e-Warong Kemuning Lor")
//!     .row("Perajin", "Bu Sati")
//!     .row("Keranjang sampah", "12 buah")
//!     .amount("Uang untuk pembuat", Rupiah(255_360))
//!     .notes(Rupiah(255_360))
//!     .qr("https://warong.example/s/abc", "Pindai untuk memeriksa")
//!     .png();
//! ```
//!
//! Promised: nothing is cut off (what is too long is wrapped), and a picture weighs less than [`MAX_BYTES`]. A card takes
//! the processor for some ten milliseconds; [`Card::draw`] does it beside the requests.
mod canvas;
mod card;
pub mod font;
mod notes;
mod pack;

pub use canvas::Colour;
pub use card::Card;
pub use pack::MAX_BYTES;

/// Width of every picture in pixels.
pub const WIDTH: u32 = 720;

#[cfg(test)]
mod tests;
