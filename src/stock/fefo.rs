//! Which lots of goods that no household made are taken first: what expires first goes first, what never expires goes
//! last; of one day what came first. A lot is good up to and including its expiry day, and from then on nobody sells it.
use chrono::NaiveDate;

use entity::lot;

/// What is taken, and what may not be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Picked {
    /// So much of each lot, by its position among those given.
    pub parts: Vec<(usize, i64)>,
    /// What stands there and is past its day.
    pub blocked: i64,
}

impl Picked {
    /// All that is taken: less than was wanted when there was less.
    pub fn quantity(&self) -> i64 {
        self.parts.iter().map(|(_, part)| part).sum()
    }
}

/// Whether a lot may be sold on a day.
pub fn is_good(lot: &lot::Model, on: NaiveDate) -> bool {
    lot.expires_on.is_none_or(|last| last >= on)
}

/// Chooses `quantity` from lots for a sale on a day; takes less when there is less that is good.
pub fn pick(lots: &[lot::Model], quantity: i64, on: NaiveDate) -> Picked {
    let (good, expired): (Vec<_>, Vec<_>) = in_order(lots).into_iter().partition(|n| is_good(&lots[*n], on));
    let blocked = expired.into_iter().map(|n| lots[n].remaining.max(0)).sum();
    Picked { parts: taken(lots, good, quantity), blocked }
}

/// The same without looking at any day: what is counted away or thrown away goes in this order too.
pub fn pick_any(lots: &[lot::Model], quantity: i64) -> Picked {
    Picked { parts: taken(lots, in_order(lots), quantity), blocked: 0 }
}

fn in_order(lots: &[lot::Model]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..lots.len()).collect();
    order.sort_by_key(|n| {
        let lot = &lots[*n];
        (lot.expires_on.is_none(), lot.expires_on, lot.received_at, lot.id)
    });
    order
}

fn taken(lots: &[lot::Model], order: Vec<usize>, quantity: i64) -> Vec<(usize, i64)> {
    let mut wanted = quantity;
    let mut parts = Vec::new();
    for n in order {
        let part = wanted.min(lots[n].remaining);
        if part > 0 {
            parts.push((n, part));
            wanted -= part;
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use entity::{Rupiah, lot::Terms};

    const KG: i64 = 1_000;

    fn july(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 7, day).expect("a day")
    }

    fn lot(id: i64, remaining: i64, expires_on: Option<NaiveDate>, received: NaiveDate) -> lot::Model {
        lot::Model {
            id,
            item_id: 1,
            place_id: 1,
            owner_id: None,
            terms: Terms::Own,
            cost: Rupiah::ZERO,
            received: remaining,
            remaining,
            grade: None,
            received_at: received.and_time(chrono::NaiveTime::MIN).and_utc(),
            intake_id: None,
            origin_id: None,
            maker_bp: None,
            outlet_bp: None,
            group_bp: None,
            material: Rupiah::ZERO,
            secret: None,
            expires_on,
            batch: None,
        }
    }

    /// The worked example A-7.
    #[test]
    fn what_expires_first_goes_first_and_what_expired_stays() {
        let june = NaiveDate::from_ymd_opt(2026, 6, 30).expect("a day");
        let mut lots = [
            lot(1, 30 * KG, Some(july(10)), july(1)),
            lot(2, 60 * KG, Some(july(5)), july(2)),
            lot(3, 20 * KG, Some(july(5)), june),
            lot(4, 15 * KG, None, july(1)),
        ];
        let first = pick(&lots, 75 * KG, july(4));
        assert_eq!(first, Picked { parts: vec![(2, 20 * KG), (1, 55 * KG)], blocked: 0 });
        for (n, part) in first.parts {
            lots[n].remaining -= part;
        }
        assert_eq!(pick(&lots, KG, july(5)).parts, [(1, KG)], "on its last day it is still sold");
        let second = pick(&lots, 10 * KG, july(6));
        assert_eq!(second, Picked { parts: vec![(0, 10 * KG)], blocked: 5 * KG });
        for (n, part) in second.parts {
            lots[n].remaining -= part;
        }
        assert_eq!(lots.map(|lot| lot.remaining), [20 * KG, 5 * KG, 0, 15 * KG]);
        let all = pick_any(&[lot(1, KG, None, july(1)), lot(2, KG, Some(july(1)), july(2))], 5 * KG);
        assert_eq!(all.parts, [(1, KG), (0, KG)], "what is thrown away may be past its day");
    }

    fn some_lot() -> impl Strategy<Value = (i64, Option<u32>, u32)> {
        (0_i64..50, prop::option::of(1_u32..20), 1_u32..20)
    }

    proptest! {
        #[test]
        fn nothing_is_left_that_should_have_gone_before(
            lots in prop::collection::vec(some_lot(), 0..12),
            quantity in 0_i64..400,
            today in 1_u32..20,
        ) {
            let lots: Vec<_> = lots.into_iter().zip(1..)
                .map(|((n, last, came), id)| lot(id, n, last.map(july), july(came)))
                .collect();
            let on = july(today);
            let picked = pick(&lots, quantity, on);
            let good: i64 = lots.iter().filter(|lot| is_good(lot, on)).map(|lot| lot.remaining).sum();
            let there: i64 = lots.iter().map(|lot| lot.remaining).sum();
            prop_assert_eq!(picked.quantity(), quantity.min(good));
            prop_assert_eq!(picked.blocked, there - good);
            let of = |n: usize| picked.parts.iter().filter(|(m, _)| *m == n).map(|(_, part)| part).sum::<i64>();
            for (n, lot) in lots.iter().enumerate() {
                prop_assert!((0..=lot.remaining).contains(&of(n)));
                prop_assert!(of(n) == 0 || is_good(lot, on));
                for (m, other) in lots.iter().enumerate().filter(|(_, other)| is_good(other, on)) {
                    let sooner = match (other.expires_on, lot.expires_on) {
                        (Some(a), Some(b)) => a < b || (a == b && other.received_at < lot.received_at),
                        (Some(_), None) => true,
                        (None, Some(_)) => false,
                        (None, None) => other.received_at < lot.received_at,
                    };
                    prop_assert!(!sooner || of(n) == 0 || of(m) == other.remaining, "{} before {}", m, n);
                }
            }
        }
    }
}
