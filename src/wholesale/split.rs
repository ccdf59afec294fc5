//! How many of a big order each household makes: the published rule, and nothing else decides.
//!
//! Everybody gets the same. Who can make less than that gets what they can, and the others share the rest alike. What
//! does not divide goes, a piece each, to whoever had least of late. What somebody has said yes to is not taken from
//! them in a later round; and when an order shrinks, nobody gives up a piece before those who have more than they do.

/// One household between what it keeps in any case and what it can make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Household {
    pub id: i64,
    /// What is theirs already and stays: said yes to, or handed in.
    pub keeps: i64,
    /// The most they can have, with what they keep.
    pub can: i64,
    /// Pieces they were given of late; who had fewer comes first where pieces do not divide.
    pub lately: i64,
}

/// Who gets how many, in the order the households were named, and what does not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    pub shares: Vec<(i64, i64)>,
    /// Pieces that nobody can make.
    pub missing: i64,
    /// Pieces that are kept beyond what is wanted.
    pub beyond: i64,
}

impl Split {
    /// What one household gets.
    pub fn of(&self, id: i64) -> i64 {
        self.shares.iter().find(|(household, _)| *household == id).map_or(0, |(_, pieces)| *pieces)
    }
}

impl Household {
    /// Its share when everybody stands at the same level.
    fn at(&self, level: i64) -> i64 {
        let keeps = self.keeps.max(0);
        level.clamp(keeps, self.can.max(keeps))
    }

    /// Whether one more than the level is within its reach.
    fn takes_one_more(&self, level: i64) -> bool {
        self.at(level) == level && self.at(level + 1) > level
    }
}

/// Shares pieces out. The same households and pieces give the same shares, in whatever order they are named.
pub fn split(pieces: i64, households: &[Household]) -> Split {
    let sum = |level: i64| -> i128 { households.iter().map(|household| i128::from(household.at(level))).sum() };
    let highest = households.iter().map(|household| household.at(i64::MAX)).max().unwrap_or(0);
    let (least, most) = (sum(0), sum(highest));
    let wanted = i128::from(pieces.max(0)).clamp(least, most);
    // The highest level that does not give away too much.
    let (mut level, mut above) = (0, highest.saturating_add(1));
    while above - level > 1 {
        let middle = level + (above - level) / 2;
        if sum(middle) <= wanted {
            level = middle;
        } else {
            above = middle;
        }
    }
    let mut next: Vec<&Household> = households.iter().filter(|household| household.takes_one_more(level)).collect();
    next.sort_by_key(|household| (household.lately, household.id));
    let rest = usize::try_from(wanted - sum(level)).unwrap_or_default();
    let favoured: Vec<i64> = next.into_iter().take(rest).map(|household| household.id).collect();
    let share =
        |household: &Household| (household.id, household.at(level) + i64::from(favoured.contains(&household.id)));
    Split {
        shares: households.iter().map(share).collect(),
        missing: small(i128::from(pieces) - most),
        beyond: small(least - i128::from(pieces.max(0))),
    }
}

fn small(difference: i128) -> i64 {
    i64::try_from(difference.max(0)).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn new(id: i64, can: i64, lately: i64) -> Household {
        Household { id, keeps: 0, can, lately }
    }

    fn total(split: &Split) -> i64 {
        split.shares.iter().map(|(_, pieces)| pieces).sum()
    }

    #[test]
    fn three_hundred_baskets_over_ten_households() {
        // Four small households make what they can; the other six share the rest alike.
        let cans = [10, 12, 20, 28, 60, 60, 60, 60, 60, 60];
        let households: Vec<_> = cans.iter().zip(1..).map(|(can, id)| new(id, *can, 100 - id)).collect();
        let split = split(300, &households);
        let shares: Vec<i64> = split.shares.iter().map(|(_, pieces)| *pieces).collect();
        // 230 over six: 38 each, and two had least of late.
        assert_eq!(shares, [10, 12, 20, 28, 38, 38, 38, 38, 39, 39]);
        assert_eq!((split.missing, split.beyond), (0, 0));
    }

    #[test]
    fn what_does_not_divide_goes_to_who_had_least_of_late() {
        let split = split(7, &[new(1, 9, 5), new(2, 9, 0), new(3, 9, 5)]);
        assert_eq!(split.shares, [(1, 2), (2, 3), (3, 2)]);
    }

    #[test]
    fn what_nobody_can_make_is_said() {
        let split = split(50, &[new(1, 10, 0), new(2, 15, 0)]);
        assert_eq!((split.shares, split.missing), (vec![(1, 10), (2, 15)], 25));
        assert_eq!(super::split(5, &[]), Split { shares: vec![], missing: 5, beyond: 0 });
        assert_eq!(super::split(-5, &[new(1, 10, 0)]).shares, [(1, 0)]);
    }

    #[test]
    fn a_later_round_takes_from_nobody_and_lifts_the_lowest_first() {
        // 60 wanted: one said yes to 20, one to 8 of 20, one to none; a fourth came later.
        let households = [
            Household { id: 1, keeps: 20, can: 40, lately: 0 },
            Household { id: 2, keeps: 8, can: 8, lately: 0 },
            Household { id: 3, keeps: 0, can: 0, lately: 0 },
            Household { id: 4, keeps: 0, can: 14, lately: 0 },
        ];
        assert_eq!(split(60, &households).shares, [(1, 38), (2, 8), (3, 0), (4, 14)]);
    }

    #[test]
    fn an_order_that_shrinks_takes_from_who_has_most() {
        // From 75 to 50; the third has handed in 30 already.
        let households = [
            Household { id: 1, keeps: 0, can: 10, lately: 0 },
            Household { id: 2, keeps: 0, can: 30, lately: 0 },
            Household { id: 3, keeps: 30, can: 35, lately: 0 },
        ];
        assert_eq!(split(50, &households).shares, [(1, 10), (2, 10), (3, 30)]);
    }

    fn any_households(most: usize, can: i64) -> impl Strategy<Value = Vec<Household>> {
        prop::collection::vec((0..=can, 0..=can, 0_i64..4), 0..=most).prop_map(move |all| {
            let one = |(n, (a, b, lately)): (usize, (i64, i64, i64))| Household {
                id: n as i64 + 1,
                keeps: a.min(b),
                can: a.max(b),
                lately,
            };
            all.into_iter().enumerate().map(one).collect()
        })
    }

    fn nothing_kept(households: Vec<Household>) -> Vec<Household> {
        households.into_iter().map(|household| Household { keeps: 0, ..household }).collect()
    }

    /// The second model: of all ways to share pieces out, the one whose poorest gets most, then whose second poorest
    /// does, and so on; and of those the one that gives the odd pieces to who had least of late.
    fn by_trying_all(pieces: i64, households: &[Household]) -> Option<Vec<i64>> {
        fn ways(left: i64, households: &[Household], so_far: &mut Vec<i64>, found: &mut Vec<Vec<i64>>) {
            match households.split_first() {
                None if left == 0 => found.push(so_far.clone()),
                None => {}
                Some((first, rest)) => {
                    for share in first.keeps..=first.can.min(left) {
                        so_far.push(share);
                        ways(left - share, rest, so_far, found);
                        so_far.pop();
                    }
                }
            }
        }
        let mut found = Vec::new();
        ways(pieces, households, &mut Vec::new(), &mut found);
        let sorted = |shares: &Vec<i64>| {
            let mut sorted = shares.clone();
            sorted.sort_unstable();
            sorted
        };
        let best = found.iter().map(sorted).max()?;
        found.retain(|shares| sorted(shares) == best);
        let in_turn = |shares: &Vec<i64>| {
            let mut all: Vec<_> = households.iter().zip(shares).map(|(h, share)| (h.lately, h.id, *share)).collect();
            all.sort_unstable();
            all.into_iter().map(|(_, _, share)| share).collect::<Vec<_>>()
        };
        found.into_iter().max_by_key(in_turn)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]

        #[test]
        fn the_sum_is_exact_or_it_says_what_is_missing(households in any_households(12, 80), pieces in 0_i64..900) {
            let split = split(pieces, &households);
            prop_assert_eq!(total(&split) + split.missing - split.beyond, pieces);
            let can: i64 = households.iter().map(|household| household.can).sum();
            let kept: i64 = households.iter().map(|household| household.keeps).sum();
            prop_assert_eq!(split.missing, (pieces - can).max(0));
            prop_assert_eq!(split.beyond, (kept - pieces).max(0));
        }

        #[test]
        fn nobody_gets_more_than_they_can_make_or_less_than_they_keep(
            households in any_households(12, 80), pieces in 0_i64..900,
        ) {
            for (household, (id, share)) in households.iter().zip(split(pieces, &households).shares) {
                prop_assert_eq!(household.id, id);
                prop_assert!((household.keeps..=household.can).contains(&share));
            }
        }

        #[test]
        fn shares_are_equal_but_for_what_people_can_and_one_odd_piece(
            households in any_households(12, 80), pieces in 0_i64..900,
        ) {
            let split = split(pieces, &households);
            for poor in &households {
                for rich in &households {
                    let (less, more) = (split.of(poor.id), split.of(rich.id));
                    if less + 1 < more {
                        prop_assert!(less == poor.can || more == rich.keeps, "{poor:?} {less}, {rich:?} {more}");
                    }
                    if less < more && less < poor.can && more > rich.keeps {
                        prop_assert!((rich.lately, rich.id) < (poor.lately, poor.id));
                    }
                }
            }
        }

        #[test]
        fn it_does_not_matter_who_is_named_first(
            (households, shuffled) in any_households(12, 80).prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle())),
            pieces in 0_i64..900,
        ) {
            let (one, other) = (split(pieces, &households), split(pieces, &shuffled));
            for household in &households {
                prop_assert_eq!(one.of(household.id), other.of(household.id));
            }
        }

        #[test]
        fn a_later_round_moves_only_what_is_open(
            households in any_households(10, 60),
            pieces in 0_i64..500,
            answers in prop::collection::vec((0_i64..=60, any::<bool>()), 10),
        ) {
            let households = nothing_kept(households);
            let first = split(pieces, &households);
            // Each says yes to all, to some or to none of it; who said yes to all may take more.
            let second: Vec<Household> = households.iter().zip(&answers).map(|(household, (yes, all))| {
                let offered = first.of(household.id);
                let keeps = if *all { offered } else { offered.min(*yes) };
                Household { keeps, can: if keeps == offered { household.can } else { keeps }, ..*household }
            }).collect();
            let again = split(pieces, &second);
            let kept: i64 = second.iter().map(|household| household.keeps).sum();
            for household in &second {
                prop_assert!(again.of(household.id) >= household.keeps, "nobody who said yes is cut");
            }
            let moved: i64 = second.iter().map(|household| again.of(household.id) - household.keeps).sum();
            prop_assert_eq!(moved, pieces - kept - again.missing);
        }

        #[test]
        fn nobody_gives_up_a_piece_before_those_who_have_more(
            households in any_households(10, 60), of_thousand in 0_i64..=1000,
        ) {
            // `can` is what each said yes to, `keeps` what they have handed in.
            let yes: i64 = households.iter().map(|household| household.can).sum();
            let cut = split(yes * of_thousand / 1000, &households);
            let equal = households.iter().map(|household| cut.of(household.id)).max().unwrap_or(0);
            for loser in households.iter().filter(|household| cut.of(household.id) < household.can) {
                for other in households.iter().filter(|household| household.can > loser.can) {
                    let (mine, theirs) = (cut.of(loser.id), cut.of(other.id));
                    // Whoever had more ends level with the loser, but for an odd piece or what is handed in.
                    prop_assert!(theirs <= mine + 1 || theirs == other.keeps, "{mine} {theirs} of {equal}");
                }
            }
        }

        #[test]
        fn trying_all_ways_finds_no_fairer_one(households in any_households(4, 6), pieces in 0_i64..25) {
            let split = split(pieces, &households);
            let shares: Vec<i64> = split.shares.iter().map(|(_, share)| *share).collect();
            match by_trying_all(pieces, &households) {
                Some(best) => prop_assert_eq!(shares, best),
                None => prop_assert!(split.missing > 0 || split.beyond > 0),
            }
        }
    }
}
