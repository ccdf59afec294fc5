//! The frame all pages for people share. Whoever sees it must know at once that no money moves.
use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
};
use chrono::{DateTime, Datelike, Utc};
use entity::Rupiah;
use qrcode::{EcLevel, QrCode, render::svg};

use super::{MOUNT, transaction::jakarta};

const MONTHS: [&str; 12] = [
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
];

/// Makes text harmless inside HTML, also between quotes.
pub(super) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
    }
    safe
}

/// A whole page around `content`, which is HTML already.
pub(super) fn page(status: StatusCode, title: &str, content: &str) -> HttpResponse {
    let title = escape(title);
    let html = format!(
        r#"<!doctype html>
<html lang="id">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="robots" content="noindex">
<title>{title} · bukan uang sungguhan</title>
<link rel="stylesheet" href="{MOUNT}/gaya.css">
</head>
<body>
<aside class="warning" aria-label="Peringatan">Bukan uang sungguhan</aside>
<header class="top">
<p class="top__name">Midtrans tiruan</p>
<p class="top__what">Halaman latihan. Tidak ada uang yang berpindah.</p>
</header>
<div class="band"></div>
<main>
<h1>{title}</h1>
{content}
</main>
</body>
</html>
"#
    );
    HttpResponse::build(status)
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(html)
}

/// Answers a form by sending the browser on, so that a reload does not send the form again.
pub(super) fn see_other(location: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((header::LOCATION, location)).finish()
}

/// One file for all pages.
pub(super) async fn stylesheet() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/css; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "max-age=3600"))
        .body(include_str!("style.css"))
}

/// What, to whom, how much: the head of every bill.
pub(super) fn bill(order_id: &str, customer: Option<&str>, gross: i64) -> String {
    let customer = customer.map(|name| format!("<dt>Pembeli</dt><dd>{}</dd>", escape(name))).unwrap_or_default();
    format!(
        r#"<p class="amount">{}</p>
<dl class="facts"><dt>Nomor pesanan</dt><dd>{}</dd>{customer}</dl>"#,
        Rupiah(gross),
        escape(order_id)
    )
}

/// A code that a camera can read. Nothing if the text does not fit one.
pub(super) fn qr(text: &str) -> String {
    let Ok(code) = QrCode::with_error_correction_level(text, EcLevel::M) else { return String::new() };
    let svg = code.render::<svg::Color>().min_dimensions(220, 220).build();
    // Inside a page the drawing needs no declaration of its own.
    let svg = svg.split_once("?>").map_or(svg.as_str(), |(_, drawing)| drawing).to_owned();
    format!(r#"<div class="qr" role="img" aria-label="Kode QRIS">{svg}</div>"#)
}

/// `1 Januari 2026 pukul 10.15 WIB`.
pub(super) fn moment(at: DateTime<Utc>) -> String {
    let month = jakarta(at, "%m").parse::<usize>().unwrap_or(at.month() as usize);
    let month = MONTHS.get(month.wrapping_sub(1)).unwrap_or(&"");
    format!("{} {month} {} pukul {} WIB", jakarta(at, "%-d"), jakarta(at, "%Y"), jakarta(at, "%H.%M"))
}

/// Digits in groups of four, easier to read aloud and to type.
pub(super) fn grouped(digits: &str) -> String {
    digits.as_bytes().chunks(4).map(|group| String::from_utf8_lossy(group).into_owned()).collect::<Vec<_>>().join(" ")
}
