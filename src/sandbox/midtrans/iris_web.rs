//! The payout API over HTTP.
use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    middleware::from_fn,
    web::{self, Data, Path, Payload, Query},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    core_web::nothing_here,
    dial,
    door::{self, BadBody},
    iris::{self, Answer},
    keys::Keys,
    payout,
    purse::Wallet,
    state::{Desk, Sandbox},
};

/// Whose key a call needs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Who {
    Either,
    Creator,
    Approver,
}

impl Who {
    fn is_shown(self, request: &HttpRequest, keys: &Keys) -> bool {
        let creator = self != Who::Approver && door::is_authorized(request, &keys.iris_creator);
        creator || (self != Who::Creator && door::is_authorized(request, &keys.iris_approver))
    }
}

#[derive(Deserialize)]
struct Account {
    bank: Option<String>,
    account: Option<String>,
}

pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::scope("/iris/api/v1")
            .wrap(from_fn(dial::pass))
            .route("/ping", web::get().to(ping))
            .route("/beneficiaries", web::post().to(create_beneficiary))
            .route("/beneficiaries", web::get().to(beneficiaries))
            .route("/beneficiaries/{alias}", web::patch().to(update_beneficiary))
            .route("/account_validation", web::get().to(validate_account))
            .route("/payouts", web::post().to(create))
            .route("/payouts/approve", web::post().to(approve))
            .route("/payouts/reject", web::post().to(reject))
            .route("/payouts/{reference_no}", web::get().to(details))
            .route("/balance", web::get().to(balance))
            .route("/statements", web::get().to(statements))
            .route("/beneficiary_banks", web::get().to(banks))
            .route("/channels", web::get().to(channels))
            .route("/bank_accounts", web::get().to(bank_accounts))
            .default_service(web::to(nothing_here)),
    );
}

async fn ping(request: HttpRequest, sandbox: Data<Sandbox>) -> HttpResponse {
    match is_shown(Who::Either, &request, &sandbox) {
        true => HttpResponse::Ok().content_type("text/plain").body("pong"),
        false => denied(),
    }
}

async fn create_beneficiary(request: HttpRequest, payload: Payload, sandbox: Data<Sandbox>) -> HttpResponse {
    write(Who::Creator, request, payload, &sandbox, |desk, body| iris::keep_beneficiary(desk, None, body)).await
}

async fn update_beneficiary(
    request: HttpRequest,
    alias: Path<String>,
    payload: Payload,
    sandbox: Data<Sandbox>,
) -> HttpResponse {
    write(Who::Creator, request, payload, &sandbox, |desk, body| iris::keep_beneficiary(desk, Some(&alias), body)).await
}

async fn beneficiaries(request: HttpRequest, sandbox: Data<Sandbox>) -> HttpResponse {
    read(request, &sandbox, |desk| (200, json!(desk.book.iris.beneficiaries)))
}

async fn validate_account(request: HttpRequest, asked: Query<Account>, sandbox: Data<Sandbox>) -> HttpResponse {
    let (bank, account) = (asked.bank.as_deref().unwrap_or_default(), asked.account.as_deref().unwrap_or_default());
    read(request, &sandbox, |desk| iris::validate_account(desk, bank, account))
}

async fn create(request: HttpRequest, payload: Payload, sandbox: Data<Sandbox>) -> HttpResponse {
    write(Who::Creator, request, payload, &sandbox, iris::create).await
}

async fn approve(request: HttpRequest, payload: Payload, sandbox: Data<Sandbox>) -> HttpResponse {
    write(Who::Approver, request, payload, &sandbox, |desk, body| iris::decide(desk, body, true)).await
}

async fn reject(request: HttpRequest, payload: Payload, sandbox: Data<Sandbox>) -> HttpResponse {
    write(Who::Approver, request, payload, &sandbox, |desk, body| iris::decide(desk, body, false)).await
}

async fn details(request: HttpRequest, reference_no: Path<String>, sandbox: Data<Sandbox>) -> HttpResponse {
    read(request, &sandbox, |desk| match desk.book.payout(&reference_no) {
        Some(payout) => (200, payout.details()),
        None => (404, json!({"error_message": "Payout not found", "errors": "Payout not found"})),
    })
}

async fn balance(request: HttpRequest, sandbox: Data<Sandbox>) -> HttpResponse {
    read(request, &sandbox, |desk| {
        (200, json!({"balance": format!("{}.0", desk.book.purse.balance(Wallet::Iris, |_| true))}))
    })
}

/// A GET with a body, as the official client sends it; the query says the same.
async fn statements(request: HttpRequest, payload: Payload, sandbox: Data<Sandbox>) -> HttpResponse {
    #[derive(Deserialize)]
    struct Days {
        from_date: Option<String>,
        to_date: Option<String>,
    }
    let body = door::body(payload).await.unwrap_or_default();
    let days = serde_json::from_value::<Days>(body).ok().filter(|days| days.from_date.is_some());
    let days = days.or_else(|| Query::<Days>::from_query(request.query_string()).ok().map(Query::into_inner));
    let (from, to) = days.map_or((None, None), |days| (days.from_date, days.to_date));
    read(request, &sandbox, |desk| iris::statements(desk, from.as_deref(), to.as_deref()))
}

async fn banks(request: HttpRequest, sandbox: Data<Sandbox>) -> HttpResponse {
    let list: Vec<Value> = payout::BANKS.iter().map(|(code, name)| json!({"code": code, "name": name})).collect();
    read(request, &sandbox, |_| (200, json!({"beneficiary_banks": list})))
}

async fn channels(request: HttpRequest, sandbox: Data<Sandbox>) -> HttpResponse {
    read(request, &sandbox, |desk| (200, iris::channels(desk)))
}

async fn bank_accounts(request: HttpRequest, sandbox: Data<Sandbox>) -> HttpResponse {
    read(request, &sandbox, |_| (200, json!({"bank_accounts": []})))
}

fn read(request: HttpRequest, sandbox: &Sandbox, look: impl FnOnce(&Desk) -> Answer) -> HttpResponse {
    match is_shown(Who::Either, &request, sandbox) {
        true => answer(sandbox.with(|desk| look(desk))),
        false => denied(),
    }
}

async fn write(
    who: Who,
    request: HttpRequest,
    payload: Payload,
    sandbox: &Sandbox,
    work: impl FnOnce(&mut Desk, &Value) -> Answer,
) -> HttpResponse {
    if !is_shown(who, &request, sandbox) {
        return denied();
    }
    let key =
        request.headers().get("X-Idempotency-Key").and_then(|key| key.to_str().ok()).filter(|key| !key.is_empty());
    match door::body(payload).await {
        Ok(body) => answer(sandbox.with(|desk| iris::once(desk, key, &body, |desk| work(desk, &body)))),
        Err(BadBody::TooLarge | BadBody::Malformed) => {
            answer((400, json!({"error_message": "The request body is not valid", "errors": "not a valid JSON"})))
        }
    }
}

fn is_shown(who: Who, request: &HttpRequest, sandbox: &Sandbox) -> bool {
    sandbox.with(|desk| who.is_shown(request, &desk.book.keys))
}

fn denied() -> HttpResponse {
    answer((401, json!({"error_message": "HTTP Basic: Access denied.", "errors": "Access denied"})))
}

fn answer((http, body): Answer) -> HttpResponse {
    HttpResponse::build(StatusCode::from_u16(http).unwrap_or(StatusCode::BAD_REQUEST)).json(body)
}
