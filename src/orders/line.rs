//! One line of a basket: what it costs, what is left of it, and what has changed since the buyer saw it.
use chrono::NaiveDate;

use super::shipping::Piece;
use crate::catalogue::capacity::{self, Pool};
use entity::{Rupiah, item, product};

/// One item of a basket, as it is now and as the buyer saw it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The row in the basket; 0 for a line that is in none.
    pub id: i64,
    pub item: item::Model,
    pub product: product::Model,
    pub quantity: i64,
    pub price_seen: Rupiah,
    /// Pieces on the shelf that nobody was promised.
    pub available: i64,
    /// Who makes more of it, where it has to be made.
    pub pool: Pool,
}

/// Why a line cannot be ordered as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    Withdrawn,
    Price { seen: Rupiah, now: Rupiah },
    OnlyLeft(i64),
}

impl Line {
    /// "Keranjang sampah anyam, Besar".
    pub fn name(&self) -> String {
        if self.item.name.is_empty() {
            self.product.name.clone()
        } else {
            format!("{}, {}", self.product.name, self.item.name)
        }
    }

    /// Whether the maker makes more of it when the shelf is empty.
    pub fn can_be_made(&self) -> bool {
        self.product.days_to_make.is_some()
    }

    /// Pieces that must be made first.
    pub fn to_make(&self) -> i64 {
        if self.can_be_made() { (self.quantity - self.available.max(0)).max(0) } else { 0 }
    }

    /// Days until the pieces to be made are done, if there are any.
    pub fn days_until_ready(&self) -> Option<i64> {
        let days = self.product.days_to_make?;
        (self.to_make() > 0).then(|| capacity::days_until(days, &self.pool, self.to_make()))
    }

    /// The day on which the pieces to be made are done, if there are any.
    pub fn ready_on(&self, today: NaiveDate) -> Option<NaiveDate> {
        Some(capacity::after(today, self.days_until_ready()?))
    }

    pub fn trouble(&self) -> Option<Trouble> {
        if self.product.state != product::State::Published || self.item.archived_at.is_some() {
            return Some(Trouble::Withdrawn);
        }
        if !self.can_be_made() && self.available < self.quantity {
            return Some(Trouble::OnlyLeft(self.available.max(0)));
        }
        (self.item.price != self.price_seen).then_some(Trouble::Price { seen: self.price_seen, now: self.item.price })
    }

    /// What the pieces cost now.
    pub fn total(&self) -> Rupiah {
        Rupiah(self.item.price.0.saturating_mul(self.quantity))
    }

    pub fn piece(&self) -> Piece {
        Piece::of(&self.item, self.quantity)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::orders::example;

    #[test]
    fn trouble_is_seen_before_it_is_ordered() {
        let line = example::line(1, "Keranjang sampah anyam", 3, 28_000);
        assert_eq!(line.trouble(), None);
        let dearer = Line { price_seen: Rupiah(25_000), ..line.clone() };
        assert_eq!(dearer.trouble(), Some(Trouble::Price { seen: Rupiah(25_000), now: Rupiah(28_000) }));
        let last = Line { available: 2, ..line.clone() };
        assert_eq!(last.trouble(), Some(Trouble::OnlyLeft(2)));
        let mut gone = line;
        gone.product.state = product::State::Withdrawn;
        assert_eq!(gone.trouble(), Some(Trouble::Withdrawn));
    }

    #[test]
    fn what_is_not_on_the_shelf_is_made() {
        let mut line = example::line(1, "Kursi bambu", 10, 150_000);
        line.available = 3;
        line.product.days_to_make = Some(4);
        line.pool = Pool::of_one(2);
        assert_eq!((line.trouble(), line.to_make()), (None, 7));
        let today = NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
        assert_eq!(line.ready_on(today), NaiveDate::from_ymd_opt(2026, 12, 16));
        line.pool.waiting = 1;
        assert_eq!(line.ready_on(today), NaiveDate::from_ymd_opt(2026, 12, 19));
        line.available = 10;
        assert_eq!(line.ready_on(today), None);
    }
}
