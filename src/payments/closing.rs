//! Before an order is given up, or another way of paying is opened: ask, end, ask again.
use super::{
    Gate,
    apply::{self, Checked},
    attempt::{self, has_paid, is_live},
    effect,
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
    /// Somebody must look, or it is just changing: do nothing now, ask again later.
    Unclear,
    /// The provider did not answer: it may be paid.
    Away,
}

/// Closes all live attempts of a subject at the provider. Never while a transaction is open.
pub async fn close_live(db: &Db, clock: &Clock, gate: &Gate, subject: &str) -> Result<Closing> {
    let mut paid = false;
    for row in attempt::of_subject(db, subject).await? {
        if !is_live(&row) {
            continue;
        }
        match close(db, clock, gate, &row).await? {
            Ended::Unpaid => {}
            Ended::Paid => paid = true,
            Ended::No => return Ok(Closing::Unclear),
            Ended::Unanswered => return Ok(Closing::Away),
        }
    }
    // News of money that the floors above have not heard yet decide more than this look.
    paid |= effect::is_on_its_way(db, subject).await?;
    let all = attempt::of_subject(db, subject).await?;
    Ok(match paid || all.iter().any(has_paid) {
        true => Closing::Paid,
        false => Closing::Closed,
    })
}

/// Whether an attempt is no longer live.
enum Ended {
    Unpaid,
    /// Money came, whatever became of it since: the floors above hear of it.
    Paid,
    No,
    Unanswered,
}

impl Ended {
    fn by(state: State) -> Ended {
        match state {
            State::Created | State::Pending => Ended::No,
            State::Closed => Ended::Unpaid,
            State::Paid | State::Reversed | State::Refunded | State::Disputed => Ended::Paid,
        }
    }
}

async fn close(db: &Db, clock: &Clock, gate: &Gate, row: &Model) -> Result<Ended> {
    match apply::check(db, clock, gate, row.id, None).await? {
        Checked::Lost(_) => return Ok(Ended::Unanswered),
        Checked::SetAside(_) | Checked::Doubtful | Checked::Overtaken => return Ok(Ended::No),
        Checked::Stands(State::Created | State::Pending) => {}
        Checked::Stands(state) => return Ok(Ended::by(state)),
        // A charge still under way is ended by its own job, which finds the attempt closed.
        Checked::Unknown => return give_up(db, clock, row).await,
    }
    match gate.provider.expire(&attempt::asked_by(db, row).await?).await {
        Ok(()) | Err(Failure::TooLate) => {}
        Err(Failure::NotFound) => return give_up(db, clock, row).await,
        Err(failure) => {
            tracing::warn!(attempt = row.provider_order_id, "could not be ended: {failure}");
            return Ok(if matches!(failure, Failure::Lost(_)) { Ended::Unanswered } else { Ended::No });
        }
    }
    Ok(match apply::check(db, clock, gate, row.id, None).await? {
        Checked::Stands(state) => Ended::by(state),
        Checked::Lost(_) => Ended::Unanswered,
        _ => Ended::No,
    })
}

async fn give_up(db: &Db, clock: &Clock, row: &Model) -> Result<Ended> {
    let tx = db::begin(db).await?;
    attempt::give_up(&tx, clock, row.id).await?;
    tx.commit().await?;
    Ok(Ended::Unpaid)
}
