//! How much of something a family may buy within a time, by dated rows: 10 kg of SPHP rice a day, later 25 kg.
//!
//! It counts by family card rather than by whoever stands at the counter (the national rule says per consumer): a family
//! with three shoppers gets no more than one with one.
use chrono::{DateTime, Duration, NaiveDate, Utc};

use crate::clock;

/// A limit and the days it holds for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limit {
    pub instrument: String,
    /// In the goods' own unit: grams, millilitres or pieces.
    pub most: i64,
    /// For so many days together, counted in Jember: 1 is "a day".
    pub days: i64,
    pub valid_from: NaiveDate,
    pub valid_to: Option<NaiveDate>,
}

impl Limit {
    pub fn holds(&self, day: NaiveDate) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|to| day <= to)
    }
}

/// The limit of a day: of those that hold, the one that began last.
pub fn on(limits: &[Limit], day: NaiveDate) -> Option<&Limit> {
    limits.iter().filter(|limit| limit.holds(day)).max_by_key(|limit| limit.valid_from)
}

/// What a family had, and what it brought back: less than nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Had {
    pub at: DateTime<Utc>,
    pub quantity: i64,
}

/// What may be sold of what is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    pub allowed: i64,
    pub refused: i64,
    /// From when on more may be had, if something was refused.
    pub next: Option<DateTime<Utc>>,
}

/// Judges a wish by what the family had within the limit's days. What comes back gives room only on its own day: the
/// caller writes it with the time it came back, so on a later day it no longer lessens that day's sum.
pub fn judge(limit: &Limit, had: &[Had], wanted: i64, now: DateTime<Utc>) -> Verdict {
    let today = clock::local_date(now);
    let first = today - Duration::days(limit.days - 1);
    let used_on = |day: NaiveDate| -> i64 {
        had.iter().filter(|had| clock::local_date(had.at) == day).map(|had| had.quantity).sum::<i64>().max(0)
    };
    let days = || first.iter_days().take_while(|day| *day <= today);
    let used: i64 = days().map(used_on).sum();
    let left = (limit.most - used).max(0);
    let allowed = wanted.clamp(0, left);
    let refused = (wanted - allowed).max(0);
    // The first of the days that fall out of the window gives room again.
    let frees = days().find(|day| used_on(*day) > 0).unwrap_or(today);
    let next = (refused > 0).then(|| clock::start_of(frees + Duration::days(limit.days)));
    Verdict { allowed, refused, next }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    /// A time in Jember.
    fn at(text: &str) -> DateTime<Utc> {
        format!("{text}:00+07:00").parse::<DateTime<chrono::FixedOffset>>().expect("a time").to_utc()
    }

    fn sphp() -> Vec<Limit> {
        let of = |most, from, to: Option<&str>| Limit {
            instrument: "SPHP".into(),
            most,
            days: 1,
            valid_from: day(from),
            valid_to: to.map(day),
        };
        vec![of(10_000, "2023-01-01", Some("2026-01-31")), of(25_000, "2026-02-01", None)]
    }

    #[test]
    fn five_kilos_in_the_morning_leave_five_for_the_afternoon() {
        let limits = sphp();
        let limit = on(&limits, day("2025-08-21")).expect("a limit");
        let had = [Had { at: at("2025-08-21T09:00"), quantity: 5_000 }];
        let verdict = judge(limit, &had, 10_000, at("2025-08-21T15:00"));
        assert_eq!((verdict.allowed, verdict.refused), (5_000, 5_000));
        assert_eq!(verdict.next, Some(at("2025-08-22T00:00")));
        let verdict = judge(limit, &had, 10_000, at("2025-08-22T00:00"));
        assert_eq!((verdict.allowed, verdict.refused, verdict.next), (10_000, 0, None));
    }

    #[test]
    fn the_row_of_the_day_decides() {
        let limits = sphp();
        assert_eq!(on(&limits, day("2022-12-31")), None);
        assert_eq!(on(&limits, day("2026-01-31")).map(|limit| limit.most), Some(10_000));
        assert_eq!(on(&limits, day("2026-02-01")).map(|limit| limit.most), Some(25_000));
    }

    #[test]
    fn what_comes_back_gives_room_on_its_own_day_only() {
        let limits = sphp();
        let limit = on(&limits, day("2025-08-21")).expect("a limit");
        let bought = Had { at: at("2025-08-21T09:00"), quantity: 10_000 };
        let same_day = [bought, Had { at: at("2025-08-21T11:00"), quantity: -5_000 }];
        assert_eq!(judge(limit, &same_day, 10_000, at("2025-08-21T12:00")).allowed, 5_000);
        let next_day = [bought, Had { at: at("2025-08-22T08:00"), quantity: -5_000 }];
        assert_eq!(judge(limit, &next_day, 20_000, at("2025-08-22T12:00")).allowed, 10_000, "not fifteen");
    }

    #[test]
    fn a_limit_of_a_week_opens_when_its_first_day_falls_out() {
        let week = Limit { days: 7, ..sphp().remove(0) };
        let had =
            [Had { at: at("2025-08-18T09:00"), quantity: 4_000 }, Had { at: at("2025-08-20T09:00"), quantity: 6_000 }];
        let verdict = judge(&week, &had, 1_000, at("2025-08-21T09:00"));
        assert_eq!((verdict.allowed, verdict.next), (0, Some(at("2025-08-25T00:00"))));
        assert_eq!(judge(&week, &had, 9_000, at("2025-08-25T00:00")).allowed, 4_000);
    }
}
