//! Acting as the buyer's wallet or bank.
use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
    web::{self, Data, Form, Path, Query},
};
use entity::Rupiah;
use serde::Deserialize;

use super::{
    MOUNT,
    frame::{self, Asked},
    method::Method,
    numbers::BILLER_CODE,
    page,
    state::{Desk, Sandbox},
    transaction::{State, Transaction},
};

pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/bayar/{id}").route(web::get().to(show)).route(web::post().to(act)))
        .route("/bayar/{id}/kabar", web::get().to(news));
}

/// What the person decides.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Act {
    Bayar,
    Gagal,
    Kedaluwarsa,
}

#[derive(Deserialize)]
struct Decision {
    act: Act,
}

/// The shop may say where to return to when the request could not.
#[derive(Deserialize)]
struct Return {
    finish: Option<String>,
}

async fn show(id: Path<String>, back: Query<Return>, asked: Query<Asked>, sandbox: Data<Sandbox>) -> HttpResponse {
    sandbox.with(|desk| match desk.book.get(&id) {
        Some(transaction) => {
            let finish = finish(transaction, back.finish.as_deref(), desk);
            let (title, content) = (heading(transaction), content(transaction, &finish));
            match asked.frame() {
                None => page::page(StatusCode::OK, title, &content),
                Some(frame) => {
                    frame.page(StatusCode::OK, title, &content, &frame::result(transaction, &finish, desk.book))
                }
            }
        }
        None => unknown(),
    })
}

/// How it stands, for a page that waits.
async fn news(id: Path<String>, sandbox: Data<Sandbox>) -> HttpResponse {
    sandbox.with(|desk| match desk.book.get(&id) {
        Some(transaction) => HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(frame::result(
            transaction,
            &finish(transaction, None, desk),
            desk.book,
        )),
        None => HttpResponse::NotFound().json(frame::trouble(404, "Transaction doesn't exist.")),
    })
}

/// A second tap finds the transaction already moved and changes nothing.
async fn act(request: HttpRequest, id: Path<String>, form: Form<Decision>, sandbox: Data<Sandbox>) -> HttpResponse {
    let state = match form.act {
        Act::Bayar => State::Settlement,
        Act::Gagal => State::Deny,
        Act::Kedaluwarsa => State::Expire,
    };
    let known = sandbox.with(|desk| {
        let at = desk.book.find(&id)?;
        desk.book.close(at, state, desk.now);
        desk.book.at(at).map(|transaction| transaction.id.clone())
    });
    match known {
        Some(id) => page::see_other(&format!("{id}{}", query(&request))),
        None => unknown(),
    }
}

/// The query of a request, to go on with.
pub(super) fn query(request: &HttpRequest) -> String {
    match request.query_string() {
        "" => String::new(),
        query => format!("?{query}"),
    }
}

fn unknown() -> HttpResponse {
    let content = format!(
        r#"<p>Tagihan ini tidak ada, atau sudah lama sekali. Periksa lagi alamatnya.</p>
<a class="button button--quiet" href="{MOUNT}/simulator">Lihat semua tagihan</a>"#
    );
    page::page(StatusCode::NOT_FOUND, "Tagihan tidak ditemukan", &content)
}

fn heading(transaction: &Transaction) -> &'static str {
    match (transaction.state, transaction.method.is_bank()) {
        (State::Pending | State::Authorize, true) => "Anda sekarang bank pembeli",
        (State::Pending | State::Authorize, false) => "Anda sekarang dompet pembeli",
        (State::Capture | State::Settlement, _) => "Sudah dibayar",
        (State::PartialRefund | State::Refund, _) => "Uang dikembalikan",
        (State::PartialChargeback | State::Chargeback, _) => "Pembayaran disengketakan",
        (State::Deny | State::Failure, _) => "Pembayaran gagal",
        (State::Cancel, _) => "Tagihan dibatalkan",
        (State::Expire, _) => "Waktu bayar habis",
    }
}

fn content(transaction: &Transaction, finish: &str) -> String {
    let bill = &transaction.bill;
    let head = page::bill(&bill.order_id, bill.customer.as_deref(), bill.gross);
    let rest = match transaction.state {
        state if state.is_open() => waiting(transaction),
        _ => format!(
            r#"<p class="state{}" role="status">{}</p>"#,
            if transaction.state.was_paid() { "" } else { " state--bad" },
            outcome(transaction)
        ),
    };
    let class = if transaction.state.is_open() { "button button--quiet" } else { "button" };
    let back = format!(r#"<a class="{class}" target="_top" href="{}">Kembali ke toko</a>"#, page::escape(finish));
    format!("{head}{rest}{back}")
}

/// What became of it, in one sentence.
pub(super) fn outcome(transaction: &Transaction) -> String {
    match transaction.state {
        State::Pending | State::Authorize => {
            format!("Menunggu dibayar sampai {}.", page::moment(transaction.expires_at))
        }
        State::PartialRefund | State::Refund => {
            format!("{} sudah dikembalikan kepada pembeli.", Rupiah(transaction.refunded()))
        }
        State::PartialChargeback | State::Chargeback => "Pembeli meminta uangnya kembali lewat banknya.".into(),
        State::Capture | State::Settlement => match transaction.settled_at {
            Some(at) => format!("Tagihan ini sudah dibayar pada {}.", page::moment(at)),
            None => "Tagihan ini sudah dibayar.".into(),
        },
        State::Deny | State::Failure => "Pembayaran ini gagal. Tidak ada uang yang berpindah.".into(),
        State::Cancel => "Toko membatalkan tagihan ini. Jangan dibayar lagi.".into(),
        State::Expire => "Waktu bayarnya sudah habis. Tagihan ini tidak bisa dibayar lagi.".into(),
    }
}

fn waiting(transaction: &Transaction) -> String {
    let button = |act: &str, class: &str, words: &str| {
        format!(r#"<button class="button {class}" name="act" value="{act}">{words}</button>"#)
    };
    format!(
        r#"<p>Bayar dengan <b>{}</b> sebelum {}.</p>
{}
<form method="post">
{}
{}
{}
</form>"#,
        transaction.method.label(),
        page::moment(transaction.expires_at),
        instruction(transaction),
        button("bayar", "", &format!("Bayar {}", Rupiah(transaction.bill.gross))),
        button("gagal", "button--bad", "Gagalkan"),
        button("kedaluwarsa", "button--quiet", "Biarkan kedaluwarsa"),
    )
}

fn instruction(transaction: &Transaction) -> String {
    let number = |what: &str, digits: &str| {
        format!(r#"<div class="number"><p class="number__what">{what}</p><p class="number__digits">{digits}</p></div>"#)
    };
    match transaction.method {
        Method::Qris => transaction.qr_string.as_deref().map(page::qr).unwrap_or_default(),
        Method::Va(_) => {
            let va = transaction.va_number.as_deref().unwrap_or_default();
            number("Nomor virtual account", &page::grouped(va))
        }
        Method::Bill => {
            let key = transaction.bill_key.as_deref().unwrap_or_default();
            number("Kode perusahaan", BILLER_CODE) + &number("Kode tagihan", &page::grouped(key))
        }
        Method::Gopay | Method::Shopeepay => String::new(),
    }
}

/// Where the buyer returns to: what the request said, else what the link said if it stays with the shop, else the
/// shop's first page. What happened travels along unsigned, as with the real one.
fn finish(transaction: &Transaction, asked: Option<&str>, desk: &Desk) -> String {
    let shop = desk.mount.strip_suffix(MOUNT).unwrap_or_default();
    let stays = |url: &&str| {
        let inside =
            url.starts_with('/') && !url.starts_with("//") && !url.contains(|c: char| c == '\\' || c.is_control());
        inside || url.strip_prefix(shop).is_some_and(|rest| !shop.is_empty() && rest.starts_with('/'))
    };
    let Some(url) = transaction.bill.finish.as_deref().or(asked.filter(stays)) else { return format!("{shop}/") };
    let mark = if url.contains('?') { '&' } else { '?' };
    format!(
        "{url}{mark}order_id={}&status_code={}&transaction_status={}",
        transaction.bill.order_id,
        transaction.state.status_code(),
        transaction.state.word()
    )
}
