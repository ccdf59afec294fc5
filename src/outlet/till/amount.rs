//! What so much of something costs.
use entity::{Rupiah, item::Measure};

/// Loose goods are asked for in whole hundreds: there are no smaller coins.
const COIN: i64 = 100;
/// Prices of loose goods are for so many grams or millilitres.
pub const PRICED: i64 = 1_000;

/// The amount of a line: pieces times their price, and of loose goods rounded down to whole hundreds, so that rounding is
/// never against the buyer nor above the ceiling; one hundred at least. None when it leaves the range of the books.
pub fn of(measure: Measure, quantity: i64, price: Rupiah) -> Option<Rupiah> {
    match measure {
        Measure::Piece => price.times(quantity),
        Measure::Gram | Measure::Millilitre => {
            let exact = i128::from(price.0) * i128::from(quantity) / i128::from(PRICED);
            let coins = i64::try_from(exact).ok()? / COIN * COIN;
            Some(Rupiah(coins.max(COIN)))
        }
    }
}

/// What is given for a part of a line that comes back, when some came back before: all parts together are the line.
pub fn of_part(amount: Rupiah, quantity: i64, before: i64, part: i64) -> Rupiah {
    let up_to = |n: i64| (i128::from(amount.0) * i128::from(n)).div_euclid(i128::from(quantity.max(1)));
    Rupiah(i64::try_from(up_to(before + part) - up_to(before)).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loose_goods_are_rounded_down_to_a_coin() {
        let rice = |grams| of(Measure::Gram, grams, Rupiah(12_500)).map(|amount| amount.0);
        assert_eq!(
            [rice(1_000), rice(350), rice(999), rice(1), rice(2_500)],
            [12_500, 4_300, 12_400, 100, 31_200].map(Some)
        );
        assert_eq!(of(Measure::Piece, 3, Rupiah(15_700)), Some(Rupiah(47_100)));
        assert_eq!(of(Measure::Piece, i64::MAX, Rupiah(2)), None);
    }

    #[test]
    fn parts_that_come_back_are_together_the_line() {
        let (whole, quantity) = (Rupiah(10_000), 3);
        let parts: Vec<i64> = (0..3).map(|n| of_part(whole, quantity, n, 1).0).collect();
        assert_eq!(parts, [3_333, 3_333, 3_334]);
        assert_eq!(of_part(whole, quantity, 0, 3), whole);
    }
}
