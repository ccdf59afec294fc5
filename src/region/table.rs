//! The packed tables, read in place. `build/region.rs` writes them and says what is in each.

use std::ops::Range;

macro_rules! table {
    ($name:literal) => {
        include_bytes!(concat!(env!("OUT_DIR"), "/region.", $name)).as_chunks().0
    };
}

static NAMES: &str = include_str!(concat!(env!("OUT_DIR"), "/region.names"));
static ENDS: &[[u8; 3]] = table!("ends");
static SIGNATURES: &[[u8; 8]] = table!("signatures");
static POSTCODES: &[[u8; 5]] = table!("postcodes");
static VILLAGES: &[[u8; 7]] = table!("villages");
static BY_NAME: &[[u8; 3]] = table!("by_name");

/// Provinces, regencies and districts, each list closed by a record that only marks the end.
static UPPER: [&[[u8; 8]]; 3] = [table!("provinces"), table!("regencies"), table!("districts")];

fn u24([a, b, c]: [u8; 3]) -> usize {
    usize::from(a) | usize::from(b) << 8 | usize::from(c) << 16
}

/// The levels of area, from wide to narrow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Provinsi.
    Province,
    /// Kabupaten or kota.
    Regency,
    /// Kecamatan.
    District,
    /// Desa or kelurahan.
    Village,
}

/// One area: which level, and its number there in the order of the codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// How wide it is.
    pub level: Level,
    /// Its number within the level, from 0.
    pub at: usize,
}

impl Place {
    /// Its own part of the code: two digits, four for a village.
    pub fn own_part(self) -> u16 {
        let [a, b] = match self.level {
            Level::Village => [VILLAGES[self.at][0], VILLAGES[self.at][1]],
            upper => [UPPER[upper as usize][self.at][0], UPPER[upper as usize][self.at][1]],
        };
        u16::from_le_bytes([a, b])
    }

    /// The number of its name.
    pub fn name(self) -> usize {
        match self.level {
            Level::Village => village_name(self.at),
            upper => upper_name(upper, self.at),
        }
    }

    /// The areas right under it, as numbers one level narrower; nothing is under a village.
    pub fn children(self) -> Option<(Level, Range<usize>)> {
        let below = match self.level {
            Level::Province => Level::Regency,
            Level::Regency => Level::District,
            Level::District => Level::Village,
            Level::Village => return None,
        };
        Some((below, first_child(self.level, self.at)..first_child(self.level, self.at + 1)))
    }

    /// The area it belongs to; none for a province.
    pub fn parent(self) -> Option<Place> {
        let level = match self.level {
            Level::Province => return None,
            Level::Regency => Level::Province,
            Level::District => Level::Regency,
            Level::Village => Level::District,
        };
        let before = UPPER[level as usize].partition_point(|record| child_of(record) <= self.at);
        Some(Place { level, at: before.saturating_sub(1) })
    }

    /// All villages inside it, as numbers.
    pub fn villages(self) -> Range<usize> {
        let (mut range, mut level) = (self.at..self.at + 1, self.level);
        while level != Level::Village {
            range = first_child(level, range.start)..first_child(level, range.end);
            level = match level {
                Level::Province => Level::Regency,
                Level::Regency => Level::District,
                Level::District | Level::Village => Level::Village,
            };
        }
        range
    }

    /// The child that carries this part of the code.
    pub fn child(self, own_part: u16) -> Option<Place> {
        let (level, range) = self.children()?;
        find(level, range, own_part)
    }
}

/// The province that carries this code.
pub fn province(own_part: u16) -> Option<Place> {
    find(Level::Province, 0..count(Level::Province), own_part)
}

/// How many areas there are on a level.
pub fn count(level: Level) -> usize {
    match level {
        Level::Village => VILLAGES.len(),
        upper => UPPER[upper as usize].len() - 1,
    }
}

/// How many different names there are.
pub fn name_count() -> usize {
    ENDS.len()
}

/// A name as officially written.
pub fn name(number: usize) -> &'static str {
    let start = number.checked_sub(1).map_or(0, |before| u24(ENDS[before]));
    NAMES.get(start..u24(ENDS[number])).unwrap_or_default()
}

/// The signature of each name, in the order of the names.
pub fn signatures() -> impl Iterator<Item = u64> {
    SIGNATURES.iter().map(|bytes| u64::from_le_bytes(*bytes))
}

/// The number of a village's name.
pub fn village_name(village: usize) -> usize {
    let [_, _, a, b, c, ..] = VILLAGES[village];
    u24([a, b, c])
}

/// The number of the name of a province, regency or district.
pub fn upper_name(level: Level, at: usize) -> usize {
    let [_, _, a, b, c, ..] = UPPER[level as usize][at];
    u24([a, b, c])
}

/// The villages whose names lie in a range of name numbers, in the order of the names.
pub fn villages_named(names: Range<usize>) -> impl Iterator<Item = usize> {
    let position = |name| BY_NAME.partition_point(|village| village_name(u24(*village)) < name);
    BY_NAME[position(names.start)..position(names.end)].iter().map(|village| u24(*village))
}

/// The number of a postcode, for comparing with `postcode_number`.
pub fn find_postcode(code: &[u8]) -> Option<u16> {
    let at = POSTCODES.binary_search_by(|known| known.as_slice().cmp(code)).ok()?;
    u16::try_from(at).ok()
}

/// The number of a village's postcode; one that is in no list stands for none.
pub fn postcode_number(village: usize) -> u16 {
    let [.., a, b] = VILLAGES[village];
    u16::from_le_bytes([a, b])
}

/// A village's postcode, five digits.
pub fn postcode(village: usize) -> Option<&'static str> {
    str::from_utf8(POSTCODES.get(usize::from(postcode_number(village)))?).ok()
}

fn first_child(level: Level, at: usize) -> usize {
    child_of(&UPPER[level as usize][at])
}

fn child_of([.., a, b, c]: &[u8; 8]) -> usize {
    u24([*a, *b, *c])
}

fn find(level: Level, range: Range<usize>, own_part: u16) -> Option<Place> {
    let (mut low, mut high) = (range.start, range.end);
    while low < high {
        let place = Place { level, at: low.midpoint(high) };
        match place.own_part().cmp(&own_part) {
            std::cmp::Ordering::Equal => return Some(place),
            std::cmp::Ordering::Less => low = place.at + 1,
            std::cmp::Ordering::Greater => high = place.at,
        }
    }
    None
}
