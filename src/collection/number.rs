//! What people say and print of a hand-over: S-2611-0042-7. The month it was written down in, a running number of the
//! outlet in that month without gaps, and a digit that shows when one was heard or typed wrongly. Outlets after the
//! first have their own number behind the S.
use chrono::{DateTime, Utc};

use crate::clock;

/// What comes before the running number of this outlet in this month.
pub(super) fn month(outlet_id: i64, at: DateTime<Utc>) -> String {
    let outlet = if outlet_id == 1 { String::new() } else { outlet_id.to_string() };
    format!("S{outlet}-{}-", clock::local_date(at).format("%y%m"))
}

/// A whole number: month, running number, check digit.
pub(super) fn of(month: &str, running: i64) -> String {
    let text = format!("{month}{running:04}");
    let check = check_digit(&text);
    format!("{text}-{check}")
}

/// The running number in a number.
pub(super) fn running(number: &str) -> Option<i64> {
    number.split('-').nth(2)?.parse().ok()
}

/// A number as somebody typed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Typed {
    Sound(String),
    /// It looks like one, and a digit is wrong or two have changed places.
    Mistyped,
    /// It does not look like one.
    Strange,
}

/// Reads a typed number: small letters, spaces and forgotten dashes are taken.
pub fn read(text: &str) -> Typed {
    let parts: Vec<String> = text
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|part| !part.is_empty())
        .map(str::to_ascii_uppercase)
        .collect();
    let parts = match parts.as_slice() {
        [outlet, month, running, check] => Some([outlet.clone(), month.clone(), running.clone(), check.clone()]),
        parts => parts.concat().strip_prefix('S').and_then(together),
    };
    let Some([outlet, month, running, check]) = parts else { return Typed::Strange };
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let shaped = outlet.strip_prefix('S').is_some_and(|id| digits(id) && id.len() <= 12)
        && (month.len(), check.len()) == (4, 1)
        && (1..=9).contains(&running.len());
    if !shaped || !digits(&month) || !digits(&running) || !digits(&check) {
        return Typed::Strange;
    }
    let text = format!("{outlet}-{month}-{running:0>4}");
    if check_digit(&text).to_string() == check { Typed::Sound(format!("{text}-{check}")) } else { Typed::Mistyped }
}

/// The digits of a first outlet's number without its dashes.
fn together(digits: &str) -> Option<[String; 4]> {
    let sound = digits.len() >= 9 && digits.len() <= 14 && digits.bytes().all(|b| b.is_ascii_digit());
    let (month, rest) = digits.split_at_checked(4).filter(|_| sound)?;
    let (running, check) = rest.split_at(rest.len() - 1);
    Some(["S".into(), month.into(), running.into(), check.into()])
}

/// Damm's digit: every single wrong digit and every pair that changed places shows.
fn check_digit(text: &str) -> u8 {
    const TABLE: [[u8; 10]; 10] = [
        [0, 3, 1, 7, 5, 9, 8, 6, 4, 2],
        [7, 0, 9, 2, 1, 5, 4, 8, 6, 3],
        [4, 2, 0, 6, 8, 7, 1, 3, 5, 9],
        [1, 7, 5, 0, 9, 8, 3, 4, 2, 6],
        [6, 1, 2, 3, 0, 4, 5, 9, 7, 8],
        [3, 6, 7, 4, 2, 0, 9, 5, 8, 1],
        [5, 8, 6, 9, 7, 2, 0, 1, 3, 4],
        [8, 9, 4, 5, 3, 6, 2, 0, 1, 7],
        [9, 4, 3, 8, 6, 1, 7, 2, 0, 5],
        [2, 5, 8, 1, 4, 3, 6, 7, 9, 0],
    ];
    let digits = text.bytes().filter(u8::is_ascii_digit).map(|b| usize::from(b - b'0'));
    digits.fold(0, |row, digit| TABLE[usize::from(row)][digit])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_as_people_type_it() {
        let at = "2026-11-21T03:00:00Z".parse().unwrap();
        let number = of(&month(1, at), 42);
        assert!(number.starts_with("S-2611-0042-"), "{number}");
        let check = number.chars().last().unwrap();
        for typed in [format!("s 2611 42 {check}"), format!("S26110042{check}"), format!(" s-2611-0042{check} ")] {
            assert_eq!(read(&typed), Typed::Sound(number.clone()), "{typed}");
        }
        assert_eq!(running(&number), Some(42));
        let other = of(&month(7, at), 12_345);
        assert_eq!(read(&other), Typed::Sound(other.clone()));
        for strange in ["", "K-2611-0042", "S", "S-26", "halo", "S-2611-00A2-7", "S-2611-0042-77"] {
            assert_eq!(read(strange), Typed::Strange, "{strange}");
        }
    }

    #[test]
    fn one_wrong_digit_and_two_that_changed_places_show() {
        let number = of("S-2611-", 8042);
        let digits: Vec<usize> =
            number.char_indices().filter(|(_, c)| c.is_ascii_digit()).map(|(place, _)| place).collect();
        for place in &digits {
            for digit in '0'..='9' {
                let mut wrong = number.clone();
                wrong.replace_range(*place..place + 1, &digit.to_string());
                assert_eq!(wrong == number, read(&wrong) == Typed::Sound(wrong.clone()), "{wrong}");
            }
        }
        for pair in digits.windows(2) {
            let mut bytes = number.clone().into_bytes();
            bytes.swap(pair[0], pair[1]);
            let wrong = String::from_utf8(bytes).unwrap();
            assert!(wrong == number || read(&wrong) == Typed::Mistyped, "{wrong}");
        }
    }
}
