//! What the screen shows, from what is in the books and how the attempts stand. Green has one way in: money that was
//! booked, which only a verified answer of the provider leads to.
use chrono::{DateTime, Utc};

use crate::payments::attempt::has_paid;
use entity::{
    Rupiah,
    payment_attempt::{Model, State as Attempt},
};

/// Whether money is still asked for, as the bill or the order itself says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Open,
    Paid,
    Over,
}

/// What stands on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// The provider has not given a code yet.
    Making,
    Waiting,
    /// The code that came may not be shown.
    NoCode,
    /// The code's time is over, and the provider has not said how it ended.
    Unsure,
    /// Paid, and not in the books yet.
    Booking,
    Paid,
    Ended,
    TakenBack,
    Over,
}

impl Sign {
    /// As the script and the style know it.
    pub fn code(self) -> &'static str {
        match self {
            Sign::Making => "making",
            Sign::Waiting => "waiting",
            Sign::NoCode => "no_code",
            Sign::Unsure => "unsure",
            Sign::Booking => "booking",
            Sign::Paid => "paid",
            Sign::Ended => "ended",
            Sign::TakenBack => "taken_back",
            Sign::Over => "over",
        }
    }

    /// Its words, and what to do about it.
    pub fn words(self) -> [&'static str; 2] {
        match self {
            Sign::Making => ["qris.making", "qris.making_hint"],
            Sign::Waiting => ["qris.waiting", "qris.scan"],
            Sign::NoCode => ["qris.no_code", "qris.no_code_hint"],
            Sign::Unsure => ["qris.unsure", "qris.unsure_hint"],
            Sign::Booking => ["qris.booking", "qris.booking_hint"],
            Sign::Paid => ["qris.paid", "qris.thanks"],
            Sign::Ended => ["qris.ended", "qris.ended_hint"],
            Sign::TakenBack => ["qris.taken_back", "qris.taken_back_hint"],
            Sign::Over => ["qris.over", "qris.over_hint"],
        }
    }

    /// Whether the provider can tell more than is known.
    pub fn may_check(self) -> bool {
        matches!(self, Sign::Making | Sign::Waiting | Sign::NoCode | Sign::Unsure | Sign::Booking)
    }

    /// Whether another code helps.
    pub fn may_renew(self) -> bool {
        matches!(self, Sign::NoCode | Sign::Unsure | Sign::Ended | Sign::TakenBack)
    }

    /// Whether there is anything to call off.
    pub fn may_cancel(self) -> bool {
        self.may_renew() || matches!(self, Sign::Making | Sign::Waiting)
    }

    /// `attempts` from the oldest to the latest. Money that is owed back has paid nothing.
    pub fn of(standing: Standing, attempts: &[Model], refund_due: Rupiah, now: DateTime<Utc>) -> Sign {
        match standing {
            Standing::Paid => return Sign::Paid,
            Standing::Over => return Sign::Over,
            Standing::Open => {}
        }
        if refund_due == Rupiah::ZERO && attempts.iter().any(has_paid) {
            return Sign::Booking;
        }
        let Some(latest) = attempts.last() else { return Sign::Ended };
        let in_time = now < latest.expires_at;
        match latest.state {
            Attempt::Created | Attempt::Pending if !in_time => Sign::Unsure,
            Attempt::Created => Sign::Making,
            Attempt::Pending if latest.qr_string.is_some() => Sign::Waiting,
            Attempt::Pending => Sign::NoCode,
            Attempt::Reversed => Sign::TakenBack,
            Attempt::Paid | Attempt::Closed | Attempt::Refunded | Attempt::Disputed => Sign::Ended,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::orders::example;

    fn sign(standing: Standing, states: &[Attempt]) -> Sign {
        let attempt = |state: &Attempt| Model { state: *state, ..example::attempt() };
        let attempts: Vec<Model> = states.iter().map(attempt).collect();
        Sign::of(standing, &attempts, Rupiah::ZERO, example::at())
    }

    #[test]
    fn green_comes_from_the_books_and_from_nothing_else() {
        use Attempt::*;
        assert_eq!(sign(Standing::Paid, &[Paid]), Sign::Paid);
        let all = [Created, Pending, Paid, Closed, Reversed, Refunded, Disputed];
        for first in all {
            for second in all {
                assert_ne!(sign(Standing::Open, &[first, second]), Sign::Paid, "{first:?} {second:?}");
                assert_eq!(sign(Standing::Over, &[first, second]), Sign::Over);
            }
        }
        assert_eq!(sign(Standing::Open, &[Paid, Closed]), Sign::Booking);
        assert_eq!(sign(Standing::Open, &[Closed, Pending]), Sign::Waiting);
        assert_eq!(sign(Standing::Open, &[Reversed]), Sign::TakenBack);
        assert_eq!(sign(Standing::Open, &[]), Sign::Ended);
    }

    #[test]
    fn a_code_whose_time_is_over_or_that_is_broken_is_not_shown() {
        let attempt = example::attempt();
        let of = |attempt: Model, now| Sign::of(Standing::Open, &[attempt], Rupiah::ZERO, now);
        assert_eq!(of(attempt.clone(), attempt.expires_at), Sign::Unsure);
        assert_eq!(of(Model { qr_string: None, ..attempt }, example::at()), Sign::NoCode);
    }
}
