//! Everything the stand-in knows, and the moves it allows.
use std::collections::HashSet;

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Map;
use uuid::Uuid;

use super::{
    answers,
    bill::{Bill, Lifetime},
    chaos::Chaos,
    dial::Dial,
    dice::Dice,
    event::{Event, Outbox, Route},
    idempotency::Remembered,
    iris,
    kept::{Kept, Part, Whole},
    keys::Keys,
    later::{Diary, Later},
    manner::Manner,
    method::Method,
    numbers,
    purse::{Purse, Wallet},
    qris,
    refund::{Bank, Refund},
    snap::Session,
    transaction::{State, Transaction},
};

/// Beyond this the oldest closed ones are forgotten, so that the file stays small.
const KEPT: usize = 5_000;
/// How long a bank takes to confirm a refund.
const CONFIRMING: Duration = Duration::minutes(5);
/// How long a bank takes to change its mind.
const REVERSING: Duration = Duration::minutes(3);

#[derive(Serialize, Deserialize)]
pub(super) struct Book {
    pub keys: Keys,
    #[serde(default)]
    pub dice: Dice,
    transactions: Kept<Transaction>,
    pub sessions: Kept<Session>,
    pub remembered: Remembered,
    pub outbox: Outbox,
    #[serde(default)]
    pub diary: Diary,
    /// How far its clock was moved ahead.
    #[serde(default)]
    pub ahead_s: i64,
    /// How Get Status comes back for those that have no answer of their own.
    #[serde(default)]
    pub status_answer: Dial,
    #[serde(default)]
    last_refund: u64,
    #[serde(default)]
    pub chaos: Chaos,
    #[serde(default)]
    pub iris: iris::Desks,
    #[serde(default)]
    pub purse: Purse,
    /// Keys of calls that have not been answered yet.
    #[serde(skip)]
    pub running: HashSet<String>,
    /// Grows with every change, so that a change can be noticed.
    #[serde(default)]
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
    /// An empty one, with keys of its own.
    pub fn new(dice: Dice) -> Self {
        Self {
            keys: Keys::of(&dice),
            dice,
            transactions: Kept::default(),
            sessions: Kept::default(),
            remembered: Remembered::default(),
            outbox: Outbox::default(),
            diary: Diary::default(),
            ahead_s: 0,
            status_answer: Dial::Normal,
            last_refund: 4_000,
            chaos: Chaos::default(),
            iris: iris::Desks::default(),
            purse: Purse::default(),
            running: HashSet::new(),
            revision: 0,
        }
    }

    /// Says that something changed.
    pub fn touch(&mut self) {
        self.revision += 1;
    }

    /// Ends what has run out of time, and does what was to happen until now. Called before every look, so that no
    /// answer is older than the clock.
    pub fn catch_up(&mut self, now: DateTime<Utc>) {
        loop {
            let over = self.transactions.iter().enumerate().filter(|(_, t)| t.is_due(now));
            let over = over.min_by_key(|(_, t)| t.expires_at).map(|(at, t)| (at, t.expires_at));
            let next = self.diary.next().filter(|next| *next <= now);
            match (over, next) {
                (Some((at, end)), next) if next.is_none_or(|next| end <= next) => {
                    self.close(at, State::Expire, now);
                }
                (_, Some(_)) => self.happen(),
                _ => return,
            }
        }
    }

    /// The next thing in the diary.
    fn happen(&mut self) {
        let Some((when, what)) = self.diary.take() else { return };
        self.touch();
        match what {
            Later::Confirm { transaction_id, refund_key } => {
                let Some(at) = self.find(&transaction_id) else { return };
                self.edit(at, |t| {
                    t.refunds.iter_mut().filter(|r| r.key == refund_key).for_each(|r| r.confirmed_at = Some(when));
                });
                self.tell(at, &Manner::default(), when);
            }
            Later::Payout { reference_no, from, to } => {
                if self.payout(&reference_no).is_some_and(|payout| payout.standing == from) {
                    self.move_payout(&reference_no, to, when, &Manner::default());
                }
            }
            Later::Become { transaction_id, from, to } => {
                let at = self.find(&transaction_id).filter(|at| self.at(*at).is_some_and(|t| t.state == from));
                let Some(at) = at else { return };
                self.force(at, to, true, when, &Manner::default());
            }
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

    pub fn transactions(&self) -> impl DoubleEndedIterator<Item = &Transaction> {
        self.transactions.iter()
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
        states().find(|state| state.was_paid()).or_else(|| states().find(|state| state.is_open()))
    }

    /// Makes a transaction that waits for its buyer, and tells of it. One whose time is over at birth expires at the
    /// next look.
    pub fn open(&mut self, opening: Opening, now: DateTime<Utc>) -> usize {
        let Opening { bill, method, lifetime, route, asked_number, acquirer, snap_token } = opening;
        let id = self.fresh_id();
        let qr_string = (method == Method::Qris).then(|| qris::payload(bill.gross, &id.simple().to_string()));
        let va_number = match method {
            Method::Va(bank) => Some(self.fresh(|dice| numbers::virtual_account(bank, asked_number.as_deref(), dice))),
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
            overlay: Map::new(),
            fee: 0,
            booked: 0,
            refunds: Vec::new(),
            status_answer: Dial::Normal,
            bank: Bank::Approves,
        });
        let at = self.transactions.len() - 1;
        self.tell(at, &Manner::default(), now);
        at
    }

    /// Changes a transaction without a word to anybody.
    pub fn edit(&mut self, at: usize, change: impl FnOnce(&mut Transaction)) {
        if self.transactions.edit(at, change).is_some() {
            self.touch();
        }
    }

    /// Moves a transaction on if it may go there, and tells of it. `false` when it had ended before.
    pub fn close(&mut self, at: usize, state: State, now: DateTime<Utc>) -> bool {
        let may = self.at(at).is_some_and(|transaction| transaction.may_become(state));
        may && self.force(at, state, true, now, &Manner::default())
    }

    /// What the bank does, whatever stood there before. A refund gets its line unless it is told otherwise. `false`
    /// when it stood there already.
    pub fn force(&mut self, at: usize, state: State, with_refund: bool, now: DateTime<Utc>, manner: &Manner) -> bool {
        if self.at(at).is_none_or(|transaction| transaction.state == state) {
            return false;
        }
        let fee = self.chaos.fee;
        self.edit(at, |transaction| {
            transaction.state = state;
            if state.was_paid() && state != State::Capture && transaction.settled_at.is_none() {
                transaction.settled_at = Some(now);
                transaction.fee = fee;
            }
        });
        let Some(transaction) = self.transactions.get(at) else { return false };
        let to = match state {
            State::Settlement if self.chaos.reversal => Some((REVERSING, State::Deny)),
            State::Expire if self.chaos.refund_after_expire && !transaction.method.is_bank() => {
                Some((CONFIRMING, State::Refund))
            }
            _ => None,
        };
        if let Some((wait, to)) = to {
            let transaction_id = transaction.id.clone();
            self.diary.note(now + wait, Later::Become { transaction_id, from: state, to });
        }
        let amount = match state {
            State::Refund => transaction.refundable(),
            State::PartialRefund => transaction.refundable() / 2,
            _ => 0,
        };
        if with_refund && amount > 0 {
            let key = format!("bank-{}", self.last_refund + 1);
            self.give_back(at, amount, key, None, now);
        }
        self.reckon(at, now);
        self.tell(at, manner, now);
        true
    }

    /// Writes a refund down, to be confirmed by the bank a little later.
    pub fn give_back(&mut self, at: usize, amount: i64, key: String, reason: Option<String>, now: DateTime<Utc>) {
        self.last_refund += 1;
        let number = self.last_refund;
        let Some(transaction_id) = self.at(at).map(|transaction| transaction.id.clone()) else { return };
        self.diary.note(now + CONFIRMING, Later::Confirm { transaction_id, refund_key: key.clone() });
        let refund = Refund { key, number, amount, reason, created_at: now, confirmed_at: None };
        self.edit(at, |transaction| transaction.refunds.push(refund));
    }

    /// Brings the merchant's wallet in line with what a transaction now says.
    pub fn reckon(&mut self, at: usize, now: DateTime<Utc>) {
        let Some(transaction) = self.transactions.get(at).filter(|t| t.held() != t.booked) else { return };
        let held = transaction.held();
        self.purse.book(now, Wallet::Payin, held - transaction.booked, &transaction.id);
        self.edit(at, |transaction| transaction.booked = held);
    }

    /// The same for all, after a file of an older kind was opened.
    pub fn reckon_all(&mut self, now: DateTime<Utc>) {
        for at in 0..self.transactions.len() {
            let since = self.at(at).and_then(|transaction| transaction.settled_at).unwrap_or(now);
            self.reckon(at, since);
        }
    }

    /// Tells of a transaction as it stands.
    pub fn tell(&mut self, at: usize, manner: &Manner, now: DateTime<Utc>) {
        let Some(transaction) = self.transactions.get(at) else { return };
        let manner = &self.chaos.upon(manner, now, transaction.expires_at, &self.dice);
        self.outbox.push(Event {
            transaction_id: transaction.id.clone(),
            body: answers::notice(transaction, manner, self),
            route: transaction.route.clone(),
            iris_signature: None,
            times: manner.times,
            due: now + manner.delay(),
        });
        self.touch();
    }

    /// An id no transaction has, also where dice that were thrown before are thrown again.
    fn fresh_id(&self) -> Uuid {
        loop {
            let id = self.dice.uuid("transaction");
            if !self.transactions.iter().any(|t| t.id == id.to_string()) {
                return id;
            }
        }
    }

    /// A number no waiting transaction has. Asked-for digits cannot be changed, so a few tries are enough.
    fn fresh(&self, make: impl Fn(&Dice) -> String) -> String {
        let mut number = make(&self.dice);
        for _ in 0..8 {
            let taken = |t: &Transaction| [&t.va_number, &t.bill_key].into_iter().flatten().any(|n| *n == number);
            if !self.pending().any(taken) {
                break;
            }
            number = make(&self.dice);
        }
        number
    }

    /// All that changes in it, by name. No field is left to `..`, so that a new one cannot be forgotten.
    pub fn parts(&mut self) -> Vec<(&'static str, Box<dyn Part + '_>)> {
        let Book {
            keys: _,
            dice,
            transactions,
            sessions,
            remembered,
            outbox,
            diary,
            ahead_s,
            status_answer,
            last_refund,
            chaos,
            iris: iris::Desks { payouts, beneficiaries, remembered: remembered_payouts },
            purse: Purse { payin, iris, movements },
            running: _,
            revision: _,
        } = self;
        vec![
            ("dice", Box::new(Whole(dice))),
            ("transactions", Box::new(transactions)),
            ("sessions", Box::new(sessions)),
            ("remembered", Box::new(&mut remembered.0)),
            ("deliveries", Box::new(&mut outbox.deliveries)),
            ("last_number", Box::new(Whole(&mut outbox.last_number))),
            ("diary", Box::new(&mut diary.0)),
            ("ahead_s", Box::new(Whole(ahead_s))),
            ("status_answer", Box::new(Whole(status_answer))),
            ("last_refund", Box::new(Whole(last_refund))),
            ("chaos", Box::new(Whole(chaos))),
            ("payouts", Box::new(payouts)),
            ("beneficiaries", Box::new(beneficiaries)),
            ("remembered_payouts", Box::new(remembered_payouts)),
            ("payin", Box::new(Whole(payin))),
            ("iris", Box::new(Whole(iris))),
            ("movements", Box::new(movements)),
        ]
    }

    /// Forgets what is long over.
    pub fn prune(&mut self, now: DateTime<Utc>) {
        let mut excess = self.transactions.len().saturating_sub(KEPT);
        self.transactions.retain(|t| {
            let forget = excess > 0 && t.state != State::Pending;
            excess -= usize::from(forget);
            !forget
        });
        let mut excess = self.iris.payouts.len().saturating_sub(KEPT);
        self.iris.payouts.retain(|_| {
            let forget = excess > 0;
            excess -= usize::from(forget);
            !forget
        });
        self.sessions.retain(|session| now - session.until < Duration::days(30));
    }
}
