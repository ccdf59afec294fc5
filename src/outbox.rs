//! Work for the outside world: a row written with its cause, done after the commit, again and again until it is done.
use chrono::{DateTime, Duration, Utc};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, OnConflict},
};
use serde::Serialize;

use crate::{
    db::{self, Db, Tx},
    error::Result,
};
use entity::outbox;

/// How long a row is a worker's after it was last heard of: what a killed one had taken over waits no longer than this.
const LEASE: Duration = Duration::seconds(10);
/// How often a worker that takes long says that its rows are still its own.
pub const BEAT: std::time::Duration = std::time::Duration::from_secs(3);
/// After so many tries a row is set aside for a person to look at. Work about money is tried for ever.
const TRIES: i64 = 12;
/// The longest wait between two tries at work about money.
const LONGEST: Duration = Duration::hours(1);

/// Asks for work. The same `unique_key` asked for twice is done once; says whether this was the first time.
pub async fn queue(
    tx: &Tx,
    now: DateTime<Utc>,
    kind: &str,
    unique_key: &str,
    payload: &impl Serialize,
) -> Result<bool> {
    queue_at(tx, now, now, kind, unique_key, payload).await
}

/// The same, not before `run_at`.
pub async fn queue_at(
    tx: &Tx,
    now: DateTime<Utc>,
    run_at: DateTime<Utc>,
    kind: &str,
    unique_key: &str,
    payload: &impl Serialize,
) -> Result<bool> {
    let row = outbox::ActiveModel {
        kind: Set(kind.to_owned()),
        unique_key: Set(unique_key.to_owned()),
        payload: Set(serde_json::to_value(payload)?),
        run_at: Set(run_at),
        attempts: Set(0),
        created_at: Set(now),
        ..Default::default()
    };
    let added = outbox::Entity::insert(row)
        .on_conflict(OnConflict::column(outbox::Column::UniqueKey).do_nothing().to_owned())
        .exec_without_returning(tx)
        .await?;
    tx.queues_work();
    Ok(added == 1)
}

/// How kinds of work about money begin.
const MONEY: &str = "payment.";

/// Work that waits for the same outside world stands in one queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// The payment provider, and what follows from its answers.
    Money,
    /// Mails and photos.
    Rest,
}

/// Takes up to `n` rows of a lane that are due; they are this worker's until the lease ends.
pub async fn claim(db: &Db, now: DateTime<Utc>, lane: Lane, n: u64) -> Result<Vec<outbox::Model>> {
    let money = outbox::Column::Kind.starts_with(MONEY);
    let due = due(now).filter(if lane == Lane::Money { money } else { money.not() }).limit(n);
    if due.clone().one(db).await?.is_none() {
        return Ok(Vec::new());
    }
    let tx = db::begin(db).await?;
    let rows = due
        .lock_with_behavior(sea_orm::sea_query::LockType::Update, sea_orm::sea_query::LockBehavior::SkipLocked)
        .all(&tx)
        .await?;
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    outbox::Entity::update_many()
        .col_expr(outbox::Column::RunAt, Expr::value(now + LEASE))
        .col_expr(outbox::Column::Attempts, Expr::col(outbox::Column::Attempts).add(1))
        .filter(outbox::Column::Id.is_in(ids))
        .exec(&tx)
        .await?;
    tx.commit().await?;
    Ok(rows)
}

/// Says that these claimed rows are still at work, so that their lease begins anew. Those that are done, put off or
/// another's by now are left alone.
pub async fn hold(db: &Db, now: DateTime<Utc>, rows: &[outbox::Model]) -> Result<()> {
    let tx = db::begin(db).await?;
    for row in rows {
        outbox::Entity::update_many()
            .col_expr(outbox::Column::RunAt, Expr::value(now + LEASE))
            .filter(outbox::Column::Id.eq(row.id))
            .filter(outbox::Column::Attempts.eq(row.attempts + 1))
            .filter(outbox::Column::DoneAt.is_null())
            .filter(outbox::Column::RunAt.lt(now + LEASE))
            .exec(&tx)
            .await?;
    }
    Ok(tx.commit().await?)
}

/// Whether a claimed row is still this worker's: neither done nor claimed by another since.
pub async fn is_still_mine(db: &impl ConnectionTrait, row: &outbox::Model) -> Result<bool> {
    let now = outbox::Entity::find_by_id(row.id).one(db).await?;
    Ok(now.is_some_and(|now| now.done_at.is_none() && now.attempts == row.attempts + 1))
}

/// The same with the row locked until the transaction ends, so that what it asks for happens once.
pub async fn take(tx: &Tx, row: &outbox::Model) -> Result<bool> {
    let now = outbox::Entity::find_by_id(row.id).lock_exclusive().one(tx).await?;
    Ok(now.is_some_and(|now| now.done_at.is_none()))
}

/// Rows of these kinds that were asked for before and are not done, oldest first.
pub async fn earlier(db: &impl ConnectionTrait, row: &outbox::Model, kinds: &[&str]) -> Result<Vec<outbox::Model>> {
    Ok(outbox::Entity::find()
        .filter(outbox::Column::Id.lt(row.id))
        .filter(outbox::Column::DoneAt.is_null())
        .filter(outbox::Column::Kind.is_in(kinds.iter().copied()))
        .order_by_asc(outbox::Column::Id)
        .all(db)
        .await?)
}

fn due(now: DateTime<Utc>) -> sea_orm::Select<outbox::Entity> {
    outbox::Entity::find()
        .filter(outbox::Column::DoneAt.is_null())
        .filter(outbox::Column::DeadAt.is_null())
        .filter(outbox::Column::RunAt.lte(now))
        .order_by_asc(outbox::Column::RunAt)
        .order_by_asc(outbox::Column::Id)
}

/// The work is done.
pub async fn done(tx: &Tx, now: DateTime<Utc>, id: i64) -> Result<()> {
    outbox::Entity::update_many()
        .col_expr(outbox::Column::DoneAt, Expr::value(Some(now)))
        .filter(outbox::Column::Id.eq(id))
        .exec(tx)
        .await?;
    Ok(())
}

/// The work was done on the spot, before a worker came to it.
pub async fn done_early(tx: &Tx, now: DateTime<Utc>, unique_key: &str) -> Result<()> {
    outbox::Entity::update_many()
        .col_expr(outbox::Column::DoneAt, Expr::value(Some(now)))
        .filter(outbox::Column::UniqueKey.eq(unique_key))
        .exec(tx)
        .await?;
    Ok(())
}

/// It did not work out; try again later, each time twice as late, or set it aside after [`TRIES`].
pub async fn failed(tx: &Tx, now: DateTime<Utc>, row: &outbox::Model, reason: &str) -> Result<()> {
    let tries = row.attempts + 1;
    let mut change = outbox::Entity::update_many()
        .col_expr(outbox::Column::LastError, Expr::value(Some(reason.chars().take(500).collect::<String>())))
        .filter(outbox::Column::Id.eq(row.id));
    let wait = Duration::seconds(5 * (1_i64 << std::cmp::min(tries, 12)));
    change = match row.kind.starts_with(MONEY) {
        true => change.col_expr(outbox::Column::RunAt, Expr::value(now + std::cmp::min(wait, LONGEST))),
        false if tries >= TRIES => change.col_expr(outbox::Column::DeadAt, Expr::value(Some(now))),
        false => change.col_expr(outbox::Column::RunAt, Expr::value(now + wait)),
    };
    change.exec(tx).await?;
    Ok(())
}

/// Whether something that became of a payment is still to be booked.
pub async fn is_money_on_its_way(db: &impl ConnectionTrait) -> Result<bool> {
    let told = ["payment.paid", "payment.surplus", "payment.refunded", "payment.reversed"];
    Ok(outbox::Entity::find()
        .filter(outbox::Column::DoneAt.is_null())
        .filter(outbox::Column::DeadAt.is_null())
        .filter(outbox::Column::Kind.is_in(told))
        .one(db)
        .await?
        .is_some())
}

/// Whether any work is still to be done whose key begins so; what was set aside counts.
pub async fn is_waiting(db: &impl ConnectionTrait, key: &str) -> Result<bool> {
    let waiting = outbox::Entity::find()
        .filter(outbox::Column::UniqueKey.starts_with(key))
        .filter(outbox::Column::DoneAt.is_null());
    Ok(waiting.one(db).await?.is_some())
}

/// How many rows wait, and how many need a person: set aside, or about money and tried in vain for half a day.
pub async fn waiting(db: &impl ConnectionTrait) -> Result<(u64, u64)> {
    use sea_orm::PaginatorTrait;
    let waiting = outbox::Entity::find()
        .filter(outbox::Column::DoneAt.is_null())
        .filter(outbox::Column::DeadAt.is_null())
        .count(db)
        .await?;
    let in_vain = Condition::all()
        .add(outbox::Column::DoneAt.is_null())
        .add(outbox::Column::Kind.starts_with(MONEY))
        .add(outbox::Column::Attempts.gte(TRIES));
    let needs = Condition::any().add(outbox::Column::DeadAt.is_not_null()).add(in_vain);
    let dead = outbox::Entity::find().filter(needs).count(db).await?;
    Ok((waiting, dead))
}

/// Forgets mails and photos that were done long ago. What was paid stays: its keys keep it from happening again.
pub async fn sweep(tx: &Tx, now: DateTime<Utc>) -> Result<()> {
    outbox::Entity::delete_many()
        .filter(outbox::Column::DoneAt.lt(now - Duration::days(30)))
        .filter(outbox::Column::Kind.starts_with(MONEY).not())
        .exec(tx)
        .await?;
    Ok(())
}
