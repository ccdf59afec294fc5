//! What a family may have of goods that the state pays for, by dated rows. Rows are only added: those that held when
//! something was sold can be looked at for ever.
use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use serde_json::json;

use crate::{
    clock::Clock,
    db::Tx,
    error::{Error, Refusal, Result},
    history::{self, Subject},
    prices::limit::{self, Limit},
};
pub use entity::household_limit::Model;
use entity::{
    household_limit::{ActiveModel, Column, Entity},
    village,
};

/// Most grams, millilitres or pieces of a limit, and most days it is counted over.
pub const MOST: i64 = 1_000_000;
pub const MOST_DAYS: i64 = 92;

/// A row to be added.
#[derive(Clone, Debug)]
pub struct NewLimit {
    pub commodity: String,
    pub most: i64,
    pub days: i64,
    pub valid_from: NaiveDate,
    pub valid_to: Option<NaiveDate>,
    pub instrument: String,
    pub source: String,
}

/// All rows that hold or held in a village; a village's own stand after those of all, so that of two from one day its
/// own decides.
pub async fn rows(db: &impl ConnectionTrait, village_id: i64) -> Result<Vec<Model>> {
    let here = Condition::any().add(Column::VillageId.is_null()).add(Column::VillageId.eq(village_id));
    let mut rows = Entity::find().filter(here).all(db).await?;
    rows.sort_by_key(|row| (row.village_id.is_some(), row.id));
    Ok(rows)
}

/// The rows as rules, by what they are about.
pub fn by_commodity(rows: &[Model]) -> BTreeMap<String, Vec<Limit>> {
    rows.iter().fold(BTreeMap::new(), |mut all, row| {
        all.entry(row.commodity.clone()).or_insert_with(Vec::new).push(rule(row));
        all
    })
}

fn rule(row: &Model) -> Limit {
    Limit {
        instrument: row.instrument.clone(),
        most: row.most,
        days: row.days,
        valid_from: row.valid_from,
        valid_to: row.valid_to,
    }
}

/// What a family may have of a commodity on a day; none when nobody limits it.
pub async fn on(db: &impl ConnectionTrait, village_id: i64, commodity: &str, day: NaiveDate) -> Result<Option<Limit>> {
    let all = by_commodity(&rows(db, village_id).await?);
    Ok(all.get(commodity).and_then(|limits| limit::on(limits, day)).cloned())
}

/// Adds a row of a village. It begins today at the earliest: what was sold before was judged by what held then. Of two
/// that begin on one day the later written decides: so a slip is put right.
pub async fn add(tx: &Tx, clock: &Clock, village_id: i64, new: &NewLimit, by: i64) -> Result<Model> {
    // Two who add at once take turns at the village.
    village::Entity::find_by_id(village_id).lock_exclusive().one(tx).await?.ok_or(Error::NotFound)?;
    let today = clock.today();
    let last = today.checked_add_days(Days::new(3 * 366)).unwrap_or(today);
    if !(1..=MOST).contains(&new.most) || !(1..=MOST_DAYS).contains(&new.days) {
        return Err(Refusal::invalid("household_limit.senseless").into());
    }
    if new.valid_from < today || new.valid_from > last {
        return Err(Refusal::invalid("household_limit.not_from").into());
    }
    if new.valid_to.is_some_and(|to| to < new.valid_from) {
        return Err(Refusal::invalid("household_limit.not_to").into());
    }
    let row = ActiveModel {
        village_id: Set(Some(village_id)),
        commodity: Set(new.commodity.clone()),
        most: Set(new.most),
        days: Set(new.days),
        valid_from: Set(new.valid_from),
        valid_to: Set(new.valid_to),
        instrument: Set(new.instrument.clone()),
        source: Set(new.source.clone()),
        person_id: Set(Some(by)),
        created_at: Set(Some(clock.now())),
        ..Default::default()
    };
    let row = Entity::insert(row).exec_with_returning(tx).await?;
    let detail = json!({ "commodity": new.commodity, "most": new.most, "days": new.days, "from": new.valid_from });
    let about = Subject("household_limit", row.id);
    history::remember(tx, clock, Some(village_id), about, "added", Some(by), detail).await?;
    Ok(row)
}
