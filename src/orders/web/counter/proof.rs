//! The photo of a transfer slip, for the outlet's own operators and nobody else.
use actix_web::{
    HttpResponse,
    http::header,
    web::{Data, Path},
};

use crate::{
    accounts::visit::Operator,
    app::App,
    catalogue::photo,
    error::{Error, Result},
    orders::{board, docket::Docket},
};
use entity::photo as photo_row;

/// `GET /kelola/pesanan/{id}/bukti/{photo}/{size}`
pub async fn show(operator: Operator, path: Path<(i64, i64, String)>, app: Data<App>) -> Result<HttpResponse> {
    let (id, photo_id, size) = path.into_inner();
    Docket::read(&app.db, operator.outlet.id, id).await?;
    let proofs = board::proofs(&app.db, id).await?;
    picture(&app, proofs.iter().find(|proof| proof.id == photo_id), &size).await
}

/// A picture that only some may see, in one of its sizes.
pub(crate) async fn picture(app: &App, photo: Option<&photo_row::Model>, size: &str) -> Result<HttpResponse> {
    let photo = photo.filter(|_| photo::SUFFIXES.contains(&size)).ok_or(Error::NotFound)?;
    let file = photo::rendition_name(&photo.name, size)?;
    let bytes = app.files.get(&file).await?.ok_or(Error::NotFound)?;
    Ok(HttpResponse::Ok()
        .content_type(if size.ends_with(".webp") { "image/webp" } else { "image/jpeg" })
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .insert_header((header::CONTENT_ENCODING, "identity"))
        .body(bytes))
}
