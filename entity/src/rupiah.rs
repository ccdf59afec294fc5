use std::{
    fmt,
    iter::Sum,
    ops::{Add, AddAssign, Neg, Sub, SubAssign},
};

use sea_orm::DeriveValueType;
use serde::{Deserialize, Serialize};

/// Whole rupiah. There are no parts of a rupiah anywhere in the books, and no floats near it.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, DeriveValueType, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Rupiah(pub i64);

impl Rupiah {
    pub const ZERO: Rupiah = Rupiah(0);

    /// The price of `quantity` pieces; `None` when it leaves the range of the books.
    pub fn times(self, quantity: i64) -> Option<Rupiah> {
        self.0.checked_mul(quantity).map(Rupiah)
    }

    /// Cuts the sum into parts in proportion to `weights`, by largest remainder; the parts always sum to the whole.
    /// Ties go to the earlier part. Weights must not be negative; if all are zero the first part takes everything.
    pub fn split(self, weights: &[i64]) -> Vec<Rupiah> {
        let whole: i128 = weights.iter().map(|w| i128::from(*w)).sum();
        if whole == 0 {
            let mut parts = vec![Rupiah::ZERO; weights.len()];
            if let Some(first) = parts.first_mut() {
                *first = self;
            }
            return parts;
        }
        let exact = |w: i64| i128::from(self.0) * i128::from(w);
        let mut parts: Vec<i64> = weights.iter().map(|w| exact(*w).div_euclid(whole) as i64).collect();
        let mut short = self.0 - parts.iter().sum::<i64>();
        let mut by_remainder: Vec<usize> = (0..weights.len()).collect();
        by_remainder.sort_by_key(|i| std::cmp::Reverse(exact(weights[*i]).rem_euclid(whole)));
        for i in by_remainder {
            if short == 0 {
                break;
            }
            parts[i] += 1;
            short -= 1;
        }
        parts.into_iter().map(Rupiah).collect()
    }
}

/// As Indonesian shops write it: `Rp12.500`, no space, dots for thousands.
impl fmt::Display for Rupiah {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.0.unsigned_abs().to_string();
        if self.0 < 0 {
            f.write_str("-")?;
        }
        f.write_str("Rp")?;
        for (i, digit) in digits.chars().enumerate() {
            if i > 0 && (digits.len() - i).is_multiple_of(3) {
                f.write_str(".")?;
            }
            write!(f, "{digit}")?;
        }
        Ok(())
    }
}

impl Add for Rupiah {
    type Output = Rupiah;
    fn add(self, other: Rupiah) -> Rupiah {
        Rupiah(self.0 + other.0)
    }
}

impl Sub for Rupiah {
    type Output = Rupiah;
    fn sub(self, other: Rupiah) -> Rupiah {
        Rupiah(self.0 - other.0)
    }
}

impl Neg for Rupiah {
    type Output = Rupiah;
    fn neg(self) -> Rupiah {
        Rupiah(-self.0)
    }
}

impl AddAssign for Rupiah {
    fn add_assign(&mut self, other: Rupiah) {
        self.0 += other.0;
    }
}

impl SubAssign for Rupiah {
    fn sub_assign(&mut self, other: Rupiah) {
        self.0 -= other.0;
    }
}

impl Sum for Rupiah {
    fn sum<I: Iterator<Item = Rupiah>>(parts: I) -> Rupiah {
        parts.fold(Rupiah::ZERO, Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::Rupiah;

    #[test]
    fn is_written_with_dots_and_no_space() {
        assert_eq!(Rupiah(12_500).to_string(), "Rp12.500");
        assert_eq!(Rupiah(-1_234_567).to_string(), "-Rp1.234.567");
        assert_eq!(Rupiah(0).to_string(), "Rp0");
    }

    #[test]
    fn split_gives_the_odd_rupiah_to_the_largest_remainder() {
        assert_eq!(Rupiah(28_001).split(&[7600, 1600, 800]), [Rupiah(21_281), Rupiah(4_480), Rupiah(2_240)]);
        assert_eq!(Rupiah(-100).split(&[1, 1, 1]).into_iter().sum::<Rupiah>(), Rupiah(-100));
        assert_eq!(Rupiah(5).split(&[0, 0]), [Rupiah(5), Rupiah(0)]);
    }
}
