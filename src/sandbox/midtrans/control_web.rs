//! The way in for tests. It asks for no key: whoever reaches it can only move play money.
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{self, Data, Payload},
};
use serde_json::{Value, json};

use super::{
    answers::Reply,
    control::{self, Order, Refusal},
    door::{self, BadBody},
    state::Sandbox,
};

pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/control", web::post().to(obey)).route("/control/transactions", web::get().to(list));
}

async fn obey(payload: Payload, sandbox: Data<Sandbox>) -> HttpResponse {
    let done = read(payload).await.and_then(|order| {
        let done = sandbox.with(|desk| control::obey(desk, &order))?;
        if let Some(layer) = order.http {
            sandbox.set_http_layer(layer);
        }
        Ok(done)
    });
    match done {
        Ok(body) => HttpResponse::Ok().json(body),
        Err((http, sentence)) => {
            let status = StatusCode::from_u16(http).unwrap_or(StatusCode::BAD_REQUEST);
            HttpResponse::build(status).json(json!({"error": sentence}))
        }
    }
}

async fn read(payload: Payload) -> Result<Order, Refusal> {
    match door::body(payload).await {
        Ok(body) => {
            serde_json::from_value(body).map_err(|error| (400, format!("the order cannot be understood: {error}")))
        }
        Err(BadBody::TooLarge) => Err((413, "the order is larger than 16 KB".into())),
        Err(BadBody::Malformed) => Err((400, "the order is not JSON".into())),
    }
}

/// The true status answer of each, oldest first.
async fn list(sandbox: Data<Sandbox>) -> HttpResponse {
    let all: Vec<Value> =
        sandbox.with(|desk| desk.book.transactions().map(|t| Reply::truth(t, desk.book).body).collect());
    HttpResponse::Ok().json(all)
}
