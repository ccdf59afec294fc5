//! Why a text is no code, or a code cannot be made, each in a sentence.

/// A refusal. Tags are the two digits a field begins with.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    #[error("the code holds a character that is not printable ASCII")]
    NotAscii,
    #[error("the code does not end with a checksum (field 63 of four characters)")]
    NoChecksum,
    #[error("the checksum is {found} and should be {expected}: a part of the code was changed or lost")]
    Checksum { expected: String, found: String },
    #[error("a field breaks off where tag and length should stand: {0:?}")]
    BrokenOff(String),
    #[error("field {0:02} says it has no characters")]
    Empty(u8),
    #[error("field {tag:02} says it has {length} characters, and {left} are left")]
    Overlong { tag: u8, length: usize, left: usize },
    #[error("field {0:02} stands in the code twice")]
    Twice(u8),
    #[error("inside field {tag:02}: {wrong}")]
    Inside { tag: u8, wrong: Box<Wrong> },
    #[error("field {0:02} is missing")]
    Missing(u8),
    #[error("the code does not begin with version 01")]
    Version,
    #[error("field 01 says {0:?}, which is neither static (11) nor dynamic (12)")]
    Kind(String),
    #[error("the currency is {0:?}, not rupiah (360)")]
    Currency(String),
    #[error("{0:?} is no amount")]
    Amount(String),
    #[error("field 55 says {0:?}, and the tip that goes with it is not there")]
    Tip(String),
    #[error("field {tag:02} may have {most} characters and would have {length}")]
    TooLong { tag: u8, most: usize, length: usize },
    #[error("field {tag:02} cannot be {text:?}")]
    Unfit { tag: u8, text: String },
}
