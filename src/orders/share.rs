//! Whose each rupiah of an order line is, also when the line leaves in several parcels.
use entity::{Rupiah, order, order_line};

/// The parts of a price: they sum to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shares {
    pub maker: Rupiah,
    pub outlet: Rupiah,
    pub group: Rupiah,
}

impl Shares {
    pub fn total(self) -> Rupiah {
        self.maker + self.outlet + self.group
    }
}

/// The price of some pieces of a line. Prices were judged when the order was placed, so this cannot leave the books.
pub fn price(line: &order_line::Model, pieces: i64) -> Rupiah {
    line.unit_price.times(pieces).unwrap_or_default()
}

/// What is to be paid for everything that was not cancelled, with its shipping; nothing when nothing is left.
pub fn due(order: &order::Model, lines: &[order_line::Model]) -> Rupiah {
    if lines.iter().all(|line| line.cancelled == line.quantity) {
        return Rupiah::ZERO;
    }
    lines.iter().map(|line| price(line, line.quantity - line.cancelled)).sum::<Rupiah>() + order.shipping_total
}

/// The shares of `pieces` that leave after `before` others of the same line have left.
///
/// Each stretch is the difference of two cuts of the line, so that the parcels of a line sum to the line exactly,
/// in whatever portions it leaves, and each parcel's shares sum to the price of its pieces.
pub fn of_pieces(line: &order_line::Model, before: i64, pieces: i64) -> Shares {
    let (from, to) = (up_to(line, before), up_to(line, before + pieces));
    Shares { maker: to.maker - from.maker, outlet: to.outlet - from.outlet, group: to.group - from.group }
}

fn up_to(line: &order_line::Model, pieces: i64) -> Shares {
    let weights = [line.maker_total.0, line.outlet_total.0, line.group_total.0];
    match price(line, pieces).split(&weights)[..] {
        [maker, outlet, group] => Shares { maker, outlet, group },
        _ => Shares::default(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn line(quantity: i64, unit_price: i64, bp: [i64; 3]) -> order_line::Model {
        let shares = Rupiah(unit_price * quantity).split(&bp);
        order_line::Model {
            id: 1,
            order_id: 1,
            item_id: 1,
            crafter_id: None,
            product_name: "Besek".into(),
            item_name: String::new(),
            quantity,
            unit_price: Rupiah(unit_price),
            maker_total: shares[0],
            outlet_total: shares[1],
            group_total: shares[2],
            to_make: 0,
            cancelled: 0,
            packed: 0,
        }
    }

    #[test]
    fn a_basket_of_28000_in_one_parcel_is_shared_as_published() {
        let shares = of_pieces(&line(1, 28_000, [7600, 1600, 800]), 0, 1);
        assert_eq!(shares, Shares { maker: Rupiah(21_280), outlet: Rupiah(4_480), group: Rupiah(2_240) });
    }

    proptest! {
        #[test]
        fn parcels_sum_to_the_line_in_whatever_portions_it_leaves(
            unit_price in 1_i64..5_000_000,
            portions in prop::collection::vec(1_i64..40, 1..12),
            maker in 0_i64..=10_000,
            outlet in 0_i64..=10_000,
        ) {
            let outlet = outlet.min(10_000 - maker);
            let line = line(portions.iter().sum(), unit_price, [maker, outlet, 10_000 - maker - outlet]);
            let mut before = 0;
            let mut sum = Shares::default();
            for pieces in portions {
                let part = of_pieces(&line, before, pieces);
                prop_assert_eq!(part.total(), price(&line, pieces));
                let fair = line.maker_total.0 as f64 * pieces as f64 / line.quantity as f64;
                prop_assert!((part.maker.0 as f64 - fair).abs() < 2.0, "{:?} is far from {}", part, fair);
                sum = Shares {
                    maker: sum.maker + part.maker,
                    outlet: sum.outlet + part.outlet,
                    group: sum.group + part.group,
                };
                before += pieces;
            }
            let whole = Shares { maker: line.maker_total, outlet: line.outlet_total, group: line.group_total };
            prop_assert_eq!(sum, whole);
        }
    }
}
