//! Whose each rupiah of a sold piece is: the maker's, the outlet's and the group's, as was agreed when the piece was
//! handed in. Cut piece by piece, so that a piece brings the same in whatever portions a lot is sold, and written down
//! when it is sold: later prices and agreements change nothing of it.
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

pub use super::earning_back::{left, undo, undo_part};
use crate::{
    clock::Clock,
    db::Tx,
    error::Result,
    ledger::{Book, Line},
};
use entity::{
    Rupiah,
    earning::{ActiveModel, Column, Entity, Model},
    lot,
    lot::Terms,
};

/// The parts of a price: they sum to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shares {
    pub maker: Rupiah,
    pub outlet: Rupiah,
    pub group: Rupiah,
}

impl Shares {
    /// A price cut by weights: of the maker, the outlet and the group. Without any weight all is the outlet's.
    pub fn cut(price: Rupiah, weights: [i64; 3]) -> Shares {
        let weights = if weights.iter().all(|weight| *weight == 0) { [0, 1, 0] } else { weights };
        let parts = price.split(&weights);
        let part = |n: usize| parts.get(n).copied().unwrap_or_default();
        Shares { maker: part(0), outlet: part(1), group: part(2) }
    }

    /// All of it together.
    pub fn total(self) -> Rupiah {
        self.maker + self.outlet + self.group
    }

    /// The same for several pieces; none when it leaves the range of the books.
    pub fn times(self, pieces: i64) -> Option<Shares> {
        let Shares { maker, outlet, group } = self;
        Some(Shares { maker: maker.times(pieces)?, outlet: outlet.times(pieces)?, group: group.times(pieces)? })
    }
}

/// Pieces of one lot that were sold at one price.
#[derive(Clone, Copy, Debug)]
pub struct Sold<'a> {
    pub lot: &'a lot::Model,
    pub quantity: i64,
    pub unit_price: Rupiah,
    /// How the price is shared where nothing was agreed for the lot: maker, outlet, group.
    pub weights: [i64; 3],
    /// Whether a crafter stands behind the product: what the outlet keeps is a fee then, and else its own sale.
    pub crafted: bool,
}

/// What a sale is called.
#[derive(Clone, Copy, Debug)]
pub struct Sale<'a> {
    pub outlet_id: i64,
    /// "order:12"
    pub subject: &'a str,
    /// What people call it: K-2611-0042.
    pub document: &'a str,
    /// The key of the entry that the lines will be part of.
    pub entry_key: &'a str,
}

/// What one piece brings each.
pub fn of_piece(sold: &Sold<'_>) -> Shares {
    let agreed = match (sold.lot.maker_bp, sold.lot.outlet_bp, sold.lot.group_bp) {
        (Some(maker), Some(outlet), Some(group)) => [maker, outlet, group],
        _ => sold.weights,
    };
    Shares::cut(sold.unit_price, agreed)
}

/// Writes down what each lot earned, and says whom the money belongs to: lines for the caller's entry that sum to the
/// price of all pieces. Goods that were bought leave the books at their cost.
pub async fn earn(tx: &Tx, clock: &Clock, sale: Sale<'_>, sold: &[Sold<'_>]) -> Result<Vec<Line>> {
    let mut lines = Vec::new();
    let mut rows = Vec::new();
    for part in sold {
        let shares = of_piece(part).times(part.quantity);
        let shares = shares.ok_or_else(|| anyhow::anyhow!("{} leaves the range of the books", sale.subject))?;
        lines.extend(lines_of(sale.outlet_id, &whose(part), shares, cost(part)));
        rows.push(row(clock, &sale, part, shares));
    }
    if !rows.is_empty() {
        Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    Ok(lines)
}

/// Whose pieces are, as far as the books ask.
pub(super) struct Whose {
    pub terms: Terms,
    pub owner_id: Option<i64>,
    pub crafted: bool,
}

fn whose(part: &Sold<'_>) -> Whose {
    Whose { terms: part.lot.terms, owner_id: part.lot.owner_id, crafted: part.crafted }
}

/// The books of a part: credits that sum to its price, and the cost of bought goods, which sums to nothing.
pub(super) fn lines_of(outlet: i64, whose: &Whose, shares: Shares, cost: Rupiah) -> Vec<Line> {
    // Consigned goods are paid to their owner; bought ones were paid at intake, and the outlet's own always were.
    let maker = match (whose.terms, whose.owner_id) {
        (Terms::Consigned, Some(crafter)) => Book::Crafter(crafter),
        _ => Book::OwnSales(outlet),
    };
    let fee = if whose.crafted { Book::OutletFee(outlet) } else { Book::OwnSales(outlet) };
    vec![
        (maker, -shares.maker),
        (fee, -shares.outlet),
        (Book::GroupFund(outlet), -shares.group),
        (Book::CostOfGoods(outlet), cost),
        (Book::Goods(outlet), -cost),
    ]
}

/// What bought pieces had cost. Lots that came before hand-overs were written down have no cost in the books.
fn cost(part: &Sold<'_>) -> Rupiah {
    match (part.lot.terms, part.lot.intake_id) {
        (Terms::Bought, Some(_)) => part.lot.cost.times(part.quantity).unwrap_or_default(),
        _ => Rupiah::ZERO,
    }
}

fn row(clock: &Clock, sale: &Sale<'_>, part: &Sold<'_>, shares: Shares) -> ActiveModel {
    ActiveModel {
        outlet_id: Set(sale.outlet_id),
        subject: Set(sale.subject.to_owned()),
        document: Set(sale.document.to_owned()),
        entry_key: Set(sale.entry_key.to_owned()),
        lot_id: Set(part.lot.id),
        item_id: Set(part.lot.item_id),
        crafter_id: Set(part.lot.owner_id),
        terms: Set(part.lot.terms),
        quantity: Set(part.quantity),
        unit_price: Set(part.unit_price),
        maker_total: Set(shares.maker),
        outlet_total: Set(shares.outlet),
        group_total: Set(shares.group),
        cost_total: Set(cost(part)),
        at: Set(clock.now()),
        undone_at: Set(None),
        crafted: Set(part.crafted),
        undoes_id: Set(None),
        ..Default::default()
    }
}

/// What an entry earned, lot by lot.
pub async fn of_entry(db: &impl ConnectionTrait, entry_key: &str) -> Result<Vec<Model>> {
    Ok(Entity::find().filter(Column::EntryKey.eq(entry_key)).order_by_asc(Column::Id).all(db).await?)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn lot(terms: Terms, agreed: Option<[i64; 3]>) -> lot::Model {
        lot::Model {
            id: 1,
            item_id: 1,
            place_id: 1,
            owner_id: Some(7),
            terms,
            cost: Rupiah(20_000),
            received: 1_000,
            remaining: 1_000,
            grade: None,
            received_at: chrono::DateTime::UNIX_EPOCH,
            intake_id: Some(1),
            origin_id: None,
            maker_bp: agreed.map(|bp| bp[0]),
            outlet_bp: agreed.map(|bp| bp[1]),
            group_bp: agreed.map(|bp| bp[2]),
            material: Rupiah::ZERO,
            secret: None,
            expires_on: None,
            batch: None,
        }
    }

    fn sold(lot: &lot::Model, quantity: i64, unit_price: i64) -> Sold<'_> {
        Sold { lot, quantity, unit_price: Rupiah(unit_price), weights: [7600, 1600, 800], crafted: true }
    }

    #[test]
    fn a_basket_of_28000_is_shared_as_published_or_as_agreed() {
        let (published, agreed) = (lot(Terms::Consigned, None), lot(Terms::Consigned, Some([8000, 1500, 500])));
        let shares = of_piece(&sold(&published, 1, 28_000));
        assert_eq!(shares, Shares { maker: Rupiah(21_280), outlet: Rupiah(4_480), group: Rupiah(2_240) });
        assert_eq!(of_piece(&sold(&agreed, 1, 28_000)).maker, Rupiah(22_400));
    }

    #[test]
    fn bought_goods_leave_the_books_at_their_cost_and_owe_their_maker_nothing() {
        let bought = lot(Terms::Bought, None);
        let part = sold(&bought, 3, 28_000);
        let lines = lines_of(1, &whose(&part), of_piece(&part).times(3).unwrap(), cost(&part));
        let on = |book| lines.iter().filter(|(known, _)| *known == book).map(|(_, amount)| *amount).sum::<Rupiah>();
        assert_eq!(on(Book::Crafter(7)), Rupiah::ZERO);
        assert_eq!(on(Book::OwnSales(1)), Rupiah(-63_840));
        assert_eq!((on(Book::CostOfGoods(1)), on(Book::Goods(1))), (Rupiah(60_000), Rupiah(-60_000)));
    }

    proptest! {
        #[test]
        fn a_lot_earns_the_same_in_whatever_portions_it_is_sold(
            unit_price in 0_i64..5_000_000,
            portions in prop::collection::vec(1_i64..40, 1..12),
            maker in 0_i64..=10_000,
            outlet in 0_i64..=10_000,
        ) {
            let outlet = outlet.min(10_000 - maker);
            let lot = lot(Terms::Consigned, Some([maker, outlet, 10_000 - maker - outlet]));
            let of = |n| of_piece(&sold(&lot, n, unit_price)).times(n).unwrap();
            let whole = of(portions.iter().sum());
            prop_assert_eq!(whole.total(), Rupiah(unit_price * portions.iter().sum::<i64>()));
            prop_assert_eq!(portions.iter().map(|n| of(*n).maker).sum::<Rupiah>(), whole.maker);
            let one = sold(&lot, 1, unit_price);
            let lines: Rupiah = lines_of(1, &whose(&one), of(1), cost(&one)).iter().map(|(_, amount)| *amount).sum();
            prop_assert_eq!(lines, Rupiah(-unit_price));
        }
    }
}
