//! Files that are built in: templates, words, and what browsers fetch, each under a name with its checksum.
use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{self, HeaderValue},
    web,
};

use crate::error::{Error, Result};

/// A file for browsers, as it is and compressed where that makes it smaller.
pub struct Asset {
    pub name: &'static str,
    pub url: &'static str,
    pub content_type: &'static str,
    pub plain: &'static [u8],
    pub brotli: Option<&'static [u8]>,
    pub gzip: Option<&'static [u8]>,
}

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// The address of an asset by its own name ("app.css").
pub fn url(name: &str) -> Option<&'static str> {
    ASSETS.iter().find(|asset| asset.name == name).map(|asset| asset.url)
}

/// `GET /aset/{name}`: kept by browsers for ever, since another content has another name.
pub async fn serve(request: HttpRequest, path: web::Path<String>) -> Result<HttpResponse> {
    let asset =
        ASSETS.iter().find(|asset| asset.url.strip_prefix("/aset/") == Some(path.as_str())).ok_or(Error::NotFound)?;
    let accepts = request.headers().get(header::ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).unwrap_or("");
    let mut answer = HttpResponse::Ok();
    answer
        .content_type(asset.content_type)
        .insert_header((header::CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .insert_header((header::VARY, "Accept-Encoding"));
    let (encoding, body) = match (asset.brotli, asset.gzip) {
        (Some(body), _) if accepts.contains("br") => ("br", body),
        (_, Some(body)) if accepts.contains("gzip") => ("gzip", body),
        _ => ("identity", asset.plain),
    };
    answer.insert_header((header::CONTENT_ENCODING, HeaderValue::from_static(encoding)));
    Ok(answer.body(body))
}
