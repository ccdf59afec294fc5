//! Village, outlet, one sign-in for each role, and the households.
use entity::{Rupiah, outlet, person_role::Role};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::Ground;
use crate::{
    accounts::{
        crafter::{self, FirstSecret, Household},
        outlet::{NewOutlet, NewVillage, create_outlet, create_village},
        person,
        pin::Pin,
        role::{self, Place},
    },
    catalogue::{Hand, Side, photo},
    clock::Clock,
    db,
    error::{Error, Result},
    region,
};

pub(super) async fn make(ground: &Ground<'_>, clock: &Clock) -> Result<(outlet::Model, Hand)> {
    let secret = Pin::demonstration().hash().await?;
    let outlet = outlet(ground, clock).await?;
    let mut hand = Hand { person_id: None, village_id: Some(outlet.village_id), side: Side::Operator };
    for somebody in &ground.village.person {
        let tx = db::begin(ground.db).await?;
        let id = match person::by_phone(&tx, &somebody.phone).await? {
            Some(known) => known.id,
            None => person::create(&tx, clock, &somebody.name, Some(&somebody.phone), Some(secret.clone())).await?,
        };
        let role =
            role::parse(&somebody.role).ok_or_else(|| Error::Fault(anyhow::anyhow!("no role {}", somebody.role)))?;
        let place = match role {
            Role::Operator => Place::Outlet(outlet.id),
            Role::VillageOfficer | Role::KubeOfficer | Role::Mentor | Role::Auditor => {
                Place::Village(outlet.village_id)
            }
            Role::Crafter | Role::Buyer | Role::Administrator => Place::Everywhere,
        };
        role::grant(&tx, clock, id, role, place, None).await?;
        tx.commit().await?;
        if role == Role::Operator {
            hand.person_id = Some(id);
        }
    }
    households(ground, clock, &outlet, &hand, &secret).await?;
    Ok((outlet, hand))
}

async fn outlet(ground: &Ground<'_>, clock: &Clock) -> Result<outlet::Model> {
    let new = &ground.village.outlet;
    let known = outlet::Entity::find().filter(outlet::Column::Slug.eq(&new.slug)).one(ground.db).await?;
    if let Some(known) = known {
        return Ok(known);
    }
    let place = &ground.village.village;
    let region = region::by_code(&place.code).ok_or_else(|| anyhow::anyhow!("no village {}", place.code))?;
    let tx = db::begin(ground.db).await?;
    let village = NewVillage {
        code: place.code.clone(),
        name: place.name.clone(),
        kecamatan: region.district.to_string(),
        kabupaten: region.regency.to_string(),
    };
    let village_id = create_village(&tx, clock, &village).await?;
    let [maker_bp, outlet_bp, group_bp] = new.shares;
    let [bank_name, bank_account, bank_holder] = new.bank.clone();
    let outlet = NewOutlet {
        village_id,
        slug: new.slug.clone(),
        name: new.name.clone(),
        phone: new.phone.clone(),
        address: new.address.clone(),
        rt: new.rt.clone(),
        rw: new.rw.clone(),
        hours: new.hours.clone(),
        maker_bp,
        outlet_bp,
        group_bp,
        cod_max: Rupiah(new.cod_max),
        bank_name,
        bank_account,
        bank_holder,
    };
    let outlet = create_outlet(&tx, clock, &outlet).await?;
    tx.commit().await?;
    Ok(outlet)
}

async fn households(
    ground: &Ground<'_>,
    clock: &Clock,
    outlet: &outlet::Model,
    hand: &Hand,
    secret: &str,
) -> Result<()> {
    use entity::crafter as row;
    for (n, somebody) in ground.village.crafter.iter().enumerate() {
        let known = row::Entity::find()
            .filter(row::Column::OutletId.eq(outlet.id))
            .filter(row::Column::Name.eq(&somebody.name))
            .one(ground.db)
            .await?;
        let household = Household {
            name: somebody.name.clone(),
            phone: somebody.phone.clone(),
            dusun: somebody.dusun.clone(),
            rt: somebody.rt.clone(),
            rw: somebody.rw.clone(),
            group_name: somebody.group.clone(),
            story: somebody.story.clone(),
        };
        let crafter = match known {
            Some(known) => known,
            None => {
                let tx = db::begin(ground.db).await?;
                let first = somebody.phone.as_ref().map(|_| FirstSecret { hash: secret.to_owned(), until: None });
                let made = crafter::register(&tx, clock, outlet, hand.person_id, &household, first).await?;
                tx.commit().await?;
                made
            }
        };
        if ground.pictures && crafter.face.is_none() {
            let clock = Clock::stopped(clock.now() + chrono::Duration::seconds(n as i64));
            let subject = (entity::photo::Subject::Crafter, crafter.id);
            photo::process_now(ground.db, &clock, ground.files, hand, subject, &[face(&somebody.face)?]).await?;
        }
    }
    Ok(())
}

fn face(name: &str) -> Result<&'static [u8]> {
    super::goods::picture(&format!("faces/{name}.webp"))
        .ok_or_else(|| Error::Fault(anyhow::anyhow!("no portrait {name}")))
}
