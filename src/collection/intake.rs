//! A hand-over (setoran): judged whole and written down once.
//!
//! It becomes lots, grade A and grade B apart. Bought goods are owed to their maker at the agreed price from that moment;
//! consigned goods are owed when they are sold. Of measured goods the shop sells whole square metres: what is less stays
//! the crafter's and counts with their next hand-over of the same goods on the same terms.
use chrono::{DateTime, Duration, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::LockType,
};
use serde_json::json;

use super::{
    amount,
    judged::{Judged, judge},
    number, pickup,
};
pub use super::{
    handed::{NewIntake, parse},
    judged::{percent, published},
    reversal::reverse,
};
use crate::{
    clock::Clock,
    db::Tx,
    error::{Error, Result},
    form::Wrong,
    history,
    ledger::{self, Book, NewEntry},
    locale::Said,
    secret,
    stock::{self, NewLot},
};
pub use entity::intake::Model;
use entity::{
    Rupiah,
    intake::{ActiveModel, Column, Entity},
    item, lot,
    lot::{Grade, Terms},
    outlet, product,
};

/// Two hand-overs of the same goods within this time may be one that was entered on two phones.
const TWIN_WITHIN: Duration = Duration::hours(12);

/// Who wrote a hand-over down, when, and the key that names it once and for all.
#[derive(Clone, Copy, Debug)]
pub struct Entered<'a> {
    pub outlet: &'a outlet::Model,
    pub person_id: i64,
    /// When it happened, by a clock that was put right; never later than now.
    pub at: DateTime<Utc>,
    /// "event:…" or "form:…"
    pub source_key: &'a str,
}

/// A hand-over that is in the books, and whether this was the first time it was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    pub intake: Model,
    pub first: bool,
}

/// How other modules call a hand-over.
pub fn subject(id: i64) -> String {
    format!("intake:{id}")
}

/// The address of its receipt, for whoever holds it.
pub fn receipt_url(intake: &Model) -> String {
    format!("/setoran/{}", intake.secret)
}

pub(super) async fn product_of(db: &impl ConnectionTrait, item_id: i64) -> Result<Option<product::Model>> {
    let found = item::Entity::find_by_id(item_id).find_also_related(product::Entity).one(db).await?;
    Ok(found.and_then(|(_, product)| product))
}

/// Goods of an outlet and the shelf they are handed in at, with all locked that a hand-over of them changes.
#[derive(Clone, Debug)]
pub struct Goods {
    pub item: item::Model,
    pub product: product::Model,
    shelf: i64,
}

/// Locks what a hand-over of these goods changes: their stock, then the outlet's running number. None where they are not
/// of this outlet: no stock is made for them. Whoever first asks for a [`twin`] calls it before [`accept_locked`].
pub async fn lock(tx: &Tx, clock: &Clock, outlet_id: i64, item_id: i64) -> Result<Option<Goods>> {
    let found = item::Entity::find_by_id(item_id).find_also_related(product::Entity).one(tx).await?;
    let found = found.and_then(|(item, product)| Some((item, product.filter(|one| one.outlet_id == outlet_id)?)));
    let Some((item, product)) = found else { return Ok(None) };
    let shelf = stock::shelf(tx, clock, outlet_id).await?;
    stock::lock_at(tx, item_id, shelf).await?;
    lock_number(tx, outlet_id).await?;
    Ok(Some(Goods { item, product, shelf }))
}

/// Rows that name the outlet can still be written by others meanwhile.
async fn lock_number(tx: &Tx, outlet_id: i64) -> Result<()> {
    let outlet = outlet::Entity::find_by_id(outlet_id).lock(LockType::NoKeyUpdate).one(tx).await?;
    outlet.map(|_| ()).ok_or(Error::NotFound)
}

/// Judges a hand-over and writes it down: its row, its lots, and what is owed for it. Told again under the same key it is
/// the one of before. What is wrong is named field by field, and nothing is written then.
pub async fn accept(tx: &Tx, clock: &Clock, entered: Entered<'_>, new: &NewIntake) -> Result<Result<Accepted, Wrong>> {
    match lock(tx, clock, entered.outlet.id, new.item_id).await? {
        Some(goods) => accept_locked(tx, clock, entered, new, &goods).await,
        None => Ok(Err(Wrong::field("item_id", Said::new("intake.no_such_goods")))),
    }
}

/// The same, of goods that are locked already.
pub async fn accept_locked(
    tx: &Tx,
    clock: &Clock,
    entered: Entered<'_>,
    new: &NewIntake,
    goods: &Goods,
) -> Result<Result<Accepted, Wrong>> {
    let outlet = entered.outlet;
    if let Some(intake) = of_source(tx, entered.source_key).await? {
        return Ok(Ok(Accepted { intake, first: false }));
    }
    let judged = match judge(tx, outlet, new, goods).await? {
        Ok(judged) => judged,
        Err(wrong) => return Ok(Err(wrong)),
    };
    let intake = write(tx, clock, entered, new, &judged).await?;
    let mut owed = Rupiah::ZERO;
    for (grade, handed, cost) in [(Grade::A, judged.grade_a, judged.cost), (Grade::B, judged.grade_b, judged.cost_b)] {
        let pieces = pieces(tx, goods.product.unit, &intake, grade, handed).await?;
        if pieces == 0 {
            continue;
        }
        let lot = NewLot {
            item_id: new.item_id,
            place_id: goods.shelf,
            owner_id: Some(new.crafter_id),
            terms: new.terms,
            cost,
            quantity: pieces,
            grade: Some(grade),
            agreed: Some(judged.agreed),
            material: new.material,
            intake_id: Some(intake.id),
            person_id: Some(entered.person_id),
            source_key: format!("intake:{}:{}", intake.id, if grade == Grade::A { "a" } else { "b" }),
            fresh: stock::Fresh::default(),
        };
        stock::receive(tx, clock, &lot).await?;
        let part = cost.times(pieces).filter(|_| new.terms == Terms::Bought);
        owed += part.unwrap_or_default();
    }
    let lines = [(Book::Goods(outlet.id), owed), (Book::Crafter(new.crafter_id), -owed)];
    let (key, memo) = (subject(intake.id), intake.number.clone());
    ledger::post(tx, clock, NewEntry { source_key: &key, kind: "intake", subject: &key, memo: &memo, lines: &lines })
        .await?;
    let handed = amount::whole(goods.product.unit, judged.grade_a + judged.grade_b + judged.rejected);
    let waits = (new.crafter_id, goods.product.id);
    pickup::collected(tx, clock, waits, handed, entered.person_id).await?;
    let detail = json!({ "crafter": intake.crafter_id, "item": intake.item_id, "terms": intake.terms,
        "a": intake.grade_a, "b": intake.grade_b, "rejected": intake.rejected, "owed": owed });
    remember(tx, clock, outlet, &intake, "accepted", entered.person_id, detail).await?;
    Ok(Ok(Accepted { intake, first: true }))
}

/// What becomes a lot: measured goods with the offcuts that were left over before, in whole square metres.
async fn pieces(tx: &Tx, unit: product::Unit, intake: &Model, grade: Grade, handed: i64) -> Result<i64> {
    if unit != product::Unit::SquareMetre || handed == 0 {
        return Ok(handed);
    }
    let all = measured(tx, intake, grade).await?;
    Ok(all / amount::SQUARE_METRE - (all - handed) / amount::SQUARE_METRE)
}

/// All that this crafter handed in of these goods, on these terms and in this grade, that stands.
pub(super) async fn measured(db: &impl ConnectionTrait, like: &Model, grade: Grade) -> Result<i64> {
    let handed = if grade == Grade::A { Column::GradeA } else { Column::GradeB };
    let sum: Option<Option<i64>> =
        alike(like).select_only().column_as(handed.sum().cast_as("bigint"), "sum").into_tuple().one(db).await?;
    Ok(sum.flatten().unwrap_or(0))
}

/// Hand-overs that stand, of the same crafter, goods and terms.
pub(super) fn alike(intake: &Model) -> sea_orm::Select<Entity> {
    Entity::find()
        .filter(Column::CrafterId.eq(intake.crafter_id))
        .filter(Column::ItemId.eq(intake.item_id))
        .filter(Column::Terms.eq(intake.terms))
        .filter(Column::ReversedAt.is_null())
}

async fn write(tx: &Tx, clock: &Clock, entered: Entered<'_>, new: &NewIntake, judged: &Judged) -> Result<Model> {
    let now = clock.now();
    let is_bought = new.terms == Terms::Bought;
    let cost = |cost: Rupiah, handed: i64| if is_bought && handed > 0 { cost } else { Rupiah::ZERO };
    let row = ActiveModel {
        outlet_id: Set(entered.outlet.id),
        crafter_id: Set(new.crafter_id),
        item_id: Set(new.item_id),
        number: Set(next_number(tx, entered.outlet.id, now).await?),
        secret: Set(secret::short_token()),
        terms: Set(new.terms),
        grade_a: Set(judged.grade_a),
        grade_b: Set(judged.grade_b),
        rejected: Set(judged.rejected),
        reject_reason: Set(new.reject_reason.clone().filter(|_| judged.rejected > 0)),
        cost: Set(cost(judged.cost, judged.grade_a)),
        cost_b: Set(cost(judged.cost_b, judged.grade_b)),
        maker_bp: Set(judged.agreed.maker_bp),
        outlet_bp: Set(judged.agreed.outlet_bp),
        group_bp: Set(judged.agreed.group_bp),
        material: Set(new.material),
        assignment_id: Set(new.assignment_id),
        person_id: Set(entered.person_id),
        note: Set(new.note.clone()),
        source_key: Set(entered.source_key.to_owned()),
        taken_at: Set(std::cmp::min(entered.at, now)),
        received_at: Set(now),
        ..Default::default()
    };
    Ok(Entity::insert(row).exec_with_returning(tx).await?)
}

/// The next number of this month, while [`lock_number`] holds: a hand-over that comes to nothing leaves no gap.
async fn next_number(tx: &Tx, outlet_id: i64, now: DateTime<Utc>) -> Result<String> {
    let month = number::month(outlet_id, now);
    let last = Entity::find()
        .filter(Column::OutletId.eq(outlet_id))
        .filter(Column::Number.starts_with(&month))
        .order_by_desc(Column::Id)
        .one(tx)
        .await?;
    let last = last.and_then(|last| number::running(&last.number)).unwrap_or(0);
    Ok(number::of(&month, last + 1))
}

/// The hand-over that was told under this key.
pub async fn of_source(db: &impl ConnectionTrait, source_key: &str) -> Result<Option<Model>> {
    Ok(Entity::find().filter(Column::SourceKey.eq(source_key)).one(db).await?)
}

/// A hand-over that stands and looks like this one: the same crafter, goods and counts within some hours, told by
/// another source. Two phones may have entered the same baskets; whoever asks decides whether they did.
pub async fn twin(
    db: &impl ConnectionTrait,
    outlet_id: i64,
    at: DateTime<Utc>,
    source_key: &str,
    new: &NewIntake,
) -> Result<Option<Model>> {
    let Some(unit) = product_of(db, new.item_id).await?.map(|product| product.unit) else { return Ok(None) };
    let counts = [new.grade_a, new.grade_b, new.rejected].map(|amount| amount.of(unit));
    let [Ok(grade_a), Ok(grade_b), Ok(rejected)] = counts else { return Ok(None) };
    Ok(Entity::find()
        .filter(Column::OutletId.eq(outlet_id))
        .filter(Column::CrafterId.eq(new.crafter_id))
        .filter(Column::ItemId.eq(new.item_id))
        .filter(Column::GradeA.eq(grade_a))
        .filter(Column::GradeB.eq(grade_b))
        .filter(Column::Rejected.eq(rejected))
        .filter(Column::ReversedAt.is_null())
        .filter(Column::TakenAt.gte(at - TWIN_WITHIN))
        .filter(Column::TakenAt.lte(at + TWIN_WITHIN))
        .filter(Column::SourceKey.ne(source_key))
        .order_by_desc(Column::Id)
        .one(db)
        .await?)
}

/// A hand-over of this outlet; another outlet's does not exist here.
pub async fn read(db: &impl ConnectionTrait, outlet_id: i64, id: i64) -> Result<Model> {
    Entity::find_by_id(id).filter(Column::OutletId.eq(outlet_id)).one(db).await?.ok_or(Error::NotFound)
}

/// The lots a hand-over became on the shelf it was handed in at, grade A first.
pub async fn lots(db: &impl ConnectionTrait, id: i64) -> Result<Vec<lot::Model>> {
    Ok(lot::Entity::find()
        .filter(lot::Column::IntakeId.eq(id))
        .filter(lot::Column::OriginId.is_null())
        .order_by_asc(lot::Column::Grade)
        .order_by_asc(lot::Column::Id)
        .all(db)
        .await?)
}

/// What was left of measured goods after a hand-over, as everything stands now: less than a square metre of each grade.
pub async fn offcut(db: &impl ConnectionTrait, intake: &Model, grade: Grade) -> Result<i64> {
    Ok(measured(db, intake, grade).await? % amount::SQUARE_METRE)
}

pub(super) async fn remember(
    tx: &Tx,
    clock: &Clock,
    outlet: &outlet::Model,
    intake: &Model,
    verb: &str,
    by: i64,
    detail: serde_json::Value,
) -> Result<()> {
    let about = history::Subject("intake", intake.id);
    history::remember(tx, clock, Some(outlet.village_id), about, verb, Some(by), detail).await
}
