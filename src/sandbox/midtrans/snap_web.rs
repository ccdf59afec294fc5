//! The Snap API over HTTP.
use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    middleware::from_fn,
    web::{self, Data, Path, Payload},
};
use serde_json::{Value, json};

use super::{
    core_web::nothing_here,
    dial,
    door::{self, BadBody, Call},
    snap::{self, Refusal},
    state::Sandbox,
};

pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::scope("/snap/v1")
            .wrap(from_fn(dial::pass))
            .route("/transactions", web::post().to(create))
            .route("/transactions/{token}/cancel", web::post().to(cancel))
            .default_service(web::to(nothing_here)),
    );
}

async fn create(request: HttpRequest, payload: Payload, sandbox: Data<Sandbox>) -> HttpResponse {
    let result = match (allowed(&request, &sandbox), door::body(payload).await) {
        (Err(refusal), _) => Err(refusal),
        (_, Err(BadBody::TooLarge)) => Err((413, vec!["request body is too large".into()])),
        (_, Err(BadBody::Malformed)) => Err((400, vec!["request body is not a valid JSON".into()])),
        (Ok(()), Ok(body)) => sandbox.with(|desk| snap::create(desk, &body, &Call::of(&request))),
    };
    answer(StatusCode::CREATED, result)
}

async fn cancel(request: HttpRequest, token: Path<String>, sandbox: Data<Sandbox>) -> HttpResponse {
    let result = allowed(&request, &sandbox).and_then(|()| sandbox.with(|desk| snap::cancel(desk, &token)));
    answer(StatusCode::OK, result)
}

fn allowed(request: &HttpRequest, sandbox: &Sandbox) -> Result<(), Refusal> {
    match door::is_authorized(request, &sandbox.server_key()) {
        true => Ok(()),
        false => {
            Err((401, vec!["Access denied due to unauthorized transaction, please check client or server key".into()]))
        }
    }
}

fn answer(success: StatusCode, result: Result<Value, Refusal>) -> HttpResponse {
    match result {
        Ok(body) => HttpResponse::build(success).json(body),
        Err((http, sentences)) => {
            let status = StatusCode::from_u16(http).unwrap_or(StatusCode::BAD_REQUEST);
            HttpResponse::build(status).json(json!({"error_messages": sentences}))
        }
    }
}
