//! A line of a purchase as it is shown.
use std::collections::BTreeMap;

use chrono::NaiveDate;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde::Serialize;

use super::said;
use crate::{
    app::App,
    error::Result,
    locale::Lang,
    outlet::{purchase::Purchase, purchase_return::Left},
};
use entity::{Rupiah, item, item::Measure};

#[derive(Clone, Serialize)]
pub(super) struct Line {
    pub(super) name: String,
    /// "3 karung"; empty when it came loose.
    pub(super) packs: String,
    pub(super) quantity: String,
    pub(super) price: Rupiah,
    /// "Rp12.833 per kg" with the way here.
    pub(super) each: String,
    pub(super) expires_on: Option<NaiveDate>,
    pub(super) batch: Option<String>,
    /// What is still here, and what went back.
    pub(super) left: String,
    pub(super) back: Option<String>,
}

impl Line {
    pub(super) fn of(app: &App, lang: Lang, left: &Left, measure: Measure) -> Line {
        let (line, lot) = (&left.line, left.came());
        let quantity = |n| said::quantity(app, lang, measure, n);
        let packs = if line.pack_name.is_empty() {
            String::new()
        } else {
            format!("{} {}", crate::locale::grouped(line.packs), line.pack_name)
        };
        Line {
            name: line.name.clone(),
            packs,
            quantity: quantity(line.quantity()),
            price: line.price,
            each: said::each_of(app, lang, measure, line.cost(), line.quantity()),
            expires_on: lot.and_then(|lot| lot.expires_on),
            batch: lot.and_then(|lot| lot.batch.clone()),
            left: quantity(left.quantity()),
            back: (left.back > 0).then(|| quantity(left.back)),
        }
    }

    pub(super) fn sample() -> Line {
        Line {
            name: "Beras medium curah".into(),
            packs: "3 karung".into(),
            quantity: "150 kg".into(),
            price: Rupiah(1_875_000),
            each: "Rp12.833 per kg".into(),
            expires_on: Some(NaiveDate::default()),
            batch: Some("L-7".into()),
            left: "110 kg".into(),
            back: Some("20 kg".into()),
        }
    }
}

/// What the goods of a purchase are counted in, by item.
pub(super) async fn measures(app: &App, whole: &Purchase) -> Result<BTreeMap<i64, Measure>> {
    let ids = whole.lines.iter().map(|line| line.item_id);
    let items = item::Entity::find().filter(item::Column::Id.is_in(ids)).all(&app.db).await?;
    Ok(items.into_iter().map(|item| (item.id, item.measure)).collect())
}

pub(super) fn measure_of(measures: &BTreeMap<i64, Measure>, item_id: i64) -> Measure {
    measures.get(&item_id).copied().unwrap_or(Measure::Piece)
}
