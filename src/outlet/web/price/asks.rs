//! `/kelola/harga/izin`: prices above the ceiling that wait for a second person.
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};
use chrono::NaiveDate;
use serde::Serialize;

use super::{
    per,
    sheet::{self, Shown},
};
use crate::{
    accounts::visit::{PriceJudge, Treasurer, done},
    app::App,
    catalogue::price::{MAX, MIN},
    db,
    error::{Error, Result},
    form::{self, Form, FormView, Wrong},
    locale::Said,
    once,
    outlet::{
        price,
        price_ceiling::Law,
        price_good,
        price_override::{self, Decision},
    },
    page::{self, Page, Sample, see_other},
};
use entity::Rupiah;

const ASKS: &str = "/kelola/harga/izin";

#[derive(Default, Serialize)]
struct AsksPage {
    asks: Vec<Ask>,
    outlet: String,
    wrong: String,
}

#[derive(Clone, Serialize)]
struct Ask {
    id: i64,
    name: String,
    price: Rupiah,
    now: Rupiah,
    per: &'static str,
    most: Option<Rupiah>,
    instrument: String,
    reason: String,
    who: String,
    until: NaiveDate,
    is_own: bool,
}

impl Page for AsksPage {
    const TEMPLATE: &'static str = "outlet/price_asks.html";
    fn samples() -> Vec<AsksPage> {
        let ask = Ask {
            id: 3,
            name: "Beras medium curah".into(),
            price: Rupiah(14_000),
            now: Rupiah(13_500),
            per: "papan.per_kg",
            most: Some(Rupiah(13_500)),
            instrument: "Perbadan 299/2025".into(),
            reason: "jalan putus, ongkos naik".into(),
            who: "Bu Siti Aminah".into(),
            until: NaiveDate::default(),
            is_own: false,
        };
        let own = Ask { is_own: true, ..ask.clone() };
        let full =
            AsksPage { asks: vec![ask, own], outlet: "e-Warong Kemuning Lor".into(), wrong: "Sudah dijawab".into() };
        vec![AsksPage::default(), full]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    page::samples::<AsksPage>()
}

/// `GET /kelola/harga/izin`
pub async fn list(judge: PriceJudge, app: Data<App>) -> Result<HttpResponse> {
    draw(&judge, &app, StatusCode::OK, String::new()).await
}

async fn draw(judge: &PriceJudge, app: &App, status: StatusCode, wrong: String) -> Result<HttpResponse> {
    let (db, outlet, today) = (&app.db, &judge.outlet, app.clock.today());
    let law = Law::of(db, outlet).await?;
    let waiting = price_override::waiting(db, outlet.id, today).await?;
    let names = sheet::names(db, waiting.iter().map(|row| row.asked_by).collect()).await?;
    let mut asks = Vec::with_capacity(waiting.len());
    for row in waiting {
        let good = match price_good::read(db, outlet.id, row.item_id).await {
            Err(Error::NotFound) => continue,
            read => read?,
        };
        let bounds = law.bounds(&good, today);
        asks.push(Ask {
            id: row.id,
            name: good.name(),
            price: row.price,
            now: good.item.price,
            per: per(&good),
            most: bounds.most(&good),
            instrument: bounds.ceiling.map(|row| row.instrument).unwrap_or_default(),
            reason: row.reason,
            who: names.get(&row.asked_by).cloned().unwrap_or_default(),
            until: row.valid_until,
            is_own: row.asked_by == judge.person_id,
        });
    }
    let page = AsksPage { asks, outlet: outlet.name.clone(), wrong };
    judge.visit.page_with(status, &app.templates, &page)
}

/// `POST /kelola/harga/izin/{id}/setuju`
pub async fn approve(judge: PriceJudge, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    decide(&judge, &app, *id, &form, Decision::Approved).await
}

/// `POST /kelola/harga/izin/{id}/tolak`
pub async fn refuse(judge: PriceJudge, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    decide(&judge, &app, *id, &form, Decision::Refused).await
}

async fn decide(judge: &PriceJudge, app: &App, id: i64, form: &Form, decision: Decision) -> Result<HttpResponse> {
    let (scope, hash) = (format!("price ask {id} {decision:?}"), form.content_hash());
    let tx = db::begin(&app.db).await?;
    if let Some(key) = form.request_key() {
        if let Some(answer) = once::answered(&tx, &scope, key, &hash).await? {
            return Ok(see_other(&answer));
        }
        once::remember(&tx, &app.clock, &scope, key, &hash, ASKS).await?;
    }
    match price_override::decide(&tx, &app.clock, &judge.outlet, judge.person_id, id, decision).await {
        Err(Error::Refused(refusal)) => {
            drop(tx);
            let wrong = app.say(judge.visit.lang, &refusal.said);
            draw(judge, app, StatusCode::CONFLICT, wrong).await
        }
        Err(e) => Err(e),
        Ok(()) => {
            tx.commit().await?;
            let said = if decision == Decision::Approved { "harga.approved" } else { "harga.refused" };
            Ok(done(ASKS, said))
        }
    }
}

/// `POST /kelola/harga/{item}/izin`
pub async fn ask(treasurer: Treasurer, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let good = price_good::read(&app.db, treasurer.outlet.id, *id).await?;
    let mut reader = form.read();
    let price = reader.rupiah("izin_harga", MIN.0, MAX.0);
    let until = reader.choice("izin_sampai", form::day).unwrap_or_default();
    let reason = reader.text("izin_alasan", 200);
    let now = good.item.price;
    if !reader.is_refused() && price::is_far_off(now, price) && form.get("izin_yakin") != price.0.to_string() {
        reader.refuse("izin_harga", Said::new("harga.doubt_far").with("old", now).with("new", price));
        reader.refuse("izin_yakin", Said::new("harga.sure").with("price", price));
    }
    let (status, wrong) = match reader.done(()) {
        Err(wrong) => (StatusCode::UNPROCESSABLE_ENTITY, wrong),
        Ok(()) => match asked(&treasurer, &app, *id, &form, (price, until), &reason).await {
            Err(Error::Refused(refusal)) => {
                let status = actix_web::ResponseError::status_code(&Error::Refused(refusal.clone()));
                let field = if refusal.said.key == "harga.until_when" { "izin_sampai" } else { "izin_harga" };
                (status, Wrong::refusal(field, refusal))
            }
            done => return done,
        },
    };
    // What stands, and over it what was asked.
    let mut shown = sheet::known(&app.db, &good).await?;
    for name in ["izin_harga", "izin_sampai", "izin_alasan"] {
        shown.set(name, form.get(name));
    }
    shown.set("izin_pasti", price.0.to_string());
    let view = FormView::new(&shown, &wrong, app.templates.words(), treasurer.visit.lang);
    sheet::again(&treasurer, &app, &good, (status, view, Shown::default())).await
}

async fn asked(
    treasurer: &Treasurer,
    app: &App,
    item_id: i64,
    form: &Form,
    wish: (Rupiah, NaiveDate),
    reason: &str,
) -> Result<HttpResponse> {
    let url = format!("/kelola/harga/{item_id}");
    let (scope, hash) = (format!("price ask of {item_id}"), form.content_hash());
    let tx = db::begin(&app.db).await?;
    if let Some(key) = form.request_key() {
        if let Some(answer) = once::answered(&tx, &scope, key, &hash).await? {
            return Ok(see_other(&answer));
        }
        once::remember(&tx, &app.clock, &scope, key, &hash, &url).await?;
    }
    price_override::ask(&tx, &app.clock, &treasurer.outlet, treasurer.person_id, item_id, wish, reason).await?;
    tx.commit().await?;
    Ok(done(&url, "harga.asked"))
}
