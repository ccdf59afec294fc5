//! `/kelola/perajin/{id}/foto`: the face by which a maker is chosen at a hand-over, and which buyers see.
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{self, Data, Path},
};
use serde::Serialize;

use super::beside;
use crate::{
    accounts::{
        crafter,
        visit::{self, Operator},
    },
    app::App,
    catalogue::{Hand, Side, photo},
    db,
    error::Result,
    form::{FormView, Wrong},
    locale::Said,
    once,
    page::Page,
    upload::Upload,
};
use entity::{
    crafter as row,
    photo::{State, Subject},
};

pub(super) fn configure(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/kelola/perajin/{id}/foto").get(show).post(change));
}

/// One maker's face, and the way to another.
#[derive(Serialize)]
pub struct FacePage {
    id: i64,
    name: String,
    face: Option<String>,
    /// A picture that came and is being made ready.
    is_coming: bool,
    form: FormView,
}

impl Page for FacePage {
    const TEMPLATE: &'static str = "accounts/face.html";
    fn samples() -> Vec<FacePage> {
        let page = |face: Option<&str>, is_coming| FacePage {
            id: 4,
            name: "Bu Sati".into(),
            face: face.map(str::to_owned),
            is_coming,
            form: FormView::default(),
        };
        vec![page(None, false), page(Some("c0123456789abcdef0123"), true)]
    }
}

async fn show(operator: Operator, id: Path<i64>, app: Data<App>) -> Result<HttpResponse> {
    let crafter = crafter::in_outlet(&app.db, operator.outlet.id, *id).await?;
    draw(&operator, &app, crafter, FormView::default(), StatusCode::OK).await
}

async fn draw(
    operator: &Operator,
    app: &App,
    crafter: row::Model,
    form: FormView,
    status: StatusCode,
) -> Result<HttpResponse> {
    let photos = photo::of(&app.db, Subject::Crafter, crafter.id).await?;
    let is_coming = photos.first().is_some_and(|first| first.state == State::Waiting);
    let page = FacePage { id: crafter.id, name: crafter.name, face: crafter.face, is_coming, form };
    operator.visit.page_with(status, &app.templates, &page)
}

async fn change(operator: Operator, id: Path<i64>, upload: Upload, app: Data<App>) -> Result<HttpResponse> {
    let crafter = crafter::in_outlet(&app.db, operator.outlet.id, *id).await?;
    let wrong = match upload.file("photo") {
        Some(file) => {
            let bytes = file.read().await?;
            match beside("photo", enter(&operator, &app, &crafter, &upload, &bytes).await)? {
                Ok(()) => return Ok(visit::done(&format!("/kelola/perajin/{id}"), "counter.face_taken")),
                Err(wrong) => wrong,
            }
        }
        None if upload.is_too_large("photo") => Wrong::field("photo", Said::new("photo.refused.too_many_bytes")),
        None => Wrong::field("photo", Said::new("photo.choose")),
    };
    let form = FormView::new(&upload.form, &wrong, app.templates.words(), operator.visit.lang);
    draw(&operator, &app, crafter, form, StatusCode::UNPROCESSABLE_ENTITY).await
}

async fn enter(operator: &Operator, app: &App, crafter: &row::Model, upload: &Upload, bytes: &[u8]) -> Result<()> {
    let kept = photo::keep(&app.files, Subject::Crafter, bytes).await?;
    match entered(operator, app, crafter, upload, &kept).await {
        Ok(Some(gone)) => {
            for name in gone {
                photo::sweep(&app.files, &name).await?;
            }
            Ok(())
        }
        answer => {
            kept.discard(&app.files).await?;
            answer.map(|_| ())
        }
    }
}

/// Puts the new face before the one that is shown, which stays until the new one is ready; older ones go. Gives the
/// names of those, and nothing at a second tap.
async fn entered(
    operator: &Operator,
    app: &App,
    crafter: &row::Model,
    upload: &Upload,
    kept: &photo::Kept,
) -> Result<Option<Vec<String>>> {
    let tx = db::begin(&app.db).await?;
    let (scope, hash) = (format!("crafter.face:{}", crafter.id), upload.content_hash());
    if let Some(key) = upload.form.request_key() {
        if once::answered(&tx, &scope, key, &hash).await?.is_some() {
            return Ok(None);
        }
        once::remember(&tx, &app.clock, &scope, key, &hash, "").await?;
    }
    let hand = Hand { person_id: Some(operator.person_id), village_id: Some(crafter.village_id), side: Side::Operator };
    let mut gone = Vec::new();
    let mut is_shown = false;
    for old in photo::of(&tx, Subject::Crafter, crafter.id).await? {
        if old.state == State::Ready && !is_shown {
            is_shown = true;
        } else {
            photo::remove(&tx, &app.clock, &hand, &old).await?;
            gone.push(old.name);
        }
    }
    let new = photo::enter(&tx, &app.clock, &hand, Subject::Crafter, crafter.id, kept).await?;
    photo::put_first(&tx, &app.clock, &hand, &new).await?;
    tx.commit().await?;
    Ok(Some(gone))
}
