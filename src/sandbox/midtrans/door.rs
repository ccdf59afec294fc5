//! Who may call, and what a call carries.
use actix_web::{HttpRequest, web::Payload};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::Value;

use super::event::Route;

const MAX_BYTES: usize = 16 * 1024;
const MAX_ADDRESSES: usize = 3;

/// What came with a call beside its body.
#[derive(Default)]
pub(super) struct Call {
    pub key: Option<String>,
    pub route: Route,
}

/// Why a body cannot be used.
pub(super) enum BadBody {
    TooLarge,
    Malformed,
}

impl Call {
    pub fn of(request: &HttpRequest) -> Self {
        Self { key: header(request, "Idempotency-Key").map(str::to_owned), route: route(request) }
    }
}

/// Whether the caller shows this key, with no password behind it.
pub(super) fn is_authorized(request: &HttpRequest, server_key: &str) -> bool {
    let shown = header(request, "Authorization")
        .and_then(|text| text.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("basic"))
        .and_then(|(_, token)| STANDARD.decode(token.trim()).ok());
    shown.is_some_and(|shown| shown == format!("{server_key}:").as_bytes())
}

/// Reads a body of at most 16 KB. Nothing at all counts as `null`.
pub(super) async fn body(payload: Payload) -> Result<Value, BadBody> {
    match payload.to_bytes_limited(MAX_BYTES).await {
        Err(_) => Err(BadBody::TooLarge),
        Ok(Err(_)) => Err(BadBody::Malformed),
        Ok(Ok(bytes)) if bytes.iter().all(u8::is_ascii_whitespace) => Ok(Value::Null),
        Ok(Ok(bytes)) => serde_json::from_slice(&bytes).map_err(|_| BadBody::Malformed),
    }
}

fn header<'a>(request: &'a HttpRequest, name: &str) -> Option<&'a str> {
    request.headers().get(name)?.to_str().ok().filter(|text| !text.is_empty())
}

fn route(request: &HttpRequest) -> Route {
    let addresses = |name: &str| -> Option<Vec<String>> {
        let list = header(request, name)?.split(',').map(str::trim);
        let web = list.filter(|url| url.starts_with("http://") || url.starts_with("https://"));
        Some(web.take(MAX_ADDRESSES).map(str::to_owned).collect::<Vec<_>>()).filter(|list| !list.is_empty())
    };
    match (addresses("X-Override-Notification"), addresses("X-Append-Notification")) {
        (Some(instead), _) => Route::Override(instead),
        (None, Some(more)) => Route::Append(more),
        (None, None) => Route::Usual,
    }
}
