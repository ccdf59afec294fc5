//! What follows from a code alone: how far a parcel goes, and what time it is there.

use serde::Serialize;

use super::Code;

/// How far a parcel travels, as the shop charges it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Zone {
    /// Within the village it leaves from.
    SameVillage,
    /// Within the kabupaten or kota it leaves from (for this shop, Jember).
    Jember,
    /// The island of Java.
    Java,
    /// Madura and Bali: one ferry or bridge away.
    MaduraBali,
    /// Anywhere else.
    OtherIslands,
}

/// The zone of a parcel between two villages.
pub fn zone_of(origin: &Code, destination: &Code) -> Zone {
    match (destination.province(), destination.regency()) {
        _ if origin == destination => Zone::SameVillage,
        (_, regency) if regency == origin.regency() => Zone::Jember,
        // Bangkalan, Sampang, Pamekasan and Sumenep belong to East Java but lie on Madura.
        (_, "35.26" | "35.27" | "35.28" | "35.29") | ("51", _) => Zone::MaduraBali,
        ("31" | "32" | "33" | "34" | "35" | "36", _) => Zone::Java,
        _ => Zone::OtherIslands,
    }
}

/// One of the three official time zones (Keppres 41/1987).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Tz {
    /// Western: Sumatra, Java, West and Central Kalimantan.
    #[serde(rename = "WIB")]
    Wib,
    /// Central: Bali, Nusa Tenggara, South, East and North Kalimantan, Sulawesi.
    #[serde(rename = "WITA")]
    Wita,
    /// Eastern: Maluku and Papua.
    #[serde(rename = "WIT")]
    Wit,
}

impl Tz {
    /// Whole hours ahead of UTC: 7, 8 or 9. There is no summer time.
    pub fn utc_offset_hours(self) -> i32 {
        match self {
            Tz::Wib => 7,
            Tz::Wita => 8,
            Tz::Wit => 9,
        }
    }

    /// The letters written after a time of day.
    pub fn label(self) -> &'static str {
        match self {
            Tz::Wib => "WIB",
            Tz::Wita => "WITA",
            Tz::Wit => "WIT",
        }
    }
}

/// The time zone a village keeps.
pub fn timezone_of(code: &Code) -> Tz {
    match code.province() {
        "51" | "52" | "53" | "63" | "64" | "65" | "71" | "72" | "73" | "74" | "75" | "76" => Tz::Wita,
        "81" | "82" | "91" | "92" | "93" | "94" | "95" | "96" => Tz::Wit,
        _ => Tz::Wib,
    }
}
