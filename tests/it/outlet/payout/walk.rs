//! Random acts of two people, a bank and a line that loses answers, against a small model of what must be true.
use std::collections::BTreeMap;

use chrono::Duration;
use entity::{
    Rupiah,
    payout::{Model, Shown, State, Way},
};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use serde_json::json;
use warong::{
    accounts::crafter::{Household, register},
    bank_account::Account,
    clock::Clock,
    db,
    error::Error,
    ledger::Book,
    outlet::{
        payee::{self, Payee},
        payout::{self, Proof},
        payout_run::{self, Line},
    },
};

use super::desk::Desk;

/// How many walks, and how many steps each.
const WALKS: u64 = 10;
const STEPS: usize = 40;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Run {
    Draft { by: i64 },
    Approved,
    Off,
}

/// What must be true, kept apart from the shop.
#[derive(Default)]
struct Truth {
    earned: BTreeMap<Payee, i64>,
    runs: BTreeMap<i64, Run>,
    payouts: BTreeMap<i64, (Payee, i64, Way, State)>,
    references: Vec<String>,
}

impl Truth {
    fn sum(&self, payee: Payee, wanted: &[State]) -> i64 {
        let of = self.payouts.values().filter(|(whose, _, _, state)| *whose == payee && wanted.contains(state));
        of.map(|(_, amount, ..)| amount).sum()
    }

    fn owed(&self, payee: Payee) -> i64 {
        let gone = [State::Waiting, State::Approved, State::Paid];
        self.earned.get(&payee).copied().unwrap_or(0) - self.sum(payee, &gone)
    }
}

/// How often the things that matter happened, so that a walk in which nothing happens does not count.
#[derive(Default, Debug)]
struct Seen {
    paid: usize,
    failed: usize,
    came_back: usize,
    dropped: usize,
    refused: usize,
}

struct Walk<'a> {
    desk: &'a Desk,
    seen: Seen,
    rng: StdRng,
    truth: Truth,
    payees: Vec<Payee>,
}

#[actix_web::test]
async fn whatever_happens_each_rupiah_is_owed_or_underway_or_paid_and_paid_once() {
    let desk = Desk::with_midtrans().await;
    desk.fills_wallet(1_000_000_000, "ISI-1").await;
    let mut seen = Seen::default();
    for seed in 0..WALKS {
        let payees = newcomers(&desk, seed).await;
        let (rng, truth) = (StdRng::seed_from_u64(seed), Truth::default());
        let mut walk = Walk { desk: &desk, seen, rng, truth, payees };
        for payee in walk.payees.clone() {
            walk.earns(payee).await;
        }
        for step in 0..STEPS {
            let what = walk.step().await;
            walk.agrees(&format!("walk {seed}, step {step}: {what}")).await;
        }
        walk.comes_to_rest(seed).await;
        seen = walk.seen;
    }
    let enough = [seen.paid >= 20, seen.failed >= 10, seen.came_back >= 5, seen.dropped >= 10, seen.refused >= 12];
    println!("{WALKS} walks of {STEPS} steps: {seen:?}");
    assert!(!enough.contains(&false), "too little happened: {seen:?}");
    desk.close().await;
}

/// Three crafters of their own for each walk: one at a bank, one whose account does not exist, one without.
async fn newcomers(desk: &Desk, seed: u64) -> Vec<Payee> {
    let clock = &desk.shop.clock;
    let tx = db::begin(&desk.shop.app.db).await.expect("a transaction");
    let mut payees = Vec::new();
    for (n, number) in [Some("1172993826"), Some("1172993000"), None].into_iter().enumerate() {
        let household = Household { name: format!("Bu {seed} {n}"), ..Household::default() };
        let made = register(&tx, clock, &desk.cast.outlet, None, &household, None).await.expect("a crafter");
        if let Some(number) = number {
            let account = Account { bank: "BRI".into(), number: number.into(), holder: household.name };
            payee::name_account(&tx, clock, &made, &account, None).await.expect("kept");
        }
        payees.push(Payee::Crafter(made.id));
    }
    tx.commit().await.expect("they are there");
    payees
}

impl Walk<'_> {
    fn pick<T: Clone>(&mut self, all: &[T]) -> Option<T> {
        if all.is_empty() { None } else { Some(all[self.rng.random_range(0..all.len())].clone()) }
    }

    fn somebody(&mut self) -> i64 {
        if self.rng.random_bool(0.5) { self.desk.cast.siti } else { self.desk.cast.rizal }
    }

    async fn step(&mut self) -> String {
        match self.rng.random_range(0..16) {
            0 | 1 => self.sells().await,
            2 | 3 => self.makes().await,
            4 | 5 => self.approves().await,
            6 if self.rng.random_bool(0.4) => self.calls_off().await,
            6..=8 => self.ticks_off().await,
            9 => self.fails().await,
            10..=12 => self.bank().await,
            13 => self.line().await,
            _ => self.waits().await,
        }
    }

    async fn sells(&mut self) -> String {
        let payee = self.pick(&self.payees.clone()).expect("a payee");
        self.earns(payee).await
    }

    async fn earns(&mut self, payee: Payee) -> String {
        let amount = self.rng.random_range(1..90_000);
        self.desk.earns(payee, amount).await;
        *self.truth.earned.entry(payee).or_default() += amount;
        format!("{payee:?} earns {amount}")
    }

    async fn makes(&mut self) -> String {
        let mut lines = Vec::new();
        let careless = self.rng.random_bool(0.2);
        for payee in self.payees.clone() {
            let owed = self.truth.owed(payee);
            let amount = if careless { self.pick(&[0, owed, owed + 1]) } else { self.pick(&[owed, (owed + 1) / 2]) };
            let amount = amount.unwrap_or_default();
            let way = self.pick(&[Way::Transfer, Way::Cash, Way::Midtrans, Way::Midtrans]).unwrap_or(Way::Cash);
            let way = if payee == self.payees[2] && !careless { Way::Cash } else { way };
            if careless || (amount > 0 && self.rng.random_bool(0.8)) {
                lines.push(Line { payee, amount: Rupiah(amount), way, set_offs: Vec::new() });
            }
        }
        let by = self.somebody();
        let without = self.payees[2];
        let sound = |line: &Line| {
            let owed = self.truth.owed(line.payee);
            line.amount.0 > 0 && line.amount.0 <= owed && (line.payee != without || line.way == Way::Cash)
        };
        let expected = !lines.is_empty() && lines.iter().all(sound);
        let tx = db::begin(&self.desk.shop.app.db).await.expect("a transaction");
        let made = payout_run::make(&tx, &self.desk.shop.clock, &self.desk.cast.outlet, &lines, true, by).await;
        let said = format!("make {lines:?}: {made:?}");
        if self.judged(made.as_ref().map(|_| ()), expected, &said) {
            tx.commit().await.expect("it stands");
            let id = made.expect("made");
            self.truth.runs.insert(id, Run::Draft { by });
            for payout in self.desk.run(id).await.payouts {
                let payee = Payee::parse(&payout.payee).expect("a payee");
                self.truth.payouts.insert(payout.id, (payee, payout.amount.0, payout.way, State::Waiting));
            }
        }
        said
    }

    async fn approves(&mut self) -> String {
        let careless = self.rng.random_bool(0.15);
        let fits = |(id, run): (&i64, &Run)| (careless || matches!(run, Run::Draft { .. })).then_some(*id);
        let ids: Vec<i64> = self.truth.runs.iter().filter_map(fits).collect();
        let Some(id) = self.pick(&ids) else { return "nothing".into() };
        let by = match self.truth.runs[&id] {
            Run::Draft { by } if !careless && by == self.desk.cast.siti => self.desk.cast.rizal,
            Run::Draft { .. } if !careless => self.desk.cast.siti,
            _ => self.somebody(),
        };
        let expected =
            matches!(self.truth.runs[&id], Run::Draft { by: maker } if maker != by) && self.is_open(id).await;
        let (tx, clock, desk) = self.begin().await;
        let done = payout_run::approve(&tx, clock, &desk.cast.outlet, id, by).await;
        let said = format!("approve {id} by {by}: {done:?}");
        if self.judged(done.as_ref().copied(), expected, &said) {
            tx.commit().await.expect("it stands");
            self.truth.runs.insert(id, Run::Approved);
            self.move_of(id, State::Waiting, State::Approved, |_| true).await;
        }
        said
    }

    async fn calls_off(&mut self) -> String {
        let Some(id) = self.pick(&self.truth.runs.keys().copied().collect::<Vec<_>>()) else { return "nothing".into() };
        let by = self.somebody();
        let expected = matches!(self.truth.runs[&id], Run::Draft { .. }) && self.is_open(id).await;
        let (tx, clock, desk) = self.begin().await;
        let done = payout_run::call_off(&tx, clock, &desk.cast.outlet, id, "tidak jadi", by).await;
        let said = format!("call off {id}: {done:?}");
        if self.judged(done.as_ref().copied(), expected, &said) {
            tx.commit().await.expect("it stands");
            self.truth.runs.insert(id, Run::Off);
            self.move_of(id, State::Waiting, State::Dropped, |way| way != Way::Midtrans).await;
        }
        said
    }

    async fn ticks_off(&mut self) -> String {
        let Some(payout) = self.any_payout(|way, state| way != Way::Midtrans && state == State::Approved).await else {
            return "nothing".into();
        };
        let reference = format!("R{}", self.rng.random_range(0..1_000_000));
        let reference = if self.rng.random_bool(0.2) {
            self.pick(&self.truth.references.clone()).unwrap_or(reference)
        } else {
            reference
        };
        let proof = match payout.way {
            Way::Cash => Proof::Cash { receiver: payout.name.clone(), shown: Shown::Pin },
            _ => Proof::Reference(reference.clone()),
        };
        let is_new = payout.way == Way::Cash || !self.truth.references.contains(&reference);
        let (_, _, way, state) = self.truth.payouts[&payout.id];
        let expected = way != Way::Midtrans && state == State::Approved && is_new;
        let (tx, clock, desk) = self.begin().await;
        let by = desk.cast.siti;
        let done = payout::tick_off(&tx, clock, &desk.cast.outlet, payout.run_id, payout.id, &proof, by).await;
        let said = format!("tick off {} {proof:?}: {done:?}", payout.id);
        if self.judged(done.as_ref().copied(), expected, &said) {
            tx.commit().await.expect("it stands");
            self.set(payout.id, State::Paid);
            if way == Way::Transfer {
                self.truth.references.push(reference);
            }
        }
        said
    }

    async fn fails(&mut self) -> String {
        let Some(payout) = self.any_payout(|way, state| way != Way::Midtrans && state == State::Paid).await else {
            return "nothing".into();
        };
        let (_, _, way, state) = self.truth.payouts[&payout.id];
        if way == Way::Midtrans {
            return "that is for Midtrans to say".into();
        }
        let expected = matches!(state, State::Approved | State::Paid);
        let (tx, clock, desk) = self.begin().await;
        let by = desk.cast.rizal;
        let done = payout::fail(&tx, clock, &desk.cast.outlet, payout.run_id, payout.id, "kembali", by).await;
        let said = format!("fail {}: {done:?}", payout.id);
        if self.judged(done.as_ref().copied(), expected, &said) {
            tx.commit().await.expect("it stands");
            self.set(payout.id, State::Failed);
        }
        said
    }

    /// The bank completes or fails something, told not at all, once, or three times.
    async fn bank(&mut self) -> String {
        let Some(payout) =
            self.any_payout(|way, _| way == Way::Midtrans).await.filter(|payout| payout.way == Way::Midtrans)
        else {
            return "no bank".into();
        };
        let (to, times) = (self.pick(&["failed", "completed", "processed"]), self.pick(&[0, 1, 3]));
        let (to, times) = (to.unwrap_or("failed"), times.unwrap_or(1));
        let Some(reference) = self.desk.iris(&payout).await.reference_no else { return "not there yet".into() };
        let there = self.desk.at_provider().into_iter().find(|one| one["reference_no"] == reference.as_str());
        let now = there.expect("it is there")["standing"].as_str().unwrap_or_default().to_owned();
        let may = matches!((now.as_str(), to), ("approved" | "processed", _) | ("completed", "failed"));
        if may && now != to {
            let notify = json!({ "times": times });
            self.desk.control(json!({ "reference_no": reference, "set": { "status": to }, "notify": notify })).await;
        }
        self.desk.shop.settle().await;
        format!("bank: {now} to {to}, told {times} times")
    }

    /// The line gets better or worse.
    async fn line(&mut self) -> String {
        let answer = self.pick(&["normal", "normal", "cut", "404"]).unwrap_or("normal");
        let (duplicate, shuffle, drop) =
            (self.rng.random_range(0..3), self.rng.random_bool(0.5), self.rng.random_bool(0.3));
        let chaos = json!({ "answer": answer, "duplicate": duplicate, "shuffle": shuffle, "drop": drop });
        self.desk.control(json!({ "chaos": chaos })).await;
        format!("line: {chaos}")
    }

    async fn waits(&mut self) -> String {
        let time = self.pick(&[Duration::seconds(40), Duration::minutes(4), Duration::hours(2), Duration::hours(26)]);
        let time = time.unwrap_or_default();
        self.desk.wait(time).await;
        format!("wait {time}")
    }

    async fn begin(&self) -> (db::Tx, &Clock, &Desk) {
        let tx = db::begin(&self.desk.shop.app.db).await.expect("a transaction");
        (tx, &self.desk.shop.clock, self.desk)
    }

    /// A draft whose every payout Midtrans has refused is over without a decision.
    async fn is_open(&self, run: i64) -> bool {
        self.desk.state(run).await != entity::payout_run::State::Done
    }

    async fn any_payout(&mut self, fits: fn(Way, State) -> bool) -> Option<Model> {
        let careless = self.rng.random_bool(0.15);
        let wanted = |(id, one): (&i64, &(Payee, i64, Way, State))| (careless || fits(one.2, one.3)).then_some(*id);
        let ids: Vec<i64> = self.truth.payouts.iter().filter_map(wanted).collect();
        let id = self.pick(&ids)?;
        Some(self.desk.payout(id).await)
    }

    fn set(&mut self, id: i64, state: State) {
        match (self.truth.payouts[&id].3, state) {
            (was, now) if was == now => {}
            (State::Paid, _) => self.seen.came_back += 1,
            (_, State::Paid) => self.seen.paid += 1,
            (_, State::Failed) => self.seen.failed += 1,
            (_, State::Dropped) => self.seen.dropped += 1,
            _ => {}
        }
        self.truth.payouts.get_mut(&id).expect("a payout").3 = state;
    }

    async fn move_of(&mut self, run: i64, from: State, to: State, goes: fn(Way) -> bool) {
        for payout in self.desk.run(run).await.payouts {
            let (_, _, way, state) = self.truth.payouts[&payout.id];
            if state == from && goes(way) {
                self.set(payout.id, to);
            }
            // Never sent, so that it is over at once.
            if way == Way::Midtrans && to == State::Dropped && payout.state == State::Dropped {
                self.set(payout.id, State::Dropped);
            }
        }
    }

    /// The books say what the model says. What Midtrans decides is taken over, if it may come after what was.
    async fn agrees(&mut self, at: &str) {
        let ids: Vec<i64> = self.truth.payouts.keys().copied().collect();
        for id in ids {
            let (_, _, way, was) = self.truth.payouts[&id];
            let now = self.desk.payout(id).await.state;
            let may = match (was, now) {
                (was, now) if was == now => true,
                _ if way != Way::Midtrans => false,
                (State::Waiting, State::Dropped | State::Failed) => true,
                (State::Approved, State::Paid | State::Failed) => true,
                (State::Paid, State::Failed) => true,
                _ => false,
            };
            assert!(may, "{at}: payout {id} by {way:?} went from {was:?} to {now:?}");
            self.set(id, now);
        }
        let mut underway = 0;
        for payee in self.payees.clone() {
            assert_eq!(self.desk.owed(payee).await, self.truth.owed(payee), "{at}: {payee:?}");
            underway += self.truth.sum(payee, &[State::Waiting, State::Approved]);
        }
        assert_eq!(self.desk.underway().await, underway, "{at}");
    }

    /// The line is good again and time passes: everything ends, and what left the provider is what was paid.
    async fn comes_to_rest(&mut self, seed: u64) {
        self.desk.control(json!({ "chaos": {} })).await;
        let drafts: Vec<i64> =
            self.truth.runs.iter().filter(|(_, run)| matches!(run, Run::Draft { .. })).map(|(id, _)| *id).collect();
        for id in drafts {
            if self.is_open(id).await {
                let (tx, clock, desk) = self.begin().await;
                let by = desk.cast.siti;
                payout_run::call_off(&tx, clock, &desk.cast.outlet, id, "habis", by).await.expect("called off");
                tx.commit().await.expect("it stands");
                self.move_of(id, State::Waiting, State::Dropped, |way| way != Way::Midtrans).await;
            }
        }
        for _ in 0..5 {
            self.desk.wait(Duration::hours(2)).await;
            self.agrees(&format!("walk {seed}, at rest")).await;
        }
        let by_hand: Vec<i64> = self
            .truth
            .payouts
            .iter()
            .filter(|(_, one)| one.2 != Way::Midtrans && one.3 == State::Approved)
            .map(|(id, _)| *id)
            .collect();
        for id in by_hand {
            let payout = self.desk.payout(id).await;
            let (tx, clock, desk) = self.begin().await;
            payout::fail(&tx, clock, &desk.cast.outlet, payout.run_id, id, "habis", desk.cast.siti)
                .await
                .expect("failed");
            tx.commit().await.expect("it stands");
            self.set(id, State::Failed);
        }
        self.desk.wait(Duration::days(9)).await;
        self.agrees(&format!("walk {seed}, nine days later")).await;
        assert_eq!(self.desk.underway().await, 0, "walk {seed}");
        let wallet = 1_001_000_000 - self.desk.balance(Book::PayoutWallet).await;
        assert_eq!(self.desk.moved(), wallet, "walk {seed}: what left the provider");
        self.desk.adds_up().await;
    }
}

impl Walk<'_> {
    /// Whether it was done, which must be as the model says; a refusal is a sentence, never a fault.
    fn judged(&mut self, done: Result<(), &Error>, expected: bool, said: &str) -> bool {
        match done {
            Ok(()) => assert!(expected, "should have been refused: {said}"),
            Err(Error::Refused(_)) => {
                assert!(!expected, "should have been done: {said}");
                self.seen.refused += 1;
            }
            Err(e) => panic!("{said}: {e}"),
        }
        done.is_ok()
    }
}
