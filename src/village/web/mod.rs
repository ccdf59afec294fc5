//! Doors of the village office: letters are asked for by crafters and operators, decided by the officer, checked by all.
mod ask;
mod check;
mod desk;
mod missing;
mod view;

use actix_web::{HttpResponse, web};

use crate::{
    app::App,
    db::{self, Tx},
    error::Result,
    form::Form,
    once,
    page::{self, Sample},
};
use entity::{business_letter::Model, village};

/// Routes of this module.
pub fn configure(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/karya/surat").get(ask::mine).post(ask::ask_mine))
        .route("/karya/surat/{letter}/tarik", web::post().to(ask::withdraw_mine))
        .route("/karya/surat/{letter}/surat.pdf", web::get().to(ask::pdf_of_mine))
        .route("/kelola/surat", web::get().to(missing::of_outlet))
        .service(web::resource("/kelola/perajin/{crafter}/surat").get(ask::theirs).post(ask::ask_theirs))
        .route("/kelola/perajin/{crafter}/surat/{letter}/tarik", web::post().to(ask::withdraw_theirs))
        .route("/kelola/perajin/{crafter}/surat/{letter}/surat.pdf", web::get().to(ask::pdf_of_theirs))
        .route("/desa/surat", web::get().to(desk::list))
        .route("/desa/surat/tanpa", web::get().to(missing::of_village))
        .route("/desa/surat/{letter}", web::get().to(desk::show))
        .route("/desa/surat/{letter}/setuju", web::post().to(desk::issue))
        .route("/desa/surat/{letter}/tolak", web::post().to(desk::refuse))
        .route("/desa/surat/{letter}/cabut", web::post().to(desk::revoke))
        .route("/desa/surat/{letter}/surat.pdf", web::get().to(desk::pdf))
        .route("/surat/{secret}", web::get().to(check::show));
}

/// Pages of this module, for the test that draws all of them.
pub fn samples() -> Vec<Sample> {
    [
        page::samples::<ask::LetterAskPage>(),
        page::samples::<check::LetterCheckPage>(),
        page::samples::<desk::LetterDeskPage>(),
        page::samples::<desk::LetterPage>(),
        page::samples::<missing::LetterMissingPage>(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Does an act once for each key of its form; says where to look then.
async fn perform(app: &App, form: &Form, scope: &str, act: impl AsyncFnOnce(&Tx) -> Result<String>) -> Result<String> {
    let tx = db::begin(&app.db).await?;
    let hash = form.content_hash();
    if let Some(key) = form.request_key()
        && let Some(answer) = once::answered(&tx, scope, key, &hash).await?
    {
        return Ok(answer);
    }
    let answer = act(&tx).await?;
    if let Some(key) = form.request_key() {
        once::remember(&tx, &app.clock, scope, key, &hash, &answer).await?;
    }
    tx.commit().await?;
    Ok(answer)
}

/// Where anybody checks a letter.
fn check_url(app: &App, letter: &Model) -> String {
    format!("{}/surat/{}", app.config.public_url, letter.secret.as_deref().unwrap_or_default())
}

/// The letter as a file to keep, print or send on.
async fn file(app: &App, letter: Model, village: village::Model) -> Result<HttpResponse> {
    let url = check_url(app, &letter);
    let name = letter.number.as_deref().unwrap_or_default().replace('/', "-");
    let drawn = tokio::task::spawn_blocking(move || super::letter_pdf::draw(&letter, &village, &url)).await;
    let bytes = drawn.map_err(|e| anyhow::anyhow!("a letter was not drawn: {e}"))??;
    Ok(HttpResponse::Ok()
        .content_type("application/pdf")
        .insert_header(("Content-Disposition", format!("inline; filename=\"SKU-{name}.pdf\"")))
        .insert_header(("Cache-Control", "private, no-store"))
        .body(bytes))
}
