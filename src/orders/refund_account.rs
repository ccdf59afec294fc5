//! Where a buyer wants money sent that is owed back: a bank account or a wallet's number. The buyer names it on the
//! order's page and may correct it until the money is sent.
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, sea_query::OnConflict};
use serde_json::json;

use crate::{
    clock::Clock,
    db::Tx,
    error::{Refusal, Result},
    form::{Form, Wrong},
    history,
    locale::Said,
};
use entity::{
    order,
    refund_account::{ActiveModel, Column, Entity, Model},
};

/// An account as it was typed and judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    pub bank: String,
    /// Digits only, 5 to 20 of them.
    pub number: String,
    pub holder: String,
}

impl Account {
    /// Judges what was typed. Spaces, dots and dashes in the number are how people read it out.
    pub fn read(form: &Form) -> Result<Account, Wrong> {
        let mut reader = form.read();
        let bank = reader.text("bank", 40);
        let typed = reader.text("rekening", 40);
        let number: String = typed.chars().filter(|c| !matches!(c, ' ' | '.' | '-')).collect();
        let is_account = (5..=20).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit());
        if !typed.is_empty() && !is_account {
            reader.refuse("rekening", Said::new("order.not_an_account"));
        }
        let holder = reader.text("pemilik", 80);
        reader.done(Account { bank, number, holder })
    }
}

/// The last four digits of a number: all that is shown where nobody has to send money.
pub fn end_of(number: &str) -> &str {
    number.get(number.len().saturating_sub(4)..).unwrap_or_default()
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_taken_as_people_read_it_out() {
        let read = |number: &str| {
            Account::read(&Form::of([("bank", "BRI"), ("rekening", number), ("pemilik", "Ratna")])).map(|a| a.number)
        };
        assert_eq!(read("0021-01-000123.50 7"), Ok("002101000123507".into()));
        for wrong in ["", "12", "BRI 123456", "123456789012345678901"] {
            assert!(read(wrong).unwrap_err().0.contains_key("rekening"), "{wrong}");
        }
    }
}
