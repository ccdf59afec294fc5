//! Codes of areas: two digits a level, four for the village, joined by dots (Kemendagri).

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

use super::table::{self, Place};

/// The code of a village that exists, such as "35.09.22.2001".
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Code([u8; 13]);

/// Why a text is not the code of a village.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// It is not written like a code.
    #[error("a village code looks like 35.09.22.2001")]
    Malformed,
    /// It is written well, but no village has it.
    #[error("no village has this code")]
    Unknown,
}

impl Code {
    /// Reads "35.09.22.2001" or "3509222001", and checks that the village exists.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        let digits: Vec<u8> = text.trim().bytes().filter(u8::is_ascii_digit).collect();
        let dotted = text.trim().len() == 13 && text.trim().split('.').map(str::len).eq([2, 2, 2, 4]);
        let [a, b, c, d, e, f, g, h, i, j] = digits[..] else { return Err(CodeError::Malformed) };
        if !dotted && text.trim().len() != 10 {
            return Err(CodeError::Malformed);
        }
        let code = Code([a, b, b'.', c, d, b'.', e, f, b'.', g, h, i, j]);
        if place(code.as_str()).is_none() { Err(CodeError::Unknown) } else { Ok(code) }
    }

    /// The code with its dots, 13 characters.
    pub fn as_str(&self) -> &str {
        str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The code of its province, such as "35".
    pub fn province(&self) -> &str {
        self.as_str().get(..2).unwrap_or_default()
    }

    /// The code of its kabupaten or kota, such as "35.09".
    pub fn regency(&self) -> &str {
        self.as_str().get(..5).unwrap_or_default()
    }

    /// The code of its kecamatan, such as "35.09.22".
    pub fn district(&self) -> &str {
        self.as_str().get(..8).unwrap_or_default()
    }
}

impl FromStr for Code {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Self, CodeError> {
        Code::parse(text)
    }
}

impl TryFrom<String> for Code {
    type Error = CodeError;

    fn try_from(text: String) -> Result<Self, CodeError> {
        Code::parse(&text)
    }
}

impl From<Code> for String {
    fn from(code: Code) -> String {
        code.as_str().to_owned()
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The area a code of any level stands for: "35", "35.09", "35.09.22" or "35.09.22.2001".
pub(super) fn place(code: &str) -> Option<Place> {
    let mut parts = code.split('.').enumerate();
    let mut part = || -> Option<Option<u16>> {
        let (at, text) = parts.next()?;
        let well_formed = text.len() == if at == 3 { 4 } else { 2 } && text.bytes().all(|b| b.is_ascii_digit());
        Some(well_formed.then(|| text.parse().ok()).flatten())
    };
    let mut place = table::province(part()??)?;
    while let Some(own) = part() {
        place = place.child(own?)?;
    }
    Some(place)
}

/// The code of an area, with its dots.
pub(super) fn code_of(place: Place) -> String {
    let own = place.own_part();
    match place.parent() {
        None => format!("{own:02}"),
        Some(parent) if place.level == table::Level::Village => format!("{}.{own:04}", code_of(parent)),
        Some(parent) => format!("{}.{own:02}", code_of(parent)),
    }
}

/// The code of a village by its number.
pub(super) fn village_code(village: usize) -> Code {
    let mut code = Code(*b"00.00.00.0000");
    let text = code_of(Place { level: table::Level::Village, at: village });
    for (slot, byte) in code.0.iter_mut().zip(text.bytes()) {
        *slot = byte;
    }
    code
}
