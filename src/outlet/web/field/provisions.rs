//! `GET /kelola/setoran/bekal.json`: what a phone takes along to work without signal.
use std::collections::{BTreeMap, BTreeSet};

use actix_web::{HttpRequest, HttpResponse, http::header, web::Data};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::Serialize;

use super::kiosks::{self, KioskJson};
use crate::{accounts::visit::Operator, app::App, error::Result, secret, wholesale::commission};
use entity::{
    Rupiah, assignment, crafter, intake, item, product,
    product::{State, Unit},
};

#[derive(Serialize)]
struct Provisions {
    outlet: i64,
    crafters: Vec<CrafterJson>,
    items: Vec<ItemJson>,
    /// Parts of big orders that wait for goods.
    assignments: Vec<AssignmentJson>,
    kiosks: Vec<KioskJson>,
}

#[derive(Serialize)]
struct CrafterJson {
    id: i64,
    name: String,
    face: Option<String>,
    dusun: String,
    rt: String,
    /// What they make, by item: offered first.
    made: BTreeSet<i64>,
}

#[derive(Serialize)]
struct ItemJson {
    id: i64,
    name: String,
    size: String,
    unit: Unit,
    price: Rupiah,
    /// The maker's part of the price, in hundredths of a percent.
    maker_bp: i64,
    /// The outlet's, out of which a maker may be given more.
    outlet_bp: i64,
    cover: Option<String>,
}

#[derive(Serialize)]
struct AssignmentJson {
    id: i64,
    crafter_id: i64,
    item_id: i64,
    /// Pieces still to come.
    left: i64,
}

/// The same data have the same tag, and then nothing is sent.
pub(super) async fn show(operator: Operator, request: HttpRequest, app: Data<App>) -> Result<HttpResponse> {
    let provisions = gather(&app.db, operator.outlet.id).await?;
    let body = serde_json::to_string(&provisions)?;
    let tag = format!("\"{}\"", &secret::sha256(body.as_bytes())[..20]);
    let known = request.headers().get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    // Compression on the way weakens a tag.
    let is_known = known.is_some_and(|known| known.trim_start_matches("W/") == tag);
    let mut answer = if is_known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    answer.insert_header((header::ETAG, tag)).insert_header((header::CACHE_CONTROL, "private, no-cache"));
    Ok(if is_known { answer.finish() } else { answer.content_type("application/json").body(body) })
}

async fn gather(db: &impl ConnectionTrait, outlet_id: i64) -> Result<Provisions> {
    let households = crafter::Entity::find()
        .filter(crafter::Column::OutletId.eq(outlet_id))
        .order_by_asc(crafter::Column::Name)
        .order_by_asc(crafter::Column::Id)
        .all(db)
        .await?;
    let goods = item::Entity::find()
        .find_also_related(product::Entity)
        .filter(product::Column::OutletId.eq(outlet_id))
        .filter(product::Column::State.is_in([State::Submitted, State::Published]))
        .filter(item::Column::ArchivedAt.is_null())
        .order_by_asc(product::Column::Name)
        .order_by_asc(item::Column::Position)
        .order_by_asc(item::Column::Id)
        .all(db)
        .await?;
    let brought: Vec<(i64, i64)> = intake::Entity::find()
        .select_only()
        .column(intake::Column::CrafterId)
        .column(intake::Column::ItemId)
        .filter(intake::Column::OutletId.eq(outlet_id))
        .distinct()
        .into_tuple()
        .all(db)
        .await?;
    let mut made: BTreeMap<i64, BTreeSet<i64>> = BTreeMap::new();
    for (crafter_id, item_id) in brought {
        made.entry(crafter_id).or_default().insert(item_id);
    }
    let mut items = Vec::new();
    for (size, product) in goods {
        let Some(product) = product else { continue };
        // What nobody here makes is bought elsewhere and does not come by hand.
        let Some(maker) = product.crafter_id else { continue };
        made.entry(maker).or_default().insert(size.id);
        items.push(ItemJson {
            id: size.id,
            name: product.name,
            size: size.name,
            unit: product.unit,
            price: size.price,
            maker_bp: product.maker_bp,
            outlet_bp: product.outlet_bp,
            cover: product.cover,
        });
    }
    let crafters = households.into_iter().map(|one| CrafterJson {
        made: made.remove(&one.id).unwrap_or_default(),
        id: one.id,
        name: one.name,
        face: one.face,
        dusun: one.dusun,
        rt: one.rt,
    });
    Ok(Provisions {
        outlet: outlet_id,
        crafters: crafters.collect(),
        items,
        assignments: assignments(db, outlet_id).await?,
        kiosks: kiosks::gather(db, outlet_id).await?,
    })
}

/// What each household has still to hand in for orders that go on; counted with the first part it said yes to.
async fn assignments(db: &impl ConnectionTrait, outlet_id: i64) -> Result<Vec<AssignmentJson>> {
    let mut open = Vec::new();
    for whole in commission::underway(db, outlet_id).await?.into_iter().filter(|whole| !whole.is_over()) {
        for crafter_id in whole.crafters() {
            let left = whole.accepted_by(crafter_id) - whole.delivered_by(crafter_id);
            let mut parts = whole.assignments.iter();
            let part = parts.find(|part| part.crafter_id == crafter_id && part.state == assignment::State::Accepted);
            if let Some(part) = part.filter(|_| left > 0) {
                open.push(AssignmentJson { id: part.id, crafter_id, item_id: whole.row.item_id, left });
            }
        }
    }
    Ok(open)
}
