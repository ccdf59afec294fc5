//! Everything the stand-in knows, and the moves it allows.
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    answers,
    bill::{Bill, Lifetime},
    event::{Event, Outbox, Route},
    idempotency::Remembered,
    keys::Keys,
    method::Method,
    numbers, qris,
    snap::Session,
    transaction::{State, Transaction},
};

/// Beyond this the oldest closed ones are forgotten, so that the file stays small.
const KEPT: usize = 5_000;

#[derive(Serialize, Deserialize)]
pub(super) struct Book {
    pub keys: Keys,
    transactions: Vec<Transaction>,
    pub sessions: Vec<Session>,
    pub remembered: Remembered,
    pub outbox: Outbox,
    /// Grows with every change, so that a change can be noticed.
    #[serde(skip)]
    pub revision: u64,
}

/// A payment about to be made.
pub(super) struct Opening {
    pub bill: Bill,
    pub method: Method,
    pub lifetime: Option<Lifetime>,
    pub route: Route,
    pub asked_number: Option<String>,
    pub acquirer: Option<String>,
    pub snap_token: Option<String>,
}

impl Book {
    pub fn new(keys: Keys) -> Self {
        Self {
            keys,
            transactions: Vec::new(),
            sessions: Vec::new(),
            remembered: Remembered::default(),
            outbox: Outbox::default(),
            revision: 0,
        }
    }

    /// Says that something changed.
    pub fn touch(&mut self) {
        self.revision += 1;
    }

    /// Ends what has run out of time. Called before every look, so that no answer is older than the clock.
    pub fn catch_up(&mut self, now: DateTime<Utc>) {
        while let Some(at) = self.transactions.iter().position(|transaction| transaction.is_due(now)) {
            self.close(at, State::Expire, now);
        }
    }

    /// By transaction id, else the latest under an order id.
    pub fn find(&self, id: &str) -> Option<usize> {
        let by_id = self.transactions.iter().rposition(|t| t.id == id);
        by_id.or_else(|| self.transactions.iter().rposition(|t| t.bill.order_id == id))
    }

    /// What a buyer types or pastes: a number, a bill key with or without the biller, a code, an id. A waiting one
    /// before an older one with the same number.
    pub fn find_by_number(&self, typed: &str) -> Option<&Transaction> {
        let digits: String = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
        let bill = digits.strip_prefix(numbers::BILLER_CODE).unwrap_or(&digits);
        let matches = |t: &&Transaction| {
            t.qr_string.as_deref() == Some(typed)
                || t.va_number.as_deref() == Some(digits.as_str())
                || t.bill_key.as_deref().is_some_and(|key| key == digits || key == bill)
                || t.id == typed
        };
        let newest = || self.transactions.iter().rev().filter(matches);
        newest().find(|t| t.state == State::Pending).or_else(|| newest().next())
    }

    pub fn at(&self, at: usize) -> Option<&Transaction> {
        self.transactions.get(at)
    }

    pub fn get(&self, id: &str) -> Option<&Transaction> {
        self.find(id).and_then(|at| self.at(at))
    }

    /// What waits to be paid, newest first.
    pub fn pending(&self) -> impl Iterator<Item = &Transaction> {
        self.transactions.iter().rev().filter(|t| t.state == State::Pending)
    }

    /// The latest payment begun on a Snap page.
    pub fn of_session(&self, token: &str) -> Option<&Transaction> {
        self.transactions.iter().rev().find(|t| t.snap_token.as_deref() == Some(token))
    }

    /// What keeps an order id from being used again: a payment that waits or one that was made.
    pub fn holder_of(&self, order_id: &str) -> Option<State> {
        let states = || self.transactions.iter().filter(|t| t.bill.order_id == order_id).map(|t| t.state);
        [State::Settlement, State::Pending].into_iter().find(|state| states().any(|s| s == *state))
    }

    /// Makes a transaction that waits for its buyer, and tells of it. One whose time is over at birth expires at the
    /// next look.
    pub fn open(&mut self, opening: Opening, now: DateTime<Utc>) -> usize {
        let Opening { bill, method, lifetime, route, asked_number, acquirer, snap_token } = opening;
        let id = Uuid::new_v4();
        let qr_string = (method == Method::Qris).then(|| qris::payload(bill.gross, &id.simple().to_string()));
        let va_number = match method {
            Method::Va(bank) => Some(self.fresh(|| numbers::virtual_account(bank, asked_number.as_deref()))),
            _ => None,
        };
        let bill_key = (method == Method::Bill).then(|| self.fresh(numbers::bill_key));
        self.transactions.push(Transaction {
            id: id.to_string(),
            method,
            state: State::Pending,
            created_at: now,
            expires_at: lifetime.map_or(now + method.lifetime(), |lifetime| lifetime.end(now)),
            settled_at: None,
            qr_string,
            va_number,
            bill_key,
            acquirer: (method == Method::Qris).then(|| acquirer.unwrap_or_else(|| "gopay".into())),
            snap_token,
            route,
            bill,
        });
        let at = self.transactions.len() - 1;
        self.tell(at);
        at
    }

    /// Ends a waiting transaction one way or another, and tells of it. `false` when it had ended before.
    pub fn close(&mut self, at: usize, state: State, now: DateTime<Utc>) -> bool {
        let moved = self.transactions.get_mut(at).is_some_and(|transaction| transaction.close(state, now));
        if moved {
            self.tell(at);
        }
        moved
    }

    fn tell(&mut self, at: usize) {
        let Some(transaction) = self.transactions.get(at) else { return };
        self.outbox.push(Event {
            transaction_id: transaction.id.clone(),
            body: answers::notice(transaction, &self.keys),
            route: transaction.route.clone(),
        });
        self.touch();
    }

    /// A number no waiting transaction has. Asked-for digits cannot be changed, so a few tries are enough.
    fn fresh(&self, make: impl Fn() -> String) -> String {
        let mut number = make();
        for _ in 0..8 {
            let taken = |t: &Transaction| [&t.va_number, &t.bill_key].into_iter().flatten().any(|n| *n == number);
            if !self.pending().any(taken) {
                break;
            }
            number = make();
        }
        number
    }

    /// Forgets what is long over.
    pub fn prune(&mut self, now: DateTime<Utc>) {
        let mut excess = self.transactions.len().saturating_sub(KEPT);
        self.transactions.retain(|t| {
            let forget = excess > 0 && t.state != State::Pending;
            excess -= usize::from(forget);
            !forget
        });
        self.sessions.retain(|session| now - session.until < Duration::days(30));
    }
}
