//! Files people bring, and where they are kept: photos are checked, made small and stripped of what the phone noted, then stored.
//!
//! `process` promises that whatever bytes come in, it answers with finished renditions or a `Refusal` a person can act on.

mod header;
mod photo;
mod refusal;
mod store;
#[cfg(test)]
mod tests;

pub use header::{Format, sniff};
pub use photo::{LIST_PHOTO_BYTES, MAX_BYTES, MAX_PIXELS, MAX_SIDE, MIN_LONG_SIDE, Photo, Rendition, judge, process};
pub use refusal::Refusal;
pub use store::{BadName, BlobName, Store};
