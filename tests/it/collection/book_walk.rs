//! Random hand-overs, sales, returns, advances and payouts, against a small model that knows nothing of the shop. After
//! each step every household's book says what the ledger says, and what the model says.
use std::collections::BTreeMap;

use entity::{
    Rupiah,
    debt::Kind,
    payout::{Shown, State, Way},
};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use warong::{
    collection::{
        goods,
        intake::{self, NewIntake},
        statement,
    },
    db::Tx,
    ledger::{self, Book, NewEntry},
    outlet::{
        debt,
        earning::{self, Sale, Sold},
        payee::Payee,
        payout::{self, Proof},
        payout_run::{self as runs, Line},
        repayment,
    },
    stock::{self, Cause},
};

use super::yard::Yard;

const WALKS: u64 = 3;
const STEPS: usize = 60;
/// What a basket costs, and what its maker gets of it.
const PRICE: i64 = 28_000;
const SHARE: i64 = 21_280;

struct Paid {
    crafter: i64,
    run: i64,
    amount: i64,
    set_offs: Vec<(i64, i64)>,
    state: State,
}

/// Parts of a sale.
type Parts = Vec<(i64, i64, i64)>;

#[derive(Default)]
struct Truth {
    owed: BTreeMap<i64, i64>,
    handed: BTreeMap<i64, i64>,
    sold: BTreeMap<i64, i64>,
    left: BTreeMap<i64, i64>,
    rest: BTreeMap<i64, (i64, i64)>,
    sales: Vec<(String, Parts)>,
    intakes: Vec<(i64, i64, i64, i64)>,
    paid: BTreeMap<i64, Paid>,
}

struct Walk<'a> {
    yard: &'a Yard,
    checker: i64,
    rng: StdRng,
    truth: Truth,
    n: usize,
    seen: BTreeMap<&'static str, usize>,
}

fn add(sums: &mut BTreeMap<i64, i64>, id: i64, amount: i64) {
    *sums.entry(id).or_default() += amount;
}

#[actix_web::test]
async fn whatever_happens_each_book_says_what_the_ledger_says() {
    let mut seen: BTreeMap<&'static str, usize> = BTreeMap::new();
    for seed in 0..WALKS {
        let yard = Yard::open().await;
        let checker = yard.checker().await;
        let mut walk =
            Walk { yard: &yard, checker, rng: StdRng::seed_from_u64(seed), truth: Truth::default(), n: 0, seen };
        // The counter opened with ten of Bu Sati's baskets.
        add(&mut walk.truth.handed, yard.sati, 10);
        add(&mut walk.truth.left, yard.sati, 10);
        for step in 0..STEPS {
            let what = walk.step().await;
            *walk.seen.entry(what).or_default() += 1;
            walk.agrees(&format!("walk {seed}, step {step}: {what}")).await;
        }
        seen = walk.seen;
        yard.close().await;
    }
    println!("{seen:?}");
    for what in ["consigned", "bought", "sold", "came back", "given", "paid", "failed", "brought"] {
        assert!(seen.get(what).is_some_and(|n| *n > 2), "too little happened: {seen:?}");
    }
}

impl Walk<'_> {
    async fn begin(&self) -> Tx {
        self.yard.stand.begin().await
    }

    fn somebody(&mut self) -> i64 {
        if self.rng.random_bool(0.5) { self.yard.sati } else { self.yard.marsuki }
    }

    async fn step(&mut self) -> &'static str {
        self.n += 1;
        match self.rng.random_range(0..16) {
            0..=2 => self.hands_in().await,
            3..=6 => self.sells().await,
            7 | 8 => self.comes_back().await,
            9 => self.gives().await,
            10..=12 => self.pays().await,
            13 => self.fails().await,
            14 => self.brings_back().await,
            _ => self.undoes_intake().await,
        }
    }

    async fn hands_in(&mut self) -> &'static str {
        let (crafter, pieces) = (self.somebody(), self.rng.random_range(1..6));
        let (basket, key) = (self.yard.stand.basket, format!("walk:{}", self.n));
        let material = Rupiah(if self.rng.random_bool(0.5) { 2_500 } else { 0 });
        add(&mut self.truth.handed, crafter, pieces);
        if self.rng.random_bool(0.3) {
            let new = NewIntake { material, ..NewIntake::bought(crafter, basket, pieces, Rupiah(17_000)) };
            let made = self.yard.takes_in(&key, &new).await;
            add(&mut self.truth.owed, crafter, 17_000 * pieces);
            self.truth.intakes.push((made.id, crafter, pieces, 17_000 * pieces));
            return "bought";
        }
        let made =
            self.yard.takes_in(&key, &NewIntake { material, ..NewIntake::consigned(crafter, basket, pieces) }).await;
        add(&mut self.truth.left, crafter, pieces);
        self.truth.intakes.push((made.id, crafter, pieces, 0));
        "consigned"
    }

    async fn undoes_intake(&mut self) -> &'static str {
        if self.truth.intakes.is_empty() {
            return "nothing";
        }
        let at = self.rng.random_range(0..self.truth.intakes.len());
        let (id, crafter, pieces, owed) = self.truth.intakes[at];
        let tx = self.begin().await;
        let (clock, outlet) = (&self.yard.stand.shop.clock, &self.yard.stand.outlet);
        // Refused once some of it has left.
        if intake::reverse(&tx, clock, outlet, id, "salah", self.yard.stand.operator_id).await.is_err() {
            return "nothing";
        }
        tx.commit().await.expect("it stands");
        self.truth.intakes.remove(at);
        add(&mut self.truth.handed, crafter, -pieces);
        add(&mut self.truth.owed, crafter, -owed);
        if owed == 0 {
            add(&mut self.truth.left, crafter, -pieces);
        }
        "undone"
    }

    async fn sells(&mut self) -> &'static str {
        let stand = &self.yard.stand;
        let (wanted, key) = (self.rng.random_range(1..4), format!("sold:walk:{}", self.n));
        let subject = format!("sale:{}", self.n);
        let cause = Cause { subject: Some(&subject), reason: None, person_id: None, source_key: &key };
        let tx = stand.begin().await;
        let clock = &stand.shop.clock;
        let Ok(taken) = stock::sell(&tx, clock, stand.basket, stand.place_id, wanted, None, cause).await else {
            return "nothing";
        };
        let sold: Vec<Sold<'_>> = taken
            .iter()
            .map(|part| Sold {
                lot: &part.lot,
                quantity: part.quantity,
                unit_price: Rupiah(PRICE),
                weights: [7_600, 1_600, 800],
                crafted: true,
            })
            .collect();
        let sale = Sale { outlet_id: stand.outlet.id, subject: &subject, document: "T-1", entry_key: &key };
        let mut lines = earning::earn(&tx, clock, sale, &sold).await.expect("earned");
        lines.push((Book::Cash(stand.outlet.id), Rupiah(PRICE * wanted)));
        let entry = NewEntry { source_key: &key, kind: "sale", subject: &subject, memo: "sold", lines: &lines };
        ledger::post(&tx, clock, entry).await.expect("posted");
        tx.commit().await.expect("it stands");
        let mut parts = Vec::new();
        for part in &taken {
            let owner = part.lot.owner_id.expect("a household");
            let is_theirs = part.lot.terms == entity::lot::Terms::Consigned;
            parts.push((part.lot.id, part.quantity, if is_theirs { owner } else { 0 }));
            if is_theirs {
                add(&mut self.truth.owed, owner, SHARE * part.quantity);
                add(&mut self.truth.sold, owner, part.quantity);
                add(&mut self.truth.left, owner, -part.quantity);
            }
        }
        self.truth.sales.push((key, parts));
        "sold"
    }

    async fn comes_back(&mut self) -> &'static str {
        if self.truth.sales.is_empty() {
            return "nothing";
        }
        let at = self.rng.random_range(0..self.truth.sales.len());
        let (key, parts) = self.truth.sales.remove(at);
        let tx = self.begin().await;
        let clock = &self.yard.stand.shop.clock;
        ledger::reverse(&tx, clock, &key).await.expect("reversed");
        earning::undo(&tx, clock, &key).await.expect("undone");
        for (lot, n, owner) in &parts {
            let source_key = format!("back:{key}:{lot}");
            let cause = Cause { subject: None, reason: Some("kembali"), person_id: None, source_key: &source_key };
            stock::take_back(&tx, clock, *lot, *n, cause).await.expect("back on the shelf");
            if *owner > 0 {
                add(&mut self.truth.owed, *owner, -SHARE * n);
                add(&mut self.truth.sold, *owner, -n);
                add(&mut self.truth.left, *owner, *n);
            }
        }
        tx.commit().await.expect("it stands");
        "came back"
    }

    async fn gives(&mut self) -> &'static str {
        let (crafter, amount) = (self.somebody(), self.rng.random_range(10..60) * 1_000);
        let kind = if self.rng.random_bool(0.5) { Kind::Cash } else { Kind::Material };
        let id = self.yard.gives(crafter, kind, amount, self.checker).await;
        self.truth.rest.insert(id, (crafter, amount));
        "given"
    }

    async fn pays(&mut self) -> &'static str {
        let crafter = self.somebody();
        let owed = self.truth.owed.get(&crafter).copied().unwrap_or(0);
        let due = repayment::due(&self.yard.stand.shop.app.db, crafter).await.expect("a read");
        let set_offs = due.of(Rupiah(owed));
        let set_off: i64 = set_offs.iter().map(|one| one.amount.0).sum();
        assert!(set_off <= owed.max(0));
        let rest = owed - set_off;
        let amount = if self.rng.random_bool(0.6) { rest } else { rest / 2 };
        let (clock, outlet) = (&self.yard.stand.shop.clock, &self.yard.stand.outlet);
        let line =
            Line { payee: Payee::Crafter(crafter), amount: Rupiah(amount), way: Way::Cash, set_offs: set_offs.clone() };
        let tx = self.begin().await;
        let made = runs::make(&tx, clock, outlet, &[line], false, self.yard.stand.operator_id).await;
        assert_eq!(made.is_ok(), owed > 0 && amount + set_off > 0, "{owed} owed, {amount} and {set_off}: {made:?}");
        let Ok(run) = made else { return "nothing" };
        if self.rng.random_bool(0.2) {
            runs::call_off(&tx, clock, outlet, run, "keliru", self.checker).await.expect("called off");
            tx.commit().await.expect("it stands");
            return "called off";
        }
        runs::approve(&tx, clock, outlet, run, self.checker).await.expect("approved");
        let payouts = runs::read(&tx, outlet.id, run).await.expect("the run").payouts;
        if let Some(payout) = payouts.first() {
            let proof = Proof::Cash { receiver: "sendiri".into(), shown: Shown::Pin };
            payout::tick_off(&tx, clock, outlet, run, payout.id, &proof, self.checker).await.expect("paid");
        }
        tx.commit().await.expect("it stands");
        let set_offs: Vec<(i64, i64)> = set_offs.iter().map(|one| (one.debt_id, one.amount.0)).collect();
        for (id, amount) in &set_offs {
            self.truth.rest.get_mut(id).expect("a debt").1 -= amount;
        }
        add(&mut self.truth.owed, crafter, -(amount + set_off));
        if let Some(payout) = payouts.first() {
            self.truth.paid.insert(payout.id, Paid { crafter, run, amount, set_offs, state: State::Paid });
        }
        "paid"
    }

    async fn fails(&mut self) -> &'static str {
        let ids: Vec<i64> =
            self.truth.paid.iter().filter(|(_, one)| one.state == State::Paid).map(|(id, _)| *id).collect();
        if ids.is_empty() {
            return "nothing";
        }
        let id = ids[self.rng.random_range(0..ids.len())];
        let tx = self.begin().await;
        let (clock, outlet) = (&self.yard.stand.shop.clock, &self.yard.stand.outlet);
        let one = self.truth.paid.get_mut(&id).expect("a payout");
        payout::fail(&tx, clock, outlet, one.run, id, "kembali", self.checker).await.expect("failed");
        tx.commit().await.expect("it stands");
        one.state = State::Failed;
        let back = one.amount + one.set_offs.iter().map(|(_, amount)| amount).sum::<i64>();
        add(&mut self.truth.owed, one.crafter, back);
        for (debt, amount) in &one.set_offs {
            self.truth.rest.get_mut(debt).expect("a debt").1 += amount;
        }
        "failed"
    }

    async fn brings_back(&mut self) -> &'static str {
        let open: Vec<(i64, i64)> =
            self.truth.rest.iter().filter(|(_, (_, rest))| *rest > 0).map(|(id, (_, rest))| (*id, *rest)).collect();
        if open.is_empty() {
            return "nothing";
        }
        let (id, rest) = open[self.rng.random_range(0..open.len())];
        let amount = self.rng.random_range(1..=rest);
        let tx = self.begin().await;
        let (clock, outlet) = (&self.yard.stand.shop.clock, &self.yard.stand.outlet);
        repayment::in_cash(&tx, clock, outlet, id, Rupiah(amount), self.checker).await.expect("brought");
        tx.commit().await.expect("it stands");
        self.truth.rest.get_mut(&id).expect("a debt").1 -= amount;
        "brought"
    }

    async fn agrees(&self, at: &str) {
        let db = &self.yard.stand.shop.app.db;
        for crafter in [self.yard.sati, self.yard.marsuki] {
            let owed = self.truth.owed.get(&crafter).copied().unwrap_or(0);
            assert_eq!(-self.yard.on(Book::Crafter(crafter)).await, owed, "{at}: owed");
            let lines = statement::of_crafter(db, crafter).await.expect("a statement");
            assert_eq!(lines.last().map_or(0, |line| line.balance.0), owed, "{at}: the last line");
            let mut balance = 0;
            for line in &lines {
                balance += line.amount.0;
                assert_eq!(line.balance.0, balance, "{at}: a line");
            }
            let summary = goods::summary(db, crafter).await.expect("a summary");
            let count = |counts: &[goods::Count]| counts.iter().map(|count| count.n).sum::<i64>();
            let says = (count(&summary.handed_in), count(&summary.on_shelf), count(&summary.sold), summary.brought.0);
            let of = |sums: &BTreeMap<i64, i64>| sums.get(&crafter).copied().unwrap_or(0);
            let sold = of(&self.truth.sold);
            let must = (of(&self.truth.handed), of(&self.truth.left), sold, sold * SHARE);
            assert_eq!(says, must, "{at}: goods");
            let mut advance = 0;
            for one in debt::of_crafter(db, crafter).await.expect("debts") {
                assert_eq!(one.rest().0, self.truth.rest[&one.debt.id].1, "{at}: debt {}", one.debt.id);
                advance += one.rest().0;
            }
            assert_eq!(self.yard.on(Book::Advance(crafter)).await, advance, "{at}: advance");
        }
    }
}
