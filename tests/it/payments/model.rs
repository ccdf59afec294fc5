//! What a careful treasurer would write down about one order, from what the provider answered and what people did.
//! Plain sums and a few words; it knows nothing of tables, tickets, outboxes or the order things are looked at in.
use std::collections::BTreeMap;

use chrono::{DateTime, Duration, Utc};
use entity::order::{Payment, State};
use warong::payments::status::Seen;

/// One transaction at the provider.
#[derive(Clone, Copy, Debug, Default)]
pub struct Money {
    came: bool,
    taken_back: bool,
    given_back: i64,
    refunded: bool,
    disputed: bool,
}

/// All transactions under one order id at the provider.
#[derive(Clone, Debug, Default)]
struct Attempt {
    /// The one whose money came first.
    main: Option<String>,
    /// The last answer made no sense; the next may.
    doubt: bool,
}

/// One order in the treasurer's book.
#[derive(Clone, Debug)]
pub struct Book {
    pub total: i64,
    pub state: State,
    pub payment: Payment,
    pub deposit: i64,
    pub owed: i64,
    /// Money the buyer has had back that still counts as paid here.
    pub claim: i64,
    pub pay_by: Option<DateTime<Utc>>,
    pub keeps_goods: bool,
    /// How long the way of paying leaves.
    pub window: Duration,
    /// What happened, and when.
    pub told: Vec<(&'static str, DateTime<Utc>)>,
    /// Pieces on the shelf that nobody else has.
    pub shelf: i64,
    was_paid: bool,
    attempts: BTreeMap<String, Attempt>,
    money: BTreeMap<String, Money>,
    pub now: DateTime<Utc>,
}

impl Book {
    pub fn open(total: i64, now: DateTime<Utc>, shelf: i64) -> Book {
        let window = Duration::minutes(15);
        Book {
            total,
            state: State::Placed,
            payment: Payment::Unpaid,
            deposit: 0,
            owed: 0,
            claim: 0,
            pay_by: Some(now + window),
            keeps_goods: true,
            window,
            told: vec![("placed", now)],
            shelf: shelf - 1,
            was_paid: false,
            attempts: BTreeMap::new(),
            money: BTreeMap::new(),
            now,
        }
    }

    /// What the provider holds of this order's money.
    pub fn at_provider(&self) -> i64 {
        self.deposit + self.owed - self.claim
    }

    fn says(&mut self, verb: &'static str) {
        self.told.push((verb, self.now));
    }

    /// The provider answered about a transaction; `back` is all it has given back so far.
    pub fn hears(&mut self, attempt: &str, id: &str, seen: Seen, back: i64) {
        let known = self.attempts.entry(attempt.to_owned()).or_default();
        let again = std::mem::take(&mut known.doubt);
        let main = known.main.clone();
        let mut money = self.money.get(id).copied().unwrap_or_default();
        let of_main = main.as_ref().and_then(|main| self.money.get(main)).copied().unwrap_or_default();
        let is_main = main.as_deref().is_none_or(|main| main == id);
        let in_hand = money.came && !money.taken_back;
        let refused = matches!(seen, Seen::Cancelled | Seen::Expired | Seen::Denied | Seen::Failed);
        let (mut doubt, mut arrives, mut leaves, mut goes_back, mut becomes_main) = (false, false, false, false, false);
        match seen {
            Seen::Pending => {}
            Seen::Unknown => doubt = is_main && !again,
            // The bank took it back and has it again: true only at a second look.
            Seen::Paid if is_main && money.taken_back => (doubt, arrives) = (!again, again),
            Seen::Paid if is_main && money.disputed => doubt = !again,
            Seen::Paid if is_main => arrives = !money.came,
            // Another transaction than the one that paid: extra money, unless the first was taken back.
            Seen::Paid if of_main.taken_back => (arrives, becomes_main) = (!in_hand, true),
            Seen::Paid => arrives = !money.came,
            Seen::Denied if in_hand && !is_main => leaves = !money.refunded,
            Seen::Denied if in_hand && !money.refunded && !money.disputed => leaves = true,
            _ if refused => doubt = is_main && in_hand && !again,
            Seen::Refunded | Seen::PartlyRefunded if money.taken_back || (is_main && money.disputed) => {
                doubt = is_main && !again;
            }
            Seen::Refunded | Seen::PartlyRefunded => (arrives, goes_back) = (!money.came, true),
            _ if money.taken_back => {}
            _ => arrives = !money.came,
        }
        if arrives {
            (money.came, money.taken_back) = (true, false);
            becomes_main |= main.is_none();
            let first_way = attempt.ends_with("-1");
            self.arrives(if first_way { Duration::minutes(15) } else { Duration::hours(24) });
        }
        if leaves {
            money.taken_back = true;
            self.leaves();
        }
        if goes_back {
            money.refunded = true;
            let part = std::cmp::max(0, back - money.given_back);
            money.given_back += part;
            self.goes_back(part);
        }
        money.disputed |=
            matches!(seen, Seen::ChargedBack | Seen::PartlyChargedBack) && in_hand | arrives && !money.refunded;
        self.money.insert(id.to_owned(), money);
        let known = self.attempts.entry(attempt.to_owned()).or_default();
        known.doubt = doubt;
        if becomes_main {
            known.main = Some(id.to_owned());
        }
    }

    fn arrives(&mut self, window: Duration) {
        if self.state == State::Expired && self.payment == Payment::Unpaid && self.shelf > 0 {
            (self.state, self.keeps_goods, self.shelf) = (State::Placed, true, self.shelf - 1);
            self.says("revived");
        }
        if self.state == State::Placed && matches!(self.payment, Payment::Unpaid | Payment::Refunded) {
            (self.deposit, self.pay_by, self.was_paid) = (self.total, None, true);
            self.window = window;
            self.says("paid");
        } else {
            self.owed += self.total;
            self.says("paid_for_nothing");
        }
        self.payment = if self.owed > 0 { Payment::RefundDue } else { Payment::Paid };
    }

    fn leaves(&mut self) {
        let amount = std::cmp::min(self.total, self.at_provider());
        if amount == 0 {
            return;
        }
        self.says("reversed");
        if self.owed >= amount {
            self.owed -= amount;
            let stands = self.was_paid && self.state == State::Placed;
            self.payment = match self.owed {
                0 if stands => Payment::Paid,
                0 => Payment::Unpaid,
                _ => Payment::RefundDue,
            };
        } else {
            let from_deposit = std::cmp::min(amount, self.deposit);
            let from_owed = std::cmp::min(amount - from_deposit, self.owed);
            self.deposit -= from_deposit;
            self.owed -= from_owed;
            self.claim += amount - from_deposit - from_owed;
            self.payment = Payment::Unpaid;
        }
        if self.payment == Payment::Unpaid && self.state == State::Placed {
            self.pay_by = Some(self.now + self.window);
        }
    }

    fn goes_back(&mut self, part: i64) {
        if part == 0 {
            return;
        }
        self.says("refunded");
        let settled = std::cmp::min(part, self.owed);
        self.owed -= settled;
        self.claim += part - settled;
        let all = part > settled && self.deposit > 0 && self.claim >= self.deposit;
        if all {
            self.claim -= self.deposit;
            self.deposit = 0;
        }
        if (settled > 0 || all) && self.owed == 0 {
            let over = all || self.state != State::Placed;
            self.payment = if over { Payment::Refunded } else { Payment::Paid };
        }
    }

    /// The clock has moved on, and the provider has been asked.
    pub fn time_passes(&mut self) {
        let late = self.pay_by.is_some_and(|pay_by| pay_by <= self.now);
        if late && self.state == State::Placed && self.payment == Payment::Unpaid {
            self.ends(State::Expired, "expired");
        }
    }

    fn ends(&mut self, state: State, verb: &'static str) {
        self.state = state;
        if std::mem::take(&mut self.keeps_goods) {
            self.shelf += 1;
        }
        if self.payment == Payment::Unpaid && self.owed > 0 {
            self.payment = Payment::RefundDue;
        }
        self.says(verb);
    }

    pub fn is_called_off(&mut self) {
        assert_eq!(self.state, State::Placed, "only an open order is called off");
        if matches!(self.payment, Payment::Paid | Payment::RefundDue) {
            let had = std::cmp::min(self.claim.max(0), self.deposit);
            self.owed += std::mem::take(&mut self.deposit) - had;
            self.claim -= had;
            self.payment = if self.owed > 0 { Payment::RefundDue } else { Payment::Refunded };
        }
        self.ends(State::Cancelled, "cancelled");
    }

    pub fn is_paid_another_way(&mut self) {
        assert_eq!((self.state, self.payment), (State::Placed, Payment::Unpaid));
        self.window = Duration::hours(24);
        self.pay_by = Some(self.now + self.window);
        self.says("method_changed");
    }

    /// The mails that went out: one a thing, those of the same moment and kind together.
    pub fn mails(&self) -> Vec<(&'static str, DateTime<Utc>)> {
        let named = |verb| if verb == "refunded" { "paid_back" } else { verb };
        let mut all: Vec<_> = self.told.iter().filter(|(verb, _)| *verb != "revived").copied().collect();
        all.iter_mut().for_each(|(verb, _)| *verb = named(verb));
        all.sort_unstable();
        all.dedup();
        all
    }
}
