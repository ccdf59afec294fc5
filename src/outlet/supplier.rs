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
    // Two who write the same name at once take turns at the outlet.
    outlet::Entity::find_by_id(outlet_id).lock_exclusive().one(tx).await?;
    let known = list(tx, outlet_id).await?;
    if known.iter().any(|supplier| supplier.name.to_lowercase() == new.name.to_lowercase()) {
        return Err(Refusal::conflict("supplier.known").with("name", new.name.as_str()).into());
    }
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

/// The suppliers of an outlet, by name.
pub async fn list(db: &impl ConnectionTrait, outlet_id: i64) -> Result<Vec<Model>> {
    let here = Entity::find().filter(Column::OutletId.eq(outlet_id)).filter(Column::ArchivedAt.is_null());
    Ok(here.order_by_asc(Column::Name).all(db).await?)
}

/// What the outlet owes a supplier; less than nothing when they owe the outlet.
pub async fn owed(db: &impl ConnectionTrait, supplier_id: i64) -> Result<Rupiah> {
    Ok(-ledger::balance(db, Book::Supplier(supplier_id)).await?)
}

/// Money for a supplier.
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
    if new.amount > owed {
        return Err(Refusal::conflict("supplier.pay_more").with("owed", owed).into());
    }
    let row = payment::ActiveModel {
        supplier_id: Set(supplier.id),
        purchase_id: Set(new.purchase_id),
        amount: Set(new.amount),
        source: Set(new.source),
        reference: Set(new.reference.clone()),
        person_id: Set(by),
        source_key: Set(source_key.to_owned()),
        paid_at: Set(clock.now()),
        ..Default::default()
    };
    let paid = payment::Entity::insert(row).exec_with_returning(tx).await?;
    let book = match new.source {
        Source::Cash => Book::Cash(supplier.outlet_id),
        Source::Bank => Book::Bank(supplier.outlet_id),
    };
    let (key, subject) = (format!("supplier_payment:{}", paid.id), format!("supplier:{}", supplier.id));
    let lines = [(Book::Supplier(supplier.id), paid.amount), (book, -paid.amount)];
    let entry =
        NewEntry { source_key: &key, kind: "supplier_paid", subject: &subject, memo: &supplier.name, lines: &lines };
    ledger::post(tx, clock, entry).await?;
    Ok(paid)
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
