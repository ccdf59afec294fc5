//! The steady price: goods are sold at the average cost of what lies in store, so that a store of some weeks smooths
//! what the market does. This is the walk that shows what such a store would have done with the prices of the past.

/// How a store is kept.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Store {
    /// Weeks of sales that lie in store.
    pub cover_weeks: f64,
    /// What of the store is lost a week, as a share: it is paid for, and nobody buys it.
    pub shrink_a_week: f64,
}

/// The price posted in each week, for market prices a week, when a week's sales are one.
pub fn posted(market: &[f64], store: Store) -> Vec<f64> {
    let Some(first) = market.first() else { return Vec::new() };
    let target = store.cover_weeks;
    let (mut stock, mut value) = (target, target * first);
    market
        .iter()
        .map(|price| {
            let bought = (target + 1.0 - stock).max(0.0);
            stock += bought;
            value += bought * price;
            let average = value / stock;
            stock -= 1.0;
            value -= average;
            stock -= stock * store.shrink_a_week;
            average
        })
        .collect()
}

/// How unsteady prices are: the standard deviation of their weekly change, as a logarithm.
pub fn unrest(prices: &[f64]) -> f64 {
    let changes: Vec<f64> = prices.windows(2).map(|pair| (pair[1] / pair[0]).ln()).collect();
    if changes.len() < 2 {
        return 0.0;
    }
    let mean = changes.iter().sum::<f64>() / changes.len() as f64;
    (changes.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (changes.len() - 1) as f64).sqrt()
}

/// The worst rise within so many weeks, as a share.
pub fn worst_rise(prices: &[f64], weeks: usize) -> f64 {
    prices.iter().zip(prices.iter().skip(weeks)).map(|(then, now)| now / then - 1.0).fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Medium rice in East Java, by week, August to October 2023.
    const RICE: [f64; 12] = [
        11007.14, 11021.43, 11150.00, 11248.57, 11684.29, 12010.00, 12165.71, 12207.14, 12400.00, 12328.57, 12197.14,
        12071.43,
    ];

    #[test]
    fn four_weeks_of_rice() {
        let expected = [
            11007.140000,
            11018.815144,
            11053.972115,
            11101.890548,
            11227.717871,
            11393.782296,
            11557.900405,
            11697.514036,
            11847.931229,
            11953.921839,
            12012.323183,
            12033.801691,
        ];
        let posted = posted(&RICE, Store { cover_weeks: 4.0, shrink_a_week: 0.001 });
        for (found, expected) in posted.iter().zip(expected) {
            assert!((found - expected).abs() < 5e-7, "{found} is not {expected}");
        }
    }

    #[test]
    fn two_weeks_of_rice_and_none() {
        let two = posted(&RICE, Store { cover_weeks: 2.0, shrink_a_week: 0.001 });
        assert!((two[11] - 12160.588458).abs() < 5e-7, "{}", two[11]);
        let none = posted(&RICE, Store { cover_weeks: 0.0, shrink_a_week: 0.001 });
        assert!(none.iter().zip(RICE).all(|(posted, market)| (posted - market).abs() < 1e-9));
    }

    #[test]
    fn a_store_calms_and_delays() {
        let four = posted(&RICE, Store { cover_weeks: 4.0, shrink_a_week: 0.0 });
        assert!(unrest(&four) < unrest(&RICE) / 1.5);
        assert!(worst_rise(&four, 4) < worst_rise(&RICE, 4));
        assert_eq!((posted(&[], Store { cover_weeks: 4.0, shrink_a_week: 0.0 }).len(), unrest(&[1.0])), (0, 0.0));
    }
}
