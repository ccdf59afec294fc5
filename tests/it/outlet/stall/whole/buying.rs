//! What is bought, paid, given back, and taken out of the books again.
use chrono::{Duration, NaiveDate, NaiveTime};
use entity::Rupiah;
use warong::outlet::{
    purchase::{self, NewLine, NewPurchase, Paid},
    purchase_return::{self, NewReturn},
    purchase_reversal,
    supplier::{self, NewPayment, Source},
};

use super::{
    GRAMS, KINDS, Walk,
    pencil::{Line, Under, shared},
    shelves::SHELF,
};
use crate::outlet::purchase::refused;

/// A purchase as the supplier's note says it.
pub struct Note {
    id: i64,
    supplier: usize,
    lines: Vec<NoteLine>,
    went_back: bool,
    reversed: bool,
}

#[derive(Clone, Copy)]
pub struct NoteLine {
    pub item: usize,
    pub n: i64,
    /// With its part of the way here.
    pub cost: i64,
    /// Without it.
    pub price: i64,
    pub lot: usize,
    pub credited: i64,
}

impl Note {
    pub fn new(id: i64, supplier: usize, lines: Vec<NoteLine>) -> Note {
        Note { id, supplier, lines, went_back: false, reversed: false }
    }
}

impl Walk {
    pub fn key(&self) -> String {
        self.stall.granary.key()
    }

    /// Up to four lines from one supplier, a third of them days ago, paid now in part or owed.
    pub async fn buys(&mut self) -> bool {
        let supplier = self.any(2);
        let back = if self.chance(3) == 0 { 1 + self.chance(3) } else { 0 };
        let on = self.stall.granary.today() - Duration::days(back);
        let goods: Vec<(usize, NewLine)> = (0..=self.any(4)).map(|_| self.some_packs(on)).collect();
        let prices: Vec<i64> = goods.iter().map(|(_, line)| line.price.0).collect();
        let freight = self.chance(30_000);
        let total = prices.iter().sum::<i64>() + freight;
        let owed = self.purse.owed[supplier] + total;
        let mut new = NewPurchase {
            supplier_id: self.suppliers[supplier].id,
            note_number: None,
            bought_on: on,
            lines: goods.iter().map(|(_, line)| line.clone()).collect(),
            freight: Rupiah(freight),
            sure: Vec::new(),
            paid: None,
        };
        if owed > 0 && total > 0 && self.chance(2) == 0 {
            let amount = 1 + self.chance(owed.min(total));
            new.paid =
                Some(Paid { amount: Some(Rupiah(amount)), source: self.pays_out(supplier, amount), reference: None });
        }
        let id = self.stall.granary.buys(&new).await.expect("a purchase").id;
        // What was bought on an earlier day was there when that day began in Jember, seven hours before UTC.
        let began = on.and_time(NaiveTime::MIN).and_utc() - Duration::hours(7);
        let came = if back == 0 { self.now() } else { began };
        let mut lines = Vec::new();
        for ((item, line), part) in goods.iter().zip(shared(freight, &prices)) {
            let (n, cost) = (line.packs * line.pack_quantity, line.price.0 + part);
            let lot = self.shelves.lays((*item, SHELF), n, line.expires_on.unwrap_or(NaiveDate::MAX), came);
            self.pencil.notes(came, Line::Bought { note: self.notes.len(), item: *item, n, cost });
            lines.push(NoteLine { item: *item, n, cost, price: line.price.0, lot, credited: 0 });
        }
        self.purse.owed[supplier] += total;
        self.notes.push(Note::new(id, supplier, lines));
        self.did(if back == 0 { "purchase" } else { "purchase of before" });
        true
    }

    fn some_packs(&mut self, on: NaiveDate) -> (usize, NewLine) {
        let item = self.any(KINDS);
        let (packs, pack_quantity) = if GRAMS[item] > 1 {
            (1, 1 + self.chance(if GRAMS[item] > 1_000 { 12 } else { 40 }))
        } else if self.chance(2) == 0 {
            (1 + self.chance(3), 25_000)
        } else {
            (1, 1 + self.chance(60_000))
        };
        let grams = packs * pack_quantity * GRAMS[item];
        let price =
            if self.chance(40) == 0 { 0 } else { grams * (9_000 + self.chance(5_000)) / 1_000 + self.chance(1_000) };
        // The walk ends before any of it is past its day.
        let keeps = (self.chance(2) == 0).then(|| on + Duration::days(500 + self.chance(90)));
        let pack_name = if packs > 1 { "karung" } else { "" };
        let line = NewLine {
            item_id: self.items[item],
            pack_name: pack_name.into(),
            packs,
            pack_quantity,
            price: Rupiah(price),
            expires_on: keeps,
            batch: None,
        };
        (item, line)
    }

    /// Money leaves the box or the bank account for a supplier.
    fn pays_out(&mut self, supplier: usize, amount: i64) -> Source {
        self.purse.owed[supplier] -= amount;
        if self.chance(2) == 0 {
            self.purse.cash -= amount;
            Source::Cash
        } else {
            self.purse.bank -= amount;
            Source::Bank
        }
    }

    pub async fn pays(&mut self) -> bool {
        let supplier = self.any(2);
        if self.purse.owed[supplier] < 1 {
            return false;
        }
        let amount = 1 + self.chance(self.purse.owed[supplier]);
        let source = self.pays_out(supplier, amount);
        let payment = NewPayment { amount: Rupiah(amount), source, reference: None, purchase_id: None };
        let (stand, key) = (&self.stall.granary.stand, self.key());
        let tx = stand.begin().await;
        let to = &self.suppliers[supplier];
        supplier::pay(&tx, &stand.shop.clock, to, &payment, stand.operator_id, &key).await.expect("paid");
        tx.commit().await.expect("it stands");
        self.did("payment to a supplier");
        true
    }

    /// One of the last notes.
    fn some_note(&mut self, last: usize) -> usize {
        let among = self.notes.len().min(last);
        self.notes.len() - 1 - self.any(among)
    }

    /// Part of one or more lines goes back, and the supplier takes something off.
    pub async fn gives_back(&mut self) -> bool {
        let note = self.some_note(8);
        if self.notes[note].reversed {
            return false;
        }
        let mut lines = Vec::new();
        for n in 0..self.notes[note].lines.len() {
            let NoteLine { lot, price, credited, n: all, .. } = self.notes[note].lines[n];
            let left = self.shelves.left_of(lot);
            if left > 0 && (lines.is_empty() || self.chance(2) == 0) {
                let quantity = match self.chance(4) {
                    0 => left,
                    1 => 1 + self.chance(left),
                    _ => 1 + self.chance((left / 5).max(1)),
                };
                // What so much of it had cost, half a rupiah rounded up, and no more than all of it in all.
                let most = ((2 * price * quantity + all) / (2 * all)).min(price - credited).max(0);
                lines.push((n, quantity, self.chance(most + 1)));
            }
        }
        if lines.is_empty() {
            return false;
        }
        let (stand, key, id) = (&self.stall.granary.stand, self.key(), self.notes[note].id);
        let tx = stand.begin().await;
        let whole = purchase::read(&tx, stand.outlet.id, id).await.expect("a purchase");
        let line = |(n, quantity, credit): &(usize, i64, i64)| purchase_return::NewLine {
            lot_id: None,
            line_id: whole.lines[*n].id,
            quantity: *quantity,
            credit: Rupiah(*credit),
        };
        let new = NewReturn { lines: lines.iter().map(line).collect(), reason: "berkutu".into() };
        let (clock, by) = (&stand.shop.clock, stand.operator_id);
        purchase_return::give_back(&tx, clock, &stand.outlet, id, &new, by, &key).await.expect("given back");
        tx.commit().await.expect("it stands");
        let now = self.now();
        for (n, quantity, credit) in lines {
            let (item, lot) = (self.notes[note].lines[n].item, self.notes[note].lines[n].lot);
            self.notes[note].lines[n].credited += credit;
            let order = self.shelves.came_as(lot);
            let parts = self.shelves.takes_of(&order, quantity, now);
            self.pencil.notes(now, Line::Went { item, n: quantity, under: Under::Cost });
            self.purse.credited += credit;
            self.purse.owed[self.notes[note].supplier] -= credit;
            if parts.len() > 1 {
                self.did("return to a supplier out of several lots");
            }
        }
        self.notes[note].went_back = true;
        self.did("return to a supplier");
        true
    }

    /// A purchase goes out of the books, if all of it is still here.
    pub async fn takes_out_of_the_books(&mut self) -> bool {
        let note = self.some_note(3);
        let no = self.why_it_stays(note);
        let stand = &self.stall.granary.stand;
        let (tx, id, by) = (stand.begin().await, self.notes[note].id, stand.operator_id);
        let done = purchase_reversal::reverse(&tx, &stand.shop.clock, &stand.outlet, id, "salah tulis", by).await;
        if let Some(no) = no {
            assert_eq!(refused(done.expect_err("a refusal")), no);
            drop(tx);
            self.did("purchase that stays in the books");
            return true;
        }
        done.expect("out of the books");
        tx.commit().await.expect("it stands");
        let now = self.now();
        self.notes[note].reversed = true;
        self.pencil.crosses_out(note);
        for n in 0..self.notes[note].lines.len() {
            let (lot, was, cost) = {
                let line = &self.notes[note].lines[n];
                (line.lot, line.n, line.cost)
            };
            let order = self.shelves.came_as(lot);
            self.shelves.takes_of(&order, was, now);
            self.purse.owed[self.notes[note].supplier] -= cost;
        }
        self.did("purchase out of the books");
        true
    }

    fn why_it_stays(&self, note: usize) -> Option<&'static str> {
        let note = &self.notes[note];
        let is_partly = |line: &NoteLine| self.shelves.left_of(line.lot) < line.n;
        if note.reversed {
            return Some("purchase.reversed");
        }
        if note.went_back {
            return Some("purchase.partly_back");
        }
        note.lines.iter().any(is_partly).then_some("purchase.partly_gone")
    }
}
