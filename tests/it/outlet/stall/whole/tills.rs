//! What two tills do, told or not: they sell, take goods back, and mind their drawers.
use chrono::{DateTime, SubsecRound, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{GRAMS, KINDS, PRICES, Walk};
use crate::{counter::stand::Stand, outlet::field::handset::Handset, support::Browser};

/// More than this of one sale comes back only when a second person agrees.
const ALONE: i64 = 100_000;

pub struct Till {
    pub hand: Handset,
    shift: String,
    /// What lies in its drawer, told or not.
    drawer: i64,
    /// So many steps longer it has no signal.
    pub dark: usize,
    pub waiting: Vec<(Value, DateTime<Utc>, Fact)>,
    pub known: Vec<Value>,
}

impl Till {
    pub async fn of(stand: &Stand, browser: Browser) -> Till {
        let hand = Handset::of(stand, browser).await;
        let shift = Uuid::new_v4().to_string();
        Till { hand, shift, drawer: 0, dark: 0, waiting: Vec::new(), known: Vec::new() }
    }
}

/// How a sale is paid and its money goes back.
const WAYS: [&str; 3] = ["cash", "account", "bansos"];

/// What an event says, by the number of its sale.
pub enum Fact {
    Sold(usize),
    /// The money in the order of [`WAYS`].
    Back {
        sale: usize,
        line: usize,
        n: i64,
        good: bool,
        ways: [i64; 3],
    },
    Cash {
        way: &'static str,
        amount: i64,
    },
    Debt {
        member: usize,
        amount: i64,
    },
    Opened {
        float: i64,
    },
    Closed {
        counted: i64,
    },
}

pub struct Sale {
    pub till: usize,
    pub event: Value,
    pub lines: Vec<SaleLine>,
    /// How it was paid; what of it may come back is what is left of these.
    pub cash: i64,
    pub aid: i64,
    pub account: i64,
    pub given: [i64; 3],
    pub member: usize,
    pub is_told: bool,
    /// A return of it has not been told yet.
    pub is_coming_back: bool,
}

pub struct SaleLine {
    pub item: usize,
    pub n: i64,
    pub amount: i64,
    pub back: i64,
    /// The lots it left, and how much of each.
    pub lots: Vec<(usize, i64)>,
}

/// What so much costs at the till: loose goods by the kilogram, in whole hundreds, one hundred at least.
fn asked(item: usize, n: i64) -> i64 {
    if GRAMS[item] > 1 { PRICES[item] * n } else { (PRICES[item] * n / 1_000 / 100 * 100).max(100) }
}

impl Walk {
    fn records(&mut self, n: usize, kind: &str, body: Value, fact: Fact) -> Value {
        let mut body = body;
        body["shift"] = json!(self.tills[n].shift);
        let event = self.tills[n].hand.records(kind, &body);
        // An event keeps its time in milliseconds.
        let at = self.now().trunc_subsecs(3);
        self.tills[n].waiting.push((event.clone(), at, fact));
        event
    }

    /// Up to three kinds of goods off the shelf; now and then more than anybody has written.
    pub fn sells(&mut self, n: usize) {
        let mut lines: Vec<SaleLine> = Vec::new();
        for _ in 0..=self.any(3) {
            let item = self.any(KINDS);
            let there = self.stands(item).max(0);
            let few = if GRAMS[item] > 1 { 3 } else { 4_000 };
            // What nobody has written is there now and then all the same.
            if there < 1 && self.chance(8) > 0 && !lines.is_empty() {
                continue;
            }
            let quantity =
                if self.chance(25) == 0 { there + 1 + self.chance(few) } else { 1 + self.chance((there / 6).max(few)) };
            if lines.iter().all(|line| line.item != item) {
                lines.push(SaleLine { item, n: quantity, amount: asked(item, quantity), back: 0, lots: Vec::new() });
            }
        }
        let total: i64 = lines.iter().map(|line| line.amount).sum();
        let aid = if self.chance(5) == 0 { 1 + self.chance(total) } else { 0 };
        let account = if self.chance(5) == 0 { self.chance(total - aid + 1).min(200_000) } else { 0 };
        let (cash, member) = (total - aid - account, self.any(2));
        let mut tenders = Vec::new();
        if cash > 0 {
            tenders.push(json!({ "by": "cash", "amount": cash, "received": cash + 5_000 }));
        }
        if aid > 0 {
            tenders.push(json!({ "by": "bansos", "amount": aid, "reference": format!("TRX {}", self.sales.len()) }));
            self.did("sale paid by aid");
        }
        if account > 0 {
            tenders.push(json!({ "by": "account", "amount": account }));
            self.did("sale on account");
        }
        let line = |line: &SaleLine| {
            json!({ "item": self.items[line.item], "quantity": line.n, "price": PRICES[line.item],
                "amount": line.amount, "price_of": "posted" })
        };
        let body = json!({ "number": format!("K{n}-{:05}", self.sales.len()), "tenders": tenders, "total": total,
            "lines": lines.iter().map(line).collect::<Vec<_>>(), "member": self.members[member] });
        let event = self.records(n, "sale", body, Fact::Sold(self.sales.len()));
        self.tills[n].drawer += cash;
        self.sales.push(Sale {
            till: n,
            event,
            lines,
            cash,
            aid,
            account,
            given: [0; 3],
            member,
            is_told: false,
            is_coming_back: false,
        });
        self.did("sale");
    }

    /// Part of a line comes back, good or broken, for its share of the money.
    pub fn takes_back(&mut self, n: usize) -> bool {
        !self.sales.is_empty() && (0..6).any(|_| self.takes_some_back(n))
    }

    fn takes_some_back(&mut self, n: usize) -> bool {
        let sale = self.sales.len() - 1 - self.any(self.sales.len().min(40));
        let line = self.any(self.sales[sale].lines.len());
        let of = &self.sales[sale];
        let SaleLine { n: sold, amount, back, .. } = of.lines[line];
        if of.is_coming_back || back == sold || !(of.is_told || of.till == n) {
            return false;
        }
        let alone = ALONE - of.given.iter().sum::<i64>();
        let quantity = 1 + self.chance((sold - back).min((alone * sold / amount).max(1)));
        // The parts of a line are together the line.
        let worth = amount * (back + quantity) / sold - amount * back / sold;
        let of = &self.sales[sale];
        let room = [of.cash - of.given[0], of.account - of.given[1], of.aid - of.given[2]];
        let has_debt_coming = self.pending_debts(of.member) > 0;
        // One way as far as that goes, then the next.
        let first = self.any(3);
        let (mut ways, mut rest) = ([0; 3], worth);
        for way in (0..3).map(|way| (way + first) % 3) {
            ways[way] = rest.min(room[way]);
            rest -= ways[way];
        }
        if !(1..=alone).contains(&worth) || rest > 0 || (ways[1] > 0 && has_debt_coming) {
            return false;
        }
        let good = self.chance(3) > 0;
        let tenders = WAYS.iter().zip(ways).filter(|(_, amount)| *amount > 0);
        let tenders: Vec<Value> = tenders.map(|(by, amount)| json!({ "by": by, "amount": amount })).collect();
        let body = json!({ "sale": self.sales[sale].event["id"], "tenders": tenders, "amount": worth, "reason": "sobek",
            "lines": [{ "n": line, "quantity": quantity, "good": good }] });
        self.records(n, "return", body, Fact::Back { sale, line, n: quantity, good, ways });
        let of = &mut self.sales[sale];
        of.lines[line].back += quantity;
        of.given = std::array::from_fn(|way| of.given[way] + ways[way]);
        of.is_coming_back = true;
        self.tills[n].drawer -= ways[0];
        self.did(if good { "return of good goods" } else { "return of broken goods" });
        self.did(match ways.iter().filter(|amount| **amount > 0).count() {
            1 => "return in one way",
            _ => "return in several ways",
        });
        true
    }

    /// Cash goes into a drawer from the box, back into it, or is spent.
    pub fn moves_cash(&mut self, n: usize) -> bool {
        let way = ["in", "out", "spent"][self.any(3)];
        let amount = (1 + self.chance(80)) * 500;
        let body = json!({ "way": way, "amount": amount, "reason": "plastik" });
        self.records(n, "drawer", body, Fact::Cash { way, amount });
        self.tills[n].drawer += if way == "in" { amount } else { -amount };
        self.did("cash in or out of a drawer");
        true
    }

    fn pending_debts(&self, member: usize) -> i64 {
        let debt = |fact: &Fact| match fact {
            Fact::Debt { member: of, amount } if *of == member => *amount,
            _ => 0,
        };
        self.tills.iter().flat_map(|till| &till.waiting).map(|(.., fact)| debt(fact)).sum()
    }

    fn pending_off_account(&self, member: usize) -> i64 {
        let off = |fact: &Fact| match fact {
            Fact::Back { sale, ways, .. } if self.sales[*sale].member == member => ways[1],
            _ => 0,
        };
        self.tills.iter().flat_map(|till| &till.waiting).map(|(.., fact)| off(fact)).sum()
    }

    /// A member pays some of what is known to be owed.
    pub fn is_paid_a_debt(&mut self, n: usize) -> bool {
        let member = self.any(2);
        let owed = self.purse.members[member] - self.pending_debts(member) - self.pending_off_account(member);
        if owed < 1 {
            return false;
        }
        let amount = 1 + self.chance(owed);
        let body = json!({ "member": self.members[member], "amount": amount });
        self.records(n, "debt_paid", body, Fact::Debt { member, amount });
        self.tills[n].drawer += amount;
        self.did("debt paid at a till");
        true
    }

    /// The drawer is counted, mostly rightly, and the next person opens it anew.
    pub fn closes(&mut self, n: usize) -> bool {
        let off = if self.chance(2) == 0 { (self.chance(41) - 20) * 500 } else { 0 };
        let counted = (self.tills[n].drawer + off).max(0);
        let body = json!({ "notes": { "500": counted / 500 }, "counted": counted, "explanation": "salah kembalian" });
        self.records(n, "shift_close", body, Fact::Closed { counted });
        let float = self.chance(5) * 50_000;
        self.tills[n].shift = Uuid::new_v4().to_string();
        self.records(n, "shift_open", json!({ "float": float }), Fact::Opened { float });
        self.tills[n].drawer = float;
        self.did("shift closed and the next opened");
        true
    }
}
