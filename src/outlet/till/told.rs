//! What a till says in the bodies of its events.
use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::error::{Error, Refusal};
use entity::{Rupiah, sale_line::PriceOf, sale_return::Bearer, sale_tender::By, shift_cash::Way};

/// Most lines and tenders of one sale.
pub const MOST_LINES: usize = 60;
const MOST_TENDERS: usize = 8;
/// More than ten tonnes, as many litres or pieces, is a slip of the finger.
pub const MOST: i64 = 10_000_000;
/// The dearest line, sale and sum of cash.
pub const DEAREST: i64 = 1_000_000_000;
/// The longest word of a till, in characters.
const LONGEST: usize = 200;

/// Goods that were sold.
#[derive(Clone, Debug, Deserialize)]
pub struct Sale {
    pub shift: String,
    pub number: String,
    pub prices_at: Option<DateTime<Utc>>,
    pub lines: Vec<Line>,
    pub tenders: Vec<Tender>,
    pub total: Rupiah,
    pub member: Option<i64>,
    pub family: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Line {
    pub item: i64,
    pub quantity: i64,
    pub price: Rupiah,
    pub amount: Rupiah,
    #[serde(default)]
    pub price_of: PriceOf,
    pub markdown: Option<i64>,
    pub market: Option<i64>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Tender {
    pub by: By,
    pub amount: Rupiah,
    pub received: Option<Rupiah>,
    pub bill: Option<i64>,
    pub reference: Option<String>,
}

/// Goods of a sale that came back.
#[derive(Clone, Debug, Deserialize)]
pub struct Return {
    pub shift: String,
    /// The event that the sale was told by.
    pub sale: String,
    pub lines: Vec<Back>,
    #[serde(default)]
    tenders: Vec<Given>,
    /// All of it this one way, as tills say it whose page is older than `tenders`.
    by: Option<By>,
    pub amount: Rupiah,
    pub reason: String,
    /// Who bears what of households' pieces is broken.
    pub borne_by: Option<Bearer>,
}

/// What goes back of a sale in one way.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Given {
    pub by: By,
    pub amount: Rupiah,
}

impl Return {
    /// What goes back in each way; together the amount.
    pub fn tenders(&self) -> Vec<Given> {
        match self.by {
            Some(by) => vec![Given { by, amount: self.amount }],
            None => self.tenders.clone(),
        }
    }
}

#[derive(Clone, Debug, Deserialize)]
pub struct Back {
    /// Which line of the sale, from 0.
    pub n: usize,
    pub quantity: i64,
    #[serde(default = "yes")]
    pub good: bool,
}

fn yes() -> bool {
    true
}

/// A drawer that was opened.
#[derive(Clone, Debug, Deserialize)]
pub struct Open {
    pub shift: String,
    pub float: Rupiah,
}

/// Cash put in or taken out.
#[derive(Clone, Debug, Deserialize)]
pub struct Cash {
    pub shift: String,
    pub way: Way,
    pub amount: Rupiah,
    pub reason: String,
}

/// A member paid what was on account.
#[derive(Clone, Debug, Deserialize)]
pub struct DebtPaid {
    pub shift: String,
    pub member: i64,
    pub amount: Rupiah,
}

/// A drawer that was counted.
#[derive(Clone, Debug, Deserialize)]
pub struct Close {
    pub shift: String,
    /// How many of each note and coin, by its value.
    #[serde(default)]
    pub notes: BTreeMap<String, i64>,
    pub counted: Rupiah,
    pub explanation: Option<String>,
}

/// What a scanner reads on goods.
#[derive(Clone, Debug, Deserialize)]
pub struct Barcode {
    pub code: String,
    pub item: i64,
}

/// A card that was refused at an operasi pasar: its family had its share.
#[derive(Clone, Debug, Deserialize)]
pub struct Refused {
    pub market: i64,
    pub item: i64,
    /// The token of the card.
    pub family: String,
    pub asked: i64,
}

/// The body of an event, if it can be understood and nothing in it is out of all range.
pub fn read<T: for<'a> Deserialize<'a> + Sound>(body: &str) -> Result<T, Error> {
    let told = serde_json::from_str::<T>(body).ok().filter(Sound::is_sound);
    told.ok_or_else(|| Refusal::invalid("device.event_not_understood").into())
}

/// Whether every number and word is of a size that the books can hold.
pub trait Sound {
    fn is_sound(&self) -> bool;
}

fn money(amount: Rupiah) -> bool {
    (1..=DEAREST).contains(&amount.0)
}

/// PostgreSQL cannot keep a text with the character 0.
fn word(text: &str) -> bool {
    text.chars().count() <= LONGEST && !text.contains('\0')
}

fn name(text: &str) -> bool {
    !text.trim().is_empty() && word(text)
}

fn maybe(text: Option<&str>) -> bool {
    text.is_none_or(word)
}

impl Sound for Sale {
    fn is_sound(&self) -> bool {
        let line = |line: &Line| (1..=MOST).contains(&line.quantity) && money(line.price) && money(line.amount);
        let tender = |tender: &Tender| {
            money(tender.amount)
                && tender.received.is_none_or(|received| (0..=DEAREST).contains(&received.0))
                && maybe(tender.reference.as_deref())
        };
        name(&self.shift)
            && word(&self.number)
            && money(self.total)
            && maybe(self.family.as_deref())
            && (1..=MOST_LINES).contains(&self.lines.len())
            && (1..=MOST_TENDERS).contains(&self.tenders.len())
            && self.lines.iter().all(line)
            && self.tenders.iter().all(tender)
    }
}

impl Sound for Return {
    fn is_sound(&self) -> bool {
        let line = |line: &Back| (1..=MOST).contains(&line.quantity);
        let ways: HashSet<By> = self.tenders.iter().map(|one| one.by).collect();
        let in_ways = match self.by {
            Some(_) => self.tenders.is_empty(),
            None => {
                ways.len() == self.tenders.len()
                    && self.tenders.iter().all(|one| money(one.amount))
                    && self.tenders.iter().map(|one| one.amount).sum::<Rupiah>() == self.amount
            }
        };
        name(&self.shift)
            && in_ways
            && name(&self.sale)
            && name(&self.reason)
            && money(self.amount)
            && (1..=MOST_LINES).contains(&self.lines.len())
            && self.lines.iter().all(line)
    }
}

impl Sound for Open {
    fn is_sound(&self) -> bool {
        name(&self.shift) && (0..=DEAREST).contains(&self.float.0)
    }
}

impl Sound for Cash {
    fn is_sound(&self) -> bool {
        name(&self.shift) && name(&self.reason) && money(self.amount)
    }
}

impl Sound for DebtPaid {
    fn is_sound(&self) -> bool {
        name(&self.shift) && money(self.amount)
    }
}

impl Sound for Close {
    fn is_sound(&self) -> bool {
        let note = |(value, n): (&String, &i64)| {
            value.parse::<i64>().is_ok_and(|value| (1..=1_000_000).contains(&value)) && (0..=100_000).contains(n)
        };
        name(&self.shift)
            && (0..=DEAREST).contains(&self.counted.0)
            && maybe(self.explanation.as_deref())
            && self.notes.len() <= 30
            && self.notes.iter().all(note)
    }
}

impl Sound for Refused {
    fn is_sound(&self) -> bool {
        name(&self.family) && self.family.len() <= 64 && (1..=MOST).contains(&self.asked)
    }
}

impl Sound for Barcode {
    fn is_sound(&self) -> bool {
        name(&self.code) && self.code.len() <= 64
    }
}
