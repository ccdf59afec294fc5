//! What a visit does to goods and to whom it owes: sold pieces earn, good ones go home, and what is broken or lost is
//! borne as was agreed with the kiosk.
use std::collections::BTreeMap;

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::{
    kiosk::{Bearer, Model as Kiosk, PaysAt},
    kiosk_visit::{Model, entry_keys, number, subject},
};
use crate::{
    clock::Clock,
    db::Tx,
    error::{Error, Refusal, Result},
    ledger::{self, Book, Line, NewEntry},
    outlet::earning::{self, Sale, Sold},
    stock::{self, Cause, Moved, Taken},
};
use entity::{
    Rupiah, kiosk_visit_line as line,
    lot::Terms,
    outlet, product, stock_move,
    stock_move::{Column as Of, Entity as Moves, Kind},
};

/// How many of a line the kiosk owes as sold: what it sold, and what it bears.
pub(super) fn as_sold(kiosk: &Kiosk, line: &line::Model) -> i64 {
    let damaged = if kiosk.damage_by == Bearer::Kiosk { line.damaged } else { 0 };
    line.sold + damaged + if line.missing_owed { line.missing } else { 0 }
}

/// What it owes for them, its commission taken off.
pub(super) fn owed(kiosk: &Kiosk, line: &line::Model) -> i64 {
    (line.unit_price - line.commission).0 * as_sold(kiosk, line)
}

/// Pieces of a line that left their lots.
struct Left<'a> {
    line: &'a line::Model,
    product: &'a product::Model,
    taken: Vec<Taken>,
}

/// Moves the goods of a visit and posts what they brought.
pub(super) async fn carry_out(
    tx: &Tx,
    clock: &Clock,
    outlet: &outlet::Model,
    kiosk: &Kiosk,
    visit: &Model,
    lines: &[(line::Model, product::Model)],
) -> Result<()> {
    let shelf = stock::shelf(tx, clock, outlet.id).await?;
    let subject = subject(visit.id);
    let (mut sold, mut borne) = (Vec::new(), Vec::new());
    for (line, product) in lines {
        let key = |part: &str| format!("{subject}:{}:{part}", line.id);
        let cause = Cause { subject: Some(&subject), reason: None, person_id: Some(visit.person_id), source_key: "" };
        let here = (line.item_id, kiosk.place_id);
        let n = as_sold(kiosk, line);
        if n > 0 {
            let key = key("sold");
            let cause = Cause { source_key: &key, ..cause };
            let taken = stock::sell(tx, clock, line.item_id, kiosk.place_id, n, None, cause).await?;
            sold.push(Left { line, product, taken });
        }
        if line.damaged > 0 && kiosk.damage_by != Bearer::Kiosk {
            let key = key("damaged");
            let cause = Cause { source_key: &key, ..cause };
            let taken = stock::write_off(tx, clock, here, line.damaged, Kind::Damaged, cause).await?;
            borne.push(Left { line, product, taken });
        }
        if line.missing > 0 && !line.missing_owed {
            let key = key("lost");
            let cause = Cause { reason: visit.reason.as_deref(), source_key: &key, ..cause };
            let taken = stock::write_off(tx, clock, here, line.missing, Kind::Shrunk, cause).await?;
            borne.push(Left { line, product, taken });
        }
        if line.good > 0 {
            let (key, way) = (key("good"), (kiosk.place_id, shelf));
            let cause = Cause { source_key: &key, ..cause };
            stock::relocate(tx, clock, line.item_id, way, line.good, None, cause).await?;
        }
    }
    post_sold(tx, clock, kiosk, visit, &sold).await?;
    post_borne(tx, clock, kiosk, visit, &borne).await
}

/// What the kiosk sold or owes as sold. Where makers are paid when the cash has come, their part waits for it.
async fn post_sold(tx: &Tx, clock: &Clock, kiosk: &Kiosk, visit: &Model, sold: &[Left<'_>]) -> Result<()> {
    let [key, ..] = entry_keys(visit.id);
    let mut lines = earn(tx, clock, kiosk, visit, &key, sold, |_| true).await?;
    if visit.pays_at == PaysAt::Cash {
        for (book, _) in &mut lines {
            if let Book::Crafter(id) = *book {
                *book = Book::Awaiting(id);
            }
        }
    }
    lines.push((Book::Kiosk(kiosk.id), visit.owed));
    post(tx, clock, visit, &key, "kiosk_sold", &lines).await
}

/// What broke or was lost and is not the kiosk's to bear: the outlet pays the makers as if it had been sold, unless it
/// is theirs to bear; of goods that were bought the cost is lost.
async fn post_borne(tx: &Tx, clock: &Clock, kiosk: &Kiosk, visit: &Model, borne: &[Left<'_>]) -> Result<()> {
    let [_, key, _] = entry_keys(visit.id);
    let is_makers = kiosk.damage_by == Bearer::Maker;
    let is_consigned = |part: &Taken| part.lot.terms == Terms::Consigned && part.lot.owner_id.is_some();
    let mut lines = earn(tx, clock, kiosk, visit, &key, borne, |part| is_consigned(part) && !is_makers).await?;
    let value: Rupiah = lines.iter().map(|(_, amount)| *amount).sum();
    lines.push((Book::Loss(kiosk.outlet_id), -value));
    let bought = borne.iter().flat_map(|left| &left.taken);
    for part in bought.filter(|part| part.lot.terms == Terms::Bought && part.lot.intake_id.is_some()) {
        let cost = Rupiah(part.lot.cost.0 * part.quantity);
        lines.extend([(Book::Loss(kiosk.outlet_id), cost), (Book::Goods(kiosk.outlet_id), -cost)]);
    }
    post(tx, clock, visit, &key, "kiosk_borne", &lines).await
}

/// Writes down what pieces brought: their price at the kiosk less its commission is shared.
async fn earn(
    tx: &Tx,
    clock: &Clock,
    kiosk: &Kiosk,
    visit: &Model,
    key: &str,
    left: &[Left<'_>],
    counts: impl Fn(&Taken) -> bool,
) -> Result<Vec<Line>> {
    let of_line = |left: &Left<'_>, part: &Taken| {
        (left.product.clone(), left.line.unit_price - left.line.commission, part.clone())
    };
    let parts: Vec<(product::Model, Rupiah, Taken)> = left
        .iter()
        .flat_map(|left| {
            left.taken.iter().filter(|part| counts(part)).map(|part| of_line(left, part)).collect::<Vec<_>>()
        })
        .collect();
    let sold: Vec<Sold<'_>> = parts
        .iter()
        .map(|(product, unit_price, part)| Sold {
            lot: &part.lot,
            quantity: part.quantity,
            unit_price: *unit_price,
            weights: [product.maker_bp, product.outlet_bp, product.group_bp],
            crafted: product.crafter_id.is_some(),
        })
        .collect();
    let (subject, document) = (subject(visit.id), number(visit));
    let sale = Sale { outlet_id: kiosk.outlet_id, subject: &subject, document: &document, entry_key: key };
    earning::earn(tx, clock, sale, &sold).await
}

async fn post(tx: &Tx, clock: &Clock, visit: &Model, key: &str, kind: &str, lines: &[Line]) -> Result<()> {
    let (subject, memo) = (subject(visit.id), number(visit));
    ledger::post(tx, clock, NewEntry { source_key: key, kind, subject: &subject, memo: &memo, lines }).await?;
    Ok(())
}

/// Puts everything that a visit moved back into the lots it came from.
pub(super) async fn put_back(tx: &Tx, clock: &Clock, id: i64, reason: &str, by: i64) -> Result<()> {
    let subject = subject(id);
    let moves = Moves::find().filter(Of::Subject.eq(&subject)).order_by_asc(Of::Id).all(tx).await?;
    for one in moves.iter().filter(|one| one.kind != Kind::Moved) {
        let key = format!("{subject}:void:{}", one.id);
        let cause = Cause { subject: Some(&subject), reason: Some(reason), person_id: Some(by), source_key: &key };
        stock::take_back(tx, clock, lot_of(one)?, -one.quantity, cause).await?;
    }
    for (n, moved) in home(&moves)?.into_iter().enumerate() {
        let key = format!("{subject}:void:home:{n}");
        let cause = Cause { subject: Some(&subject), reason: Some(reason), person_id: Some(by), source_key: &key };
        let back = Moved { from_lot: moved.to_lot, to_lot: moved.from_lot, quantity: moved.quantity };
        stock::shift(tx, clock, &back, cause).await.map_err(gone)?;
    }
    Ok(())
}

/// What came home, by the two moves that each part left: "…:out:0" and "…:in:0".
fn home(moves: &[stock_move::Model]) -> Result<Vec<Moved>> {
    let mut pairs: BTreeMap<String, (Option<i64>, Option<i64>, i64)> = BTreeMap::new();
    for one in moves.iter().filter(|one| one.kind == Kind::Moved) {
        let is_out = one.quantity < 0;
        let name = one.source_key.replacen(if is_out { ":out:" } else { ":in:" }, ":", 1);
        let pair = pairs.entry(name).or_default();
        *(if is_out { &mut pair.0 } else { &mut pair.1 }) = Some(lot_of(one)?);
        pair.2 = one.quantity.abs();
    }
    let whole =
        |(from, to, quantity): (Option<i64>, Option<i64>, i64)| Some(Moved { from_lot: from?, to_lot: to?, quantity });
    let found: Option<Vec<Moved>> = pairs.into_values().map(whole).collect();
    found.ok_or_else(|| Error::Fault(anyhow::anyhow!("a move of this visit has no other side")))
}

fn lot_of(one: &stock_move::Model) -> Result<i64> {
    one.lot_id.ok_or_else(|| Error::Fault(anyhow::anyhow!("move {} names no lot", one.source_key)))
}

/// What came home has been sold or promised since.
fn gone(e: Error) -> Error {
    match e {
        Error::Refused(refusal) if refusal.said.key == "stock.not_enough" => {
            Refusal::conflict("kiosk.home_gone").into()
        }
        other => other,
    }
}
