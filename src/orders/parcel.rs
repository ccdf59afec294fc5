//! What is packed together and how it travels: packed, sent or ready, delivered. A part can go ahead of the rest.
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, ExprTrait, QueryFilter, sea_query::Expr};
use serde_json::json;

use super::{
    balance, close,
    docket::{Docket, Packed, open},
    handover, notify,
    state::{self, Axis},
};
use crate::{
    clock::Clock,
    db::Tx,
    error::{Refusal, Result},
    outlet::cost,
    stock::{self, Cause, Taken, Want},
};
use entity::{
    hold,
    order::{Delivery, Payment},
    order_line, parcel,
    parcel::State,
    parcel_line,
};

/// So many pieces of an order line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Portion {
    pub line_id: i64,
    pub pieces: i64,
}

/// Everything that waits to be packed.
pub fn everything_open(docket: &Docket) -> Vec<Portion> {
    let portion = |line: &order_line::Model| Portion { line_id: line.id, pieces: open(line) };
    docket.lines.iter().map(portion).filter(|portion| portion.pieces > 0).collect()
}

/// Takes pieces off the shelf into a parcel. For pickup it is ready at once, for a courier it waits for one.
///
/// Pieces that were still to be made are promised now, when they stand on the shelf.
pub async fn pack(tx: &Tx, clock: &Clock, docket: &Docket, portions: &[Portion], by: i64) -> Result<i64> {
    state::may_pack(&docket.order, clock.now())?;
    if portions.iter().all(|portion| portion.pieces == 0) {
        return Err(Refusal::invalid("counter.pack_something").into());
    }
    docket.lock_goods(tx).await?;
    let state = match docket.order.delivery {
        Delivery::Courier => State::Packed,
        Delivery::Pickup => State::Ready,
    };
    let row = parcel::ActiveModel {
        order_id: Set(docket.order.id),
        state: Set(state),
        packed_at: Set(clock.now()),
        ..Default::default()
    };
    let parcel_id = parcel::Entity::insert(row).exec(tx).await?.last_insert_id;
    for portion in portions.iter().filter(|portion| portion.pieces != 0) {
        pack_line(tx, clock, docket, parcel_id, *portion, by).await?;
    }
    let pieces: i64 = portions.iter().map(|portion| portion.pieces).sum();
    docket.remember(tx, clock, "packed", Some(by), json!({ "n": pieces, "parcel": parcel_id })).await?;
    notify::state_changed(tx, clock, &docket.order, "packed").await?;
    Ok(parcel_id)
}

async fn pack_line(tx: &Tx, clock: &Clock, docket: &Docket, parcel_id: i64, portion: Portion, by: i64) -> Result<()> {
    let line = docket.line(portion.line_id)?;
    if !(1..=open(line)).contains(&portion.pieces) {
        return Err(Refusal::invalid("counter.at_most_open").with("n", open(line)).into());
    }
    let taken = take(tx, clock, docket, line, parcel_id, portion.pieces, by).await?;
    let rows = taken.iter().map(|part| parcel_line::ActiveModel {
        parcel_id: Set(parcel_id),
        order_line_id: Set(line.id),
        lot_id: Set(part.lot.id),
        quantity: Set(part.quantity),
        ..Default::default()
    });
    parcel_line::Entity::insert_many(rows).exec_without_returning(tx).await?;
    packed_changes(tx, line.id, portion.pieces).await
}

async fn packed_changes(tx: &Tx, line_id: i64, pieces: i64) -> Result<()> {
    order_line::Entity::update_many()
        .col_expr(order_line::Column::Packed, Expr::col(order_line::Column::Packed).add(pieces))
        .filter(order_line::Column::Id.eq(line_id))
        .exec(tx)
        .await?;
    Ok(())
}

/// Takes pieces from what is promised to the order, promising first what was still to be made.
async fn take(
    tx: &Tx,
    clock: &Clock,
    docket: &Docket,
    line: &order_line::Model,
    parcel_id: i64,
    pieces: i64,
    by: i64,
) -> Result<Vec<Taken>> {
    let mut wanted = pieces;
    let mut taken = Vec::new();
    for held in promised(tx, clock, docket, line, pieces).await? {
        let part = std::cmp::min(wanted, held.quantity);
        if part == 0 {
            break;
        }
        let key = format!("packed:parcel:{parcel_id}:line:{}:hold:{}", line.id, held.id);
        taken.extend(stock::take(tx, clock, &held, part, Some(by), &key).await?);
        wanted -= part;
    }
    cost::follow(tx, clock, docket.order.outlet_id, &[line.item_id]).await?;
    Ok(taken)
}

async fn promised(
    tx: &Tx,
    clock: &Clock,
    docket: &Docket,
    line: &order_line::Model,
    pieces: i64,
) -> Result<Vec<hold::Model>> {
    let subject = docket.subject();
    let of_item = |held: &hold::Model| held.item_id == line.item_id;
    let holds = async || -> Result<Vec<hold::Model>> {
        let mut holds = stock::held_for(tx, &subject).await?;
        holds.retain(of_item);
        // What was made for the order goes before what merely stands there.
        holds.sort_by_key(|held| (held.lot_id.is_none(), held.id));
        Ok(holds)
    };
    let there = holds().await?;
    let held: i64 = there.iter().map(|held| held.quantity).sum();
    if held >= pieces {
        return Ok(there);
    }
    let place = match there.first() {
        Some(held) => held.place_id,
        None => stock::shelf(tx, clock, docket.order.outlet_id).await?,
    };
    let want = Want { item_id: line.item_id, quantity: pieces - held };
    if let Err(short) = stock::hold(tx, clock, &subject, place, &[want], None).await? {
        let left = held + short.first().map_or(0, |short| std::cmp::max(short.left, 0));
        let refusal = Refusal::conflict("counter.not_on_shelf").with("name", line.product_name.as_str());
        return Err(refusal.with("n", left).into());
    }
    holds().await
}

/// Opens a parcel that has not left: its pieces go back on the shelf, and those very pieces are kept for the same order.
pub async fn unpack(tx: &Tx, clock: &Clock, docket: &Docket, parcel_id: i64, by: i64) -> Result<()> {
    let packed = docket.parcel(parcel_id)?;
    docket.lock_goods(tx).await?;
    let back = put_back(tx, clock, docket, packed, by).await?;
    stock::keep(tx, clock, &docket.subject(), &back).await?;
    docket.remember(tx, clock, "unpacked", Some(by), json!({ "parcel": parcel_id })).await
}

/// Puts the pieces of a parcel back into their lots and forgets the parcel; the moves of the stock remember it.
/// Says how many went back into which lot.
pub(super) async fn put_back(
    tx: &Tx,
    clock: &Clock,
    docket: &Docket,
    packed: &Packed,
    by: i64,
) -> Result<Vec<(i64, i64)>> {
    if packed.is_handed_over() {
        return Err(Refusal::conflict(packed.parcel.state.no_way_on()).into());
    }
    let back = into_lots(tx, clock, docket, packed, "unpacked", by).await?;
    parcel_line::Entity::delete_many().filter(parcel_line::Column::ParcelId.eq(packed.parcel.id)).exec(tx).await?;
    parcel::Entity::delete_by_id(packed.parcel.id).exec(tx).await?;
    Ok(back)
}

/// The pieces of a parcel go back into the lots they came from.
async fn into_lots(
    tx: &Tx,
    clock: &Clock,
    docket: &Docket,
    packed: &Packed,
    why: &str,
    by: i64,
) -> Result<Vec<(i64, i64)>> {
    let lots = handover::lots_of(tx, packed).await?;
    let mut back = Vec::with_capacity(packed.lines.len());
    for row in &packed.lines {
        let lot = lots.get(&row.lot_id).ok_or_else(|| anyhow::anyhow!("lot {} is gone", row.lot_id))?;
        let key = format!("{why}:parcel:{}:{}", packed.parcel.id, row.id);
        let subject = docket.subject();
        let cause = Cause { subject: Some(&subject), reason: Some(why), person_id: Some(by), source_key: &key };
        stock::take_back(tx, clock, lot.id, row.quantity, cause).await?;
        back.push((lot.id, row.quantity));
        packed_changes(tx, row.order_line_id, -row.quantity).await?;
    }
    let item_ids: Vec<i64> =
        packed.lines.iter().filter_map(|row| lots.get(&row.lot_id)).map(|lot| lot.item_id).collect();
    cost::follow(tx, clock, docket.order.outlet_id, &item_ids).await?;
    Ok(back)
}

/// How a parcel travels.
#[derive(Clone, Debug, Default)]
pub struct Journey {
    pub courier: String,
    pub tracking_number: Option<String>,
}

/// A parcel goes to the courier.
pub async fn send(tx: &Tx, clock: &Clock, docket: &Docket, parcel_id: i64, journey: &Journey, by: i64) -> Result<()> {
    let packed = docket.parcel(parcel_id)?;
    let sent = state::step(packed.parcel.state, State::Sent)?;
    // The bank may have taken the money back since it was packed.
    state::may_leave(&docket.order, clock.now())?;
    let change = parcel::ActiveModel {
        id: Set(parcel_id),
        state: Set(sent),
        courier: Set(Some(journey.courier.clone())),
        tracking_number: Set(journey.tracking_number.clone()),
        sent_at: Set(Some(clock.now())),
        ..Default::default()
    };
    parcel::Entity::update(change).exec(tx).await?;
    let docket = &balance::lend(tx, clock, docket, parcel_id).await?;
    handover::post(tx, clock, docket, packed).await?;
    let detail = json!({ "courier": journey.courier, "tracking": journey.tracking_number, "parcel": parcel_id });
    docket.remember(tx, clock, "sent", Some(by), detail).await?;
    notify::state_changed(tx, clock, &docket.order, "sent").await
}

/// The courier brings a parcel back: refused at the door, or nobody was there.
///
/// Its goods stand on the shelf again, kept for the same order, and its money is as it was before it left. What
/// happens then is the same as ever: it is packed anew, falls short, or the order is called off.
pub async fn come_back(tx: &Tx, clock: &Clock, docket: &Docket, parcel_id: i64, reason: &str, by: i64) -> Result<()> {
    docket.must_be_open()?;
    let packed = docket.parcel(parcel_id)?;
    let change = parcel::ActiveModel {
        id: Set(parcel_id),
        state: Set(state::step(packed.parcel.state, State::Returned)?),
        ..Default::default()
    };
    parcel::Entity::update(change).exec(tx).await?;
    docket.lock_goods(tx).await?;
    let back = into_lots(tx, clock, docket, packed, "came_back", by).await?;
    stock::keep(tx, clock, &docket.subject(), &back).await?;
    handover::undo(tx, clock, docket, packed).await?;
    let detail = json!({ "reason": reason, "courier": packed.parcel.courier, "parcel": parcel_id });
    docket.remember(tx, clock, "came_back", Some(by), detail).await?;
    notify::state_changed(tx, clock, &docket.order, "came_back").await
}

/// Writes or corrects the tracking number of a parcel that has left.
pub async fn track(tx: &Tx, clock: &Clock, docket: &Docket, parcel_id: i64, journey: &Journey, by: i64) -> Result<()> {
    let packed = docket.parcel(parcel_id)?;
    if packed.parcel.sent_at.is_none() || !packed.stands() {
        return Err(Refusal::conflict(packed.parcel.state.no_way_on()).into());
    }
    let change = parcel::ActiveModel {
        id: Set(parcel_id),
        courier: Set(Some(journey.courier.clone())),
        tracking_number: Set(journey.tracking_number.clone()),
        ..Default::default()
    };
    parcel::Entity::update(change).exec(tx).await?;
    let detail = json!({ "courier": journey.courier, "tracking": journey.tracking_number, "parcel": parcel_id });
    docket.remember(tx, clock, "tracked", Some(by), detail).await?;
    notify::state_changed(tx, clock, &docket.order, "tracked").await
}

/// A parcel is in the buyer's hands: brought by the courier, or fetched at the counter.
pub async fn deliver(tx: &Tx, clock: &Clock, docket: &Docket, parcel_id: i64, by: i64) -> Result<()> {
    let packed = docket.parcel(parcel_id)?;
    let fetched = packed.parcel.state == State::Ready;
    if fetched && docket.order.payment == Payment::Unpaid {
        return Err(Refusal::conflict(docket.order.payment.no_way_on()).into());
    }
    if fetched && docket.order.part_paid.0 > 0 {
        return Err(Refusal::conflict(Payment::PartPaid.no_way_on()).into());
    }
    let change = parcel::ActiveModel {
        id: Set(parcel_id),
        state: Set(state::step(packed.parcel.state, State::Delivered)?),
        delivered_at: Set(Some(clock.now())),
        ..Default::default()
    };
    parcel::Entity::update(change).exec(tx).await?;
    if fetched {
        handover::post(tx, clock, docket, packed).await?;
    }
    let verb = if fetched { "fetched" } else { "delivered" };
    docket.remember(tx, clock, verb, Some(by), json!({ "parcel": parcel_id })).await?;
    notify::state_changed(tx, clock, &docket.order, verb).await?;
    close::close_if_done(tx, clock, docket.order.id).await
}
