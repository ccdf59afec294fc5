//! The Core API over HTTP.
use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
    middleware::from_fn,
    web::{self, Data, Path, Payload, Query},
};
use image::{GrayImage, ImageFormat, Luma};
use qrcode::{Color, EcLevel, QrCode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    answers::Reply,
    charge,
    dial::{self, Dial},
    door::{self, BadBody, Call},
    idempotency,
    mutation::{self, Asked},
    refund,
    state::{Desk, Sandbox},
};

/// Which HTTP status a business code travels under. The documents say one thing and have been seen to do the other;
/// a good client works with both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HttpLayer {
    /// Most refusals under 200, as documented.
    #[default]
    StrictDoc,
    /// The code of the body.
    #[serde(rename = "http-mirrors-body")]
    MirrorsBody,
}

impl HttpLayer {
    pub(super) fn status(self, code: u16) -> StatusCode {
        let documented = matches!(code, 200..=202 | 404 | 406 | 407 | 412 | 414);
        let http = if self == HttpLayer::StrictDoc && documented { 200 } else { code };
        StatusCode::from_u16(http).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/v2/qris/{id}/qr-code", web::get().to(qr_code))
        .route("/v4/qris/{id}/qr-code", web::get().to(qr_code))
        .service(
            web::scope("/v2")
                .wrap(from_fn(dial::pass))
                .wrap(from_fn(idempotency::one_at_a_time))
                .route("/charge", web::post().to(make))
                .route("/capture", web::post().to(capture))
                .route("/{id}/refund", web::post().to(refund))
                .route("/{id}/refund/online/direct", web::post().to(refund))
                .route("/{id}/status", web::route().to(status))
                .route("/{id}/{act:cancel|expire|approve|deny}", web::post().to(act))
                .default_service(web::to(nothing_here)),
        )
        .service(
            web::scope("/v1")
                .wrap(from_fn(dial::pass))
                .route("/balance/mutation", web::get().to(balance_mutation))
                .default_service(web::to(nothing_here)),
        )
        .default_service(web::to(nothing_here));
}

async fn balance_mutation(request: HttpRequest, asked: Query<Asked>, sandbox: Data<Sandbox>) -> HttpResponse {
    if !is_authorized(&request, &sandbox) {
        return answer(&sandbox, Reply::refused(401));
    }
    let (http, body) = sandbox.with(|desk| mutation::mutation(desk, &asked));
    HttpResponse::build(StatusCode::from_u16(http).unwrap_or(StatusCode::BAD_REQUEST)).json(body)
}

async fn make(request: HttpRequest, payload: Payload, sandbox: Data<Sandbox>) -> HttpResponse {
    with_body(request, payload, &sandbox, charge::charge).await
}

async fn capture(request: HttpRequest, payload: Payload, sandbox: Data<Sandbox>) -> HttpResponse {
    with_body(request, payload, &sandbox, charge::capture).await
}

async fn refund(request: HttpRequest, id: Path<String>, payload: Payload, sandbox: Data<Sandbox>) -> HttpResponse {
    with_body(request, payload, &sandbox, |desk, body, call| refund::refund(desk, &id, body, call)).await
}

async fn with_body(
    request: HttpRequest,
    payload: Payload,
    sandbox: &Sandbox,
    work: impl FnOnce(&mut Desk, &Value, &Call) -> Reply,
) -> HttpResponse {
    if !is_authorized(&request, sandbox) {
        return answer(sandbox, Reply::refused(401));
    }
    let reply = match door::body(payload).await {
        Ok(body) => sandbox.with(|desk| work(desk, &body, &Call::of(&request))),
        Err(BadBody::TooLarge | BadBody::Malformed) => Reply::refused(413),
    };
    answer(sandbox, reply)
}

/// Clients send `{}`, `null` or nothing here; it is not looked at.
async fn act(request: HttpRequest, path: Path<(String, String)>, sandbox: Data<Sandbox>) -> HttpResponse {
    let (id, act) = path.into_inner();
    let reply = match is_authorized(&request, &sandbox) {
        true => sandbox.with(|desk| charge::act(desk, &id, &act, &Call::of(&request))),
        false => Reply::refused(401),
    };
    answer(&sandbox, reply)
}

async fn status(request: HttpRequest, id: Path<String>, sandbox: Data<Sandbox>) -> HttpResponse {
    if !is_authorized(&request, &sandbox) {
        return answer(&sandbox, Reply::refused(401));
    }
    let (dial, reply) = sandbox.with(|desk| {
        let own = desk.book.get(&id).map(|transaction| transaction.status_answer);
        let dial = own.filter(|dial| *dial != Dial::Normal).unwrap_or(desk.book.status_answer);
        (dial, charge::status(desk, &id))
    });
    match dial.refusal(&sandbox) {
        Some(refusal) => refusal,
        None => dial.send(answer(&sandbox, reply)).await,
    }
}

pub(super) async fn nothing_here() -> HttpResponse {
    let body = json!({"status_code": "404", "status_message": "The requested resource is not found"});
    HttpResponse::NotFound().json(body)
}

/// The code as a picture. A wallet's app has to be able to load it, so it asks for no key.
async fn qr_code(id: Path<String>, sandbox: Data<Sandbox>) -> HttpResponse {
    let code = sandbox.with(|desk| desk.book.get(&id).and_then(|t| t.qr_string.clone().or(Some(t.id.clone()))));
    match code.as_deref().and_then(png) {
        Some(png) => HttpResponse::Ok().insert_header((header::CONTENT_TYPE, "image/png")).body(png),
        None => nothing_here().await,
    }
}

fn png(text: &str) -> Option<Vec<u8>> {
    const DOT: u32 = 8;
    const QUIET: u32 = 4;
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let width = u32::try_from(code.width()).ok()?;
    let side = (width + 2 * QUIET) * DOT;
    let image = GrayImage::from_fn(side, side, |x, y| {
        let at = |pixel: u32| (pixel / DOT).checked_sub(QUIET).filter(|module| *module < width).map(|m| m as usize);
        let dark = at(x).zip(at(y)).is_some_and(|at| code[at] == Color::Dark);
        Luma([if dark { 0 } else { 255 }])
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    image.write_to(&mut bytes, ImageFormat::Png).ok()?;
    Some(bytes.into_inner())
}

fn is_authorized(request: &HttpRequest, sandbox: &Sandbox) -> bool {
    door::is_authorized(request, &sandbox.server_key())
}

fn answer(sandbox: &Sandbox, reply: Reply) -> HttpResponse {
    dial::core(sandbox, reply)
}
