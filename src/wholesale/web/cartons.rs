//! `/kelola/pesanan/{id}/koli`: the cartons of an order, their notes on paper, the ship, and where it was seen.
use std::collections::BTreeMap;

use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path, Query},
};
use chrono::{DateTime, NaiveDate, Utc};
use entity::order_line;
use serde::{Deserialize, Serialize};

use super::{Tap, cargo::SailingView, day, refused, status_of};
use crate::{
    accounts::visit::{Operator, done},
    app::App,
    db,
    error::{Error, Result},
    form::{Form, FormView, Wrong, whole_number},
    gateway::qris::{Picture, draw as qr},
    locale::Said,
    orders::{docket::Docket, order as orders},
    page::{self, Page, Sample},
    wholesale::{
        carton::{self, Change, Packed},
        fill::Box,
        shipment::{self, Sighting},
    },
};

/// Pieces and what of.
#[derive(Clone, Serialize)]
pub(super) struct Content {
    pub line_id: i64,
    pub pieces: i64,
    /// The most that may lie here.
    pub most: i64,
    pub name: String,
}

/// A carton as pages show it.
#[derive(Clone, Serialize)]
pub(super) struct CartonView {
    pub id: i64,
    pub number: i64,
    pub secret: String,
    /// Centimetres.
    pub size: [i64; 3],
    pub grams: i64,
    pub contents: Vec<Content>,
    pub received_at: Option<DateTime<Utc>>,
}

pub(super) fn name_of(line: &order_line::Model) -> String {
    if line.item_name.is_empty() {
        line.product_name.clone()
    } else {
        format!("{}, {}", line.product_name, line.item_name)
    }
}

impl CartonView {
    pub fn of(packed: &Packed, lines: &[order_line::Model], left: &BTreeMap<i64, i64>) -> CartonView {
        let carton = &packed.carton;
        let inside = |id: i64| packed.lines.iter().filter(|(line, _)| *line == id).map(|(_, n)| n).sum::<i64>();
        let content = |line: &order_line::Model| Content {
            line_id: line.id,
            pieces: inside(line.id),
            most: inside(line.id) + left.get(&line.id).copied().unwrap_or(0),
            name: name_of(line),
        };
        CartonView {
            id: carton.id,
            number: carton.number,
            secret: carton.secret.clone(),
            size: [carton.length_mm, carton.width_mm, carton.height_mm].map(|mm| (mm + 5) / 10),
            grams: carton.weight_grams,
            contents: lines.iter().map(content).collect(),
            received_at: carton.received_at,
        }
    }

    pub fn sample() -> CartonView {
        let content = |line_id, pieces| Content { line_id, pieces, most: 12, name: "Keranjang sampah anyam".into() };
        CartonView {
            id: 1,
            number: 1,
            secret: "contoh".into(),
            size: [60, 40, 40],
            grams: 6_000,
            contents: vec![content(1, 10), content(2, 0)],
            received_at: Some(DateTime::UNIX_EPOCH),
        }
    }
}

/// Where an order was seen.
#[derive(Clone, Serialize)]
pub(super) struct NoteView {
    pub on: NaiveDate,
    pub place: String,
    pub said: String,
}

impl NoteView {
    pub fn of(row: &entity::tracking_note::Model) -> NoteView {
        NoteView { on: row.on_day, place: row.place.clone(), said: row.said.clone() }
    }

    pub fn sample() -> NoteView {
        NoteView { on: NaiveDate::default(), place: "Pelabuhan Surabaya".into(), said: "Sudah naik kapal".into() }
    }
}

#[derive(Serialize)]
struct CartonsPage {
    id: i64,
    number: String,
    buyer: String,
    cartons: Vec<CartonView>,
    /// Pieces in no carton yet.
    left: Vec<Content>,
    grams: i64,
    sailing: Option<SailingView>,
    sailings: Vec<SailingView>,
    notes: Vec<NoteView>,
    today: NaiveDate,
    open: bool,
    form: FormView,
}

#[derive(Serialize)]
struct CartonPage {
    id: i64,
    number: String,
    carton: CartonView,
    form: FormView,
}

/// What goes on one carton.
#[derive(Clone, Serialize)]
struct Slip {
    order: String,
    carton: CartonView,
    all: usize,
    qr: Option<Picture>,
    to: String,
    phone: String,
    address: Vec<String>,
    from: String,
    from_phone: String,
    from_address: String,
    sailing: Option<SailingView>,
}

#[derive(Serialize)]
struct SlipsPage {
    id: i64,
    size: &'static str,
    slips: Vec<Slip>,
}

impl Page for CartonsPage {
    const TEMPLATE: &'static str = "wholesale/cartons.html";
    fn samples() -> Vec<CartonsPage> {
        let content = CartonView::sample().contents.remove(0);
        let page = |full: bool| CartonsPage {
            id: 42,
            number: "K-2611-0042".into(),
            buyer: "Toko Rimba".into(),
            cartons: if full { vec![CartonView::sample()] } else { Vec::new() },
            left: if full { Vec::new() } else { vec![content.clone()] },
            grams: 36_000,
            sailing: full.then(SailingView::sample),
            sailings: vec![SailingView::sample()],
            notes: vec![NoteView::sample()],
            today: NaiveDate::default(),
            open: true,
            form: FormView::default(),
        };
        vec![page(true), page(false)]
    }
}

impl Page for CartonPage {
    const TEMPLATE: &'static str = "wholesale/carton_edit.html";
    fn samples() -> Vec<CartonPage> {
        vec![CartonPage {
            id: 42,
            number: "K-2611-0042".into(),
            carton: CartonView::sample(),
            form: FormView::default(),
        }]
    }
}

impl Page for SlipsPage {
    const TEMPLATE: &'static str = "wholesale/slips.html";
    fn samples() -> Vec<SlipsPage> {
        let slip = Slip {
            order: "K-2611-0042".into(),
            carton: CartonView::sample(),
            all: 6,
            qr: qr("http://localhost/koli/contoh"),
            to: "Toko Rimba".into(),
            phone: "6281300000006".into(),
            address: vec!["Jalan Mulawarman 77".into(), "Kota Samarinda".into()],
            from: "e-Warong Kemuning Lor".into(),
            from_phone: "6281200000001".into(),
            from_address: "Jalan Rembangan 12".into(),
            sailing: Some(SailingView::sample()),
        };
        let page = |size| SlipsPage { id: 42, size, slips: vec![slip.clone()] };
        vec![page("a6"), page("a4")]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    [page::samples::<CartonsPage>(), page::samples::<CartonPage>(), page::samples::<SlipsPage>()]
        .into_iter()
        .flatten()
        .collect()
}

fn home(id: i64) -> String {
    format!("/kelola/pesanan/{id}/koli")
}

/// `GET /kelola/pesanan/{id}/koli`
pub async fn show(operator: Operator, id: Path<i64>, app: Data<App>) -> Result<HttpResponse> {
    draw(&operator, &app, *id, StatusCode::OK, FormView::default()).await
}

async fn draw(operator: &Operator, app: &App, id: i64, status: StatusCode, form: FormView) -> Result<HttpResponse> {
    let docket = Docket::read(&app.db, operator.outlet.id, id).await?;
    let cartons = carton::of_order(&app.db, id).await?;
    let left = carton::left(&docket.lines, &cartons);
    let now = app.clock.now();
    let sailing = shipment::of_order(&app.db, id).await?;
    let ships = shipment::coming(&app.db, operator.outlet.id, now).await?;
    let loose = docket.lines.iter().filter_map(|line| {
        let pieces = left.get(&line.id).copied().filter(|pieces| *pieces > 0)?;
        Some(Content { line_id: line.id, pieces, most: pieces, name: name_of(line) })
    });
    let view = |packed: &Packed| {
        let mut view = CartonView::of(packed, &docket.lines, &left);
        view.contents.retain(|content| content.pieces > 0);
        view
    };
    let page = CartonsPage {
        id,
        number: docket.number(),
        buyer: docket.order.buyer_name.clone(),
        left: loose.collect(),
        grams: cartons.iter().map(|packed| packed.carton.weight_grams).sum(),
        cartons: cartons.iter().map(view).collect(),
        sailings: ships
            .iter()
            .filter(|ship| shipment::takes_cargo(ship, now))
            .filter(|ship| sailing.as_ref().is_none_or(|chosen| chosen.id != ship.id))
            .map(|ship| SailingView::of(ship, now))
            .collect(),
        sailing: sailing.as_ref().map(|ship| SailingView::of(ship, now)),
        notes: shipment::notes(&app.db, id).await?.iter().map(NoteView::of).collect(),
        today: app.clock.today(),
        open: docket.must_be_open().is_ok(),
        form,
    };
    operator.visit.page_with(status, &app.templates, &page)
}

/// An act on an order, with what it needs to know.
enum Act {
    Propose,
    Change(i64, Change),
    Choose(i64),
    Seen(Sighting),
}

/// Does an act once for each key of this form.
async fn perform(operator: &Operator, app: &App, id: i64, form: &Form, act: &Act) -> Result<HttpResponse> {
    let (clock, by) = (&app.clock, operator.person_id);
    let tx = db::begin(&app.db).await?;
    let docket = Docket::lock(&tx, operator.outlet.id, id).await?;
    let (scope, said) = match act {
        Act::Propose => ("cartons", "wholesale.cartons_made"),
        Act::Change(..) => ("carton", "wholesale.carton_changed"),
        Act::Choose(_) => ("sailing of", "wholesale.sailing_chosen"),
        Act::Seen(_) => ("seen", "wholesale.note_kept"),
    };
    let tap = Tap::of(format!("{scope} {id}"), form);
    if let Some(answer) = tap.before(&tx).await? {
        return Ok(answer);
    }
    match act {
        Act::Propose => carton::propose(&tx, clock, &docket, by).await?,
        Act::Change(carton_id, change) => carton::change(&tx, clock, &docket, *carton_id, change, by).await?,
        Act::Choose(sailing_id) => shipment::choose(&tx, clock, &docket, *sailing_id, by).await?,
        Act::Seen(sighting) => shipment::seen(&tx, clock, &docket, sighting, by).await?,
    }
    tap.keep(&tx, clock, &home(id)).await?;
    tx.commit().await?;
    Ok(done(&home(id), said))
}

async fn press(
    operator: &Operator,
    app: &App,
    id: i64,
    form: &Form,
    field: &'static str,
    act: Result<Act, Wrong>,
) -> Result<HttpResponse> {
    let (status, wrong) = match act {
        Err(wrong) => (StatusCode::UNPROCESSABLE_ENTITY, wrong),
        Ok(act) => match perform(operator, app, id, form, &act).await {
            Err(Error::Refused(refusal)) => (status_of(&refusal), Wrong::refusal(field, refusal)),
            answer => return answer,
        },
    };
    draw(operator, app, id, status, refused(&operator.visit, app, form, &wrong)).await
}

/// `POST /kelola/pesanan/{id}/koli`
pub async fn propose(operator: Operator, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    press(&operator, &app, *id, &form, "", Ok(Act::Propose)).await
}

/// `POST /kelola/pesanan/{id}/koli/kargo`
pub async fn choose(operator: Operator, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let mut read = form.read();
    let chosen = read.choice("kargo", |text| text.parse::<i64>().ok());
    press(&operator, &app, *id, &form, "kargo", read.done(Act::Choose(chosen.unwrap_or_default()))).await
}

/// `POST /kelola/pesanan/{id}/koli/jejak`
pub async fn seen(operator: Operator, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let mut read = form.read();
    let on = day(&mut read, "tanggal").unwrap_or_else(|| app.clock.today());
    let sighting = Sighting { on, place: read.text("tempat", 80), said: read.text("kabar", 300) };
    press(&operator, &app, *id, &form, "tanggal", read.done(Act::Seen(sighting))).await
}

/// `GET /kelola/pesanan/{id}/koli/{carton}`
pub async fn edit(operator: Operator, path: Path<(i64, i64)>, app: Data<App>) -> Result<HttpResponse> {
    draw_one(&operator, &app, path.0, path.1, StatusCode::OK, FormView::default()).await
}

async fn draw_one(
    operator: &Operator,
    app: &App,
    id: i64,
    carton_id: i64,
    status: StatusCode,
    form: FormView,
) -> Result<HttpResponse> {
    let docket = Docket::read(&app.db, operator.outlet.id, id).await?;
    let cartons = carton::of_order(&app.db, id).await?;
    let left = carton::left(&docket.lines, &cartons);
    let one = cartons.iter().find(|packed| packed.carton.id == carton_id).ok_or(Error::NotFound)?;
    let page = CartonPage { id, number: docket.number(), carton: CartonView::of(one, &docket.lines, &left), form };
    operator.visit.page_with(status, &app.templates, &page)
}

/// `POST /kelola/pesanan/{id}/koli/{carton}`
pub async fn change(operator: Operator, path: Path<(i64, i64)>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let (id, carton_id) = *path;
    let (status, wrong) = match read(&form) {
        Err(wrong) => (StatusCode::UNPROCESSABLE_ENTITY, wrong),
        Ok(change) => match perform(&operator, &app, id, &form, &Act::Change(carton_id, change)).await {
            Err(Error::Refused(refusal)) => (status_of(&refusal), Wrong::refusal("", refusal)),
            answer => return answer,
        },
    };
    draw_one(&operator, &app, id, carton_id, status, refused(&operator.visit, &app, &form, &wrong)).await
}

fn read(form: &Form) -> Result<Change, Wrong> {
    let mut read = form.read();
    let mut lines = Vec::new();
    for (name, typed) in form.pairs() {
        let Some(line) = name.strip_prefix("isi_").and_then(|id| id.parse::<i64>().ok()) else { continue };
        match if typed.trim().is_empty() { Some(0) } else { whole_number(typed.trim()) } {
            Some(pieces) => lines.push((line, pieces)),
            None => read.refuse("", Said::new("form.not_a_number")),
        }
    }
    let mut side = |name| read.number(name, 1, 500) * 10;
    let size = Box { length_mm: side("panjang"), width_mm: side("lebar"), height_mm: side("tinggi") };
    let weight_grams = grams(form.get("berat")).filter(|n| (1..=500_000).contains(n)).unwrap_or_else(|| {
        read.refuse("berat", Said::new("wholesale.not_a_weight"));
        0
    });
    read.done(Change { lines, size, weight_grams })
}

/// Kilograms as they are typed, "2,6", in grams.
fn grams(text: &str) -> Option<i64> {
    let (whole, rest) = text.trim().split_once([',', '.']).unwrap_or((text.trim(), ""));
    let places = format!("{rest:0<3}");
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(whole) || !is_number(&places) || whole.len() > 4 || places.len() > 3 {
        return None;
    }
    Some(whole.parse::<i64>().ok()? * 1_000 + places.parse::<i64>().ok()?)
}

/// The paper a note is for.
#[derive(Deserialize)]
pub struct Paper {
    #[serde(default)]
    kertas: String,
}

/// `GET /kelola/pesanan/{id}/koli/surat?kertas=a6|a4`
pub async fn notes(operator: Operator, id: Path<i64>, paper: Query<Paper>, app: Data<App>) -> Result<HttpResponse> {
    let docket = Docket::read(&app.db, operator.outlet.id, *id).await?;
    let cartons = carton::of_order(&app.db, *id).await?;
    let now = app.clock.now();
    let sailing = shipment::of_order(&app.db, *id).await?.map(|ship| SailingView::of(&ship, now));
    let (order, outlet) = (&docket.order, &docket.outlet);
    let place = orders::destination(order);
    let mut address: Vec<String> = order.street.iter().cloned().collect();
    if let Some(region) = place {
        address.push(format!("{}, {}", region.village, region.district));
        address.push(format!("{}, {}", region.regency, region.province));
    }
    let slip = |packed: &Packed| {
        let mut carton = CartonView::of(packed, &docket.lines, &BTreeMap::new());
        carton.contents.retain(|content| content.pieces > 0);
        Slip {
            order: docket.number(),
            qr: qr(&format!("{}/koli/{}", app.config.public_url, carton.secret)),
            carton,
            all: cartons.len(),
            to: order.buyer_name.clone(),
            phone: order.buyer_phone.clone(),
            address: address.clone(),
            from: outlet.name.clone(),
            from_phone: outlet.phone.clone(),
            from_address: outlet.address.clone(),
            sailing: sailing.clone(),
        }
    };
    let size = if paper.kertas == "a4" { "a4" } else { "a6" };
    let page = SlipsPage { id: *id, size, slips: cartons.iter().map(slip).collect() };
    operator.visit.page(&app.templates, &page)
}
