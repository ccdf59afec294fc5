//! What staples cost at markets, as somebody who went there wrote it down: for the board, and for whoever sets a price.
//! What was written wrongly is withdrawn or written again, never edited.
use chrono::{Days, NaiveDate};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::LockType,
};
use serde_json::json;

use crate::{
    clock::Clock,
    db::Tx,
    error::{Error, Refusal, Result},
    history::{self, Subject},
};
use entity::{
    Rupiah,
    price_observation::{ActiveModel, Column, Entity},
    village,
};
pub use entity::{price_observation::Model, reference_price::Per};

/// So many days a price tells what the market asks; after that it tells what it once asked.
pub const FRESH_DAYS: u64 = 7;
/// What was seen longer ago is not written down any more.
pub const MOST_DAYS_BACK: u64 = 31;
/// How far back a price is looked for that a new one is held against, in days.
const KNOWN_DAYS: u64 = 92;

/// One walk over a market with a pencil.
#[derive(Clone, Debug)]
pub struct Survey {
    /// "Pasar Arjasa".
    pub place: String,
    pub day: NaiveDate,
    pub prices: Vec<Seen>,
}

/// What a kilogram or a litre of something cost there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    pub commodity: String,
    pub per: Per,
    pub price: Rupiah,
}

/// Whether a price is so far from the one known before that somebody should look again: half as much more, or a third
/// less. A figure too many or too few is far beyond it, and so are most figures that changed places.
pub fn is_odd(known: Rupiah, seen: Rupiah) -> bool {
    let (low, high) = (known.min(seen), known.max(seen));
    low > Rupiah::ZERO && i128::from(high.0) * 2 >= i128::from(low.0) * 3
}

/// Writes down what was seen. What was written before for the same place and day is put right by it, and says so.
///
/// # Errors
/// A day to come or long past, and a survey without a price.
pub async fn write(tx: &Tx, clock: &Clock, village_id: i64, survey: &Survey, by: i64) -> Result<()> {
    let today = clock.today();
    if survey.day > today || survey.day < today - Days::new(MOST_DAYS_BACK) {
        return Err(Refusal::invalid("harga.seen_when").with("n", MOST_DAYS_BACK as i64).into());
    }
    if survey.prices.is_empty() {
        return Err(Refusal::invalid("harga.seen_nothing").into());
    }
    // One after the other within a village, so that one price stands.
    village::Entity::find_by_id(village_id).lock(LockType::NoKeyUpdate).one(tx).await?.ok_or(Error::NotFound)?;
    // "pasar arjasa" is the market that is known as "Pasar Arjasa".
    let places = places(tx, village_id).await?;
    let known = places.into_iter().find(|place| place.to_lowercase() == survey.place.to_lowercase());
    let place = known.unwrap_or_else(|| survey.place.clone());
    let standing = Entity::find()
        .filter(Column::VillageId.eq(village_id))
        .filter(Column::Place.eq(place.as_str()))
        .filter(Column::SeenOn.eq(survey.day))
        .filter(Column::WithdrawnAt.is_null())
        .all(tx)
        .await?;
    for seen in &survey.prices {
        let known = standing.iter().find(|one| one.commodity == seen.commodity && one.per == seen.per);
        match known {
            Some(known) if known.price == seen.price => continue,
            Some(known) => put_aside(tx, clock, known, by).await?,
            None => {}
        }
        let row = ActiveModel {
            village_id: Set(village_id),
            commodity: Set(seen.commodity.clone()),
            per: Set(seen.per),
            price: Set(seen.price),
            place: Set(place.clone()),
            seen_on: Set(survey.day),
            person_id: Set(by),
            created_at: Set(clock.now()),
            ..Default::default()
        };
        let row = Entity::insert(row).exec_with_returning(tx).await?;
        let detail = json!({ "commodity": row.commodity, "price": row.price, "place": row.place, "on": row.seen_on });
        let subject = Subject("price_observation", row.id);
        history::remember(tx, clock, Some(village_id), subject, "seen", Some(by), detail).await?;
    }
    tx.changes_what_is_shown();
    Ok(())
}

/// Takes back what was written wrongly; another village's does not exist here. Once.
pub async fn withdraw(tx: &Tx, clock: &Clock, village_id: i64, id: i64, by: i64) -> Result<()> {
    let row = Entity::find_by_id(id).filter(Column::VillageId.eq(village_id)).lock_exclusive().one(tx).await?;
    let row = row.ok_or(Error::NotFound)?;
    if row.withdrawn_at.is_some() {
        return Err(Refusal::conflict("harga.seen_withdrawn").into());
    }
    put_aside(tx, clock, &row, by).await?;
    tx.changes_what_is_shown();
    Ok(())
}

async fn put_aside(tx: &Tx, clock: &Clock, row: &Model, by: i64) -> Result<()> {
    let change = ActiveModel {
        id: Set(row.id),
        withdrawn_by: Set(Some(by)),
        withdrawn_at: Set(Some(clock.now())),
        ..Default::default()
    };
    Entity::update(change).exec(tx).await?;
    let subject = Subject("price_observation", row.id);
    history::remember(tx, clock, Some(row.village_id), subject, "withdrawn", Some(by), json!({ "price": row.price }))
        .await
}

/// What holds of a village's prices for some days up to one, the last seen first.
async fn standing(db: &impl ConnectionTrait, village_id: i64, day: NaiveDate, days: u64) -> Result<Vec<Model>> {
    Ok(Entity::find()
        .filter(Column::VillageId.eq(village_id))
        .filter(Column::WithdrawnAt.is_null())
        .filter(Column::SeenOn.between(day - Days::new(days), day))
        .order_by_desc(Column::SeenOn)
        .order_by_desc(Column::Id)
        .all(db)
        .await?)
}

/// What the market asks on a day, each kind once: the price seen last, at most [`FRESH_DAYS`] ago.
pub async fn fresh(db: &impl ConnectionTrait, village_id: i64, day: NaiveDate) -> Result<Vec<Model>> {
    Ok(latest(standing(db, village_id, day, FRESH_DAYS).await?))
}

/// The price known last of each kind, also one that is no longer fresh.
pub async fn known(db: &impl ConnectionTrait, village_id: i64, day: NaiveDate) -> Result<Vec<Model>> {
    Ok(latest(standing(db, village_id, day, KNOWN_DAYS).await?))
}

/// The first of each kind.
fn latest(rows: Vec<Model>) -> Vec<Model> {
    let mut found: Vec<Model> = Vec::new();
    for row in rows {
        if !found.iter().any(|one| one.commodity == row.commodity && one.per == row.per) {
            found.push(row);
        }
    }
    found
}

/// What was written down last in a village, withdrawn rows with it.
pub async fn list(db: &impl ConnectionTrait, village_id: i64, most: u64) -> Result<Vec<Model>> {
    let of = Entity::find().filter(Column::VillageId.eq(village_id)).order_by_desc(Column::Id);
    Ok(of.limit(most).all(db).await?)
}

/// Places where prices were seen, the last one first.
pub async fn places(db: &impl ConnectionTrait, village_id: i64) -> Result<Vec<String>> {
    let of = Entity::find().filter(Column::VillageId.eq(village_id)).filter(Column::WithdrawnAt.is_null());
    let mut places = of
        .select_only()
        .column(Column::Place)
        .column_as(Column::Id.max(), "last")
        .group_by(Column::Place)
        .into_tuple::<(String, i64)>()
        .all(db)
        .await?;
    places.sort_by_key(|(_, last)| std::cmp::Reverse(*last));
    Ok(places.into_iter().map(|(place, _)| place).take(20).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_too_many_or_out_of_place_is_odd_and_a_bad_week_is_not() {
        for (known, seen) in [(13_500, 135_000), (13_500, 1_350), (13_500, 31_500), (20_000, 30_000), (30_000, 20_000)]
        {
            assert!(is_odd(Rupiah(known), Rupiah(seen)), "{known} {seen}");
        }
        for (known, seen) in [(13_500, 15_000), (40_000, 57_000), (57_000, 40_000), (0, 13_500)] {
            assert!(!is_odd(Rupiah(known), Rupiah(seen)), "{known} {seen}");
        }
    }
}
