//! Who can make how many until when, and with it the day the shop promises. This is the one place that says so.
//!
//! A household works at its pace on one thing after the other: what it was given of an item, and what it has to make of
//! other things. Pieces that were ordered and that nobody was given yet stand before any new ones.
use std::collections::HashMap;

use chrono::{Days, NaiveDate};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, FromQueryResult, Statement, sea_query::OnConflict};

use crate::{clock::Clock, db::Tx, error::Result};
use entity::pace;

/// A promise never reaches further than this.
const MOST_DAYS: i64 = 3650;
/// Work that is before a household is counted in thousandths of a day.
const DAY: i64 = 1000;

/// A household that makes an item, with what it has to do before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Maker {
    /// None: the outlet's own goods.
    pub crafter_id: Option<i64>,
    pub per_week: i64,
    /// Pieces of this item it was given and has not handed in.
    pub given: i64,
    /// What it has to make of other things, in thousandths of a day.
    pub busy: i64,
}

impl Maker {
    /// How many more it can make in so many days.
    pub fn room(&self, days: i64) -> i64 {
        let free = i128::from(days.max(0)) * i128::from(DAY) - i128::from(self.busy);
        let made = free.max(0) * i128::from(self.per_week.max(0)) / i128::from(7 * DAY);
        i64::try_from(made - i128::from(self.given)).unwrap_or(i64::MAX).max(0)
    }
}

/// Everybody who makes an item.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pool {
    pub makers: Vec<Maker>,
    /// Pieces that were ordered and that nobody was given yet.
    pub waiting: i64,
}

impl Pool {
    /// One household with nothing else to do.
    pub fn of_one(per_week: i64) -> Pool {
        Pool { makers: vec![Maker { per_week, ..Maker::default() }], waiting: 0 }
    }

    /// How many more all of them can make in so many days, after what waits.
    pub fn room(&self, days: i64) -> i64 {
        let all = self.makers.iter().fold(0_i64, |sum, maker| sum.saturating_add(maker.room(days)));
        all.saturating_sub(self.waiting).max(0)
    }

    /// Days until so many more are made; none when nobody says at what pace.
    pub fn days_for(&self, pieces: i64) -> Option<i64> {
        if self.makers.iter().all(|maker| maker.per_week < 1) {
            return None;
        }
        let enough = |days: i64| self.room(days) >= pieces;
        let (mut least, mut most) = (0, MOST_DAYS);
        while least < most {
            let middle = least + (most - least) / 2;
            if enough(middle) {
                most = middle;
            } else {
                least = middle + 1;
            }
        }
        Some(least)
    }
}

/// Days until `pieces` more are made: at least what one piece takes.
pub fn days_until(days_to_make: i64, pool: &Pool, pieces: i64) -> i64 {
    days_to_make.max(pool.days_for(pieces).unwrap_or(0)).clamp(0, MOST_DAYS)
}

/// So many days after today.
pub fn after(today: NaiveDate, days: i64) -> NaiveDate {
    today.checked_add_days(Days::new(days.unsigned_abs())).unwrap_or(today)
}

/// Who makes an item at what pace: what each household said, and the product's own crafter at the product's pace where
/// they said nothing.
const PACES: &str = "SELECT s.item_id, s.crafter_id, s.pieces_per_week AS per_week FROM pace s \
    UNION ALL SELECT i.id, p.crafter_id, p.pieces_per_week FROM item i JOIN product p ON p.id = i.product_id \
    WHERE p.pieces_per_week > 0 AND NOT EXISTS \
    (SELECT 1 FROM pace s WHERE s.item_id = i.id AND s.crafter_id = p.crafter_id)";

/// What a household was given and has not handed in, by item; an offer counts until it is answered.
const GIVEN: &str = "SELECT c.item_id, a.crafter_id, a.pieces - COALESCE((SELECT SUM(t.received) FROM lot t \
    JOIN intake n ON n.id = t.intake_id WHERE n.assignment_id = a.id AND n.reversed_at IS NULL AND t.origin_id IS NULL), 0) AS pieces \
    FROM assignment a JOIN commission c ON c.id = a.commission_id JOIN \"order\" o ON o.id = c.order_id \
    WHERE a.state IN ('offered', 'accepted') AND c.closed_at IS NULL AND o.state = 'placed'";

/// What of orders is to be made and was given to nobody, by item and the product's own crafter.
const WAITING: &str = "SELECT l.item_id, p.crafter_id, (CASE WHEN l.to_make < l.quantity - l.cancelled - l.packed \
    THEN l.to_make ELSE l.quantity - l.cancelled - l.packed END) - COALESCE((SELECT SUM(a.pieces) FROM assignment a \
    JOIN commission c ON c.id = a.commission_id WHERE c.order_line_id = l.id AND a.state IN ('offered', 'accepted')), 0) \
    AS pieces FROM order_line l JOIN \"order\" o ON o.id = l.order_id JOIN item i ON i.id = l.item_id \
    JOIN product p ON p.id = i.product_id WHERE o.state = 'placed' AND l.to_make > 0";

#[derive(FromQueryResult)]
struct Pace {
    item_id: i64,
    crafter_id: Option<i64>,
    per_week: i64,
}

#[derive(FromQueryResult)]
struct Load {
    item_id: i64,
    crafter_id: Option<i64>,
    pieces: i64,
    is_given: bool,
    /// At what pace this crafter makes it; none where nobody said.
    per_week: Option<i64>,
}

/// Everybody who makes each of these, in three statements at most. Items that nobody named a pace for are absent.
pub async fn pools(db: &impl ConnectionTrait, item_ids: &[i64]) -> Result<HashMap<i64, Pool>> {
    if item_ids.is_empty() {
        return Ok(HashMap::new());
    }
    let items = list(item_ids);
    let backend = db.get_database_backend();
    let sql = format!("SELECT * FROM ({PACES}) AS paces WHERE item_id IN ({items}) ORDER BY item_id, crafter_id");
    let paces = Pace::find_by_statement(Statement::from_string(backend, sql)).all(db).await?;
    let mut pools: HashMap<i64, Pool> = HashMap::new();
    for pace in &paces {
        let maker = Maker { crafter_id: pace.crafter_id, per_week: pace.per_week, ..Maker::default() };
        pools.entry(pace.item_id).or_default().makers.push(maker);
    }
    let crafters: Vec<i64> = paces.iter().filter_map(|pace| pace.crafter_id).collect();
    let whose = if crafters.is_empty() { String::new() } else { format!(" OR w.crafter_id IN ({})", list(&crafters)) };
    let sql = format!(
        "SELECT w.item_id, w.crafter_id, CAST(SUM(w.pieces) AS BIGINT) AS pieces, w.is_given, MAX(k.per_week) AS per_week \
         FROM (SELECT item_id, crafter_id, pieces, TRUE AS is_given FROM ({GIVEN}) AS given WHERE pieces > 0 \
         UNION ALL SELECT item_id, crafter_id, pieces, FALSE FROM ({WAITING}) AS waiting WHERE pieces > 0) AS w \
         LEFT JOIN ({PACES}) AS k ON k.item_id = w.item_id AND k.crafter_id = w.crafter_id \
         WHERE w.item_id IN ({items}){whose} GROUP BY w.item_id, w.crafter_id, w.is_given"
    );
    let loads = Load::find_by_statement(Statement::from_string(backend, sql)).all(db).await?;
    for (item_id, pool) in &mut pools {
        pool.bear(*item_id, &loads);
    }
    Ok(pools)
}

/// The same of one item.
pub async fn pool(db: &impl ConnectionTrait, item_id: i64) -> Result<Pool> {
    Ok(pools(db, &[item_id]).await?.remove(&item_id).unwrap_or_default())
}

impl Pool {
    /// Puts what is to be done before new pieces on whoever has to do it.
    fn bear(&mut self, item_id: i64, loads: &[Load]) {
        for load in loads {
            if load.item_id == item_id && !load.is_given {
                self.waiting = self.waiting.saturating_add(load.pieces);
                continue;
            }
            let does_it = |maker: &&mut Maker| maker.crafter_id.is_some() && maker.crafter_id == load.crafter_id;
            let Some(maker) = self.makers.iter_mut().find(does_it) else { continue };
            if load.item_id == item_id {
                maker.given = maker.given.saturating_add(load.pieces);
            } else if let Some(pace) = load.per_week.filter(|pace| *pace > 0) {
                let work = load.pieces.saturating_mul(7 * DAY).saturating_add(pace - 1) / pace;
                maker.busy = maker.busy.saturating_add(work);
            }
        }
    }
}

/// Numbers from our own tables as a list in a statement.
fn list(ids: &[i64]) -> String {
    ids.iter().map(i64::to_string).collect::<Vec<_>>().join(", ")
}

/// A household says how many of an item it makes in a week; zero is "not now". What the shop promises has changed.
pub async fn say(tx: &Tx, clock: &Clock, crafter_id: i64, item_id: i64, per_week: i64, by: i64) -> Result<()> {
    let row = pace::ActiveModel {
        crafter_id: Set(crafter_id),
        item_id: Set(item_id),
        pieces_per_week: Set(per_week),
        person_id: Set(by),
        said_at: Set(clock.now()),
        ..Default::default()
    };
    let again = OnConflict::columns([pace::Column::CrafterId, pace::Column::ItemId])
        .update_columns([pace::Column::PiecesPerWeek, pace::Column::PersonId, pace::Column::SaidAt])
        .to_owned();
    pace::Entity::insert(row).on_conflict(again).exec_without_returning(tx).await?;
    tx.changes_what_is_shown();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn maker(per_week: i64, given: i64, busy_days: i64) -> Maker {
        Maker { crafter_id: Some(1), per_week, given, busy: busy_days * DAY }
    }

    #[test]
    fn many_pieces_take_as_long_as_the_household_needs() {
        assert_eq!(days_until(3, &Pool::of_one(14), 1), 3);
        assert_eq!(days_until(3, &Pool::of_one(14), 9), 5);
        assert_eq!(days_until(3, &Pool::default(), 100), 3);
        assert_eq!(days_until(0, &Pool::of_one(0), i64::MAX), 0);
        assert_eq!(days_until(2, &Pool::of_one(1), i64::MAX), MOST_DAYS);
        let today = NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
        assert_eq!(after(today, 5), NaiveDate::from_ymd_opt(2026, 11, 26).unwrap());
    }

    #[test]
    fn what_is_to_be_made_already_comes_first() {
        assert_eq!(Pool { waiting: 5, ..Pool::of_one(14) }.days_for(9), Some(7));
        let pool = Pool { makers: vec![maker(14, 6, 0), maker(7, 0, 4)], waiting: 0 };
        // In a week the first makes 14 less 6, the second 3 after four days of other work.
        assert_eq!((pool.room(7), pool.days_for(11), pool.days_for(12)), (11, Some(7), Some(8)));
        assert_eq!((maker(3, 1, 0).room(7), maker(3, 0, 9).room(7), maker(0, 0, 0).room(99)), (2, 0, 0));
    }

    #[test]
    fn loads_fall_on_whoever_has_to_do_them() {
        let load = |item_id, crafter_id, pieces, is_given| Load {
            item_id,
            crafter_id: Some(crafter_id),
            pieces,
            is_given,
            per_week: Some(7),
        };
        let mut pool =
            Pool { makers: vec![Maker { crafter_id: Some(1), per_week: 10, ..Maker::default() }], waiting: 0 };
        pool.bear(5, &[load(5, 1, 4, true), load(5, 2, 9, false), load(6, 1, 2, false), load(6, 2, 50, true)]);
        assert_eq!((pool.waiting, pool.makers[0].given, pool.makers[0].busy), (9, 4, 2 * DAY));
    }
}
