//! `/kelola/kasir/hari`: what all tills of an outlet came to on a day.
use actix_web::{
    HttpResponse,
    web::{Data, Query},
};
use chrono::{Days, NaiveDate};
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

use super::{
    shift::{GoodsRow, example},
    shifts::Names,
};
use crate::{
    accounts::visit::Operator,
    app::App,
    error::Result,
    form,
    outlet::till::{
        sheet::{self, Of, Sheet},
        shift,
    },
    page::{Page, Sample, samples as drawn},
};
use entity::Rupiah;

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default, deserialize_with = "day")]
    tanggal: Option<NaiveDate>,
}

/// A day of a year that no shop can have sold in is as wrong as one that is none.
fn day<'de, D: Deserializer<'de>>(typed: D) -> Result<Option<NaiveDate>, D::Error> {
    let text = String::deserialize(typed)?;
    form::day(&text).map(Some).ok_or_else(|| D::Error::custom("not a day"))
}

#[derive(Default, Serialize)]
struct DayPage {
    day: NaiveDate,
    before: NaiveDate,
    after: Option<NaiveDate>,
    outlet: String,
    sheet: Sheet,
    /// Given back, in cash, on accounts and to cards.
    back: Rupiah,
    goods: Vec<GoodsRow>,
    shifts: Vec<Row>,
    difference: Rupiah,
    missing: bool,
}

#[derive(Serialize)]
struct Row {
    id: i64,
    till: String,
    by: String,
    is_open: bool,
    difference: Rupiah,
    missing: bool,
}

impl Page for DayPage {
    const TEMPLATE: &'static str = "outlet/till_day.html";
    fn samples() -> Vec<DayPage> {
        let row = |id, is_open| Row {
            id,
            till: "HP Bu Siti Aminah".into(),
            by: "Bu Siti Aminah".into(),
            is_open,
            difference: Rupiah(2_000),
            missing: true,
        };
        let full = DayPage {
            outlet: "e-Warong Kemuning Lor".into(),
            goods: example().goods.iter().map(GoodsRow::from).collect(),
            sheet: example(),
            back: Rupiah(12_500),
            shifts: vec![row(1, false), row(2, true)],
            difference: Rupiah(2_000),
            missing: true,
            after: Some(NaiveDate::default()),
            ..DayPage::default()
        };
        vec![DayPage::default(), full]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    drawn::<DayPage>()
}

/// `GET /kelola/kasir/hari`
pub(super) async fn show(operator: Operator, asked: Query<Asked>, app: Data<App>) -> Result<HttpResponse> {
    let today = app.clock.today();
    let day = asked.tanggal.unwrap_or(today).min(today);
    let (outlet, db) = (&operator.outlet, &app.db);
    let sheet = sheet::of(db, Of::Day(outlet.id, day)).await?;
    let shifts = sheet::shifts_of(db, outlet.id, day).await?;
    let names = Names::of(&app, &shifts).await?;
    let whole: Rupiah = shifts.iter().filter_map(shift::difference).sum();
    let row = |one: &shift::Model| {
        let difference = shift::difference(one).unwrap_or_default();
        Row {
            id: one.id,
            till: names.till(one),
            by: names.person(one.closed_by.unwrap_or(one.opened_by)),
            is_open: one.closed_at.is_none(),
            difference: Rupiah(difference.0.abs()),
            missing: difference < Rupiah::ZERO,
        }
    };
    let page = DayPage {
        day,
        before: day.checked_sub_days(Days::new(1)).unwrap_or(day),
        after: day.checked_add_days(Days::new(1)).filter(|next| *next <= today),
        outlet: outlet.name.clone(),
        goods: sheet.goods.iter().map(GoodsRow::from).collect(),
        shifts: shifts.iter().map(row).collect(),
        difference: Rupiah(whole.0.abs()),
        missing: whole < Rupiah::ZERO,
        back: sheet.back_cash + sheet.back_account + sheet.back_card,
        sheet,
    };
    operator.visit.page(&app.templates, &page)
}
