//! How pieces are put into cartons. Of an item that nests by *n*, every *n* pieces take the room of one, as for the
//! couriers' volumetric weight; what fits into no carton is bundled, one stack a bundle.

/// A size, inside or outside.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Box {
    pub length_mm: i64,
    pub width_mm: i64,
    pub height_mm: i64,
}

/// The cartons the outlet buys.
pub const CARTON: Box = Box { length_mm: 600, width_mm: 400, height_mm: 400 };
/// What one person lifts.
pub const MOST_GRAMS: i64 = 25_000;
/// A carton's room in parts, so that rests of several items share one.
const ROOM: i64 = 1_000_000;

impl Box {
    /// How many of these stand in a carton, the best way round.
    fn in_a_carton(self) -> i64 {
        let sides = [self.length_mm, self.width_mm, self.height_mm].map(|side| side.max(1));
        let [a, b, c] = sides;
        let ways = [[a, b, c], [a, c, b], [b, a, c], [b, c, a], [c, a, b], [c, b, a]];
        let fits =
            |way: [i64; 3]| (CARTON.length_mm / way[0]) * (CARTON.width_mm / way[1]) * (CARTON.height_mm / way[2]);
        ways.into_iter().map(fits).max().unwrap_or(0)
    }

    pub fn volume_mm3(self) -> i64 {
        self.length_mm.saturating_mul(self.width_mm).saturating_mul(self.height_mm)
    }
}

/// Pieces of one kind, under a key of the caller's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    pub key: i64,
    pub pieces: i64,
    pub size: Box,
    pub weight_grams: i64,
    pub nests: i64,
}

impl Kind {
    /// Pieces that go into one carton or bundle.
    fn capacity(&self) -> i64 {
        let stacks = self.size.in_a_carton().max(1);
        let by_room = stacks.saturating_mul(self.nests.max(1));
        let by_weight = if self.weight_grams > 0 { MOST_GRAMS / self.weight_grams } else { by_room };
        by_room.min(by_weight).max(1)
    }

    fn is_bundled(&self) -> bool {
        self.size.in_a_carton() == 0
    }

    fn outside(&self) -> Box {
        if self.is_bundled() { self.size } else { CARTON }
    }
}

/// One carton or bundle as it is proposed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filled {
    pub lines: Vec<(i64, i64)>,
    pub size: Box,
    pub weight_grams: i64,
}

/// Puts everything into as few cartons as a packer would: full ones of one kind, then the rests together.
pub fn fill(kinds: &[Kind]) -> Vec<Filled> {
    let mut all = Vec::new();
    // Rests: what is in the carton, and how much of its room is taken.
    let mut rests: Vec<(Filled, i64)> = Vec::new();
    for kind in kinds.iter().filter(|kind| kind.pieces > 0) {
        let capacity = kind.capacity();
        let carton = |pieces: i64| Filled {
            lines: vec![(kind.key, pieces)],
            size: kind.outside(),
            weight_grams: kind.weight_grams.saturating_mul(pieces),
        };
        all.extend((0..kind.pieces / capacity).map(|_| carton(capacity)));
        let rest = kind.pieces % capacity;
        if rest == 0 {
            continue;
        }
        if kind.is_bundled() {
            all.push(carton(rest));
            continue;
        }
        let room = rest.saturating_mul(ROOM) / capacity + 1;
        let weight = kind.weight_grams.saturating_mul(rest);
        let takes =
            |(filled, taken): &&mut (Filled, i64)| *taken + room <= ROOM && filled.weight_grams + weight <= MOST_GRAMS;
        match rests.iter_mut().find(takes) {
            Some((filled, taken)) => {
                filled.lines.push((kind.key, rest));
                filled.weight_grams += weight;
                *taken += room;
            }
            None => rests.push((carton(rest), room)),
        }
    }
    all.extend(rests.into_iter().map(|(filled, _)| filled));
    all
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    const BASKET: Kind = Kind {
        key: 1,
        pieces: 60,
        size: Box { length_mm: 300, width_mm: 300, height_mm: 380 },
        weight_grams: 600,
        nests: 5,
    };

    #[test]
    fn sixty_nested_baskets_take_six_cartons() {
        // Two stacks of five stand in a carton.
        let cartons = fill(&[BASKET]);
        assert_eq!(cartons.len(), 6);
        assert_eq!(cartons[0], Filled { lines: vec![(1, 10)], size: CARTON, weight_grams: 6_000 });
    }

    #[test]
    fn rests_share_a_carton_and_what_is_too_large_is_bundled() {
        let few = Kind { pieces: 4, ..BASKET };
        let trays = Kind { key: 2, pieces: 3, ..BASKET };
        let panel = Kind {
            key: 3,
            pieces: 2,
            size: Box { length_mm: 2_000, width_mm: 1_000, height_mm: 20 },
            nests: 1,
            ..BASKET
        };
        let cartons = fill(&[few, trays, panel]);
        assert_eq!(cartons.len(), 3);
        assert_eq!(cartons[2].lines, [(1, 4), (2, 3)]);
        assert_eq!(cartons[0].size, panel.size);
    }

    fn kind() -> impl Strategy<Value = Kind> {
        (1_i64..400, 1_i64..1_500, 1_i64..1_500, 1_i64..1_500, 0_i64..40_000, 0_i64..12).prop_map(
            |(pieces, length_mm, width_mm, height_mm, weight_grams, nests)| Kind {
                key: 0,
                pieces,
                size: Box { length_mm, width_mm, height_mm },
                weight_grams,
                nests,
            },
        )
    }

    proptest! {
        #[test]
        fn every_piece_is_in_one_carton_and_none_is_too_heavy(kinds in prop::collection::vec(kind(), 1..8)) {
            let kinds: Vec<Kind> =
                kinds.into_iter().enumerate().map(|(n, kind)| Kind { key: n as i64, ..kind }).collect();
            let cartons = fill(&kinds);
            let mut sums: BTreeMap<i64, i64> = BTreeMap::new();
            for carton in &cartons {
                prop_assert!(!carton.lines.is_empty());
                let pieces: i64 = carton.lines.iter().map(|(_, pieces)| pieces).sum();
                prop_assert!(carton.weight_grams <= MOST_GRAMS || pieces == 1);
                for (key, pieces) in &carton.lines {
                    prop_assert!(*pieces > 0);
                    *sums.entry(*key).or_insert(0) += pieces;
                }
            }
            for kind in &kinds {
                prop_assert_eq!(sums.get(&kind.key).copied(), Some(kind.pieces));
            }
        }
    }
}
