//! What the village government does for its people here.
//!
//! A household that makes things asks for a *business letter* (surat keterangan usaha); the village's officer issues it
//! under the village's next number or says why not; anybody who is shown it can check it; and the *register* says who
//! has none yet, so that their number shrinks.
pub mod letter;
pub mod letter_pdf;
pub mod register;
pub mod web;
