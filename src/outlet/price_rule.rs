//! How prices of sembako are made, and how they follow: after a purchase, after a note found late, and each morning, so
//! that a ceiling that begins today lowers a price today.
//!
//! What has no rule keeps the price a person said, held under the ceiling. What another person approved above it stands
//! as long as it was approved for.
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::OnConflict,
};
use serde_json::json;

use super::{
    price::{self, Answer, Grounds, NewPrice},
    price_ceiling::Law,
    price_good::{self, Good},
    price_override,
};
use crate::{
    catalogue::price::{MAX, MIN, Origin},
    clock::Clock,
    db::{self, Db, Tx},
    error::{Error, Refusal, Result},
    history::{self, Subject},
    once,
    prices::selling,
};
pub use entity::price_rule::{Model, Rule, Step};
use entity::{
    Rupiah, item, outlet,
    outlet::Model as Outlet,
    posted_price::Model as Posted,
    price_rule::{ActiveModel, Column, Entity},
    product,
};

/// Margins of more than three times the cost are a slip of the finger.
pub const MOST_MARGIN_BP: i64 = 30_000;
/// For so many weeks of sales goods may be meant to lie in store.
pub const MOST_WEEKS: i64 = 26;

/// A rule as a person chooses it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewRule {
    pub rule: selling::Rule,
    pub step: Step,
    pub cover_weeks: i64,
}

impl NewRule {
    pub fn kind(&self) -> Rule {
        match self.rule {
            selling::Rule::Fixed { .. } => Rule::Fixed,
            selling::Rule::CostPlus { .. } => Rule::CostPlus,
            selling::Rule::Pooled { .. } => Rule::Pooled,
        }
    }

    fn margin_bp(&self) -> i64 {
        match self.rule {
            selling::Rule::Fixed { .. } => 0,
            selling::Rule::CostPlus { margin_bp } | selling::Rule::Pooled { margin_bp } => margin_bp,
        }
    }

    fn fixed(&self) -> Option<Rupiah> {
        match self.rule {
            selling::Rule::Fixed { price } => Some(price),
            _ => None,
        }
    }
}

impl From<&Model> for NewRule {
    fn from(row: &Model) -> NewRule {
        let margin_bp = row.margin_bp;
        let rule = match row.rule {
            Rule::Fixed => selling::Rule::Fixed { price: row.fixed_price.unwrap_or_default() },
            Rule::CostPlus => selling::Rule::CostPlus { margin_bp },
            Rule::Pooled => selling::Rule::Pooled { margin_bp },
        };
        NewRule { rule, step: row.step, cover_weeks: row.cover_weeks }
    }
}

fn step(step: Step) -> selling::Step {
    match step {
        Step::Hundred => selling::Step::Hundred,
        Step::FiveHundred => selling::Step::FiveHundred,
    }
}

/// The price a rule makes of some goods: under the ceiling, except that a person's own price is left to be judged. None
/// when it needs a cost and there never were any.
pub fn price_by(rule: &NewRule, good: &Good, grounds: &Grounds) -> Option<Rupiah> {
    let most = grounds.bounds.most(good);
    match (rule.rule, grounds.cost) {
        (selling::Rule::Fixed { price }, _) => Some(price),
        (_, None) => None,
        (by, Some(cost)) => Some(selling::price(by, step(rule.step), cost, most)),
    }
}

/// Chooses how the price of an item is made, and posts what that makes today; gives that price. A price that must be asked about, or that
/// is refused, leaves the rule as it was: the caller does not commit.
pub async fn choose(
    tx: &Tx,
    clock: &Clock,
    outlet: &Outlet,
    by: i64,
    item_id: i64,
    new: &NewRule,
    (reason, sure): (&str, Option<Rupiah>),
) -> Result<(Rupiah, Answer)> {
    let good = price::locked(tx, outlet.id, item_id).await?;
    if !(0..=MOST_MARGIN_BP).contains(&new.margin_bp()) || !(0..=MOST_WEEKS).contains(&new.cover_weeks) {
        return Err(Refusal::invalid("harga.odd_rule").into());
    }
    keep(tx, clock, item_id, new, by).await?;
    let subject = Subject("item", item_id);
    let detail = json!({ "rule": new.rule, "step": new.step, "cover_weeks": new.cover_weeks });
    history::remember(tx, clock, Some(outlet.village_id), subject, "price_rule", Some(by), detail).await?;
    let grounds = grounds(tx, &Law::of(tx, outlet).await?, &good, clock).await?;
    // Without a cost there is nothing to go by: the price stays until goods come.
    let price = price_by(new, &good, &grounds).unwrap_or(good.item.price);
    let wanted = NewPrice { price, rule: Some(new.kind()), reason: reason.to_owned(), sure };
    Ok((price, price::post(tx, clock, outlet, by, item_id, &wanted).await?))
}

async fn keep(tx: &Tx, clock: &Clock, item_id: i64, new: &NewRule, by: i64) -> Result<()> {
    let row = ActiveModel {
        item_id: Set(item_id),
        rule: Set(new.kind()),
        margin_bp: Set(new.margin_bp()),
        fixed_price: Set(new.fixed()),
        step: Set(new.step),
        cover_weeks: Set(new.cover_weeks),
        person_id: Set(Some(by)),
        set_at: Set(clock.now()),
        ..Default::default()
    };
    let again = [
        Column::Rule,
        Column::MarginBp,
        Column::FixedPrice,
        Column::Step,
        Column::CoverWeeks,
        Column::PersonId,
        Column::SetAt,
    ];
    Entity::insert(row)
        .on_conflict(OnConflict::column(Column::ItemId).update_columns(again).to_owned())
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// What the price of some goods is judged by today.
pub async fn grounds(db: &impl ConnectionTrait, law: &Law, good: &Good, clock: &Clock) -> Result<Grounds> {
    Ok(Grounds { bounds: law.bounds(good, clock.today()), cost: price_good::cost_of(db, good).await? })
}

/// The rules of some items.
pub async fn of(db: &impl ConnectionTrait, item_ids: &[i64]) -> Result<Vec<Model>> {
    Ok(Entity::find().filter(Column::ItemId.is_in(item_ids.iter().copied())).all(db).await?)
}

/// Locks the products of some items, in the order of their ids. Whoever moves goods and lets their prices follow calls it
/// before the goods are locked, so that nobody waits in a circle.
pub async fn lock(tx: &Tx, item_ids: &[i64]) -> Result<()> {
    let items = item::Entity::find().filter(item::Column::Id.is_in(item_ids.iter().copied())).all(tx).await?;
    product::Entity::find()
        .filter(product::Column::Id.is_in(items.iter().map(|item| item.product_id)))
        .order_by_asc(product::Column::Id)
        .lock_exclusive()
        .all(tx)
        .await?;
    Ok(())
}

/// Makes the prices of some sembako anew by their rules, the law of the day and what the goods cost now. What has no
/// other price than before is left alone, and says so in no history. Gives the items that have another.
pub async fn follow(tx: &Tx, clock: &Clock, outlet_id: i64, item_ids: &[i64]) -> Result<Vec<i64>> {
    lock(tx, item_ids).await?;
    let outlet = outlet::Entity::find_by_id(outlet_id).one(tx).await?.ok_or(Error::NotFound)?;
    let law = Law::of(tx, &outlet).await?;
    let rules = of(tx, item_ids).await?;
    let mut ids = item_ids.to_vec();
    ids.sort_unstable();
    ids.dedup();
    let mut changed = Vec::new();
    for item_id in ids {
        let good = match price_good::read(tx, outlet_id, item_id).await {
            Err(Error::NotFound) => continue,
            read => read?,
        };
        let rule = rules.iter().find(|rule| rule.item_id == item_id);
        if follow_one(tx, clock, &outlet, &law, &good, rule).await? {
            changed.push(item_id);
        }
    }
    Ok(changed)
}

async fn follow_one(
    tx: &Tx,
    clock: &Clock,
    outlet: &Outlet,
    law: &Law,
    good: &Good,
    rule: Option<&Model>,
) -> Result<bool> {
    let latest = price::latest(tx, good.item.id).await?;
    if is_approved(tx, latest.as_ref(), clock).await? {
        return Ok(false);
    }
    let grounds = grounds(tx, law, good, clock).await?;
    let Some(price) = due(rule.map(NewRule::from).as_ref(), good, &grounds) else { return Ok(false) };
    if price == good.item.price {
        return Ok(false);
    }
    let origin = Origin { rule: rule.map(|rule| rule.rule), ..price::origin(good, &grounds) };
    price::put(tx, clock, outlet, None, good, price, "", origin).await?;
    Ok(true)
}

/// Whether the price that stands is one above the ceiling that still holds.
async fn is_approved(tx: &Tx, latest: Option<&Posted>, clock: &Clock) -> Result<bool> {
    let Some(id) = latest.and_then(|posted| posted.override_id) else { return Ok(false) };
    let row = entity::price_override::Entity::find_by_id(id).one(tx).await?;
    Ok(row.is_some_and(|row| {
        row.decision == Some(price_override::Decision::Approved) && row.valid_until >= clock.today()
    }))
}

/// The price that goods should have now without anybody's doing. What a rule makes of a cost that was mistyped waits for
/// a person; the ceiling holds in any case.
fn due(rule: Option<&NewRule>, good: &Good, grounds: &Grounds) -> Option<Rupiah> {
    let now = good.item.price;
    let made = rule.and_then(|rule| price_by(rule, good, grounds)).unwrap_or(now);
    let made = if price::is_far_off(now, made) || !(MIN..=MAX).contains(&made) { now } else { made };
    let rounded = rule.map_or(Step::Hundred, |rule| rule.step);
    let none = selling::Cost { last: Rupiah::ZERO, pooled: Rupiah::ZERO };
    let held = selling::price(selling::Rule::Fixed { price: made }, step(rounded), none, grounds.bounds.most(good));
    (held >= MIN).then_some(held)
}

/// Each morning the prices of all outlets follow the law of the day; gives how many are others than before.
pub async fn each_morning(db: &Db, clock: &Clock) -> Result<usize> {
    const SCOPE: &str = "prices follow";
    let today = clock.today().to_string();
    let mut changed = 0;
    for outlet in outlet::Entity::find().order_by_asc(outlet::Column::Id).all(db).await? {
        let key = format!("{} {today}", outlet.id);
        if once::first_answer(db, SCOPE, &key).await?.is_some() {
            continue;
        }
        let tx = db::begin(db).await?;
        if once::answered(&tx, SCOPE, &key, "").await?.is_some() {
            continue;
        }
        once::remember(&tx, clock, SCOPE, &key, "", "").await?;
        changed += follow_all(&tx, clock, outlet.id).await?;
        tx.commit().await?;
    }
    Ok(changed)
}

/// Lets all sembako of an outlet follow.
pub async fn follow_all(tx: &Tx, clock: &Clock, outlet_id: i64) -> Result<usize> {
    let goods = price_good::all(tx, outlet_id).await?;
    let ids: Vec<i64> = goods.iter().map(|good| good.item.id).collect();
    Ok(follow(tx, clock, outlet_id, &ids).await?.len())
}
