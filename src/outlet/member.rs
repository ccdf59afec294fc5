//! Members of an outlet, and what they buy on account: never more than was allowed, paid down without haste, and never
//! with interest. A family has one limit, however many of its people are members.
use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder,
    QuerySelect, RelationTrait,
};
use serde_json::{Value, json};

use crate::{
    clock::Clock,
    db::Tx,
    error::{Error, Refusal, Result},
    history::{self, Subject},
    ledger::{self, Book, NewEntry},
};
pub use entity::member::Model;
use entity::{
    Rupiah, account,
    member::{ActiveModel, Column, Entity},
    member_payment as payment, outlet, posting,
};

/// The most that a family may be allowed to owe, in rupiah.
pub const MOST_LIMIT: i64 = 5_000_000;

/// Somebody to be written down.
#[derive(Clone, Debug)]
pub struct NewMember {
    pub name: String,
    pub phone: Option<String>,
    pub family_id: Option<i64>,
}

/// A member with what they owe, and what their family owes in all.
#[derive(Clone, Debug)]
pub struct Standing {
    pub member: Model,
    pub owed: Rupiah,
    pub family_owed: Rupiah,
}

impl Standing {
    /// What may still be bought on account; nothing when more is owed than is allowed.
    pub fn room(&self) -> Rupiah {
        (self.member.account_limit - self.family_owed).max(Rupiah::ZERO)
    }
}

/// What entries about a member are about.
pub fn subject(id: i64) -> String {
    format!("member:{id}")
}

/// Writes a member down. Nothing may be owed until somebody else allows it; who joins a family shares what that may owe.
pub async fn add(tx: &Tx, clock: &Clock, outlet: &outlet::Model, new: &NewMember, by: i64) -> Result<Model> {
    outlet::Entity::find_by_id(outlet.id).lock_exclusive().one(tx).await?;
    let here = of_outlet(tx, outlet.id).await?;
    let same = |one: &Model| {
        one.name.to_lowercase() == new.name.to_lowercase() && one.phone == new.phone && one.family_id == new.family_id
    };
    if here.iter().any(same) {
        return Err(Refusal::conflict("member.known").with("name", new.name.as_str()).into());
    }
    let of_family = here.iter().find(|one| one.family_id.is_some() && one.family_id == new.family_id);
    let row = ActiveModel {
        outlet_id: Set(outlet.id),
        name: Set(new.name.clone()),
        phone: Set(new.phone.clone()),
        family_id: Set(new.family_id),
        account_limit: Set(of_family.map_or(Rupiah::ZERO, |one| one.account_limit)),
        joined_at: Set(clock.now()),
        person_id: Set(Some(by)),
        ..Default::default()
    };
    let member = Entity::insert(row).exec_with_returning(tx).await?;
    remember(tx, clock, outlet, member.id, "joined", by, json!({})).await?;
    Ok(member)
}

/// A member of this outlet; another outlet's does not exist here.
pub async fn read(db: &impl ConnectionTrait, outlet_id: i64, id: i64) -> Result<Standing> {
    let member = Entity::find_by_id(id).filter(Column::OutletId.eq(outlet_id)).one(db).await?;
    let member = member.ok_or(Error::NotFound)?;
    let family = family_of(db, &member).await?;
    let owed = owed(db, &family.iter().map(|one| one.id).collect::<Vec<_>>()).await?;
    Ok(Standing { owed: owed.get(&id).copied().unwrap_or_default(), family_owed: owed.values().copied().sum(), member })
}

/// The members, by name, each with what they owe: of those who left only who still owes.
pub async fn list(db: &impl ConnectionTrait, outlet_id: i64) -> Result<Vec<Standing>> {
    let all = Entity::find().filter(Column::OutletId.eq(outlet_id)).order_by_asc(Column::Name);
    let all = all.order_by_asc(Column::Id).all(db).await?;
    let owed = owed(db, &all.iter().map(|one| one.id).collect::<Vec<_>>()).await?;
    // A till may tell of a debt when its member has left already.
    let is_shown = |one: &Model| one.left_at.is_none() || owed.get(&one.id).is_some_and(|owed| owed.0 != 0);
    let members: Vec<Model> = all.into_iter().filter(is_shown).collect();
    let of = |member: &Model| owed.get(&member.id).copied().unwrap_or_default();
    let with_family = |member: &Model| {
        let family = members.iter().filter(|one| one.id == member.id || shares(one, member));
        Standing { member: member.clone(), owed: of(member), family_owed: family.map(of).sum() }
    };
    Ok(members.iter().map(with_family).collect())
}

fn shares(one: &Model, other: &Model) -> bool {
    one.family_id.is_some() && one.family_id == other.family_id
}

async fn of_outlet(db: &impl ConnectionTrait, outlet_id: i64) -> Result<Vec<Model>> {
    let here = Entity::find().filter(Column::OutletId.eq(outlet_id)).filter(Column::LeftAt.is_null());
    Ok(here.order_by_asc(Column::Name).order_by_asc(Column::Id).all(db).await?)
}

/// All of a member's family here, the member included, also those who left; in the order of their ids.
async fn family_of(db: &impl ConnectionTrait, member: &Model) -> Result<Vec<Model>> {
    let mut which = Condition::any().add(Column::Id.eq(member.id));
    if let Some(family_id) = member.family_id {
        which = which.add(Column::FamilyId.eq(family_id));
    }
    let here = Entity::find().filter(Column::OutletId.eq(member.outlet_id)).filter(which);
    Ok(here.order_by_asc(Column::Id).all(db).await?)
}

/// Locks a member and the family that shares the limit.
async fn lock(tx: &Tx, outlet_id: i64, id: i64) -> Result<(Model, Vec<Model>)> {
    let member = Entity::find_by_id(id).filter(Column::OutletId.eq(outlet_id)).one(tx).await?;
    let member = member.ok_or(Error::NotFound)?;
    let ids: Vec<i64> = family_of(tx, &member).await?.iter().map(|one| one.id).collect();
    let rows = Entity::find().filter(Column::Id.is_in(ids)).order_by_asc(Column::Id).lock_exclusive();
    let family = rows.all(tx).await?;
    let member = family.iter().find(|one| one.id == id).cloned().ok_or(Error::NotFound)?;
    Ok((member, family))
}

/// Says how much a member's family may owe. More is allowed by another person than the one who wrote the member down;
/// less by anybody. What is owed already stands.
pub async fn set_limit(tx: &Tx, clock: &Clock, outlet: &outlet::Model, id: i64, limit: Rupiah, by: i64) -> Result<()> {
    let (member, family) = lock(tx, outlet.id, id).await?;
    if !(0..=MOST_LIMIT).contains(&limit.0) {
        return Err(Refusal::invalid("member.limit").into());
    }
    if limit > member.account_limit && family.iter().any(|one| one.person_id == Some(by)) {
        return Err(Refusal::conflict("member.own_writing").into());
    }
    if member.left_at.is_some() && limit > Rupiah::ZERO {
        return Err(Refusal::conflict("member.has_left").into());
    }
    for one in &family {
        let change = ActiveModel { id: Set(one.id), account_limit: Set(limit), ..Default::default() };
        Entity::update(change).exec(tx).await?;
    }
    let detail = json!({ "from": member.account_limit, "to": limit });
    remember(tx, clock, outlet, id, "limit", by, detail).await
}

/// A member leaves, once nothing is owed.
pub async fn leave(tx: &Tx, clock: &Clock, outlet: &outlet::Model, id: i64, by: i64) -> Result<()> {
    let (member, _) = lock(tx, outlet.id, id).await?;
    if member.left_at.is_some() {
        return Err(Refusal::conflict("member.has_left").into());
    }
    let owed = owed(tx, &[id]).await?.get(&id).copied().unwrap_or_default();
    if owed != Rupiah::ZERO {
        return Err(Refusal::conflict("member.still_owes").with("owed", owed).into());
    }
    let change = ActiveModel {
        id: Set(id),
        left_at: Set(Some(clock.now())),
        account_limit: Set(Rupiah::ZERO),
        ..Default::default()
    };
    Entity::update(change).exec(tx).await?;
    remember(tx, clock, outlet, id, "left", by, json!({})).await
}

/// What each of some members owes by the books; who owes nothing may be absent.
pub async fn owed(db: &impl ConnectionTrait, ids: &[i64]) -> Result<BTreeMap<i64, Rupiah>> {
    use sea_orm::ExprTrait;
    let mut all = BTreeMap::new();
    for ids in ids.chunks(500) {
        let codes = ids.iter().map(|id| Book::Member(*id).code());
        let sums: Vec<(String, i64)> = posting::Entity::find()
            .join(JoinType::InnerJoin, posting::Relation::Account.def())
            .filter(account::Column::Code.is_in(codes))
            .select_only()
            .column(account::Column::Code)
            .column_as(posting::Column::Amount.sum().cast_as("bigint"), "owed")
            .group_by(account::Column::Code)
            .into_tuple()
            .all(db)
            .await?;
        let of = |(code, owed): (String, i64)| Some((code.strip_prefix("member:")?.parse().ok()?, Rupiah(owed)));
        all.extend(sums.into_iter().filter_map(of));
    }
    Ok(all)
}

/// What each of some members may still buy on account, by what their family may owe and owes; less than nothing when
/// more is owed than is allowed.
pub async fn room(db: &impl ConnectionTrait, ids: &[i64]) -> Result<BTreeMap<i64, Rupiah>> {
    let mut rooms = BTreeMap::new();
    for ids in ids.chunks(500) {
        let members = Entity::find().filter(Column::Id.is_in(ids.iter().copied())).all(db).await?;
        let families = members.iter().filter_map(|one| one.family_id);
        let families = Entity::find().filter(Column::FamilyId.is_in(families)).all(db).await?;
        let all: Vec<i64> = members.iter().chain(&families).map(|one| one.id).collect();
        let owed = owed(db, &all).await?;
        for member in &members {
            let is_of = |one: &&Model| one.outlet_id == member.outlet_id && one.id != member.id && shares(one, member);
            let with = families.iter().filter(is_of).map(|one| one.id).chain([member.id]);
            let sum: Rupiah = with.map(|id| owed.get(&id).copied().unwrap_or_default()).sum();
            rooms.insert(member.id, member.account_limit - sum);
        }
    }
    Ok(rooms)
}

/// The `members` part of what a till takes along: `limit` and `owed` are those of the whole family; who shares them has
/// the same `with`, the smallest of their ids.
pub async fn for_till(db: &impl ConnectionTrait, outlet: &outlet::Model) -> Result<Value> {
    let all = list(db, outlet.id).await?;
    let told = |one: &Standing| {
        let with = all.iter().filter(|other| shares(&other.member, &one.member)).map(|other| other.member.id).min();
        json!({ "id": one.member.id, "name": one.member.name, "limit": one.member.account_limit,
            "owed": one.family_owed, "with": with.unwrap_or(one.member.id) })
    };
    Ok(Value::Array(all.iter().map(told).collect()))
}

/// A member pays on their account, at the counter (into the outlet's box) or at a till (into its drawer). Never more
/// than is owed; the same source key pays once.
pub async fn pay(
    tx: &Tx,
    clock: &Clock,
    outlet: &outlet::Model,
    member_id: i64,
    amount: Rupiah,
    into: Book,
    by: i64,
    source_key: &str,
    at: DateTime<Utc>,
) -> Result<payment::Model> {
    lock(tx, outlet.id, member_id).await?;
    let known = payment::Entity::find().filter(payment::Column::SourceKey.eq(source_key)).one(tx).await?;
    if let Some(known) = known {
        return Ok(known);
    }
    if !matches!(into, Book::Cash(_) | Book::Drawer(_)) {
        return Err(anyhow::anyhow!("a member pays into a box or a drawer, not into {}", into.code()).into());
    }
    if amount < Rupiah(1) {
        return Err(Refusal::invalid("member.pay_nothing").into());
    }
    let owed = owed(tx, &[member_id]).await?.get(&member_id).copied().unwrap_or_default();
    if amount > owed {
        return Err(Refusal::conflict("member.pay_more").with("owed", owed.max(Rupiah::ZERO)).into());
    }
    let row = payment::ActiveModel {
        outlet_id: Set(outlet.id),
        member_id: Set(member_id),
        amount: Set(amount),
        book: Set(into.code()),
        person_id: Set(by),
        source_key: Set(source_key.to_owned()),
        at: Set(at.min(clock.now())),
        ..Default::default()
    };
    let paid = payment::Entity::insert(row).exec_with_returning(tx).await?;
    let (key, subject) = (format!("member_payment:{}", paid.id), subject(member_id));
    let lines = [(into, amount), (Book::Member(member_id), -amount)];
    let entry = NewEntry { source_key: &key, kind: PAID, subject: &subject, memo: "", lines: &lines };
    ledger::post(tx, clock, entry).await?;
    Ok(paid)
}

/// How the books call a payment.
const PAID: &str = "member_paid";

/// What happened on an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    Bought,
    /// Goods came back, or a sale was taken back.
    Returned,
    Paid,
}

/// One line of a statement, with what is owed after it.
#[derive(Clone, Debug)]
pub struct Line {
    pub at: DateTime<Utc>,
    pub what: What,
    /// More is owed; less when it is less than nothing.
    pub amount: Rupiah,
    pub left: Rupiah,
}

/// All that happened on a member's account. The last line leaves what the books say is owed.
pub async fn statement(db: &impl ConnectionTrait, member_id: i64) -> Result<Vec<Line>> {
    let mut left = Rupiah::ZERO;
    let written = ledger::written(db, Book::Member(member_id)).await?;
    let line = |one: ledger::Written| {
        left += one.amount;
        let what = match one.kind.as_str() {
            PAID => What::Paid,
            _ if one.amount < Rupiah::ZERO => What::Returned,
            _ => What::Bought,
        };
        Line { at: one.at, what, amount: one.amount, left }
    };
    Ok(written.into_iter().map(line).collect())
}

async fn remember(
    tx: &Tx,
    clock: &Clock,
    outlet: &outlet::Model,
    id: i64,
    verb: &str,
    by: i64,
    detail: Value,
) -> Result<()> {
    let about = Subject("member", id);
    history::remember(tx, clock, Some(outlet.village_id), about, verb, Some(by), detail).await
}
