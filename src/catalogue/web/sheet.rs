//! The page of one product for those who keep it: what it says, what it lacks, what can be done with it now.
use std::collections::HashMap;

use actix_web::{HttpResponse, http::StatusCode, web};
use chrono::{DateTime, Utc};
use entity::{category, item as size_row, person, photo as picture, product, product::State as ProductState};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use serde::Serialize;

use super::{
    keeper::{Head, Keeper, State, path, saying},
    pictures::{self, Shot},
    size::shares,
};
use crate::{
    accounts::visit::Operator,
    app::App,
    catalogue::{category as shelves, item, photo, price, product as goods},
    db,
    error::{Error, Result},
    form::{Form, FormView, Wrong},
    history::{self, Subject},
    outlet::price_rule,
    page::{Page, Sample, samples as drawn},
};

pub(super) fn configure<K: Keeper>(cfg: &mut web::ServiceConfig) {
    let at = |below: &str| format!("{}{below}", K::BASE);
    cfg.route(&at("/{id}"), web::get().to(show::<K>))
        .route(&at("/{id}/pengajuan"), web::post().to(submit::<K>))
        .route(&at("/{id}/penarikan"), web::post().to(withdraw::<K>))
        .route(&at("/{id}/pemulihan"), web::post().to(bring_back::<K>));
    if K::STAFF {
        cfg.route(&at("/{id}/persetujuan"), web::post().to(approve))
            .route(&at("/{id}/pengembalian"), web::post().to(send_back));
    }
}

pub(super) fn samples() -> Vec<Sample> {
    drawn::<SheetPage>()
}

const MAX_NOTE: usize = 300;

/// Everything about one product.
#[derive(Debug, Serialize)]
struct SheetPage {
    head: Head,
    form: FormView,
    state: ProductState,
    slug: String,
    category: String,
    description: String,
    note: Option<String>,
    /// Sent back with a note that is not answered yet.
    noted: bool,
    unit: product::Unit,
    pieces_ready: Option<i64>,
    days_to_make: Option<i64>,
    pieces_per_week: Option<i64>,
    pickup_only: bool,
    was_shown: bool,
    shots: Vec<Shot>,
    refresh: bool,
    sizes: Vec<SizeLine>,
    /// What is lacking, as keys of words.
    missing: Vec<&'static str>,
    prices: Vec<PriceLine>,
    acts: Vec<Act>,
}

/// One size with what it brings.
#[derive(Clone, Debug, Serialize)]
struct SizeLine {
    id: i64,
    name: String,
    price: i64,
    maker: i64,
    length_mm: i64,
    width_mm: i64,
    height_mm: i64,
    weight_grams: i64,
}

/// One price there was.
#[derive(Clone, Debug, Serialize)]
struct PriceLine {
    size: String,
    old: Option<i64>,
    new: i64,
    reason: String,
    who: String,
    at: DateTime<Utc>,
}

/// Something that was done, for the outlet's eyes.
#[derive(Clone, Debug, Serialize)]
struct Act {
    verb: String,
    who: String,
    at: DateTime<Utc>,
}

impl Page for SheetPage {
    const TEMPLATE: &'static str = "listing/sheet.html";

    fn samples() -> Vec<SheetPage> {
        let states = [ProductState::Draft, ProductState::Submitted, ProductState::Published, ProductState::Withdrawn];
        let mut pages: Vec<SheetPage> =
            states.iter().flat_map(|state| [false, true].map(|staff| SheetPage::sample(*state, staff))).collect();
        pages.push(SheetPage {
            shots: Vec::new(),
            sizes: Vec::new(),
            prices: Vec::new(),
            missing: vec!["listing.needs_photo", "listing.needs_name", "listing.needs_price"],
            days_to_make: None,
            pieces_ready: None,
            ..SheetPage::sample(ProductState::Draft, false)
        });
        pages
    }
}

impl SheetPage {
    fn sample(state: ProductState, staff: bool) -> SheetPage {
        let at = DateTime::UNIX_EPOCH;
        let size = SizeLine {
            id: 9,
            name: "Besar".into(),
            price: 28_000,
            maker: 21_280,
            length_mm: 300,
            width_mm: 300,
            height_mm: 385,
            weight_grams: 600,
        };
        let price = |old, new| PriceLine {
            size: "Besar".into(),
            old,
            new,
            reason: "Bambu naik".into(),
            who: "Bu Sati".into(),
            at,
        };
        SheetPage {
            head: Head::sample(staff),
            form: FormView::default(),
            state,
            slug: "keranjang-sampah-anyam".into(),
            category: "Keranjang".into(),
            description: "Anyaman rapat.".into(),
            note: Some("Fotonya gelap.".into()),
            noted: state == ProductState::Draft,
            unit: product::Unit::Piece,
            pieces_ready: Some(5),
            days_to_make: Some(3),
            pieces_per_week: Some(10),
            pickup_only: true,
            was_shown: true,
            shots: [picture::State::Ready, picture::State::Waiting, picture::State::Refused].map(Shot::sample).to_vec(),
            refresh: !staff,
            sizes: vec![size],
            missing: Vec::new(),
            prices: vec![price(Some(25_000), 28_000), price(None, 25_000)],
            acts: VERBS.iter().map(|verb| Act { verb: (*verb).into(), who: "Bu Siti".into(), at }).collect(),
        }
    }
}

/// What is written down about a product; each has a word `counter.goods_did_…`.
const VERBS: [&str; 17] = [
    "created",
    "edited",
    "size_added",
    "size_changed",
    "size_archived",
    "price_changed",
    "photo_added",
    "photo_ready",
    "photo_refused",
    "photo_first",
    "photo_removed",
    "submitted",
    "approved",
    "sent_back",
    "withdrawn",
    "brought_back",
    "other",
];

async fn show<K: Keeper>(keeper: K, id: web::Path<i64>, app: State) -> Result<HttpResponse> {
    let product = keeper.product(&app.db, *id).await?;
    draw(&keeper, &app, product, FormView::default(), StatusCode::OK).await
}

async fn draw<K: Keeper>(
    keeper: &K,
    app: &App,
    product: product::Model,
    form: FormView,
    status: StatusCode,
) -> Result<HttpResponse> {
    let category = category::Entity::find_by_id(product.category_id).one(&app.db).await?.ok_or(Error::NotFound)?;
    let sizes = item::of(&app.db, product.id).await?;
    let photos = photo::of(&app.db, picture::Subject::Product, product.id).await?;
    let missing = goods::missing(&product, category.kind, &sizes, &photos);
    let line = |size: &size_row::Model| SizeLine {
        id: size.id,
        name: size.name.clone(),
        price: size.price.0,
        maker: shares(&product, size.price).first().map_or(0, |share| share.0),
        length_mm: size.length_mm,
        width_mm: size.width_mm,
        height_mm: size.height_mm,
        weight_grams: size.weight_grams,
    };
    let preparing = pictures::is_preparing(&app.db, &app.clock, product.id).await?;
    let page = SheetPage {
        head: Head::of::<K>(&app.db, &product, 0).await?,
        // An operator may be typing a note here; the page must not run away under it.
        refresh: preparing && !K::STAFF && form.errors.is_empty(),
        form,
        state: product.state,
        category: shelves::name(&category, keeper.visit().lang).to_owned(),
        was_shown: product.published_at.is_some(),
        shots: pictures::shots(&app.db, product.id).await?,
        sizes: sizes.iter().map(line).collect(),
        missing,
        prices: prices(&app.db, product.id).await?,
        acts: if K::STAFF { acts(&app.db, product.id).await? } else { Vec::new() },
        slug: product.slug,
        description: product.description,
        noted: product.state == ProductState::Draft && product.note.is_some(),
        note: product.note,
        unit: product.unit,
        pieces_ready: product.pieces_ready,
        days_to_make: product.days_to_make,
        pieces_per_week: product.pieces_per_week,
        pickup_only: product.pickup_only,
    };
    keeper.visit().page_with(status, &app.templates, &page)
}

/// Every price of every size, also of archived ones, newest first.
async fn prices(db: &impl ConnectionTrait, product_id: i64) -> Result<Vec<PriceLine>> {
    let sizes: HashMap<i64, String> = size_row::Entity::find()
        .filter(size_row::Column::ProductId.eq(product_id))
        .order_by_asc(size_row::Column::Id)
        .all(db)
        .await?
        .into_iter()
        .map(|size| (size.id, size.name))
        .collect();
    let changes = price::changes_of(db, &sizes.keys().copied().collect::<Vec<_>>()).await?;
    let who = names(db, changes.iter().filter_map(|change| change.person_id)).await?;
    let name = |id: Option<i64>| id.and_then(|id| who.get(&id)).cloned().unwrap_or_default();
    Ok(changes
        .into_iter()
        .map(|change| PriceLine {
            size: sizes.get(&change.item_id).cloned().unwrap_or_default(),
            old: change.old_price.map(|price| price.0),
            new: change.new_price.0,
            who: name(change.person_id),
            reason: change.reason,
            at: change.at,
        })
        .collect())
}

async fn acts(db: &impl ConnectionTrait, product_id: i64) -> Result<Vec<Act>> {
    let rows = history::of(db, Subject("product", product_id)).await?;
    let who = names(db, rows.iter().filter_map(|row| row.person_id)).await?;
    let act = |row: entity::history::Model| Act {
        verb: if VERBS.contains(&row.verb.as_str()) { row.verb } else { "other".into() },
        who: row.person_id.and_then(|id| who.get(&id)).cloned().unwrap_or_default(),
        at: row.at,
    };
    Ok(rows.into_iter().rev().take(40).map(act).collect())
}

/// Names of people by id.
pub(super) async fn names(db: &impl ConnectionTrait, ids: impl Iterator<Item = i64>) -> Result<HashMap<i64, String>> {
    let ids: std::collections::BTreeSet<i64> = ids.collect();
    let rows = person::Entity::find().filter(person::Column::Id.is_in(ids)).all(db).await?;
    Ok(rows.into_iter().map(|person| (person.id, person.name)).collect())
}

async fn submit<K: Keeper>(keeper: K, id: web::Path<i64>, _form: Form, app: State) -> Result<HttpResponse> {
    let tx = db::begin(&app.db).await?;
    keeper.locked(&tx, *id).await?;
    let done = goods::submit(&tx, &app.clock, &keeper.hand(), *id).await;
    finish(&keeper, &app, tx, *id, done, "listing.sent").await
}

async fn withdraw<K: Keeper>(keeper: K, id: web::Path<i64>, _form: Form, app: State) -> Result<HttpResponse> {
    let tx = db::begin(&app.db).await?;
    keeper.locked(&tx, *id).await?;
    let done = goods::withdraw(&tx, &app.clock, &keeper.hand(), *id).await;
    finish(&keeper, &app, tx, *id, done, "listing.taken_out").await
}

async fn bring_back<K: Keeper>(keeper: K, id: web::Path<i64>, _form: Form, app: State) -> Result<HttpResponse> {
    let tx = db::begin(&app.db).await?;
    keeper.locked(&tx, *id).await?;
    let done = goods::bring_back(&tx, &app.clock, &keeper.hand(), *id).await;
    finish(&keeper, &app, tx, *id, done, "listing.brought_back").await
}

async fn approve(operator: Operator, id: web::Path<i64>, _form: Form, app: State) -> Result<HttpResponse> {
    let tx = db::begin(&app.db).await?;
    operator.locked(&tx, *id).await?;
    let done = goods::approve(&tx, &app.clock, &operator.hand(), *id).await;
    // Sembako comes into the shop at a price that the law of the day allows.
    let sizes = item::of(&tx, *id).await?.iter().map(|size| size.id).collect::<Vec<_>>();
    price_rule::follow(&tx, &app.clock, operator.outlet.id, &sizes).await?;
    finish(&operator, &app, tx, *id, done, "counter.goods_approved").await
}

async fn send_back(operator: Operator, id: web::Path<i64>, form: Form, app: State) -> Result<HttpResponse> {
    let product = operator.product(&app.db, *id).await?;
    let mut reader = form.read();
    let note = reader.text("note", MAX_NOTE);
    let note = match reader.done(note) {
        Ok(note) => note,
        Err(wrong) => {
            let form = operator.form(&app, &form, &wrong);
            return draw(&operator, &app, product, form, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
    };
    let tx = db::begin(&app.db).await?;
    operator.locked(&tx, *id).await?;
    let done = goods::send_back(&tx, &app.clock, &operator.hand(), *id, &note).await;
    finish(&operator, &app, tx, *id, done, "counter.goods_sent_back").await
}

/// Commits what worked; a no is said on the product's own page.
async fn finish<K: Keeper>(
    keeper: &K,
    app: &App,
    tx: db::Tx,
    id: i64,
    done: Result<product::Model>,
    said: &'static str,
) -> Result<HttpResponse> {
    match done {
        Ok(_) => {
            tx.commit().await?;
            Ok(saying(&path::<K>(id, ""), said))
        }
        Err(Error::Refused(no)) => {
            drop(tx);
            let status = actix_web::ResponseError::status_code(&Error::Refused(no.clone()));
            let product = keeper.product(&app.db, id).await?;
            let form = keeper.form(app, &Form::default(), &Wrong::refusal("", no));
            draw(keeper, app, product, form, status).await
        }
        Err(e) => Err(e),
    }
}
