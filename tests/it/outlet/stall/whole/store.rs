//! What is carried from place to place, packed anew, and counted.
use chrono::{DateTime, Utc};
use entity::Rupiah;
use rand::RngExt;
use warong::outlet::{
    count::{self, Cause, Explained},
    repacking::{self, NewRepacking},
    store::{self, Carry},
};

use super::{
    GRAMS, KIN, KINDS, Walk,
    pencil::{Line, Under},
    shelves::{PLACES, SHELF},
};
use crate::outlet::purchase::refused;

/// A place that is being counted.
pub struct Sheet {
    id: i64,
    place: usize,
    at: DateTime<Utc>,
    /// All that was written before.
    since: usize,
    /// Which goods, how much there was, and how much the books said.
    lines: Vec<(usize, i64, i64)>,
}

impl Walk {
    /// From one place to another.
    pub async fn carries(&mut self) -> bool {
        let (item, from, further) = (self.any(KINDS), self.any(PLACES), 1 + self.any(PLACES - 1));
        let there = self.shelves.there(item, from);
        if there == 0 {
            return false;
        }
        let quantity = 1 + self.chance(there);
        let (to, stand) = ((from + further) % PLACES, &self.stall.granary.stand);
        let new =
            Carry { item_id: self.items[item], from: self.places[from], to: self.places[to], quantity, is_sure: false };
        let tx = stand.begin().await;
        store::carry(&tx, &stand.shop.clock, &stand.outlet, new, stand.operator_id).await.expect("carried");
        tx.commit().await.expect("it stands");
        let now = self.now();
        self.shelves.carries(item, (from, to), quantity, now);
        self.did("carrying");
        true
    }

    /// A sack into bags, bags into others, or back into a heap; a little is lost, and the bags cost something.
    pub async fn packs(&mut self) -> bool {
        let kin = KIN[self.any(2)];
        let (item, from, into) = (kin[self.any(kin.len())], self.any(PLACES), self.any(PLACES));
        let there = self.shelves.there(item, from);
        let least = if GRAMS[item] == 1 { 6_000 } else { 1 };
        if there < least {
            return false;
        }
        let n = least + self.chance((there - least) / 2 + 1);
        let grams = n * GRAMS[item];
        let (mut made, mut left) = (Vec::new(), grams);
        for other in kin.iter().copied().filter(|other| *other != item) {
            let most = left / GRAMS[other];
            // Mostly nearly all of it.
            let n = if self.chance(3) == 0 { self.chance(most + 1) } else { most - self.chance(most / 50 + 1) };
            if n > 0 {
                left -= n * GRAMS[other];
                made.push((other, n, n * GRAMS[other]));
            }
        }
        if made.is_empty() {
            return false;
        }
        let bags = self.chance(3_000);
        let (stand, key) = (&self.stall.granary.stand, self.key());
        let new = NewRepacking {
            item_id: self.items[item],
            place_id: self.places[from],
            quantity: n,
            made: made.iter().map(|(other, n, _)| (self.items[*other], *n)).collect(),
            into_place_id: self.places[into],
            reason: Some("tumpah".into()),
            is_sure: true,
            bag_cost: Rupiah(bags),
        };
        let tx = stand.begin().await;
        let (clock, by) = (&stand.shop.clock, stand.operator_id);
        repacking::pack(&tx, clock, &stand.outlet, &new, by, &key).await.expect("packed");
        tx.commit().await.expect("it stands");
        let now = self.now();
        let taken = self.shelves.takes((item, from), n, now);
        let keeps = taken.iter().map(|(k, _)| self.shelves.lots[*k].keeps).min().expect("a lot");
        for (other, n, _) in &made {
            self.shelves.lays((*other, into), *n, keeps, now);
        }
        self.did(if GRAMS[item] > 1 { "bags opened" } else { "packing" });
        self.pencil.notes(now, Line::Packed { item, n, grams, made, bags });
        self.purse.cash -= bags;
        true
    }

    /// Some goods of a place are counted; later the differences are booked, while the tills go on.
    pub async fn counts(&mut self) -> bool {
        match self.sheet.take() {
            None => self.writes_a_sheet().await,
            Some(sheet) => self.books_a_sheet(sheet).await,
        }
        true
    }

    async fn writes_a_sheet(&mut self) {
        let place = self.any(PLACES);
        let mut lines = Vec::new();
        for (item, grams) in GRAMS.into_iter().enumerate() {
            if self.chance(2) == 0 && !(item + 1 == KINDS && lines.is_empty()) {
                continue;
            }
            let books = self.shelves.there(item, place);
            // What the tills did not tell yet is gone from the shelf all the same.
            let there = if place == SHELF { self.stands(item) } else { books };
            let off = if grams == 1 { 400 } else { 1 };
            let counted = there + self.dice.random_range(-off..=off) * self.chance(3).min(1);
            lines.push((item, counted.max(0), books));
        }
        let stand = &self.stall.granary.stand;
        let (tx, clock, by) = (stand.begin().await, &stand.shop.clock, stand.operator_id);
        let id = count::open(&tx, clock, &stand.outlet, self.places[place], by).await.expect("a sheet");
        let counted: Vec<(i64, i64)> = lines.iter().map(|(item, counted, _)| (self.items[*item], *counted)).collect();
        count::write(&tx, clock, &stand.outlet, id, &counted, by).await.expect("counted");
        tx.commit().await.expect("it stands");
        self.sheet = Some(Sheet { id, place, at: self.now(), since: self.shelves.written(), lines });
        self.did("count");
    }

    async fn books_a_sheet(&mut self, sheet: Sheet) {
        let late = |item| self.shelves.told_late((item, sheet.place), sheet.since, sheet.at);
        let found: Vec<(usize, i64)> =
            sheet.lines.iter().map(|(item, counted, books)| (*item, counted - books - late(*item))).collect();
        let is_less = found.iter().any(|(item, n)| *n < 0 && self.shelves.there(*item, sheet.place) + n < 0);
        let causes = [Cause::Shrunk, Cause::Spilled, Cause::Mice, Cause::Miscounted, Cause::Theft, Cause::Other];
        let why = |n: usize| -> Explained { (causes[n % causes.len()], Some("dicari".into())) };
        let explained = found.iter().enumerate().map(|(n, (item, _))| (self.items[*item], why(n))).collect();
        let stand = &self.stall.granary.stand;
        let (clock, by) = (&stand.shop.clock, stand.operator_id);
        let tx = stand.begin().await;
        let booked = count::book(&tx, clock, &stand.outlet, sheet.id, &explained, by).await;
        if is_less {
            assert_eq!(refused(booked.expect_err("more is missing than is there")), "count.sold_since");
            drop(tx);
            let tx = stand.begin().await;
            count::call_off(&tx, clock, &stand.outlet, sheet.id, by).await.expect("called off");
            tx.commit().await.expect("it stands");
            self.did("count called off");
            return;
        }
        booked.expect("booked");
        tx.commit().await.expect("it stands");
        let now = self.now();
        for (item, n) in found {
            let here = (item, sheet.place);
            match n {
                0 => self.did("counted line without a difference"),
                1.. => {
                    let keeps = self.shelves.newest_keeps(item, sheet.place, self.stall.granary.today());
                    self.shelves.lays(here, n, keeps, now);
                    self.pencil.notes(now, Line::Found { item, n, under: Under::Loss });
                    self.did("counted line with more");
                }
                _ => {
                    self.shelves.takes(here, -n, now);
                    self.pencil.notes(now, Line::Went { item, n: -n, under: Under::Loss });
                    self.did("counted line with less");
                }
            }
        }
        self.did("count booked");
    }
}
