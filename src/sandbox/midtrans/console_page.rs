//! A console for whoever wants to see the shop in trouble: what goes wrong, what time it is, what the bank does.
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{self, Data, Form},
};
use serde_json::{Map, Value, json};

use super::{
    MOUNT,
    chaos::Chaos,
    console_form::{Dials, Fields, Trouble, choice},
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
const BANK: [(&str, &str); 12] = [
    ("settlement", "Dibayar"),
    ("deny", "Ditolak"),
    ("expire", "Kedaluwarsa"),
    ("cancel", "Dibatalkan"),
    ("partial_refund", "Dikembalikan sebagian"),
    ("refund", "Dikembalikan"),
    ("partial_chargeback", "Disengketakan sebagian"),
    ("chargeback", "Disengketakan"),
    ("pending", "Menunggu lagi"),
    ("authorize", "Ditahan di kartu"),
    ("capture", "Diambil dari kartu"),
    ("failure", "Rusak di jalan"),
];

const PAYOUT: [(&str, &str); 3] = [("processed", "Diproses"), ("completed", "Selesai"), ("failed", "Gagal")];

pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/kendali").route(web::get().to(show)).route(web::post().to(turn)))
        .route("/kendali/transaksi", web::post().to(bank))
        .route("/kendali/payout", web::post().to(payout));
}

type Typed = Form<Fields>;

async fn show(sandbox: Data<Sandbox>) -> HttpResponse {
    draw(StatusCode::OK, &sandbox, None, None)
}

async fn turn(typed: Typed, sandbox: Data<Sandbox>) -> HttpResponse {
    obey(&sandbox, dials(&typed), "kendali", Some(&typed))
}

async fn bank(typed: Typed, sandbox: Data<Sandbox>) -> HttpResponse {
    let order = json!({"transaction_id": typed.get("id"), "set": {"transaction_status": typed.get("status")}});
    obey(&sandbox, Ok(order), "../kendali", None)
}

async fn payout(typed: Typed, sandbox: Data<Sandbox>) -> HttpResponse {
    let order = json!({"reference_no": typed.get("id"), "set": {"status": typed.get("status")}});
    obey(&sandbox, Ok(order), "../kendali", None)
}

/// The same orders as those of tests.
fn obey(sandbox: &Sandbox, order: Result<Value, Trouble>, back: &str, typed: Option<&Fields>) -> HttpResponse {
    let somewhere = |sentence: String| Trouble { field: "", sentence };
    let done = order.and_then(|order| {
        let order: Order = serde_json::from_value(order).map_err(|error| somewhere(error.to_string()))?;
        sandbox.with(|desk| control::obey(desk, &order)).map_err(|(_, sentence)| somewhere(sentence))?;
        if let Some(layer) = order.http {
            sandbox.set_http_layer(layer);
        }
        Ok(())
    });
    match done {
        Ok(()) => page::see_other(back),
        Err(trouble) => draw(StatusCode::UNPROCESSABLE_ENTITY, sandbox, Some(&trouble), typed),
    }
}

fn dials(typed: &Fields) -> Result<Value, Trouble> {
    let text = |name: &str| typed.get(name).map(|text| text.trim()).filter(|text| !text.is_empty());
    let number = |field: &'static str, most: i64| match text(field).map(str::parse::<i64>) {
        None => Ok(0),
        Some(Ok(number)) if (0..=most).contains(&number) => Ok(number),
        Some(Ok(_)) => Err(Trouble { field, sentence: format!("Tulis angka dari 0 sampai {most}.") }),
        Some(Err(_)) => Err(Trouble { field, sentence: "Tulis angka tanpa titik atau koma.".into() }),
    };
    let mut chaos = Map::new();
    for (name, _) in SWITCHES {
        chaos.insert(name.into(), typed.contains_key(name).into());
    }
    chaos.insert("duplicate".into(), number("duplicate", 99)?.into());
    chaos.insert("fee".into(), number("fee", 1_000_000)?.into());
    chaos.insert("answer".into(), text("answer").unwrap_or("normal").into());
    let tamper: Map<String, Value> =
        text("field").map(|field| (field.to_owned(), text("value").into())).into_iter().collect();
    chaos.insert("tamper".into(), tamper.into());
    let mut order = json!({
        "chaos": chaos,
        "http": text("http").unwrap_or("strict-doc"),
        "status_answer": text("status_answer").unwrap_or("normal"),
        "clock_advance_s": number("minutes", 5_000_000)? * 60,
    });
    if text("seed").is_some() {
        order["seed"] = number("seed", i64::MAX)?.into();
    }
    Ok(order)
}

fn draw(status: StatusCode, sandbox: &Sandbox, trouble: Option<&Trouble>, typed: Option<&Fields>) -> HttpResponse {
    let layer = sandbox.http_layer();
    let content = sandbox.with(|desk| content(desk, &Dials { shown: typed.unwrap_or(&shown(desk, layer)), trouble }));
    page::page(status, "Kendali", &content)
}

/// How the dials stand, in the words of the form.
fn shown(desk: &Desk, layer: HttpLayer) -> Fields {
    let chaos = &desk.book.chaos;
    let told = json!(chaos);
    let (field, value) = tampered(chaos);
    let layer = if layer == HttpLayer::StrictDoc { "strict-doc" } else { "http-mirrors-body" };
    let texts = [
        ("duplicate", chaos.duplicate.to_string()),
        ("fee", chaos.fee.to_string()),
        ("field", field),
        ("value", value),
        ("answer", chaos.answer.word().to_owned()),
        ("status_answer", desk.book.status_answer.word().to_owned()),
        ("http", layer.to_owned()),
        ("minutes", "0".to_owned()),
    ];
    let is_on = |(name, _): &(&str, &str)| told[*name] == Value::Bool(true);
    let switches = SWITCHES.into_iter().filter(is_on).map(|(name, _)| (name, "on".to_owned()));
    texts.into_iter().chain(switches).map(|(name, text)| (name.to_owned(), text)).collect()
}

fn content(desk: &Desk, form: &Dials) -> String {
    let switches: String = SWITCHES.iter().map(|(name, label)| form.switch(name, label)).collect();
    let transactions: String = desk.book.transactions().rev().take(SHOWN).map(transaction_row).collect();
    let payouts: String = desk.book.iris.payouts.iter().rev().take(SHOWN).map(payout_row).collect();
    format!(
        r#"{trouble}<p>Jam Midtrans tiruan: <b>{now}</b></p>
<form method="post" action="{MOUNT}/kendali">
<fieldset class="dials"><legend>Pemberitahuan dan bank</legend>{switches}</fieldset>
{duplicate}{fee}{field}{value}
{answer}{status_answer}{http}
{minutes}{seed}
<button class="button">Terapkan</button>
</form>
<h2>Transaksi</h2>{transactions}
<h2>Payout</h2>{payouts}
<p><a href="{MOUNT}/simulator">Bayar tagihan</a></p>"#,
        trouble = form.trouble(""),
        now = page::moment(desk.now),
        duplicate = form.number("duplicate", "Salinan tambahan tiap pemberitahuan"),
        fee = form.number("fee", "Biaya yang ditambahkan ke pembeli, rupiah"),
        field = form.text("field", "Bidang pemberitahuan yang diubah"),
        value = form.text("value", "Isinya (kosong: bidang hilang)"),
        answer = form.choice("answer", "Jawaban semua panggilan", &ANSWERS),
        status_answer = form.choice("status_answer", "Jawaban Get Status", &ANSWERS),
        http = form.choice("http", "Kode HTTP jawaban", &LAYERS),
        minutes = form.number("minutes", "Majukan jam, menit"),
        seed = form.number("seed", "Benih acak baru (kosong: lanjutkan yang lama)"),
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
        r#"<form method="post" action="{MOUNT}/{action}"><input type="hidden" name="id" value="{id}">
{status}
<button class="button button--quiet">Ubah (sekarang: {now})</button></form>"#
    )
}
