//! The villages of Indonesia: official codes, names and postcodes, found by code, by list and by typing.
//! All of it lies packed inside the program (`build/region.rs`), so a look-up opens no file and asks no database.

mod code;
mod fold;
mod query;
mod search;
mod table;
#[cfg(test)]
mod tests;
mod zone;

pub use code::{Code, CodeError};
pub use search::search;
pub use zone::{Tz, Zone, timezone_of, zone_of};

use serde::Serialize;
use table::{Level, Place};

/// A village with all it belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Region {
    /// The village's code.
    pub code: Code,
    /// Desa or kelurahan, as officially written ("Kemuninglor").
    pub village: &'static str,
    /// Kecamatan ("Arjasa").
    pub district: &'static str,
    /// Kabupaten or kota with its kind ("Kabupaten Jember").
    pub regency: &'static str,
    /// Province ("Jawa Timur").
    pub province: &'static str,
    /// Five digits.
    pub postcode: Option<&'static str>,
}

/// One line of a list to choose from, on any level.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Area {
    /// Its code, to ask for what lies under it.
    pub code: String,
    /// Its name.
    pub name: &'static str,
}

/// The village with this code.
pub fn find(code: &Code) -> Option<Region> {
    let place = code::place(code.as_str())?;
    region(place.at)
}

/// The village with this code, written with or without dots; none if it is malformed or unknown.
pub fn by_code(code: &str) -> Option<Region> {
    find(&Code::parse(code).ok()?)
}

/// All 38 provinces, in the order of their codes.
pub fn provinces() -> Vec<Area> {
    areas(Level::Province, 0..table::count(Level::Province))
}

/// The kabupaten and kota of a province ("35"); empty if there is no such province.
pub fn regencies(province_code: &str) -> Vec<Area> {
    children(province_code, Level::Province)
}

/// The kecamatan of a kabupaten or kota ("35.09"); empty if there is no such area.
pub fn districts(regency_code: &str) -> Vec<Area> {
    children(regency_code, Level::Regency)
}

/// The villages of a kecamatan ("35.09.22"); empty if there is no such area.
pub fn villages(district_code: &str) -> Vec<Area> {
    children(district_code, Level::District)
}

fn children(code: &str, level: Level) -> Vec<Area> {
    code::place(code)
        .filter(|place| place.level == level)
        .and_then(Place::children)
        .map(|(level, range)| areas(level, range))
        .unwrap_or_default()
}

fn areas(level: Level, range: std::ops::Range<usize>) -> Vec<Area> {
    range
        .map(|at| Place { level, at })
        .map(|place| Area { code: code::code_of(place), name: table::name(place.name()) })
        .collect()
}

fn region(village: usize) -> Option<Region> {
    let village = Place { level: Level::Village, at: village };
    let district = village.parent()?;
    let regency = district.parent()?;
    let province = regency.parent()?;
    let name = |place: Place| table::name(place.name());
    Some(Region {
        code: code::village_code(village.at),
        village: name(village),
        district: name(district),
        regency: name(regency),
        province: name(province),
        postcode: table::postcode(village.at),
    })
}
