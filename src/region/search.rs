//! Type-ahead over all villages, in one reading of the packed names and without an index on the heap.
//!
//! First the names that begin with what was typed, straight from their sorted order. If those are too few, every different
//! name is held against every word (a 64-bit signature turns most away), then the villages are walked from province to village,
//! adding up which words their own name and the names above them explain. Only if that finds nothing are typing errors forgiven.

use std::collections::BinaryHeap;

use super::{Code, Region, code, find, query::Query, region, table};
use table::{Level, Place};

/// Most answers given at once, however many were asked for.
const MOST: usize = 100;

/// Finds villages by what a person typed: names of village, kecamatan and kabupaten in any order, glued or apart, or a postcode,
/// or a whole code.
///
/// Names that begin with the words come first; among equals those under the code `near` ("35.09"), then by name.
/// One typing error in a word of five letters or more is forgiven, but only if nothing matches exactly.
/// At most `limit` answers, and never more than 100.
pub fn search(query: &str, near: Option<&str>, limit: usize) -> Vec<Region> {
    if let Ok(code) = Code::parse(query) {
        return find(&code).into_iter().take(limit).collect();
    }
    let Some(query) = Query::new(query) else { return Vec::new() };
    let near = near.and_then(|prefix| code::place(prefix.trim())).map_or(0..0, Place::villages);
    let best = || Best { limit: limit.min(MOST), near: near.clone(), keys: BinaryHeap::new() };

    let mut found = best();
    for village in table::villages_named(names_beginning_with(query.glued())) {
        if query.allows_postcode(village) {
            found.offer(0, village);
        }
    }
    if !found.is_full() {
        found = best();
        walk(&query, false, &mut found);
    }
    if found.keys.is_empty() && query.may_be_mistyped() {
        walk(&query, true, &mut found);
    }
    found.into_villages().filter_map(region).collect()
}

/// How well the words explain one village or the areas above it; each bit is a word.
#[derive(Clone, Copy, Default)]
pub(super) struct Hit {
    /// Words the name begins with, glued or not.
    pub opening: u8,
    /// Words that stand at the start of any word of the name.
    pub start: u8,
    /// Words found anywhere.
    pub anywhere: u8,
    /// The name is exactly these words.
    pub whole: bool,
}

impl Hit {
    /// What this area and the wider one it lies in explain together.
    fn within(self, wider: Hit) -> Hit {
        Hit {
            opening: self.opening,
            start: self.start | wider.start,
            anywhere: self.anywhere | wider.anywhere,
            whole: self.whole | wider.whole,
        }
    }
}

/// The place of a village in the answer, or none if some word remains unexplained. Lower is better.
fn tier(village: Hit, above: Hit, all: u8) -> Option<u64> {
    let named = village.opening != 0;
    match () {
        () if village.anywhere | above.anywhere != all => None,
        () if village.opening == all => Some(0),
        () if named && village.opening | above.start == all => Some(1),
        () if named && village.start | above.start == all => Some(2),
        () if above.start == all && above.whole => Some(3),
        () if village.start != 0 && village.start | above.start == all => Some(4),
        () if above.start == all => Some(5),
        () => Some(6),
    }
}

/// Looks at every village from province to village and offers those whose names explain all words.
fn walk(query: &Query, forgiving: bool, best: &mut Best) {
    let hits: Vec<Hit> = query.hits(forgiving);
    let seen = hits.iter().fold(0, |seen, hit| seen | hit.anywhere);
    if seen != query.all() {
        return;
    }
    let hit = |level, at| hits[table::upper_name(level, at)];
    let below = |level, at| Place { level, at }.children().map(|(_, range)| range).unwrap_or_default();
    for province in 0..table::count(Level::Province) {
        let in_province = hit(Level::Province, province);
        for regency in below(Level::Province, province) {
            let in_regency = hit(Level::Regency, regency).within(in_province);
            for district in below(Level::Regency, regency) {
                let above = hit(Level::District, district).within(in_regency);
                for village in below(Level::District, district) {
                    let rank = tier(hits[table::village_name(village)], above, query.all());
                    if let Some(rank) = rank.filter(|_| query.allows_postcode(village)) {
                        best.offer(rank, village);
                    }
                }
            }
        }
    }
}

/// The numbers of the names whose letters begin with these.
fn names_beginning_with(letters: &[u8]) -> std::ops::Range<usize> {
    let position = |goes_before: &dyn Fn(&[u8]) -> bool| {
        let (mut low, mut high) = (0, table::name_count());
        while low < high {
            let middle = low.midpoint(high);
            if goes_before(super::fold::Folded::new(table::name(middle)).letters()) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    };
    position(&|name| name < letters)..position(&|name| name < letters || name.starts_with(letters))
}

/// The best answers so far, held as one number each: tier, far or near, name, village.
struct Best {
    limit: usize,
    near: std::ops::Range<usize>,
    keys: BinaryHeap<u64>,
}

impl Best {
    fn offer(&mut self, tier: u64, village: usize) {
        let far = u64::from(!self.near.contains(&village));
        // 17 bits hold every name (67,786) and every village (83,762).
        let key = tier << 35 | far << 34 | (table::village_name(village) as u64) << 17 | village as u64;
        if !self.is_full() {
            self.keys.push(key);
        } else if let Some(mut worst) = self.keys.peek_mut()
            && key < *worst
        {
            *worst = key;
        }
    }

    fn is_full(&self) -> bool {
        self.keys.len() >= self.limit
    }

    fn into_villages(self) -> impl Iterator<Item = usize> {
        self.keys.into_sorted_vec().into_iter().map(|key| (key & ((1 << 17) - 1)) as usize)
    }
}
