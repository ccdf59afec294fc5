//! Which lots pieces are taken from when they are sold. The rule is for everybody to see, and the same wherever goods
//! are sold: grade A before grade B; within a grade households take turns, one piece each, and whoever was served
//! longest ago is next; of one household the oldest lot goes first. What the outlet owns itself goes last.
use std::collections::HashMap;

use entity::lot::{self, Grade};

/// So many pieces of one of the lots given, by its position.
pub(super) type Pick = (usize, i64);

/// Chooses `quantity` pieces from lots that are given oldest first, and writes whose turn it was into `turns`: a number
/// that counts up with each piece. Takes less when there is less.
pub(super) fn pick(lots: &[lot::Model], turns: &mut HashMap<i64, i64>, quantity: i64) -> Vec<Pick> {
    let mut left: Vec<i64> = lots.iter().map(|lot| lot.remaining).collect();
    let mut wanted = quantity;
    let mut next = turns.values().max().map_or(1, |last| last + 1);
    for grade in [Grade::A, Grade::B] {
        let of_grade: Vec<usize> = (0..lots.len()).filter(|n| lots[*n].grade.unwrap_or(Grade::A) == grade).collect();
        while wanted > 0 {
            // The outlet's own comes after every household; among those never served the oldest lot decides.
            let turn = |n: usize| lots[n].owner_id.map_or(i64::MAX, |owner| turns.get(&owner).copied().unwrap_or(0));
            let Some(n) = of_grade.iter().copied().filter(|n| left[*n] > 0).min_by_key(|n| turn(*n)) else { break };
            // Whoever is alone need not be asked piece by piece.
            let alone = of_grade.iter().all(|other| left[*other] == 0 || lots[*other].owner_id == lots[n].owner_id);
            let part = if alone { wanted.min(left[n]) } else { 1 };
            left[n] -= part;
            wanted -= part;
            if let Some(owner) = lots[n].owner_id {
                turns.insert(owner, next + part - 1);
                next += part;
            }
        }
    }
    let taken = lots.iter().zip(left).enumerate().map(|(n, (lot, left))| (n, lot.remaining - left));
    taken.filter(|(_, part)| *part > 0).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use entity::{Rupiah, lot::Terms};

    fn lot(id: i64, owner_id: Option<i64>, grade: Grade, remaining: i64) -> lot::Model {
        lot::Model {
            id,
            item_id: 1,
            place_id: 1,
            owner_id,
            terms: Terms::Consigned,
            cost: Rupiah::ZERO,
            received: remaining,
            remaining,
            grade: Some(grade),
            received_at: chrono::DateTime::UNIX_EPOCH,
            intake_id: None,
            origin_id: None,
            maker_bp: None,
            outlet_bp: None,
            group_bp: None,
            material: Rupiah::ZERO,
            secret: None,
            expires_on: None,
            batch: None,
        }
    }

    #[test]
    fn households_take_turns_and_the_oldest_lot_of_each_goes_first() {
        let lots = [
            lot(1, Some(1), Grade::A, 2),
            lot(2, Some(2), Grade::A, 1),
            lot(3, Some(1), Grade::A, 9),
            lot(4, Some(3), Grade::B, 9),
            lot(5, None, Grade::A, 9),
        ];
        let mut turns = HashMap::new();
        assert_eq!(pick(&lots, &mut turns, 3), [(0, 2), (1, 1)], "one of each, then the first again");
        assert!(turns[&1] > turns[&2], "next time the second household is first");
        assert_eq!(pick(&lots, &mut HashMap::from([(1, 5), (2, 4)]), 1), [(1, 1)]);
        let all = pick(&lots, &mut HashMap::new(), 30);
        assert_eq!(all, [(0, 2), (1, 1), (2, 9), (3, 9), (4, 9)], "grade B and the outlet's own come last");
        assert_eq!(pick(&lots, &mut HashMap::new(), 13), [(0, 2), (1, 1), (2, 9), (4, 1)]);
    }

    proptest! {
        #[test]
        fn no_household_with_goods_waits_while_another_is_served_twice(
            lots in prop::collection::vec((1_i64..6, prop::bool::ANY, 0_i64..20), 1..12),
            quantity in 0_i64..150,
        ) {
            let grade = |b| if b { Grade::B } else { Grade::A };
            let lots: Vec<_> = lots.into_iter().zip(1..).map(|((owner, b, n), id)| lot(id, Some(owner), grade(b), n)).collect();
            let there: i64 = lots.iter().map(|lot| lot.remaining).sum();
            let taken = pick(&lots, &mut HashMap::new(), quantity);
            prop_assert_eq!(taken.iter().map(|(_, n)| n).sum::<i64>(), quantity.min(there));
            prop_assert!(taken.iter().all(|(n, part)| *part <= lots[*n].remaining));
            let of = |owner: i64, grade: Grade| taken.iter().filter(|(n, _)| lots[*n].owner_id == Some(owner) && lots[*n].grade == Some(grade)).map(|(_, part)| part).sum::<i64>();
            let had = |owner: i64, grade: Grade| lots.iter().filter(|lot| lot.owner_id == Some(owner) && lot.grade == Some(grade)).map(|lot| lot.remaining).sum::<i64>();
            for grade in [Grade::A, Grade::B] {
                for (one, other) in (1..6).flat_map(|a| (1..6).map(move |b| (a, b))) {
                    // Who still had goods was served at most one piece less than anybody else.
                    let waits = of(one, grade) < had(one, grade);
                    let gap = if grade == Grade::A { 1 } else { 2 };
                    prop_assert!(!waits || of(other, grade) <= of(one, grade) + gap, "{} and {}", one, other);
                }
            }
            if taken.iter().any(|(n, _)| lots[*n].grade == Some(Grade::B)) {
                prop_assert!((1..6).all(|owner| of(owner, Grade::A) == had(owner, Grade::A)));
            }
        }
    }
}
