//! What a till tells: sales and returns, its drawer, debts that were paid, barcodes, and who was refused at a market.
use std::collections::HashSet;

use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::OnConflict,
};
use serde_json::{Value, json};

use super::kinds::{Case, Fact, Story};
use crate::{
    app::App,
    db::Tx,
    error::{Error, Result},
    ledger::Book,
    outlet::{
        device_event::{self, Outcome},
        market, member, sale,
        till::{
            back, drawer, known,
            sell::{self, Asked},
            shift::{self, Speaker},
            told,
        },
    },
    stock,
};
use entity::{Rupiah, barcode, sale_line};

/// Goods were sold.
pub const SALE: &str = "sale";
const RETURN: &str = "return";
const OPEN: &str = "shift_open";
const CASH: &str = "drawer";
const DEBT_PAID: &str = "debt_paid";
const CLOSE: &str = "shift_close";
const BARCODE: &str = "barcode";
const REFUSED: &str = "refused";
/// All that a till tells.
pub const KINDS: [&str; 8] = [SALE, RETURN, OPEN, CASH, DEBT_PAID, CLOSE, BARCODE, REFUSED];

fn speaker(case: &Case<'_>) -> Speaker {
    Speaker { device_id: case.device_id, person_id: case.person_id, at: case.at }
}

fn asked<'a>(case: &Case<'a>) -> Result<Asked<'a>> {
    Ok(Asked {
        event_id: case.event_id,
        device_id: case.device_id,
        person_id: case.person_id,
        at: case.at,
        ahead: case.ahead,
        insisted: case.agreed_by.is_some(),
        told: told::read(case.body)?,
    })
}

/// Books the sales of a batch together, in their order; those that cannot be understood are refused.
pub async fn sell_together(tx: &Tx, app: &App, cases: &[Case<'_>]) -> Result<Vec<Outcome>> {
    let Some(first) = cases.first() else { return Ok(Vec::new()) };
    let read: Vec<Result<Asked<'_>>> = cases.iter().map(asked).collect();
    let sound: Vec<Asked<'_>> = read.iter().filter_map(|one| one.as_ref().ok().cloned()).collect();
    let mut booked = sell::all(tx, &app.clock, first.outlet, &sound).await?.into_iter();
    let mut outcomes = Vec::with_capacity(cases.len());
    for one in read {
        outcomes.push(match one {
            Ok(_) => booked.next().ok_or_else(|| anyhow::anyhow!("a sale of a batch has no outcome"))?,
            Err(Error::Refused(refusal)) => Outcome::refused(refusal.said),
            Err(e) => return Err(e),
        });
    }
    Ok(outcomes)
}

/// Does what a till told.
pub(super) async fn carry_out(tx: &Tx, app: &App, case: &Case<'_>) -> Result<Outcome> {
    let (clock, outlet) = (&app.clock, case.outlet);
    let source_key = sell::source_key(case.event_id);
    match case.kind {
        SALE => sell::one(tx, clock, outlet, asked(case)?).await,
        RETURN => {
            let told: told::Return = told::read(case.body)?;
            back::take(tx, clock, outlet, &told, speaker(case), case.agreed_by, &source_key).await
        }
        OPEN => {
            let shift = shift::open(tx, clock, outlet, &told::read::<told::Open>(case.body)?, speaker(case)).await?;
            Ok(of_shift(&shift))
        }
        CASH => {
            let told: told::Cash = told::read(case.body)?;
            let passed = drawer::pass(tx, clock, outlet, &told, speaker(case), &source_key).await?;
            Ok(Outcome::Accepted(json!({ "id": passed.id })))
        }
        DEBT_PAID => debt_paid(tx, app, case, &source_key).await,
        CLOSE => {
            let shift = shift::close(tx, clock, outlet, &told::read::<told::Close>(case.body)?, speaker(case)).await?;
            Ok(of_shift(&shift))
        }
        BARCODE => {
            let told: told::Barcode = told::read(case.body)?;
            name(tx, outlet.id, &told).await?;
            Ok(Outcome::Accepted(json!({ "item": told.item })))
        }
        REFUSED => refused(tx, case, &source_key).await,
        _ => Err(crate::error::Refusal::invalid("device.unknown_kind").into()),
    }
}

/// A member's money went into the drawer. What cannot be taken off the account waits: the money is there all the same.
async fn debt_paid(tx: &Tx, app: &App, case: &Case<'_>, source_key: &str) -> Result<Outcome> {
    let told: told::DebtPaid = told::read(case.body)?;
    let shift = shift::of_key(tx, case.outlet.id, &told.shift, speaker(case)).await?;
    let into = Book::Drawer(shift.id);
    let by = case.person_id;
    let paid = member::pay(tx, &app.clock, case.outlet, told.member, told.amount, into, by, source_key, case.at).await;
    match paid {
        Ok(paid) => {
            shift::late(tx, &app.clock, &shift, &format!("member_payment:{}", paid.id), paid.amount).await?;
            Ok(Outcome::Accepted(json!({ "id": paid.id })))
        }
        Err(Error::Refused(refusal)) => Ok(Outcome::Held(refusal.said, json!({}))),
        Err(Error::NotFound) => Ok(Outcome::Held(crate::locale::Said::new("kasir.no_member"), json!({}))),
        Err(e) => Err(e),
    }
}

/// A family had its share of a market's goods and was sent away: the market's report counts it.
async fn refused(tx: &Tx, case: &Case<'_>, source_key: &str) -> Result<Outcome> {
    let told: told::Refused = told::read(case.body)?;
    let market = market::read(tx, case.outlet.id, told.market).await?;
    if !market::goods(tx, market.id).await?.iter().any(|good| good.item_id == told.item) {
        return Err(Error::NotFound);
    }
    let family = market::family_by_token(tx, case.outlet.village_id, &told.family).await?;
    let family = family.ok_or(Error::NotFound)?.id;
    market::refused(tx, market.id, Some(family), Some(told.item), "quota", told.asked, case.at, source_key).await?;
    Ok(Outcome::Accepted(json!({ "market": market.id })))
}

fn of_shift(shift: &shift::Model) -> Outcome {
    let url = format!("/kelola/kasir/sif/{}", shift.id);
    Outcome::Accepted(json!({ "id": shift.id, "url": url, "expected": shift.expected, "counted": shift.counted }))
}

/// Goods get a barcode; the newest word of a till stands.
async fn name(tx: &Tx, outlet_id: i64, told: &told::Barcode) -> Result<()> {
    if !known::goods(tx, outlet_id, HashSet::from([told.item])).await?.contains_key(&told.item) {
        return Err(Error::NotFound);
    }
    let row = barcode::ActiveModel {
        outlet_id: Set(outlet_id),
        code: Set(told.code.trim().to_owned()),
        item_id: Set(told.item),
        ..Default::default()
    };
    let again = OnConflict::columns([barcode::Column::OutletId, barcode::Column::Code])
        .update_column(barcode::Column::ItemId)
        .to_owned();
    barcode::Entity::insert(row).on_conflict(again).exec_without_returning(tx).await?;
    Ok(())
}

/// Locks the sales that the returns of a batch are about: a sale before its goods, as whoever takes them back on its page.
pub(super) async fn lock_sales(tx: &Tx, told: &[&device_event::Told]) -> Result<()> {
    use entity::sale::{Column, Entity};
    let keys = taken_back(told);
    if !keys.is_empty() {
        Entity::find().filter(Column::SourceKey.is_in(keys)).order_by_asc(Column::Id).lock_exclusive().all(tx).await?;
    }
    Ok(())
}

/// The keys of the sales that something came back of.
fn taken_back(told: &[&device_event::Told]) -> Vec<String> {
    let returns = told.iter().filter(|told| told.kind == RETURN);
    let returns = returns.filter_map(|told| told::read::<told::Return>(&told.body).ok());
    returns.map(|one| sell::source_key(&one.sale)).collect()
}

/// Locks all goods that the sales and returns of a batch are about, in the order in which everybody does.
pub(super) async fn lock_ahead(tx: &Tx, told: &[&device_event::Told]) -> Result<()> {
    let bodies = |kind: &'static str| told.iter().filter(move |told| told.kind == kind).map(|told| told.body.as_str());
    let sales = bodies(SALE).filter_map(|body| told::read::<told::Sale>(body).ok());
    let mut items: Vec<i64> = sales.flat_map(|sale| sale.lines.into_iter().map(|line| line.item)).collect();
    let keys = taken_back(told);
    if !keys.is_empty() {
        let lines = sale_line::Entity::find().inner_join(entity::sale::Entity);
        let lines = lines.filter(entity::sale::Column::SourceKey.is_in(keys)).all(tx).await?;
        items.extend(lines.iter().map(|line| line.item_id));
    }
    items.sort_unstable();
    items.dedup();
    if items.is_empty() { Ok(()) } else { stock::lock(tx, &items).await }
}

/// Tells a held event of a till.
pub(super) async fn story(db: &impl ConnectionTrait, event: &device_event::Model) -> Result<Story> {
    let fact = |key: &'static str, text: String| Fact { key, text };
    let body: Value = serde_json::from_str(&event.body).unwrap_or_default();
    let rupiah = |name: &str| body.get(name).and_then(Value::as_i64).map(|amount| Rupiah(amount).to_string());
    let text = |name: &str| body.get(name).and_then(Value::as_str).map(str::to_owned);
    let mut facts = Vec::new();
    facts.extend(text("number").map(|number| fact("kasir.fact_number", number)));
    if let Ok(told) = told::read::<told::Sale>(&event.body) {
        let ids = told.lines.iter().map(|line| line.item).collect();
        let goods = known::goods(db, event.outlet_id, ids).await?;
        for line in &told.lines {
            let name = goods.get(&line.item).map(|good| sale::full_name(&good.product, &good.item));
            let name = name.unwrap_or_else(|| format!("#{}", line.item));
            facts.push(fact("kasir.fact_line", format!("{name} · {} · {}", line.quantity, line.amount)));
        }
    }
    facts.extend(rupiah("total").or(rupiah("amount")).map(|amount| fact("kasir.fact_amount", amount)));
    facts.extend(text("reason").map(|reason| fact("kasir.fact_reason", reason)));
    Ok(Story { facts, other: None })
}
