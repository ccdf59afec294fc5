//! One parcel for everything in a basket: its weight and room, and how many more pieces travel for the same price.
//!
//! Nesting: of an item that nests by *n*, every *n* pieces (or part of them) take the room of one: `ceil(quantity / n)`
//! volumes. Different items do not nest into each other. Weight is never shared.
use crate::gateway::shipping::{CourierRates, Parcel, Quote, counted_grams};
use crate::{error::Result, region::Code};
use entity::item;

/// The most pieces that are looked for when saying how many more travel for the same price.
const MOST_MORE: i64 = 999;

/// So many of one item, as a packer sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    pub quantity: i64,
    pub weight_grams: i64,
    pub volume_mm3: i64,
    pub nests: i64,
}

impl Piece {
    pub fn of(item: &item::Model, quantity: i64) -> Piece {
        let volume_mm3 = item.length_mm.saturating_mul(item.width_mm).saturating_mul(item.height_mm);
        Piece { quantity, weight_grams: item.weight_grams, volume_mm3, nests: item.nests }
    }

    fn grams(&self) -> i64 {
        self.weight_grams.saturating_mul(self.quantity)
    }

    fn room(&self) -> i64 {
        let nests = self.nests.max(1);
        self.volume_mm3.saturating_mul(self.quantity.saturating_add(nests - 1) / nests)
    }
}

/// All pieces in one parcel.
pub fn combined(pieces: &[Piece]) -> Parcel {
    Parcel {
        scale_grams: pieces.iter().fold(0, |sum, piece| sum.saturating_add(piece.grams())),
        volume_mm3: pieces.iter().fold(0, |sum, piece| sum.saturating_add(piece.room())),
    }
}

/// How many more of `pieces[which]` travel at the same price.
pub fn more_of(quote: &Quote, pieces: &[Piece], which: usize) -> i64 {
    let fits = |more: i64| {
        let mut pieces = pieces.to_vec();
        if let Some(piece) = pieces.get_mut(which) {
            piece.quantity += more;
        }
        counted_grams(&combined(&pieces), quote.divisor) <= quote.chargeable_grams
    };
    // A parcel only grows with its pieces, so the answer can be halved down to.
    let (mut fit, mut not) = (0, MOST_MORE + 1);
    while not - fit > 1 {
        let middle = i64::midpoint(fit, not);
        if fits(middle) { fit = middle } else { not = middle }
    }
    fit
}

/// A service for a parcel, with the piece of which most others still travel for nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    pub quote: Quote,
    /// Which piece, and how many more of it.
    pub more: Option<(usize, i64)>,
}

/// What each service asks, cheapest first. For a single item, `more` says how many more of it go along.
pub async fn offers(
    rates: &dyn CourierRates,
    origin: &Code,
    destination: &Code,
    pieces: &[Piece],
) -> Result<Vec<Offer>> {
    let quotes = rates.quote(origin, destination, &combined(pieces)).await?;
    let with_more = |quote: Quote| {
        let more = (0..pieces.len()).map(|which| (which, more_of(&quote, pieces, which)));
        Offer { more: more.filter(|(_, n)| *n > 0).max_by_key(|(_, n)| *n), quote }
    };
    Ok(quotes.into_iter().map(with_more).collect())
}

#[cfg(test)]
mod tests {
    use entity::{Rupiah, shipping_rate::Zone};
    use proptest::prelude::*;

    use super::*;

    const BASKET: Piece = Piece { quantity: 1, weight_grams: 600, volume_mm3: 300 * 300 * 380, nests: 5 };

    fn quote(chargeable_grams: i64) -> Quote {
        Quote {
            code: "reguler".into(),
            name: "Reguler".into(),
            zone: Zone::Java,
            cost: Rupiah(46_000),
            chargeable_grams,
            divisor: 6000,
            days_min: 2,
            days_max: 4,
        }
    }

    #[test]
    fn nested_baskets_take_the_room_of_one() {
        let five = Piece { quantity: 5, ..BASKET };
        assert_eq!(combined(&[five]), Parcel { scale_grams: 3000, volume_mm3: BASKET.volume_mm3 });
        let six = Piece { quantity: 6, ..BASKET };
        assert_eq!(combined(&[six]).volume_mm3, 2 * BASKET.volume_mm3);
    }

    #[test]
    fn more_pieces_travel_until_the_next_step() {
        // One basket counts 5.7 kg by volume; five nest into it and weigh 3 kg, the sixth needs a second volume.
        assert_eq!(more_of(&quote(6000), &[BASKET], 0), 4);
        assert_eq!(more_of(&quote(12_000), &[BASKET], 0), 9);
        let feather = Piece { quantity: 1, weight_grams: 0, volume_mm3: 0, nests: 1 };
        assert_eq!(more_of(&quote(1000), &[feather], 0), MOST_MORE);
    }

    fn piece() -> impl Strategy<Value = Piece> {
        (1_i64..=999, 0_i64..30_000, 0_i64..2_000_000_000, 0_i64..40)
            .prop_map(|(quantity, weight_grams, volume_mm3, nests)| Piece { quantity, weight_grams, volume_mm3, nests })
    }

    proptest! {
        #[test]
        fn more_pieces_never_make_a_smaller_parcel(pieces in prop::collection::vec(piece(), 1..12), which in 0_usize..12) {
            let which = which % pieces.len();
            let before = combined(&pieces);
            let mut more = pieces.clone();
            more[which].quantity += 1;
            let after = combined(&more);
            prop_assert!(after.scale_grams >= before.scale_grams && after.volume_mm3 >= before.volume_mm3);
        }

        #[test]
        fn better_nesting_never_takes_more_room(piece in piece()) {
            let better = Piece { nests: piece.nests + 1, ..piece };
            prop_assert!(combined(&[better]).volume_mm3 <= combined(&[piece]).volume_mm3);
            prop_assert!(combined(&[better]).volume_mm3 >= piece.volume_mm3);
        }

        #[test]
        fn what_is_said_to_travel_along_does(piece in piece(), grams in 1_i64..500) {
            let now = counted_grams(&combined(&[piece]), 6000);
            let quote = quote(now + grams * 1000);
            let more = more_of(&quote, &[piece], 0);
            let at = |n: i64| counted_grams(&combined(&[Piece { quantity: piece.quantity + n, ..piece }]), 6000);
            prop_assert!(at(more) <= quote.chargeable_grams);
            prop_assert!(more == MOST_MORE || at(more + 1) > quote.chargeable_grams);
        }
    }
}
