//! A cash machine for play money: type a number or paste a code, and it is paid.
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{self, Data, Form},
};
use entity::Rupiah;
use serde::Deserialize;

use super::{
    page, pay_page, qris,
    state::{Desk, Sandbox},
    transaction::{State, Transaction},
};

/// Enough to find today's.
const SHOWN: usize = 50;

pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/simulator").route(web::get().to(show)).route(web::post().to(pay)));
}

#[derive(Deserialize)]
struct Typed {
    nomor: String,
}

async fn show(sandbox: Data<Sandbox>) -> HttpResponse {
    sandbox.with(|desk| page::page(StatusCode::OK, "Bayar tagihan", &content(desk, "", None)))
}

async fn pay(form: Form<Typed>, sandbox: Data<Sandbox>) -> HttpResponse {
    sandbox.with(|desk| match find(desk, form.nomor.trim()) {
        Ok(id) => {
            if let Some(at) = desk.book.find(&id) {
                desk.book.close(at, State::Settlement, desk.now);
            }
            page::see_other(&format!("bayar/{id}"))
        }
        Err(trouble) => {
            let content = content(desk, &form.nomor, Some(&trouble));
            page::page(StatusCode::UNPROCESSABLE_ENTITY, "Bayar tagihan", &content)
        }
    })
}

/// The transaction to pay, or the sentence that helps.
fn find(desk: &Desk, typed: &str) -> Result<String, String> {
    if typed.is_empty() {
        return Err("Ketik nomornya dulu.".into());
    }
    match desk.book.find_by_number(typed) {
        Some(transaction) if transaction.state == State::Pending => Ok(transaction.id.clone()),
        Some(transaction) => Err(pay_page::outcome(transaction)),
        None if typed.starts_with("0002") && !qris::is_sound(typed) => {
            Err("Kode QR ini rusak atau terpotong. Salin lagi seluruhnya.".into())
        }
        None => Err("Tidak ada tagihan dengan nomor itu. Periksa lagi angkanya.".into()),
    }
}

fn content(desk: &Desk, typed: &str, trouble: Option<&str>) -> String {
    let trouble = trouble.map(|t| format!(r#"<p class="trouble" role="alert" id="masalah">{t}</p>"#));
    let described = if trouble.is_some() { r#" aria-describedby="masalah" aria-invalid="true""# } else { "" };
    let pending: String = desk.book.pending().take(SHOWN).map(row).collect();
    let list = match pending.is_empty() {
        true => "<p>Tidak ada tagihan yang menunggu.</p>".to_owned(),
        false => format!(r#"<ul class="list">{pending}</ul>"#),
    };
    format!(
        r#"<form method="post">
<label class="label" for="nomor">Nomor virtual account, kode tagihan Mandiri, atau isi kode QR</label>
<input class="field" id="nomor" name="nomor" value="{}" autocomplete="off" required{described}>
{}
<button class="button">Bayar</button>
</form>
<h2>Menunggu dibayar</h2>
{list}
<p><a href="kendali">Kendali: buat gangguan dan majukan jam</a></p>
<p><a href="snap/coba">Coba snap.js</a></p>"#,
        page::escape(typed),
        trouble.unwrap_or_default()
    )
}

fn row(transaction: &Transaction) -> String {
    format!(
        r#"<li><a href="bayar/{}"><span>{}<small>{} · sampai {}</small></span><b>{}</b></a></li>"#,
        transaction.id,
        page::escape(&transaction.bill.order_id),
        transaction.method.label(),
        page::moment(transaction.expires_at),
        Rupiah(transaction.bill.gross)
    )
}
