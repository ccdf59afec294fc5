//! A console for whoever wants to see the shop in trouble: what goes wrong, what time it is, what the bank does.
use std::collections::HashMap;

use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{self, Data, Form},
};
use serde_json::{Map, Value, json};

use super::{
    chaos::Chaos,
    control::{self, Order},
    core_web::HttpLayer,
    page,
    payout::Payout,
    state::{Desk, Sandbox},
    transaction::Transaction,
};

/// Enough to find today's.
const SHOWN: usize = 30;

const SWITCHES: [(&str, &str); 10] = [
    ("shuffle", "Pemberitahuan datang tidak berurutan"),
    ("drop", "Pemberitahuan tidak pernah datang"),
    ("delay_past_expiry", "Pemberitahuan datang setelah batas waktu bayar"),
    ("forge", "Tanda tangan pemberitahuan palsu"),
    ("reversal", "Bank membatalkan pembayaran tiga menit kemudian"),
    ("refund_after_expire", "Dompet menerima uang yang terlambat, lalu mengembalikannya"),
    ("dana_id", "Nomor transaksi di tempat nomor pesanan (seperti DANA)"),
    ("upper_case", "Status ditulis dengan huruf besar"),
    ("no_fraud_status", "Tanpa fraud_status"),
    ("unknown_fields", "Ada bidang yang belum dikenal"),
];

const ANSWERS: [(&str, &str); 6] = [
    ("normal", "Biasa"),
    ("404", "404: tidak ditemukan"),
    ("429", "429: terlalu sering"),
    ("503", "503: bank tidak terjangkau"),
    ("slow", "Lambat, 30 detik"),
    ("cut", "Terputus setelah dikerjakan"),
];

const LAYERS: [(&str, &str); 2] =
    [("strict-doc", "Seperti dokumen: HTTP 200"), ("http-mirrors-body", "Sama dengan status_code")];

/// What the bank can do, for the person at the console.
const BANK: [(&str, &str); 8] = [
    ("settlement", "Dibayar"),
    ("deny", "Ditolak"),
    ("expire", "Kedaluwarsa"),
    ("cancel", "Dibatalkan"),
    ("partial_refund", "Dikembalikan sebagian"),
    ("refund", "Dikembalikan"),
    ("chargeback", "Disengketakan"),
    ("pending", "Menunggu lagi"),
];

const PAYOUT: [(&str, &str); 3] = [("processed", "Diproses"), ("completed", "Selesai"), ("failed", "Gagal")];

pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/kendali").route(web::get().to(show)).route(web::post().to(turn)))
        .route("/kendali/transaksi", web::post().to(bank))
        .route("/kendali/payout", web::post().to(payout));
}

type Typed = Form<HashMap<String, String>>;

async fn show(sandbox: Data<Sandbox>) -> HttpResponse {
    draw(StatusCode::OK, &sandbox, None)
}

async fn turn(typed: Typed, sandbox: Data<Sandbox>) -> HttpResponse {
    obey(&sandbox, dials(&typed), "kendali")
}

async fn bank(typed: Typed, sandbox: Data<Sandbox>) -> HttpResponse {
    let order = json!({"transaction_id": typed.get("id"), "set": {"transaction_status": typed.get("status")}});
    obey(&sandbox, Ok(order), "../kendali")
}

async fn payout(typed: Typed, sandbox: Data<Sandbox>) -> HttpResponse {
    let order = json!({"reference_no": typed.get("id"), "set": {"status": typed.get("status")}});
    obey(&sandbox, Ok(order), "../kendali")
}

/// The same orders as those of tests.
fn obey(sandbox: &Sandbox, order: Result<Value, String>, back: &str) -> HttpResponse {
    let order = order.and_then(|order| serde_json::from_value::<Order>(order).map_err(|error| error.to_string()));
    let done = order.and_then(|order| {
        sandbox.with(|desk| control::obey(desk, &order)).map_err(|(_, sentence)| sentence)?;
        if let Some(layer) = order.http {
            sandbox.set_http_layer(layer);
        }
        Ok(())
    });
    match done {
        Ok(()) => page::see_other(back),
        Err(sentence) => draw(StatusCode::UNPROCESSABLE_ENTITY, sandbox, Some(&sentence)),
    }
}

fn dials(typed: &HashMap<String, String>) -> Result<Value, String> {
    let text = |name: &str| typed.get(name).map(|text| text.trim()).filter(|text| !text.is_empty());
    let number = |name: &str| match text(name).map(str::parse::<i64>) {
        None => Ok(0),
        Some(Ok(number)) if number >= 0 => Ok(number),
        Some(_) => Err("Tulis angka tanpa titik atau koma.".to_owned()),
    };
    let mut chaos = Map::new();
    for (name, _) in SWITCHES {
        chaos.insert(name.into(), typed.contains_key(name).into());
    }
    chaos.insert("duplicate".into(), number("duplicate")?.into());
    chaos.insert("fee".into(), number("fee")?.into());
    chaos.insert("answer".into(), text("answer").unwrap_or("normal").into());
    let tamper: Map<String, Value> =
        text("field").map(|field| (field.to_owned(), text("value").into())).into_iter().collect();
    chaos.insert("tamper".into(), tamper.into());
    Ok(json!({
        "chaos": chaos,
        "http": text("http").unwrap_or("strict-doc"),
        "status_answer": text("status_answer").unwrap_or("normal"),
        "clock_advance_s": number("minutes")?.saturating_mul(60),
    }))
}

fn draw(status: StatusCode, sandbox: &Sandbox, trouble: Option<&str>) -> HttpResponse {
    let layer = sandbox.http_layer();
    let content = sandbox.with(|desk| content(desk, layer, trouble));
    page::page(status, "Kendali", &content)
}

fn content(desk: &Desk, layer: HttpLayer, trouble: Option<&str>) -> String {
    let trouble = trouble.map(|t| format!(r#"<p class="trouble" role="alert">{}</p>"#, page::escape(t)));
    let chaos = &desk.book.chaos;
    let told = json!(chaos);
    let switches: String =
        SWITCHES.iter().map(|(name, label)| switch(name, label, told[*name] == Value::Bool(true))).collect();
    let layer = if layer == HttpLayer::StrictDoc { "strict-doc" } else { "http-mirrors-body" };
    let (field, value) = tampered(chaos);
    let transactions: String = desk.book.transactions().rev().take(SHOWN).map(transaction_row).collect();
    let payouts: String = desk.book.iris.payouts.iter().rev().take(SHOWN).map(payout_row).collect();
    format!(
        r#"{trouble}<p>Jam Midtrans tiruan: <b>{now}</b></p>
<form method="post">
<fieldset class="dials"><legend>Pemberitahuan dan bank</legend>{switches}</fieldset>
{duplicate}{fee}{field}{value}
{answer}{status_answer}{http}
{minutes}
<button class="button">Terapkan</button>
</form>
<h2>Transaksi</h2>{transactions}
<h2>Payout</h2>{payouts}
<p><a href="simulator">Bayar tagihan</a></p>"#,
        trouble = trouble.unwrap_or_default(),
        now = page::moment(desk.now),
        duplicate = number("duplicate", "Salinan tambahan tiap pemberitahuan", chaos.duplicate),
        fee = number("fee", "Biaya yang ditambahkan ke pembeli, rupiah", chaos.fee),
        field = text("field", "Bidang pemberitahuan yang diubah", &field),
        value = text("value", "Isinya (kosong: bidang hilang)", &value),
        answer = choice("answer", "Jawaban semua panggilan", &ANSWERS, chaos.answer.word()),
        status_answer = choice("status_answer", "Jawaban Get Status", &ANSWERS, desk.book.status_answer.word()),
        http = choice("http", "Kode HTTP jawaban", &LAYERS, layer),
        minutes = number("minutes", "Majukan jam, menit", 0),
        transactions = or_nothing(&transactions, "Belum ada transaksi."),
        payouts = or_nothing(&payouts, "Belum ada payout."),
    )
}

fn tampered(chaos: &Chaos) -> (String, String) {
    let Some((field, value)) = chaos.tamper.iter().next() else { return Default::default() };
    (field.clone(), value.as_str().map_or_else(String::new, str::to_owned))
}

fn or_nothing(rows: &str, nothing: &str) -> String {
    if rows.is_empty() { format!("<p>{nothing}</p>") } else { rows.to_owned() }
}

fn switch(name: &str, label: &str, is_on: bool) -> String {
    let checked = if is_on { " checked" } else { "" };
    format!(r#"<label class="dial"><input type="checkbox" name="{name}"{checked}> {label}</label>"#)
}

fn number(name: &str, label: &str, value: impl std::fmt::Display) -> String {
    format!(
        r#"<label class="label" for="{name}">{label}</label>
<input class="field" id="{name}" name="{name}" inputmode="numeric" autocomplete="off" value="{value}">"#
    )
}

fn text(name: &str, label: &str, value: &str) -> String {
    format!(
        r#"<label class="label" for="{name}">{label}</label>
<input class="field" id="{name}" name="{name}" autocomplete="off" value="{}">"#,
        page::escape(value)
    )
}

fn choice(name: &str, label: &str, list: &[(&str, &str)], chosen: &str) -> String {
    let options: String = list
        .iter()
        .map(|(word, label)| {
            let selected = if *word == chosen { " selected" } else { "" };
            format!(r#"<option value="{word}"{selected}>{label}</option>"#)
        })
        .collect();
    format!(
        r#"<label class="label" for="{name}">{label}</label>
<select class="field" id="{name}" name="{name}">{options}</select>"#
    )
}

fn transaction_row(transaction: &Transaction) -> String {
    let title = format!("{} · {}", transaction.bill.order_id, transaction.method.label());
    row("kendali/transaksi", &transaction.id, &title, &BANK, transaction.state.word())
}

fn payout_row(payout: &Payout) -> String {
    let title = format!("{} · {} · {}", payout.name, payout.bank.to_uppercase(), entity::Rupiah(payout.amount));
    let standing = json!(payout.standing);
    row("kendali/payout", &payout.reference_no, &title, &PAYOUT, standing.as_str().unwrap_or_default())
}

fn row(action: &str, id: &str, title: &str, list: &[(&str, &str)], now: &str) -> String {
    let status = choice(&format!("status-{id}"), &page::escape(title), list, now);
    let status = status.replace(&format!(r#"name="status-{id}""#), r#"name="status""#);
    format!(
        r#"<form method="post" action="{action}"><input type="hidden" name="id" value="{id}">
{status}
<button class="button button--quiet">Ubah (sekarang: {now})</button></form>"#
    )
}
