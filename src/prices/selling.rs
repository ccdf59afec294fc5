//! How a selling price is made, and what speaks against one.
use serde::{Deserialize, Serialize};

use super::reference::{Per, Reference};
use entity::Rupiah;

/// How the price of an item is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// What the last purchase cost, and a margin in hundredths of a percent.
    CostPlus { margin_bp: i64 },
    /// What a person says.
    Fixed { price: Rupiah },
    /// What the goods in store cost on average, and a margin: the steady price.
    Pooled { margin_bp: i64 },
}

/// To which coins prices are rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    Hundred,
    FiveHundred,
}

impl Step {
    fn rupiah(self) -> i64 {
        match self {
            Step::Hundred => 100,
            Step::FiveHundred => 500,
        }
    }
}

/// What an item costs the shop, for the quantity its price is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// At the last purchase.
    pub last: Rupiah,
    /// On average of what is in store.
    pub pooled: Rupiah,
}

/// The price that a rule makes: rounded up to the step, so that rounding never eats the margin, and no higher than the
/// ceiling, rounded down then.
pub fn price(rule: Rule, step: Step, cost: Cost, ceiling: Option<Rupiah>) -> Rupiah {
    let with_margin = |cost: Rupiah, bp: i64| {
        let (exact, step) = (i128::from(cost.0) * i128::from(10_000 + bp), i128::from(step.rupiah()) * 10_000);
        let steps = (exact + step - 1).div_euclid(step);
        Rupiah(i64::try_from(steps * step / 10_000).unwrap_or(i64::MAX))
    };
    let wanted = match rule {
        Rule::Fixed { price } => price,
        Rule::CostPlus { margin_bp } => with_margin(cost.last, margin_bp),
        Rule::Pooled { margin_bp } => with_margin(cost.pooled, margin_bp),
    };
    match ceiling {
        Some(most) if most < wanted => Rupiah(most.0 - most.0.rem_euclid(step.rupiah())),
        _ => wanted,
    }
}

/// What speaks against selling at a price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Objection {
    /// The law forbids it.
    AboveCeiling { most: Rupiah },
    /// It is more than is thought fair.
    AboveBand { most: Rupiah },
    /// The shop loses by it.
    BelowCost { cost: Rupiah },
}

/// Judges the price of a pack by the rows of the day and by its cost; the gravest comes first.
pub fn judge(
    price: Rupiah,
    (content, per): (i64, Per),
    ceiling: Option<&Reference>,
    band: Option<&Reference>,
    cost: Option<Rupiah>,
) -> Vec<Objection> {
    let most = |row: Option<&Reference>| row.filter(|row| row.per == per).map(|row| row.most(content));
    let above = |row| most(row).filter(|most| price > *most);
    let ceiling = above(ceiling).map(|most| Objection::AboveCeiling { most });
    let band = above(band).map(|most| Objection::AboveBand { most });
    let cost = cost.filter(|cost| price < *cost).map(|cost| Objection::BelowCost { cost });
    [ceiling, band, cost].into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prices::reference::{Force, Zone, on, table};

    const COST: Cost = Cost { last: Rupiah(62_100), pooled: Rupiah(58_730) };

    #[test]
    fn a_price_is_rounded_up_and_held_under_the_ceiling() {
        let price = |rule, step, ceiling: Option<i64>| price(rule, step, COST, ceiling.map(Rupiah)).0;
        assert_eq!(price(Rule::CostPlus { margin_bp: 500 }, Step::Hundred, None), 65_300, "65,205");
        assert_eq!(price(Rule::CostPlus { margin_bp: 500 }, Step::FiveHundred, None), 65_500);
        assert_eq!(price(Rule::Pooled { margin_bp: 500 }, Step::Hundred, None), 61_700, "61,666.5");
        assert_eq!(price(Rule::Pooled { margin_bp: 0 }, Step::Hundred, None), 58_800);
        assert_eq!(price(Rule::CostPlus { margin_bp: 2_000 }, Step::FiveHundred, Some(67_600)), 67_500);
        assert_eq!(price(Rule::Fixed { price: Rupiah(64_250) }, Step::FiveHundred, None), 64_250, "as a person says");
        assert_eq!(price(Rule::Fixed { price: Rupiah(70_000) }, Step::Hundred, Some(67_500)), 67_500);
        let exact = Cost { last: Rupiah(60_000), pooled: Rupiah(60_000) };
        assert_eq!(super::price(Rule::CostPlus { margin_bp: 0 }, Step::Hundred, exact, None), Rupiah(60_000));
    }

    #[test]
    fn the_law_forbids_the_band_warns_and_a_loss_asks() {
        let rows = table().expect("the table reads");
        let day = "2026-11-30".parse().expect("a day");
        let rice = on(&rows, "beras medium", Force::Ceiling, Zone::One, day);
        let bag = (5_000, Per::Kilogram);
        assert_eq!(judge(Rupiah(67_500), bag, rice, None, Some(Rupiah(60_000))), []);
        let objections = judge(Rupiah(67_600), bag, rice, None, Some(Rupiah(70_000)));
        let expected =
            [Objection::AboveCeiling { most: Rupiah(67_500) }, Objection::BelowCost { cost: Rupiah(70_000) }];
        assert_eq!(objections, expected);
        let sugar = on(&rows, "gula konsumsi", Force::Band, Zone::One, day);
        let objections = judge(Rupiah(17_600), (1_000, Per::Kilogram), None, sugar, None);
        assert_eq!(objections, [Objection::AboveBand { most: Rupiah(17_500) }]);
        assert_eq!(
            judge(Rupiah(99_000), (1_000, Per::Litre), None, sugar, None),
            [],
            "a row for kilos says nothing of litres"
        );
    }
}
