//! What somebody says was bought, and whether it can have been so.
use chrono::{Days, NaiveDate};

use super::supplier::Source;
use crate::{
    clock::Clock,
    error::{Refusal, Result},
};
use entity::Rupiah;

/// Most lines of one purchase, packs of a line, and grams, millilitres or pieces of a pack.
pub const MOST_LINES: usize = 20;
pub const MOST_PACKS: i64 = 10_000;
pub const MOST_IN_PACK: i64 = 10_000_000;
/// A line of ten tonnes (or as many litres) is a slip of the finger, and so are so many pieces.
pub const MOST_OF_LINE: i64 = 9_999_999;
pub const MOST_PIECES: i64 = 99_999;
/// The dearest line, and the dearest way here.
pub const DEAREST: i64 = 1_000_000_000;
/// So many days ago it may have been at most.
pub const DAYS_BACK: u64 = 366;

/// What was bought.
#[derive(Clone, Debug)]
pub struct NewPurchase {
    pub supplier_id: i64,
    pub note_number: Option<String>,
    pub bought_on: NaiveDate,
    pub lines: Vec<NewLine>,
    /// What the way here cost, for all lines together.
    pub freight: Rupiah,
    /// Lines that cost far more or less than the last time, and are meant so.
    pub sure: Vec<usize>,
    /// What was paid at once.
    pub paid: Option<Paid>,
}

/// Money that was given when the goods came.
#[derive(Clone, Debug)]
pub struct Paid {
    /// None: all that the purchase cost, less what lay with the supplier already.
    pub amount: Option<Rupiah>,
    pub source: Source,
    /// The transfer's reference.
    pub reference: Option<String>,
}

/// So many packs of one item.
#[derive(Clone, Debug)]
pub struct NewLine {
    pub item_id: i64,
    /// "karung"; empty when it was bought as it is counted.
    pub pack_name: String,
    pub packs: i64,
    /// What is in a pack, in what the item counts.
    pub pack_quantity: i64,
    /// Of the whole line.
    pub price: Rupiah,
    pub expires_on: Option<NaiveDate>,
    pub batch: Option<String>,
}

/// The items of the lines.
pub(super) fn ids(lines: &[NewLine]) -> Vec<i64> {
    lines.iter().map(|line| line.item_id).collect()
}

/// Whether it can have been so.
pub(super) fn judge(clock: &Clock, new: &NewPurchase) -> Result<()> {
    let today = clock.today();
    let oldest = today.checked_sub_days(Days::new(DAYS_BACK)).unwrap_or(today);
    if new.lines.is_empty() {
        return Err(Refusal::invalid("purchase.nothing").into());
    }
    if new.lines.len() > MOST_LINES {
        return Err(Refusal::invalid("purchase.too_much").into());
    }
    if new.bought_on > today || new.bought_on < oldest {
        return Err(Refusal::invalid("purchase.day").into());
    }
    for line in &new.lines {
        let quantity = line.packs.checked_mul(line.pack_quantity);
        let fits = |n: i64, most: i64| (1..=most).contains(&n);
        if !fits(line.packs, MOST_PACKS)
            || !fits(line.pack_quantity, MOST_IN_PACK)
            || !quantity.is_some_and(|quantity| fits(quantity, MOST_OF_LINE))
        {
            return Err(Refusal::invalid("purchase.too_much").into());
        }
        if !(0..=DEAREST).contains(&line.price.0) {
            return Err(Refusal::invalid("purchase.too_dear").into());
        }
        if line.expires_on.is_some_and(|day| day < new.bought_on) {
            return Err(Refusal::invalid("purchase.expired").into());
        }
    }
    if !(0..=DEAREST).contains(&new.freight.0) {
        return Err(Refusal::invalid("purchase.too_dear").into());
    }
    Ok(())
}

/// What all lines cost together.
pub(super) fn sum(lines: &[NewLine]) -> Result<Rupiah> {
    let sum = lines.iter().try_fold(0_i64, |sum, line| sum.checked_add(line.price.0));
    Ok(Rupiah(sum.ok_or_else(|| Refusal::invalid("purchase.too_dear"))?))
}
