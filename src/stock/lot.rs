//! Goods that came in together: whose they are, what they cost, how many are left.
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::{hold::finish, locked, moves, set};
use crate::{
    clock::Clock,
    db::Tx,
    error::{Refusal, Result},
};
use entity::{Rupiah, hold, lot, lot::Terms, stock_move::Kind};

/// Goods handed over a counter.
#[derive(Clone, Debug)]
pub struct Intake {
    pub item_id: i64,
    pub place_id: i64,
    /// The crafter whose goods they are or were; none for the outlet's own.
    pub owner_id: Option<i64>,
    pub terms: Terms,
    /// What one piece cost or is to cost the outlet.
    pub cost: Rupiah,
    pub quantity: i64,
    pub grade: Option<String>,
    pub person_id: Option<i64>,
    /// Names the hand-over once and for all.
    pub source_key: String,
}

/// Takes goods in as a lot.
pub async fn receive(tx: &Tx, clock: &Clock, intake: &Intake) -> Result<i64> {
    if intake.quantity < 1 {
        return Err(Refusal::invalid("stock.quantity_positive").into());
    }
    let stock = locked(tx, intake.item_id, intake.place_id).await?;
    let row = lot::ActiveModel {
        item_id: Set(intake.item_id),
        place_id: Set(intake.place_id),
        owner_id: Set(intake.owner_id),
        terms: Set(intake.terms),
        cost: Set(intake.cost),
        received: Set(intake.quantity),
        remaining: Set(intake.quantity),
        grade: Set(intake.grade.clone()),
        received_at: Set(clock.now()),
        ..Default::default()
    };
    let lot_id = lot::Entity::insert(row).exec(tx).await?.last_insert_id;
    moves::write(
        tx,
        clock,
        moves::Move {
            item_id: intake.item_id,
            place_id: intake.place_id,
            lot_id: Some(lot_id),
            kind: Kind::Received,
            quantity: intake.quantity,
            subject: None,
            reason: None,
            person_id: intake.person_id,
            source_key: intake.source_key.clone(),
        },
    )
    .await?;
    set(tx, &stock, stock.on_hand + intake.quantity, stock.promised).await?;
    Ok(lot_id)
}

/// Pieces that left a lot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    pub lot_id: i64,
    pub owner_id: Option<i64>,
    pub terms: Terms,
    pub cost: Rupiah,
    pub quantity: i64,
}

/// Takes held pieces off the shelf as sold, from the oldest lots first. `source_key` names the act.
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
    let taken = draw(tx, held.item_id, held.place_id, quantity).await?;
    for (n, part) in taken.iter().enumerate() {
        moves::write(
            tx,
            clock,
            moves::Move {
                item_id: held.item_id,
                place_id: held.place_id,
                lot_id: Some(part.lot_id),
                kind: Kind::Sold,
                quantity: -part.quantity,
                subject: Some(held.subject.clone()),
                reason: None,
                person_id,
                source_key: format!("{source_key}:{n}"),
            },
        )
        .await?;
    }
    set(tx, &stock, stock.on_hand - quantity, stock.promised - quantity).await?;
    Ok(taken)
}

/// Puts sold pieces back into the lot they came from.
pub async fn take_back(
    tx: &Tx,
    clock: &Clock,
    lot_id: i64,
    quantity: i64,
    subject: &str,
    reason: &str,
    person_id: Option<i64>,
    source_key: &str,
) -> Result<()> {
    let Some(lot) = lot::Entity::find_by_id(lot_id).one(tx).await? else {
        return Err(Refusal::conflict("stock.no_such_lot").into());
    };
    let stock = locked(tx, lot.item_id, lot.place_id).await?;
    let change = lot::ActiveModel { id: Set(lot.id), remaining: Set(lot.remaining + quantity), ..Default::default() };
    lot::Entity::update(change).exec(tx).await?;
    moves::write(
        tx,
        clock,
        moves::Move {
            item_id: lot.item_id,
            place_id: lot.place_id,
            lot_id: Some(lot.id),
            kind: Kind::Returned,
            quantity,
            subject: Some(subject.to_owned()),
            reason: Some(reason.to_owned()),
            person_id,
            source_key: source_key.to_owned(),
        },
    )
    .await?;
    set(tx, &stock, stock.on_hand + quantity, stock.promised).await
}

/// Lessens the oldest lots by `quantity` in all. The stock row is locked by the caller, so no two draw at once.
pub(super) async fn draw(tx: &Tx, item_id: i64, place_id: i64, quantity: i64) -> Result<Vec<Taken>> {
    let lots = lot::Entity::find()
        .filter(lot::Column::ItemId.eq(item_id))
        .filter(lot::Column::PlaceId.eq(place_id))
        .filter(lot::Column::Remaining.gt(0))
        .order_by_asc(lot::Column::ReceivedAt)
        .order_by_asc(lot::Column::Id)
        .all(tx)
        .await?;
    let mut wanted = quantity;
    let mut taken = Vec::new();
    for lot in lots {
        let part = wanted.min(lot.remaining);
        if part == 0 {
            break;
        }
        wanted -= part;
        let change = lot::ActiveModel { id: Set(lot.id), remaining: Set(lot.remaining - part), ..Default::default() };
        lot::Entity::update(change).exec(tx).await?;
        taken.push(Taken { lot_id: lot.id, owner_id: lot.owner_id, terms: lot.terms, cost: lot.cost, quantity: part });
    }
    if wanted > 0 {
        return Err(anyhow::anyhow!("lots of item {item_id} hold {wanted} pieces less than the shelf").into());
    }
    Ok(taken)
}
