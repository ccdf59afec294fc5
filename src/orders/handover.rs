//! Whose money it becomes when goods leave: the deposit of the buyer is shared out, parcel by parcel.
use std::collections::BTreeMap;

use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::{
    docket::{Docket, Packed},
    share,
};
use crate::{
    clock::Clock,
    db::Tx,
    error::Result,
    ledger::{self, Book, NewEntry},
    outlet::earning::{self, Sale, Sold},
};
use entity::{
    Rupiah, lot, order,
    order::{Method, Payment},
    parcel::State,
    parcel_line,
};

/// The lots the pieces of a parcel came from.
pub(super) async fn lots_of(tx: &Tx, packed: &Packed) -> Result<BTreeMap<i64, lot::Model>> {
    let ids = packed.lines.iter().map(|line| line.lot_id);
    let lots = lot::Entity::find().filter(lot::Column::Id.is_in(ids)).all(tx).await?;
    Ok(lots.into_iter().map(|lot| (lot.id, lot)).collect())
}

pub(super) fn handed_over_key(parcel_id: i64) -> String {
    format!("handed_over:parcel:{parcel_id}")
}

pub(super) fn cod_sent_key(parcel_id: i64) -> String {
    format!("cod_sent:parcel:{parcel_id}")
}

/// Goods leave: the deposit becomes what is owed to makers, the outlet's fee, the group's share and the shipping.
/// With COD the courier owes the cash from now on. `docket` is as it was before the parcel left.
pub(super) async fn post(tx: &Tx, clock: &Clock, docket: &Docket, packed: &Packed) -> Result<()> {
    let outlet = docket.order.outlet_id;
    let parcel_id = packed.parcel.id;
    let shipping = shipping_due(tx, docket).await?;
    let lots = lots_of(tx, packed).await?;
    let (subject, number, key) = (docket.subject(), docket.number(), handed_over_key(parcel_id));
    let sale = Sale { outlet_id: outlet, subject: &subject, document: &number, entry_key: &key };
    let mut lines = earning::earn(tx, clock, sale, &sold(docket, packed, &lots)?).await?;
    lines.push((Book::Shipping(outlet), -shipping));
    let value: Rupiah = -lines.iter().map(|(_, amount)| *amount).sum::<Rupiah>();
    if docket.order.method == Method::Cod {
        let entry = NewEntry {
            source_key: &cod_sent_key(parcel_id),
            kind: "cod_sent",
            subject: &docket.subject(),
            memo: "cod_sent",
            lines: &[(Book::Courier(outlet), value), (Book::Deposits(outlet), -value)],
        };
        ledger::post(tx, clock, entry).await?;
    }
    lines.push((Book::Deposits(outlet), value));
    let entry = NewEntry {
        source_key: &key,
        kind: "handed_over",
        subject: &docket.subject(),
        memo: "handed_over",
        lines: &lines,
    };
    ledger::post(tx, clock, entry).await?;
    Ok(())
}

/// A parcel came back: nobody earned anything by it. Shipping that was paid in advance stays earned while another parcel
/// of the order is out. `docket` is as it was before.
pub(super) async fn undo(tx: &Tx, clock: &Clock, docket: &Docket, packed: &Packed) -> Result<()> {
    let (outlet, parcel_id, subject) = (docket.order.outlet_id, packed.parcel.id, docket.subject());
    for key in [handed_over_key(parcel_id), cod_sent_key(parcel_id)] {
        ledger::reverse(tx, clock, &key).await?;
        earning::undo(tx, clock, &key).await?;
    }
    if docket.order.method == Method::Cod {
        return Ok(());
    }
    let others = docket.parcels.iter().any(|other| other.parcel.id != parcel_id && other.is_handed_over());
    let due = if others { docket.order.shipping_total } else { Rupiah::ZERO };
    let earned = -ledger::balance_of(tx, Book::Shipping(outlet), &subject).await?;
    let entry = NewEntry {
        source_key: &format!("shipping:parcel:{parcel_id}:came_back"),
        kind: "handed_over",
        subject: &subject,
        memo: "came_back",
        lines: &[(Book::Deposits(outlet), due - earned), (Book::Shipping(outlet), earned - due)],
    };
    ledger::post(tx, clock, entry).await?;
    if docket.order.part_paid > Rupiah::ZERO {
        // A part was taken back while the goods were out: what stands now is what has come.
        let part_paid = -ledger::balance_of(tx, Book::Deposits(outlet), &subject).await?;
        let change = order::ActiveModel { id: Set(docket.order.id), part_paid: Set(part_paid), ..Default::default() };
        order::Entity::update(change).exec(tx).await?;
        return Ok(());
    }
    if docket.order.payment != Payment::Unpaid {
        return Ok(());
    }
    // The money was taken back while the goods were out: with the goods here again, that claim is settled.
    let restored = -ledger::balance_of(tx, Book::Deposits(outlet), &subject).await?;
    let entry = NewEntry {
        source_key: &format!("claim:parcel:{parcel_id}:came_back"),
        kind: "reversed",
        subject: &subject,
        memo: "came_back",
        lines: &[(Book::Deposits(outlet), restored), (Book::Surplus, -restored)],
    };
    ledger::post(tx, clock, entry).await?;
    Ok(())
}

/// The shipping that no parcel has earned yet: it goes with the next one.
async fn shipping_due(db: &impl ConnectionTrait, docket: &Docket) -> Result<Rupiah> {
    let earned = -ledger::balance_of(db, Book::Shipping(docket.order.outlet_id), &docket.subject()).await?;
    Ok(docket.order.shipping_total - earned)
}

/// What a courier is to ask for a parcel that has not left: its goods, and the shipping if it is the next to go.
pub async fn cash_at_door(db: &impl ConnectionTrait, docket: &Docket, packed: &Packed) -> Result<Rupiah> {
    if docket.order.method != Method::Cod || packed.parcel.state != State::Packed {
        return Ok(Rupiah::ZERO);
    }
    let goods = docket.lines.iter().map(|line| share::price(line, packed.pieces(line.id))).sum::<Rupiah>();
    let waits = |other: &&Packed| other.parcel.state == State::Packed;
    let is_next = docket.parcels.iter().find(waits).is_some_and(|next| next.parcel.id == packed.parcel.id);
    Ok(if is_next { goods + shipping_due(db, docket).await? } else { goods })
}

/// What a parcel sells, lot by lot.
fn sold<'a>(docket: &Docket, packed: &Packed, lots: &'a BTreeMap<i64, lot::Model>) -> Result<Vec<Sold<'a>>> {
    let of_row = |row: &parcel_line::Model| {
        let line = docket.line(row.order_line_id)?;
        let lot = lots.get(&row.lot_id).ok_or_else(|| anyhow::anyhow!("lot {} is gone", row.lot_id))?;
        Ok(Sold {
            lot,
            quantity: row.quantity,
            unit_price: line.unit_price,
            weights: [line.maker_total.0, line.outlet_total.0, line.group_total.0],
            crafted: line.crafter_id.is_some(),
        })
    };
    packed.lines.iter().map(of_row).collect()
}

#[cfg(test)]
mod tests {
    use entity::{lot::Terms, parcel};
    use proptest::prelude::*;

    use super::*;
    use crate::outlet::earning::{Shares, of_piece};

    fn lot_of(id: i64, terms: Terms, owner_id: Option<i64>) -> (i64, lot::Model) {
        let row = lot::Model {
            id,
            item_id: 1,
            place_id: 1,
            owner_id,
            terms,
            cost: Rupiah(20_000),
            received: 100,
            remaining: 50,
            grade: None,
            received_at: Docket::sample().order.placed_at,
            intake_id: None,
            origin_id: None,
            maker_bp: None,
            outlet_bp: None,
            group_bp: None,
            material: Rupiah::ZERO,
            secret: None,
            expires_on: None,
            batch: None,
        };
        (id, row)
    }

    fn lots() -> BTreeMap<i64, lot::Model> {
        BTreeMap::from([
            lot_of(1, Terms::Consigned, Some(1)),
            lot_of(2, Terms::Bought, Some(2)),
            lot_of(3, Terms::Own, None),
        ])
    }

    fn parcel_of(id: i64, state: State, rows: &[(i64, i64, i64)]) -> Packed {
        let mut packed = Docket::sample().parcels.remove(0);
        packed.parcel = parcel::Model { id, state, ..packed.parcel };
        let line = |(line, lot, quantity): &(i64, i64, i64)| parcel_line::Model {
            id: 0,
            parcel_id: id,
            order_line_id: *line,
            lot_id: *lot,
            quantity: *quantity,
        };
        packed.lines = rows.iter().map(line).collect();
        packed
    }

    proptest! {
        #[test]
        fn all_parcels_of_a_line_earn_its_shares_exactly(
            quantity in 1_i64..60,
            unit_price in 1_i64..300_000,
            cuts in prop::collection::vec((1_i64..20, 1_i64..=3), 1..20),
        ) {
            let mut docket = Docket::sample();
            docket.parcels.clear();
            docket.lines.truncate(1);
            let whole = Shares::cut(Rupiah(unit_price), [7600, 1600, 800]).times(quantity).unwrap();
            let line = &mut docket.lines[0];
            line.quantity = quantity;
            line.unit_price = Rupiah(unit_price);
            (line.maker_total, line.outlet_total, line.group_total) = (whole.maker, whole.outlet, whole.group);
            let lots = lots();
            let mut sum = [Rupiah::ZERO; 3];
            let mut left = quantity;
            for (n, (pieces, lot)) in cuts.into_iter().chain([(60, 1)]).enumerate() {
                let pieces = pieces.min(left);
                if pieces == 0 { continue; }
                left -= pieces;
                let packed = parcel_of(n as i64, State::Packed, &[(1, lot, pieces)]);
                for part in sold(&docket, &packed, &lots).unwrap() {
                    let shares = of_piece(&part).times(part.quantity).unwrap();
                    sum = [sum[0] + shares.maker, sum[1] + shares.outlet, sum[2] + shares.group];
                }
            }
            prop_assert_eq!(sum, [whole.maker, whole.outlet, whole.group]);
        }
    }
}
