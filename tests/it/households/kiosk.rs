//! What is taken to kiosks, what visits find there, and visits that are taken back.
use std::collections::HashMap;

use entity::{Rupiah, lot, lot::Grade};
use rand::RngExt;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use warong::wholesale::{
    kiosk,
    kiosk_drop::{self, NewDrop, NewLine},
    kiosk_visit::{self, NewVisit, Told},
};

use super::{
    model::{Counted, SHELF},
    walk::{PRICES, Visit, Walk, refused},
};

/// A kiosk keeps an eighth of its price.
fn kiosk_price(item: usize) -> (i64, i64) {
    let price = PRICES[item] + PRICES[item] / 5;
    (price, price - price * 1_250 / 10_000)
}

impl Walk {
    fn told<'a>(&'a self, key: &'a str) -> Told<'a> {
        let stand = &self.stand;
        Told { outlet: &stand.outlet, person_id: stand.operator_id, at: stand.shop.clock.now(), source_key: key }
    }

    pub(super) async fn takes_to_kiosk(&mut self) {
        let (n, item) = (self.rng.random_range(0..self.kiosks.len()), self.rng.random_range(0..PRICES.len()));
        let pieces = self.rng.random_range(1..12_i64);
        let grade = [None, None, Some(false), Some(true)][self.rng.random_range(0..4)];
        let line = NewLine {
            item_id: self.items[item],
            quantity: pieces,
            grade: grade.map(|b| if b { Grade::B } else { Grade::A }),
            unit_price: Rupiah(kiosk_price(item).0),
        };
        let new = NewDrop { lines: vec![line], carrier: None, note: None };
        let (key, by) = (format!("walk:{}", self.n), self.stand.operator_id);
        let tx = self.begin().await;
        let (clock, outlet) = (&self.stand.shop.clock, &self.stand.outlet);
        let dropped = kiosk_drop::drop(&tx, clock, outlet, self.kiosks[n].id, &new, by, &key).await;
        if self.model.there(item, SHELF, grade) < pieces {
            return refused(dropped.map(|_| ()), "sale.not_enough");
        }
        dropped.expect("taken there");
        tx.commit().await.expect("it stands");
        let new = self.model.drop(item, n, grade, pieces);
        let last = self.lots.iter().max().copied().unwrap_or(0);
        let rows = lot::Entity::find().filter(lot::Column::Id.gt(last)).order_by_asc(lot::Column::Id);
        let rows = rows.all(&self.stand.shop.app.db).await.expect("lots");
        let came: Vec<(Option<i64>, i64)> = rows.iter().map(|row| (row.origin_id, row.received)).collect();
        let meant = new.iter().map(|lot| {
            let lot = &self.model.lots[*lot];
            (lot.origin.map(|origin| self.lots[origin]), lot.pieces.len() as i64)
        });
        assert_eq!(came, meant.collect::<Vec<_>>(), "what was taken to kiosk {n}");
        self.lots.extend(rows.iter().map(|row| row.id));
        self.count("taken to a kiosk");
    }

    pub(super) async fn visits_kiosk(&mut self) {
        let n = self.rng.random_range(0..self.kiosks.len());
        let missing_owed = self.rng.random_bool(0.4);
        let db = &self.stand.shop.app.db;
        let stands: HashMap<i64, i64> = kiosk::stands(db, &self.kiosks[n]).await.expect("what stands there");
        let (mut lines, mut counted) = (Vec::new(), Vec::new());
        for item in 0..PRICES.len() {
            let there = self.model.there(item, n + 1, None);
            assert_eq!(stands.get(&self.items[item]).copied().unwrap_or(0), there, "in kiosk {n}");
            if there == 0 || self.rng.random_bool(0.3) {
                continue;
            }
            let mut left = there;
            let mut some = |most: i64| {
                let part = self.rng.random_range(0..=left.min(most));
                left -= part;
                part
            };
            let (sold, good, damaged, missing) = (some(9), some(2), some(1), some(1));
            let (price, net) = kiosk_price(item);
            lines.push(Counted { item, sold, good, damaged, missing, missing_owed, net });
            counted.push(kiosk_visit::Counted {
                item_id: self.items[item],
                expected: there,
                sold,
                good,
                damaged,
                still: left,
                unit_price: Rupiah(price),
            });
        }
        let owed: i64 = lines.iter().map(|line| self.model.as_sold(n, line) * line.net).sum();
        let owes = self.model.kiosk_owes(n) + owed;
        let cash = if self.rng.random_bool(0.4) { 0 } else { self.rng.random_range(0..=owes) };
        let new = NewVisit {
            lines: counted,
            missing_owed,
            reason: Some("Banjir".into()),
            collected: Rupiah(cash),
            ..NewVisit::default()
        };
        let key = format!("walk:{}", self.n);
        // A line that loses answers: the same visit is told once or twice.
        let told = self.rng.random_range(1..3);
        let mut id = None;
        for _ in 0..told {
            let tx = self.begin().await;
            let told = self.told(&key);
            let answer = kiosk_visit::accept(&tx, &self.stand.shop.clock, told, self.kiosks[n].id, &new).await;
            if lines.is_empty() && cash == 0 {
                return refused(answer.map(|_| ()), "kiosk.nothing_told");
            }
            id = Some(answer.expect("visited").id);
            tx.commit().await.expect("it stands");
        }
        let told = self.model.visit(n, &lines, cash);
        self.visits.push(Visit { id: id.expect("a visit"), kiosk: n, told });
        let sum = |of: fn(&Counted) -> i64| lines.iter().map(of).sum::<i64>();
        for (what, pieces) in [
            ("sold by kiosks", sum(|line| line.sold)),
            ("came home from a kiosk", sum(|line| line.good)),
            ("broken in kiosks", sum(|line| line.damaged)),
            ("lost in kiosks", sum(|line| line.missing)),
            ("cash alone from a kiosk", i64::from(lines.is_empty())),
        ] {
            if pieces > 0 {
                self.count(what);
            }
        }
        self.count("visits");
    }

    /// The latest visit to a kiosk is taken back, or an older one is not.
    pub(super) async fn takes_visit_back(&mut self) {
        let Some(at) = self.any(self.visits.len()) else { return };
        let (id, n) = (self.visits[at].id, self.visits[at].kiosk);
        let latest = self.visits.iter().rposition(|visit| visit.kiosk == n);
        if latest != Some(at) {
            let (key, tx) = (format!("walk:{}:older", self.n), self.begin().await);
            let (clock, kiosk) = (&self.stand.shop.clock, self.kiosks[n].id);
            let answer = kiosk_visit::void(&tx, clock, self.told(&key), kiosk, id, "Salah hitung").await;
            refused(answer, "kiosk.later_first");
        }
        if let Some(at) = latest {
            self.takes_back(at).await;
        }
    }

    async fn takes_back(&mut self, at: usize) {
        let (id, n) = (self.visits[at].id, self.visits[at].kiosk);
        let key = format!("walk:{}", self.n);
        let tx = self.begin().await;
        let told = self.told(&key);
        let answer = kiosk_visit::void(&tx, &self.stand.shop.clock, told, self.kiosks[n].id, id, "Salah hitung").await;
        let visit = self.visits[at].told.clone();
        if !self.model.void(n, &visit) {
            refused(answer, "kiosk.home_gone");
            return self.count("visits whose goods went on");
        }
        answer.expect("taken back");
        tx.commit().await.expect("it stands");
        self.visits.remove(at);
        self.count("visits taken back");
    }
}
