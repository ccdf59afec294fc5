//! Listing goods, a few questions a screen: what it is, and how it comes to be. Sizes and prices are in `size`.
use actix_web::{HttpResponse, http::StatusCode, web};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use serde::{Deserialize, Serialize};

use super::keeper::{Choice, Head, Keeper, State, Step, beside, categories, path, saying, step};
use crate::{
    app::App,
    catalogue::{
        photo::{self, Kept},
        product::{self, Basics, Change, Supply},
    },
    db::{self, Tx},
    error::{Error, Result},
    form::{Form, FormView, Reader, Wrong},
    locale::Said,
    once,
    page::{Page, Sample, samples as drawn, see_other},
    upload::Upload,
};
use entity::{crafter, outlet, photo::Subject, product as row};

pub(super) fn configure<K: Keeper>(cfg: &mut web::ServiceConfig) {
    let at = |below: &str| format!("{}{below}", K::BASE);
    cfg.route(&at("/baru"), web::get().to(new::<K>))
        .route(&at("/baru"), web::post().to(create::<K>))
        .route(&at("/{id}/nama"), web::get().to(name::<K>))
        .route(&at("/{id}/nama"), web::post().to(rename::<K>))
        .route(&at("/{id}/persediaan"), web::get().to(supply::<K>))
        .route(&at("/{id}/persediaan"), web::post().to(set_supply::<K>));
}

pub(super) fn samples() -> Vec<Sample> {
    [drawn::<NewPage>(), drawn::<NamePage>(), drawn::<SupplyPage>()].into_iter().flatten().collect()
}

const MAX_NAME: usize = 80;
const MAX_DESCRIPTION: usize = 2000;

/// The first screen: picture, name and kind.
#[derive(Debug, Default, Serialize)]
struct NewPage {
    base: &'static str,
    staff: bool,
    form: FormView,
    categories: Vec<Choice>,
    /// Whose goods an operator may list.
    crafters: Vec<Choice>,
}

impl Page for NewPage {
    const TEMPLATE: &'static str = "listing/new.html";

    fn samples() -> Vec<NewPage> {
        let choice = |value: &str, label: &str| Choice { value: value.into(), label: label.into() };
        [false, true]
            .into_iter()
            .map(|staff| NewPage {
                base: Head::sample(staff).base,
                staff,
                categories: vec![choice("1", "Keranjang"), choice("2", "Kurungan")],
                crafters: vec![choice("4", "Bu Sati, Krajan")],
                ..NewPage::default()
            })
            .collect()
    }
}

#[derive(Deserialize)]
struct For {
    #[serde(default)]
    perajin: String,
}

async fn new<K: Keeper>(keeper: K, query: web::Query<For>, app: State) -> Result<HttpResponse> {
    let form = Form::of([("crafter", query.perajin.as_str())]);
    new_page(&keeper, &app, keeper.form(&app, &form, &Wrong::default()), StatusCode::OK).await
}

async fn new_page<K: Keeper>(keeper: &K, app: &App, form: FormView, status: StatusCode) -> Result<HttpResponse> {
    let categories = categories(&app.db, keeper.visit().lang, K::STAFF).await?;
    let crafters = crafters(&app.db, keeper).await?;
    let page = NewPage { base: K::BASE, staff: K::STAFF, form, categories, crafters: choices(&crafters) };
    keeper.visit().page_with(status, &app.templates, &page)
}

/// The makers this person may list goods for.
async fn crafters<K: Keeper>(db: &impl ConnectionTrait, keeper: &K) -> Result<Vec<crafter::Model>> {
    let (column, id) = keeper.makers();
    let rows = crafter::Entity::find().filter(column.eq(id)).order_by_asc(crafter::Column::Name);
    Ok(rows.all(db).await?)
}

pub(super) fn choices(crafters: &[crafter::Model]) -> Vec<Choice> {
    let label = |row: &crafter::Model| format!("{}, {}", row.name, row.dusun);
    crafters.iter().map(|row| Choice { value: row.id.to_string(), label: label(row) }).collect()
}

async fn create<K: Keeper>(keeper: K, upload: Upload, app: State) -> Result<HttpResponse> {
    match draft(&keeper, &upload, &app).await? {
        Ok(url) => Ok(see_other(&url)),
        Err(wrong) => {
            let form = keeper.form(&app, &upload.form, &wrong);
            new_page(&keeper, &app, form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

/// Makes a draft of what was sent and says where it goes on.
async fn draft<K: Keeper>(keeper: &K, upload: &Upload, app: &App) -> Result<Result<String, Wrong>> {
    let mut reader = upload.form.read();
    let known = categories(&app.db, keeper.visit().lang, K::STAFF).await?;
    let makers = crafters(&app.db, keeper).await?;
    let basics = basics(&mut reader, &known);
    let maker = match K::STAFF {
        true => reader.choice("crafter", |text| maker_of(&makers, text)).flatten(),
        false => makers.first().cloned(),
    };
    if upload.is_too_large("photo") {
        reader.refuse("photo", Said::new("photo.refused.too_many_bytes"));
    }
    let basics = match reader.done(basics) {
        Ok(basics) => basics,
        Err(wrong) => return Ok(Err(wrong)),
    };
    let kept = match upload.file("photo") {
        None => None,
        Some(file) => match photo::keep(&app.files, Subject::Product, &file.read().await?).await {
            Ok(kept) => Some(kept),
            Err(e) => return Ok(Err(beside("photo", e)?)),
        },
    };
    let tx = db::begin(&app.db).await?;
    let (url, is_new) = match write(keeper, &tx, app, upload, &basics, maker.as_ref(), kept.as_ref()).await {
        Ok(done) => done,
        Err(e) => {
            drop(tx);
            if let Some(kept) = kept {
                kept.discard(&app.files).await?;
            }
            return Err(e);
        }
    };
    tx.commit().await?;
    if let Some(kept) = kept.filter(|_| !is_new) {
        kept.discard(&app.files).await?;
    }
    Ok(Ok(url))
}

async fn write<K: Keeper>(
    keeper: &K,
    tx: &Tx,
    app: &App,
    upload: &Upload,
    basics: &Basics,
    maker: Option<&crafter::Model>,
    kept: Option<&Kept>,
) -> Result<(String, bool)> {
    let hash = upload.content_hash();
    let key = upload.form.request_key();
    if let Some(key) = key
        && let Some(url) = once::answered(tx, "product.create", key, &hash).await?
    {
        return Ok((url, false));
    }
    let outlet = outlet::Entity::find_by_id(keeper.outlet_id()).one(tx).await?.ok_or(Error::NotFound)?;
    let hand = keeper.hand();
    let product = product::create(tx, &app.clock, &hand, &outlet, maker, basics).await?;
    if let Some(kept) = kept {
        photo::enter(tx, &app.clock, &hand, Subject::Product, product.id, kept).await?;
    }
    let url = path::<K>(product.id, "/ukuran?langkah=2");
    if let Some(key) = key {
        once::remember(tx, &app.clock, "product.create", key, &hash, &url).await?;
    }
    Ok((url, true))
}

fn basics(reader: &mut Reader<'_>, categories: &[Choice]) -> Basics {
    let name = reader.text("name", MAX_NAME);
    if !name.is_empty() && !name.chars().any(char::is_alphanumeric) {
        reader.refuse("name", Said::new("listing.name_without_letters"));
    }
    let category =
        reader.choice("category", |text| categories.iter().find(|choice| choice.value == text)?.value.parse().ok());
    let description = reader.lines("description", MAX_DESCRIPTION);
    Basics { name, category_id: category.unwrap_or(0), description }
}

/// A maker by id, or the outlet itself.
fn maker_of(makers: &[crafter::Model], text: &str) -> Option<Option<crafter::Model>> {
    match text {
        "outlet" => Some(None),
        _ => makers.iter().find(|row| row.id.to_string() == text).cloned().map(Some),
    }
}

/// Name, kind and story of goods that are already listed.
#[derive(Debug, Default, Serialize)]
struct NamePage {
    head: Head,
    form: FormView,
    categories: Vec<Choice>,
}

impl Page for NamePage {
    const TEMPLATE: &'static str = "listing/name.html";

    fn samples() -> Vec<NamePage> {
        let page = |staff| NamePage { head: Head::sample(staff), ..NamePage::default() };
        vec![page(false), page(true)]
    }
}

async fn name<K: Keeper>(keeper: K, id: web::Path<i64>, app: State) -> Result<HttpResponse> {
    let product = keeper.product(&app.db, *id).await?;
    let form = Form::of([
        ("name", product.name.clone()),
        ("category", product.category_id.to_string()),
        ("description", product.description.clone()),
    ]);
    name_page(&keeper, &app, &product, FormView::blank(&form), StatusCode::OK).await
}

async fn name_page<K: Keeper>(
    keeper: &K,
    app: &App,
    product: &row::Model,
    form: FormView,
    status: StatusCode,
) -> Result<HttpResponse> {
    let head = Head::of::<K>(&app.db, product, 0).await?;
    let categories = categories(&app.db, keeper.visit().lang, K::STAFF).await?;
    keeper.visit().page_with(status, &app.templates, &NamePage { head, form, categories })
}

async fn rename<K: Keeper>(keeper: K, id: web::Path<i64>, form: Form, app: State) -> Result<HttpResponse> {
    let product = keeper.product(&app.db, *id).await?;
    let known = categories(&app.db, keeper.visit().lang, K::STAFF).await?;
    let mut reader = form.read();
    let basics = basics(&mut reader, &known);
    let basics = match reader.done(basics) {
        Ok(basics) => basics,
        Err(wrong) => {
            let form = keeper.form(&app, &form, &wrong);
            return name_page(&keeper, &app, &product, form, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
    };
    let tx = db::begin(&app.db).await?;
    keeper.locked(&tx, product.id).await?;
    let change = Change {
        name: Some(basics.name),
        category_id: Some(basics.category_id),
        description: Some(basics.description),
        ..Change::default()
    };
    product::edit(&tx, &app.clock, &keeper.hand(), product.id, &change).await?;
    tx.commit().await?;
    Ok(saying(&path::<K>(product.id, ""), "listing.saved"))
}

/// Ready, or made when ordered.
#[derive(Debug, Default, Serialize)]
struct SupplyPage {
    head: Head,
    form: FormView,
    how: String,
}

impl Page for SupplyPage {
    const TEMPLATE: &'static str = "listing/supply.html";

    fn samples() -> Vec<SupplyPage> {
        let page =
            |staff, how: &str| SupplyPage { head: Head::sample(staff), how: how.into(), ..SupplyPage::default() };
        vec![page(false, ""), page(true, "both")]
    }
}

async fn supply<K: Keeper>(keeper: K, id: web::Path<i64>, query: web::Query<Step>, app: State) -> Result<HttpResponse> {
    let product = keeper.product(&app.db, *id).await?;
    let number = |n: Option<i64>| n.map(|n| n.to_string()).unwrap_or_default();
    let step = step(&query.langkah);
    let how = match (step, product.days_to_make, product.pieces_ready) {
        (3, None, None) => "",
        (_, Some(_), None) => "made",
        (_, Some(_), Some(_)) => "both",
        (_, None, _) => "ready",
    };
    let form = Form::of([
        ("how", how.to_owned()),
        ("pieces_ready", number(product.pieces_ready)),
        ("days_to_make", number(product.days_to_make)),
        ("pieces_per_week", number(product.pieces_per_week)),
    ]);
    supply_page(&keeper, &app, &product, (FormView::blank(&form), step), StatusCode::OK).await
}

async fn supply_page<K: Keeper>(
    keeper: &K,
    app: &App,
    product: &row::Model,
    (form, step): (FormView, u8),
    status: StatusCode,
) -> Result<HttpResponse> {
    let how = form.values.get("how").cloned().unwrap_or_default();
    let head = Head::of::<K>(&app.db, product, step).await?;
    keeper.visit().page_with(status, &app.templates, &SupplyPage { head, form, how })
}

async fn set_supply<K: Keeper>(keeper: K, id: web::Path<i64>, form: Form, app: State) -> Result<HttpResponse> {
    let product = keeper.product(&app.db, *id).await?;
    let supply = match read_supply(&form) {
        Ok(supply) => supply,
        Err(wrong) => {
            let again = (keeper.form(&app, &form, &wrong), step(form.get("langkah")));
            return supply_page(&keeper, &app, &product, again, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
    };
    let tx = db::begin(&app.db).await?;
    keeper.locked(&tx, product.id).await?;
    let change = Change { supply: Some(supply), ..Change::default() };
    product::edit(&tx, &app.clock, &keeper.hand(), product.id, &change).await?;
    tx.commit().await?;
    Ok(saying(&path::<K>(product.id, ""), "listing.saved"))
}

fn read_supply(form: &Form) -> Result<Supply, Wrong> {
    let mut reader = form.read();
    let how = reader.choice("how", |text| matches!(text, "ready" | "both" | "made").then(|| text.to_owned()));
    let how = how.unwrap_or_default();
    let mut supply = Supply::default();
    if matches!(how.as_str(), "ready" | "both") {
        supply.pieces_ready = Some(reader.number("pieces_ready", 0, 100_000));
    }
    if matches!(how.as_str(), "both" | "made") {
        supply.days_to_make = Some(reader.number("days_to_make", 1, 90));
        supply.pieces_per_week = Some(reader.number("pieces_per_week", 1, 10_000));
    }
    reader.done(supply)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_chosen_is_asked_for() {
        let made = Form::of([("how", "made"), ("days_to_make", "3"), ("pieces_per_week", "10"), ("pieces_ready", "x")]);
        let supply = Supply { pieces_ready: None, days_to_make: Some(3), pieces_per_week: Some(10) };
        assert_eq!(read_supply(&made), Ok(supply));
        let ready = Form::of([("how", "ready"), ("pieces_ready", "5"), ("days_to_make", "")]);
        assert_eq!(read_supply(&ready), Ok(Supply { pieces_ready: Some(5), ..Supply::default() }));
        let wrong = read_supply(&Form::of([("how", "both"), ("pieces_ready", "1e3"), ("days_to_make", "0")]));
        let fields: Vec<&str> = wrong.unwrap_err().0.into_keys().collect();
        assert_eq!(fields, ["days_to_make", "pieces_per_week", "pieces_ready"]);
        assert!(read_supply(&Form::of([("how", "sometimes")])).is_err());
    }
}
