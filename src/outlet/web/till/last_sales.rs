//! The last sales in a till's provisions, so that it can take goods back that another till sold.
use std::collections::HashSet;

use chrono::{DateTime, Duration, Utc};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::Serialize;

use crate::{
    error::Result,
    outlet::{
        sale,
        till::{back, refund},
    },
};
use entity::{
    Rupiah,
    item::Measure,
    sale::{Column, Entity, Method},
    sale_tender::By,
};

/// Sales of so many days can be taken back without signal, and so many of them.
const BACK: Duration = Duration::days(3);
const MOST_BACK: u64 = 60;

#[derive(Serialize)]
pub(super) struct SaleJson {
    id: String,
    number: String,
    at: DateTime<Utc>,
    total: Rupiah,
    /// Paid by a card of social aid, and not given back to it: it never becomes cash.
    aid: Rupiah,
    /// What was on account, and has not come off it by returns: neither.
    account: Rupiah,
    member: Option<i64>,
    lines: Vec<SaleLineJson>,
}

#[derive(Serialize)]
struct SaleLineJson {
    n: usize,
    item: i64,
    name: String,
    quantity: i64,
    left: i64,
    amount: Rupiah,
    measure: Measure,
    craft: bool,
}

/// The last sales of tills, of which something can still come back.
pub(super) async fn read(
    db: &impl ConnectionTrait,
    outlet_id: i64,
    now: DateTime<Utc>,
    crafts: &HashSet<i64>,
) -> Result<Vec<SaleJson>> {
    let last = Entity::find()
        .filter(Column::OutletId.eq(outlet_id))
        .filter(Column::Method.eq(Method::Till))
        .filter(Column::SoldAt.gte(now - BACK))
        .order_by_desc(Column::SoldAt)
        .order_by_desc(Column::Id)
        .limit(MOST_BACK)
        .all(db)
        .await?;
    let mut all = Vec::new();
    let ids: Vec<i64> = last.iter().map(|row| row.id).collect();
    let aid = refund::rest(db, &ids, By::Bansos).await?;
    let account = refund::rest(db, &ids, By::Account).await?;
    let mut parts = back::parts_of(db, &ids).await?;
    for row in last {
        let Some(id) = row.source_key.strip_prefix("event:") else { continue };
        let parts = parts.remove(&row.id).unwrap_or_default();
        let line = |(n, part): (usize, &back::Part)| SaleLineJson {
            n,
            item: part.line.item_id,
            name: part.line.name.clone(),
            quantity: part.line.quantity,
            left: part.left(),
            amount: part.line.amount,
            measure: part.line.measure,
            craft: crafts.contains(&part.line.item_id),
        };
        all.push(SaleJson {
            id: id.to_owned(),
            number: sale::number(&row),
            at: row.sold_at,
            total: row.total,
            aid: aid.get(&row.id).copied().unwrap_or_default(),
            account: account.get(&row.id).copied().unwrap_or_default(),
            member: row.member_id,
            lines: parts.iter().enumerate().map(line).collect(),
        });
    }
    Ok(all)
}
