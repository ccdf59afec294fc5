//! One transaction: what it is and what may still happen to it.
use chrono::{DateTime, FixedOffset, Utc};
use serde::{Deserialize, Serialize};

use super::{bill::Bill, event::Route, method::Method};

/// Where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum State {
    Pending,
    Settlement,
    Cancel,
    Expire,
    Deny,
}

impl State {
    pub fn word(self) -> &'static str {
        match self {
            State::Pending => "pending",
            State::Settlement => "settlement",
            State::Cancel => "cancel",
            State::Expire => "expire",
            State::Deny => "deny",
        }
    }

    /// The code of an answer about it.
    pub fn status_code(self) -> u16 {
        match self {
            State::Pending => 201,
            State::Settlement | State::Cancel => 200,
            State::Expire => 407,
            State::Deny => 202,
        }
    }

    /// The code of a notification about it, which is not always the same.
    pub fn notice_code(self) -> u16 {
        match self {
            State::Pending => 201,
            State::Settlement => 200,
            State::Cancel | State::Expire | State::Deny => 202,
        }
    }
}

/// One try at paying one bill one way.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Transaction {
    pub id: String,
    pub bill: Bill,
    pub method: Method,
    pub state: State,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub settled_at: Option<DateTime<Utc>>,
    pub qr_string: Option<String>,
    pub va_number: Option<String>,
    pub bill_key: Option<String>,
    pub acquirer: Option<String>,
    pub snap_token: Option<String>,
    pub route: Route,
}

impl Transaction {
    /// Whether it waits although its time is over.
    pub fn is_due(&self, now: DateTime<Utc>) -> bool {
        self.state == State::Pending && self.expires_at <= now
    }

    /// Moves on from waiting; anything else is final. Tells whether it moved.
    pub fn close(&mut self, state: State, now: DateTime<Utc>) -> bool {
        if self.state != State::Pending {
            return false;
        }
        self.state = state;
        if state == State::Settlement {
            self.settled_at = Some(now);
        }
        true
    }

    /// The amount as every answer writes it.
    pub fn gross_amount(&self) -> String {
        format!("{}.00", self.bill.gross)
    }

    /// Whose wallet pays, and whether it is the acquirer's own. Varies from one transaction to the next.
    pub fn issuer(&self) -> (&'static str, &'static str) {
        match self.id.bytes().map(usize::from).sum::<usize>() % 4 {
            0 => ("gopay", "on-us"),
            1 => ("dana", "off-us"),
            2 => ("bri", "off-us"),
            _ => ("ovo", "off-us"),
        }
    }
}

/// The local time of Jakarta, without saying so.
pub(super) fn jakarta(at: DateTime<Utc>, format: &str) -> String {
    match FixedOffset::east_opt(7 * 3600) {
        Some(zone) => at.with_timezone(&zone).format(format).to_string(),
        None => at.format(format).to_string(),
    }
}

/// As every answer writes a time.
pub(super) fn clock_text(at: DateTime<Utc>) -> String {
    jakarta(at, "%Y-%m-%d %H:%M:%S")
}
