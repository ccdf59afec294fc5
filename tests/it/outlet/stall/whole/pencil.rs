//! An accountant with a pencil: all that happened, put in order by when it happened, and added up from the first line.
//!
//! Nothing of the product is used here: these are the rules of `assets/docs/sembako.md`, worked out once more.
use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

/// So many kinds of goods there are.
pub const KINDS: usize = 5;

/// What it stands under that is used up.
#[derive(Clone, Copy, Debug)]
pub enum Under {
    Cost,
    Loss,
}

/// A line of the accountant's; goods are numbered from 0.
#[derive(Clone, Debug)]
pub enum Line {
    /// On a supplier's note, which may be crossed out later.
    Bought {
        note: usize,
        item: usize,
        n: i64,
        cost: i64,
    },
    Went {
        item: usize,
        n: i64,
        under: Under,
    },
    /// Came back, or was there though nobody had written it.
    Found {
        item: usize,
        n: i64,
        under: Under,
    },
    /// So many grams went out of one; into which others, how many of each, and how many grams in those.
    Packed {
        item: usize,
        n: i64,
        grams: i64,
        made: Vec<(usize, i64, i64)>,
        bags: i64,
    },
}

#[derive(Default)]
pub struct Pencil {
    lines: BTreeMap<(DateTime<Utc>, usize), Line>,
    written: usize,
}

impl Pencil {
    pub fn notes(&mut self, at: DateTime<Utc>, line: Line) {
        self.written += 1;
        self.lines.insert((at, self.written), line);
    }

    /// A purchase that never was.
    pub fn crosses_out(&mut self, this: usize) {
        self.lines.retain(|_, line| !matches!(line, Line::Bought { note, .. } if *note == this));
    }

    pub fn adds_up(&self) -> Sums {
        let mut sums = Sums::default();
        self.lines.values().for_each(|line| sums.add(line));
        sums
    }
}

#[derive(Default)]
pub struct Sums {
    heaps: [Heap; KINDS],
    pub cost: i64,
    pub loss: i64,
}

impl Sums {
    /// How much there is of something, and what it is worth.
    pub fn of(&self, item: usize) -> (i64, i64) {
        let heap = &self.heaps[item];
        (heap.there - heap.missing, heap.worth - heap.ahead)
    }

    pub fn worth(&self) -> i64 {
        (0..KINDS).map(|item| self.of(item).1).sum()
    }

    fn uses(&mut self, under: Under, value: i64) {
        match under {
            Under::Cost => self.cost += value,
            Under::Loss => self.loss += value,
        }
    }

    fn add(&mut self, line: &Line) {
        match line {
            Line::Bought { item, n, cost, .. } => self.cost += self.heaps[*item].comes(*n, *cost),
            Line::Went { item, n, under } => {
                let gone = self.heaps[*item].goes(*n);
                self.uses(*under, gone);
            }
            Line::Found { item, n, under } => {
                let value = self.heaps[*item].at_average(*n);
                let settled = self.heaps[*item].comes(*n, value);
                self.uses(*under, settled - value);
            }
            Line::Packed { item, n, grams, made, bags } => {
                let gone = self.heaps[*item].goes(*n);
                let filled: Vec<i64> = made.iter().map(|(.., grams)| *grams).collect();
                let spilt = grams - filled.iter().sum::<i64>();
                let parts = shared(gone, &[filled.as_slice(), &[spilt]].concat());
                for ((into, n, _), (part, bag)) in made.iter().zip(parts.iter().zip(shared(*bags, &filled))) {
                    self.cost += self.heaps[*into].comes(*n, part + bag);
                }
                self.loss += parts[made.len()];
            }
        }
    }
}

/// Goods of one kind.
#[derive(Clone, Copy, Default)]
struct Heap {
    there: i64,
    worth: i64,
    /// What went before it was written that it had come, and at how much.
    missing: i64,
    ahead: i64,
    /// Worth and quantity when there last was something.
    last: (i64, i64),
}

impl Heap {
    fn at_average(&self, n: i64) -> i64 {
        near(self.last.0, n, self.last.1)
    }

    /// So much goes, what is not there at the last average; what it had cost.
    fn goes(&mut self, n: i64) -> i64 {
        let here = n.min(self.there);
        let (taken, ahead) = (near(self.worth, here, self.there), self.at_average(n - here));
        self.there -= here;
        self.worth -= taken;
        self.missing += n - here;
        self.ahead += ahead;
        self.remembers();
        taken + ahead
    }

    /// So much comes for so much, and what is missing is settled first: it costs so much more now than it went at.
    fn comes(&mut self, n: i64, cost: i64) -> i64 {
        let late = n.min(self.missing);
        let (settled, went_at) = (near(cost, late, n), near(self.ahead, late, self.missing));
        self.missing -= late;
        self.ahead -= went_at;
        self.there += n - late;
        self.worth += cost - settled;
        self.remembers();
        settled - went_at
    }

    fn remembers(&mut self) {
        if self.there > 0 {
            self.last = (self.worth, self.there);
        }
    }
}

/// Half a rupiah is rounded up.
fn near(value: i64, n: i64, of: i64) -> i64 {
    if of == 0 {
        return 0;
    }
    let (twice, of) = (2 * i128::from(value) * i128::from(n), i128::from(of));
    i64::try_from((twice + of) / (2 * of)).expect("an amount")
}

/// Shares by weight: what is left over goes one by one to the largest remainders, the first of equals first. When
/// nothing has any weight, the first takes it all.
pub fn shared(value: i64, weights: &[i64]) -> Vec<i64> {
    let all: i128 = weights.iter().map(|n| i128::from(*n)).sum();
    if all == 0 {
        return (0..weights.len()).map(|n| if n == 0 { value } else { 0 }).collect();
    }
    let product = |n: usize| i128::from(value) * i128::from(weights[n]);
    let mut parts: Vec<i64> = (0..weights.len()).map(|n| i64::try_from(product(n) / all).expect("a part")).collect();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by_key(|n| (-(product(*n) % all), *n));
    let left = value - parts.iter().sum::<i64>();
    for n in order.into_iter().take(usize::try_from(left).expect("no part too much")) {
        parts[n] += 1;
    }
    parts
}

/// The money, book by book.
#[derive(Default)]
pub struct Purse {
    pub sold: i64,
    pub edc: i64,
    pub cash: i64,
    pub bank: i64,
    pub spent: i64,
    /// To each supplier.
    pub owed: [i64; 2],
    /// What suppliers took off for what went back.
    pub credited: i64,
    /// By each member.
    pub members: [i64; 2],
    pub drawers: BTreeMap<String, Drawer>,
}

/// All that went into a drawer, and what was found in it at the end.
#[derive(Clone, Copy, Default)]
pub struct Drawer {
    pub flow: i64,
    pub counted: Option<i64>,
}

impl Purse {
    pub fn drawer(&mut self, shift: &str) -> &mut Drawer {
        self.drawers.entry(shift.to_owned()).or_default()
    }

    /// What was missing in drawers when they were counted, less what was too much.
    pub fn missing(&self) -> i64 {
        self.drawers.values().filter_map(|drawer| Some(drawer.flow - drawer.counted?)).sum()
    }
}
