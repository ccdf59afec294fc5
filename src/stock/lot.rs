//! Goods that came in together: whose they are, what they cost, how many are left.
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ActiveValue::Set, EntityTrait};

use super::{
    draw::{Turns, draw, free_of_grade},
    hold::{finish, kept_of, loosen},
    locked, moves, set,
};
use crate::{
    clock::Clock,
    db::Tx,
    error::{Error, Refusal, Result},
    secret,
};
use entity::{
    Rupiah, hold, lot,
    lot::{Grade, Terms},
    stock_move::Kind,
};

/// How the price of a piece was agreed to be shared, in hundredths of a percent; together 10,000.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Agreed {
    pub maker_bp: i64,
    pub outlet_bp: i64,
    pub group_bp: i64,
}

/// Goods that become a lot.
#[derive(Clone, Debug)]
pub struct NewLot {
    pub item_id: i64,
    pub place_id: i64,
    /// The crafter whose goods they are or were; none for the outlet's own.
    pub owner_id: Option<i64>,
    pub terms: Terms,
    /// What one piece cost or is to cost the outlet.
    pub cost: Rupiah,
    pub quantity: i64,
    pub grade: Option<Grade>,
    /// None: the price is shared as the product says when it is sold.
    pub agreed: Option<Agreed>,
    /// What of a piece is material that the maker was given in advance, in rupiah.
    pub material: Rupiah,
    pub intake_id: Option<i64>,
    pub person_id: Option<i64>,
    /// Names the hand-over once and for all.
    pub source_key: String,
    pub fresh: Fresh,
}

/// Until when goods keep, and since when they are here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fresh {
    /// The last day they may be sold on.
    pub expires_on: Option<NaiveDate>,
    pub batch: Option<String>,
    /// When they came, if it was not now.
    pub received_at: Option<DateTime<Utc>>,
}

/// Takes goods in as a lot.
pub async fn receive(tx: &Tx, clock: &Clock, new: &NewLot) -> Result<i64> {
    if new.quantity < 1 {
        return Err(Refusal::invalid("stock.quantity_positive").into());
    }
    let stock = locked(tx, new.item_id, new.place_id).await?;
    let row = lot::ActiveModel {
        item_id: Set(new.item_id),
        place_id: Set(new.place_id),
        owner_id: Set(new.owner_id),
        terms: Set(new.terms),
        cost: Set(new.cost),
        received: Set(new.quantity),
        remaining: Set(new.quantity),
        grade: Set(new.grade),
        received_at: Set(new.fresh.received_at.unwrap_or(clock.now())),
        expires_on: Set(new.fresh.expires_on),
        batch: Set(new.fresh.batch.clone()),
        intake_id: Set(new.intake_id),
        maker_bp: Set(new.agreed.map(|agreed| agreed.maker_bp)),
        outlet_bp: Set(new.agreed.map(|agreed| agreed.outlet_bp)),
        group_bp: Set(new.agreed.map(|agreed| agreed.group_bp)),
        material: Set(new.material),
        secret: Set(new.intake_id.map(|_| secret::short_token())),
        ..Default::default()
    };
    let lot_id = lot::Entity::insert(row).exec(tx).await?.last_insert_id;
    moves::write(
        tx,
        clock,
        moves::Move {
            item_id: new.item_id,
            place_id: new.place_id,
            lot_id: Some(lot_id),
            kind: Kind::Received,
            quantity: new.quantity,
            subject: new.intake_id.map(|id| format!("intake:{id}")),
            reason: None,
            person_id: new.person_id,
            source_key: new.source_key.clone(),
            happened_at: new.fresh.received_at,
        },
    )
    .await?;
    set(tx, &stock, stock.on_hand + new.quantity, stock.promised).await?;
    Ok(lot_id)
}

/// Pieces that left a lot, which is as it was before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    pub lot: lot::Model,
    pub quantity: i64,
}

/// Takes held pieces off the shelf as sold: those of the lot they are kept of, which is nobody's turn, else by the rule
/// of turns. `source_key` names the act.
pub async fn take(
    tx: &Tx,
    clock: &Clock,
    held: &hold::Model,
    quantity: i64,
    person_id: Option<i64>,
    source_key: &str,
) -> Result<Vec<Taken>> {
    let stock = locked(tx, held.item_id, held.place_id).await?;
    if quantity < 1 || quantity > held.quantity || stock.on_hand < quantity {
        return Err(Refusal::conflict("stock.not_enough").with("n", stock.on_hand).into());
    }
    finish(tx, held, quantity, hold::State::Taken).await?;
    let taken = match held.lot_id {
        Some(lot_id) => vec![from_lot(tx, lot_id, quantity).await?],
        None => draw(tx, held.item_id, held.place_id, quantity, None, Turns::Count, Some(clock.today())).await?,
    };
    let cause = Cause { subject: Some(&held.subject), reason: None, person_id, source_key };
    leave(tx, clock, &taken, Kind::Sold, cause).await?;
    set(tx, &stock, stock.on_hand - quantity, stock.promised - quantity).await?;
    Ok(taken)
}

async fn from_lot(tx: &Tx, lot_id: i64, quantity: i64) -> Result<Taken> {
    let lot = lot::Entity::find_by_id(lot_id).one(tx).await?.ok_or(Error::NotFound)?;
    lessen(tx, &lot, quantity).await?;
    Ok(Taken { lot, quantity })
}

/// Why goods move.
#[derive(Clone, Copy, Debug)]
pub struct Cause<'a> {
    /// The document: "sale:3".
    pub subject: Option<&'a str>,
    pub reason: Option<&'a str>,
    pub person_id: Option<i64>,
    /// Names the act once and for all.
    pub source_key: &'a str,
}

/// Sells pieces that nobody was promised, over a counter or in a kiosk, by the rule of turns; of one grade if it is
/// named. Refused with how many there are when there are fewer.
pub async fn sell(
    tx: &Tx,
    clock: &Clock,
    item_id: i64,
    place_id: i64,
    quantity: i64,
    grade: Option<Grade>,
    cause: Cause<'_>,
) -> Result<Vec<Taken>> {
    let stock = locked(tx, item_id, place_id).await?;
    let free = free_of_grade(tx, &stock, grade).await?;
    if quantity < 1 || quantity > free {
        return Err(Refusal::conflict("stock.not_enough").with("n", free).into());
    }
    let taken = draw(tx, item_id, place_id, quantity, grade, Turns::Count, Some(clock.today())).await?;
    leave(tx, clock, &taken, Kind::Sold, cause).await?;
    set(tx, &stock, stock.on_hand - quantity, stock.promised).await?;
    Ok(taken)
}

/// Takes pieces out of one lot for good: given back to their owner, broken, lost. What is promised to buyers stays. What
/// is kept for an order does not go home; if it broke, the order is promised others in its stead.
pub async fn remove(
    tx: &Tx,
    clock: &Clock,
    lot_id: i64,
    quantity: i64,
    kind: Kind,
    cause: Cause<'_>,
) -> Result<lot::Model> {
    let lot = take_out(tx, lot_id, quantity, kind).await?;
    leave(tx, clock, &[Taken { lot: lot.clone(), quantity }], kind, cause).await?;
    Ok(lot)
}

/// The same for several lots by one act that happened at a moment, so much of each.
pub async fn remove_parts(
    tx: &Tx,
    clock: &Clock,
    parts: &[(i64, i64)],
    kind: Kind,
    at: DateTime<Utc>,
    cause: Cause<'_>,
) -> Result<()> {
    let mut taken = Vec::with_capacity(parts.len());
    for (lot_id, quantity) in parts {
        taken.push(Taken { lot: take_out(tx, *lot_id, *quantity, kind).await?, quantity: *quantity });
    }
    leave_at(tx, clock, &taken, kind, Some(at), cause).await
}

/// Lessens a lot and what stands where it is; says what the lot was.
async fn take_out(tx: &Tx, lot_id: i64, quantity: i64, kind: Kind) -> Result<lot::Model> {
    let (lot, stock) = lot_and_stock(tx, lot_id).await?;
    let free = std::cmp::min(lot.remaining, stock.on_hand - stock.promised);
    if quantity < 1 || quantity > free {
        return Err(Refusal::conflict("stock.not_enough").with("n", free).into());
    }
    let kept = kept_in(tx, lot_id).await?;
    let of_kept = quantity - (lot.remaining - kept);
    if of_kept > 0 {
        if kind == Kind::GivenBack {
            return Err(Refusal::conflict("stock.kept_for_order").with("n", kept).into());
        }
        loosen(tx, lot_id, of_kept).await?;
    }
    lessen(tx, &lot, quantity).await?;
    set(tx, &stock, stock.on_hand - quantity, stock.promised).await?;
    Ok(lot)
}

/// Pieces of a lot that are kept for somebody.
pub(super) async fn kept_in(tx: &Tx, lot_id: i64) -> Result<i64> {
    Ok(kept_of(tx, &[lot_id]).await?.get(&lot_id).copied().unwrap_or(0))
}

/// A lot as it is once its stock is locked.
pub(super) async fn lot_and_stock(tx: &Tx, lot_id: i64) -> Result<(lot::Model, entity::stock::Model)> {
    let find = || lot::Entity::find_by_id(lot_id).one(tx);
    let lot = find().await?.ok_or(Error::NotFound)?;
    let stock = locked(tx, lot.item_id, lot.place_id).await?;
    Ok((find().await?.ok_or(Error::NotFound)?, stock))
}

/// Puts sold pieces back into the lot they came from.
pub async fn take_back(tx: &Tx, clock: &Clock, lot_id: i64, quantity: i64, cause: Cause<'_>) -> Result<()> {
    put_back(tx, clock, lot_id, quantity, Kind::Returned, cause).await
}

/// The same for several lots by one act that happened at a moment, so much into each.
pub async fn take_back_parts(
    tx: &Tx,
    clock: &Clock,
    parts: &[(i64, i64)],
    at: DateTime<Utc>,
    cause: Cause<'_>,
) -> Result<()> {
    let mut back = Vec::with_capacity(parts.len());
    for (lot_id, quantity) in parts {
        back.push(put_in(tx, *lot_id, *quantity).await?);
    }
    leave_at(tx, clock, &back, Kind::Returned, Some(at), cause).await
}

/// Puts pieces back into their lot by a move of the kind that took them out: it never happened.
pub async fn put_back(tx: &Tx, clock: &Clock, lot_id: i64, quantity: i64, kind: Kind, cause: Cause<'_>) -> Result<()> {
    let back = put_in(tx, lot_id, quantity).await?;
    leave(tx, clock, &[back], kind, cause).await
}

/// Fills a lot again, and what stands where it is; less than nothing was taken out of it.
async fn put_in(tx: &Tx, lot_id: i64, quantity: i64) -> Result<Taken> {
    let (lot, stock) = lot_and_stock(tx, lot_id).await?;
    if quantity < 1 || lot.remaining + quantity > lot.received {
        let n = lot.received - lot.remaining;
        return Err(Refusal::conflict("stock.more_than_came").with("n", n).into());
    }
    lessen(tx, &lot, -quantity).await?;
    set(tx, &stock, stock.on_hand + quantity, stock.promised).await?;
    Ok(Taken { lot, quantity: -quantity })
}

/// Writes one move a lot; what is taken leaves the shelf, less than nothing comes to it.
pub(super) async fn leave(tx: &Tx, clock: &Clock, taken: &[Taken], kind: Kind, cause: Cause<'_>) -> Result<()> {
    leave_at(tx, clock, taken, kind, None, cause).await
}

/// The same for what happened at a moment, if it was not now.
async fn leave_at(
    tx: &Tx,
    clock: &Clock,
    taken: &[Taken],
    kind: Kind,
    happened_at: Option<DateTime<Utc>>,
    cause: Cause<'_>,
) -> Result<()> {
    for (n, part) in taken.iter().enumerate() {
        let row = moves::Move {
            item_id: part.lot.item_id,
            place_id: part.lot.place_id,
            lot_id: Some(part.lot.id),
            kind,
            quantity: -part.quantity,
            subject: cause.subject.map(str::to_owned),
            reason: cause.reason.map(str::to_owned),
            person_id: cause.person_id,
            source_key: format!("{}:{n}", cause.source_key),
            happened_at,
        };
        moves::write(tx, clock, row).await?;
    }
    Ok(())
}

pub(super) async fn lessen(tx: &Tx, lot: &lot::Model, quantity: i64) -> Result<()> {
    let change = lot::ActiveModel { id: Set(lot.id), remaining: Set(lot.remaining - quantity), ..Default::default() };
    lot::Entity::update(change).exec(tx).await?;
    Ok(())
}
