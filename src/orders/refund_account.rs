//! Where a buyer wants money sent that is owed back: a bank account or a wallet's number. The buyer names it on the
//! order's page and may correct it until the money is sent.
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, sea_query::OnConflict};
use serde_json::json;

use crate::{
    bank_account::{Account, end_of},
    clock::Clock,
    db::Tx,
    error::{Refusal, Result},
    history,
};
use entity::{
    order,
    refund_account::{ActiveModel, Column, Entity, Model},
};

/// The account of an order, if one was named.
pub async fn of(db: &impl ConnectionTrait, order_id: i64) -> Result<Option<Model>> {
    Ok(Entity::find().filter(Column::OrderId.eq(order_id)).one(db).await?)
}

/// Keeps the account of an order whose money is owed back; another one takes its place. The order is locked.
pub async fn name(tx: &Tx, clock: &Clock, order: &order::Model, account: &Account) -> Result<()> {
    if order.refund_due.0 == 0 {
        return Err(Refusal::conflict("order.nothing_owed").into());
    }
    let row = ActiveModel {
        order_id: Set(order.id),
        bank: Set(account.bank.clone()),
        number: Set(account.number.clone()),
        holder: Set(account.holder.clone()),
        given_at: Set(clock.now()),
        ..Default::default()
    };
    let columns = [Column::Bank, Column::Number, Column::Holder, Column::GivenAt];
    Entity::insert(row)
        .on_conflict(OnConflict::column(Column::OrderId).update_columns(columns).to_owned())
        .exec_without_returning(tx)
        .await?;
    // Only the end of the number goes into what is written down for ever.
    let detail = json!({ "name": account.bank, "reference": end_of(&account.number) });
    history::remember(tx, clock, None, history::Subject("order", order.id), "account_named", None, detail).await
}
