//! The business letter (surat keterangan usaha, SKU): asked for by a household, issued by its village under a number of
//! its own, checked by anybody, revoked with a reason.
//!
//! What it promises: letters of a village and a year are numbered one after the other, without a gap and never twice; a
//! letter says what was known on its day, whatever the household's page says later.
use chrono::{Datelike, Days, Months, NaiveDate};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::LockType,
};
use serde_json::json;

use crate::{
    clock::Clock,
    db::Tx,
    error::{Error, Refusal, Result},
    history::{self, Subject},
    secret,
};
use entity::{
    business_letter::{ActiveModel, Column, Entity, Model, State},
    crafter, village,
};

/// For how many months a letter may be good; the first is the usual one.
pub const MONTHS: [u32; 3] = [6, 3, 12];
/// A letter may be asked for anew when the last one has so many days left.
const RENEWED: u64 = 30;
/// The classification of letters about residents, with which village numbers begin.
const CLASS: &str = "470";

/// What somebody asks for.
#[derive(Clone, Debug)]
pub struct Wish {
    /// The full name, as on the identity card.
    pub name: String,
    /// What is made and sold.
    pub business: String,
    pub since: Option<i64>,
    pub purpose: Option<String>,
}

/// What a letter is worth to whoever is shown it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Worth {
    Good,
    Expired,
    Revoked,
}

/// What a letter that was issued is worth today; none for one that never was.
pub fn worth(letter: &Model, today: NaiveDate) -> Option<Worth> {
    match (letter.state, letter.valid_until) {
        (State::Issued, Some(until)) if until >= today => Some(Worth::Good),
        (State::Issued, _) => Some(Worth::Expired),
        (State::Revoked, _) => Some(Worth::Revoked),
        _ => None,
    }
}

/// Whether a household with these letters may ask for one more, or why not.
pub fn may_ask(letters: &[Model], today: NaiveDate) -> Result<(), Refusal> {
    let soon = today + Days::new(RENEWED);
    for letter in letters {
        match (letter.state, letter.valid_until) {
            (State::Asked, _) => return Err(Refusal::conflict("letter.already_asked")),
            (State::Issued, Some(until)) if until > soon => return Err(Refusal::conflict("letter.still_good")),
            _ => {}
        }
    }
    Ok(())
}

/// Asks for a letter. One at a time; and not while one is good for long.
pub async fn ask(tx: &Tx, clock: &Clock, crafter: &crafter::Model, wish: &Wish, by: i64) -> Result<i64> {
    let crafter = lock_crafter(tx, crafter.id).await?;
    may_ask(&of_crafter(tx, crafter.id).await?, clock.today())?;
    let row = ActiveModel {
        village_id: Set(crafter.village_id),
        crafter_id: Set(crafter.id),
        state: Set(State::Asked),
        name: Set(wish.name.clone()),
        dusun: Set(crafter.dusun.clone()),
        rt: Set(crafter.rt.clone()),
        rw: Set(crafter.rw.clone()),
        business: Set(wish.business.clone()),
        since: Set(wish.since),
        purpose: Set(wish.purpose.clone()),
        asked_by: Set(by),
        asked_at: Set(clock.now()),
        ..Default::default()
    };
    let id = Entity::insert(row).exec(tx).await?.last_insert_id;
    remember(tx, clock, crafter.village_id, id, "asked", by, json!({ "crafter": crafter.id })).await?;
    Ok(id)
}

/// Takes a wish back before anybody decided.
pub async fn withdraw(tx: &Tx, clock: &Clock, crafter_id: i64, id: i64, by: i64) -> Result<()> {
    let known = of_crafter(tx, crafter_id).await?.into_iter().find(|letter| letter.id == id).ok_or(Error::NotFound)?;
    let letter = lock(tx, known.village_id, id).await?;
    must_be(&letter, State::Asked)?;
    let change = ActiveModel {
        id: Set(id),
        state: Set(State::Withdrawn),
        decided_by: Set(Some(by)),
        decided_at: Set(Some(clock.now())),
        ..Default::default()
    };
    Entity::update(change).exec(tx).await?;
    remember(tx, clock, letter.village_id, id, "withdrawn", by, json!({})).await
}

/// The village says yes: the letter gets the next number of its village and year.
pub async fn issue(
    tx: &Tx,
    clock: &Clock,
    village_id: i64,
    id: i64,
    head_name: &str,
    months: u32,
    by: i64,
) -> Result<Model> {
    // The village is locked: its next number is nobody else's.
    let village = lock_village(tx, village_id).await?;
    let letter = lock(tx, village_id, id).await?;
    must_be(&letter, State::Asked)?;
    let household = crafter::Entity::find_by_id(letter.crafter_id).one(tx).await?.ok_or(Error::NotFound)?;
    let today = clock.today();
    let year = i64::from(today.year());
    let last: Option<Option<i64>> = Entity::find()
        .select_only()
        .column_as(Column::Sequence.max(), "last")
        .filter(Column::VillageId.eq(village_id))
        .filter(Column::Year.eq(year))
        .into_tuple()
        .one(tx)
        .await?;
    let sequence = last.flatten().unwrap_or(0) + 1;
    let number = number(sequence, &village.code, today);
    let change = ActiveModel {
        id: Set(id),
        state: Set(State::Issued),
        dusun: Set(household.dusun),
        rt: Set(household.rt),
        rw: Set(household.rw),
        decided_by: Set(Some(by)),
        decided_at: Set(Some(clock.now())),
        year: Set(Some(year)),
        sequence: Set(Some(sequence)),
        number: Set(Some(number.clone())),
        secret: Set(Some(secret::short_token())),
        issued_on: Set(Some(today)),
        valid_until: Set(today.checked_add_months(Months::new(months))),
        head_name: Set(Some(head_name.to_owned())),
        ..Default::default()
    };
    let issued = Entity::update(change).exec(tx).await?;
    remember(tx, clock, village_id, id, "issued", by, json!({ "number": number })).await?;
    Ok(issued)
}

/// The village says no, with the reason.
pub async fn refuse(tx: &Tx, clock: &Clock, village_id: i64, id: i64, reason: &str, by: i64) -> Result<()> {
    let letter = lock(tx, village_id, id).await?;
    must_be(&letter, State::Asked)?;
    let change = ActiveModel {
        id: Set(id),
        state: Set(State::Refused),
        decided_by: Set(Some(by)),
        decided_at: Set(Some(clock.now())),
        reason: Set(Some(reason.to_owned())),
        ..Default::default()
    };
    Entity::update(change).exec(tx).await?;
    remember(tx, clock, village_id, id, "refused", by, json!({ "reason": reason })).await
}

/// A letter is good no longer; its number stays used.
pub async fn revoke(tx: &Tx, clock: &Clock, village_id: i64, id: i64, reason: &str, by: i64) -> Result<()> {
    let letter = lock(tx, village_id, id).await?;
    if letter.state != State::Issued {
        return Err(Refusal::conflict("letter.not_issued").into());
    }
    let change = ActiveModel {
        id: Set(id),
        state: Set(State::Revoked),
        reason: Set(Some(reason.to_owned())),
        revoked_by: Set(Some(by)),
        revoked_at: Set(Some(clock.now())),
        ..Default::default()
    };
    Entity::update(change).exec(tx).await?;
    remember(tx, clock, village_id, id, "revoked", by, json!({ "reason": reason })).await
}

/// The letters of a household, the newest first.
pub async fn of_crafter(db: &impl ConnectionTrait, crafter_id: i64) -> Result<Vec<Model>> {
    Ok(Entity::find().filter(Column::CrafterId.eq(crafter_id)).order_by_desc(Column::Id).all(db).await?)
}

/// A letter of one of these villages; another village's does not exist here.
pub async fn in_villages(db: &impl ConnectionTrait, villages: &[i64], id: i64) -> Result<Model> {
    let found = Entity::find_by_id(id).filter(Column::VillageId.is_in(villages.iter().copied())).one(db).await?;
    found.ok_or(Error::NotFound)
}

/// The letter behind a code, if it was ever issued.
pub async fn by_secret(db: &impl ConnectionTrait, secret: &str) -> Result<Option<(Model, village::Model)>> {
    let found = Entity::find().filter(Column::Secret.eq(secret)).find_also_related(village::Entity).one(db).await?;
    Ok(found.and_then(|(letter, village)| Some((letter, village?))))
}

/// Who signed the last letter of a village, to be offered for the next one.
pub async fn last_head(db: &impl ConnectionTrait, village_id: i64) -> Result<Option<String>> {
    let last = Entity::find()
        .filter(Column::VillageId.eq(village_id))
        .filter(Column::HeadName.is_not_null())
        .order_by_desc(Column::DecidedAt)
        .one(db)
        .await?;
    Ok(last.and_then(|letter| letter.head_name))
}

async fn lock_crafter(tx: &Tx, id: i64) -> Result<crafter::Model> {
    crafter::Entity::find_by_id(id).lock(LockType::NoKeyUpdate).one(tx).await?.ok_or(Error::NotFound)
}

async fn lock_village(tx: &Tx, id: i64) -> Result<village::Model> {
    village::Entity::find_by_id(id).lock(LockType::NoKeyUpdate).one(tx).await?.ok_or(Error::NotFound)
}

async fn lock(tx: &Tx, village_id: i64, id: i64) -> Result<Model> {
    let found = Entity::find_by_id(id).filter(Column::VillageId.eq(village_id)).lock_exclusive().one(tx).await?;
    found.ok_or(Error::NotFound)
}

fn must_be(letter: &Model, state: State) -> Result<()> {
    if letter.state == state { Ok(()) } else { Err(Refusal::conflict("letter.already_decided").into()) }
}

/// "470/012/35.09.22.2001/XI/2026"
fn number(sequence: i64, village_code: &str, on: NaiveDate) -> String {
    let month = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"];
    let month = month.get(on.month0() as usize).copied().unwrap_or_default();
    format!("{CLASS}/{sequence:03}/{village_code}/{month}/{}", on.year())
}

async fn remember(
    tx: &Tx,
    clock: &Clock,
    village_id: i64,
    id: i64,
    verb: &str,
    by: i64,
    detail: serde_json::Value,
) -> Result<()> {
    history::remember(tx, clock, Some(village_id), Subject("business_letter", id), verb, Some(by), detail).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_names_village_month_and_year() {
        let on = NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
        assert_eq!(number(12, "35.09.22.2001", on), "470/012/35.09.22.2001/XI/2026");
        assert_eq!(number(1234, "35.09.22.2001", on), "470/1234/35.09.22.2001/XI/2026");
    }
}
