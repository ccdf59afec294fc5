//! The page a Snap token leads to: the buyer picks a way to pay.
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{self, Data, Form, Path},
};
use serde::Deserialize;

use super::{
    page,
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

async fn show(token: Path<String>, sandbox: Data<Sandbox>) -> HttpResponse {
    answer(sandbox.with(|desk| snap::door(desk, &token)))
}

async fn pick(token: Path<String>, form: Form<Picked>, sandbox: Data<Sandbox>) -> HttpResponse {
    sandbox.with(|desk| match snap::pick(desk, &token, &form.method) {
        Some(id) => to_payment(&id),
        None => answer(snap::door(desk, &token)),
    })
}

fn answer(door: Door) -> HttpResponse {
    match door {
        Door::Choice(session) => page::page(StatusCode::OK, "Pilih cara bayar", &choices(&session)),
        Door::Picked(id) => to_payment(&id),
        Door::Canceled(session) => {
            closed(&session, "Halaman ini sudah ditutup oleh toko. Buka lagi dari pesanan Anda.")
        }
        Door::Closed(session) => closed(&session, "Waktu untuk memilih cara bayar sudah habis."),
        Door::Unknown => page::page(
            StatusCode::NOT_FOUND,
            "Halaman tidak ditemukan",
            "<p>Tagihan ini tidak ada. Buka lagi dari pesanan Anda.</p>",
        ),
    }
}

/// From `…/snap/v3/redirection/{token}` to `…/bayar/{id}`.
fn to_payment(id: &str) -> HttpResponse {
    page::see_other(&format!("../../../bayar/{id}"))
}

fn closed(session: &Session, sentence: &str) -> HttpResponse {
    let content = format!(
        r#"{}<p class="state state--bad" role="status">{sentence}</p>{}"#,
        page::bill(&session.bill.order_id, session.bill.customer.as_deref(), session.bill.gross),
        back(session)
    );
    page::page(StatusCode::GONE, "Halaman sudah ditutup", &content)
}

fn choices(session: &Session) -> String {
    let buttons: String = session
        .choices()
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
        Some(url) => format!(r#"<p><a href="{}">Kembali ke toko</a></p>"#, page::escape(url)),
        None => String::new(),
    }
}
