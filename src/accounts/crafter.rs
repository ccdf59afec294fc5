//! Households that weave. Most have no phone: the operator writes them down, and their page is public by its slug.
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
    sea_query::{Expr, Func, OnConflict},
};

use super::{
    person,
    role::{self, Place},
};
use crate::{
    clock::Clock,
    db::Tx,
    error::{Error, Refusal, Result},
};
use entity::{crafter, outlet, person as person_row, person_role::Role};

/// How many stand on one page of the list.
pub const A_PAGE: u64 = 40;

/// What is known of a household.
#[derive(Clone, Debug, Default)]
pub struct Household {
    pub name: String,
    pub phone: Option<String>,
    pub dusun: String,
    pub rt: String,
    pub rw: String,
    pub group_name: Option<String>,
    pub story: String,
}

/// A PIN for the first sign-in: its hash, and when it ends if somebody else chose it.
#[derive(Clone, Debug)]
pub struct FirstSecret {
    pub hash: String,
    pub until: Option<DateTime<Utc>>,
}

/// Writes down a household of an outlet: a person, the role, and the public page. Somebody who has this phone already
/// (as a buyer, say) becomes a crafter too and keeps their own PIN.
pub async fn register(
    tx: &Tx,
    clock: &Clock,
    outlet: &outlet::Model,
    by: Option<i64>,
    household: &Household,
    secret: Option<FirstSecret>,
) -> Result<crafter::Model> {
    let known = match &household.phone {
        Some(phone) => person::by_phone(tx, phone).await?,
        None => None,
    };
    let person_id = match known {
        None => newcomer(tx, clock, household, secret).await?,
        Some(known) => match of_person(tx, known.id).await? {
            Some(crafter) => {
                return Err(Refusal::conflict("counter.phone_of_crafter").with("name", crafter.name).into());
            }
            None => known.id,
        },
    };
    role::grant(tx, clock, person_id, Role::Crafter, Place::Outlet(outlet.id), by).await?;
    let slug = insert(tx, clock, outlet, person_id, household).await?;
    tx.changes_what_is_shown();
    crafter::Entity::find().filter(crafter::Column::Slug.eq(slug)).one(tx).await?.ok_or(Error::NotFound)
}

async fn newcomer(tx: &Tx, clock: &Clock, household: &Household, secret: Option<FirstSecret>) -> Result<i64> {
    let secret = secret.filter(|_| household.phone.is_some());
    let id = person::create(tx, clock, &household.name, household.phone.as_deref(), None).await?;
    if let Some(secret) = secret {
        person::set_secret(tx, id, secret.hash, secret.until).await?;
    }
    Ok(id)
}

/// Two households of one name get "pak-sunar" and "pak-sunar-2".
async fn insert(
    tx: &Tx,
    clock: &Clock,
    outlet: &outlet::Model,
    person_id: i64,
    household: &Household,
) -> Result<String> {
    let name = slug(&household.name);
    for n in 1.. {
        let slug = if n == 1 { name.clone() } else { format!("{name}-{n}") };
        let row = crafter::ActiveModel {
            person_id: Set(person_id),
            village_id: Set(outlet.village_id),
            outlet_id: Set(outlet.id),
            slug: Set(slug.clone()),
            name: Set(household.name.clone()),
            dusun: Set(household.dusun.clone()),
            rt: Set(household.rt.clone()),
            rw: Set(household.rw.clone()),
            group_name: Set(household.group_name.clone()),
            story: Set(household.story.clone()),
            created_at: Set(clock.now()),
            ..Default::default()
        };
        let free = OnConflict::column(crafter::Column::Slug).do_nothing().to_owned();
        if crafter::Entity::insert(row).on_conflict(free).exec_without_returning(tx).await? == 1 {
            return Ok(slug);
        }
    }
    Err(Error::NotFound)
}

/// Corrects what is known of a household, which weaves again if its role had been taken away. The address of its page
/// stays, since links to it are about.
pub async fn edit(
    tx: &Tx,
    clock: &Clock,
    crafter: &crafter::Model,
    household: &Household,
    by: Option<i64>,
) -> Result<()> {
    role::grant(tx, clock, crafter.person_id, Role::Crafter, Place::Outlet(crafter.outlet_id), by).await?;
    let change = crafter::ActiveModel {
        id: Set(crafter.id),
        name: Set(household.name.clone()),
        dusun: Set(household.dusun.clone()),
        rt: Set(household.rt.clone()),
        rw: Set(household.rw.clone()),
        group_name: Set(household.group_name.clone()),
        story: Set(household.story.clone()),
        ..Default::default()
    };
    crafter::Entity::update(change).exec(tx).await?;
    edit_person(tx, crafter, household).await?;
    tx.changes_what_is_shown();
    Ok(())
}

/// Name and phone of the person behind. Staff look after their own; nobody's phone is changed by a colleague.
async fn edit_person(tx: &Tx, crafter: &crafter::Model, household: &Household) -> Result<()> {
    let known = person::locked(tx, crafter.person_id).await?;
    let is_staff = role::of(tx, known.id).await?.iter().any(|held| role::is_staff(held.role));
    if is_staff {
        return if known.phone == household.phone {
            Ok(())
        } else {
            Err(Refusal::conflict("counter.phone_of_staff").into())
        };
    }
    if let Some(phone) = household.phone.as_ref().filter(|phone| known.phone.as_ref() != Some(phone))
        && person::by_phone(tx, phone).await?.is_some()
    {
        return Err(Refusal::conflict("account.phone_taken").into());
    }
    let change = person_row::ActiveModel {
        id: Set(known.id),
        name: Set(household.name.clone()),
        phone: Set(household.phone.clone()),
        ..Default::default()
    };
    person_row::Entity::update(change).exec(tx).await?;
    Ok(())
}

/// The household of a person, if they weave.
pub async fn of_person(db: &impl ConnectionTrait, person_id: i64) -> Result<Option<crafter::Model>> {
    Ok(crafter::Entity::find().filter(crafter::Column::PersonId.eq(person_id)).one(db).await?)
}

/// A household of this outlet; another outlet's does not exist here.
pub async fn in_outlet(db: &impl ConnectionTrait, outlet_id: i64, id: i64) -> Result<crafter::Model> {
    crafter::Entity::find_by_id(id)
        .filter(crafter::Column::OutletId.eq(outlet_id))
        .one(db)
        .await?
        .ok_or(Error::NotFound)
}

/// Households of an outlet with their people, by name, a page at a time; and how many there are.
pub async fn list(
    db: &impl ConnectionTrait,
    outlet_id: i64,
    sought: &str,
    page: u64,
) -> Result<(Vec<(crafter::Model, Option<person_row::Model>)>, u64)> {
    let mut query = crafter::Entity::find().filter(crafter::Column::OutletId.eq(outlet_id));
    let sought = sought.trim().to_lowercase();
    if !sought.is_empty() {
        let has =
            |column| Expr::expr(Func::lower(Expr::col((crafter::Entity, column)))).like(person::containing(&sought));
        query = query.filter(
            Condition::any()
                .add(has(crafter::Column::Name))
                .add(has(crafter::Column::Dusun))
                .add(has(crafter::Column::GroupName)),
        );
    }
    let count = query.clone().count(db).await?;
    let found = query
        .find_also_related(person_row::Entity)
        .order_by_asc(crafter::Column::Name)
        .order_by_asc(crafter::Column::Id)
        .offset(page.saturating_sub(1) * A_PAGE)
        .limit(A_PAGE)
        .all(db)
        .await?;
    Ok((found, count))
}

/// "Bu Sati'ah" is "bu-sati-ah" in an address.
pub(super) fn slug(name: &str) -> String {
    let mut out = String::new();
    for c in name.to_lowercase().chars() {
        let c = match c {
            'a'..='z' | '0'..='9' => c,
            'á' | 'à' | 'â' | 'ä' => 'a',
            'é' | 'è' | 'ê' | 'ë' => 'e',
            'í' | 'ì' | 'î' => 'i',
            'ó' | 'ò' | 'ô' | 'ö' => 'o',
            'ú' | 'ù' | 'û' | 'ü' => 'u',
            _ => '-',
        };
        if c != '-' || !(out.is_empty() || out.ends_with('-')) {
            out.push(c);
        }
    }
    let out = out.trim_matches('-');
    if out.is_empty() { "perajin".to_owned() } else { out.chars().take(60).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_becomes_an_address() {
        assert_eq!(slug("Pak Marsuki"), "pak-marsuki");
        assert_eq!(slug("  Bu Sati'ah / Krajan "), "bu-sati-ah-krajan");
        assert_eq!(slug("Bhâsa"), "bhasa");
        assert_eq!(slug("???"), "perajin");
    }
}
