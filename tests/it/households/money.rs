//! What is lent, brought back, set off and paid out.
use entity::{Rupiah, debt, payout};
use rand::RngExt;
use warong::outlet::{
    debt as debts,
    payee::Payee,
    payout::{Proof, fail, tick_off},
    payout_run, repayment,
};

use super::walk::{HOUSEHOLDS, Loan, Walk, refused};

/// What one household may owe at once, as an outlet begins.
const MOST_LENT: i64 = 1_000_000;

impl Walk {
    pub(super) async fn lends(&mut self) {
        let household = self.rng.random_range(0..HOUSEHOLDS);
        let thousands = if self.rng.random_bool(0.1) { 850..1_000 } else { 5..120_i64 };
        let amount = self.rng.random_range(thousands) * 1_000;
        let most = self.rng.random_bool(0.5).then(|| self.rng.random_range(1..30_i64) * 1_000);
        let first = self.rng.random_bool(0.3);
        let new = debts::NewDebt {
            crafter_id: self.households[household],
            kind: if self.rng.random_bool(0.5) { debt::Kind::Cash } else { debt::Kind::Material },
            source: debt::Source::Cash,
            amount: Rupiah(amount),
            reason: "Bambu".into(),
            first,
            most_per_payout: most.map(Rupiah),
        };
        let tx = self.begin().await;
        let (clock, outlet) = (&self.stand.shop.clock, &self.stand.outlet);
        let asked = debts::ask(&tx, clock, outlet, &new, self.stand.operator_id).await;
        if self.model.lent.get(&household).copied().unwrap_or(0) + amount > MOST_LENT {
            refused(asked.map(|_| ()), "debt.above_limit");
            return self.count("lent beyond the limit");
        }
        let id = asked.expect("asked");
        let own = debts::give(&tx, clock, outlet, id, self.stand.operator_id).await;
        refused(own, "debt.own_asking");
        debts::give(&tx, clock, outlet, id, self.hasan).await.expect("given");
        tx.commit().await.expect("it stands");
        let loan = Loan { id, household, rest: amount, most };
        let at = if first { 0 } else { self.loans.len() };
        self.loans.insert(at, loan);
        *self.model.lent.entry(household).or_insert(0) += amount;
        self.model.add("cash", -amount);
        self.count("lent");
    }

    /// A household brings back what it was lent, or some of it.
    pub(super) async fn brings_money(&mut self) {
        let open: Vec<usize> = (0..self.loans.len()).filter(|n| self.loans[*n].rest > 0).collect();
        let Some(n) = self.any(open.len()).map(|n| open[n]) else { return };
        let (id, rest) = (self.loans[n].id, self.loans[n].rest);
        let amount = self.rng.random_range(1..=rest + 1);
        let tx = self.begin().await;
        let (clock, outlet, by) = (&self.stand.shop.clock, &self.stand.outlet, self.stand.operator_id);
        let answer = repayment::in_cash(&tx, clock, outlet, id, Rupiah(amount), by).await;
        if amount > rest {
            return refused(answer, "debt.more_than_left");
        }
        answer.expect("paid back");
        tx.commit().await.expect("it stands");
        self.loans[n].rest -= amount;
        *self.model.lent.entry(self.loans[n].household).or_insert(0) -= amount;
        self.model.add("cash", amount);
        self.count("brought money back");
    }

    /// What is set off of so much that is owed: loan by loan, in their order.
    fn set_offs(&self, household: usize, owed: i64) -> Vec<(usize, i64)> {
        let mut left = owed;
        let mut all = Vec::new();
        for (n, loan) in self.loans.iter().enumerate().filter(|(_, loan)| loan.household == household) {
            let amount = loan.rest.min(loan.most.unwrap_or(i64::MAX)).min(left).max(0);
            left -= amount;
            all.push((n, amount));
        }
        all.retain(|(_, amount)| *amount > 0);
        all
    }

    pub(super) async fn pays_out(&mut self) {
        let household = self.rng.random_range(0..HOUSEHOLDS);
        let crafter = self.households[household];
        let owed = self.model.owed.get(&household).copied().unwrap_or(0);
        let due = repayment::due(&self.stand.shop.app.db, crafter).await.expect("what is due").of(Rupiah(owed));
        let set_offs = self.set_offs(household, owed);
        let told: Vec<(i64, i64)> = due.iter().map(|one| (one.debt_id, one.amount.0)).collect();
        let meant: Vec<(i64, i64)> = set_offs.iter().map(|(n, amount)| (self.loans[*n].id, *amount)).collect();
        assert_eq!(told, meant, "what is set off for household {household}, owed {owed}");
        let taken: i64 = set_offs.iter().map(|(_, amount)| amount).sum();
        let rest = (owed - taken).max(0);
        let too_much = self.rng.random_bool(0.1);
        let some = if self.rng.random_bool(0.4) { rest } else { self.rng.random_range(0..=rest) };
        let amount = if too_much { rest + 1 } else { some };
        let line = payout_run::Line {
            payee: Payee::Crafter(crafter),
            amount: Rupiah(amount),
            way: payout::Way::Cash,
            set_offs: due,
        };
        let tx = self.begin().await;
        let (clock, outlet, by) = (&self.stand.shop.clock, &self.stand.outlet, self.stand.operator_id);
        let made = payout_run::make(&tx, clock, outlet, &[line], false, by).await;
        if owed <= 0 {
            return refused(made.map(|_| ()), "payout.nothing_owed");
        }
        if amount == 0 && taken == 0 {
            return refused(made.map(|_| ()), "payout.not_positive");
        }
        if amount + taken > owed {
            refused(made.map(|_| ()), "payout.more_than_owed");
            return self.count("more asked for than is owed");
        }
        let run = made.expect("made");
        if self.rng.random_bool(0.15) {
            payout_run::call_off(&tx, clock, outlet, run, "Nanti saja", by).await.expect("called off");
            tx.commit().await.expect("it stands");
            return self.count("payouts called off");
        }
        refused(payout_run::approve(&tx, clock, outlet, run, by).await, "payout.own_run");
        payout_run::approve(&tx, clock, outlet, run, self.hasan).await.expect("approved");
        let payouts = payout_run::read(&tx, outlet.id, run).await.expect("the run").payouts;
        let fails = self.rng.random_bool(0.2);
        for one in &payouts {
            if !fails || self.rng.random_bool(0.5) {
                let proof = Proof::Cash { receiver: "Keluarga".into(), shown: payout::Shown::Pin };
                tick_off(&tx, clock, outlet, run, one.id, &proof, by).await.expect("ticked off");
            }
            if fails {
                fail(&tx, clock, outlet, run, one.id, "Salah orang", by).await.expect("failed");
            }
        }
        tx.commit().await.expect("it stands");
        if fails && !payouts.is_empty() {
            return self.count("payouts that failed");
        }
        self.model.owe(household, -amount - taken);
        self.model.add("cash", -amount);
        for (n, amount) in set_offs {
            self.loans[n].rest -= amount;
            *self.model.lent.entry(household).or_insert(0) -= amount;
        }
        self.paid_at.insert(household, self.n);
        self.count("paid out");
    }
}
