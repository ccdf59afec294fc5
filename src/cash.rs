//! An amount as it lies on the table: which notes and coins make it, the largest first.
use entity::Rupiah;
use serde::Serialize;

/// Notes and coins that are about, by their value in rupiah, the largest first.
pub const NOTES: [i64; 7] = [100_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000];
pub const COINS: [i64; 3] = [500, 200, 100];

/// So many of one note or coin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Pile {
    pub value: i64,
    pub count: i64,
    pub is_coin: bool,
}

/// An amount in notes and coins.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Cash {
    pub piles: Vec<Pile>,
    /// What no coin can pay, below the smallest.
    pub rest: Rupiah,
}

/// Breaks an amount into the fewest notes and coins. Nothing and less than nothing has none.
pub fn of(amount: Rupiah) -> Cash {
    let mut left = amount.0.max(0);
    let mut piles = Vec::new();
    for value in NOTES.into_iter().chain(COINS) {
        let count = left / value;
        if count > 0 {
            piles.push(Pile { value, count, is_coin: value < 1_000 });
            left -= count * value;
        }
    }
    Cash { piles, rest: Rupiah(left) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(amount: i64) -> (Vec<(i64, i64)>, i64) {
        let cash = of(Rupiah(amount));
        (cash.piles.iter().map(|pile| (pile.value, pile.count)).collect(), cash.rest.0)
    }

    #[test]
    fn an_amount_is_laid_out_in_few_notes() {
        assert_eq!(plain(21_280), (vec![(20_000, 1), (1_000, 1), (200, 1)], 80));
        assert_eq!(
            plain(388_800).0,
            [
                (100_000, 3),
                (50_000, 1),
                (20_000, 1),
                (10_000, 1),
                (5_000, 1),
                (2_000, 1),
                (1_000, 1),
                (500, 1),
                (200, 1),
                (100, 1)
            ]
        );
        assert_eq!(plain(3_500_000), (vec![(100_000, 35)], 0));
    }

    #[test]
    fn nothing_and_a_debt_have_no_notes() {
        assert_eq!(plain(0), (vec![], 0));
        assert_eq!(plain(-50_000), (vec![], 0));
        assert_eq!(plain(99), (vec![], 99));
    }

    #[test]
    fn notes_coins_and_rest_make_the_amount() {
        for amount in (0..2_000_000).step_by(7_919) {
            let (piles, rest) = plain(amount);
            assert_eq!(piles.iter().map(|(value, count)| value * count).sum::<i64>() + rest, amount);
        }
    }
}
