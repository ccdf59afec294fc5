//! Why a picture is not taken, in a way the person who brought it can act on.

/// A picture that is not taken. Each reason has its own words (`key`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Nothing known as a picture.
    #[error("this is not a picture")]
    NotAPicture,
    /// The format of newer iPhones; a phone can be told to send JPEG.
    #[error("HEIC pictures cannot be read")]
    Heic,
    /// Known, but not read here: a GIF, AVIF, TIFF, BMP or PDF.
    #[error("{name} files cannot be read")]
    OtherFormat {
        /// The format as people call it.
        name: &'static str,
    },
    /// The file is too heavy.
    #[error("heavier than {max_mb} MB")]
    TooManyBytes {
        /// Most megabytes taken (millions of bytes).
        max_mb: u32,
    },
    /// The picture is too large to unfold, or unreasonably long on one side.
    #[error("larger than {max_mp} megapixels")]
    TooManyPixels {
        /// Most millions of pixels taken.
        max_mp: u32,
    },
    /// The end of the file is missing, as when an upload breaks off.
    #[error("the file is cut off")]
    Truncated,
    /// Too small to show anything.
    #[error("the picture is too small")]
    TooSmall,
    /// It says it is a picture of a known format, but its contents make no sense.
    #[error("the picture is damaged")]
    Damaged,
}

impl Refusal {
    /// The key of the sentence shown to the person.
    pub fn key(&self) -> &'static str {
        match self {
            Refusal::NotAPicture => "photo.refused.not_a_picture",
            Refusal::Heic => "photo.refused.heic",
            Refusal::OtherFormat { .. } => "photo.refused.other_format",
            Refusal::TooManyBytes { .. } => "photo.refused.too_many_bytes",
            Refusal::TooManyPixels { .. } => "photo.refused.too_many_pixels",
            Refusal::Truncated => "photo.refused.truncated",
            Refusal::TooSmall => "photo.refused.too_small",
            Refusal::Damaged => "photo.refused.damaged",
        }
    }
}
