//! Two tills with signal that are asked for the same family within minutes: the first that asks has what is left in its
//! hands, and the other waits. So what one was told is still true when it sells.
//!
//! A hold ends when the sale comes that it was asked for, when its till asks about another family or empties its basket,
//! or once its minutes are over and the till was heard of since: a till sells by an answer for so long only and then asks again, and what it
//! sold before it tells whenever it is heard. Until then, the other one sells as if it could not ask: one pack, and then
//! nothing before the first one was heard of.
use chrono::{DateTime, Duration, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select,
};

use crate::{clock::Clock, db::Tx, error::Result};
use entity::{
    device, family,
    family_hold::{ActiveModel, Column, Entity, Model},
    sale, shift,
};

/// For so long a till sells by the answer it got.
pub const HOLD: Duration = Duration::minutes(3);

/// A till is without signal for so long at most.
const LONGEST_SILENCE: Duration = Duration::days(3);

/// What a till may do for a family that it asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// What is left is in its hands.
    Ours,
    /// Another till is at it until then.
    Busy(DateTime<Utc>),
    /// Another till may have sold something that nobody knows of yet: one pack, as without signal.
    Away,
    /// And that pack was sold.
    Silent,
}

/// A till asks about a family. One after the other: whoever comes second sees what the first one was told.
pub async fn ask(tx: &Tx, clock: &Clock, family_id: i64, device_id: i64) -> Result<Asked> {
    family::Entity::find_by_id(family_id).lock_exclusive().one(tx).await?;
    let others = Entity::find().filter(Column::FamilyId.eq(family_id)).filter(Column::DeviceId.ne(device_id));
    let mut asked = Asked::Ours;
    for other in others.order_by_asc(Column::Id).all(tx).await? {
        if is_over(tx, clock.now(), &other).await? {
            continue;
        }
        if other.until > clock.now() {
            return Ok(Asked::Busy(other.until));
        }
        if sold_since(&other).one(tx).await?.is_some() {
            return Ok(Asked::Silent);
        }
        asked = Asked::Away;
    }
    Entity::delete_many().filter(Column::DeviceId.eq(device_id)).exec(tx).await?;
    if asked == Asked::Ours {
        let last = sale::Entity::find().order_by_desc(sale::Column::Id).one(tx).await?.map_or(0, |sale| sale.id);
        let hold = ActiveModel {
            device_id: Set(device_id),
            family_id: Set(family_id),
            after_sale_id: Set(last),
            until: Set(clock.now() + HOLD),
            ..Default::default()
        };
        Entity::insert(hold).exec_without_returning(tx).await?;
    }
    Ok(asked)
}

/// Families of a village that had something since a till asked about them that was not heard of since: without signal
/// nothing more is given to them, for that till may have sold all that is left. Their tokens, in order.
pub async fn silent(db: &impl ConnectionTrait, village_id: i64, now: DateTime<Utc>) -> Result<Vec<String>> {
    let holds = Entity::find().find_also_related(family::Entity).filter(family::Column::VillageId.eq(village_id));
    let mut tokens = Vec::new();
    for (hold, family) in holds.all(db).await? {
        let Some(family) = family else { continue };
        if !is_over(db, now, &hold).await? && sold_since(&hold).one(db).await?.is_some() {
            tokens.push(family.token);
        }
    }
    tokens.sort();
    tokens.dedup();
    Ok(tokens)
}

/// A till is done with the family it asked about, and sold it nothing that is not known.
pub async fn release(tx: &Tx, family_id: i64, device_id: i64) -> Result<()> {
    let own = Entity::delete_many().filter(Column::DeviceId.eq(device_id)).filter(Column::FamilyId.eq(family_id));
    own.exec(tx).await?;
    Ok(())
}

/// Whether everything that came of a hold is known.
async fn is_over(db: &impl ConnectionTrait, now: DateTime<Utc>, hold: &Model) -> Result<bool> {
    if now > hold.until + LONGEST_SILENCE {
        return Ok(true);
    }
    let till = device::Entity::find_by_id(hold.device_id).one(db).await?;
    if till.is_none_or(|till| till.revoked_at.is_some() || till.seen_at.is_some_and(|at| at > hold.until)) {
        return Ok(true);
    }
    let shifts = shift::Entity::find().filter(shift::Column::DeviceId.eq(hold.device_id)).select_only();
    let shifts: Vec<i64> = shifts.column(shift::Column::Id).into_tuple().all(db).await?;
    Ok(sold_since(hold).filter(sale::Column::ShiftId.is_in(shifts)).one(db).await?.is_some())
}

/// What the family bought since the hold, at any till.
fn sold_since(hold: &Model) -> Select<sale::Entity> {
    sale::Entity::find()
        .filter(sale::Column::Id.gt(hold.after_sale_id))
        .filter(sale::Column::FamilyId.eq(hold.family_id))
}
