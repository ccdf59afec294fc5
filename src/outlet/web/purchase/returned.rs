//! What went back of a purchase, as its page shows it.
use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{line::measure_of, said};
use crate::{
    accounts::person,
    app::App,
    error::Result,
    locale::Lang,
    outlet::{purchase::Purchase, purchase_return},
};
use entity::{Rupiah, item::Measure};

/// What went back on one occasion.
#[derive(Clone, Serialize)]
pub(super) struct Return {
    pub at: DateTime<Utc>,
    pub by: String,
    pub reason: String,
    pub credit: Rupiah,
    pub lines: Vec<String>,
}

/// What went back of a purchase, the first first.
pub(super) async fn of(
    app: &App,
    lang: Lang,
    whole: &Purchase,
    measures: &BTreeMap<i64, Measure>,
) -> Result<Vec<Return>> {
    let mut all = Vec::new();
    for (one, lines) in purchase_return::of(&app.db, whole.purchase.id).await? {
        let said = |back: &entity::purchase_return_line::Model| {
            let line = whole.lines.iter().find(|line| line.id == back.line_id)?;
            let quantity = said::quantity(app, lang, measure_of(measures, line.item_id), back.quantity);
            Some(format!("{quantity} {}", line.name))
        };
        all.push(Return {
            at: one.created_at,
            by: person::get(&app.db, one.person_id).await?.name,
            reason: one.reason,
            credit: one.credit,
            lines: lines.iter().filter_map(said).collect(),
        });
    }
    Ok(all)
}
