//! The page a Snap token leads to: the buyer picks a way to pay.
use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{self, Data, Form, Path, Query},
};
use serde::Deserialize;
use serde_json::Value;

use super::{
    frame::{self, Asked},
    page, pay_page,
    snap::{self, Door, Session},
    state::Sandbox,
};

pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/snap/v3/redirection/{token}").route(web::get().to(show)).route(web::post().to(pick)));
}

#[derive(Deserialize)]
struct Picked {
    method: String,
}

async fn show(request: HttpRequest, token: Path<String>, asked: Query<Asked>, sandbox: Data<Sandbox>) -> HttpResponse {
    sandbox.with(|desk| answer(snap::door(desk, &token), &request, &asked, &desk.book.keys.client))
}

async fn pick(
    request: HttpRequest,
    token: Path<String>,
    asked: Query<Asked>,
    form: Form<Picked>,
    sandbox: Data<Sandbox>,
) -> HttpResponse {
    sandbox.with(|desk| match snap::pick(desk, &token, &form.method) {
        Some(id) => to_payment(&id, &request),
        None => answer(snap::door(desk, &token), &request, &asked, &desk.book.keys.client),
    })
}

fn answer(door: Door, request: &HttpRequest, asked: &Asked, client_key: &str) -> HttpResponse {
    if asked.frame().is_some() && !asked.shows_key(client_key) {
        let content = r#"<p class="state state--bad" role="status">Kunci client di halaman toko salah.</p>"#;
        return draw(asked, StatusCode::UNAUTHORIZED, "Halaman tidak bisa dibuka", content, DENIED);
    }
    match door {
        Door::Choice(session) => draw(asked, StatusCode::OK, "Pilih cara bayar", &choices(&session, asked), None),
        Door::Picked(id) => to_payment(&id, request),
        Door::Canceled(session) => {
            let content = closed(&session, "Halaman ini sudah ditutup oleh toko. Buka lagi dari pesanan Anda.");
            draw(asked, StatusCode::GONE, CLOSED, &content, Some((406, "token already canceled")))
        }
        Door::Closed(session) => {
            let content = closed(&session, "Waktu untuk memilih cara bayar sudah habis.");
            draw(asked, StatusCode::GONE, CLOSED, &content, Some((406, "token is expired")))
        }
        Door::Unknown => {
            let content = "<p>Tagihan ini tidak ada. Buka lagi dari pesanan Anda.</p>";
            draw(asked, StatusCode::NOT_FOUND, "Halaman tidak ditemukan", content, Some((404, "token not found")))
        }
    }
}

const CLOSED: &str = "Halaman sudah ditutup";
const DENIED: Option<(u16, &str)> =
    Some((401, "Access denied due to unauthorized transaction, please check client or server key"));

/// Alone, or in a frame that is told what is wrong.
fn draw(asked: &Asked, status: StatusCode, title: &str, content: &str, trouble: Option<(u16, &str)>) -> HttpResponse {
    match asked.frame() {
        None => page::page(status, title, content),
        Some(frame) => {
            let news = trouble.map_or(Value::Null, |(code, sentence)| frame::trouble(code, sentence));
            frame.page(status, title, content, &news)
        }
    }
}

/// From `…/snap/v3/redirection/{token}` to `…/bayar/{id}`, a frame staying a frame.
fn to_payment(id: &str, request: &HttpRequest) -> HttpResponse {
    page::see_other(&format!("../../../bayar/{id}{}", pay_page::query(request)))
}

fn closed(session: &Session, sentence: &str) -> String {
    format!(
        r#"{}<p class="state state--bad" role="status">{sentence}</p>{}"#,
        page::bill(&session.bill.order_id, session.bill.customer.as_deref(), session.bill.gross),
        back(session)
    )
}

fn choices(session: &Session, asked: &Asked) -> String {
    let buttons: String = session
        .choices()
        .filter(|method| asked.wants(&method.snap_name()))
        .map(|method| {
            let (word, label) = (method.snap_name(), method.label());
            format!(r#"<button class="button button--quiet" name="method" value="{word}">{label}</button>"#)
        })
        .collect();
    let list = match buttons.is_empty() {
        true => r#"<p class="trouble">Tidak ada cara bayar yang cocok untuk jumlah ini.</p>"#.to_owned(),
        false => format!(r#"<form method="post">{buttons}</form>"#),
    };
    let bill = page::bill(&session.bill.order_id, session.bill.customer.as_deref(), session.bill.gross);
    format!("{bill}{list}{}", back(session))
}

fn back(session: &Session) -> String {
    match &session.bill.finish {
        Some(url) => format!(r#"<p><a target="_top" href="{}">Kembali ke toko</a></p>"#, page::escape(url)),
        None => String::new(),
    }
}
