//! How sales of a till come into the books, many at once: rows, goods, money and what was odd.
//!
//! What households made goes the way of every other counter sale, line by line; the money of the whole sale stands in the
//! outlet's own sales, and from there their part goes to them.
use std::collections::HashMap;

use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;

use super::{
    conflict::{self, Kind, Odd},
    judge::Odds,
    known::Known,
    sell::Asked,
    shift,
};
use crate::{
    clock::Clock,
    db::{self, Tx},
    error::Result,
    ledger::{self, Book, NewEntry},
    outlet::{
        cost,
        market::{self, Bought},
        sale,
    },
    secret,
    stock::{self, Left, Why},
};
use entity::{
    Rupiah, outlet,
    sale::{ActiveModel, Method, Model},
    sale_line as line,
    sale_tender::{self as tender, By},
};

/// A sale that can be booked.
#[derive(Debug)]
pub struct Fit<'a> {
    pub asked: &'a Asked<'a>,
    pub key: &'a str,
    pub odds: Odds,
}

/// Books sales; gives their rows in the same order.
pub async fn all(tx: &Tx, clock: &Clock, outlet: &outlet::Model, known: &Known, fit: &[Fit<'_>]) -> Result<Vec<Model>> {
    if fit.is_empty() {
        return Ok(Vec::new());
    }
    let sales = rows(tx, outlet, known, fit).await?;
    let pairs: Vec<(&Fit<'_>, &Model)> = fit.iter().zip(&sales).collect();
    lines(tx, known, &pairs).await?;
    let mut odds = goods(tx, clock, outlet, known, &pairs).await?;
    odds.extend(quotas(tx, clock, outlet, known, &pairs).await?);
    craft(tx, clock, outlet, known, &pairs).await?;
    money(tx, clock, outlet, &pairs).await?;
    odds.extend(late(tx, clock, known, &pairs).await?);
    for (one, sale) in &pairs {
        odds.extend(one.odds.iter().map(|(kind, detail)| Odd {
            sale_id: sale.id,
            kind: *kind,
            detail: detail.clone(),
        }));
    }
    conflict::note(tx, outlet.id, clock.now(), odds).await?;
    Ok(sales)
}

async fn rows(tx: &Tx, outlet: &outlet::Model, known: &Known, fit: &[Fit<'_>]) -> Result<Vec<Model>> {
    let row = |one: &Fit<'_>| {
        let told = &one.asked.told;
        ActiveModel {
            outlet_id: Set(outlet.id),
            secret: Set(secret::short_token()),
            method: Set(Method::Till),
            total: Set(told.total),
            person_id: Set(one.asked.person_id),
            source_key: Set(one.key.to_owned()),
            sold_at: Set(one.asked.at),
            shift_id: Set(known.shifts.get(&told.shift).map(|shift| shift.id)),
            till_number: Set(Some(told.number.clone()).filter(|number| !number.is_empty())),
            member_id: Set(told.member.filter(|id| known.members.contains_key(id))),
            family_id: Set(told.family.as_ref().and_then(|token| known.families.get(token)).map(|family| family.id)),
            prices_at: Set(told.prices_at),
            ..Default::default()
        }
    };
    let written = db::insert_all_returning(tx, fit.iter().map(row).collect()).await?;
    let mut found: HashMap<String, Model> = written.into_iter().map(|row| (row.source_key.clone(), row)).collect();
    let missing = |key: &str| anyhow::anyhow!("sale {key} was not written");
    fit.iter().map(|one| found.remove(one.key).ok_or_else(|| missing(one.key).into())).collect()
}

async fn lines(tx: &Tx, known: &Known, pairs: &[(&Fit<'_>, &Model)]) -> Result<()> {
    let mut lines = Vec::new();
    let mut tenders = Vec::new();
    for (one, sale) in pairs {
        for told in &one.asked.told.lines {
            let Some(good) = known.goods.get(&told.item) else { continue };
            lines.push(line::ActiveModel {
                sale_id: Set(sale.id),
                item_id: Set(told.item),
                name: Set(sale::full_name(&good.product, &good.item)),
                grade: Set(None),
                quantity: Set(told.quantity),
                list_price: Set(good.item.price),
                unit_price: Set(told.price),
                reason: Set(None),
                amount: Set(told.amount),
                measure: Set(good.item.measure),
                price_of: Set(told.price_of),
                markdown_id: Set(told.markdown),
                market_id: Set(told.market),
                ..Default::default()
            });
        }
        for told in &one.asked.told.tenders {
            tenders.push(tender::ActiveModel {
                sale_id: Set(sale.id),
                by: Set(told.by),
                amount: Set(told.amount),
                received: Set(told.received.filter(|_| told.by == By::Cash)),
                bill_id: Set(told.bill.filter(|_| told.by == By::Qris)),
                reference: Set(told.reference.clone()),
                ..Default::default()
            });
        }
    }
    db::insert_all(tx, lines).await?;
    db::insert_all(tx, tenders).await?;
    Ok(())
}

/// Names what a line took off the shelf: the sale, and its place in it.
pub fn goods_key(sale_id: i64, n: usize) -> String {
    format!("{}:{n}", sale::subject(sale_id))
}

/// Goods that no household made leave the shelf, and what they cost follows.
async fn goods(
    tx: &Tx,
    clock: &Clock,
    outlet: &outlet::Model,
    known: &Known,
    pairs: &[(&Fit<'_>, &Model)],
) -> Result<Vec<Odd>> {
    let mut left = Vec::new();
    let mut of = Vec::new();
    for (one, sale) in pairs {
        for (n, told) in one.asked.told.lines.iter().enumerate() {
            let Some(good) = known.goods.get(&told.item).filter(|good| !good.is_craft) else { continue };
            left.push(Left {
                item_id: told.item,
                quantity: told.quantity,
                lot_id: told.markdown.and_then(|id| known.markdowns.get(&id)).map(|marked| marked.lot_id),
                subject: sale::subject(sale.id),
                source_key: goods_key(sale.id, n),
                person_id: one.asked.person_id,
                at: one.asked.at,
            });
            of.push((sale.id, good));
        }
    }
    if left.is_empty() {
        return Ok(Vec::new());
    }
    let place_id = stock::shelf(tx, clock, outlet.id).await?;
    let missing = stock::sell_all(tx, clock, place_id, &left).await?;
    let mut items: Vec<i64> = left.iter().map(|left| left.item_id).collect();
    items.sort_unstable();
    items.dedup();
    cost::follow(tx, clock, outlet.id, &items).await?;
    let odd = |one: &stock::Missing| {
        let (sale_id, good) = of.get(one.n)?;
        let kind = match one.why {
            Why::Expired => Kind::Expired,
            Why::Promised => Kind::Promised,
            Why::Gone => Kind::BelowZero,
        };
        let name = sale::full_name(&good.product, &good.item);
        let detail = json!({ "name": name, "missing": one.quantity, "measure": good.item.measure });
        Some(Odd { sale_id: *sale_id, kind, detail })
    };
    Ok(missing.iter().filter_map(odd).collect())
}

/// What families had of goods with a limit, and what of it was too much.
async fn quotas(
    tx: &Tx,
    clock: &Clock,
    outlet: &outlet::Model,
    known: &Known,
    pairs: &[(&Fit<'_>, &Model)],
) -> Result<Vec<Odd>> {
    let mut bought = Vec::new();
    let mut of = Vec::new();
    for (one, sale) in pairs {
        for (n, told) in one.asked.told.lines.iter().enumerate() {
            let Some(good) = known.goods.get(&told.item) else { continue };
            let commodity = good.product.commodity.clone();
            if commodity.is_none() && told.market.is_none() {
                continue;
            }
            bought.push(Bought {
                sale_id: sale.id,
                source_key: goods_key(sale.id, n),
                family_id: sale.family_id,
                market_id: told.market.filter(|id| known.offers.contains_key(&(*id, told.item))),
                item_id: told.item,
                commodity,
                quantity: told.quantity,
                at: one.asked.at,
            });
            of.push((sale.id, sale::full_name(&good.product, &good.item)));
        }
    }
    if bought.is_empty() {
        return Ok(Vec::new());
    }
    let odds = market::count(tx, clock, outlet, &bought).await?;
    let odd = |(n, mut detail): (usize, serde_json::Value)| {
        let (sale_id, name) = of.get(n)?;
        detail["name"] = json!(name);
        Some(Odd { sale_id: *sale_id, kind: Kind::Quota, detail })
    };
    Ok(odds.into_iter().filter_map(odd).collect())
}

/// What households made is sold by turns, and its makers are paid out of the sale.
async fn craft(
    tx: &Tx,
    clock: &Clock,
    outlet: &outlet::Model,
    known: &Known,
    pairs: &[(&Fit<'_>, &Model)],
) -> Result<()> {
    for (one, sale) in pairs {
        let is_craft = |id: i64| known.goods.get(&id).is_some_and(|good| good.is_craft);
        if !one.asked.told.lines.iter().any(|told| is_craft(told.item)) {
            continue;
        }
        let place_id = stock::shelf(tx, clock, outlet.id).await?;
        let lines = line::Entity::find().filter(line::Column::SaleId.eq(sale.id)).order_by_asc(line::Column::Id);
        for row in lines.all(tx).await?.iter().filter(|row| is_craft(row.item_id)) {
            let Some(good) = known.goods.get(&row.item_id) else { continue };
            sale::pieces_leave(tx, clock, sale, place_id, row, (&good.item, &good.product)).await?;
        }
    }
    Ok(())
}

/// The money of each sale lies where it was paid to; what came by a bill stands in the outlet's sales already.
async fn money(tx: &Tx, clock: &Clock, outlet: &outlet::Model, pairs: &[(&Fit<'_>, &Model)]) -> Result<()> {
    let mut whole = Vec::with_capacity(pairs.len());
    for (one, sale) in pairs {
        let mut lines = Vec::with_capacity(3);
        let mut booked = Rupiah::ZERO;
        for told in one.asked.told.tenders.iter().filter(|told| told.by != By::Qris) {
            let book = match told.by {
                By::Bansos => Book::Edc(outlet.id),
                By::Account => Book::Member(sale.member_id.unwrap_or_default()),
                By::Cash | By::Qris => Book::Drawer(sale.shift_id.unwrap_or_default()),
            };
            lines.push((book, told.amount));
            booked += told.amount;
        }
        lines.push((Book::OwnSales(outlet.id), -booked));
        whole.push((sale::subject(sale.id), sale::number(sale), lines));
    }
    let entries: Vec<NewEntry<'_>> = whole
        .iter()
        .map(|(key, memo, lines)| NewEntry { source_key: key, kind: "sold_at_till", subject: key, memo, lines })
        .collect();
    ledger::post_all(tx, clock, &entries).await
}

/// What is told after its drawer was counted lay in it then; but what was sold after that lies in it still.
async fn late(tx: &Tx, clock: &Clock, known: &Known, pairs: &[(&Fit<'_>, &Model)]) -> Result<Vec<Odd>> {
    let mut odds = Vec::new();
    for (one, sale) in pairs {
        let Some(shift) = known.shifts.get(&one.asked.told.shift).filter(|shift| shift.closed_at.is_some()) else {
            continue;
        };
        let cash = one.asked.told.tenders.iter().filter(|told| told.by == By::Cash);
        let paid: Rupiah = cash.map(|told| told.amount).sum();
        shift::late(tx, clock, shift, &sale::subject(sale.id), paid).await?;
        let counted = shift.closed_at.filter(|closed| paid > Rupiah::ZERO && one.asked.at > *closed);
        let detail = json!({ "cash": paid, "counted_at": counted });
        odds.push(Odd { sale_id: sale.id, kind: Kind::LateInShift, detail });
    }
    Ok(odds)
}
