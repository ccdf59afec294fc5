//! Fields of tag, length and value, and the checksum over them.
use std::fmt::Write;

use super::Wrong;

/// One field: two digits of tag, two of length, and so many characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Field {
    pub tag: u8,
    pub value: String,
}

impl Field {
    /// A field that is written, within the most characters its tag allows.
    pub fn new(tag: u8, value: &str, most: usize) -> Result<Field, Wrong> {
        let length = value.chars().count();
        if length > most {
            return Err(Wrong::TooLong { tag, most, length });
        }
        if value.is_empty() || !is_printable(value) {
            return Err(Wrong::Unfit { tag, text: value.to_owned() });
        }
        Ok(Field { tag, value: value.to_owned() })
    }

    /// A field made of fields.
    pub fn of(tag: u8, inside: &[Field]) -> Result<Field, Wrong> {
        Field::new(tag, &written(inside), 99)
    }
}

/// Characters that a code may hold.
pub(super) fn is_printable(text: &str) -> bool {
    text.bytes().all(|b| (b' '..=b'~').contains(&b))
}

/// Takes a text apart to its end. The same tag twice would have two meanings, so it has none.
pub(super) fn read(text: &str) -> Result<Vec<Field>, Wrong> {
    let mut fields: Vec<Field> = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let broken = || Wrong::BrokenOff(rest.chars().take(4).collect());
        let (head, after) = rest.split_at_checked(4).ok_or_else(broken)?;
        if !head.bytes().all(|b| b.is_ascii_digit()) {
            return Err(broken());
        }
        let number = |at: std::ops::Range<usize>| head.get(at).and_then(|digits| digits.parse::<u8>().ok());
        let (Some(tag), Some(length)) = (number(0..2), number(2..4).map(usize::from)) else { return Err(broken()) };
        if length == 0 {
            return Err(Wrong::Empty(tag));
        }
        let (value, left) =
            after.split_at_checked(length).ok_or(Wrong::Overlong { tag, length, left: after.chars().count() })?;
        if fields.iter().any(|field| field.tag == tag) {
            return Err(Wrong::Twice(tag));
        }
        fields.push(Field { tag, value: value.to_owned() });
        rest = left;
    }
    Ok(fields)
}

/// Puts fields together. Their values are at most 99 characters by the way they were made.
pub(super) fn written(fields: &[Field]) -> String {
    fields.iter().fold(String::new(), |mut text, Field { tag, value }| {
        let _ = write!(text, "{tag:02}{:02}{value}", value.len());
        text
    })
}

/// The value of a field.
pub(super) fn get(fields: &[Field], tag: u8) -> Option<&str> {
    fields.iter().find(|field| field.tag == tag).map(|field| field.value.as_str())
}

/// CRC-16/CCITT-FALSE: polynomial 1021, beginning with FFFF, nothing turned round.
pub fn crc(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0xFFFF, |sum, byte| {
        (0..8).fold(sum ^ (u16::from(*byte) << 8), |sum, _| match sum & 0x8000 {
            0 => sum << 1,
            _ => (sum << 1) ^ 0x1021,
        })
    })
}
