//! The door that notices of payouts come in by.
use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use serde_json::{Map, Value};

use crate::{app::App, gateway::midtrans::MAX_NOTIFICATION_BYTES, outlet::iris_inbox, payments::inbox::Received};

/// Headers worth keeping with a notice; never cookies or keys.
const KEPT_HEADERS: [&str; 3] = ["user-agent", "content-type", "x-request-id"];
const SIGNATURE: &str = "iris-signature";

/// The path is exact: a redirect would turn a notice into an empty GET, and lose it.
pub(super) fn configure(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/midtrans/payout").route(web::post().to(receive)));
}

async fn receive(request: HttpRequest, payload: web::Payload, app: web::Data<App>) -> HttpResponse {
    let Some(door) = &app.payouts else { return answer(StatusCode::NOT_FOUND) };
    let Ok(Ok(bytes)) = payload.to_bytes_limited(MAX_NOTIFICATION_BYTES).await else {
        return answer(StatusCode::BAD_REQUEST);
    };
    let signature = header(&request, SIGNATURE).unwrap_or_default();
    let kept = iris_inbox::receive(&app.db, &app.clock, door, headers(&request), signature, &bytes).await;
    answer(match kept {
        Ok(Received::Kept) => StatusCode::OK,
        Ok(Received::Malformed) => StatusCode::BAD_REQUEST,
        Ok(Received::Forged) => {
            tracing::warn!("a notice of a payout with a wrong signature was turned away");
            StatusCode::FORBIDDEN
        }
        Err(e) => {
            tracing::error!("a notice of a payout could not be kept: {e}");
            StatusCode::SERVICE_UNAVAILABLE
        }
    })
}

fn answer(status: StatusCode) -> HttpResponse {
    metrics::counter!("warong_payout_notices_total", "answer" => status.as_str().to_owned()).increment(1);
    HttpResponse::build(status).content_type("text/plain; charset=utf-8").body(status.as_str().to_owned())
}

fn header<'a>(request: &'a HttpRequest, name: &str) -> Option<&'a str> {
    request.headers().get(name)?.to_str().ok()
}

fn headers(request: &HttpRequest) -> Value {
    let kept = KEPT_HEADERS.iter().filter_map(|name| {
        let text = header(request, name)?;
        Some(((*name).to_owned(), Value::from(text.chars().take(200).collect::<String>())))
    });
    Value::Object(kept.collect::<Map<_, _>>())
}
