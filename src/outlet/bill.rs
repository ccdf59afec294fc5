//! A bill: money asked for over the counter, by a QRIS code made for this one sale.
//!
//! What it promises: a bill is paid only by what the provider said when it was asked; money that comes when nothing is
//! asked any more (twice, late, after it was called off) is owed back and stays in sight; and each event is booked once.
mod money;

use chrono::{Duration, NaiveDate};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::{Value, json};

pub use self::money::{give_back, paid_back, told};
use crate::{
    clock::{self, Clock},
    db::Tx,
    error::{Error, Refusal, Result},
    history,
    payments::{
        attempt::{self, Details, Line},
        method,
    },
};
pub use entity::bill::{Model, State};
use entity::{
    Rupiah,
    bill::{ActiveModel, Column, Entity},
    order::Method,
    outlet, payment_attempt,
};

/// How long a code can be paid: the provider ends shorter ones late.
pub const CODE_LIVES: Duration = Duration::minutes(15);

/// What an operator types.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewBill {
    pub amount: Rupiah,
    pub purpose: Option<String>,
}

/// How other modules call a bill.
pub fn subject(id: i64) -> String {
    format!("bill:{id}")
}

/// The id in such a name, if there is such a bill.
pub async fn existing(db: &impl ConnectionTrait, subject: &str) -> Result<Option<i64>> {
    let Some(id) = subject.strip_prefix("bill:").and_then(|id| id.parse::<i64>().ok()) else { return Ok(None) };
    Ok(Entity::find_by_id(id).one(db).await?.map(|bill| bill.id))
}

/// The least and the most a code can ask for.
pub fn limits() -> (Rupiah, Rupiah) {
    method::limits(Method::Qris).map_or((Rupiah(1), Rupiah(1)), |range| (*range.start(), *range.end()))
}

/// A bill of this outlet; another outlet's does not exist here.
pub async fn read(db: &impl ConnectionTrait, outlet_id: i64, id: i64) -> Result<Model> {
    Entity::find_by_id(id).filter(Column::OutletId.eq(outlet_id)).one(db).await?.ok_or(Error::NotFound)
}

/// The same, locked until the end of the transaction.
pub async fn lock(tx: &Tx, outlet_id: i64, id: i64) -> Result<Model> {
    let of_outlet = Entity::find_by_id(id).filter(Column::OutletId.eq(outlet_id)).lock_exclusive();
    of_outlet.one(tx).await?.ok_or(Error::NotFound)
}

async fn lock_any(tx: &Tx, id: i64) -> Result<Model> {
    Entity::find_by_id(id).lock_exclusive().one(tx).await?.ok_or(Error::NotFound)
}

/// Bills made on a day in Jember, the latest first.
pub async fn of_day(db: &impl ConnectionTrait, outlet_id: i64, day: NaiveDate) -> Result<Vec<Model>> {
    let from = clock::start_of(day);
    Ok(Entity::find()
        .filter(Column::OutletId.eq(outlet_id))
        .filter(Column::CreatedAt.gte(from))
        .filter(Column::CreatedAt.lt(from + Duration::days(1)))
        .order_by_desc(Column::Id)
        .all(db)
        .await?)
}

/// Bills of any day whose money must go back, the oldest first.
pub async fn owing(db: &impl ConnectionTrait, outlet_id: i64) -> Result<Vec<Model>> {
    let of_outlet = Entity::find().filter(Column::OutletId.eq(outlet_id)).filter(Column::RefundDue.gt(0));
    Ok(of_outlet.order_by_asc(Column::Id).all(db).await?)
}

/// Makes a bill and asks for its code, which comes after the commit.
pub async fn make(tx: &Tx, clock: &Clock, outlet: &outlet::Model, new: &NewBill, by: i64) -> Result<Model> {
    let row = ActiveModel {
        outlet_id: Set(outlet.id),
        amount: Set(new.amount),
        purpose: Set(new.purpose.clone()),
        person_id: Set(by),
        state: Set(State::Open),
        sold: Set(Rupiah::ZERO),
        refund_due: Set(Rupiah::ZERO),
        created_at: Set(clock.now()),
        ..Default::default()
    };
    let bill = Entity::insert(row).exec_with_returning(tx).await?;
    ask(tx, clock, outlet, &bill).await?;
    remember(tx, clock, &bill, "made", Some(by), json!({ "amount": bill.amount, "purpose": bill.purpose })).await?;
    Ok(bill)
}

/// Another code for a bill whose code has ended. The codes before were closed at the provider.
pub async fn renew(tx: &Tx, clock: &Clock, outlet: &outlet::Model, bill: &Model, by: i64) -> Result<()> {
    must_be_open(bill)?;
    ask(tx, clock, outlet, bill).await?;
    remember(tx, clock, bill, "renewed", Some(by), json!({ "amount": bill.amount })).await
}

async fn ask(tx: &Tx, clock: &Clock, outlet: &outlet::Model, bill: &Model) -> Result<payment_attempt::Model> {
    let name = bill.purpose.clone().unwrap_or_else(|| "Belanja di warong".into());
    let line = Line { id: "TAGIHAN".into(), name, price: bill.amount, quantity: 1, maker: None };
    let details = Details {
        lines: vec![line],
        name: outlet.name.clone(),
        phone: outlet.phone.clone(),
        email: None,
        return_url: format!("/kelola/qris/{}", bill.id),
    };
    let until = clock.now() + CODE_LIVES;
    attempt::open(tx, clock, &subject(bill.id), Method::Qris, bill.amount, until, &details).await
}

/// Calls a bill off. Its codes were closed at the provider; one that was paid in that moment keeps the bill.
pub async fn cancel(tx: &Tx, clock: &Clock, bill: &Model, by: i64) -> Result<()> {
    must_be_open(bill)?;
    let attempts = attempt::of_subject(tx, &subject(bill.id)).await?;
    if attempts.iter().any(attempt::is_live) {
        return Err(Refusal::conflict("qris.not_sure").into());
    }
    // Money that came too late is owed back already; other money is about to be booked.
    if bill.refund_due == Rupiah::ZERO && attempts.iter().any(|one| one.state == payment_attempt::State::Paid) {
        return Err(Refusal::conflict("qris.just_paid").into());
    }
    let change = ActiveModel {
        id: Set(bill.id),
        state: Set(State::Cancelled),
        closed_at: Set(Some(clock.now())),
        ..Default::default()
    };
    Entity::update(change).exec(tx).await?;
    remember(tx, clock, bill, "cancelled", Some(by), json!({ "amount": bill.amount })).await
}

fn must_be_open(bill: &Model) -> Result<(), Refusal> {
    match bill.state {
        State::Open => Ok(()),
        State::Paid => Err(Refusal::conflict("qris.just_paid")),
        State::Cancelled => Err(Refusal::conflict("qris.is_over")),
    }
}

async fn remember(tx: &Tx, clock: &Clock, bill: &Model, verb: &str, by: Option<i64>, detail: Value) -> Result<()> {
    let outlet = outlet::Entity::find_by_id(bill.outlet_id).one(tx).await?;
    let village_id = outlet.map(|outlet| outlet.village_id);
    history::remember(tx, clock, village_id, history::Subject("bill", bill.id), verb, by, detail).await
}
