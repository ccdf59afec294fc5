//! When an attempt is next asked about, if nobody tells us anything before.
use chrono::{DateTime, Duration, NaiveTime, Utc};

use crate::clock::wib;
use entity::payment_attempt::{Model, State};

/// After the last moment to pay, so that a payment made in that moment is seen.
const GRACE: Duration = Duration::minutes(2);
/// How long paid attempts are looked at each night: reversals and disputes may come without a notice.
const NIGHTS: Duration = Duration::days(7);
/// An attempt still open so long after its end is ended by us.
pub const OVERDUE: Duration = Duration::hours(1);

/// The next look after `now`; `None` when nothing more can happen.
pub fn next(attempt: &Model, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let night = next_night(now);
    match attempt.state {
        State::Created | State::Pending => Some(next_while_open(attempt, now)),
        State::Paid => {
            let paid_at = attempt.paid_at.unwrap_or(attempt.created_at);
            // Some banks take a settlement back within five minutes.
            let soon = [paid_at + Duration::minutes(5), paid_at + Duration::minutes(10)];
            let soon = soon.into_iter().find(|at| *at > now && !super::method::packing_waits(attempt.method).is_zero());
            soon.or(Some(night).filter(|night| *night <= paid_at + NIGHTS))
        }
        // A buyer may have paid in the moment it was closed.
        State::Closed => Some(night).filter(|night| *night <= attempt.expires_at + Duration::days(2)),
        State::Reversed | State::Disputed => Some(night).filter(|night| *night <= attempt.created_at + NIGHTS),
        // Perhaps only a part was given back, and more follows.
        State::Refunded => {
            let paid_at = attempt.paid_at.unwrap_or(attempt.created_at);
            Some(night).filter(|night| *night <= paid_at + NIGHTS)
        }
    }
}

/// 30 seconds, 2, 5 and 15 minutes after it was made, then every hour, and just after its end.
fn next_while_open(attempt: &Model, now: DateTime<Utc>) -> DateTime<Utc> {
    let age = now - attempt.created_at;
    let ladder = [30, 120, 300, 900].map(Duration::seconds);
    let step = ladder.into_iter().find(|step| *step > age);
    let usual = step.map_or(now + Duration::hours(1), |step| attempt.created_at + step);
    let end = attempt.expires_at + GRACE;
    let overdue = attempt.expires_at + OVERDUE + Duration::seconds(1);
    [end, overdue].into_iter().filter(|at| *at > now).fold(usual, std::cmp::min)
}

/// Two in the morning in Jember.
pub fn next_night(now: DateTime<Utc>) -> DateTime<Utc> {
    let local = now.with_timezone(&wib());
    let two = NaiveTime::from_hms_opt(2, 0, 0).unwrap_or_default();
    let day = if local.time() < two { local.date_naive() } else { local.date_naive() + Duration::days(1) };
    (day.and_time(two) - Duration::hours(7)).and_utc()
}

#[cfg(test)]
mod tests {
    use super::*;
    use entity::{Rupiah, order::Method};

    fn attempt(state: State, method: Method) -> Model {
        let created_at: DateTime<Utc> = "2026-11-21T03:00:00Z".parse().unwrap();
        Model {
            id: 1,
            subject: "order:1".into(),
            provider_order_id: "UEP-20261121-0001-1".into(),
            method,
            amount: Rupiah(1),
            details: serde_json::Value::Null,
            state,
            fetch_seq: 0,
            applied_seq: 0,
            checks: 0,
            doubts: 0,
            reversals: 0,
            settled: false,
            next_check_at: None,
            expires_at: created_at + Duration::hours(24),
            token: None,
            redirect_url: None,
            qr_string: None,
            va_number: None,
            bill_key: None,
            biller_code: None,
            paid_by: None,
            created_at,
            paid_at: matches!(state, State::Paid | State::Refunded).then_some(created_at),
        }
    }

    /// All looks in so many hours, as offsets in seconds from the beginning.
    fn looks(attempt: &Model, hours: i64) -> Vec<i64> {
        let mut now = attempt.created_at;
        let mut seen = Vec::new();
        while let Some(at) = next(attempt, now).filter(|at| *at <= attempt.created_at + Duration::hours(hours)) {
            assert!(at > now, "time must go on");
            seen.push((at - attempt.created_at).num_seconds());
            now = at;
        }
        seen
    }

    #[test]
    fn an_open_attempt_is_asked_about_often_at_first_and_just_after_its_end() {
        let mut open = attempt(State::Pending, Method::BriVa);
        assert_eq!(looks(&open, 3), [30, 120, 300, 900, 4500, 8100]);
        open.expires_at = open.created_at + Duration::minutes(15);
        assert_eq!(looks(&open, 2), [30, 120, 300, 900, 1020, 4501]);
    }

    #[test]
    fn a_paid_one_is_looked_at_for_seven_nights_and_sooner_where_banks_take_back() {
        assert_eq!(looks(&attempt(State::Paid, Method::Qris), 24 * 30).len(), 7);
        assert_eq!(looks(&attempt(State::Paid, Method::PermataVa), 1), [300, 600]);
        assert_eq!(looks(&attempt(State::Refunded, Method::Qris), 24 * 30).len(), 7, "more may be given back");
    }
}
