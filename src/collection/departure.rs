//! How pieces leave a lot other than by being sold: back to their owner, broken, or lost, with who bears it.
//!
//! What is promised to buyers stays; of the rest nothing more can go than is there. Goods that broke or were lost with the
//! outlet are paid to their maker as the receipt of their hand-over says, unless they were to blame.
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde_json::json;

use super::intake;
use crate::{
    clock::Clock,
    db::Tx,
    error::{Error, Refusal, Result},
    history,
    ledger::{self, Book, NewEntry},
    stock::{self, Cause},
};
use entity::{
    Rupiah, lot,
    lot::Terms,
    outlet, place,
    stock_move::{self, Kind},
};

/// What became of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Departure {
    /// The owner of consigned goods takes them home.
    GivenBack,
    Broken(Bearer),
    Lost(Bearer),
}

/// Whose loss it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bearer {
    /// The outlet pays the maker their part.
    Outlet,
    /// The owner of consigned goods gets nothing for them.
    Owner,
}

impl Departure {
    fn kind(self) -> Kind {
        match self {
            Departure::GivenBack => Kind::GivenBack,
            Departure::Broken(_) => Kind::Damaged,
            Departure::Lost(_) => Kind::Shrunk,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Departure::GivenBack => "given_back",
            Departure::Broken(_) => "broken",
            Departure::Lost(_) => "lost",
        }
    }
}

/// A lot on this outlet's shelf; others do not exist here.
pub async fn lot_here(db: &impl ConnectionTrait, outlet_id: i64, lot_id: i64) -> Result<lot::Model> {
    let found = lot::Entity::find_by_id(lot_id).find_also_related(place::Entity).one(db).await?;
    let here = |place: &place::Model| place.outlet_id == outlet_id && place.kind == place::Kind::Shelf;
    match found {
        Some((lot, Some(place))) if here(&place) => Ok(lot),
        _ => Err(Error::NotFound),
    }
}

/// Takes pieces out of a lot. The same source key is the same act, which the caller has looked for.
pub async fn depart(
    tx: &Tx,
    clock: &Clock,
    outlet: &outlet::Model,
    (lot_id, quantity): (i64, i64),
    departure: Departure,
    reason: &str,
    (person_id, source_key): (i64, &str),
) -> Result<()> {
    let lot = lot_here(tx, outlet.id, lot_id).await?;
    if lot.terms != Terms::Consigned && departure == Departure::GivenBack {
        return Err(Refusal::conflict("intake.bought_stays").into());
    }
    let subject = lot.intake_id.map_or_else(|| format!("lot:{lot_id}"), intake::subject);
    let cause = Cause {
        subject: Some(&subject),
        reason: (!reason.is_empty()).then_some(reason),
        person_id: Some(person_id),
        source_key,
    };
    let left = |error| match error {
        Error::Refused(no) if no.said.key == "stock.not_enough" => {
            Error::Refused(Refusal { said: crate::locale::Said { key: "intake.only_left", ..no.said }, ..no })
        }
        other => other,
    };
    let lot = stock::remove(tx, clock, lot_id, quantity, departure.kind(), cause).await.map_err(left)?;
    let lines = lines(outlet.id, &lot, quantity, departure)?;
    let (key, memo) = (format!("departure:{source_key}"), reason.to_owned());
    let kind = departure.name();
    ledger::post(tx, clock, NewEntry { source_key: &key, kind, subject: &subject, memo: &memo, lines: &lines }).await?;
    let owed: Rupiah = lines.iter().filter(|(book, _)| matches!(book, Book::Crafter(_))).map(|(_, sum)| -*sum).sum();
    let detail = json!({ "lot": lot_id, "quantity": quantity, "reason": reason, "owed": owed });
    let about = history::Subject("lot", lot_id);
    history::remember(tx, clock, Some(outlet.village_id), about, kind, Some(person_id), detail).await
}

/// Whether a move is pieces of a hand-over that left its lot here, and not the hand-over itself taken back.
pub fn is_departure(gone: &stock_move::Model, intake_id: i64) -> bool {
    matches!(gone.kind, Kind::GivenBack | Kind::Damaged | Kind::Shrunk)
        && gone.quantity < 0
        && gone.subject.as_deref() == Some(intake::subject(intake_id).as_str())
        && !gone.source_key.starts_with("intake:")
}

/// The key of the move that takes a departure back.
pub fn undone_key(move_id: i64) -> String {
    format!("undeparted:{move_id}:0")
}

/// Takes a departure back that was noted wrongly: its pieces stand in their lot again, and what was booked for them is
/// reversed. Once.
pub async fn undo(
    tx: &Tx,
    clock: &Clock,
    outlet: &outlet::Model,
    (intake_id, move_id): (i64, i64),
    reason: &str,
    person_id: i64,
) -> Result<()> {
    let gone = stock_move::Entity::find_by_id(move_id).one(tx).await?;
    let gone = gone.filter(|gone| is_departure(gone, intake_id)).ok_or(Error::NotFound)?;
    let lot = lot_here(tx, outlet.id, gone.lot_id.ok_or(Error::NotFound)?).await?;
    stock::lock(tx, &[gone.item_id]).await?;
    let undone = stock_move::Entity::find().filter(stock_move::Column::SourceKey.eq(undone_key(move_id)));
    if undone.one(tx).await?.is_some() {
        return Err(Refusal::conflict("intake.undone_before").into());
    }
    let key = format!("undeparted:{move_id}");
    let cause =
        Cause { subject: gone.subject.as_deref(), reason: Some(reason), person_id: Some(person_id), source_key: &key };
    stock::put_back(tx, clock, lot.id, -gone.quantity, gone.kind, cause).await?;
    let act = gone.source_key.strip_suffix(":0").unwrap_or(&gone.source_key);
    ledger::reverse(tx, clock, &format!("departure:{act}")).await?;
    let detail = json!({ "lot": lot.id, "quantity": -gone.quantity, "reason": reason });
    let about = history::Subject("lot", lot.id);
    history::remember(tx, clock, Some(outlet.village_id), about, "departure_undone", Some(person_id), detail).await
}

/// Bought goods leave the books at their cost, whoever is to blame; for consigned ones the outlet pays or not.
fn lines(outlet_id: i64, lot: &lot::Model, quantity: i64, departure: Departure) -> Result<Vec<ledger::Line>> {
    let value =
        lot.cost.times(quantity).ok_or_else(|| anyhow::anyhow!("lot {} leaves the range of the books", lot.id))?;
    Ok(match (lot.terms, lot.owner_id, departure) {
        (Terms::Bought, ..) if lot.intake_id.is_some() => {
            vec![(Book::CostOfGoods(outlet_id), value), (Book::Goods(outlet_id), -value)]
        }
        (Terms::Consigned, Some(crafter), Departure::Broken(Bearer::Outlet) | Departure::Lost(Bearer::Outlet)) => {
            vec![(Book::Loss(outlet_id), value), (Book::Crafter(crafter), -value)]
        }
        _ => Vec::new(),
    })
}
