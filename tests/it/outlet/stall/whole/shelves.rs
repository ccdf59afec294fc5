//! What stands on the shelf, in the store room and in reserve, lot by lot, as somebody keeps it who knows only the rules:
//! what expires first goes first, then what came first.
use chrono::{DateTime, NaiveDate, Utc};

/// The shelf, the store room and the reserve.
pub const PLACES: usize = 3;
pub const SHELF: usize = 0;

#[derive(Clone, Copy)]
pub struct Lot {
    pub item: usize,
    pub place: usize,
    /// The lot it was carried away from, or itself.
    pub root: usize,
    /// The far end of time when it keeps for ever.
    pub keeps: NaiveDate,
    pub came: DateTime<Utc>,
    pub was: i64,
    pub left: i64,
}

#[derive(Default)]
pub struct Shelves {
    pub lots: Vec<Lot>,
    /// What came to a place or left it, in the order in which it was written.
    moves: Vec<(usize, usize, i64, DateTime<Utc>)>,
}

impl Shelves {
    pub fn there(&self, item: usize, place: usize) -> i64 {
        self.lots.iter().filter(|lot| lot.item == item && lot.place == place).map(|lot| lot.left).sum()
    }

    pub fn written(&self) -> usize {
        self.moves.len()
    }

    /// What happened before a moment and was written since.
    pub fn told_late(&self, (item, place): (usize, usize), since: usize, before: DateTime<Utc>) -> i64 {
        let late = self.moves[since..].iter().filter(|(i, p, _, at)| (*i, *p) == (item, place) && *at < before);
        late.map(|(_, _, n, _)| n).sum()
    }

    /// Goods come as a lot of their own.
    pub fn lays(&mut self, (item, place): (usize, usize), n: i64, keeps: NaiveDate, came: DateTime<Utc>) -> usize {
        self.moves.push((item, place, n, came));
        let root = self.lots.len();
        self.lots.push(Lot { item, place, root, keeps, came, was: n, left: n });
        root
    }

    /// Something was sold that nobody had written: it came, and all of it has gone.
    pub fn passes(&mut self, item: usize, n: i64, came: DateTime<Utc>) -> usize {
        let root = self.lots.len();
        self.lots.push(Lot { item, place: SHELF, root, keeps: NaiveDate::MAX, came, was: n, left: 0 });
        root
    }

    /// So much goes, or as much as there is; out of which lots.
    pub fn takes(&mut self, (item, place): (usize, usize), n: i64, at: DateTime<Utc>) -> Vec<(usize, i64)> {
        let standing = |lot: &Lot| lot.item == item && lot.place == place && lot.left > 0;
        let mut order: Vec<usize> = (0..self.lots.len()).filter(|k| standing(&self.lots[*k])).collect();
        order.sort_by_key(|k| (self.lots[*k].keeps, self.lots[*k].came, *k));
        self.takes_of(&order, n, at)
    }

    /// So much goes out of these lots, one after the other.
    pub fn takes_of(&mut self, order: &[usize], n: i64, at: DateTime<Utc>) -> Vec<(usize, i64)> {
        let mut open = n;
        let mut parts = Vec::new();
        for k in order {
            let part = open.min(self.lots[*k].left);
            if part > 0 {
                open -= part;
                self.lots[*k].left -= part;
                self.moves.push((self.lots[*k].item, self.lots[*k].place, -part, at));
                parts.push((*k, part));
            }
        }
        parts
    }

    /// Sold goods go back into a lot.
    pub fn puts_back(&mut self, k: usize, n: i64, at: DateTime<Utc>) {
        let lot = &mut self.lots[k];
        lot.left += n;
        assert!(lot.left <= lot.was, "more comes back than went");
        self.moves.push((lot.item, lot.place, n, at));
    }

    /// Goods go elsewhere: home into the lot they once left, or as a lot that is as old and keeps as long.
    pub fn carries(&mut self, item: usize, (from, to): (usize, usize), n: i64, at: DateTime<Utc>) {
        for (k, part) in self.takes((item, from), n, at) {
            let lot = self.lots[k];
            if lot.root != k && self.lots[lot.root].place == to {
                self.puts_back(lot.root, part, at);
            } else {
                self.moves.push((item, to, part, at));
                self.lots.push(Lot { place: to, was: part, left: part, ..lot });
            }
        }
    }

    /// What came as a lot, wherever it stands now, itself first.
    pub fn came_as(&self, root: usize) -> Vec<usize> {
        let carried = (root + 1..self.lots.len()).filter(|k| self.lots[*k].root == root);
        std::iter::once(root).chain(carried).collect()
    }

    pub fn left_of(&self, root: usize) -> i64 {
        self.came_as(root).iter().map(|k| self.lots[*k].left).sum()
    }

    /// How long it keeps that came last to a place, of what stands there and is good.
    pub fn newest_keeps(&self, item: usize, place: usize, today: NaiveDate) -> NaiveDate {
        let is_good = |lot: &Lot| lot.item == item && lot.place == place && lot.left > 0 && lot.keeps >= today;
        let here = self.lots.iter().enumerate().filter(|(_, lot)| is_good(lot));
        here.max_by_key(|(k, lot)| (lot.came, *k)).map_or(NaiveDate::MAX, |(_, lot)| lot.keeps)
    }
}
