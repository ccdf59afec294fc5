//! What the law says about the goods of an outlet: where it stands, on a day, for what is in a pack.
use chrono::{Days, NaiveDate};
use sea_orm::{ConnectionTrait, EntityTrait};

use super::{price_good::Good, price_override};
use crate::{
    error::Result,
    prices::{
        added,
        reference::{self, Force, Per, Reference},
    },
};
use entity::{Rupiah, item, outlet, product};

/// The rows of the law as they are read for one outlet.
#[derive(Clone, Debug)]
pub struct Law {
    rows: Vec<Reference>,
    zone: reference::Zone,
}

/// What holds for one kind of goods on one day.
#[derive(Clone, Debug, Default)]
pub struct Bounds {
    pub ceiling: Option<Reference>,
    pub band: Option<Reference>,
}

/// One stretch of days on which one row holds. Those of one commodity, force and measure never overlap.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct CeilingRow {
    pub commodity: String,
    pub force: Force,
    pub low: Option<Rupiah>,
    /// For a kilogram or a litre.
    pub high: Rupiah,
    pub per: Per,
    pub from: NaiveDate,
    /// The last day; none: until further notice.
    pub to: Option<NaiveDate>,
    pub instrument: String,
}

impl Law {
    pub async fn of(db: &impl ConnectionTrait, outlet: &outlet::Model) -> Result<Law> {
        Ok(Law { rows: added::rows(db, outlet.village_id).await?, zone: outlet.price_zone.into() })
    }

    /// The names that rows have, each once.
    pub fn commodities(&self) -> Vec<String> {
        let sold = self.rows.iter().filter(|row| row.force != Force::Trade);
        let mut names: Vec<String> = sold.map(|row| row.commodity.clone()).collect();
        names.sort_by_key(|name| name.to_lowercase());
        names.dedup();
        names
    }

    /// The row that decides about a kilogram or a litre of a commodity on a day.
    pub fn on(&self, commodity: &str, force: Force, per: Per, day: NaiveDate) -> Option<&Reference> {
        reference::on_measure(&self.rows, commodity, (force, per), self.zone, day)
    }

    /// What holds for some goods on a day: only rows that measure as the pack does.
    pub fn bounds(&self, good: &Good, day: NaiveDate) -> Bounds {
        let (Some(commodity), Some((_, per))) = (&good.product.commodity, good.content()) else {
            return Bounds::default();
        };
        let row = |force| self.on(commodity, force, per, day).cloned();
        Bounds { ceiling: row(Force::Ceiling), band: row(Force::Band) }
    }

    /// The most that the law lets be asked for some goods on a day.
    pub fn most(&self, good: &Good, day: NaiveDate) -> Option<Rupiah> {
        self.bounds(good, day).most(good)
    }

    /// The stretches of days from one on in which each row holds for a commodity.
    fn stretches(&self, commodity: &str, (force, per): (Force, Per), first: NaiveDate, days: u64) -> Vec<CeilingRow> {
        let last = first.checked_add_days(Days::new(days)).unwrap_or(first);
        let mut found: Vec<(CeilingRow, &Reference)> = Vec::new();
        for day in first.iter_days().take_while(|day| *day <= last) {
            let Some(row) = self.on(commodity, force, per, day) else { continue };
            match found.last_mut() {
                Some((stretch, known)) if *known == row && stretch.to == day.pred_opt() => stretch.to = Some(day),
                _ => found.push((CeilingRow::of(row, day), row)),
            }
        }
        // The last one goes on as long as its row does.
        if let Some((stretch, row)) = found.last_mut()
            && stretch.to == Some(last)
        {
            stretch.to = row.valid_to;
        }
        found.into_iter().map(|(stretch, _)| stretch).collect()
    }
}

impl Bounds {
    /// The most that may be asked for what a price of these goods is for.
    pub fn most(&self, good: &Good) -> Option<Rupiah> {
        let (content, _) = good.content()?;
        self.ceiling.as_ref().map(|row| row.most(content))
    }

    /// The upper edge of what is thought fair for it.
    pub fn fair(&self, good: &Good) -> Option<Rupiah> {
        let (content, _) = good.content()?;
        self.band.as_ref().map(|row| row.most(content))
    }
}

impl CeilingRow {
    fn of(row: &Reference, day: NaiveDate) -> CeilingRow {
        CeilingRow {
            commodity: row.commodity.clone(),
            force: row.force,
            low: row.low,
            high: row.high,
            per: row.per,
            from: day,
            to: Some(day),
            instrument: row.instrument.clone(),
        }
    }
}

/// For the till: what holds today and in the days that follow for some commodities, ceilings and bands, each stretch of
/// days once.
pub async fn ceiling_rows(
    db: &impl ConnectionTrait,
    outlet: &outlet::Model,
    commodities: &[String],
    today: NaiveDate,
    days_ahead: u64,
) -> Result<Vec<CeilingRow>> {
    let law = Law::of(db, outlet).await?;
    let of = |name: &String| {
        let kinds = [Force::Ceiling, Force::Band].map(|force| [Per::Kilogram, Per::Litre].map(|per| (force, per)));
        kinds.as_flattened().iter().flat_map(|kind| law.stretches(name, *kind, today, days_ahead)).collect::<Vec<_>>()
    };
    Ok(commodities.iter().flat_map(of).collect())
}

/// The most that may be asked for an item on a day: what the law says, or what was approved above it. None: no ceiling.
pub async fn most(
    db: &impl ConnectionTrait,
    outlet: &outlet::Model,
    item: &item::Model,
    day: NaiveDate,
) -> Result<Option<Rupiah>> {
    let Some(product) = product::Entity::find_by_id(item.product_id).one(db).await? else { return Ok(None) };
    let good = Good { item: item.clone(), product };
    let Some(most) = Law::of(db, outlet).await?.most(&good, day) else { return Ok(None) };
    let above = price_override::in_force(db, item.id, day).await?;
    Ok(Some(above.map_or(most, |above| above.price.max(most))))
}
