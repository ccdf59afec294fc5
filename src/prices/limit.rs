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

/// What a till may sell that cannot ask: no more than what is left by what it was told last and sold since (`untold`:
/// what the server does not know of yet), and of that one pack within the days of the limit until the server knows of it.
///
/// Several tills that are away at once each know nothing of the others. If each sold up to the limit, a family could
/// have it at every one of them; so each may go one pack beyond what all know, and two tills together give at most one
/// pack too much. `next` is none where the next answer of the server opens the way again.
pub fn away(limit: &Limit, told: &[Had], untold: &[Had], pack: i64, wanted: i64, now: DateTime<Utc>) -> Verdict {
    let pack = pack.max(1);
    let all: Vec<Had> = told.iter().chain(untold).copied().collect();
    let verdict = judge(limit, &all, wanted, now);
    let today = clock::local_date(now);
    let first = today - Duration::days(limit.days - 1);
    let has_untold = untold.iter().any(|had| had.quantity > 0 && clock::local_date(had.at) >= first);
    let room = if has_untold { 0 } else { verdict.allowed.min(pack) };
    // A pack is not opened.
    let allowed = room / pack * pack;
    let next = verdict.next.filter(|_| verdict.allowed == 0);
    Verdict { allowed, refused: (wanted - allowed).max(0), next }
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

    #[test]
    fn a_till_that_cannot_ask_sells_one_pack_and_then_waits_for_the_server() {
        let limits = sphp();
        let limit = on(&limits, day("2026-02-02")).expect("a limit");
        let now = at("2026-02-02T09:00");
        let verdict = away(limit, &[], &[], 5_000, 25_000, now);
        assert_eq!((verdict.allowed, verdict.refused, verdict.next), (5_000, 20_000, None));
        let sold = [Had { at: now, quantity: 5_000 }];
        assert_eq!(away(limit, &[], &sold, 5_000, 5_000, now).allowed, 0, "until the server knows of it");
        assert_eq!(away(limit, &sold, &[], 5_000, 25_000, now).allowed, 5_000, "and then the next");
        let tomorrow = now + Duration::days(1);
        assert_eq!(away(limit, &[], &sold, 5_000, 25_000, tomorrow).allowed, 5_000, "another day, another pack");
        let all = [Had { at: now, quantity: 25_000 }];
        let verdict = away(limit, &all, &[], 5_000, 5_000, now);
        assert_eq!((verdict.allowed, verdict.next), (0, Some(at("2026-02-03T00:00"))));
        let most = [Had { at: now, quantity: 22_000 }];
        assert_eq!(away(limit, &most, &[], 5_000, 5_000, now).allowed, 0, "three kilos are no pack of five");
    }

    /// A till with what it was told last, and what it sold since.
    #[derive(Default)]
    struct Till {
        told: Vec<Had>,
        untold: Vec<Had>,
        has_signal: bool,
    }

    impl Till {
        /// Tells what it sold, and is told what all sold.
        fn syncs(&mut self, server: &mut Vec<Had>) {
            server.append(&mut self.untold);
            self.told.clone_from(server);
        }

        fn sells(&mut self, server: &mut Vec<Had>, limit: &Limit, pack: i64, packs: i64, now: DateTime<Utc>) {
            if self.has_signal {
                // With signal it asks, sells and tells before the next asks.
                self.syncs(server);
                let allowed = judge(limit, server, packs * pack, now).allowed / pack * pack;
                server.extend((allowed > 0).then_some(Had { at: now, quantity: allowed }));
                return self.syncs(server);
            }
            let allowed = away(limit, &self.told, &self.untold, pack, packs * pack, now).allowed;
            self.untold.extend((allowed > 0).then_some(Had { at: now, quantity: allowed }));
        }
    }

    /// Walks at random through what a family asks for at some tills on one day, and says what it had in the end.
    fn day_at(tills: usize, limit: &Limit, pack: i64, dice: &mut impl FnMut(u64) -> u64) -> i64 {
        let mut all: Vec<Till> = (0..tills).map(|_| Till::default()).collect();
        let (mut server, morning) = (Vec::new(), at("2026-02-02T07:00"));
        for minute in 0..60 {
            let now = morning + Duration::minutes(minute * 10);
            let till = &mut all[dice(tills as u64) as usize];
            match dice(4) {
                0 => till.has_signal = !till.has_signal,
                1 if till.has_signal => till.syncs(&mut server),
                _ => till.sells(&mut server, limit, pack, 1 + dice(5) as i64, now),
            }
        }
        all.iter_mut().for_each(|till| till.syncs(&mut server));
        server.iter().map(|had| had.quantity).sum()
    }

    #[test]
    fn two_tills_give_at_most_one_pack_too_much() {
        let mut seed = 20_260_202_u64;
        let mut dice = |sides: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) % sides
        };
        let mut passed = 0;
        for round in 0..20_000_i64 {
            let pack = [1_000, 2_500, 5_000][(round % 3) as usize];
            let limit = Limit { most: pack * (1 + round % 5), ..sphp().remove(1) };
            let tills = 2 + (round % 2) as usize;
            let had = day_at(tills, &limit, pack, &mut dice);
            assert!(had <= limit.most + pack * (tills as i64 - 1), "{tills} tills gave {had} of {}", limit.most);
            passed += i64::from(tills == 2 && had > limit.most);
        }
        assert!(passed > 0, "the walk never came near what it is about");
    }
}
