//! Sizes and prices of goods. A price ten times off the old one is asked about once more.
use actix_web::{HttpResponse, http::StatusCode, web};
use entity::{Rupiah, item as row, product, product::Unit};
use sea_orm::{ActiveEnum, EntityTrait};
use serde::Serialize;

use super::keeper::{Head, Keeper, State, Step, beside, path, saying, step};
use crate::{
    app::App,
    catalogue::{
        item::{self, Size},
        measure, price,
        product::{self as goods, Change},
    },
    db::{self, Tx},
    error::{Error, Result},
    form::{Form, FormView, Reader, Wrong},
    locale::{Said, grouped},
    once,
    page::{Page, Sample, centimetres, kilograms, samples as drawn, see_other},
};

pub(super) fn configure<K: Keeper>(cfg: &mut web::ServiceConfig) {
    let at = |below: &str| format!("{}{below}", K::BASE);
    cfg.route(&at("/{id}/ukuran"), web::get().to(new::<K>))
        .route(&at("/{id}/ukuran"), web::post().to(add::<K>))
        .route(&at("/{id}/ukuran/{item}"), web::get().to(show::<K>))
        .route(&at("/{id}/ukuran/{item}"), web::post().to(change::<K>))
        .route(&at("/{id}/ukuran/{item}/arsip"), web::post().to(archive::<K>));
}

pub(super) fn samples() -> Vec<Sample> {
    drawn::<SizePage>()
}

const MAX_NAME: usize = 40;
const MAX_REASON: usize = 200;

/// One size: what it costs, how large it is, what it weighs.
#[derive(Debug, Default, Serialize)]
struct SizePage {
    head: Head,
    form: FormView,
    /// The size that is changed; none for a new one.
    item_id: Option<i64>,
    /// What it costs now.
    old_price: Option<i64>,
    /// The price that looks like a slip of the finger, to be confirmed.
    doubted: Option<i64>,
    /// Whether there are other sizes, so that this one needs a name.
    has_others: bool,
    may_archive: bool,
    /// The price is made on the page of prices, and looked at beside the law.
    has_rules: bool,
}

impl Page for SizePage {
    const TEMPLATE: &'static str = "listing/size.html";

    fn samples() -> Vec<SizePage> {
        let changed = SizePage {
            head: Head { step: 0, ..Head::sample(true) },
            item_id: Some(9),
            old_price: Some(28_000),
            doubted: Some(280_000),
            has_others: true,
            may_archive: true,
            ..SizePage::default()
        };
        let sembako = SizePage { head: Head::sample(true), item_id: Some(9), has_rules: true, ..SizePage::default() };
        vec![SizePage { head: Head::sample(false), ..SizePage::default() }, changed, sembako]
    }
}

/// What a size's form says, with the parts that belong to the whole product.
struct Typed {
    size: Size,
    unit: Unit,
    /// Only an operator judges whether a parcel service would take it.
    pickup_only: Option<bool>,
    reason: String,
    /// The price a person said yes to after being asked.
    sure: i64,
}

async fn new<K: Keeper>(keeper: K, id: web::Path<i64>, query: web::Query<Step>, app: State) -> Result<HttpResponse> {
    let product = keeper.product(&app.db, *id).await?;
    // Gone back while listing: the size that was written down is corrected, not a second one asked for.
    if step(&query.langkah) == 2
        && let Some(first) = item::of(&app.db, product.id).await?.first()
    {
        return Ok(see_other(&path::<K>(product.id, &format!("/ukuran/{}?langkah=2", first.id))));
    }
    let form = Form::of([("unit", product.unit.to_value()), ("weight_unit", "gram".into())]);
    draw(&keeper, &app, &product, None, (FormView::blank(&form), step(&query.langkah)), StatusCode::OK).await
}

async fn show<K: Keeper>(
    keeper: K,
    ids: web::Path<(i64, i64)>,
    query: web::Query<Step>,
    app: State,
) -> Result<HttpResponse> {
    let (id, item_id) = ids.into_inner();
    let product = keeper.product(&app.db, id).await?;
    let old = one(&app, &product, item_id).await?;
    let in_kilograms = old.weight_grams >= 1000;
    let weight = if in_kilograms { kilograms(old.weight_grams) } else { old.weight_grams.to_string() };
    let form = Form::of([
        ("name", old.name.clone()),
        ("price", grouped(old.price.0)),
        ("length", centimetres(old.length_mm)),
        ("width", centimetres(old.width_mm)),
        ("height", centimetres(old.height_mm)),
        ("weight", weight),
        ("weight_unit", if in_kilograms { "kg" } else { "gram" }.into()),
        ("nests", old.nests.to_string()),
        ("unit", product.unit.to_value()),
        ("pickup_only", if product.pickup_only { "yes" } else { "" }.into()),
    ]);
    draw(&keeper, &app, &product, Some(&old), (FormView::blank(&form), step(&query.langkah)), StatusCode::OK).await
}

async fn draw<K: Keeper>(
    keeper: &K,
    app: &App,
    product: &product::Model,
    old: Option<&row::Model>,
    (form, step): (FormView, u8),
    status: StatusCode,
) -> Result<HttpResponse> {
    let others = item::of(&app.db, product.id).await?.iter().filter(|size| Some(size.id) != old.map(|o| o.id)).count();
    let doubted = form.errors.contains_key("price_sure").then(|| form.values.get("price_sure_for")?.parse().ok());
    let page = SizePage {
        head: Head::of::<K>(&app.db, product, step).await?,
        item_id: old.map(|old| old.id),
        old_price: old.map(|old| old.price.0),
        doubted: doubted.flatten(),
        has_others: others > 0,
        has_rules: old.is_some() && item::has_rules(&app.db, product.id).await?,
        may_archive: old.is_some() && (others > 0 || product.state == product::State::Draft),
        form,
    };
    keeper.visit().page_with(status, &app.templates, &page)
}

/// A size of this product that is still offered.
async fn one(app: &App, product: &product::Model, item_id: i64) -> Result<row::Model> {
    let found = row::Entity::find_by_id(item_id).one(&app.db).await?;
    found.filter(|size| size.product_id == product.id && size.archived_at.is_none()).ok_or(Error::NotFound)
}

async fn add<K: Keeper>(keeper: K, id: web::Path<i64>, form: Form, app: State) -> Result<HttpResponse> {
    let product = keeper.product(&app.db, *id).await?;
    let step = step(form.get("langkah"));
    let wrong = match read(&form, K::STAFF) {
        Ok(typed) => match added(&keeper, &app, &product, &form, &typed, step).await {
            Ok(url) => return Ok(if step == 0 { saying(&url, "listing.saved") } else { see_other(&url) }),
            Err(e) => beside("name", e)?,
        },
        Err(wrong) => wrong,
    };
    let again = (keeper.form(&app, &form, &wrong), step);
    draw(&keeper, &app, &product, None, again, StatusCode::UNPROCESSABLE_ENTITY).await
}

async fn added<K: Keeper>(
    keeper: &K,
    app: &App,
    product: &product::Model,
    form: &Form,
    typed: &Typed,
    step: u8,
) -> Result<String> {
    let below = if step == 2 { "/persediaan?langkah=3" } else { "" };
    let url = path::<K>(product.id, below);
    let (scope, hash) = (format!("size.add:{}", product.id), form.content_hash());
    let tx = db::begin(&app.db).await?;
    keeper.locked(&tx, product.id).await?;
    if let Some(key) = form.request_key() {
        if let Some(url) = once::answered(&tx, &scope, key, &hash).await? {
            return Ok(url);
        }
        once::remember(&tx, &app.clock, &scope, key, &hash, &url).await?;
    }
    item::add(&tx, &app.clock, &keeper.hand(), product.id, &typed.size).await?;
    whole(keeper, &tx, app, product.id, typed).await?;
    tx.commit().await?;
    Ok(url)
}

async fn change<K: Keeper>(keeper: K, ids: web::Path<(i64, i64)>, form: Form, app: State) -> Result<HttpResponse> {
    let (id, item_id) = ids.into_inner();
    let product = keeper.product(&app.db, id).await?;
    let old = one(&app, &product, item_id).await?;
    let step = step(form.get("langkah"));
    let wrong = match read(&form, K::STAFF) {
        Ok(typed) => match changed(&keeper, &app, &product, &old, &typed).await {
            Ok(Ok(())) if step == 2 => return Ok(see_other(&path::<K>(id, "/persediaan?langkah=3"))),
            Ok(Ok(())) => return Ok(saying(&path::<K>(id, ""), "listing.saved")),
            Ok(Err(wrong)) => wrong,
            Err(e) => beside("name", e)?,
        },
        Err(wrong) => wrong,
    };
    let mut form = form;
    let typed = crate::form::amount(form.get("price")).unwrap_or(0);
    form.set("price_sure_for", typed.to_string());
    let again = (keeper.form(&app, &form, &wrong), step);
    draw(&keeper, &app, &product, Some(&old), again, StatusCode::UNPROCESSABLE_ENTITY).await
}

async fn changed<K: Keeper>(
    keeper: &K,
    app: &App,
    product: &product::Model,
    old: &row::Model,
    typed: &Typed,
) -> Result<Result<(), Wrong>> {
    let tx = db::begin(&app.db).await?;
    keeper.locked(&tx, product.id).await?;
    let now = row::Entity::find_by_id(old.id).one(&tx).await?.ok_or(Error::NotFound)?;
    if price::is_far_off(now.price, typed.size.price) && typed.sure != typed.size.price.0 {
        let said = Said::new("listing.price_far_off").with("old", now.price).with("new", typed.size.price);
        return Ok(Err(Wrong::field("price_sure", said)));
    }
    // A crafter does not say how parcels are packed; what an operator said stands.
    let nests = if K::STAFF { typed.size.nests } else { now.nests };
    let size = Size { nests, ..typed.size.clone() };
    item::change(&tx, &app.clock, &keeper.hand(), old.id, &size, &typed.reason).await?;
    whole(keeper, &tx, app, product.id, typed).await?;
    tx.commit().await?;
    Ok(Ok(()))
}

/// What a size's form says about the whole product.
async fn whole<K: Keeper>(keeper: &K, tx: &Tx, app: &App, id: i64, typed: &Typed) -> Result<()> {
    let change = Change { unit: Some(typed.unit), pickup_only: typed.pickup_only, ..Change::default() };
    goods::edit(tx, &app.clock, &keeper.hand(), id, &change).await?;
    Ok(())
}

async fn archive<K: Keeper>(keeper: K, ids: web::Path<(i64, i64)>, _form: Form, app: State) -> Result<HttpResponse> {
    let (id, item_id) = ids.into_inner();
    let product = keeper.product(&app.db, id).await?;
    let found = row::Entity::find_by_id(item_id).one(&app.db).await?;
    found.filter(|size| size.product_id == product.id).ok_or(Error::NotFound)?;
    let tx = db::begin(&app.db).await?;
    item::archive(&tx, &app.clock, &keeper.hand(), item_id).await?;
    tx.commit().await?;
    Ok(saying(&path::<K>(id, ""), "listing.size_gone"))
}

fn read(form: &Form, staff: bool) -> Result<Typed, Wrong> {
    let mut reader = form.read();
    let size = size(&mut reader, staff);
    let unit = reader.choice("unit", |text| Unit::try_from_value(&text.to_owned()).ok()).unwrap_or(Unit::Piece);
    let reason = reader.optional("reason", MAX_REASON).unwrap_or_default();
    let pickup_only = staff.then(|| form.get("pickup_only") == "yes");
    let sure = form.get("price_sure").parse().unwrap_or(0);
    reader.done(Typed { size, unit, pickup_only, reason, sure })
}

fn size(reader: &mut Reader<'_>, staff: bool) -> Size {
    let nests = if staff { reader.optional_number("nests", 1, 100) } else { None };
    Size {
        name: reader.optional("name", MAX_NAME).unwrap_or_default(),
        price: reader.rupiah("price", price::MIN.0, price::MAX.0),
        length_mm: measure::length(reader, "length"),
        width_mm: measure::length(reader, "width"),
        height_mm: measure::length(reader, "height"),
        weight_grams: measure::weight(reader, "weight", "weight_unit"),
        nests: nests.unwrap_or(1),
    }
}

/// What one piece brings its maker, the outlet and the group.
pub(super) fn shares(product: &product::Model, price: Rupiah) -> Vec<Rupiah> {
    price.split(&[product.maker_bp, product.outlet_bp, product.group_bp])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_read_as_people_type_it() {
        let form = Form::of([
            ("price", "28.000"),
            ("length", "30"),
            ("width", "30"),
            ("height", "38,5"),
            ("weight", "0,6"),
            ("weight_unit", "kg"),
            ("unit", "piece"),
        ]);
        let typed = read(&form, false).map_err(|wrong| format!("{wrong:?}")).unwrap();
        assert_eq!((typed.size.price, typed.size.height_mm, typed.size.weight_grams), (Rupiah(28_000), 385, 600));
        assert_eq!((typed.size.nests, typed.pickup_only), (1, None));
    }

    #[test]
    fn every_wrong_field_is_named_at_once() {
        let form = Form::of([("price", "1e3"), ("length", "0"), ("width", "-1"), ("weight", "berat"), ("unit", "ton")]);
        let Err(wrong) = read(&form, true) else { panic!("taken") };
        let fields: Vec<&str> = wrong.0.into_keys().collect();
        assert_eq!(fields, ["height", "length", "price", "unit", "weight", "width"]);
    }
}
