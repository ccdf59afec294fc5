//! Words in Indonesian, Madurese and English, kept side by side in `templates/words`, one file a module.
//!
//! Madurese falls back to Indonesian where a text is not meant for crafters, KPM or buyers.
use std::{collections::HashMap, fmt::Write};

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, Timelike, Utc, Weekday};
pub use entity::person::Language as Lang;
use entity::{Rupiah, item::Measure};
use serde::{Deserialize, Serialize};

/// The cookie of the chosen language: the only one a guest may carry.
pub const LANG_COOKIE: &str = "bahasa";

/// All languages, in the order they are offered.
pub const LANGS: [Lang; 3] = [Lang::Id, Lang::Mad, Lang::En];

/// The code of a language as used in cookies, `lang` attributes and word files.
pub fn code(lang: Lang) -> &'static str {
    match lang {
        Lang::Id => "id",
        Lang::Mad => "mad",
        Lang::En => "en",
    }
}

/// The language of a code, Indonesian for anything unknown.
pub fn lang(code: &str) -> Lang {
    match code {
        "mad" => Lang::Mad,
        "en" => Lang::En,
        _ => Lang::Id,
    }
}

/// A value inside a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Say {
    Text(String),
    Number(i64),
    Rupiah(Rupiah),
}

impl From<String> for Say {
    fn from(text: String) -> Say {
        Say::Text(text)
    }
}

impl From<&str> for Say {
    fn from(text: &str) -> Say {
        Say::Text(text.to_owned())
    }
}

impl From<i64> for Say {
    fn from(number: i64) -> Say {
        Say::Number(number)
    }
}

impl From<Rupiah> for Say {
    fn from(amount: Rupiah) -> Say {
        Say::Rupiah(amount)
    }
}

/// A sentence not yet in any language: its key and its values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    pub key: &'static str,
    pub values: Vec<(&'static str, Say)>,
}

impl Said {
    pub fn new(key: &'static str) -> Said {
        Said { key, values: Vec::new() }
    }

    pub fn with(mut self, name: &'static str, value: impl Into<Say>) -> Said {
        self.values.push((name, value.into()));
        self
    }
}

/// One entry of a word file. English may tell one from many; the others do not.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    pub id: String,
    pub en: String,
    #[serde(default)]
    pub en_one: Option<String>,
    #[serde(default)]
    pub mad: Option<String>,
}

/// The catalogue of all words.
#[derive(Debug, Default)]
pub struct Words(HashMap<String, Entry>);

impl Words {
    /// Reads word files: `[group]` tables of `name = { id, mad, en }`; the key is `group.name`.
    pub fn parse(files: &[(&str, &str)]) -> anyhow::Result<Words> {
        let mut words = HashMap::new();
        for (name, text) in files {
            let groups: HashMap<String, HashMap<String, Entry>> =
                toml::from_str(text).map_err(|e| anyhow::anyhow!("words/{name}: {e}"))?;
            for (group, entries) in groups {
                for (key, entry) in entries {
                    let key = format!("{group}.{key}");
                    anyhow::ensure!(words.insert(key.clone(), entry).is_none(), "words/{name}: {key} stands twice");
                }
            }
        }
        Ok(Words(words))
    }

    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.0.get(key)
    }

    /// The raw text of a key. `n` picks between one and many where the language does.
    pub fn text(&self, lang: Lang, key: &str, n: Option<i64>) -> Option<&str> {
        let entry = self.0.get(key)?;
        Some(match lang {
            Lang::Id => &entry.id,
            Lang::Mad => entry.mad.as_ref().unwrap_or(&entry.id),
            Lang::En => match (&entry.en_one, n) {
                (Some(one), Some(1)) => one,
                _ => &entry.en,
            },
        })
    }

    /// A sentence as plain text. An unknown key shows itself rather than nothing.
    pub fn say(&self, lang: Lang, said: &Said) -> String {
        let n = said.values.iter().find_map(|(name, value)| match value {
            Say::Number(n) if *name == "n" => Some(*n),
            _ => None,
        });
        let Some(text) = self.text(lang, said.key, n) else { return said.key.to_owned() };
        fill(text, |name| {
            said.values.iter().find(|(n, _)| *n == name).map(|(_, value)| match value {
                Say::Text(text) => text.clone(),
                Say::Number(number) => grouped(*number),
                Say::Rupiah(amount) => amount.to_string(),
            })
        })
    }
}

/// Replaces each `{name}` by its value; a name without a value stays as it is.
pub fn fill(text: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        out.push_str(&rest[..open]);
        rest = &rest[open..];
        let Some(close) = rest.find('}') else { break };
        match value(&rest[1..close]) {
            Some(value) => out.push_str(&value),
            None => out.push_str(&rest[..=close]),
        }
        rest = &rest[close + 1..];
    }
    out.push_str(rest);
    out
}

/// "2,5 kg", "350 g", "1,5 liter", "3": so much of what is sold by weight, by volume or by the piece, as people say it.
pub fn quantity(measure: Measure, quantity: i64) -> String {
    let of_thousand = |whole: &str, part: &str| {
        if quantity.abs() < 1_000 {
            return format!("{quantity} {part}");
        }
        let thousands = grouped(quantity / 1_000);
        let rest = format!("{:03}", quantity.abs() % 1_000);
        let rest = rest.trim_end_matches('0');
        if rest.is_empty() { format!("{thousands} {whole}") } else { format!("{thousands},{rest} {whole}") }
    };
    match measure {
        Measure::Piece => grouped(quantity),
        Measure::Gram => of_thousand("kg", "g"),
        Measure::Millilitre => of_thousand("liter", "ml"),
    }
}

/// A whole number with dots for thousands: 83.762.
pub fn grouped(number: i64) -> String {
    let text = Rupiah(number).to_string();
    text.replacen("Rp", "", 1)
}

const MONTHS_ID: [&str; 12] = [
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
];
const MONTHS_EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// "Sabtu, 21 November 2026".
pub fn date(lang: Lang, on: NaiveDate) -> String {
    let month = on.month0() as usize;
    let (day, month) = match lang {
        Lang::En => (
            match on.weekday() {
                Weekday::Mon => "Monday",
                Weekday::Tue => "Tuesday",
                Weekday::Wed => "Wednesday",
                Weekday::Thu => "Thursday",
                Weekday::Fri => "Friday",
                Weekday::Sat => "Saturday",
                Weekday::Sun => "Sunday",
            },
            MONTHS_EN[month],
        ),
        Lang::Id | Lang::Mad => (
            match (on.weekday(), lang) {
                (Weekday::Mon, Lang::Mad) => "Sennèn",
                (Weekday::Mon, _) => "Senin",
                (Weekday::Tue, Lang::Mad) => "Salasa",
                (Weekday::Tue, _) => "Selasa",
                (Weekday::Wed, Lang::Mad) => "Rebbu",
                (Weekday::Wed, _) => "Rabu",
                (Weekday::Thu, Lang::Mad) => "Kemmis",
                (Weekday::Thu, _) => "Kamis",
                (Weekday::Fri, Lang::Mad) => "Jumaat",
                (Weekday::Fri, _) => "Jumat",
                (Weekday::Sat, Lang::Mad) => "Sabtu",
                (Weekday::Sat, _) => "Sabtu",
                (Weekday::Sun, Lang::Mad) => "Aḥad",
                (Weekday::Sun, _) => "Minggu",
            },
            MONTHS_ID[month],
        ),
    };
    format!("{day}, {} {month} {}", on.day(), on.year())
}

/// "14.35 WITA": hours and minutes with a dot, in the zone of whoever reads.
pub fn hour(at: DateTime<Utc>, zone: FixedOffset) -> String {
    let local = at.with_timezone(&zone);
    let mut out = format!("{:02}.{:02}", local.hour(), local.minute());
    let label = match zone.local_minus_utc() / 3600 {
        7 => " WIB",
        8 => " WITA",
        9 => " WIT",
        _ => "",
    };
    out.push_str(label);
    out
}

/// "Sabtu, 21 November 2026, 14.35 WIB".
pub fn moment(lang: Lang, at: DateTime<Utc>, zone: FixedOffset) -> String {
    let mut out = date(lang, at.with_timezone(&zone).date_naive());
    write!(out, ", {}", hour(at, zone)).ok();
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_said_as_people_do() {
        let grams =
            [(350, "350 g"), (-350, "-350 g"), (1_000, "1 kg"), (2_500, "2,5 kg"), (12_345_060, "12.345,06 kg")];
        assert!(grams.iter().all(|(n, text)| quantity(Measure::Gram, *n) == *text));
        assert_eq!([quantity(Measure::Millilitre, 1_500), quantity(Measure::Piece, 1_200)], ["1,5 liter", "1.200"]);
    }
}
