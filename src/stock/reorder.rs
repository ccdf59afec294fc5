//! When to buy again, and how much: safety stock, reorder point and economic order size, with the reason in one word.
//!
//! Statistics, not money: quantities here are in whatever the goods are counted in, as fractions.
use entity::Rupiah;

/// More than so many weeks of sales may not lie in store: the food task force counts more than three months of average
/// sales as hoarding (Perpres 71/2015).
pub const MOST_WEEKS: f64 = 13.0;

/// What is known of an item.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Habit {
    /// Sold a day, and its standard deviation.
    pub per_day: f64,
    pub per_day_sd: f64,
    /// Days from the order to the goods, and their standard deviation.
    pub lead_days: f64,
    pub lead_days_sd: f64,
    /// In how many of a hundred waits it must not run out: 0.95. Between 0.5 and 0.999.
    pub service: f64,
    /// What one order costs besides the goods: the way to the wholesaler.
    pub order_cost: Rupiah,
    /// What one unit costs, in rupiah.
    pub unit_cost: f64,
    /// What keeping costs a year, as a share of the goods' cost.
    pub holding_a_year: f64,
    /// For how long it keeps.
    pub shelf_life_days: Option<f64>,
    /// So many days of sales are to lie in store after buying, as whoever wants a steady price chose; 0: nobody did.
    pub cover_days: f64,
}

/// The figures behind an advice.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plan {
    pub safety_stock: f64,
    pub reorder_point: f64,
    pub order_size: f64,
    /// Fill up to here when ordering.
    pub fill_to: f64,
    /// What keeps it from being filled higher.
    pub capped: Option<Cap>,
}

/// Why not more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cap {
    /// It would spoil before it is sold.
    ShelfLife,
    /// It would be more than the law lets a shop keep.
    Hoarding,
}

/// What to do now.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Advice {
    /// Nothing is sold, so nothing is known.
    Unknown,
    /// So many days are covered.
    Wait {
        cover_days: f64,
    },
    Order {
        cover_days: f64,
        quantity: f64,
    },
}

impl Habit {
    /// Works out when to order and how much. None when nothing is sold or a figure makes no sense.
    pub fn plan(&self) -> Option<Plan> {
        let d = self.per_day;
        // What is no number is not above nothing either.
        let (is_sold, costs) = (d > 0.0, self.unit_cost * self.holding_a_year > 0.0);
        if !is_sold || !costs || self.lead_days < 0.0 {
            return None;
        }
        let z = quantile(self.service.clamp(0.5, 0.999));
        let spread = self.lead_days * self.per_day_sd.powi(2) + d.powi(2) * self.lead_days_sd.powi(2);
        let safety_stock = z * spread.sqrt();
        let reorder_point = d * self.lead_days + safety_stock;
        let order_size = (2.0 * 365.0 * d * self.order_cost.0 as f64 / (self.unit_cost * self.holding_a_year)).sqrt();
        let wanted = (reorder_point + order_size).max(self.cover_days * d);
        let caps =
            [(self.shelf_life_days.map(|days| days * d), Cap::ShelfLife), (Some(MOST_WEEKS * 7.0 * d), Cap::Hoarding)];
        let lowest = caps.into_iter().filter_map(|(most, cap)| Some((most?, cap))).min_by(|a, b| a.0.total_cmp(&b.0));
        let (fill_to, capped) = match lowest {
            Some((most, cap)) if most < wanted => (most, Some(cap)),
            _ => (wanted, None),
        };
        Some(Plan { safety_stock, reorder_point, order_size, fill_to, capped })
    }

    /// What to do with so much here and on its way.
    pub fn advise(&self, position: f64) -> Advice {
        let Some(plan) = self.plan() else { return Advice::Unknown };
        let cover_days = position / self.per_day;
        if position > plan.reorder_point || plan.fill_to <= position {
            return Advice::Wait { cover_days };
        }
        Advice::Order { cover_days, quantity: plan.fill_to - position }
    }
}

/// The mean and standard deviation of what was sold a day, over all days, those without a sale too.
pub fn of_days(sold: &[f64]) -> (f64, f64) {
    let n = sold.len() as f64;
    if sold.is_empty() {
        return (0.0, 0.0);
    }
    let mean = sold.iter().sum::<f64>() / n;
    let squares: f64 = sold.iter().map(|x| (x - mean).powi(2)).sum();
    (mean, if sold.len() < 2 { 0.0 } else { (squares / (n - 1.0)).sqrt() })
}

/// The standard normal quantile for a half to 0.999: Wichura's PPND16 (algorithm AS 241), good to sixteen digits.
#[expect(clippy::excessive_precision, reason = "the coefficients as they were published")]
fn quantile(p: f64) -> f64 {
    const A: [f64; 8] = [
        2.5090809287301226727e3,
        3.3430575583588128105e4,
        6.7265770927008700853e4,
        4.5921953931549871457e4,
        1.3731693765509461125e4,
        1.9715909503065514427e3,
        1.3314166789178437745e2,
        3.3871328727963666080,
    ];
    const B: [f64; 8] = [
        5.2264952788528545610e3,
        2.8729085735721942674e4,
        3.9307895800092710610e4,
        2.1213794301586595867e4,
        5.3941960214247511077e3,
        6.8718700749205790830e2,
        4.2313330701600911252e1,
        1.0,
    ];
    const C: [f64; 8] = [
        7.7454501427834140764e-4,
        2.27238449892691845833e-2,
        2.41780725177450611770e-1,
        1.27045825245236838258,
        3.64784832476320460504,
        5.76949722146069140550,
        4.63033784615654529590,
        1.42343711074968357734,
    ];
    const D: [f64; 8] = [
        1.05075007164441684324e-9,
        5.47593808499534494600e-4,
        1.51986665636164571966e-2,
        1.48103976427480074590e-1,
        6.89767334985100004550e-1,
        1.67638483018380384940,
        2.05319162663775882187,
        1.0,
    ];
    let poly = |coefficients: &[f64], x: f64| coefficients.iter().fold(0.0, |sum, c| sum * x + c);
    let q = p - 0.5;
    if q <= 0.425 {
        let r = 0.180625 - q * q;
        return q * poly(&A, r) / poly(&B, r);
    }
    let r = (-(1.0 - p).ln()).sqrt() - 1.6;
    poly(&C, r) / poly(&D, r)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rice() -> Habit {
        Habit {
            per_day: 35.7,
            per_day_sd: 9.2,
            lead_days: 3.0,
            lead_days_sd: 1.0,
            service: 0.95,
            order_cost: Rupiah(25_000),
            unit_cost: 12_500.0,
            holding_a_year: 0.24,
            shelf_life_days: None,
            cover_days: 0.0,
        }
    }

    fn near(found: f64, expected: f64) {
        assert!((found - expected).abs() < 5e-7, "{found} is not {expected}");
    }

    #[test]
    fn rice_of_a_village_shop() {
        let plan = rice().plan().expect("a plan");
        near(quantile(0.95), 1.6448536);
        near(plan.safety_stock, 64.305363);
        near(plan.reorder_point, 171.405363);
        near(plan.order_size, 466.020386);
        let Advice::Wait { cover_days } = rice().advise(180.0) else { panic!("enough for five days") };
        near(cover_days, 5.042017);
        let Advice::Order { quantity, .. } = rice().advise(170.0) else { panic!("time to order") };
        near(quantity, 467.425749);
    }

    #[test]
    fn no_more_than_keeps_and_no_more_than_the_law_lets_lie() {
        let eggs = Habit { shelf_life_days: Some(10.0), ..rice() };
        let plan = eggs.plan().expect("a plan");
        assert_eq!((plan.fill_to, plan.capped), (357.0, Some(Cap::ShelfLife)));
        let dear_way = Habit { order_cost: Rupiah(9_000_000), ..rice() };
        let plan = dear_way.plan().expect("a plan");
        near(plan.fill_to, 13.0 * 7.0 * 35.7);
        assert_eq!(plan.capped, Some(Cap::Hoarding));
    }

    #[test]
    fn a_steady_price_wants_its_weeks_in_store() {
        let steady = Habit { cover_days: 28.0, ..rice() };
        near(steady.plan().expect("a plan").fill_to, 28.0 * 35.7);
        near(Habit { cover_days: 182.0, ..rice() }.plan().expect("a plan").fill_to, 13.0 * 7.0 * 35.7);
        near(Habit { cover_days: 7.0, ..rice() }.plan().expect("a plan").fill_to, 171.405363 + 466.020386);
    }

    #[test]
    fn who_sells_nothing_gets_no_advice() {
        assert_eq!(Habit { per_day: 0.0, ..rice() }.advise(10.0), Advice::Unknown);
        assert_eq!(Habit { unit_cost: f64::NAN, ..rice() }.advise(10.0), Advice::Unknown);
        assert_eq!(of_days(&[]), (0.0, 0.0));
        let (mean, sd) = of_days(&[2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0]);
        near(mean, 5.0);
        near(sd, 2.138090);
    }

    #[test]
    fn the_quantile_is_the_tables() {
        for (p, z) in
            [(0.5, 0.0), (0.8, 0.8416212), (0.9, 1.2815516), (0.975, 1.9599640), (0.99, 2.3263479), (0.999, 3.0902323)]
        {
            assert!((quantile(p) - z).abs() < 5e-8, "{p}");
        }
    }
}
