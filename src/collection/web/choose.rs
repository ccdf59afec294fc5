//! Choosing whose goods and which, by face and by picture; the same steps for a hand-over and for goods that are ready.
use std::collections::HashMap;

use actix_web::{HttpResponse, web};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};

use super::{form, sheet};
use crate::{
    accounts::{crafter as households, visit::Operator},
    app::App,
    collection::pickup,
    error::Result,
    page::{Page, Sample, samples as drawn},
};
use entity::{category, crafter, intake, item, product, product::State};

pub(super) fn samples() -> Vec<Sample> {
    [drawn::<WhosePage>(), drawn::<GoodsPage>()].into_iter().flatten().collect()
}

/// So many faces are shown at once; the others are found by name.
const FACES: u64 = 60;

/// Where the chosen goes on.
#[derive(Clone, Copy, Debug, Serialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(super) enum Purpose {
    Intake,
    Ready,
}

impl Purpose {
    fn base(self) -> &'static str {
        match self {
            Purpose::Intake => "/kelola/setoran/baru",
            Purpose::Ready => "/kelola/jemput/baru",
        }
    }
}

/// Whose goods they are.
#[derive(Serialize)]
struct WhosePage {
    base: &'static str,
    purpose: Purpose,
    sought: String,
    /// Households whose goods are ready, in walking order.
    ready: Vec<Face>,
    faces: Vec<Face>,
    more: bool,
}

#[derive(Clone, Serialize)]
struct Face {
    id: i64,
    name: String,
    face: Option<String>,
    home: String,
}

impl Face {
    fn of(row: &crafter::Model) -> Face {
        Face { id: row.id, name: row.name.clone(), face: row.face.clone(), home: sheet::home(row) }
    }
}

impl Page for WhosePage {
    const TEMPLATE: &'static str = "collection/whose.html";

    fn samples() -> Vec<WhosePage> {
        let face = |face: Option<&str>| Face {
            id: 4,
            name: "Bu Sati".into(),
            face: face.map(str::to_owned),
            home: "RT 3, Krajan".into(),
        };
        let (with, without) = (face(Some("c0123456789abcdef0123")), face(None));
        let page = |purpose: Purpose, ready, faces, more| WhosePage {
            base: purpose.base(),
            purpose,
            sought: "sati".into(),
            ready,
            faces,
            more,
        };
        vec![
            page(Purpose::Intake, vec![with.clone()], vec![with, without], true),
            page(Purpose::Ready, Vec::new(), Vec::new(), false),
        ]
    }
}

/// What of theirs it is.
#[derive(Serialize)]
struct GoodsPage {
    base: &'static str,
    purpose: Purpose,
    crafter: Face,
    own: Vec<Tile>,
    others: Vec<Tile>,
}

#[derive(Clone, Serialize)]
struct Tile {
    /// The size; where goods are said to be ready, the product.
    id: i64,
    name: String,
    cover: Option<String>,
    price: i64,
    /// How many are ready there.
    ready: Option<i64>,
}

impl Page for GoodsPage {
    const TEMPLATE: &'static str = "collection/goods.html";

    fn samples() -> Vec<GoodsPage> {
        let tile = Tile {
            id: 9,
            name: "Keranjang sampah anyam".into(),
            cover: Some("p0123456789abcdef0123".into()),
            price: 28_000,
            ready: Some(6),
        };
        let other = Tile { cover: None, ready: None, ..tile.clone() };
        let crafter = Face { id: 4, name: "Bu Sati".into(), face: None, home: "Krajan".into() };
        let page = |purpose: Purpose, own, others| GoodsPage {
            base: purpose.base(),
            purpose,
            crafter: crafter.clone(),
            own,
            others,
        };
        vec![page(Purpose::Intake, vec![tile], vec![other]), page(Purpose::Ready, Vec::new(), Vec::new())]
    }
}

/// What has been chosen so far.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Chosen {
    #[serde(default)]
    pub perajin: Option<i64>,
    #[serde(default)]
    pub barang: Option<i64>,
    #[serde(default)]
    pub tugas: Option<i64>,
    #[serde(default)]
    pub q: String,
}

/// `GET /kelola/setoran/baru`
pub(super) async fn intake(
    operator: Operator,
    chosen: web::Query<Chosen>,
    app: web::Data<App>,
) -> Result<HttpResponse> {
    match (chosen.perajin, chosen.barang) {
        (None, _) => whose(&operator, &app, &chosen.q, Purpose::Intake).await,
        (Some(crafter), None) => goods(&operator, &app, crafter, Purpose::Intake).await,
        (Some(crafter), Some(item)) => form::blank(&operator, &app, (crafter, item), chosen.tugas).await,
    }
}

/// `GET /kelola/jemput/baru`
pub(super) async fn ready(operator: Operator, chosen: web::Query<Chosen>, app: web::Data<App>) -> Result<HttpResponse> {
    match chosen.perajin {
        None => whose(&operator, &app, &chosen.q, Purpose::Ready).await,
        Some(crafter) => goods(&operator, &app, crafter, Purpose::Ready).await,
    }
}

async fn whose(operator: &Operator, app: &App, sought: &str, purpose: Purpose) -> Result<HttpResponse> {
    let sought: String = sought.trim().chars().take(80).collect();
    let mut rows = found(&app.db, operator.outlet.id, &sought).await?;
    let more = rows.len() as u64 > FACES;
    rows.truncate(FACES as usize);
    let mut ready = Vec::new();
    if purpose == Purpose::Intake && sought.is_empty() {
        let waiting = pickup::list(&app.db, operator.outlet.id).await?;
        ready = waiting.iter().map(|one| Face::of(&one.crafter)).collect::<Vec<_>>();
        ready.dedup_by_key(|face| face.id);
    }
    let faces = rows.iter().map(Face::of).collect();
    let page = WhosePage { base: purpose.base(), purpose, sought, ready, faces, more };
    operator.visit.page(&app.templates, &page)
}

/// Households by name, dusun or RT; those who handed in last come first.
async fn found(db: &impl ConnectionTrait, outlet_id: i64, sought: &str) -> Result<Vec<crafter::Model>> {
    let last: Vec<(i64, Option<i64>)> = intake::Entity::find()
        .filter(intake::Column::OutletId.eq(outlet_id))
        .select_only()
        .column(intake::Column::CrafterId)
        .column_as(intake::Column::Id.max(), "last")
        .group_by(intake::Column::CrafterId)
        .into_tuple()
        .all(db)
        .await?;
    let last: HashMap<i64, Option<i64>> = last.into_iter().collect();
    let mut rows = crafter::Entity::find()
        .filter(crafter::Column::OutletId.eq(outlet_id))
        .order_by_asc(crafter::Column::Name)
        .order_by_asc(crafter::Column::Id)
        .all(db)
        .await?;
    // An outlet has some hundred households at most.
    rows.retain(|row| is_sought(row, &sought.to_lowercase()));
    rows.sort_by_key(|row| std::cmp::Reverse(last.get(&row.id).copied().flatten()));
    Ok(rows)
}

/// "sati", "krajan", "3" and "rt 03" find Bu Sati in RT 003 of Krajan.
fn is_sought(row: &crafter::Model, sought: &str) -> bool {
    let rt = sought.strip_prefix("rt").unwrap_or(sought).trim().trim_start_matches('0');
    let is_rt = !rt.is_empty() && row.rt.trim_start_matches('0') == rt;
    is_rt || [&row.name, &row.dusun].iter().any(|text| text.to_lowercase().contains(sought))
}

async fn goods(operator: &Operator, app: &App, crafter_id: i64, purpose: Purpose) -> Result<HttpResponse> {
    let crafter = households::in_outlet(&app.db, operator.outlet.id, crafter_id).await?;
    let ready = pickup::of_crafter(&app.db, crafter_id).await?;
    let before: Vec<i64> = intake::Entity::find()
        .filter(intake::Column::CrafterId.eq(crafter_id))
        .select_only()
        .column(intake::Column::ItemId)
        .distinct()
        .into_tuple()
        .all(&app.db)
        .await?;
    let (mut own, mut others) = (Vec::new(), Vec::new());
    for (item, product) in offered(&app.db, operator.outlet.id).await? {
        let id = if purpose == Purpose::Intake { item.id } else { product.id };
        let waits = ready.get(&product.id).map(|row| row.quantity);
        let is_own = product.crafter_id == Some(crafter_id) || before.contains(&item.id) || waits.is_some();
        let list = if is_own { &mut own } else { &mut others };
        if purpose == Purpose::Ready && list.iter().any(|tile: &Tile| tile.id == id) {
            continue;
        }
        let name = if purpose == Purpose::Intake { sheet::goods_name(&product, &item) } else { product.name.clone() };
        list.push(Tile { id, name, cover: product.cover.clone(), price: item.price.0, ready: waits });
    }
    own.sort_by_key(|tile| tile.ready.is_none());
    let page = GoodsPage { base: purpose.base(), purpose, crafter: Face::of(&crafter), own, others };
    operator.visit.page(&app.templates, &page)
}

/// What crafters of an outlet can hand in, by name.
pub(in crate::collection) async fn offered(
    db: &impl ConnectionTrait,
    outlet_id: i64,
) -> Result<Vec<(item::Model, product::Model)>> {
    let kinds = category::Entity::find().filter(category::Column::Kind.eq(category::Kind::Craft)).all(db).await?;
    let found = item::Entity::find()
        .filter(item::Column::ArchivedAt.is_null())
        .find_also_related(product::Entity)
        .filter(product::Column::OutletId.eq(outlet_id))
        .filter(product::Column::CrafterId.is_not_null())
        .filter(product::Column::State.is_in([State::Submitted, State::Published]))
        .filter(product::Column::CategoryId.is_in(kinds.iter().map(|kind| kind.id)))
        .order_by_asc(product::Column::Name)
        .order_by_asc(item::Column::Position)
        .order_by_asc(item::Column::Id)
        .all(db)
        .await?;
    Ok(found.into_iter().filter_map(|(item, product)| Some((item, product?))).collect())
}
