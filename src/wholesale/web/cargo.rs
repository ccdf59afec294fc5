//! `/kelola/kargo`: ships and trucks as the outlet hears of them.
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};
use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use serde::Serialize;

use super::{Tap, day, refused, status_of};
use crate::{
    accounts::visit::{Operator, done},
    app::App,
    clock, db,
    error::{Error, Result},
    form::{Form, FormView, Reader, Wrong},
    locale::Said,
    page::{self, Page, Sample},
    wholesale::shipment::{self, Kind, Wish},
};
use entity::Rupiah;

/// A ship or truck as pages show it.
#[derive(Clone, Serialize)]
pub(super) struct SailingView {
    pub id: i64,
    pub ship: bool,
    pub name: String,
    pub from: String,
    pub to: String,
    pub closes_at: DateTime<Utc>,
    pub departs_at: DateTime<Utc>,
    pub arrives_on: Option<NaiveDate>,
    pub per_kg: Rupiah,
    pub per_m3: Rupiah,
    pub note: Option<String>,
    pub cancelled: bool,
    pub open: bool,
}

impl SailingView {
    pub fn of(row: &shipment::Model, now: DateTime<Utc>) -> SailingView {
        SailingView {
            id: row.id,
            ship: row.kind == Kind::Ship,
            name: row.name.clone(),
            from: row.from_place.clone(),
            to: row.to_place.clone(),
            closes_at: row.closes_at,
            departs_at: row.departs_at,
            arrives_on: row.arrives_on,
            per_kg: row.per_kg,
            per_m3: row.per_m3,
            note: row.note.clone(),
            cancelled: row.cancelled_at.is_some(),
            open: shipment::takes_cargo(row, now),
        }
    }

    pub fn sample() -> SailingView {
        SailingView {
            id: 1,
            ship: true,
            name: "KM Dharma Rucitra".into(),
            from: "Surabaya".into(),
            to: "Balikpapan".into(),
            closes_at: DateTime::UNIX_EPOCH,
            departs_at: DateTime::UNIX_EPOCH,
            arrives_on: Some(NaiveDate::default()),
            per_kg: Rupiah(2_500),
            per_m3: Rupiah(450_000),
            note: Some("Gudang Pak Slamet".into()),
            cancelled: false,
            open: true,
        }
    }
}

#[derive(Serialize)]
struct CargoPage {
    rows: Vec<SailingView>,
    form: FormView,
}

impl Page for CargoPage {
    const TEMPLATE: &'static str = "wholesale/cargo.html";
    fn samples() -> Vec<CargoPage> {
        let off = SailingView { cancelled: true, open: false, ship: false, ..SailingView::sample() };
        let page = |rows| CargoPage { rows, form: FormView::default() };
        vec![page(vec![SailingView::sample(), off]), page(Vec::new())]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    page::samples::<CargoPage>()
}

/// `GET /kelola/kargo`
pub async fn list(operator: Operator, app: Data<App>) -> Result<HttpResponse> {
    draw(&operator, &app, StatusCode::OK, FormView::default()).await
}

async fn draw(operator: &Operator, app: &App, status: StatusCode, form: FormView) -> Result<HttpResponse> {
    let now = app.clock.now();
    // Those that left within a month stay in sight.
    let rows = shipment::coming(&app.db, operator.outlet.id, now - chrono::Duration::days(30)).await?;
    let page = CargoPage { rows: rows.iter().map(|row| SailingView::of(row, now)).collect(), form };
    operator.visit.page_with(status, &app.templates, &page)
}

/// A day and an hour in Jember as browsers send it: "2026-12-01T17:00".
fn moment(read: &mut Reader<'_>, name: &'static str) -> DateTime<Utc> {
    let text = read.get(name).to_owned();
    let at = NaiveDateTime::parse_from_str(&text, "%Y-%m-%dT%H:%M").ok();
    let at = at.and_then(|at| at.and_local_timezone(clock::wib()).single());
    match at {
        Some(at) => at.to_utc(),
        None => {
            let key = if text.is_empty() { "form.required" } else { "wholesale.not_a_day" };
            read.refuse(name, Said::new(key));
            DateTime::UNIX_EPOCH
        }
    }
}

fn read(form: &Form) -> Result<Wish, Wrong> {
    let mut read = form.read();
    let kind = read.choice("jenis", |text| match text {
        "kapal" => Some(Kind::Ship),
        "truk" => Some(Kind::Truck),
        _ => None,
    });
    let wish = Wish {
        kind: kind.unwrap_or(Kind::Ship),
        name: read.text("nama", 80),
        from_place: read.text("dari", 60),
        to_place: read.text("ke", 60),
        closes_at: moment(&mut read, "tutup"),
        departs_at: moment(&mut read, "berangkat"),
        arrives_on: day(&mut read, "tiba"),
        per_kg: price(&mut read, "per_kg"),
        per_m3: price(&mut read, "per_m3"),
        note: read.optional("catatan", 200),
    };
    read.done(wish)
}

fn price(read: &mut Reader<'_>, name: &'static str) -> Rupiah {
    if read.get(name).is_empty() { Rupiah::ZERO } else { read.rupiah(name, 0, 100_000_000) }
}

/// `POST /kelola/kargo`
pub async fn note(operator: Operator, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let (status, wrong) = match read(&form) {
        Err(wrong) => (StatusCode::UNPROCESSABLE_ENTITY, wrong),
        Ok(wish) => match keep(&operator, &app, &form, &wish).await {
            Err(Error::Refused(refusal)) => {
                let field = if refusal.said.key == "wholesale.no_cargo_price" { "per_kg" } else { "tutup" };
                (status_of(&refusal), Wrong::refusal(field, refusal))
            }
            answer => return answer,
        },
    };
    let view = refused(&operator.visit, &app, &form, &wrong);
    draw(&operator, &app, status, view).await
}

async fn keep(operator: &Operator, app: &App, form: &Form, wish: &Wish) -> Result<HttpResponse> {
    let tap = Tap::of(format!("sailing {}", operator.outlet.id), form);
    let tx = db::begin(&app.db).await?;
    if let Some(answer) = tap.before(&tx).await? {
        return Ok(answer);
    }
    shipment::note(&tx, &app.clock, &operator.outlet, wish, operator.person_id).await?;
    tap.keep(&tx, &app.clock, "/kelola/kargo").await?;
    tx.commit().await?;
    Ok(done("/kelola/kargo", "wholesale.sailing_noted"))
}

/// `POST /kelola/kargo/{id}/batal`
pub async fn cancel(operator: Operator, id: Path<i64>, _form: Form, app: Data<App>) -> Result<HttpResponse> {
    let tx = db::begin(&app.db).await?;
    shipment::cancel(&tx, &app.clock, &operator.outlet, *id, operator.person_id).await?;
    tx.commit().await?;
    Ok(done("/kelola/kargo", "wholesale.sailing_cancelled"))
}
