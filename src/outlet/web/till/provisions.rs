//! `GET /kelola/kasir/bekal.json`: what a till takes along to sell without signal, as `assets/docs/till.md` describes it.
use std::collections::{BTreeMap, HashMap, HashSet};

use actix_web::{HttpRequest, HttpResponse, http::header, web::Data};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::Serialize;
use serde_json::{Value, json};

use super::last_sales::{self, SaleJson};
use crate::{
    accounts::visit::Operator,
    app::App,
    clock,
    error::Result,
    outlet::{
        market, member,
        price_ceiling::{self, CeilingRow},
        price_override, sale,
        till::{back, shift},
    },
    page::national_phone,
    secret,
};
use entity::{
    Rupiah, barcode, category,
    item::{self, Measure},
    lot, markdown, outlet, place, product,
    product::State,
    sale_line, stock,
};

/// Prices and ceilings are taken along for so many days.
const DAYS_AHEAD: u64 = 30;
/// What sold in so many days comes first.
const LATELY: Duration = Duration::days(28);
/// A till that sells without signal for three days hears in this time that its shift was closed on the page.
const CLOSED: Duration = Duration::days(4);

#[derive(Serialize)]
struct Provisions {
    outlet: OutletJson,
    second_above: Rupiah,
    items: Vec<ItemJson>,
    rows: Vec<CeilingRow>,
    sales: Vec<SaleJson>,
    /// What tills call the shifts that were closed lately.
    closed: Vec<String>,
}

#[derive(Serialize)]
struct OutletJson {
    id: i64,
    name: String,
    address: String,
    phone: String,
}

#[derive(Serialize)]
struct ItemJson {
    id: i64,
    name: String,
    measure: Measure,
    price: Rupiah,
    content: i64,
    content_unit: Measure,
    commodity: Option<String>,
    /// Above the ceiling, agreed to by two persons.
    #[serde(skip_serializing_if = "Option::is_none")]
    agreed: Option<Rupiah>,
    cover: Option<String>,
    barcodes: Vec<String>,
    craft: bool,
    category: String,
    lots: Vec<(Option<NaiveDate>, i64)>,
    markdowns: Vec<MarkdownJson>,
    sold: i64,
}

#[derive(Serialize)]
struct MarkdownJson {
    id: i64,
    price: Rupiah,
    until: Option<NaiveDate>,
    left: i64,
}

/// The same data have the same tag, and then nothing is sent.
pub(super) async fn show(operator: Operator, request: HttpRequest, app: Data<App>) -> Result<HttpResponse> {
    let now = app.clock.now();
    let provisions = gather(&app.db, &operator.outlet, now).await?;
    let mut body = serde_json::to_value(&provisions)?;
    body["members"] = member::for_till(&app.db, &operator.outlet).await?;
    if let (Some(body), Value::Object(more)) =
        (body.as_object_mut(), market::for_till(&app.db, &operator.outlet, now).await?)
    {
        body.extend(more);
    }
    let tag = format!("\"{}\"", &secret::sha256(body.to_string().as_bytes())[..20]);
    body["at"] = json!(now);
    let known = request.headers().get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    // Compression on the way weakens a tag.
    let is_known = known.is_some_and(|known| known.trim_start_matches("W/") == tag);
    let mut answer = if is_known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    answer.insert_header((header::ETAG, tag)).insert_header((header::CACHE_CONTROL, "private, no-cache"));
    // The till is told that what it has is still true.
    answer.insert_header(("x-as-of", now.to_rfc3339()));
    Ok(if is_known { answer.finish() } else { answer.json(body) })
}

async fn gather(db: &impl ConnectionTrait, outlet: &outlet::Model, now: DateTime<Utc>) -> Result<Provisions> {
    let items = items(db, outlet, now).await?;
    let commodities: HashSet<String> = items.iter().filter_map(|item| item.commodity.clone()).collect();
    let mut commodities: Vec<String> = commodities.into_iter().collect();
    commodities.sort();
    let today = clock::local_date(now);
    let crafts = items.iter().filter(|item| item.craft).map(|item| item.id).collect();
    Ok(Provisions {
        outlet: OutletJson {
            id: outlet.id,
            name: outlet.name.clone(),
            address: outlet.address.clone(),
            phone: national_phone(&outlet.phone),
        },
        second_above: back::SECOND_ABOVE,
        rows: price_ceiling::ceiling_rows(db, outlet, &commodities, today, DAYS_AHEAD).await?,
        sales: last_sales::read(db, outlet.id, now, &crafts).await?,
        closed: shift::closed_since(db, outlet.id, now - CLOSED).await?,
        items,
    })
}

async fn items(db: &impl ConnectionTrait, outlet: &outlet::Model, now: DateTime<Utc>) -> Result<Vec<ItemJson>> {
    let goods = item::Entity::find()
        .find_also_related(product::Entity)
        .filter(product::Column::OutletId.eq(outlet.id))
        .filter(product::Column::State.eq(State::Published))
        .filter(item::Column::ArchivedAt.is_null())
        .order_by_asc(product::Column::Name)
        .order_by_asc(item::Column::Position)
        .order_by_asc(item::Column::Id)
        .all(db)
        .await?;
    let ids: Vec<i64> = goods.iter().map(|(item, _)| item.id).collect();
    let categories = category::Entity::find().all(db).await?;
    let categories: HashMap<i64, category::Model> = categories.into_iter().map(|row| (row.id, row)).collect();
    let mut lots = lots(db, &ids, clock::local_date(now)).await?;
    let mut codes = codes(db, outlet.id).await?;
    let mut cheaper = markdowns(db, outlet.id, now).await?;
    let sold = lately(db, &ids, now - LATELY).await?;
    let agreed = price_override::all_in_force(db, outlet.id, clock::local_date(now)).await?;
    let item = |(item, product): (item::Model, Option<product::Model>)| {
        let product = product?;
        // What is sold for less anyway is no markdown.
        let is_cheaper = |one: &MarkdownJson| one.price < item.price;
        let category = categories.get(&product.category_id)?;
        Some(ItemJson {
            id: item.id,
            name: sale::full_name(&product, &item),
            measure: item.measure,
            price: item.price,
            content: item.content,
            content_unit: item.content_unit,
            commodity: product.commodity.clone(),
            agreed: agreed.get(&item.id).copied(),
            cover: product.cover.clone(),
            barcodes: codes.remove(&item.id).unwrap_or_default(),
            craft: category.kind == category::Kind::Craft,
            category: category.slug.clone(),
            lots: lots.remove(&item.id).unwrap_or_default(),
            markdowns: cheaper.remove(&item.id).unwrap_or_default().into_iter().filter(is_cheaper).collect(),
            sold: sold.get(&item.id).copied().unwrap_or(0),
        })
    };
    Ok(goods.into_iter().filter_map(item).collect())
}

/// What stands on the shelf and nobody was promised, by the day it may be sold until, what expires first in front. What
/// is past its day comes along too, so that a till can say why it does not sell.
async fn lots(
    db: &impl ConnectionTrait,
    ids: &[i64],
    today: NaiveDate,
) -> Result<HashMap<i64, Vec<(Option<NaiveDate>, i64)>>> {
    let shelves = place::Entity::find().filter(place::Column::Kind.eq(place::Kind::Shelf)).all(db).await?;
    let shelves: Vec<i64> = shelves.iter().map(|place| place.id).collect();
    let rows = stock::Entity::find().filter(stock::Column::ItemId.is_in(ids.iter().copied()));
    let rows = rows.filter(stock::Column::OnShelf.eq(true)).all(db).await?;
    let promised: HashMap<i64, i64> = rows.iter().map(|row| (row.item_id, row.promised)).collect();
    let standing = lot::Entity::find()
        .filter(lot::Column::ItemId.is_in(ids.iter().copied()))
        .filter(lot::Column::PlaceId.is_in(shelves))
        .filter(lot::Column::Remaining.gt(0))
        .all(db)
        .await?;
    let mut days: BTreeMap<(i64, bool, Option<NaiveDate>), i64> = BTreeMap::new();
    for lot in standing {
        *days.entry((lot.item_id, lot.expires_on.is_none(), lot.expires_on)).or_insert(0) += lot.remaining;
    }
    let mut all: HashMap<i64, Vec<(Option<NaiveDate>, i64)>> = HashMap::new();
    for ((item_id, _, day), quantity) in days {
        all.entry(item_id).or_default().push((day, quantity));
    }
    for (item_id, lots) in &mut all {
        // What is promised is taken from what keeps longest.
        let mut promised = promised.get(item_id).copied().unwrap_or(0);
        for (_, quantity) in lots.iter_mut().rev().filter(|(day, _)| day.is_none_or(|day| day >= today)) {
            let part = promised.min(*quantity);
            promised -= part;
            *quantity -= part;
        }
        lots.retain(|(_, quantity)| *quantity > 0);
    }
    Ok(all)
}

async fn codes(db: &impl ConnectionTrait, outlet_id: i64) -> Result<HashMap<i64, Vec<String>>> {
    let rows = barcode::Entity::find().filter(barcode::Column::OutletId.eq(outlet_id));
    let mut all: HashMap<i64, Vec<String>> = HashMap::new();
    for row in rows.order_by_asc(barcode::Column::Id).all(db).await? {
        all.entry(row.item_id).or_default().push(row.code);
    }
    Ok(all)
}

async fn markdowns(
    db: &impl ConnectionTrait,
    outlet_id: i64,
    now: DateTime<Utc>,
) -> Result<HashMap<i64, Vec<MarkdownJson>>> {
    let open = markdown::Entity::find()
        .find_also_related(lot::Entity)
        .filter(markdown::Column::OutletId.eq(outlet_id))
        .filter(markdown::Column::EndedAt.is_null())
        .filter(markdown::Column::FromAt.lte(now))
        .order_by_asc(markdown::Column::Id)
        .all(db)
        .await?;
    let today = clock::local_date(now);
    let mut all: HashMap<i64, Vec<MarkdownJson>> = HashMap::new();
    for (row, lot) in open {
        let Some(lot) = lot.filter(|lot| lot.remaining > 0 && lot.expires_on.is_none_or(|day| day >= today)) else {
            continue;
        };
        let cheaper = MarkdownJson { id: row.id, price: row.price, until: lot.expires_on, left: lot.remaining };
        all.entry(row.item_id).or_default().push(cheaper);
    }
    Ok(all)
}

/// How often each item was sold since a time.
async fn lately(db: &impl ConnectionTrait, ids: &[i64], since: DateTime<Utc>) -> Result<HashMap<i64, i64>> {
    let rows: Vec<(i64, i64)> = sale_line::Entity::find()
        .select_only()
        .column(sale_line::Column::ItemId)
        .column_as(sale_line::Column::Id.count(), "n")
        .inner_join(entity::sale::Entity)
        .filter(sale_line::Column::ItemId.is_in(ids.iter().copied()))
        .filter(entity::sale::Column::SoldAt.gte(since))
        .group_by(sale_line::Column::ItemId)
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().collect())
}
