//! Rows of the law that came after the program: whoever looks after an installation, or a village, writes them down, and
//! they stand beside the table. A row that was written wrongly is withdrawn, never edited.
use chrono::NaiveDate;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::reference::{self, Reference, Zone};
use crate::{
    clock::Clock,
    db::Tx,
    error::{Error, Refusal, Result},
};
pub use entity::reference_price::{Force, Model, Per, Scope};
use entity::{
    Rupiah,
    outlet::PriceZone,
    reference_price::{ActiveModel, Column, Entity},
};

/// What a row says.
#[derive(Clone, Debug)]
pub struct NewRow {
    pub commodity: String,
    pub force: Force,
    pub scope: Scope,
    pub low: Option<Rupiah>,
    pub high: Rupiah,
    pub per: Per,
    pub valid_from: NaiveDate,
    pub valid_to: Option<NaiveDate>,
    pub instrument: String,
    pub note: String,
    pub source: String,
}

impl From<PriceZone> for Zone {
    fn from(zone: PriceZone) -> Zone {
        match zone {
            PriceZone::One => Zone::One,
            PriceZone::Two => Zone::Two,
            PriceZone::Three => Zone::Three,
        }
    }
}

impl From<Per> for reference::Per {
    fn from(per: Per) -> reference::Per {
        match per {
            Per::Kilogram => reference::Per::Kilogram,
            Per::Litre => reference::Per::Litre,
        }
    }
}

impl From<reference::Per> for Per {
    fn from(per: reference::Per) -> Per {
        match per {
            reference::Per::Kilogram => Per::Kilogram,
            reference::Per::Litre => Per::Litre,
        }
    }
}

impl From<Model> for Reference {
    fn from(row: Model) -> Reference {
        Reference {
            commodity: row.commodity,
            force: match row.force {
                Force::Ceiling => reference::Force::Ceiling,
                Force::Band => reference::Force::Band,
            },
            scope: match row.scope {
                Scope::National => reference::Scope::National,
                Scope::One => reference::Scope::Zone(Zone::One),
                Scope::Two => reference::Scope::Zone(Zone::Two),
                Scope::Three => reference::Scope::Zone(Zone::Three),
                Scope::East => reference::Scope::East,
            },
            low: row.low,
            high: row.high,
            per: row.per.into(),
            valid_from: Some(row.valid_from),
            valid_to: row.valid_to,
            instrument: row.instrument,
            note: row.note,
            source: row.source,
        }
    }
}

/// All rows that are about a village: the table, and after it what was added. Of two that began on one day and fit alike
/// the later written decides.
pub async fn rows(db: &impl ConnectionTrait, village_id: i64) -> Result<Vec<Reference>> {
    let mut rows = reference::table().map_err(|e| anyhow::anyhow!("the table of the law: {e}"))?;
    let added = of_village(village_id).filter(Column::WithdrawnAt.is_null()).order_by_asc(Column::Id);
    rows.extend(added.all(db).await?.into_iter().map(Reference::from));
    Ok(rows)
}

fn of_village(village_id: i64) -> sea_orm::Select<Entity> {
    Entity::find().filter(Column::VillageId.is_null().or(Column::VillageId.eq(village_id)))
}

/// What was added and holds in a village, the newest first, withdrawn rows with it; for all villages without one.
pub async fn list(db: &impl ConnectionTrait, village_id: Option<i64>) -> Result<Vec<Model>> {
    let of = village_id.map_or_else(Entity::find, of_village);
    Ok(of.order_by_desc(Column::Id).all(db).await?)
}

/// Writes down a row, for one village or for all. What begins in the past changes no price of the past.
pub async fn add(tx: &Tx, clock: &Clock, village_id: Option<i64>, new: &NewRow, by: i64) -> Result<Model> {
    if new.valid_to.is_some_and(|to| to < new.valid_from) {
        return Err(Refusal::invalid("harga.ends_before").into());
    }
    if new.low.is_some_and(|low| low > new.high) {
        return Err(Refusal::invalid("harga.low_above_high").into());
    }
    // "Beras Medium" is what the table calls "beras medium".
    let known = rows(tx, village_id.unwrap_or_default()).await?.into_iter().map(|row| row.commodity);
    let known = known.into_iter().find(|name| name.to_lowercase() == new.commodity.to_lowercase());
    let row = ActiveModel {
        village_id: Set(village_id),
        commodity: Set(known.unwrap_or_else(|| new.commodity.clone())),
        force: Set(new.force),
        scope: Set(new.scope),
        low: Set(new.low),
        high: Set(new.high),
        per: Set(new.per),
        valid_from: Set(new.valid_from),
        valid_to: Set(new.valid_to),
        instrument: Set(new.instrument.clone()),
        note: Set(new.note.clone()),
        source: Set(new.source.clone()),
        person_id: Set(by),
        created_at: Set(clock.now()),
        ..Default::default()
    };
    tx.changes_what_is_shown();
    Ok(Entity::insert(row).exec_with_returning(tx).await?)
}

/// Takes back a row that was written wrongly: whoever looks after one village takes back only its own. Once.
pub async fn withdraw(tx: &Tx, clock: &Clock, village_id: Option<i64>, id: i64, by: i64) -> Result<Model> {
    let row = Entity::find_by_id(id).lock_exclusive().one(tx).await?.ok_or(Error::NotFound)?;
    if village_id.is_some() && row.village_id != village_id {
        return Err(Error::NotFound);
    }
    if row.withdrawn_at.is_some() {
        return Err(Refusal::conflict("harga.row_withdrawn").into());
    }
    let change = ActiveModel {
        id: Set(id),
        withdrawn_by: Set(Some(by)),
        withdrawn_at: Set(Some(clock.now())),
        ..Default::default()
    };
    tx.changes_what_is_shown();
    Ok(Entity::update(change).exec(tx).await?)
}
