//! Goods of a till's sale that come back, whole or in part; all of it back is the sale undone. Good ones go on the shelf
//! again at what goods cost on average, broken ones are lost, and the buyer gets what the parts had cost.
use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};

use super::{
    amount,
    craft_back::{self, Pieces},
    refund, sell,
    shift::{self, Speaker},
    told,
};
use crate::{
    clock::Clock,
    db::Tx,
    error::{Refusal, Result},
    history,
    ledger::Book,
    locale::Said,
    outlet::{
        cost,
        device_event::Outcome,
        market::{self, Back as GivenBack},
        sale,
        sale_return::{self, Bearer},
    },
    stock::{self, Cause},
};
pub use entity::till_return::Model;
use entity::{
    Rupiah, outlet, sale_line,
    stock_move::{self, Kind},
    till_return::{ActiveModel, Column, Entity},
    till_return_line as line, till_return_tender as tender,
};

/// More than this of one sale goes back only when a second person agrees, in however many parts, in rupiah.
pub const SECOND_ABOVE: Rupiah = Rupiah(100_000);

/// A line of a sale, and what of it came back already.
#[derive(Clone, Debug)]
pub struct Part {
    pub line: sale_line::Model,
    pub back: i64,
}

impl Part {
    pub fn left(&self) -> i64 {
        self.line.quantity - self.back
    }
}

/// The lines of a sale in its order, with what came back of each.
pub async fn parts(db: &impl ConnectionTrait, sale_id: i64) -> Result<Vec<Part>> {
    Ok(parts_of(db, &[sale_id]).await?.remove(&sale_id).unwrap_or_default())
}

/// The same of several sales.
pub async fn parts_of(db: &impl ConnectionTrait, sale_ids: &[i64]) -> Result<HashMap<i64, Vec<Part>>> {
    let lines = sale_line::Entity::find().filter(sale_line::Column::SaleId.is_in(sale_ids.iter().copied()));
    let lines = lines.order_by_asc(sale_line::Column::Id).all(db).await?;
    let ids = lines.iter().map(|line| line.id);
    let back = line::Entity::find().filter(line::Column::SaleLineId.is_in(ids)).all(db).await?;
    let mut back = back.iter().fold(HashMap::new(), |mut sums, one| {
        *sums.entry(one.sale_line_id).or_insert(0) += one.quantity;
        sums
    });
    for (line_id, pieces) in sale_return::pieces_of(db, &lines).await? {
        *back.entry(line_id).or_insert(0) += pieces;
    }
    let mut all: HashMap<i64, Vec<Part>> = HashMap::new();
    for line in lines {
        let part = Part { back: back.get(&line.id).copied().unwrap_or(0), line };
        all.entry(part.line.sale_id).or_default().push(part);
    }
    Ok(all)
}

/// What came back of a sale, in its order.
pub async fn of_sale(db: &impl ConnectionTrait, sale_id: i64) -> Result<Vec<(Model, Vec<line::Model>)>> {
    let of_sale = Entity::find().filter(Column::SaleId.eq(sale_id)).order_by_asc(Column::Id);
    Ok(of_sale.find_with_related(line::Entity).order_by_asc(line::Column::Id).all(db).await?)
}

/// Takes goods back as a till told it, or says what a person must decide; `second` is who agreed since.
pub async fn take(
    tx: &Tx,
    clock: &Clock,
    outlet: &outlet::Model,
    told: &told::Return,
    speaker: Speaker,
    second: Option<i64>,
    source_key: &str,
) -> Result<Outcome> {
    if let Some(known) = Entity::find().filter(Column::SourceKey.eq(source_key)).one(tx).await? {
        return Ok(Outcome::Accepted(answer(&known)));
    }
    let held = |said: Said| Ok(Outcome::Held(said, json!({})));
    let sold = entity::sale::Entity::find().filter(entity::sale::Column::SourceKey.eq(sell::source_key(&told.sale)));
    let Some(sold) = sold.filter(entity::sale::Column::OutletId.eq(outlet.id)).one(tx).await? else {
        return held(Said::new("kasir.sale_unknown"));
    };
    let whole = sale::lock(tx, outlet.id, sold.id).await?;
    let parts = parts(tx, whole.sale.id).await?;
    let mut back = match judged(&parts, told) {
        Ok(back) => back,
        Err(said) => return held(said),
    };
    if let Some(said) = refund::refused(tx, &whole.sale, told).await? {
        return held(said);
    }
    let goods = super::known::goods(tx, outlet.id, back.iter().map(|one| one.part.line.item_id).collect()).await?;
    let mut households = sale_return::parts(tx, &whole).await?;
    for one in back.iter_mut().filter(|one| goods.get(&one.part.line.item_id).is_some_and(|good| good.is_craft)) {
        let Some(pieces) = craft_back::whose(&mut households, one.part.line.id, one.quantity, one.is_good) else {
            let name = one.part.line.name.as_str();
            return held(Said::new("kasir.more_than_sold").with("name", name).with("n", one.part.left()));
        };
        one.pieces = pieces;
    }
    let together = refund::so_far(tx, whole.sale.id).await? + told.amount;
    let is_much = together > SECOND_ABOVE;
    if is_much {
        match second {
            None => return held(Said::new("kasir.second_person").with("amount", together)),
            Some(second) if second == speaker.person_id => {
                return Err(Refusal::conflict("kasir.same_person").into());
            }
            Some(_) => {}
        }
    }
    let shift = shift::of_key(tx, outlet.id, &told.shift, speaker).await?;
    let items: Vec<i64> = back.iter().map(|one| one.part.line.item_id).collect();
    stock::lock(tx, &items).await?;
    let row = ActiveModel {
        outlet_id: Set(outlet.id),
        sale_id: Set(whole.sale.id),
        shift_id: Set(Some(shift.id)),
        reason: Set(told.reason.trim().to_owned()),
        amount: Set(told.amount),
        person_id: Set(speaker.person_id),
        second_id: Set(second.filter(|_| is_much)),
        source_key: Set(source_key.to_owned()),
        at: Set(speaker.at),
        ..Default::default()
    };
    let returned = Entity::insert(row).exec_with_returning(tx).await?;
    let tenders = told.tenders();
    let rows = tenders.iter().map(|one| tender::ActiveModel {
        till_return_id: Set(returned.id),
        by: Set(one.by),
        amount: Set(one.amount),
        ..Default::default()
    });
    tender::Entity::insert_many(rows).exec(tx).await?;
    let borne_by = told.borne_by.unwrap_or(Bearer::Outlet);
    let (crafted, bought): (Vec<_>, Vec<_>) = back.iter().partition(|one| !one.pieces.is_empty());
    for one in &bought {
        put_back(tx, clock, &returned, whole.sale.sold_at, one).await?;
    }
    for one in &crafted {
        craft_back::put_back(tx, clock, &returned, one.part.line.id, &one.pieces, borne_by).await?;
    }
    let pieces: Vec<Pieces> = crafted.iter().flat_map(|one| one.pieces.iter().cloned()).collect();
    craft_back::post(tx, clock, &returned, &pieces, (&sale::number(&whole.sale), borne_by)).await?;
    let items: Vec<i64> = bought.iter().map(|one| one.part.line.item_id).collect();
    cost::follow(tx, clock, outlet.id, &items).await?;
    let given = back.iter().enumerate().map(|(n, one)| GivenBack {
        sale_id: whole.sale.id,
        source_key: format!("till_return:{}:{n}", returned.id),
        item_id: one.part.line.item_id,
        market_id: one.part.line.market_id,
        quantity: one.quantity,
        at: speaker.at,
    });
    market::gave_back(tx, clock, outlet, &given.collect::<Vec<_>>()).await?;
    let key = format!("till_return:{}", returned.id);
    let mut lines = vec![(Book::OwnSales(outlet.id), told.amount)];
    lines.extend(tenders.iter().map(|one| (refund::book(one.by, &whole.sale, shift.id), -one.amount)));
    shift::post(tx, clock, &shift, &key, "till_returned", &lines).await?;
    let detail = json!({ "amount": told.amount, "reason": returned.reason, "second": returned.second_id });
    let about = history::Subject("sale", whole.sale.id);
    let by = Some(speaker.person_id);
    history::remember(tx, clock, Some(outlet.village_id), about, "came_back", by, detail).await?;
    Ok(Outcome::Accepted(answer(&returned)))
}

fn answer(returned: &Model) -> Value {
    json!({ "id": returned.id, "url": format!("/kelola/jual/{}", returned.sale_id) })
}

/// So much of a line that comes back, and what is given for it.
struct Back<'a> {
    part: &'a Part,
    quantity: i64,
    is_good: bool,
    amount: Rupiah,
    /// By household, if one made them.
    pieces: Vec<Pieces>,
}

/// The lines that come back, if no more of each comes back than is left, for what it had cost.
fn judged<'a>(parts: &'a [Part], told: &told::Return) -> Result<Vec<Back<'a>>, Said> {
    let mut back: Vec<Back<'_>> = Vec::new();
    let mut before: HashMap<usize, i64> = HashMap::new();
    let mut sum = Rupiah::ZERO;
    for one in &told.lines {
        let part = parts.get(one.n).ok_or_else(|| Said::new("kasir.sale_unknown"))?;
        let so_far = before.entry(one.n).or_insert(part.back);
        if *so_far + one.quantity > part.line.quantity {
            let left = (part.line.quantity - *so_far).max(0);
            return Err(Said::new("kasir.more_than_sold").with("name", part.line.name.as_str()).with("n", left));
        }
        let amount = amount::of_part(part.line.amount, part.line.quantity, *so_far, one.quantity);
        sum += amount;
        *so_far += one.quantity;
        back.push(Back { part, quantity: one.quantity, is_good: one.good, amount, pieces: Vec::new() });
    }
    if sum != told.amount {
        return Err(Said::new("kasir.back_sum").with("amount", sum).with("total", told.amount));
    }
    Ok(back)
}

/// The goods go back into the lots they came from, the last one first; what is broken leaves them for good.
async fn put_back(tx: &Tx, clock: &Clock, returned: &Model, sold_at: DateTime<Utc>, one: &Back<'_>) -> Result<()> {
    let part = one.part;
    let row = line::ActiveModel {
        till_return_id: Set(returned.id),
        sale_line_id: Set(part.line.id),
        quantity: Set(one.quantity),
        is_good: Set(one.is_good),
        amount: Set(one.amount),
        ..Default::default()
    };
    let line_id = line::Entity::insert(row).exec(tx).await?.last_insert_id;
    let subject = sale::subject(returned.sale_id);
    let moves = stock_move::Entity::find()
        .filter(stock_move::Column::Subject.eq(&subject))
        .filter(stock_move::Column::ItemId.eq(part.line.item_id))
        .filter(stock_move::Column::HappenedAt.gte(sold_at))
        .filter(stock_move::Column::Kind.is_in([Kind::Sold, Kind::Returned]))
        .order_by_desc(stock_move::Column::Id)
        .all(tx)
        .await?;
    let mut out: Vec<(i64, i64)> = Vec::new();
    for row in &moves {
        let lot_id = row.lot_id.unwrap_or_default();
        match out.iter_mut().find(|(of, _)| *of == lot_id) {
            Some((_, sum)) => *sum -= row.quantity,
            None => out.push((lot_id, -row.quantity)),
        }
    }
    let mut left = one.quantity;
    let mut parts = Vec::with_capacity(1);
    for (lot_id, sold) in out.into_iter().filter(|(_, sold)| *sold > 0) {
        let quantity = left.min(sold);
        if quantity > 0 {
            parts.push((lot_id, quantity));
            left -= quantity;
        }
    }
    if left > 0 {
        return Err(anyhow::anyhow!("{subject}: {left} more come back than left the shelf").into());
    }
    // A till may tell of it days later; never before it was sold.
    let at = std::cmp::max(returned.at, sold_at);
    let key = format!("till_return:{}:{line_id}", returned.id);
    let (reason, person_id) = (Some(returned.reason.as_str()), Some(returned.person_id));
    let cause = Cause { subject: Some(&subject), reason, person_id, source_key: &key };
    stock::take_back_parts(tx, clock, &parts, at, cause).await?;
    if one.is_good {
        return Ok(());
    }
    let key = format!("{key}:broken");
    stock::remove_parts(tx, clock, &parts, Kind::Damaged, at, Cause { source_key: &key, ..cause }).await
}
