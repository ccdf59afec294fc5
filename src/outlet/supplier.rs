//! Who the outlet buys from, and what it owes them.
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::{
    clock::Clock,
    db::Tx,
    error::{Error, Refusal, Result},
    ledger::{self, Book, NewEntry},
};
use entity::{
    Rupiah, outlet,
    supplier::{ActiveModel, Column, Entity},
    supplier_payment as payment,
};
pub use entity::{
    supplier::{Kind, Model},
    supplier_payment::Source,
};

/// What is said of a supplier.
#[derive(Clone, Debug)]
pub struct NewSupplier {
    pub name: String,
    pub kind: Kind,
    pub phone: Option<String>,
    /// Where they are: "Pasar Tanjung".
    pub place: Option<String>,
}

/// Writes a supplier down. One name, one supplier.
pub async fn add(tx: &Tx, clock: &Clock, outlet_id: i64, new: &NewSupplier) -> Result<Model> {
    alone(tx, outlet_id, None, &new.name).await?;
    let row = ActiveModel {
        outlet_id: Set(outlet_id),
        name: Set(new.name.clone()),
        kind: Set(new.kind),
        phone: Set(new.phone.clone()),
        place: Set(new.place.clone()),
        created_at: Set(clock.now()),
        ..Default::default()
    };
    Ok(Entity::insert(row).exec_with_returning(tx).await?)
}

/// Says something else of a supplier; purchases of before show the new name, too.
pub async fn describe(tx: &Tx, outlet_id: i64, id: i64, new: &NewSupplier) -> Result<()> {
    let one = read(tx, outlet_id, id).await?;
    alone(tx, outlet_id, Some(one.id), &new.name).await?;
    let change = ActiveModel {
        id: Set(one.id),
        name: Set(new.name.clone()),
        kind: Set(new.kind),
        phone: Set(new.phone.clone()),
        place: Set(new.place.clone()),
        ..Default::default()
    };
    Entity::update(change).exec(tx).await?;
    Ok(())
}

/// Refuses a name that another supplier of the outlet has. Two who write the same name at once take turns at the outlet.
async fn alone(tx: &Tx, outlet_id: i64, id: Option<i64>, name: &str) -> Result<()> {
    outlet::Entity::find_by_id(outlet_id).lock_exclusive().one(tx).await?;
    let all = all(tx, outlet_id).await?;
    let others = all.iter().filter(|one| Some(one.id) != id);
    let Some(same) = others.into_iter().find(|one| one.name.to_lowercase() == name.to_lowercase()) else {
        return Ok(());
    };
    let said = if same.archived_at.is_some() { "supplier.known_away" } else { "supplier.known" };
    Err(Refusal::conflict(said).with("name", same.name.as_str()).into())
}

/// Puts a supplier away whom nobody buys from any more, or takes them up again. While something is owed either way, they
/// stay.
pub async fn put_away(tx: &Tx, clock: &Clock, outlet_id: i64, id: i64, is_away: bool) -> Result<()> {
    lock(tx, id).await?;
    let one = read(tx, outlet_id, id).await?;
    if is_away && owed(tx, one.id).await? != Rupiah::ZERO {
        return Err(Refusal::conflict("supplier.not_even").with("name", one.name.as_str()).into());
    }
    let change = ActiveModel { id: Set(one.id), archived_at: Set(is_away.then(|| clock.now())), ..Default::default() };
    Entity::update(change).exec(tx).await?;
    Ok(())
}

/// Nobody waits longer for goods, in days.
pub const MOST_LEAD_DAYS: i64 = 60;

/// Says how many days goods of a supplier take to come; none: nobody knows.
pub async fn set_lead(tx: &Tx, outlet_id: i64, id: i64, days: Option<i64>) -> Result<()> {
    let one = read(tx, outlet_id, id).await?;
    if days.is_some_and(|days| !(0..=MOST_LEAD_DAYS).contains(&days)) {
        return Err(Refusal::invalid("form.at_most").with("max", MOST_LEAD_DAYS).into());
    }
    let change = ActiveModel { id: Set(one.id), lead_days: Set(days), ..Default::default() };
    Entity::update(change).exec(tx).await?;
    Ok(())
}

/// A supplier of this outlet; another outlet's does not exist here.
pub async fn read(db: &impl ConnectionTrait, outlet_id: i64, id: i64) -> Result<Model> {
    Entity::find_by_id(id).filter(Column::OutletId.eq(outlet_id)).one(db).await?.ok_or(Error::NotFound)
}

/// Locks what is owed to a supplier, after the goods it is owed for.
pub(super) async fn lock(tx: &Tx, id: i64) -> Result<()> {
    Entity::find_by_id(id).lock_exclusive().one(tx).await?;
    Ok(())
}

/// The suppliers whom an outlet buys from, by name.
pub async fn list(db: &impl ConnectionTrait, outlet_id: i64) -> Result<Vec<Model>> {
    let mut here = all(db, outlet_id).await?;
    here.retain(|one| one.archived_at.is_none());
    Ok(here)
}

/// These and those that were put away, by name.
pub async fn all(db: &impl ConnectionTrait, outlet_id: i64) -> Result<Vec<Model>> {
    let here = Entity::find().filter(Column::OutletId.eq(outlet_id));
    Ok(here.order_by_asc(Column::Name).order_by_asc(Column::Id).all(db).await?)
}

/// What the outlet owes a supplier; less than nothing when they owe the outlet.
pub async fn owed(db: &impl ConnectionTrait, supplier_id: i64) -> Result<Rupiah> {
    Ok(-ledger::balance(db, Book::Supplier(supplier_id)).await?)
}

/// Money for a supplier, or from one.
#[derive(Clone, Debug)]
pub struct NewPayment {
    pub amount: Rupiah,
    pub source: Source,
    /// The transfer's reference.
    pub reference: Option<String>,
    /// The purchase it is given at.
    pub purchase_id: Option<i64>,
}

/// Pays a supplier, never more than is owed. The same source key pays nothing again.
pub async fn pay(
    tx: &Tx,
    clock: &Clock,
    supplier: &Model,
    new: &NewPayment,
    by: i64,
    source_key: &str,
) -> Result<payment::Model> {
    pass(tx, clock, (supplier, false), new, by, source_key).await
}

/// A supplier gives money back, never more than lies with them. The same source key gives nothing again.
pub async fn refund(
    tx: &Tx,
    clock: &Clock,
    supplier: &Model,
    new: &NewPayment,
    by: i64,
    source_key: &str,
) -> Result<payment::Model> {
    pass(tx, clock, (supplier, true), new, by, source_key).await
}

async fn pass(
    tx: &Tx,
    clock: &Clock,
    (supplier, is_back): (&Model, bool),
    new: &NewPayment,
    by: i64,
    source_key: &str,
) -> Result<payment::Model> {
    // Two payments at once are judged one after the other.
    lock(tx, supplier.id).await?;
    let known = payment::Entity::find().filter(payment::Column::SourceKey.eq(source_key)).one(tx).await?;
    if let Some(known) = known {
        return Ok(known);
    }
    let owed = owed(tx, supplier.id).await?;
    if new.amount.0 < 1 {
        return Err(Refusal::invalid("supplier.pay_nothing").into());
    }
    if is_back && new.amount > -owed {
        return Err(Refusal::conflict("supplier.back_more").with("credit", (-owed).max(Rupiah::ZERO)).into());
    }
    if !is_back && new.amount > owed {
        return Err(Refusal::conflict("supplier.pay_more").with("owed", owed).into());
    }
    let row = payment::ActiveModel {
        supplier_id: Set(supplier.id),
        purchase_id: Set(new.purchase_id),
        amount: Set(new.amount),
        is_back: Set(is_back),
        source: Set(new.source),
        reference: Set(new.reference.clone()),
        person_id: Set(by),
        source_key: Set(source_key.to_owned()),
        paid_at: Set(clock.now()),
        ..Default::default()
    };
    let passed = payment::Entity::insert(row).exec_with_returning(tx).await?;
    let book = match new.source {
        Source::Cash => Book::Cash(supplier.outlet_id),
        Source::Bank => Book::Bank(supplier.outlet_id),
    };
    let (key, subject) = (format!("supplier_payment:{}", passed.id), format!("supplier:{}", supplier.id));
    let amount = if is_back { -passed.amount } else { passed.amount };
    let kind = if is_back { "supplier_refunded" } else { "supplier_paid" };
    let lines = [(Book::Supplier(supplier.id), amount), (book, -amount)];
    let entry = NewEntry { source_key: &key, kind, subject: &subject, memo: &supplier.name, lines: &lines };
    ledger::post(tx, clock, entry).await?;
    Ok(passed)
}

/// What was paid at a purchase.
pub async fn payments_at(db: &impl ConnectionTrait, purchase_id: i64) -> Result<Vec<payment::Model>> {
    let at = payment::Entity::find().filter(payment::Column::PurchaseId.eq(purchase_id));
    Ok(at.order_by_asc(payment::Column::Id).all(db).await?)
}

/// What was paid to a supplier, the newest first.
pub async fn payments(db: &impl ConnectionTrait, supplier_id: i64, most: u64) -> Result<Vec<payment::Model>> {
    let of = payment::Entity::find().filter(payment::Column::SupplierId.eq(supplier_id));
    Ok(of.order_by_desc(payment::Column::Id).limit(most).all(db).await?)
}
