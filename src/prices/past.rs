//! What some staples cost in East Java week by week, so that a shop can see what a store would have done with it.
use super::pool::{self, Store};

/// The weeks that come with the program; `assets/data/README.md` says from where.
const TABLE: &str = include_str!("../../assets/data/weekly_prices.csv");
/// Weeks within which the worst rise is looked for: a month.
const MONTH: usize = 4;

/// The prices of a commodity a week, from the earliest; none when nobody wrote them down.
pub fn weeks(commodity: &str) -> Vec<f64> {
    let of = |line: &str| {
        let (name, rest) = line.split_once(',')?;
        let (_, price) = rest.split_once(',')?;
        (name == commodity).then(|| price.parse().ok())?
    };
    TABLE.lines().skip(1).filter_map(of).collect()
}

/// What goes bad in store, as a share a week: dry goods hardly, fresh chili and onions fast.
fn shrink(commodity: &str) -> f64 {
    if ["cabai", "bawang merah"].iter().any(|fresh| commodity.starts_with(fresh)) { 0.05 } else { 0.001 }
}

/// What a store of some weeks would have done with past prices, in hundredths of a percent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Would {
    /// The worst rise within a month at the market, and from the store.
    pub market_rise_bp: i64,
    pub store_rise_bp: i64,
    /// How much dearer (or cheaper) it would have been on average, for what goes bad is paid for too.
    pub dearer_bp: i64,
    pub weeks: i64,
}

/// The walk through what is known of a commodity; none when that is less than half a year.
pub fn would(commodity: &str, cover_weeks: i64) -> Option<Would> {
    let market = weeks(commodity);
    if market.len() < 26 {
        return None;
    }
    let store = Store { cover_weeks: cover_weeks as f64, shrink_a_week: shrink(commodity) };
    let posted = pool::posted(&market, store);
    let mean = |prices: &[f64]| prices.iter().sum::<f64>() / prices.len() as f64;
    let bp = |share: f64| (share * 10_000.0).round() as i64;
    Some(Would {
        market_rise_bp: bp(pool::worst_rise(&market, MONTH)),
        store_rise_bp: bp(pool::worst_rise(&posted, MONTH)),
        dearer_bp: bp(mean(&posted) / mean(&market) - 1.0),
        weeks: market.len() as i64,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_weeks_of_rice_nearly_halve_the_worst_month_and_chili_gets_dearer() {
        let rice = would("beras medium", 4).expect("rice is known");
        assert_eq!((rice.market_rise_bp, rice.store_rise_bp), (911, 542));
        assert!(rice.dearer_bp.abs() < 100, "{}", rice.dearer_bp);
        let chili = would("cabai rawit merah", 4).expect("chili is known");
        assert!(chili.dearer_bp > 1_500, "{}", chili.dearer_bp);
        let none = would("beras medium", 0).expect("rice is known");
        assert_eq!(none.market_rise_bp, none.store_rise_bp);
        assert_eq!(would("emas", 4), None);
    }
}
