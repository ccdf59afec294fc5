//! Pictures of goods: brought in, put in order, removed; and the address under which everybody sees them.
use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
    web,
};
use entity::{photo as row, photo::Subject, product};
use sea_orm::{ConnectionTrait, EntityTrait};
use serde::Serialize;

use super::keeper::{Head, Keeper, State, beside, path, saying};
use crate::{
    app::App,
    catalogue::{photo, product as goods},
    clock::Clock,
    db,
    error::{Error, Result},
    form::{Form, FormView, Wrong},
    locale::Said,
    once,
    page::{Page, Sample, samples as drawn, see_other},
    upload::Upload,
};

pub(super) fn configure(cfg: &mut web::ServiceConfig) {
    cfg.route("/foto/{file}", web::get().to(serve));
}

pub(super) fn configure_for<K: Keeper>(cfg: &mut web::ServiceConfig) {
    let at = |below: &str| format!("{}{below}", K::BASE);
    cfg.route(&at("/{id}/foto"), web::get().to(index::<K>))
        .route(&at("/{id}/foto"), web::post().to(add::<K>))
        .route(&at("/{id}/foto/{photo}/depan"), web::post().to(put_first::<K>))
        .route(&at("/{id}/foto/{photo}/hapus"), web::post().to(remove::<K>));
}

pub(super) fn samples() -> Vec<Sample> {
    drawn::<PhotosPage>()
}

/// A picture as its keeper sees it.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Shot {
    pub id: i64,
    pub name: String,
    pub state: row::State,
    /// Why it was refused, as a key of words.
    pub refusal: Option<String>,
}

impl Shot {
    pub fn sample(state: row::State) -> Shot {
        let refusal = (state == row::State::Refused).then(|| "photo.refused.damaged".to_owned());
        Shot { id: 3, name: "p0123456789abcdef0123".into(), state, refusal }
    }
}

/// All pictures of a product.
pub(super) async fn shots(db: &impl ConnectionTrait, product_id: i64) -> Result<Vec<Shot>> {
    let rows = photo::of(db, Subject::Product, product_id).await?;
    let shot = |row: row::Model| Shot { id: row.id, name: row.name, state: row.state, refusal: row.refusal };
    Ok(rows.into_iter().map(shot).collect())
}

/// How long a page asks again by itself whether a picture is ready, in minutes.
const PATIENCE: i64 = 10;

/// Whether a picture is being made ready, and for so short a time that asking again makes sense.
pub(super) async fn is_preparing(db: &impl ConnectionTrait, clock: &Clock, product_id: i64) -> Result<bool> {
    let recently = clock.now() - chrono::Duration::minutes(PATIENCE);
    let rows = photo::of(db, Subject::Product, product_id).await?;
    Ok(rows.iter().any(|row| row.state == row::State::Waiting && row.created_at > recently))
}

/// The pictures of one product, with the ways to change them.
#[derive(Debug, Serialize)]
struct PhotosPage {
    head: Head,
    form: FormView,
    shots: Vec<Shot>,
    refresh: bool,
    has_room: bool,
}

impl Page for PhotosPage {
    const TEMPLATE: &'static str = "listing/photos.html";

    fn samples() -> Vec<PhotosPage> {
        let shots = [row::State::Ready, row::State::Waiting, row::State::Refused].map(Shot::sample).to_vec();
        let page = |staff, shots, refresh| PhotosPage {
            head: Head::sample(staff),
            form: FormView::default(),
            shots,
            refresh,
            has_room: true,
        };
        vec![page(false, Vec::new(), false), page(true, shots, true)]
    }
}

async fn index<K: Keeper>(keeper: K, id: web::Path<i64>, app: State) -> Result<HttpResponse> {
    let product = keeper.product(&app.db, *id).await?;
    draw(&keeper, &app, &product, FormView::default(), StatusCode::OK).await
}

async fn draw<K: Keeper>(
    keeper: &K,
    app: &App,
    product: &product::Model,
    form: FormView,
    status: StatusCode,
) -> Result<HttpResponse> {
    let shots = shots(&app.db, product.id).await?;
    let page = PhotosPage {
        head: Head::of::<K>(&app.db, product, 0).await?,
        has_room: shots.len() < photo::MAX_PHOTOS,
        refresh: form.errors.is_empty() && is_preparing(&app.db, &app.clock, product.id).await?,
        shots,
        form,
    };
    keeper.visit().page_with(status, &app.templates, &page)
}

async fn add<K: Keeper>(keeper: K, id: web::Path<i64>, upload: Upload, app: State) -> Result<HttpResponse> {
    let product = keeper.product(&app.db, *id).await?;
    let wrong = match upload.file("photo") {
        Some(_) => match enter(&keeper, &app, &product, &upload).await {
            Ok(()) => return Ok(see_other(&path::<K>(product.id, "/foto"))),
            Err(e) => beside("photo", e)?,
        },
        None if upload.is_too_large("photo") => Wrong::field("photo", Said::new("photo.refused.too_many_bytes")),
        None => Wrong::field("photo", Said::new("photo.choose")),
    };
    let form = keeper.form(&app, &upload.form, &wrong);
    draw(&keeper, &app, &product, form, StatusCode::UNPROCESSABLE_ENTITY).await
}

/// Keeps every picture that was sent and makes them the product's, all or none.
async fn enter<K: Keeper>(keeper: &K, app: &App, product: &product::Model, upload: &Upload) -> Result<()> {
    let mut kept = Vec::new();
    let mut outcome = Ok(false);
    for file in upload.files("photo") {
        match photo::keep(&app.files, Subject::Product, &file.read().await?).await {
            Ok(one) => kept.push(one),
            Err(e) => outcome = Err(e),
        }
    }
    if outcome.is_ok() {
        outcome = entered(keeper, app, product, upload, &kept).await;
    }
    if !matches!(outcome, Ok(true)) {
        for one in kept {
            one.discard(&app.files).await?;
        }
    }
    outcome.map(|_| ())
}

/// Says whether the pictures are new; a second tap brings none.
async fn entered<K: Keeper>(
    keeper: &K,
    app: &App,
    product: &product::Model,
    upload: &Upload,
    kept: &[photo::Kept],
) -> Result<bool> {
    let (scope, hash) = (format!("photo.add:{}", product.id), upload.content_hash());
    let tx = db::begin(&app.db).await?;
    let locked = keeper.locked(&tx, product.id).await?;
    if let Some(key) = upload.form.request_key() {
        if once::answered(&tx, &scope, key, &hash).await?.is_some() {
            return Ok(false);
        }
        once::remember(&tx, &app.clock, &scope, key, &hash, "").await?;
    }
    for one in kept {
        photo::enter(&tx, &app.clock, &keeper.hand(), Subject::Product, product.id, one).await?;
    }
    goods::look_again(&tx, &app.clock, &keeper.hand(), locked).await?;
    tx.commit().await?;
    Ok(true)
}

/// A picture of this product, none when it was removed.
async fn one(db: &impl ConnectionTrait, product: &product::Model, photo_id: i64) -> Result<Option<row::Model>> {
    let found = row::Entity::find_by_id(photo_id).one(db).await?;
    let is_foreign = |photo: &row::Model| photo.subject != Subject::Product || photo.subject_id != product.id;
    if found.as_ref().is_some_and(is_foreign) { Err(Error::NotFound) } else { Ok(found) }
}

async fn put_first<K: Keeper>(keeper: K, ids: web::Path<(i64, i64)>, _form: Form, app: State) -> Result<HttpResponse> {
    let (id, photo_id) = ids.into_inner();
    let product = keeper.product(&app.db, id).await?;
    let tx = db::begin(&app.db).await?;
    let photo = one(&tx, &product, photo_id).await?.ok_or(Error::NotFound)?;
    photo::put_first(&tx, &app.clock, &keeper.hand(), &photo).await?;
    tx.commit().await?;
    Ok(see_other(&path::<K>(id, "/foto")))
}

async fn remove<K: Keeper>(keeper: K, ids: web::Path<(i64, i64)>, _form: Form, app: State) -> Result<HttpResponse> {
    let (id, photo_id) = ids.into_inner();
    let product = keeper.product(&app.db, id).await?;
    let tx = db::begin(&app.db).await?;
    let back = path::<K>(id, "/foto");
    // A second tap finds it gone already, which is what was asked for.
    let Some(photo) = one(&tx, &product, photo_id).await? else { return Ok(see_other(&back)) };
    photo::remove(&tx, &app.clock, &keeper.hand(), &photo).await?;
    tx.commit().await?;
    photo::sweep(&app.files, &photo.name).await?;
    Ok(saying(&back, "photo.gone"))
}

/// `GET /foto/{name}-{size}.{format}`: pictures of goods and makers, kept for ever since another one has another name.
async fn serve(request: HttpRequest, file: web::Path<String>, app: State) -> Result<HttpResponse> {
    let name = photo::public_file(&file).ok_or(Error::NotFound)?;
    let tag = format!("\"{file}\"");
    let known = request.headers().get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let is_known = known.is_some_and(|known| known.contains(&tag)) && app.files.exists(&name).await?;
    let bytes = if is_known { None } else { Some(app.files.get(&name).await?.ok_or(Error::NotFound)?) };
    let mut answer = HttpResponse::build(if is_known { StatusCode::NOT_MODIFIED } else { StatusCode::OK });
    answer
        .insert_header((header::CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .insert_header((header::ETAG, tag));
    let Some(bytes) = bytes else { return Ok(answer.finish()) };
    answer.content_type(if file.ends_with(".webp") { "image/webp" } else { "image/jpeg" });
    // Compressed already; trying again would only cost time.
    answer.insert_header((header::CONTENT_ENCODING, "identity"));
    Ok(answer.body(bytes))
}
