//! Amounts that may hold parts of a rupiah: balances and fees do, bills do not.
use entity::Rupiah;

/// Hundredths of a rupiah.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sen(pub i64);

impl Sen {
    /// Reads `962000.01`, `962000`, `0.0` or `-1500.5`; nothing else counts as an amount, and no digit is rounded away.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let fraction = fraction.trim_end_matches('0');
        let all_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || fraction.len() > 2 || !all_digits(whole) || !all_digits(fraction) {
            return None;
        }
        let cents: i64 = format!("{fraction:0<2}").parse().ok()?;
        whole.parse::<i64>().ok()?.checked_mul(100)?.checked_add(cents).map(|sen| Self(sign * sen))
    }

    /// The same in whole rupiah, if nothing is lost by it.
    pub fn whole(self) -> Option<Rupiah> {
        (self.0 % 100 == 0).then_some(Rupiah(self.0 / 100))
    }
}

#[cfg(test)]
mod tests {
    use super::{Rupiah, Sen};

    #[test]
    fn amounts_are_read_to_the_hundredth_or_not_at_all() {
        assert_eq!(Sen::parse("962000.01"), Some(Sen(96_200_001)));
        assert_eq!(Sen::parse("289000.0").and_then(Sen::whole), Some(Rupiah(289_000)));
        assert_eq!(Sen::parse("-1500.5"), Some(Sen(-150_050)));
        assert_eq!(Sen::parse("0.0"), Some(Sen(0)));
        assert_eq!(Sen(150_050).whole(), None);
        for bad in ["", ".5", "-", "1.001", "1e16", "Rp5", "99999999999999999999", "1,5"] {
            assert_eq!(Sen::parse(bad), None, "{bad}");
        }
    }
}
