//! Payouts through Midtrans (Iris): asked for when a run is made, released when it is approved, each under a key that was
//! stored before the call. What the provider says counts, never what we asked for; a notice only says where to look.
//!
//! Money moves there only when a payout is approved by its number. So a payout whose number never reached us costs
//! nothing, and asking anew under another key, once the first key is forgotten, can pay nobody twice.
use chrono::Duration;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Expr,
};

use super::{
    iris_call::{self, Asked},
    iris_inbox,
    iris_status::{Checked, check, wait},
    payout,
    payout_run::lock_outlet,
};
use crate::{
    clock::Clock,
    db::{self, Db, Tx},
    error::{Error, Refusal, Result},
    gateway::midtrans::{
        MerchantKey,
        payouts::{PayoutKey, Payouts},
    },
    outbox,
    payments::effect::Job,
};
use entity::{
    iris_payout::{ActiveModel, Column, Entity, Model, Wanted},
    payout as row,
};

/// How many payouts one round looks at, so that other work gets its turn.
const ROUND: u64 = 4;

/// How this shop asks for payouts, and how it knows the voice of their notices.
pub struct Door {
    pub payouts: Payouts,
    pub keys: Vec<MerchantKey>,
}

/// Writes down that the provider shall hear of a payout; it does after the commit.
pub(super) async fn ask(tx: &Tx, clock: &Clock, payout_id: i64) -> Result<()> {
    let row = ActiveModel {
        payout_id: Set(payout_id),
        wanted: Set(Wanted::Queued),
        create_key: Set(PayoutKey::fresh().to_string()),
        decide_key: Set(PayoutKey::fresh().to_string()),
        fetch_seq: Set(0),
        applied_seq: Set(0),
        tries: Set(0),
        next_check_at: Set(Some(clock.now() + wait(0))),
        ..Default::default()
    };
    Entity::insert(row).exec_without_returning(tx).await?;
    queue(tx, clock, payout_id, "create").await
}

/// Writes down what the provider shall do with it now, under a key of its own.
pub(super) async fn want(tx: &Tx, clock: &Clock, payout_id: i64, wanted: Wanted) -> Result<()> {
    let row = of_payout(tx, payout_id).await?.ok_or(Error::NotFound)?;
    let change = ActiveModel {
        id: Set(row.id),
        wanted: Set(wanted),
        decide_key: Set(PayoutKey::fresh().to_string()),
        trouble: Set(None),
        tries: Set(0),
        next_check_at: Set(Some(clock.now() + wait(0))),
        ..Default::default()
    };
    Entity::update(change).exec(tx).await?;
    queue(tx, clock, payout_id, if wanted == Wanted::Approved { "approve" } else { "reject" }).await
}

async fn queue(tx: &Tx, clock: &Clock, payout_id: i64, what: &str) -> Result<()> {
    let key = format!("payment.payout:{payout_id}:{what}");
    outbox::queue(tx, clock.now(), "payment.payout", &key, &Job { id: payout_id }).await?;
    Ok(())
}

/// Takes a payout back. `true` when the provider never heard of it, so that it is over at once; otherwise the provider
/// is told to reject it, and until it says so the money stays reserved.
pub(super) async fn take_back(tx: &Tx, clock: &Clock, payout_id: i64) -> Result<bool> {
    let row = of_payout(tx, payout_id).await?.ok_or(Error::NotFound)?;
    if row.sent_at.is_some() {
        want(tx, clock, payout_id, Wanted::Rejected).await?;
        return Ok(false);
    }
    let change =
        ActiveModel { id: Set(row.id), wanted: Set(Wanted::Rejected), next_check_at: Set(None), ..Default::default() };
    Entity::update(change).exec(tx).await?;
    Ok(true)
}

/// A person gives up on an approved payout that the provider has not released, for lack of money there, say.
pub(super) async fn call_back(tx: &Tx, clock: &Clock, payout: &row::Model, reason: &str, by: i64) -> Result<()> {
    let iris = of_payout(tx, payout.id).await?.ok_or(Error::NotFound)?;
    if !matches!(iris.status.as_deref(), None | Some("queued")) || !payout::is_open(payout.state) {
        return Err(Refusal::conflict("payout.midtrans_tells").into());
    }
    if take_back(tx, clock, payout.id).await? {
        return payout::owe_again(tx, clock, payout, row::State::Failed, reason, Some(by)).await;
    }
    payout::keep_reason(tx, payout.id, reason).await
}

/// What is known of a payout at the provider.
pub async fn of_payout(db: &impl ConnectionTrait, payout_id: i64) -> Result<Option<Model>> {
    Ok(Entity::find().filter(Column::PayoutId.eq(payout_id)).one(db).await?)
}

/// The same for several.
pub async fn of_payouts(db: &impl ConnectionTrait, ids: &[i64]) -> Result<Vec<Model>> {
    Ok(Entity::find().filter(Column::PayoutId.is_in(ids.iter().copied())).all(db).await?)
}

pub(super) async fn by_reference(db: &impl ConnectionTrait, reference: &str) -> Result<Option<Model>> {
    Ok(Entity::find().filter(Column::ReferenceNo.eq(reference)).one(db).await?)
}

fn is_over(iris: &Model) -> bool {
    let ended = matches!(iris.status.as_deref(), Some("failed" | "rejected" | "refused"));
    ended || (iris.wanted == Wanted::Rejected && iris.sent_at.is_none())
}

/// The job `payment.payout`, and the reconciler's: does whatever comes next for a payout. Done again after a crash or a
/// lost answer it asks under the same keys; what cannot be done now is tried again on the reconciler's clock.
pub async fn push(db: &Db, clock: &Clock, door: &Door, payout_id: i64) -> Result<Checked> {
    let checked = next_step(db, clock, door, payout_id).await?;
    if let Checked::SetAside(reason) = &checked {
        iris_inbox::set_aside(db, clock, &format!("payout:{payout_id}"), reason).await?;
    }
    Ok(checked)
}

async fn next_step(db: &Db, clock: &Clock, door: &Door, payout_id: i64) -> Result<Checked> {
    let Some(iris) = of_payout(db, payout_id).await? else { return Ok(Checked::Unknown) };
    if is_over(&iris) {
        return Ok(Checked::Stands(iris.status.unwrap_or_default()));
    }
    let iris = match (iris.reference_no.is_some(), iris) {
        (true, iris) => iris,
        (false, iris) => match iris_call::create(db, clock, door, &iris).await? {
            Asked::Known(iris) => *iris,
            Asked::Not(checked) => return Ok(checked),
        },
    };
    let trouble = match iris.status.as_deref() {
        None | Some("queued") => iris_call::decide(door, &iris).await?,
        _ => None,
    };
    check(db, clock, door, payout_id, None, trouble).await
}

/// A payout and what is known of it at the provider; their outlet is locked.
pub(super) async fn locked(tx: &Tx, payout_id: i64) -> Result<(Model, row::Model)> {
    let find = || row::Entity::find_by_id(payout_id).one(tx);
    let outlet_id = find().await?.ok_or(Error::NotFound)?.outlet_id;
    lock_outlet(tx, outlet_id).await?;
    let iris = Entity::find().filter(Column::PayoutId.eq(payout_id)).lock_exclusive().one(tx).await?;
    match (iris, find().await?) {
        (Some(iris), Some(payout)) => Ok((iris, payout)),
        _ => Err(Error::NotFound),
    }
}

/// One round of what is due; says how much was done.
pub async fn tick(db: &Db, clock: &Clock, door: &Door) -> Result<usize> {
    let mut done = 0;
    for id in iris_inbox::due(db, clock.now(), ROUND).await? {
        iris_inbox::handle(db, clock, door, id).await?;
        done += 1;
    }
    let due = Entity::find().filter(Column::NextCheckAt.lte(clock.now())).order_by_asc(Column::NextCheckAt);
    for iris in due.limit(ROUND).all(db).await? {
        if claim(db, clock, &iris).await? {
            push(db, clock, door, iris.payout_id).await?;
            done += 1;
        }
    }
    Ok(done)
}

/// Takes a row for this worker by moving its next look; another worker that saw the same row comes too late.
async fn claim(db: &Db, clock: &Clock, iris: &Model) -> Result<bool> {
    let tx = db::begin(db).await?;
    let taken = Entity::update_many()
        .col_expr(Column::NextCheckAt, Expr::value(Some(clock.now() + Duration::minutes(5))))
        .filter(Column::Id.eq(iris.id).and(Column::NextCheckAt.eq(iris.next_check_at)))
        .exec(&tx)
        .await?;
    tx.commit().await?;
    Ok(taken.rows_affected == 1)
}
