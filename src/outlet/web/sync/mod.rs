//! What phones without signal send when they have some: batches of events, later their photos.
//!
//! A phone signs each event with its own key; whoever is signed in sends it. The session's token comes in a header, since
//! nothing here is a form.
mod batch;
mod describe;
mod intake;
mod picture;
mod state;
mod till;
mod visit;

pub mod kinds;

use actix_web::{HttpRequest, web};

use crate::{
    app::App,
    error::{Refusal, Result},
    form::SESSION_COOKIE,
};

pub(super) use batch::carry_out;
pub use describe::{paths, schemas};

/// The header that carries the session's token.
const TOKEN: &str = "x-csrf-token";
/// The most a batch may weigh, in bytes.
const MAX_BATCH: usize = 1024 * 1024;
/// The most a photo may weigh, in bytes: phones make them far smaller first.
const MAX_PHOTO: usize = 8 * 1024 * 1024;

/// Addresses of this module.
pub fn configure(cfg: &mut web::ServiceConfig) {
    let limited = |bytes| web::PayloadConfig::new(bytes);
    cfg.service(web::resource("/api/v1/sync").app_data(limited(MAX_BATCH)).get(state::show).post(batch::take))
        .route("/api/v1/sync/event/{id}", web::get().to(state::event))
        .service(web::resource("/api/v1/sync/photo/{id}").app_data(limited(MAX_PHOTO)).post(picture::take))
        .service(web::resource("/api/v1/devices").app_data(limited(4096)).post(state::register));
}

/// Goes on if the request carries the token of its session.
pub(in crate::outlet::web) fn must_be_own(request: &HttpRequest, app: &App) -> Result<()> {
    let token = request.headers().get(TOKEN).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let cookie = request.cookie(SESSION_COOKIE);
    let is_own = cookie.is_some_and(|cookie| app.config.secret.agrees("csrf", cookie.value().as_bytes(), token));
    if is_own { Ok(()) } else { Err(Refusal::conflict("device.stale").into()) }
}
