//! Looks by itself: notices get lost, and some things are never told.
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Expr,
};

use super::{
    Gate,
    apply::{self, Checked},
    attempt::{self, is_live},
    inbox,
    provider::Failure,
    refund,
    schedule::{self, OVERDUE},
};
use crate::{
    clock::Clock,
    db::{self, Db},
    error::Result,
};
use entity::payment_attempt::{ActiveModel, Column, Entity, Model, State};

/// How many rows of a kind one round takes, so that other work gets its turn.
const ROUND: u64 = 4;
/// How many are looked at while a treasurer waits.
const SWEEP: u64 = 60;

/// How paying for a subject stands, as far as the provider can say now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Paid,
    /// Money may still come.
    Waiting,
    /// Nothing more will come by itself.
    Closed,
    /// There is no attempt.
    Nothing,
    /// The provider does not answer.
    Unreachable,
    /// The provider tells something that does not fit; a person looks at it.
    Unclear,
}

/// One round of what is due; says how much was done.
pub async fn tick(db: &Db, clock: &Clock, gate: &Gate) -> Result<usize> {
    let mut done = inbox::tick(db, clock, gate).await?;
    let due = Entity::find().filter(Column::NextCheckAt.lte(clock.now())).order_by_asc(Column::NextCheckAt);
    for row in due.limit(ROUND).all(db).await? {
        if claim(db, clock, &row).await? {
            look(db, clock, gate, &row).await?;
            done += 1;
        }
    }
    Ok(done + refund::tick(db, clock, gate).await?)
}

/// Looks now at everything that is not final, and at what was paid within seven days, at most so many: before the money
/// is matched by hand. The worker does the same each night. Ends early when the provider does not answer.
pub async fn sweep(db: &Db, clock: &Clock, gate: &Gate) -> Result<()> {
    let waits = Entity::find().filter(Column::NextCheckAt.is_not_null()).order_by_desc(Column::Id).limit(SWEEP);
    for row in &waits.all(db).await? {
        if !look(db, clock, gate, row).await? {
            break;
        }
    }
    Ok(())
}

/// Takes a row for this worker by moving its next look; another worker that saw the same row comes too late.
async fn claim(db: &Db, clock: &Clock, row: &Model) -> Result<bool> {
    let now = clock.now();
    let next = schedule::next(row, now).unwrap_or(now + chrono::Duration::days(1));
    let tx = db::begin(db).await?;
    let taken = Entity::update_many()
        .col_expr(Column::NextCheckAt, Expr::value(Some(next)))
        .col_expr(Column::Checks, Expr::col(Column::Checks).add(1))
        .filter(Column::Id.eq(row.id))
        .filter(Column::NextCheckAt.eq(row.next_check_at))
        .exec(&tx)
        .await?;
    tx.commit().await?;
    Ok(taken.rows_affected == 1)
}

/// One look at one attempt; says whether the provider answered. What is still open long after its end is ended.
async fn look(db: &Db, clock: &Clock, gate: &Gate, row: &Model) -> Result<bool> {
    let mut checked = apply::check(db, clock, gate, row.id, None).await?;
    let overdue = clock.now() > row.expires_at + OVERDUE;
    match checked {
        Checked::Stands(State::Created | State::Pending) if overdue => {
            match gate.provider.expire(&attempt::asked_by(db, row).await?).await {
                Ok(()) | Err(Failure::TooLate | Failure::NotFound) => {
                    checked = apply::check(db, clock, gate, row.id, None).await?;
                }
                Err(failure) => checked = Checked::Lost(failure.to_string()),
            }
        }
        Checked::Unknown if overdue && is_live(row) => {
            let tx = db::begin(db).await?;
            attempt::give_up(&tx, clock, row.id).await?;
            tx.commit().await?;
        }
        _ => {}
    }
    match &checked {
        Checked::SetAside(reason) => inbox::set_aside(db, clock, &row.provider_order_id, reason).await?,
        Checked::Lost(reason) => tracing::warn!(attempt = row.provider_order_id, "no answer: {reason}"),
        _ => {}
    }
    // An answer that changed nothing has not moved the next look: after the last one there is none.
    if matches!(checked, Checked::Unknown | Checked::SetAside(_)) {
        let now_row = attempt::by_id(db, row.id).await?;
        if schedule::next(&now_row, clock.now()).is_none() {
            let tx = db::begin(db).await?;
            let over = ActiveModel { id: Set(row.id), next_check_at: Set(None), ..Default::default() };
            Entity::update(over).exec(&tx).await?;
            tx.commit().await?;
        }
    }
    Ok(!matches!(checked, Checked::Lost(_)))
}

/// Asks now, as when the buyer says "I have paid". Never while a transaction is open. Where nothing is open any more, it
/// is the last attempt that they may have paid too late.
pub async fn check_now(db: &Db, clock: &Clock, gate: &Gate, subject: &str) -> Result<Standing> {
    let mut looked = Standing::Waiting;
    let all = attempt::of_subject(db, subject).await?;
    let latest = all.last().filter(|row| row.state == State::Closed && !all.iter().any(is_live)).map(|row| row.id);
    for row in all.iter().filter(|row| is_live(row) || Some(row.id) == latest) {
        match apply::check(db, clock, gate, row.id, None).await? {
            Checked::Lost(_) => looked = Standing::Unreachable,
            Checked::SetAside(reason) => {
                inbox::set_aside(db, clock, &row.provider_order_id, &reason).await?;
                looked = Standing::Unclear;
            }
            _ => {}
        }
    }
    let standing = standing(db, subject).await?;
    Ok(if standing == Standing::Waiting { looked } else { standing })
}

/// How it stands by what we know, without asking.
pub async fn standing(db: &impl ConnectionTrait, subject: &str) -> Result<Standing> {
    let all = attempt::of_subject(db, subject).await?;
    let any = |wanted: fn(&Model) -> bool| all.iter().any(wanted);
    Ok(match () {
        () if any(attempt::has_paid) => Standing::Paid,
        () if any(is_live) => Standing::Waiting,
        () if all.is_empty() => Standing::Nothing,
        () => Standing::Closed,
    })
}
