//! What people may do, and where. A role is granted and revoked, never changed.
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::person;
use crate::{
    clock::Clock,
    db::Tx,
    error::{Error, Refusal, Result},
};
use entity::{
    outlet,
    person_role::{self, Role},
};

/// All roles, in the order they are offered.
pub const ALL: [Role; 8] = [
    Role::Buyer,
    Role::Crafter,
    Role::Operator,
    Role::VillageOfficer,
    Role::KubeOfficer,
    Role::Mentor,
    Role::Auditor,
    Role::Administrator,
];

/// Where a role holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Everywhere,
    Village(i64),
    Outlet(i64),
}

impl Place {
    /// "semua", "desa-1" or "warong-2", as menus send it.
    pub fn parse(text: &str) -> Option<Place> {
        let number = |prefix: &str| text.strip_prefix(prefix).and_then(|id| id.parse().ok()).filter(|id| *id > 0);
        match text {
            "semua" => Some(Place::Everywhere),
            _ => number("desa-").map(Place::Village).or_else(|| number("warong-").map(Place::Outlet)),
        }
    }

    /// Whether a role can hold in such a place: a counter has an operator, a village its officer.
    pub fn suits(self, role: Role) -> bool {
        match role {
            Role::Operator | Role::Crafter => matches!(self, Place::Outlet(_)),
            Role::VillageOfficer | Role::KubeOfficer | Role::Mentor => matches!(self, Place::Village(_)),
            Role::Auditor => !matches!(self, Place::Outlet(_)),
            Role::Buyer | Role::Administrator => self == Place::Everywhere,
        }
    }
}

/// The key of a role's name in the words.
pub fn key(role: Role) -> &'static str {
    match role {
        Role::Crafter => "role.crafter",
        Role::Buyer => "role.buyer",
        Role::Operator => "role.operator",
        Role::VillageOfficer => "role.village_officer",
        Role::KubeOfficer => "role.kube_officer",
        Role::Mentor => "role.mentor",
        Role::Auditor => "role.auditor",
        Role::Administrator => "role.administrator",
    }
}

/// The code of a role, as in its table.
pub fn code(role: Role) -> String {
    serde_json::to_value(role).ok().and_then(|code| code.as_str().map(str::to_owned)).unwrap_or_default()
}

/// The role of a code.
pub fn parse(code: &str) -> Option<Role> {
    serde_json::from_value(serde_json::Value::from(code)).ok()
}

/// Whether a role gives power over other people's things: those sign in with more care.
pub fn is_staff(role: Role) -> bool {
    !matches!(role, Role::Buyer | Role::Crafter)
}

/// Whether the operator of an outlet may lend a PIN to somebody with these roles: to its crafters and to buyers, never
/// to staff.
pub fn may_be_lent_a_pin(roles: &[person_role::Model], outlet_id: i64) -> bool {
    !roles.is_empty()
        && roles.iter().all(|held| match held.role {
            Role::Crafter => held.outlet_id == Some(outlet_id),
            Role::Buyer => held.outlet_id.is_none_or(|id| id == outlet_id),
            _ => false,
        })
}

/// Gives a person a role. Holding it already is as good; says which role row it is and whether it is new.
pub async fn grant(
    tx: &Tx,
    clock: &Clock,
    person_id: i64,
    role: Role,
    place: Place,
    granted_by: Option<i64>,
) -> Result<(i64, bool)> {
    if !place.suits(role) {
        return Err(Refusal::invalid("admin.place_does_not_suit").into());
    }
    person::locked(tx, person_id).await?;
    let (village_id, outlet_id) = match place {
        Place::Everywhere => (None, None),
        Place::Village(id) => (Some(id), None),
        Place::Outlet(id) => {
            let outlet = outlet::Entity::find_by_id(id).one(tx).await?.ok_or(Error::NotFound)?;
            (Some(outlet.village_id), Some(id))
        }
    };
    let held = of(tx, person_id).await?;
    let same =
        |held: &&person_role::Model| held.role == role && held.village_id == village_id && held.outlet_id == outlet_id;
    if let Some(held) = held.iter().find(same) {
        return Ok((held.id, false));
    }
    let row = person_role::ActiveModel {
        person_id: Set(person_id),
        role: Set(role),
        village_id: Set(village_id),
        outlet_id: Set(outlet_id),
        granted_by: Set(granted_by),
        granted_at: Set(clock.now()),
        ..Default::default()
    };
    Ok((person_role::Entity::insert(row).exec(tx).await?.last_insert_id, true))
}

/// Takes a role away; says which it was and whether it was still held. The last administrator stays.
pub async fn revoke(tx: &Tx, clock: &Clock, person_id: i64, id: i64) -> Result<(person_role::Model, bool)> {
    let theirs = person_role::Entity::find_by_id(id).filter(person_role::Column::PersonId.eq(person_id));
    let held = theirs.clone().one(tx).await?.ok_or(Error::NotFound)?;
    if held.role == Role::Administrator {
        keeps_an_administrator(tx, person_id, Some(id)).await?;
    }
    let held = theirs.lock_exclusive().one(tx).await?.ok_or(Error::NotFound)?;
    if held.revoked_at.is_some() {
        return Ok((held, false));
    }
    let change = person_role::ActiveModel { id: Set(id), revoked_at: Set(Some(clock.now())), ..Default::default() };
    person_role::Entity::update(change).exec(tx).await?;
    Ok((held, true))
}

/// Refuses to leave the installation without an administrator who can come in.
///
/// Locks all of them, so that two who take each other's role away take turns.
pub(super) async fn keeps_an_administrator(tx: &Tx, person_id: i64, role_id: Option<i64>) -> Result<()> {
    let held = person_role::Entity::find()
        .filter(person_role::Column::Role.eq(Role::Administrator))
        .filter(person_role::Column::RevokedAt.is_null())
        .order_by_asc(person_role::Column::Id)
        .lock_exclusive()
        .all(tx)
        .await?;
    let falls = |row: &person_role::Model| match role_id {
        Some(id) => row.id == id,
        None => row.person_id == person_id,
    };
    if !held.iter().any(falls) {
        return Ok(());
    }
    for row in held.iter().filter(|row| !falls(row)) {
        if person::get(tx, row.person_id).await?.disabled_at.is_none() {
            return Ok(());
        }
    }
    Err(Refusal::conflict("admin.last_administrator").into())
}

/// The roles a person holds now.
pub async fn of(db: &impl ConnectionTrait, person_id: i64) -> Result<Vec<person_role::Model>> {
    of_people(db, &[person_id]).await
}

/// The roles these people hold now.
pub async fn of_people(db: &impl ConnectionTrait, people: &[i64]) -> Result<Vec<person_role::Model>> {
    Ok(person_role::Entity::find()
        .filter(person_role::Column::PersonId.is_in(people.iter().copied()))
        .filter(person_role::Column::RevokedAt.is_null())
        .order_by_asc(person_role::Column::Id)
        .all(db)
        .await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_has_a_code_that_reads_back() {
        for role in ALL {
            assert_eq!(parse(&code(role)), Some(role));
        }
        assert_eq!(parse("raja"), None);
    }

    #[test]
    fn a_role_holds_where_it_makes_sense() {
        assert!(Place::Outlet(1).suits(Role::Operator));
        assert!(!Place::Everywhere.suits(Role::Operator));
        assert!(!Place::Village(1).suits(Role::Administrator));
        assert!(Place::Everywhere.suits(Role::Auditor) && Place::Village(1).suits(Role::Auditor));
    }

    #[test]
    fn a_pin_is_lent_to_own_crafters_and_buyers_only() {
        let held = |role, outlet_id| person_role::Model {
            id: 1,
            person_id: 1,
            role,
            village_id: None,
            outlet_id,
            granted_by: None,
            granted_at: "2026-11-21T03:00:00Z".parse().unwrap(),
            revoked_at: None,
        };
        assert!(may_be_lent_a_pin(&[held(Role::Crafter, Some(1)), held(Role::Buyer, None)], 1));
        assert!(!may_be_lent_a_pin(&[held(Role::Crafter, Some(2))], 1));
        assert!(!may_be_lent_a_pin(&[held(Role::Crafter, Some(1)), held(Role::Operator, Some(1))], 1));
        assert!(!may_be_lent_a_pin(&[], 1));
    }

    #[test]
    fn places_are_read_as_menus_send_them() {
        assert_eq!(Place::parse("semua"), Some(Place::Everywhere));
        assert_eq!(Place::parse("desa-3"), Some(Place::Village(3)));
        assert_eq!(Place::parse("warong-12"), Some(Place::Outlet(12)));
        for text in ["", "desa-", "desa--1", "warong-x", "rumah-1"] {
            assert_eq!(Place::parse(text), None, "{text}");
        }
    }
}
