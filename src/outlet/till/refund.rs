//! What may be given back of a sale, by the way it was paid: cash for what was paid in cash or by QRIS, off the account
//! what was written on it, to the card of social aid what it paid.
use std::collections::HashMap;

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::told;
use crate::{db::Tx, error::Result, ledger::Book, locale::Said, outlet::sale_return};
use entity::{
    Rupiah, sale,
    sale_tender::{self, By},
    till_return::{Column, Entity},
    till_return_tender as tender,
};

/// Why so much is not given back in the ways that were told, if it is not.
pub(super) async fn refused(tx: &Tx, sale: &sale::Model, told: &told::Return) -> Result<Option<Said>> {
    for one in told.tenders() {
        let (room, said) = match one.by {
            By::Cash => (sale_return::in_cash(tx, sale).await?, "kasir.aid_back"),
            By::Account => (rest_of(tx, sale.id, By::Account).await?, "kasir.not_on_account"),
            By::Bansos => (rest_of(tx, sale.id, By::Bansos).await?, "kasir.not_by_card"),
            By::Qris => return Ok(Some(Said::new("kasir.back_in_cash"))),
        };
        if room < one.amount {
            return Ok(Some(Said::new(said)));
        }
    }
    Ok(None)
}

/// Where the money that is given back lay since the sale.
pub(super) fn book(by: By, sale: &sale::Model, shift_id: i64) -> Book {
    match by {
        By::Account => Book::Member(sale.member_id.unwrap_or_default()),
        By::Bansos => Book::Edc(sale.outlet_id),
        By::Cash | By::Qris => Book::Drawer(shift_id),
    }
}

/// What was given back of a sale before, in all ways together, at tills and on its page.
pub(super) async fn so_far(tx: &Tx, sale_id: i64) -> Result<Rupiah> {
    let at_till = Entity::find().filter(Column::SaleId.eq(sale_id)).all(tx).await?;
    let on_page = sale_return::of_sale(tx, sale_id).await?;
    let at_till: Rupiah = at_till.iter().map(|one| one.amount).sum();
    let on_page: Rupiah = on_page.iter().map(|(one, _)| one.amount).sum();
    Ok(at_till + on_page)
}

/// What was paid of some sales in one way, less what went back the same way; sales without are absent.
pub async fn rest(db: &impl ConnectionTrait, sale_ids: &[i64], by: By) -> Result<HashMap<i64, Rupiah>> {
    let paid = sale_tender::Entity::find().filter(sale_tender::Column::SaleId.is_in(sale_ids.iter().copied()));
    let mut rest: HashMap<i64, Rupiah> = HashMap::new();
    for one in paid.filter(sale_tender::Column::By.eq(by)).all(db).await? {
        *rest.entry(one.sale_id).or_default() += one.amount;
    }
    let back = tender::Entity::find().find_also_related(Entity);
    let back = back.filter(Column::SaleId.is_in(sale_ids.iter().copied())).filter(tender::Column::By.eq(by));
    for (one, of) in back.all(db).await? {
        if let Some(of) = of {
            *rest.entry(of.sale_id).or_default() -= one.amount;
        }
    }
    Ok(rest)
}

async fn rest_of(tx: &Tx, sale_id: i64, by: By) -> Result<Rupiah> {
    Ok(rest(tx, &[sale_id], by).await?.remove(&sale_id).unwrap_or_default())
}
