//! The table of what a verified status means for an attempt. Pure: no row, no clock, no network.
use entity::payment_attempt::State;

/// What the provider says, with the fraud check read into it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// Waiting; also money that is held or questioned but not taken.
    Pending,
    Paid,
    Cancelled,
    Expired,
    Denied,
    Failed,
    Refunded,
    PartlyRefunded,
    ChargedBack,
    PartlyChargedBack,
    /// A word nobody told us about.
    Unknown,
}

impl Seen {
    pub const ALL: [Seen; 11] = [
        Seen::Pending,
        Seen::Paid,
        Seen::Cancelled,
        Seen::Expired,
        Seen::Denied,
        Seen::Failed,
        Seen::Refunded,
        Seen::PartlyRefunded,
        Seen::ChargedBack,
        Seen::PartlyChargedBack,
        Seen::Unknown,
    ];

    /// Whether the buyer's money was here at some time.
    pub fn saw_money(self) -> bool {
        use Seen::*;
        matches!(self, Paid | Refunded | PartlyRefunded | ChargedBack | PartlyChargedBack)
    }
}

/// What to do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Old news, or no news.
    Ignore,
    /// The provider knows the attempt and waits for the buyer.
    Wait,
    /// Money came in. `late`: we had given up on it.
    Pay { late: bool },
    /// Nothing will come.
    Close,
    /// Money that came in was taken back by the bank.
    Reverse,
    /// Money was given back. `unbooked`: we never saw it come in, so book that first.
    Refund { unbooked: bool },
    /// The buyer's bank disputes it.
    Dispute { unbooked: bool },
    /// Note it and tell a person; the state stays.
    Record,
    /// Does not fit; ask once more in a moment.
    LookAgain,
    /// Still does not fit: a person must look.
    SetAside,
}

/// What a verified status means in a state. `again`: the previous answer did not fit, and this one was asked for after.
pub fn judge(state: State, seen: Seen, again: bool) -> Act {
    use Seen::*;
    let doubt = if again { Act::SetAside } else { Act::LookAgain };
    match (state, seen) {
        (_, Unknown) => doubt,

        (State::Created | State::Pending, Pending) => Act::Wait,
        (State::Created | State::Pending, Paid) => Act::Pay { late: false },
        (State::Created | State::Pending, Cancelled | Expired | Denied | Failed) => Act::Close,

        (State::Closed, Paid) => Act::Pay { late: true },
        (State::Closed, Pending | Cancelled | Expired | Denied | Failed) => Act::Ignore,

        (State::Created | State::Pending | State::Closed, Refunded | PartlyRefunded) => Act::Refund { unbooked: true },
        (State::Created | State::Pending | State::Closed, ChargedBack | PartlyChargedBack) => {
            Act::Dispute { unbooked: true }
        }

        (State::Paid, Pending | Paid) => Act::Ignore,
        (State::Paid, Denied) => Act::Reverse,
        (State::Paid, Cancelled | Expired | Failed) => doubt,
        (State::Paid, Refunded | PartlyRefunded) => Act::Refund { unbooked: false },
        (State::Paid, ChargedBack | PartlyChargedBack) => Act::Dispute { unbooked: false },

        (State::Reversed, Pending | Cancelled | Expired | Denied | Failed) => Act::Ignore,
        // A settlement counts only when it was asked for after the refusal had been seen.
        (State::Reversed, Paid) if again => Act::Pay { late: true },
        (State::Reversed, Paid | Refunded | PartlyRefunded) => doubt,
        (State::Reversed, ChargedBack | PartlyChargedBack) => Act::SetAside,

        (State::Refunded, Pending | Paid) => Act::Ignore,
        (State::Refunded, Cancelled | Expired | Denied | Failed) => doubt,
        (State::Refunded, Refunded | PartlyRefunded) => Act::Refund { unbooked: false },
        (State::Refunded, ChargedBack | PartlyChargedBack) => Act::Record,

        (State::Disputed, Pending) => Act::Ignore,
        (State::Disputed, ChargedBack | PartlyChargedBack) => Act::Record,
        (State::Disputed, Paid | Cancelled | Expired | Denied | Failed | Refunded | PartlyRefunded) => doubt,
    }
}

/// Where an act leads from a state.
pub fn after(state: State, act: Act) -> State {
    match act {
        Act::Ignore | Act::Record | Act::LookAgain | Act::SetAside => state,
        Act::Wait => State::Pending,
        Act::Pay { .. } => State::Paid,
        Act::Close => State::Closed,
        Act::Reverse => State::Reversed,
        Act::Refund { .. } => State::Refunded,
        Act::Dispute { .. } => State::Disputed,
    }
}

#[cfg(test)]
mod tests {
    use super::{Act, Seen, State, after, judge};

    const STATES: [State; 7] =
        [State::Created, State::Pending, State::Paid, State::Closed, State::Reversed, State::Refunded, State::Disputed];

    /// The table as a person wrote it down, one row a state, one letter a status in the order of `Seen::ALL`:
    /// `.` ignore, `w` wait, `P` pay, `L` pay late, `c` close, `v` reverse, `R` refund, `r` refund unbooked,
    /// `D` dispute, `d` dispute unbooked, `n` note, `?` look again and then set aside,
    /// `l` look again and then pay late, `!` set aside.
    const TABLE: [(State, &str); 7] = [
        (State::Created, "wPccccrrdd?"),
        (State::Pending, "wPccccrrdd?"),
        (State::Paid, "..??v?RRDD?"),
        (State::Closed, ".L....rrdd?"),
        (State::Reversed, ".l....??!!?"),
        (State::Refunded, "..????RRnn?"),
        (State::Disputed, ".???????nn?"),
    ];

    #[test]
    fn every_arrow_is_as_written_down() {
        for (state, row) in TABLE {
            assert_eq!(row.chars().count(), Seen::ALL.len());
            for (seen, letter) in Seen::ALL.into_iter().zip(row.chars()) {
                let (first, second) = match letter {
                    '.' => (Act::Ignore, Act::Ignore),
                    'w' => (Act::Wait, Act::Wait),
                    'P' => (Act::Pay { late: false }, Act::Pay { late: false }),
                    'L' => (Act::Pay { late: true }, Act::Pay { late: true }),
                    'c' => (Act::Close, Act::Close),
                    'v' => (Act::Reverse, Act::Reverse),
                    'R' => (Act::Refund { unbooked: false }, Act::Refund { unbooked: false }),
                    'r' => (Act::Refund { unbooked: true }, Act::Refund { unbooked: true }),
                    'D' => (Act::Dispute { unbooked: false }, Act::Dispute { unbooked: false }),
                    'd' => (Act::Dispute { unbooked: true }, Act::Dispute { unbooked: true }),
                    'n' => (Act::Record, Act::Record),
                    '?' => (Act::LookAgain, Act::SetAside),
                    'l' => (Act::LookAgain, Act::Pay { late: true }),
                    '!' => (Act::SetAside, Act::SetAside),
                    other => panic!("no letter {other}"),
                };
                assert_eq!(judge(state, seen, false), first, "{state:?} {seen:?}");
                assert_eq!(judge(state, seen, true), second, "{state:?} {seen:?} again");
            }
        }
    }

    #[test]
    fn money_once_seen_is_never_forgotten() {
        for state in [State::Paid, State::Reversed, State::Refunded, State::Disputed] {
            for seen in Seen::ALL {
                for again in [false, true] {
                    let next = after(state, judge(state, seen, again));
                    assert!(!matches!(next, State::Created | State::Pending | State::Closed), "{state:?} {seen:?}");
                }
            }
        }
    }

    #[test]
    fn nothing_but_money_makes_paid() {
        for state in STATES {
            for seen in Seen::ALL {
                if matches!(judge(state, seen, true), Act::Pay { .. }) {
                    assert_eq!(seen, Seen::Paid);
                }
            }
        }
    }
}
