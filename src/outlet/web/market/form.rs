//! `/kelola/pasar/baru` and `/kelola/pasar/{id}/ubah`: where and when.
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};
use chrono::{DateTime, NaiveDate, NaiveTime, TimeZone, Utc};
use serde::Serialize;

use super::HERE;
use crate::{
    accounts::visit::{Operator, done},
    app::App,
    clock,
    error::{Error, Result},
    form::{self, Form, FormView, Wrong},
    outlet::{
        market::{self, NewMarket},
        web::{payout_acts::status_of, perform::perform},
    },
    page::{self, Page, Sample},
};

#[derive(Default, Serialize)]
struct MarketFormPage {
    /// Where the form is sent.
    here: String,
    back: String,
    form: FormView,
}

impl Page for MarketFormPage {
    const TEMPLATE: &'static str = "outlet/market_form.html";
    fn samples() -> Vec<MarketFormPage> {
        vec![MarketFormPage { here: "/kelola/pasar/baru".into(), back: HERE.into(), form: FormView::default() }]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    page::samples::<MarketFormPage>()
}

fn draw(operator: &Operator, app: &App, id: Option<i64>, status: StatusCode, form: FormView) -> Result<HttpResponse> {
    let page = match id {
        None => MarketFormPage { here: format!("{HERE}/baru"), back: HERE.into(), form },
        Some(id) => MarketFormPage { here: format!("{HERE}/{id}/ubah"), back: format!("{HERE}/{id}"), form },
    };
    operator.visit.page_with(status, &app.templates, &page)
}

/// `GET /kelola/pasar/baru`
pub(super) async fn blank(operator: Operator, app: Data<App>) -> Result<HttpResponse> {
    let form = Form::of([("mulai", "07:00"), ("selesai", "11:00"), ("menit", "30"), ("keluarga", "20")]);
    draw(&operator, &app, None, StatusCode::OK, FormView::blank(&form))
}

/// `GET /kelola/pasar/{id}/ubah`
pub(super) async fn edit(operator: Operator, id: Path<i64>, app: Data<App>) -> Result<HttpResponse> {
    let market = market::read(&app.db, operator.outlet.id, *id).await?;
    let local = |at: DateTime<Utc>, how: &str| at.with_timezone(&clock::wib()).format(how).to_string();
    let form = Form::of([
        ("nama", market.name.clone()),
        ("tempat", market.place.clone()),
        ("tanggal", local(market.opens_at, "%Y-%m-%d")),
        ("mulai", local(market.opens_at, "%H:%M")),
        ("selesai", local(market.closes_at, "%H:%M")),
        ("menit", market.slot_minutes.to_string()),
        ("keluarga", market.slot_families.to_string()),
        ("catatan", market.note.clone()),
    ]);
    draw(&operator, &app, Some(*id), StatusCode::OK, FormView::blank(&form))
}

fn read(form: &Form) -> Result<Option<NewMarket>, Wrong> {
    let mut reader = form.read();
    let name = reader.text("nama", 80);
    let place = reader.text("tempat", 120);
    let day = reader.choice("tanggal", form::day);
    let time = |text: &str| NaiveTime::parse_from_str(text.get(..5).unwrap_or(text), "%H:%M").ok();
    let from = reader.choice("mulai", time);
    let to = reader.choice("selesai", time);
    let slot_minutes = reader.number("menit", 5, 240);
    let slot_families = reader.number("keluarga", 1, 500);
    let note = reader.lines("catatan", 400).trim().to_owned();
    let at = |day: NaiveDate, time: NaiveTime| {
        clock::wib().from_local_datetime(&day.and_time(time)).single().map(|at| at.to_utc())
    };
    let window = day.zip(from.zip(to)).and_then(|(day, (from, to))| at(day, from).zip(at(day, to)));
    reader.done(window.map(|(opens_at, closes_at)| NewMarket {
        name,
        place,
        opens_at,
        closes_at,
        note,
        slot_minutes,
        slot_families,
    }))
}

/// `POST /kelola/pasar/baru`
pub(super) async fn make(operator: Operator, form: Form, app: Data<App>) -> Result<HttpResponse> {
    save(&operator, &app, &form, None).await
}

/// `POST /kelola/pasar/{id}/ubah`
pub(super) async fn change(operator: Operator, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    market::read(&app.db, operator.outlet.id, *id).await?;
    save(&operator, &app, &form, Some(*id)).await
}

async fn save(operator: &Operator, app: &App, form: &Form, id: Option<i64>) -> Result<HttpResponse> {
    let (status, wrong) = match read(form) {
        Err(wrong) => (StatusCode::UNPROCESSABLE_ENTITY, wrong),
        Ok(None) => return Err(Error::NotFound),
        Ok(Some(new)) => {
            let (outlet, by) = (&operator.outlet, operator.person_id);
            let scope = format!("market.plan {} {}", outlet.id, id.unwrap_or(0));
            let saved = perform(app, form, &scope, async |tx| {
                let id = match id {
                    Some(id) => market::change(tx, &app.clock, outlet, id, &new, by).await.map(|()| id)?,
                    None => market::plan(tx, &app.clock, outlet, &new, by).await?.id,
                };
                Ok(format!("{HERE}/{id}"))
            });
            match saved.await {
                Ok(url) => return Ok(done(&url, "market.saved")),
                Err(Error::Refused(refusal)) => {
                    let field = match refusal.said.key {
                        "market.window" => "selesai",
                        "market.day" => "tanggal",
                        "market.slots" => "menit",
                        _ => "",
                    };
                    (status_of(&refusal), Wrong::refusal(field, refusal))
                }
                Err(e) => return Err(e),
            }
        }
    };
    draw(operator, app, id, status, FormView::new(form, &wrong, app.templates.words(), operator.visit.lang))
}
