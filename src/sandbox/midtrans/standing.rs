//! Where a transaction stands, in the real one's words and codes.
use serde::{Deserialize, Serialize};

/// Where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum State {
    Pending,
    Authorize,
    Capture,
    Settlement,
    PartialRefund,
    Refund,
    PartialChargeback,
    Chargeback,
    Cancel,
    Expire,
    Deny,
    Failure,
}

impl State {
    const ALL: [State; 12] = [
        State::Pending,
        State::Authorize,
        State::Capture,
        State::Settlement,
        State::PartialRefund,
        State::Refund,
        State::PartialChargeback,
        State::Chargeback,
        State::Cancel,
        State::Expire,
        State::Deny,
        State::Failure,
    ];

    /// Its word; the code of an answer about it; the code of a notification, which is not always the same.
    fn facts(self) -> (&'static str, u16, u16) {
        match self {
            State::Pending => ("pending", 201, 201),
            State::Authorize => ("authorize", 200, 200),
            State::Capture => ("capture", 200, 200),
            State::Settlement => ("settlement", 200, 200),
            State::PartialRefund => ("partial_refund", 200, 200),
            State::Refund => ("refund", 200, 200),
            State::PartialChargeback => ("partial_chargeback", 200, 200),
            State::Chargeback => ("chargeback", 200, 200),
            State::Cancel => ("cancel", 200, 202),
            State::Expire => ("expire", 407, 202),
            State::Deny => ("deny", 202, 202),
            State::Failure => ("failure", 202, 202),
        }
    }

    pub fn parse(word: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| state.word().eq_ignore_ascii_case(word))
    }

    pub fn word(self) -> &'static str {
        self.facts().0
    }

    pub fn status_code(self) -> u16 {
        self.facts().1
    }

    pub fn notice_code(self) -> u16 {
        self.facts().2
    }

    /// Whether it still may end one way or another.
    pub fn is_open(self) -> bool {
        matches!(self, State::Pending | State::Authorize)
    }

    /// Whether money came in, although some of it may have gone back.
    pub fn was_paid(self) -> bool {
        use State::{Capture, Chargeback, PartialChargeback, PartialRefund, Refund, Settlement};
        matches!(self, Capture | Settlement | PartialRefund | Refund | PartialChargeback | Chargeback)
    }
}
