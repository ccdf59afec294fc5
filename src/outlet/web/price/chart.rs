//! The prices an item had, as steps in one small picture.
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use std::fmt::Write as _;

use crate::clock;
use entity::{Rupiah, posted_price};

const WIDTH: i64 = 300;
const TOP: i64 = 6;
const BOTTOM: i64 = 94;

/// The picture and what stands at its edges.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Chart {
    /// The line of prices, as the path of an SVG.
    pub prices: String,
    /// The ceiling over the same days, where there was one.
    pub ceiling: String,
    pub low: Rupiah,
    pub high: Rupiah,
    pub from: NaiveDate,
    pub to: NaiveDate,
}

/// Draws prices, the newest first, up to now; none for fewer than two.
pub fn of(posted: &[posted_price::Model], now: DateTime<Utc>) -> Option<Chart> {
    let steps: Vec<_> = posted.iter().rev().collect();
    let (first, _) = (steps.first()?, steps.get(1)?);
    let amounts = || steps.iter().flat_map(|step| [Some(step.price), step.ceiling]).flatten();
    let (low, high) = (amounts().min()?, amounts().max()?);
    let (start, span) = (first.posted_at, (now - first.posted_at).num_minutes().max(1));
    let x = |at: DateTime<Utc>| ((at - start).num_minutes() * WIDTH / span).clamp(0, WIDTH);
    let y = |amount: Rupiah| BOTTOM - (amount - low).0 * (BOTTOM - TOP) / (high - low).0.max(1);
    let (mut prices, mut ceiling, mut open) = (String::new(), String::new(), false);
    for (n, step) in steps.iter().enumerate() {
        let until = steps.get(n + 1).map_or(now, |next| next.posted_at);
        let (left, right) = (x(step.posted_at), x(until));
        write!(prices, "{}{left} {}H{right}", if n == 0 { 'M' } else { 'L' }, y(step.price)).ok();
        match step.ceiling {
            Some(most) => {
                write!(ceiling, "{}{left} {}H{right}", if open { 'L' } else { 'M' }, y(most)).ok();
                open = true;
            }
            None => open = false,
        }
    }
    Some(Chart { prices, ceiling, low, high, from: clock::local_date(start), to: clock::local_date(now) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn posted(day: i64, price: i64, ceiling: Option<i64>) -> posted_price::Model {
        posted_price::Model {
            id: day,
            item_id: 1,
            price: Rupiah(price),
            posted_at: DateTime::from_timestamp(day * 86_400, 0).unwrap(),
            rule: None,
            cost: None,
            ceiling: ceiling.map(Rupiah),
            person_id: None,
            reason: None,
            override_id: None,
        }
    }

    #[test]
    fn a_price_stands_until_the_next_and_the_last_until_now() {
        let now = DateTime::from_timestamp(10 * 86_400, 0).unwrap();
        let chart = of(&[posted(5, 13_500, Some(13_500)), posted(0, 12_500, None)], now).expect("a picture");
        assert_eq!(chart.prices, "M0 94H150L150 6H300");
        assert_eq!(chart.ceiling, "M150 6H300");
        assert_eq!((chart.low, chart.high), (Rupiah(12_500), Rupiah(13_500)));
        assert!(of(&[posted(0, 1, None)], now).is_none());
        let flat = of(&[posted(1, 500, None), posted(0, 500, None)], now).expect("a picture");
        assert_eq!(flat.prices, "M0 94H30L30 94H300");
    }
}
