//! Before an order is given up, or another way of paying is opened: ask, end, ask again.
use super::{
    Gate,
    apply::{self, Checked},
    attempt::{self, is_live},
    provider::Failure,
};
use crate::{
    clock::Clock,
    db::{self, Db},
    error::Result,
};
use entity::payment_attempt::{Model, State};

/// Whether it is safe to go on without the money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closing {
    /// No attempt of the subject can take money any more.
    Closed,
    /// It has been paid: do not give up.
    Paid,
    /// The provider did not answer, or somebody must look: do nothing now, ask again later.
    Unclear,
}

/// Closes all live attempts of a subject at the provider. Never while a transaction is open.
pub async fn close_live(db: &Db, clock: &Clock, gate: &Gate, subject: &str) -> Result<Closing> {
    for row in attempt::of_subject(db, subject).await? {
        if is_live(&row) && !close(db, clock, gate, &row).await? {
            return Ok(Closing::Unclear);
        }
    }
    let all = attempt::of_subject(db, subject).await?;
    Ok(match all.iter().any(|row| row.state == State::Paid) {
        true => Closing::Paid,
        false => Closing::Closed,
    })
}

/// Says whether the attempt is no longer live.
async fn close(db: &Db, clock: &Clock, gate: &Gate, row: &Model) -> Result<bool> {
    match apply::check(db, clock, gate, row.id, None).await? {
        Checked::Lost(_) | Checked::SetAside(_) | Checked::Doubtful | Checked::Overtaken => return Ok(false),
        Checked::Stands(State::Created | State::Pending) => {}
        Checked::Stands(_) => return Ok(true),
        // A charge still under way is ended by its own job, which finds the attempt closed.
        Checked::Unknown => return give_up(db, clock, row).await,
    }
    match gate.provider.expire(&attempt::asked_by(db, row).await?).await {
        Ok(()) | Err(Failure::TooLate) => {}
        Err(Failure::NotFound) => return give_up(db, clock, row).await,
        Err(failure) => {
            tracing::warn!(attempt = row.provider_order_id, "could not be ended: {failure}");
            return Ok(false);
        }
    }
    let checked = apply::check(db, clock, gate, row.id, None).await?;
    Ok(matches!(checked, Checked::Stands(state) if !matches!(state, State::Created | State::Pending)))
}

async fn give_up(db: &Db, clock: &Clock, row: &Model) -> Result<bool> {
    let tx = db::begin(db).await?;
    attempt::give_up(&tx, clock, row.id).await?;
    tx.commit().await?;
    Ok(true)
}
