//! Judging a try to come in: what counts as wrong, when the door closes, and for how long.
use chrono::{DateTime, Duration, Utc};
use sea_orm::{ActiveValue::Set, EntityTrait};

use super::person;
use crate::{clock::Clock, db::Tx, error::Result};
use entity::person as row;

/// So many wrong tries in a row close the door.
pub const TRIES: i64 = 5;
/// For so long at first; each time after, twice as long.
const CLOSED: Duration = Duration::minutes(15);
const CLOSED_AT_MOST: Duration = Duration::hours(24);

/// What a try comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// They may come in.
    Right,
    /// The PIN is right; the code of their phone is still to be asked.
    AskCode,
    Wrong,
    /// This wrong try was the one that closed the door.
    Closed,
    /// The door is closed, whatever was typed.
    StillClosed,
    /// The right PIN, but it was lent and its time is over.
    PinEnded,
}

/// Judges a PIN that was compared beforehand. Tries at the same moment are counted one after the other, and once the
/// door is closed even the right PIN does not open it.
pub async fn judge(tx: &Tx, clock: &Clock, person_id: i64, right: bool) -> Result<Verdict> {
    let person = person::locked(tx, person_id).await?;
    if is_closed(&person, clock.now()) {
        return Ok(Verdict::StillClosed);
    }
    if !right || person.disabled_at.is_some() {
        return count_wrong(tx, clock, &person).await;
    }
    if person.secret_until.is_some_and(|until| until <= clock.now()) {
        return Ok(Verdict::PinEnded);
    }
    // Whoever knows the PIN may not use it to start the counting of codes anew.
    if person.totp_secret.is_some() {
        return Ok(Verdict::AskCode);
    }
    forgive(tx, &person).await?;
    Ok(Verdict::Right)
}

/// Whether wrong tries have closed the door.
pub fn is_closed(person: &row::Model, now: DateTime<Utc>) -> bool {
    person.locked_until.is_some_and(|until| until > now)
}

/// Counts a wrong PIN or code.
pub(super) async fn count_wrong(tx: &Tx, clock: &Clock, person: &row::Model) -> Result<Verdict> {
    let failed = person.failed_count + 1;
    let closed = closed_for(failed);
    let mut change = row::ActiveModel { id: Set(person.id), failed_count: Set(failed), ..Default::default() };
    if let Some(time) = closed {
        change.locked_until = Set(Some(clock.now() + time));
    }
    row::Entity::update(change).exec(tx).await?;
    Ok(if closed.is_some() { Verdict::Closed } else { Verdict::Wrong })
}

/// Starts counting anew after a way in that worked.
pub(super) async fn forgive(tx: &Tx, person: &row::Model) -> Result<()> {
    if person.failed_count > 0 || person.locked_until.is_some() {
        let change = row::ActiveModel {
            id: Set(person.id),
            failed_count: Set(0),
            locked_until: Set(None),
            ..Default::default()
        };
        row::Entity::update(change).exec(tx).await?;
    }
    Ok(())
}

/// How long the door closes after so many wrong tries in a row; `None` when it stays open.
fn closed_for(failed: i64) -> Option<Duration> {
    if failed < TRIES || failed % TRIES != 0 {
        return None;
    }
    let times = (failed / TRIES - 1).min(10);
    Some((CLOSED * (1 << times)).min(CLOSED_AT_MOST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_door_closes_after_five_and_for_longer_each_time() {
        let minutes = |failed| closed_for(failed).map(|time| time.num_minutes());
        assert_eq!(minutes(4), None);
        assert_eq!(minutes(5), Some(15));
        assert_eq!(minutes(6), None);
        assert_eq!(minutes(10), Some(30));
        assert_eq!(minutes(15), Some(60));
        assert_eq!(minutes(500), Some(24 * 60));
    }
}
