//! The door the provider's notices come in by.
use std::time::Duration;

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use serde_json::{Map, Value};
use tokio::time::timeout;

use super::inbox::{self, Received};
use crate::{app::App, gateway::midtrans::MAX_NOTIFICATION_BYTES};

/// Headers worth keeping with a notice; never cookies or keys.
const KEPT_HEADERS: [&str; 3] = ["user-agent", "content-type", "x-request-id"];

/// Midtrans wants an answer within five seconds; 503 makes it come again.
const PATIENCE: Duration = Duration::from_secs(4);

/// Routes of this module. The path is exact: a redirect would turn a notice into an empty GET, and lose it.
pub fn configure(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/midtrans/notifikasi").route(web::post().to(receive)));
}

async fn receive(request: HttpRequest, payload: web::Payload, app: web::Data<App>) -> HttpResponse {
    let Ok(Ok(bytes)) = payload.to_bytes_limited(MAX_NOTIFICATION_BYTES).await else {
        return answer(StatusCode::BAD_REQUEST);
    };
    let headers = headers(&request);
    // In a task of its own: what has begun to be kept is kept or not, whoever stopped waiting for it.
    let keeping =
        actix_web::rt::spawn(async move { inbox::receive(&app.db, &app.clock, &app.payments, headers, &bytes).await });
    answer(match timeout(PATIENCE, keeping).await {
        Ok(Ok(Ok(Received::Kept))) => StatusCode::OK,
        Ok(Ok(Ok(Received::Malformed))) => StatusCode::BAD_REQUEST,
        Ok(Ok(Ok(Received::Forged))) => {
            tracing::warn!("a notice with a wrong signature was turned away");
            StatusCode::FORBIDDEN
        }
        Ok(Ok(Err(e))) => {
            tracing::error!("a notice could not be kept: {e}");
            StatusCode::SERVICE_UNAVAILABLE
        }
        Ok(Err(e)) => {
            tracing::error!("a notice could not be kept: {e}");
            StatusCode::SERVICE_UNAVAILABLE
        }
        Err(_) => {
            tracing::error!("a notice could not be kept in time");
            StatusCode::SERVICE_UNAVAILABLE
        }
    })
}

fn answer(status: StatusCode) -> HttpResponse {
    metrics::counter!("warong_notices_total", "answer" => status.as_str().to_owned()).increment(1);
    HttpResponse::build(status).content_type("text/plain; charset=utf-8").body(status.as_str().to_owned())
}

fn headers(request: &HttpRequest) -> Value {
    let kept = KEPT_HEADERS.iter().filter_map(|name| {
        let text = request.headers().get(*name)?.to_str().ok()?;
        Some(((*name).to_owned(), Value::from(text.chars().take(200).collect::<String>())))
    });
    Value::Object(kept.collect::<Map<_, _>>())
}
