//! What stands on the card of a family: eight characters that say nothing about it, none of which looks like another, and
//! the last of which shows a slip of the finger.
use std::fmt;

/// Without 0 O Q, 1 I L, 2 Z, 5 S, 8 B and U. Their number is a prime, so that the sum below sees every single wrong
/// character and every two that changed places.
const LETTERS: &[u8; 23] = b"34679ACDEFGHJKMNPRTVWXY";
const LENGTH: usize = 8;
/// Three times eight is one more than twenty-three: the last character, taken eight times, makes the sum come out even.
const OF_LAST: usize = 3;

/// The code of a card, as it is kept: without a space, in capitals.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Code(String);

impl Code {
    /// A new one, at random.
    pub fn new() -> Code {
        let mut values: Vec<usize> = Vec::with_capacity(LENGTH);
        while values.len() < LENGTH - 1 {
            // Bytes beyond the last whole run of letters would make some letters more frequent.
            let byte = usize::from(rand::random::<u8>());
            if byte < 253 {
                values.push(byte % LETTERS.len());
            }
        }
        let short = sum(&values) * OF_LAST % LETTERS.len();
        values.push((LETTERS.len() - short) % LETTERS.len());
        Code(values.into_iter().map(|value| char::from(LETTERS[value])).collect())
    }

    /// Reads what was typed or scanned: small letters, spaces and lines between the halves are taken. None when it is no
    /// code, or one with a slip in it.
    pub fn parse(text: &str) -> Option<Code> {
        let kept = |c: &char| !c.is_whitespace() && !matches!(c, '-' | '.' | '·');
        let code: String = text.chars().filter(kept).map(|c| c.to_ascii_uppercase()).collect();
        let value = |byte: u8| LETTERS.iter().position(|letter| *letter == byte);
        let values: Vec<usize> = code.bytes().map(value).collect::<Option<_>>()?;
        (values.len() == LENGTH && sum(&values).is_multiple_of(LETTERS.len())).then_some(Code(code))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for Code {
    fn default() -> Code {
        Code::new()
    }
}

/// In two halves, as it is read aloud: "K7M4 9XPA".
impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, second) = self.0.split_at(LENGTH / 2);
        write!(f, "{first} {second}")
    }
}

fn sum(values: &[usize]) -> usize {
    values.iter().enumerate().map(|(n, value)| (n + 1) * value).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_reads_back_however_it_was_typed() {
        for _ in 0..500 {
            let code = Code::new();
            for text in [code.to_string(), code.to_string().to_lowercase(), code.to_string().replace(' ', "-")] {
                assert_eq!(Code::parse(&text).as_ref(), Some(&code), "{text}");
            }
        }
        for text in ["", "K7M4", "K7M4 9XP", "K7M4 9XPA A", "0OIL 1258", "halo semua", "K7M4 9XP\u{c4}"] {
            assert_eq!(Code::parse(text), None, "{text}");
        }
    }

    #[test]
    fn one_wrong_character_or_two_that_changed_places_are_seen() {
        for _ in 0..50 {
            let code = Code::new().0;
            let letters: Vec<char> = code.chars().collect();
            for at in 0..LENGTH {
                for other in LETTERS.iter().map(|letter| char::from(*letter)).filter(|other| *other != letters[at]) {
                    let mut typed = letters.clone();
                    typed[at] = other;
                    assert_eq!(Code::parse(&typed.iter().collect::<String>()), None, "{code}");
                }
                if at + 1 < LENGTH && letters[at] != letters[at + 1] {
                    let mut typed = letters.clone();
                    typed.swap(at, at + 1);
                    assert_eq!(Code::parse(&typed.iter().collect::<String>()), None, "{code}");
                }
            }
        }
    }
}
