//! A visit to a kiosk: of every size that stands there how many were sold, go home, are broken, are still there, and what
//! cash came; one document under one key, with the prices of that day.
//!
//! What it promises: the same visit told again is the same visit; every piece is accounted for, so that what nobody can
//! show is named and either owed or written off with a reason; two phones that counted the same shelf cannot both be
//! believed, since each says how many it thought should stand there.
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use serde::Serialize;
use serde_json::json;

use super::{kiosk, kiosk_due, kiosk_goods as goods};
use crate::{
    clock::{self, Clock},
    db::Tx,
    error::{Error, Refusal, Result},
    history,
    ledger::{self, Book, NewEntry},
    secret::sha256,
    stock,
};
use chrono::{DateTime, Utc};
pub use entity::kiosk_visit::{Method, Model};
use entity::{
    Rupiah,
    kiosk_visit::{ActiveModel, Column, Entity},
    kiosk_visit_line as line, outlet,
};

/// Most cash of one visit.
pub const MOST_CASH: i64 = 1_000_000_000;

/// What was seen at a kiosk.
#[derive(Clone, Debug, Default, Serialize)]
pub struct NewVisit {
    pub lines: Vec<Counted>,
    /// Whether the kiosk owes what is missing; else it is lost, for a reason.
    pub missing_owed: bool,
    pub reason: Option<String>,
    pub collected: Rupiah,
    /// By transfer, with its reference; none: in cash.
    pub reference: Option<String>,
    pub note: Option<String>,
}

/// What was counted of one size.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Counted {
    pub item_id: i64,
    /// How many the one who counts was told should stand there.
    pub expected: i64,
    pub sold: i64,
    pub good: i64,
    pub damaged: i64,
    pub still: i64,
    /// What the kiosk was told to ask for one, as the one who counts knew it.
    pub unit_price: Rupiah,
}

impl Counted {
    /// What nobody can show; none when more was counted than should stand there.
    pub fn missing(&self) -> Option<i64> {
        let parts = [self.sold, self.good, self.damaged, self.still];
        let sum = parts.into_iter().try_fold(0_i64, |sum, part| sum.checked_add(part).filter(|_| part >= 0))?;
        Some(self.expected - sum).filter(|missing| *missing >= 0)
    }
}

/// Who tells a visit, and when it was.
#[derive(Clone, Copy, Debug)]
pub struct Told<'a> {
    pub outlet: &'a outlet::Model,
    pub person_id: i64,
    /// When it happened, by our clock.
    pub at: DateTime<Utc>,
    /// Names the visit once and for all: made on the phone.
    pub source_key: &'a str,
}

/// A visit with its lines.
#[derive(Clone, Debug)]
pub struct Visit {
    pub visit: Model,
    pub lines: Vec<line::Model>,
}

/// How other modules call a visit.
pub fn subject(id: i64) -> String {
    format!("visit:{id}")
}

/// What people call it: V-2611-0003.
pub fn number(visit: &Model) -> String {
    format!("V-{}-{:04}", clock::local_date(visit.visited_at).format("%y%m"), visit.id)
}

/// The entries of a visit: what the kiosk sold or owes as sold, what the outlet or the makers bear, and the cash.
pub fn entry_keys(id: i64) -> [String; 3] {
    ["sold", "borne", "cash"].map(|part| format!("visit:{id}:{part}"))
}

/// Takes a visit in. The same key with the same content is the visit that is there already; with another it is refused.
pub async fn accept(tx: &Tx, clock: &Clock, told: Told<'_>, kiosk_id: i64, new: &NewVisit) -> Result<Model> {
    kiosk::lock(tx, told.outlet.id, kiosk_id).await?;
    let hash = sha256(&serde_json::to_vec(&(kiosk_id, new))?);
    if let Some(known) = Entity::find().filter(Column::SourceKey.eq(told.source_key)).one(tx).await? {
        let is_same = known.content_hash == hash && known.kiosk_id == kiosk_id;
        return if is_same { Ok(known) } else { Err(Refusal::conflict("form.other_content").into()) };
    }
    let kiosk = kiosk::lock_open(tx, told.outlet.id, kiosk_id).await?;
    stock::lock(tx, &new.lines.iter().map(|line| line.item_id).collect::<Vec<_>>()).await?;
    let lines = judged(tx, told.outlet.id, &kiosk, new).await?;
    let owed: i64 = lines.iter().map(|(line, _)| goods::owed(&kiosk, line)).sum();
    let commission: i64 = lines.iter().map(|(line, _)| line.commission.0 * goods::as_sold(&kiosk, line)).sum();
    let owes = kiosk::owes(tx, kiosk_id).await? + Rupiah(owed);
    if new.collected > owes.max(Rupiah::ZERO) {
        return Err(Refusal::conflict("kiosk.more_cash_than_owed").with("owed", owes.max(Rupiah::ZERO)).into());
    }
    let row = ActiveModel {
        kiosk_id: Set(kiosk_id),
        damage_by: Set(kiosk.damage_by),
        pays_at: Set(kiosk.pays_at),
        owed: Set(Rupiah(owed)),
        commission: Set(Rupiah(commission)),
        collected: Set(new.collected),
        method: Set(if new.reference.is_some() { Method::Transfer } else { Method::Cash }),
        reference: Set(new.reference.clone()),
        reason: Set(new.reason.clone()),
        note: Set(new.note.clone()),
        person_id: Set(told.person_id),
        source_key: Set(told.source_key.to_owned()),
        content_hash: Set(hash),
        visited_at: Set(told.at),
        recorded_at: Set(clock.now()),
        ..Default::default()
    };
    let visit = Entity::insert(row).exec_with_returning(tx).await?;
    let mut kept = Vec::with_capacity(lines.len());
    for (line, product) in lines {
        let row = line::Model { kiosk_visit_id: visit.id, ..line };
        let row = line::ActiveModel { id: sea_orm::ActiveValue::NotSet, ..row.into() };
        kept.push((line::Entity::insert(row).exec_with_returning(tx).await?, product));
    }
    goods::carry_out(tx, clock, told.outlet, &kiosk, &visit, &kept).await?;
    collect(tx, clock, told.outlet.id, &visit).await?;
    kiosk_due::settle(tx, clock, &kiosk, &entry_keys(visit.id)[0]).await?;
    let detail = json!({ "kiosk": kiosk.name, "owed": visit.owed, "collected": visit.collected });
    remember(tx, clock, told.outlet, visit.id, "visited", told.person_id, detail).await?;
    Ok(visit)
}

/// What was counted with the terms of today and the goods' shares, if it can be so.
async fn judged(
    tx: &Tx,
    outlet_id: i64,
    kiosk: &kiosk::Model,
    new: &NewVisit,
) -> Result<Vec<(line::Model, entity::product::Model)>> {
    if new.lines.is_empty() && new.collected == Rupiah::ZERO {
        return Err(Refusal::invalid("kiosk.nothing_told").into());
    }
    if !(0..=MOST_CASH).contains(&new.collected.0) {
        return Err(Refusal::invalid("form.not_an_amount").into());
    }
    let (stands, prices) = (kiosk::stands(tx, kiosk).await?, kiosk::prices(tx, kiosk.id).await?);
    let mut lines: Vec<(line::Model, entity::product::Model)> = Vec::with_capacity(new.lines.len());
    for one in &new.lines {
        let (item, product) = crate::outlet::sale::good(tx, outlet_id, one.item_id).await?;
        let name = crate::outlet::sale::full_name(&product, &item);
        let there = stands.get(&one.item_id).copied().unwrap_or(0);
        if lines.iter().any(|(line, _)| line.item_id == one.item_id) {
            return Err(Refusal::invalid("kiosk.counted_twice").with("name", name).into());
        }
        if one.expected != there {
            return Err(Refusal::conflict("kiosk.changed").with("name", name).with("n", there).into());
        }
        let Some(missing) = one.missing() else {
            return Err(Refusal::conflict("kiosk.more_than_stands").with("name", name).with("n", there).into());
        };
        if !prices.get(&one.item_id).is_some_and(|told| told.contains(&one.unit_price)) {
            return Err(Refusal::conflict("kiosk.price_unknown").with("name", name).into());
        }
        if missing > 0 && !new.missing_owed && new.reason.is_none() {
            return Err(Refusal::invalid("kiosk.missing_reason").with("name", name).with("n", missing).into());
        }
        let line = line::Model {
            id: 0,
            kiosk_visit_id: 0,
            item_id: one.item_id,
            name,
            expected: one.expected,
            sold: one.sold,
            good: one.good,
            damaged: one.damaged,
            still: one.still,
            missing,
            missing_owed: missing > 0 && new.missing_owed,
            unit_price: one.unit_price,
            commission: kiosk::commission(one.unit_price, kiosk.commission_bp),
        };
        lines.push((line, product));
    }
    Ok(lines)
}

/// The cash, into the drawer or to the bank.
async fn collect(tx: &Tx, clock: &Clock, outlet: i64, visit: &Model) -> Result<()> {
    let book = match visit.method {
        Method::Cash => Book::Cash(outlet),
        Method::Transfer => Book::Bank(outlet),
    };
    let [_, _, key] = entry_keys(visit.id);
    let entry = NewEntry {
        source_key: &key,
        kind: "kiosk_paid",
        subject: &subject(visit.id),
        memo: &number(visit),
        lines: &[(book, visit.collected), (Book::Kiosk(visit.kiosk_id), -visit.collected)],
    };
    ledger::post(tx, clock, entry).await?;
    Ok(())
}

/// Takes a visit back: its goods stand in the kiosk again, its money is undone. Only the latest can be, so that what was
/// counted after it stays true; and only while what came home with it is still free.
pub async fn void(tx: &Tx, clock: &Clock, told: Told<'_>, kiosk_id: i64, id: i64, reason: &str) -> Result<()> {
    let kiosk = kiosk::lock_open(tx, told.outlet.id, kiosk_id).await?;
    let visit = read(tx, kiosk_id, id).await?;
    if visit.visit.voided_at.is_some() {
        return Err(Refusal::conflict("kiosk.already_void").into());
    }
    let later = Entity::find().filter(Column::KioskId.eq(kiosk_id)).filter(Column::VoidedAt.is_null());
    if later.filter(Column::Id.gt(id)).one(tx).await?.is_some() {
        return Err(Refusal::conflict("kiosk.later_first").into());
    }
    stock::lock(tx, &visit.lines.iter().map(|line| line.item_id).collect::<Vec<_>>()).await?;
    goods::put_back(tx, clock, id, reason, told.person_id).await?;
    let change = ActiveModel {
        id: Set(id),
        voided_at: Set(Some(clock.now())),
        void_reason: Set(Some(reason.to_owned())),
        ..Default::default()
    };
    Entity::update(change).exec(tx).await?;
    for key in entry_keys(id) {
        ledger::reverse(tx, clock, &key).await?;
        crate::outlet::earning::undo(tx, clock, &key).await?;
    }
    kiosk_due::settle(tx, clock, &kiosk, &format!("visit:{id}:void")).await?;
    remember(tx, clock, told.outlet, id, "voided", told.person_id, json!({ "reason": reason })).await
}

async fn remember(
    tx: &Tx,
    clock: &Clock,
    outlet: &outlet::Model,
    id: i64,
    verb: &str,
    by: i64,
    detail: serde_json::Value,
) -> Result<()> {
    let thing = history::Subject("kiosk_visit", id);
    history::remember(tx, clock, Some(outlet.village_id), thing, verb, Some(by), detail).await
}

/// A visit to this kiosk; another kiosk's does not exist here.
pub async fn read(db: &impl ConnectionTrait, kiosk_id: i64, id: i64) -> Result<Visit> {
    let visit = Entity::find_by_id(id).filter(Column::KioskId.eq(kiosk_id)).one(db).await?.ok_or(Error::NotFound)?;
    let of_visit = line::Entity::find().filter(line::Column::KioskVisitId.eq(id)).order_by_asc(line::Column::Id);
    Ok(Visit { lines: of_visit.all(db).await?, visit })
}

/// All visits to a kiosk with their lines, the oldest first.
pub async fn of_kiosk(db: &impl ConnectionTrait, kiosk_id: i64) -> Result<Vec<Visit>> {
    let of_kiosk = Entity::find().filter(Column::KioskId.eq(kiosk_id)).order_by_asc(Column::Id);
    let all = of_kiosk.find_with_related(line::Entity).all(db).await?;
    Ok(all.into_iter().map(|(visit, lines)| Visit { visit, lines }).collect())
}
