//! `GET /wilayah?q=`: villages while they are being typed.
use actix_web::{HttpResponse, http::header, web};
use serde::Deserialize;

use crate::{orders::carriage::places, region::Code};

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    q: String,
    /// A code near which matches come first.
    #[serde(default)]
    dekat: String,
}

pub(super) async fn search(asked: web::Query<Asked>) -> HttpResponse {
    let near = Code::parse(&asked.dekat).or_else(|_| Code::parse("35.09.22.2001"));
    let found = near.map(|near| places(&asked.q, &near)).unwrap_or_default();
    HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "public, max-age=86400")).json(found)
}
