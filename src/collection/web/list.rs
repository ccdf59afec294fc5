//! `/kelola/setoran`: what was handed in today and on the days before, with what it came to.
use actix_web::{HttpResponse, web};
use chrono::{DateTime, Days, NaiveDate, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde::{Deserialize, Serialize};

use super::sheet::{self, Sheet};
use crate::{
    accounts::visit::Operator,
    app::App,
    clock,
    collection::pickup,
    error::Result,
    page::{Page, Sample, samples as drawn},
};
use entity::{intake, lot::Terms};

pub(super) fn samples() -> Vec<Sample> {
    drawn::<IntakesPage>()
}

/// So many days are on a page.
const DAYS: u64 = 7;

#[derive(Serialize)]
struct IntakesPage {
    outlet: String,
    days: Vec<Day>,
    /// Households whose goods wait to be collected.
    waiting: usize,
    /// The last day of the page before, for going on.
    before: NaiveDate,
    /// Whether this page ends today.
    now: bool,
}

#[derive(Serialize)]
struct Day {
    on: NaiveDate,
    households: usize,
    whole: i64,
    owed: i64,
    sheets: Vec<Sheet>,
}

impl Page for IntakesPage {
    const TEMPLATE: &'static str = "collection/intakes.html";

    fn samples() -> Vec<IntakesPage> {
        let sheets = vec![Sheet::sample(Terms::Bought), Sheet::sample(Terms::Consigned)];
        let page = |days, waiting, now| IntakesPage {
            outlet: "e-Warong Kemuning Lor".into(),
            days,
            waiting,
            before: NaiveDate::default(),
            now,
        };
        vec![page(vec![Day::of(NaiveDate::default(), sheets)], 3, false), page(Vec::new(), 0, true)]
    }
}

impl Day {
    fn of(on: NaiveDate, sheets: Vec<Sheet>) -> Day {
        let stands = || sheets.iter().filter(|sheet| sheet.reversed_at.is_none());
        let mut households: Vec<i64> = stands().map(|sheet| sheet.crafter_id).collect();
        households.sort_unstable();
        households.dedup();
        Day {
            on,
            households: households.len(),
            whole: stands().map(|sheet| sheet.whole).sum(),
            owed: stands().map(|sheet| sheet.owed).sum(),
            sheets,
        }
    }
}

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    sampai: String,
}

/// `GET /kelola/setoran`
pub(super) async fn show(operator: Operator, asked: web::Query<Asked>, app: web::Data<App>) -> Result<HttpResponse> {
    let today = app.clock.today();
    let asked = asked.sampai.parse::<NaiveDate>().ok().filter(|day| *day < today);
    let of_outlet = intake::Entity::find()
        .filter(intake::Column::OutletId.eq(operator.outlet.id))
        .order_by_desc(intake::Column::TakenAt)
        .order_by_desc(intake::Column::Id);
    // Weeks in which nothing came in are passed over.
    let until = of_outlet.clone().filter(intake::Column::TakenAt.lt(start_after(asked.unwrap_or(today))));
    let latest = until.clone().one(&app.db).await?;
    let last = latest.map_or(today, |latest| clock::local_date(latest.taken_at));
    let first = last.checked_sub_days(Days::new(DAYS - 1)).unwrap_or(last);
    let rows = until.filter(intake::Column::TakenAt.gte(clock::start_of(first))).all(&app.db).await?;
    let mut days: Vec<(NaiveDate, Vec<Sheet>)> = Vec::new();
    for sheet in sheet::of(&app.db, &rows).await? {
        let on = clock::local_date(sheet.taken_at);
        match days.last_mut().filter(|(day, _)| *day == on) {
            Some((_, sheets)) => sheets.push(sheet),
            None => days.push((on, vec![sheet])),
        }
    }
    let page = IntakesPage {
        outlet: operator.outlet.name.clone(),
        days: days.into_iter().map(|(on, sheets)| Day::of(on, sheets)).collect(),
        waiting: pickup::count(&app.db, operator.outlet.id).await?,
        before: first.pred_opt().unwrap_or(first),
        now: asked.is_none(),
    };
    operator.visit.page(&app.templates, &page)
}

fn start_after(day: NaiveDate) -> DateTime<Utc> {
    clock::start_of(day.checked_add_days(Days::new(1)).unwrap_or(day))
}
