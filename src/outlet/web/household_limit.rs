//! `/desa/batas`: what a family may have of goods that the state pays for; the village officer adds rows.
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{self, Data},
};
use chrono::NaiveDate;
use serde::Serialize;

use super::{payout_acts::status_of, perform::perform};
use crate::{
    accounts::visit::{VillageOfficer, done},
    app::App,
    error::{Error, Result},
    form::{self, Form, FormView, Wrong},
    outlet::household_limit::{self, Model, NewLimit},
    page::{self, Page, Sample},
    prices::{added, limit, reference::Force},
};

const HERE: &str = "/desa/batas";

/// Routes of this page.
pub(super) fn configure(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource(HERE).get(list).post(add));
}

pub(super) fn samples() -> Vec<Sample> {
    page::samples::<HouseholdLimitsPage>()
}

#[derive(Default, Serialize)]
struct HouseholdLimitsPage {
    rows: Vec<Row>,
    commodities: Vec<String>,
    today: NaiveDate,
    form: FormView,
}

#[derive(Serialize)]
struct Row {
    commodity: String,
    most: String,
    days: i64,
    from: NaiveDate,
    to: Option<NaiveDate>,
    instrument: String,
    source: String,
    state: &'static str,
    badge: &'static str,
}

impl Page for HouseholdLimitsPage {
    const TEMPLATE: &'static str = "outlet/household_limits.html";
    fn samples() -> Vec<HouseholdLimitsPage> {
        let row = |to, (state, badge)| Row {
            commodity: "beras SPHP".into(),
            most: "25".into(),
            days: 1,
            from: NaiveDate::default(),
            to,
            instrument: "SPHP".into(),
            source: "diumumkan 15 Januari 2026".into(),
            state,
            badge,
        };
        let rows = vec![
            row(None, ("household_limit.now", "")),
            row(Some(NaiveDate::default()), ("household_limit.before", "off")),
        ];
        let full = HouseholdLimitsPage { rows, commodities: vec!["beras SPHP".into()], ..Default::default() };
        vec![HouseholdLimitsPage::default(), full]
    }
}

async fn draw(
    officer: &VillageOfficer,
    app: &App,
    village_id: i64,
    status: StatusCode,
    form: FormView,
) -> Result<HttpResponse> {
    let (rows, today) = (household_limit::rows(&app.db, village_id).await?, app.clock.today());
    let rules = household_limit::by_commodity(&rows);
    let standing = |row: &Model| {
        let rule = rules.get(&row.commodity).and_then(|limits| limit::on(limits, today));
        let is_it = |rule: &limit::Limit| {
            rule.valid_from == row.valid_from && rule.most == row.most && rule.valid_to == row.valid_to
        };
        match rule {
            Some(rule) if is_it(rule) => ("household_limit.now", ""),
            _ if row.valid_from > today => ("household_limit.later", "wait"),
            _ => ("household_limit.before", "off"),
        }
    };
    let view = |row: &Model| {
        let (state, badge) = standing(row);
        Row {
            commodity: row.commodity.clone(),
            most: page::kilograms(row.most),
            days: row.days,
            from: row.valid_from,
            to: row.valid_to,
            instrument: row.instrument.clone(),
            source: row.source.clone(),
            state,
            badge,
        }
    };
    let mut lines: Vec<Row> = rows.iter().map(view).collect();
    lines.sort_by(|a, b| (&a.commodity, b.from).cmp(&(&b.commodity, a.from)));
    let page = HouseholdLimitsPage { rows: lines, commodities: commodities(app, village_id).await?, today, form };
    officer.visit.page_with(status, &app.templates, &page)
}

/// What the rows of the law speak of in a village.
async fn commodities(app: &App, village_id: i64) -> Result<Vec<String>> {
    let rows = added::rows(&app.db, village_id).await?;
    let mut names: Vec<String> =
        rows.into_iter().filter(|row| row.force != Force::Trade).map(|row| row.commodity).collect();
    names.sort();
    names.dedup();
    Ok(names)
}

fn village_of(officer: &VillageOfficer) -> Result<i64> {
    officer.role.village_id.ok_or(Error::Forbidden)
}

/// `GET /desa/batas`
async fn list(officer: VillageOfficer, app: Data<App>) -> Result<HttpResponse> {
    let form = Form::of([("barang", "beras SPHP"), ("hari", "1"), ("dasar", "SPHP")]);
    draw(&officer, &app, village_of(&officer)?, StatusCode::OK, FormView::blank(&form)).await
}

/// `POST /desa/batas`
async fn add(officer: VillageOfficer, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let village_id = village_of(&officer)?;
    let names = commodities(&app, village_id).await?;
    let mut reader = form.read();
    let commodity = reader.choice("barang", |text| names.iter().find(|name| *name == text).cloned());
    let most = reader.number("paling_banyak", 1, household_limit::MOST / 1_000);
    let days = reader.number("hari", 1, household_limit::MOST_DAYS);
    let valid_from = reader.choice("mulai", form::day);
    let valid_to = (!form.get("sampai").is_empty()).then(|| reader.choice("sampai", form::day)).flatten();
    let (instrument, source) = (reader.text("dasar", 80), reader.text("sumber", 200));
    let new = commodity.zip(valid_from).map(|(commodity, valid_from)| NewLimit {
        commodity,
        most: most * 1_000,
        days,
        valid_from,
        valid_to,
        instrument,
        source,
    });
    let (status, wrong) = match reader.done(new) {
        Err(wrong) => (StatusCode::UNPROCESSABLE_ENTITY, wrong),
        Ok(None) => return Err(Error::NotFound),
        Ok(Some(new)) => {
            let scope = format!("household_limit {village_id}");
            let added = perform(&app, &form, &scope, async |tx| {
                household_limit::add(tx, &app.clock, village_id, &new, officer.person_id).await?;
                Ok(HERE.to_owned())
            });
            match added.await {
                Ok(url) => return Ok(done(&url, "household_limit.added")),
                Err(Error::Refused(refusal)) => {
                    let field = match refusal.said.key {
                        "household_limit.not_from" => "mulai",
                        "household_limit.not_to" => "sampai",
                        _ => "paling_banyak",
                    };
                    (status_of(&refusal), Wrong::refusal(field, refusal))
                }
                Err(e) => return Err(e),
            }
        }
    };
    let view = FormView::new(&form, &wrong, app.templates.words(), officer.visit.lang);
    draw(&officer, &app, village_id, status, view).await
}
