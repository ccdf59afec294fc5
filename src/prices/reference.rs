//! Dated prices of the law: what may be asked at most (a ceiling), and what is thought fair (a band).
//!
//! The row in force on the day of sale decides, not the one of the day of purchase. Where several rows hold, the one that
//! began last does: a relaxation for two weeks stands above the rule it relaxes, and after it the rule is back.
use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use entity::Rupiah;

/// The rows that come with the program; `assets/data/README.md` says from where.
const TABLE: &str = include_str!("../../assets/data/reference_prices.csv");

/// Where a shop stands, as the rules for rice divide the country.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Zone {
    /// Java, Lampung, South Sumatra, Bali, West Nusa Tenggara, Sulawesi.
    One,
    /// The rest of Sumatra, East Nusa Tenggara, Kalimantan.
    Two,
    /// Maluku and Papua.
    Three,
}

/// Where a row holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    National,
    Zone(Zone),
    /// Eastern Indonesia and remote, outermost and disadvantaged regions.
    East,
}

/// What a row means to a retailer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Force {
    /// More may not be asked.
    Ceiling,
    /// More is a reason to ask oneself why.
    Band,
    /// About buying, not selling.
    Trade,
}

/// What the price of a row is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Per {
    Kilogram,
    Litre,
}

/// One row of the law.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    pub commodity: String,
    pub force: Force,
    pub scope: Scope,
    pub low: Option<Rupiah>,
    pub high: Rupiah,
    pub per: Per,
    /// None: since before anybody asks.
    pub valid_from: Option<NaiveDate>,
    /// The last day. None: until further notice.
    pub valid_to: Option<NaiveDate>,
    pub instrument: String,
    /// What is not certain about the row.
    pub note: String,
    pub source: String,
}

impl Reference {
    /// Whether the row is in force on a day.
    pub fn holds(&self, day: NaiveDate) -> bool {
        self.valid_from.is_none_or(|from| from <= day) && self.valid_to.is_none_or(|to| day <= to)
    }

    /// How well the row fits a zone: none if it does not, and more if it was written for it.
    fn fits(&self, zone: Zone) -> Option<u8> {
        match self.scope {
            Scope::National => Some(0),
            Scope::East => (zone == Zone::Three).then_some(1),
            Scope::Zone(of) => (of == zone).then_some(1),
        }
    }

    /// The most that a pack of so many grams or millilitres may cost: no part of a rupiah above the row.
    pub fn most(&self, content: i64) -> Rupiah {
        of_content(self.high, content)
    }
}

/// The price of so many grams or millilitres at a price for a kilogram or a litre, without the parts of a rupiah.
pub fn of_content(price: Rupiah, content: i64) -> Rupiah {
    let whole = i128::from(price.0) * i128::from(content) / 1_000;
    Rupiah(i64::try_from(whole).unwrap_or(i64::MAX))
}

/// The same among the rows that are for one measure: a row for a litre says nothing about a kilogram.
pub fn on_measure<'a>(
    rows: &'a [Reference],
    commodity: &str,
    (force, per): (Force, Per),
    zone: Zone,
    day: NaiveDate,
) -> Option<&'a Reference> {
    decides(rows.iter().filter(|row| row.per == per), commodity, force, zone, day)
}

/// The row that decides about a commodity in a zone on a day, of one force.
pub fn on<'a>(
    rows: &'a [Reference],
    commodity: &str,
    force: Force,
    zone: Zone,
    day: NaiveDate,
) -> Option<&'a Reference> {
    decides(rows.iter(), commodity, force, zone, day)
}

fn decides<'a>(
    rows: impl Iterator<Item = &'a Reference>,
    commodity: &str,
    force: Force,
    zone: Zone,
    day: NaiveDate,
) -> Option<&'a Reference> {
    rows.filter(|row| row.commodity == commodity && row.force == force && row.holds(day))
        .filter_map(|row| Some((row.fits(zone)?, row)))
        .max_by_key(|(fit, row)| (row.valid_from, *fit))
        .map(|(_, row)| row)
}

/// What the table says that comes with the program. A line that cannot be read is a mistake in the table.
pub fn table() -> Result<Vec<Reference>, String> {
    TABLE.lines().skip(1).filter(|line| !line.is_empty()).map(row).collect()
}

fn row(line: &str) -> Result<Reference, String> {
    let cells = cells(line);
    let [commodity, kind, scope, low, high, per, from, to, instrument, note, source] = cells.as_slice() else {
        return Err(format!("{} cells: {line}", cells.len()));
    };
    let wrong = |what: &str| format!("{what}: {line}");
    let rupiah = |text: &str| text.parse().map(Rupiah).map_err(|_| wrong("price"));
    Ok(Reference {
        commodity: commodity.clone(),
        force: match kind.as_str() {
            "HET consumer" | "HET consumer (temporary relaxation)" | "max consumer price" => Force::Ceiling,
            kind if kind.starts_with("HAP consumer") => Force::Band,
            _ => Force::Trade,
        },
        scope: match scope.split_whitespace().next() {
            Some("national") => Scope::National,
            Some("eastern") => Scope::East,
            Some("zone") if scope.starts_with("zone 1") => Scope::Zone(Zone::One),
            Some("zone") if scope.starts_with("zone 2") => Scope::Zone(Zone::Two),
            Some("zone") if scope.starts_with("zone 3") => Scope::Zone(Zone::Three),
            _ => return Err(wrong("scope")),
        },
        low: if low.is_empty() { None } else { Some(rupiah(low)?) },
        high: rupiah(high)?,
        per: match per.as_str() {
            "kg" => Per::Kilogram,
            "litre" => Per::Litre,
            _ => return Err(wrong("unit")),
        },
        valid_from: day(from, false).map_err(wrong)?,
        valid_to: day(to, true).map_err(wrong)?,
        instrument: instrument.clone(),
        note: note.clone(),
        source: source.clone(),
    })
}

/// A day, or a month of which the first or the last day is meant, or nothing.
fn day(text: &str, last: bool) -> Result<Option<NaiveDate>, &'static str> {
    if text.is_empty() {
        return Ok(None);
    }
    if let Ok(day) = text.parse() {
        return Ok(Some(day));
    }
    let first: NaiveDate = format!("{text}-01").parse().map_err(|_| "day")?;
    Ok(Some(if last { first.with_day(u32::from(first.num_days_in_month())).unwrap_or(first) } else { first }))
}

/// The cells of a line, of which some stand in quotes.
fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            c => cells.last_mut().into_iter().for_each(|cell| cell.push(c)),
        }
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on_day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn ceiling(commodity: &str, zone: Zone, day: &str, content: i64) -> Option<i64> {
        let rows = table().expect("the table reads");
        on(&rows, commodity, Force::Ceiling, zone, on_day(day)).map(|row| row.most(content).0)
    }

    #[test]
    fn the_row_of_the_day_of_sale_decides() {
        let one = |commodity, day, content| ceiling(commodity, Zone::One, day, content);
        assert_eq!(one("beras medium", "2025-08-21", 5_000), Some(62_500));
        assert_eq!(one("beras medium", "2025-08-22", 5_000), Some(67_500));
        assert_eq!(one("beras premium", "2025-08-22", 2_500), Some(37_250));
        assert_eq!(one("MinyaKita", "2025-08-22", 500), Some(7_850));
        assert_eq!(one("MinyaKita", "2025-08-22", 2_000), Some(31_400));
        assert_eq!(one("MinyaKita", "2024-08-13", 1_000), Some(14_000));
        assert_eq!(one("beras SPHP", "2025-08-21", 5_000), Some(62_500));
        assert_eq!(one("beras SPHP", "2025-08-22", 5_000), Some(62_500));
        assert_eq!(one("beras medium", "2017-08-31", 5_000), None);
    }

    #[test]
    fn a_relaxation_stands_above_the_rule_and_then_the_rule_is_back() {
        for (day, most) in
            [("2024-03-09", 13_900), ("2024-03-10", 14_900), ("2024-03-23", 14_900), ("2024-03-24", 13_900)]
        {
            assert_eq!(ceiling("beras premium", Zone::One, day, 1_000), Some(most), "{day}");
        }
    }

    #[test]
    fn a_band_is_no_ceiling_and_the_east_has_its_own() {
        let rows = table().expect("the table reads");
        let today = on_day("2026-11-30");
        assert_eq!(on(&rows, "gula konsumsi", Force::Ceiling, Zone::One, today), None);
        let band = |zone| on(&rows, "gula konsumsi", Force::Band, zone, today).map(|row| row.high.0);
        assert_eq!((band(Zone::One), band(Zone::Three)), (Some(17_500), Some(18_500)));
        let chili = on(&rows, "cabai rawit merah", Force::Band, Zone::One, today).expect("a band");
        assert_eq!(
            (chili.low, chili.high),
            (Some(Rupiah(40_000)), Rupiah(57_000)),
            "the consumers', not the producers'"
        );
    }

    /// Every boundary of every row, in every zone, against a slow reading of the table of its own.
    #[test]
    fn every_boundary_of_the_table() {
        let rows = table().expect("the table reads");
        assert_eq!(rows.len(), 54);
        let mut days: Vec<NaiveDate> = vec![on_day("2016-01-01"), on_day("2030-01-01")];
        for row in &rows {
            for day in [row.valid_from, row.valid_to].into_iter().flatten() {
                days.extend([day.pred_opt(), Some(day), day.succ_opt()].into_iter().flatten());
            }
        }
        let mut cases = 0;
        for day in days {
            for zone in [Zone::One, Zone::Two, Zone::Three] {
                for row in rows.iter().filter(|row| row.force != Force::Trade) {
                    let found = on(&rows, &row.commodity, row.force, zone, day);
                    let mut expected: Option<&Reference> = None;
                    for other in &rows {
                        let same = other.commodity == row.commodity && other.force == row.force;
                        let here = other.fits(zone).is_some();
                        let begun = other.valid_from.is_none() || other.valid_from.is_some_and(|from| from <= day);
                        let over = other.valid_to.is_some_and(|to| to < day);
                        let newer = |than: &Reference| {
                            other.valid_from > than.valid_from
                                || (other.valid_from == than.valid_from && other.scope != Scope::National)
                        };
                        if same && here && begun && !over && expected.is_none_or(newer) {
                            expected = Some(other);
                        }
                    }
                    assert_eq!(found, expected, "{} in {zone:?} on {day}", row.commodity);
                    cases += 1;
                }
            }
        }
        assert!(cases > 4_000, "{cases}");
    }
}
