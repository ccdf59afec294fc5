//! Business letters of some households: two that are good, one that waits for the village; the others have none yet.
use chrono::Duration;
use entity::{business_letter, crafter, outlet, person_role, person_role::Role};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};

use super::Ground;
use crate::{
    catalogue::Hand,
    clock::Clock,
    db,
    error::{Error, Result},
    village::letter::{self, Wish},
};

/// Household, full name, what they make, since when.
const HOUSEHOLDS: [(&str, &str, &str, i64); 3] = [
    ("Pak Sahroni", "Sahroni", "Kerajinan bambu: kursi, lincak dan meja", 1996),
    ("Bu Halimah", "Siti Halimah", "Kerajinan anyaman bambu: tampah, besek dan tudung saji", 2004),
    ("Bu Sati", "Sati'ah", "Kerajinan anyaman bambu: keranjang dan bakul", 1998),
];

pub(super) async fn make(ground: &Ground<'_>, outlet: &outlet::Model, hand: &Hand) -> Result<()> {
    let operator = hand.person_id.ok_or_else(|| Error::Fault(anyhow::anyhow!("the village has no operator")))?;
    let officer = person_role::Entity::find()
        .filter(person_role::Column::Role.eq(Role::VillageOfficer))
        .filter(person_role::Column::VillageId.eq(outlet.village_id))
        .order_by_asc(person_role::Column::Id)
        .one(ground.db)
        .await?;
    let Some(officer) = officer.map(|held| held.person_id) else { return Ok(()) };
    if business_letter::Entity::find().count(ground.db).await? > 0 {
        return Ok(());
    }
    let tx = db::begin(ground.db).await?;
    for (n, (household, name, business, since)) in HOUSEHOLDS.into_iter().enumerate() {
        let of_name = crafter::Entity::find().filter(crafter::Column::OutletId.eq(outlet.id));
        let Some(crafter) = of_name.filter(crafter::Column::Name.eq(household)).one(&tx).await? else { continue };
        let asked = Clock::stopped(ground.now - Duration::days(12 - 5 * n as i64));
        let wish = Wish { name: name.into(), business: business.into(), since: Some(since), purpose: None };
        let id = letter::ask(&tx, &asked, &crafter, &wish, operator).await?;
        if n < HOUSEHOLDS.len() - 1 {
            let decided = Clock::stopped(asked.now() + Duration::days(1));
            letter::issue(&tx, &decided, outlet.village_id, id, "H. Abdul Wafi", 6, officer).await?;
        }
    }
    Ok(tx.commit().await?)
}
