//! A hand-over (setoran): judged whole, written down once, and taken back whole when it was entered wrongly.
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

pub use super::handed::{NewIntake, parse};
use super::{amount, number, pickup};
use crate::{
    clock::Clock,
    db::Tx,
    error::{Error, Refusal, Result},
    form::Wrong,
    history,
    ledger::{self, Book, NewEntry},
    locale::Said,
    outlet::earning::Shares,
    secret,
    stock::{self, Agreed, Cause, NewLot},
};
pub use entity::intake::Model;
use entity::{
    Rupiah, category, crafter,
    intake::{ActiveModel, Column, Entity},
    item, lot,
    lot::{Grade, Terms},
    outlet, product, stock_move,
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

async fn product_of(db: &impl ConnectionTrait, item_id: i64) -> Result<Option<product::Model>> {
    let found = item::Entity::find_by_id(item_id).find_also_related(product::Entity).one(db).await?;
    Ok(found.and_then(|(_, product)| product))
}

/// Locks what a hand-over of these goods changes: their stock, then the outlet's running number. [`accept`] does it
/// itself; whoever first asks for a [`twin`] calls it before.
pub async fn lock(tx: &Tx, clock: &Clock, outlet_id: i64, item_id: i64) -> Result<()> {
    let shelf = stock::shelf(tx, clock, outlet_id).await?;
    stock::lock_at(tx, item_id, shelf).await?;
    lock_number(tx, outlet_id).await
}

/// Rows that name the outlet can still be written by others meanwhile.
async fn lock_number(tx: &Tx, outlet_id: i64) -> Result<()> {
    let outlet = outlet::Entity::find_by_id(outlet_id).lock(LockType::NoKeyUpdate).one(tx).await?;
    outlet.map(|_| ()).ok_or(Error::NotFound)
}

/// Judges a hand-over and writes it down: its row, its lots, and what is owed for it. Told again under the same key it is
/// the one of before. What is wrong is named field by field, and nothing is written then.
pub async fn accept(tx: &Tx, clock: &Clock, entered: Entered<'_>, new: &NewIntake) -> Result<Result<Accepted, Wrong>> {
    let outlet = entered.outlet;
    // No stock is made for goods that are not of this outlet.
    if product_of(tx, new.item_id).await?.is_none_or(|product| product.outlet_id != outlet.id) {
        return Ok(Err(Wrong::field("item_id", Said::new("intake.no_such_goods"))));
    }
    lock(tx, clock, outlet.id, new.item_id).await?;
    if let Some(intake) = of_source(tx, entered.source_key).await? {
        return Ok(Ok(Accepted { intake, first: false }));
    }
    let judged = match judge(tx, outlet, new).await? {
        Ok(judged) => judged,
        Err(wrong) => return Ok(Err(wrong)),
    };
    let intake = write(tx, clock, entered, new, &judged).await?;
    let place_id = stock::shelf(tx, clock, outlet.id).await?;
    let mut owed = Rupiah::ZERO;
    for (grade, handed, cost) in [(Grade::A, judged.grade_a, judged.cost), (Grade::B, judged.grade_b, judged.cost_b)] {
        let pieces = judged.pieces(tx, &intake, grade, handed).await?;
        if pieces == 0 {
            continue;
        }
        let lot = NewLot {
            item_id: new.item_id,
            place_id,
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
        };
        stock::receive(tx, clock, &lot).await?;
        let part = cost.times(pieces).filter(|_| new.terms == Terms::Bought);
        owed += part.unwrap_or_default();
    }
    let lines = [(Book::Goods(outlet.id), owed), (Book::Crafter(new.crafter_id), -owed)];
    let (key, memo) = (subject(intake.id), intake.number.clone());
    ledger::post(tx, clock, NewEntry { source_key: &key, kind: "intake", subject: &key, memo: &memo, lines: &lines })
        .await?;
    let handed = amount::whole(judged.unit, judged.grade_a + judged.grade_b + judged.rejected);
    let waits = (new.crafter_id, judged.product_id);
    pickup::collected(tx, clock, waits, handed, entered.person_id).await?;
    let detail = json!({ "crafter": intake.crafter_id, "item": intake.item_id, "terms": intake.terms,
        "a": intake.grade_a, "b": intake.grade_b, "rejected": intake.rejected, "owed": owed });
    remember(tx, clock, outlet, &intake, "accepted", entered.person_id, detail).await?;
    Ok(Ok(Accepted { intake, first: true }))
}

/// A hand-over whose every field was found good.
struct Judged {
    product_id: i64,
    unit: product::Unit,
    grade_a: i64,
    grade_b: i64,
    rejected: i64,
    agreed: Agreed,
    /// What a piece costs the outlet, or is to cost it.
    cost: Rupiah,
    cost_b: Rupiah,
}

impl Judged {
    /// What becomes a lot: measured goods with the offcuts that were left over before, in whole square metres.
    async fn pieces(&self, tx: &Tx, intake: &Model, grade: Grade, handed: i64) -> Result<i64> {
        if self.unit != product::Unit::SquareMetre || handed == 0 {
            return Ok(handed);
        }
        let all = measured(tx, intake, grade).await?;
        Ok(all / amount::SQUARE_METRE - (all - handed) / amount::SQUARE_METRE)
    }
}

/// All that this crafter handed in of these goods, on these terms and in this grade, that stands.
async fn measured(db: &impl ConnectionTrait, like: &Model, grade: Grade) -> Result<i64> {
    let handed = if grade == Grade::A { Column::GradeA } else { Column::GradeB };
    let sum: Option<Option<i64>> =
        alike(like).select_only().column_as(handed.sum().cast_as("bigint"), "sum").into_tuple().one(db).await?;
    Ok(sum.flatten().unwrap_or(0))
}

/// Hand-overs that stand, of the same crafter, goods and terms.
fn alike(intake: &Model) -> sea_orm::Select<Entity> {
    Entity::find()
        .filter(Column::CrafterId.eq(intake.crafter_id))
        .filter(Column::ItemId.eq(intake.item_id))
        .filter(Column::Terms.eq(intake.terms))
        .filter(Column::ReversedAt.is_null())
}

async fn judge(tx: &Tx, outlet: &outlet::Model, new: &NewIntake) -> Result<Result<Judged, Wrong>> {
    let mut wrong = Wrong::default();
    let crafter = crafter::Entity::find_by_id(new.crafter_id).one(tx).await?;
    if crafter.is_none_or(|crafter| crafter.outlet_id != outlet.id) {
        wrong.0.insert("crafter_id", Said::new("intake.no_such_crafter"));
    }
    let found = item::Entity::find_by_id(new.item_id).find_also_related(product::Entity).one(tx).await?;
    let found = found.and_then(|(item, product)| Some((item, product?)));
    let Some((item, product)) = found.filter(|(_, product)| product.outlet_id == outlet.id) else {
        wrong.0.insert("item_id", Said::new("intake.no_such_goods"));
        return Ok(Err(wrong));
    };
    if let Some(said) = why_not_taken_in(tx, &item, &product).await? {
        wrong.0.insert("item_id", said);
    }
    let mut counted = |field, amount: amount::Amount| {
        amount.of(product.unit).unwrap_or_else(|odd| {
            wrong.0.insert(field, odd.said());
            1
        })
    };
    let grade_a = counted("grade_a", new.grade_a);
    let grade_b = counted("grade_b", new.grade_b);
    let rejected = counted("rejected", new.rejected);
    if grade_a + grade_b + rejected == 0 {
        wrong.0.insert("grade_a", Said::new("intake.nothing"));
    }
    if rejected > 0 && new.reject_reason.is_none() {
        wrong.0.insert("reject_reason", Said::new("form.required"));
    }
    let published = published(&product);
    let agreed = agreed(published, new.maker_bp).unwrap_or_else(|said| {
        wrong.0.insert("maker_bp", said);
        published
    });
    let maker = Shares::cut(item.price, [agreed.maker_bp, agreed.outlet_bp, agreed.group_bp]).maker;
    let is_bought = new.terms == Terms::Bought;
    let (cost, cost_b) = if is_bought { (new.cost, new.cost_b) } else { (maker, maker) };
    let parts = [("cost", grade_a, cost), ("cost_b", grade_b, cost_b)];
    for (field, _, cost) in parts.into_iter().filter(|(_, handed, _)| is_bought && *handed > 0) {
        if cost < Rupiah(1) {
            wrong.0.insert(field, Said::new("form.required"));
        } else if cost > item.price && !new.price_confirmed {
            let said = Said::new("intake.above_price").with("cost", cost).with("price", item.price);
            wrong.0.insert("price_confirmed", said);
        }
    }
    let least = parts.into_iter().filter(|(_, handed, _)| *handed > 0).map(|(.., cost)| cost).min().unwrap_or(cost);
    if new.material < Rupiah::ZERO || new.material > least {
        wrong.0.insert("material", Said::new("intake.material_above").with("part", least));
    }
    let judged =
        Judged { product_id: product.id, unit: product.unit, grade_a, grade_b, rejected, agreed, cost, cost_b };
    Ok(if wrong.0.is_empty() { Ok(judged) } else { Err(wrong) })
}

/// Only what a crafter made and the shop has can be handed in.
async fn why_not_taken_in(tx: &Tx, item: &item::Model, product: &product::Model) -> Result<Option<Said>> {
    let category = category::Entity::find_by_id(product.category_id).one(tx).await?;
    let is_craft = category.is_some_and(|category| category.kind == category::Kind::Craft);
    let said = if !is_craft || product.crafter_id.is_none() {
        Said::new("intake.not_craft")
    } else if product.state == product::State::Withdrawn || item.archived_at.is_some() {
        Said::new("intake.withdrawn")
    } else if product.state == product::State::Draft {
        Said::new("intake.not_yet")
    } else {
        return Ok(None);
    };
    Ok(Some(said))
}

/// How the price is shared as the product says.
pub fn published(product: &product::Model) -> Agreed {
    Agreed { maker_bp: product.maker_bp, outlet_bp: product.outlet_bp, group_bp: product.group_bp }
}

/// What a maker's agreed part leaves the others: it is the outlet that gives or gains, never the group.
fn agreed(published: Agreed, maker_bp: Option<i64>) -> Result<Agreed, Said> {
    let most = published.maker_bp + published.outlet_bp;
    match maker_bp {
        None => Ok(published),
        Some(maker_bp) if (0..=most).contains(&maker_bp) => {
            Ok(Agreed { maker_bp, outlet_bp: most - maker_bp, group_bp: published.group_bp })
        }
        Some(_) => Err(Said::new("intake.share_beyond").with("percent", percent(most))),
    }
}

/// Hundredths of a percent as they are said: 7650 is "76,5".
pub fn percent(bp: i64) -> String {
    let text = format!("{},{:02}", bp / 100, bp % 100);
    text.trim_end_matches('0').trim_end_matches(',').to_owned()
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

/// Takes a hand-over back as if it had never been entered, with what was owed for it. Only while every piece of it is
/// there and none is promised beyond what else stands there.
pub async fn reverse(
    tx: &Tx,
    clock: &Clock,
    outlet: &outlet::Model,
    id: i64,
    reason: &str,
    person_id: i64,
) -> Result<Model> {
    let intake = read(tx, outlet.id, id).await?;
    lock(tx, clock, outlet.id, intake.item_id).await?;
    let intake = read(tx, outlet.id, id).await?;
    if intake.reversed_at.is_some() {
        return Err(Refusal::conflict("intake.already_reversed").into());
    }
    let lots = lots(tx, id).await?;
    let gone: i64 = lots.iter().map(|lot| lot.received - lot.remaining).sum();
    if gone > 0 {
        return Err(Refusal::conflict("intake.some_are_gone").with("n", gone).into());
    }
    for lot in &lots {
        let source_key = format!("intake:{id}:reversed:{}", lot.id);
        let named = subject(id);
        let cause =
            Cause { subject: Some(&named), reason: Some(reason), person_id: Some(person_id), source_key: &source_key };
        stock::remove(tx, clock, lot.id, lot.remaining, stock_move::Kind::GivenBack, cause).await?;
    }
    let change = ActiveModel {
        id: Set(id),
        reversed_at: Set(Some(clock.now())),
        reverse_reason: Set(Some(reason.to_owned())),
        ..Default::default()
    };
    let reversed = Entity::update(change).exec(tx).await?;
    offcuts_stand(tx, &reversed).await?;
    ledger::reverse(tx, clock, &subject(id)).await?;
    remember(tx, clock, outlet, &reversed, "reversed", person_id, json!({ "reason": reason })).await?;
    Ok(reversed)
}

/// An offcut of a hand-over may have become part of a square metre of a later one, which then has to go first.
async fn offcuts_stand(tx: &Tx, intake: &Model) -> Result<()> {
    if product_of(tx, intake.item_id).await?.map(|product| product.unit) != Some(product::Unit::SquareMetre) {
        return Ok(());
    }
    for grade in [Grade::A, Grade::B] {
        let stands = measured(tx, intake, grade).await? / amount::SQUARE_METRE;
        let sum: Option<Option<i64>> = lot::Entity::find()
            .select_only()
            .column_as(lot::Column::Received.sum().cast_as("bigint"), "sum")
            .filter(
                lot::Column::IntakeId
                    .in_subquery(sea_orm::QueryTrait::into_query(alike(intake).select_only().column(Column::Id))),
            )
            .filter(lot::Column::OriginId.is_null())
            .filter(lot::Column::Grade.eq(grade))
            .into_tuple()
            .one(tx)
            .await?;
        if sum.flatten().unwrap_or(0) != stands {
            return Err(Refusal::conflict("intake.offcut_counted").into());
        }
    }
    Ok(())
}

async fn remember(
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_agreed_comes_from_the_outlet_and_never_from_the_group() {
        let published = Agreed { maker_bp: 7600, outlet_bp: 1600, group_bp: 800 };
        let shares = |bp| agreed(published, bp).map(|a| (a.maker_bp, a.outlet_bp, a.group_bp)).map_err(|said| said.key);
        assert_eq!(shares(None), Ok((7600, 1600, 800)));
        assert_eq!(shares(Some(8000)), Ok((8000, 1200, 800)));
        assert_eq!(shares(Some(7000)), Ok((7000, 2200, 800)));
        assert_eq!(shares(Some(9200)), Ok((9200, 0, 800)));
        assert_eq!(shares(Some(9201)), Err("intake.share_beyond"));
        assert_eq!((percent(7650), percent(9200), percent(1)), ("76,5".into(), "92".into(), "0,01".into()));
    }
}
