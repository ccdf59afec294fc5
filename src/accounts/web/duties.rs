//! `/tugas`: what those who look after a village may see: its outlets and its makers.
use std::collections::BTreeMap;

use actix_web::{
    HttpResponse,
    web::{self, Data},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde::Serialize;

use super::{Places, RoleView};
use crate::{
    accounts::visit::Person,
    app::App,
    error::{Error, Result},
    page::Page,
};
use entity::{crafter, person_role::Role};

pub(super) fn configure(cfg: &mut web::ServiceConfig) {
    cfg.route("/tugas", web::get().to(show));
}

/// The villages of somebody's roles, as they stand today.
#[derive(Serialize)]
pub struct DutiesPage {
    roles: Vec<RoleView>,
    /// May look at the money of the outlets.
    reads_books: bool,
    villages: Vec<VillageView>,
}

#[derive(Serialize)]
struct VillageView {
    name: String,
    kecamatan: String,
    makers: usize,
    outlets: Vec<OutletView>,
    groups: Vec<GroupView>,
}

#[derive(Serialize)]
struct OutletView {
    name: String,
    phone: String,
    address: String,
    hours: String,
}

/// Makers who work together; an empty name for those on their own.
#[derive(Serialize)]
struct GroupView {
    name: String,
    makers: Vec<MakerView>,
}

#[derive(Serialize)]
struct MakerView {
    slug: String,
    name: String,
    dusun: String,
}

impl Page for DutiesPage {
    const TEMPLATE: &'static str = "accounts/duties.html";
    fn samples() -> Vec<DutiesPage> {
        let maker = MakerView { slug: "bu-sati".into(), name: "Bu Sati".into(), dusun: "Krajan".into() };
        let village = VillageView {
            name: "Kemuning Lor".into(),
            kecamatan: "Arjasa".into(),
            makers: 1,
            outlets: vec![OutletView {
                name: "e-Warong Kemuning Lor".into(),
                phone: "6281200000001".into(),
                address: "Jl. Rembangan 12".into(),
                hours: "07.00–17.00".into(),
            }],
            groups: vec![
                GroupView { name: "Krajan Makmur".into(), makers: vec![maker] },
                GroupView { name: String::new(), makers: Vec::new() },
            ],
        };
        vec![DutiesPage {
            roles: vec![RoleView { id: 1, key: "role.auditor", place: String::new() }],
            reads_books: true,
            villages: vec![village],
        }]
    }
}

async fn show(person: Person, app: Data<App>) -> Result<HttpResponse> {
    let duty = |role| {
        matches!(role, Role::VillageOfficer | Role::KubeOfficer | Role::Mentor | Role::Auditor | Role::Administrator)
    };
    let held: Vec<_> = person.signed.roles.iter().filter(|held| duty(held.role)).collect();
    if held.is_empty() {
        return Err(Error::Forbidden);
    }
    let places = Places::read(&app.db).await?;
    let everywhere = held.iter().any(|held| held.village_id.is_none());
    let mut villages = Vec::new();
    for village in &places.villages {
        if everywhere || held.iter().any(|held| held.village_id == Some(village.id)) {
            villages.push(view(&app, &places, village).await?);
        }
    }
    let reads_books = held.iter().any(|held| matches!(held.role, Role::Auditor | Role::Administrator));
    let roles = held.into_iter().map(|held| places.view(held)).collect();
    person.visit.page(&app.templates, &DutiesPage { roles, reads_books, villages })
}

async fn view(app: &App, places: &Places, village: &entity::village::Model) -> Result<VillageView> {
    let makers = crafter::Entity::find()
        .filter(crafter::Column::VillageId.eq(village.id))
        .order_by_asc(crafter::Column::Name)
        .all(&app.db)
        .await?;
    let count = makers.len();
    let mut groups: BTreeMap<(bool, String), Vec<MakerView>> = BTreeMap::new();
    for maker in makers {
        let group = maker.group_name.unwrap_or_default();
        // Those on their own come last.
        let makers = groups.entry((group.is_empty(), group)).or_default();
        makers.push(MakerView { slug: maker.slug, name: maker.name, dusun: maker.dusun });
    }
    let outlets = places.outlets.iter().filter(|outlet| outlet.village_id == village.id);
    Ok(VillageView {
        name: village.name.clone(),
        kecamatan: village.kecamatan.clone(),
        makers: count,
        outlets: outlets
            .map(|outlet| OutletView {
                name: outlet.name.clone(),
                phone: outlet.phone.clone(),
                address: outlet.address.clone(),
                hours: outlet.hours.clone(),
            })
            .collect(),
        groups: groups.into_iter().map(|((_, name), makers)| GroupView { name, makers }).collect(),
    })
}
