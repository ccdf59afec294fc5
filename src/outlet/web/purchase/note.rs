//! The photo of a supplier's note: kept while its form comes and goes, and shown with its purchase.
use actix_web::{
    HttpResponse,
    web::{Data, Path},
};

use crate::{
    accounts::visit::BookReader,
    app::App,
    catalogue::photo,
    error::{Refusal, Result},
    orders::web::counter::proof::picture as picture_of,
    outlet::purchase,
    upload::Upload,
};
use entity::{photo as photo_row, photo::Subject};

/// What the name of a kept photo is sealed for.
const SEAL: &str = "purchase-photo";
/// The field of the form that has it.
pub(super) const KEPT: &str = "foto_simpan";

/// The photo that came with the form, or the one that was kept when it came before.
pub(super) async fn kept(app: &App, upload: &Upload) -> Result<Option<photo::Kept>> {
    if upload.is_too_large("foto") {
        return Err(Refusal::invalid("photo.refused.too_many_bytes").into());
    }
    let sealed = upload.form.get(KEPT);
    let name = app.config.secret.open(SEAL, sealed).and_then(|name| String::from_utf8(name).ok());
    let before = match name {
        Some(name) => photo::kept_as(&app.db, &app.files, &name).await?,
        None => None,
    };
    let Some(file) = upload.file("foto") else { return Ok(before) };
    let kept = photo::keep(&app.files, Subject::Purchase, &file.read().await?).await?;
    discard(app, before).await?;
    Ok(Some(kept))
}

/// Its name as the form carries it.
pub(super) fn sealed(app: &App, kept: &photo::Kept) -> String {
    app.config.secret.seal(SEAL, kept.name().as_bytes())
}

pub(super) async fn discard(app: &App, kept: Option<photo::Kept>) -> Result<()> {
    match kept {
        Some(kept) => kept.discard(&app.files).await,
        None => Ok(()),
    }
}

/// `GET /kelola/belanja/{id}/foto/{photo}/{size}`: the note, for those who may read the books and nobody else.
pub async fn picture(reader: BookReader, path: Path<(i64, i64, String)>, app: Data<App>) -> Result<HttpResponse> {
    let (id, photo_id, size) = path.into_inner();
    let whole = purchase::read(&app.db, reader.outlet.id, id).await?;
    let photos = photo::of(&app.db, photo_row::Subject::Purchase, whole.purchase.id).await?;
    let ready = photos.iter().find(|photo| photo.id == photo_id && photo.state == photo_row::State::Ready);
    picture_of(&app, ready, &size).await
}
