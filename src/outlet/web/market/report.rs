//! `/kelola/pasar/{id}/laporan`: what an operasi pasar came to, as a page, on paper and as CSV.
use actix_web::{
    HttpResponse,
    web::{Data, Path},
};
use chrono::{DateTime, Utc};
use serde::Serialize;

use super::view::{MarketView, amount, hour};
use crate::{
    accounts::visit::BookReader,
    app::App,
    error::Result,
    outlet::market::{self, Good, Report, Sold, State},
    page::{self, Page, Sample},
};
use entity::{Rupiah, item::Measure};

#[derive(Serialize)]
struct MarketReportPage {
    market: MarketView,
    /// Whether the page of the market is for this reader, too.
    may_act: bool,
    families: i64,
    known: i64,
    tickets: i64,
    got_nothing: i64,
    refused: i64,
    over_families: i64,
    without_card: i64,
    takings: Rupiah,
    /// All that was sold by weight.
    kilos: String,
    dusun: Vec<DusunLine>,
    goods: Vec<SoldLine>,
}

#[derive(Serialize)]
struct DusunLine {
    name: String,
    reached: i64,
    known: i64,
    got_nothing: i64,
    part: i64,
}

#[derive(Serialize)]
struct SoldLine {
    name: String,
    sold: String,
    /// The same in kilograms or litres, of packs.
    weight: Option<String>,
    all: String,
    part: i64,
    families: i64,
    sold_out: Option<String>,
    too_much: Option<String>,
    families_over: i64,
    takings: Rupiah,
}

impl Page for MarketReportPage {
    const TEMPLATE: &'static str = "outlet/market_report.html";
    fn samples() -> Vec<MarketReportPage> {
        let line = |sold_out: Option<&str>| SoldLine {
            name: "Beras SPHP 5 kg".into(),
            sold: "400 buah".into(),
            weight: Some("2.000 kg".into()),
            all: "400 buah".into(),
            part: 100,
            families: 203,
            sold_out: sold_out.map(str::to_owned),
            too_much: sold_out.map(|_| "1 buah".into()),
            families_over: 1,
            takings: Rupiah(22_800_000),
        };
        let page = |goods, dusun| MarketReportPage {
            market: MarketView::sample(State::Closed),
            may_act: true,
            families: 203,
            known: 214,
            tickets: 210,
            got_nothing: 7,
            refused: 3,
            over_families: 1,
            without_card: 0,
            takings: Rupiah(22_800_000),
            kilos: "2.000 kg".into(),
            dusun,
            goods,
        };
        let dusun = DusunLine { name: "Krajan".into(), reached: 203, known: 214, got_nothing: 7, part: 94 };
        vec![page(vec![line(Some("10.40")), line(None)], vec![dusun]), page(Vec::new(), Vec::new())]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    page::samples::<MarketReportPage>()
}

/// `GET /kelola/pasar/{id}/laporan`
pub(super) async fn show(reader: BookReader, id: Path<i64>, app: Data<App>) -> Result<HttpResponse> {
    let market = market::read(&app.db, reader.outlet.id, *id).await?;
    let report = market::report(&app.db, reader.outlet.village_id, &market).await?;
    let words = |measure: Measure, quantity: i64| amount(&app, reader.visit.lang, measure, quantity);
    let weight = |good: &Good| good.content_sold().map(|sold| words(good.content_unit, sold));
    let line = |sold: &Sold| SoldLine {
        name: sold.good.name.clone(),
        sold: words(sold.good.measure, sold.good.sold),
        weight: weight(&sold.good).filter(|_| sold.good.measure == Measure::Piece),
        all: words(sold.good.measure, sold.good.allotted),
        part: (sold.good.sold * 100 / sold.good.allotted.max(1)).clamp(0, 100),
        families: sold.families,
        sold_out: sold.sold_out_at.map(hour),
        too_much: (sold.too_much > 0).then(|| words(sold.good.measure, sold.too_much)),
        families_over: sold.families_over,
        takings: sold.takings,
    };
    let grams = report.goods.iter().filter(|sold| sold.good.content_unit == Measure::Gram);
    let grams = grams.filter_map(|sold| sold.good.content_sold()).sum();
    let page = MarketReportPage {
        may_act: reader.may_act,
        kilos: words(Measure::Gram, grams),
        families: report.families,
        known: report.dusun.iter().map(|one| one.known).sum(),
        tickets: report.tickets,
        got_nothing: report.got_nothing,
        refused: report.refused,
        over_families: report.goods.iter().map(|sold| sold.families_over).sum(),
        without_card: report.without_card,
        takings: report.goods.iter().map(|sold| sold.takings).sum(),
        dusun: report
            .dusun
            .iter()
            .map(|one| DusunLine {
                name: one.dusun.clone(),
                reached: one.reached,
                known: one.known,
                got_nothing: one.got_nothing,
                part: one.reached * 100 / one.known.max(1),
            })
            .collect(),
        goods: report.goods.iter().map(line).collect(),
        market: MarketView::of(&market),
    };
    reader.visit.page(&app.templates, &page)
}

/// `GET /kelola/pasar/{id}/laporan.csv`
pub(super) async fn csv(reader: BookReader, id: Path<i64>, app: Data<App>) -> Result<HttpResponse> {
    let market = market::read(&app.db, reader.outlet.id, *id).await?;
    let report = market::report(&app.db, reader.outlet.village_id, &market).await?;
    let name = format!("operasi-pasar-{}.csv", market.id);
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header(("Content-Disposition", format!("attachment; filename=\"{name}\"")))
        .insert_header(("Cache-Control", "private, no-store"))
        .body(lines(&market, &report)))
}

/// One line a figure: the part of the report, what it is of, which figure, its value and unit. No names of people.
fn lines(market: &market::Model, report: &Report) -> String {
    let mut out = String::from("bagian,nama,ukuran,nilai,satuan\n");
    let mut put = |part: &str, name: &str, what: &str, value: String, unit: &str| {
        out += &format!("{part},{},{what},{value},{unit}\n", cell(name));
    };
    let time = |at: DateTime<Utc>| at.with_timezone(&crate::clock::wib()).format("%Y-%m-%d %H:%M").to_string();
    put("acara", &market.name, "mulai", time(market.opens_at), "WIB");
    put("acara", &market.name, "selesai", time(market.closes_at), "WIB");
    for (what, value) in
        [("terlayani", report.families), ("nomor_antrean", report.tickets), ("tidak_kebagian", report.got_nothing)]
    {
        put("acara", &market.name, what, value.to_string(), "keluarga");
    }
    put("acara", &market.name, "pembelian_kedua_ditolak", report.refused.to_string(), "kali");
    put("acara", &market.name, "dijual_tanpa_kartu", report.without_card.to_string(), "penjualan");
    for one in &report.dusun {
        put("dusun", &one.dusun, "terlayani", one.reached.to_string(), "keluarga");
        put("dusun", &one.dusun, "punya_kartu", one.known.to_string(), "keluarga");
        put("dusun", &one.dusun, "tidak_kebagian", one.got_nothing.to_string(), "keluarga");
    }
    for sold in &report.goods {
        let (name, unit) = (sold.good.name.as_str(), unit(sold.good.measure));
        put("barang", name, "jatah", sold.good.allotted.to_string(), unit);
        put("barang", name, "terjual", sold.good.sold.to_string(), unit);
        if let Some(content) = sold.good.content_sold() {
            put("barang", name, "isi_terjual", content.to_string(), self::unit(sold.good.content_unit));
        }
        put("barang", name, "keluarga", sold.families.to_string(), "keluarga");
        put("barang", name, "kelebihan_jatah", sold.too_much.to_string(), unit);
        put("barang", name, "uang_masuk", sold.takings.0.to_string(), "rupiah");
        put("barang", name, "habis", sold.sold_out_at.map(time).unwrap_or_default(), "WIB");
    }
    out
}

fn unit(measure: Measure) -> &'static str {
    match measure {
        Measure::Piece => "buah",
        Measure::Gram => "gram",
        Measure::Millilitre => "mililiter",
    }
}

/// A text as a cell; one that a spreadsheet would take for a formula is kept a text.
fn cell(text: &str) -> String {
    let text = text.replace('"', "\"\"");
    let guard = if text.starts_with(['=', '+', '-', '@']) { "'" } else { "" };
    format!("\"{guard}{text}\"")
}
