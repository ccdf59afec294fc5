//! What time and the order do to a commission: silence, an order that ends or shrinks, goods that are all there.
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;

use super::{
    commission::{self, Commission},
    round::{go_round, next},
    split::{Household, split},
};
use crate::{
    clock::Clock,
    db::{self, Db, Tx},
    error::Result,
};
use entity::{assignment, assignment::State, commission as row, order};

/// What time and the order bring to all commissions that go on, each in a transaction of its own. Says how many changed.
pub async fn tick(db: &Db, clock: &Clock) -> Result<usize> {
    let open = row::Entity::find().filter(row::Column::ClosedAt.is_null()).order_by_asc(row::Column::Id);
    let mut changed = 0;
    for commission in Commission::of(db, open.all(db).await?).await? {
        if !needs_a_look(db, clock, &commission).await? {
            continue;
        }
        let tx = db::begin(db).await?;
        look_after(&tx, clock, commission.row.id).await?;
        tx.commit().await?;
        changed += 1;
    }
    Ok(changed)
}

async fn needs_a_look(db: &impl ConnectionTrait, clock: &Clock, commission: &Commission) -> Result<bool> {
    let late = |part: &assignment::Model| part.state == State::Offered && part.answer_by <= clock.now();
    Ok(commission.is_over()
        || commission.wanted() < commission.row.pieces
        || is_complete(commission)
        || commission.assignments.iter().any(late)
        || !next(db, clock, commission).await?.is_empty())
}

/// Whether everything was handed in, or the order has all it needs.
fn is_complete(commission: &Commission) -> bool {
    commission.delivered() >= commission.row.pieces
}

/// Brings one commission up to date: an order that is over or shrank, silence, and what came open.
pub async fn look_after(tx: &Tx, clock: &Clock, id: i64) -> Result<()> {
    let commission = Commission::lock_any(tx, id).await?;
    if commission.row.closed_at.is_some() {
        return Ok(());
    }
    match commission.order.state {
        order::State::Placed => {}
        order::State::Cancelled | order::State::Expired => {
            return end(tx, clock, &commission, "task.order_cancelled", None).await;
        }
        order::State::Completed => return end(tx, clock, &commission, "task.order_complete", None).await,
    }
    if is_complete(&commission) {
        return end(tx, clock, &commission, "task.order_complete", None).await;
    }
    let commission = cut(tx, clock, commission).await?;
    let commission = hear_silence(tx, clock, commission).await?;
    go_round(tx, clock, &commission, None).await?;
    Ok(())
}

/// Nobody has to make any more of it, and everybody who had something before them is told why.
pub async fn end(tx: &Tx, clock: &Clock, commission: &Commission, reason: &str, by: Option<i64>) -> Result<()> {
    for id in commission.crafters() {
        lessen(tx, commission, id, commission.delivered_by(id), reason).await?;
    }
    commission::close(tx, clock, commission.row.id, reason).await?;
    commission.remember(tx, clock, "ended", by, json!({ "reason": reason })).await
}

/// An order that shrank takes offers back first, then pieces from whoever has most; what was handed in stays.
async fn cut(tx: &Tx, clock: &Clock, commission: Commission) -> Result<Commission> {
    let wanted = commission.wanted();
    if wanted >= commission.row.pieces {
        return Ok(commission);
    }
    commission::shrink(tx, commission.row.id, wanted).await?;
    let mut too_many = commission.accepted() + commission.asked() - wanted;
    let mut offers: Vec<_> = commission.assignments.iter().filter(|part| part.state == State::Offered).collect();
    offers.sort_by_key(|part| (-part.pieces, -part.id));
    for part in offers {
        if too_many <= 0 {
            break;
        }
        let rest = (part.pieces - too_many).max(0);
        too_many -= part.pieces - rest;
        set(tx, part, rest, "task.order_shrank").await?;
    }
    if too_many > 0 {
        let household = |id: &i64| Household {
            id: *id,
            keeps: commission.delivered_by(*id),
            can: commission.accepted_by(*id),
            lately: 0,
        };
        let households: Vec<Household> = commission.crafters().iter().map(household).collect();
        for (id, pieces) in split(wanted, &households).shares {
            lessen(tx, &commission, id, pieces, "task.order_shrank").await?;
        }
    }
    commission.remember(tx, clock, "shrank", None, json!({ "pieces": wanted })).await?;
    Commission::lock_any(tx, commission.row.id).await
}

/// Takes from a household's parts, the latest first, until it has `pieces` and no open offer.
pub(super) async fn lessen(tx: &Tx, commission: &Commission, crafter_id: i64, pieces: i64, reason: &str) -> Result<()> {
    let mut left = pieces;
    for part in commission.assignments.iter().filter(|part| part.crafter_id == crafter_id) {
        let keeps = match part.state {
            State::Accepted => part.pieces.min(left),
            State::Offered => 0,
            State::Declined | State::Silent | State::Released => continue,
        };
        left -= keeps;
        set(tx, part, keeps, reason).await?;
    }
    Ok(())
}

/// A part becomes smaller, or is taken back.
async fn set(tx: &Tx, part: &assignment::Model, pieces: i64, reason: &str) -> Result<()> {
    if pieces == part.pieces {
        return Ok(());
    }
    let change = assignment::ActiveModel {
        id: Set(part.id),
        pieces: Set(pieces),
        state: Set(if pieces == 0 { State::Released } else { part.state }),
        reason: Set(Some(reason.to_owned())),
        ..Default::default()
    };
    assignment::Entity::update(change).exec(tx).await?;
    tx.changes_what_is_shown();
    Ok(())
}

/// Who did not answer in time has said no.
async fn hear_silence(tx: &Tx, clock: &Clock, commission: Commission) -> Result<Commission> {
    let late = |part: &&assignment::Model| part.state == State::Offered && part.answer_by <= clock.now();
    let late: Vec<_> = commission.assignments.iter().filter(late).collect();
    if late.is_empty() {
        return Ok(commission);
    }
    for part in &late {
        let change = assignment::ActiveModel {
            id: Set(part.id),
            pieces: Set(0),
            state: Set(State::Silent),
            answered_at: Set(Some(clock.now())),
            ..Default::default()
        };
        assignment::Entity::update(change).exec(tx).await?;
    }
    tx.changes_what_is_shown();
    commission.remember(tx, clock, "silence", None, json!({ "households": late.len() })).await?;
    Commission::lock_any(tx, commission.row.id).await
}
