//! `/kelola/kasir/sif/{id}`: the sheet of one shift, and closing it by counting when its till cannot.
use std::collections::BTreeMap;

use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};
use chrono::{DateTime, Utc};
use serde::Serialize;

use super::shifts::Names;
use crate::{
    accounts::visit::{Operator, done},
    app::App,
    db,
    error::{Error, Result},
    form::{Form, FormView, Wrong},
    ledger::{self, Book},
    locale::{self, Said},
    outlet::till::{
        drawer,
        sheet::{self, Goods, Of, Sheet},
        shift::{self, Model, Speaker},
        told,
    },
    page::{Page, Sample, samples as drawn},
};
use entity::{Rupiah, item::Measure, shift_cash::Way};

/// Notes and coins, the largest first, in rupiah, each with the name of its field.
const NOTES: [(i64, &str); 11] = [
    (100_000, "n100000"),
    (50_000, "n50000"),
    (20_000, "n20000"),
    (10_000, "n10000"),
    (5_000, "n5000"),
    (2_000, "n2000"),
    (1_000, "n1000"),
    (500, "n500"),
    (200, "n200"),
    (100, "n100"),
    (50, "n50"),
];

#[derive(Default, Serialize)]
struct ShiftPage {
    id: i64,
    till: String,
    opened_by: String,
    opened_at: DateTime<Utc>,
    float: Option<Rupiah>,
    sheet: Sheet,
    goods: Vec<GoodsRow>,
    passed: Vec<Passed>,
    closed_by: Option<String>,
    closed_at: Option<DateTime<Utc>>,
    notes: Vec<(i64, i64)>,
    expected: Rupiah,
    counted: Option<Rupiah>,
    difference: Rupiah,
    missing: bool,
    explanation: Option<String>,
    coins: Vec<(i64, &'static str)>,
    form: FormView,
}

#[derive(Clone, Serialize)]
pub(super) struct GoodsRow {
    pub name: String,
    pub quantity: String,
    pub amount: Rupiah,
}

impl From<&Goods> for GoodsRow {
    fn from(goods: &Goods) -> GoodsRow {
        GoodsRow {
            name: goods.name.clone(),
            quantity: locale::quantity(goods.measure, goods.quantity),
            amount: goods.amount,
        }
    }
}

#[derive(Serialize)]
struct Passed {
    word: &'static str,
    amount: Rupiah,
    reason: String,
    at: DateTime<Utc>,
}

/// A sheet to draw pages with.
pub(super) fn example() -> Sheet {
    Sheet {
        sales: 42,
        sold: Rupiah(1_234_500),
        cash: Rupiah(1_034_500),
        qris: Rupiah(100_000),
        bansos: Rupiah(60_000),
        account: Rupiah(40_000),
        returns: 1,
        back_cash: Rupiah(12_500),
        back_account: Rupiah::ZERO,
        back_card: Rupiah::ZERO,
        debts: Rupiah(25_000),
        put_in: Rupiah::ZERO,
        taken_out: Rupiah(500_000),
        spent: Rupiah(8_000),
        goods: vec![Goods {
            name: "Beras medium".into(),
            measure: Measure::Gram,
            quantity: 31_500,
            amount: Rupiah(425_000),
        }],
    }
}

impl Page for ShiftPage {
    const TEMPLATE: &'static str = "outlet/till_shift.html";
    fn samples() -> Vec<ShiftPage> {
        let page = || ShiftPage {
            id: 7,
            till: "HP Bu Siti Aminah".into(),
            opened_by: "Bu Siti Aminah".into(),
            opened_at: DateTime::<Utc>::UNIX_EPOCH,
            float: Some(Rupiah(200_000)),
            goods: example().goods.iter().map(GoodsRow::from).collect(),
            sheet: example(),
            passed: vec![Passed {
                word: "shift.way_spent",
                amount: Rupiah(8_000),
                reason: "Kantong plastik".into(),
                at: DateTime::<Utc>::UNIX_EPOCH,
            }],
            coins: NOTES.to_vec(),
            ..ShiftPage::default()
        };
        let closed = ShiftPage {
            closed_by: Some("Pak Hasan".into()),
            closed_at: Some(DateTime::<Utc>::UNIX_EPOCH),
            notes: vec![(100_000, 4), (2_000, 6)],
            expected: Rupiah(414_000),
            counted: Some(Rupiah(412_000)),
            difference: Rupiah(2_000),
            missing: true,
            explanation: Some("Salah kembalian".into()),
            ..page()
        };
        vec![page(), closed]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    drawn::<ShiftPage>()
}

/// `GET /kelola/kasir/sif/{id}`
pub(super) async fn show(operator: Operator, id: Path<i64>, app: Data<App>) -> Result<HttpResponse> {
    draw(&operator, &app, *id, StatusCode::OK, FormView::default()).await
}

async fn draw(operator: &Operator, app: &App, id: i64, status: StatusCode, form: FormView) -> Result<HttpResponse> {
    let one = shift::read(&app.db, operator.outlet.id, id).await?;
    let names = Names::of(app, std::slice::from_ref(&one)).await?;
    let sheet = sheet::of(&app.db, Of::Shift(id)).await?;
    let difference = shift::difference(&one).unwrap_or_default();
    let passed = drawer::of_shift(&app.db, id).await?.into_iter().map(|cash| Passed {
        word: match cash.way {
            Way::In => "shift.way_in",
            Way::Out => "shift.way_out",
            Way::Spent => "shift.way_spent",
        },
        amount: cash.amount,
        reason: cash.reason,
        at: cash.at,
    });
    let page = ShiftPage {
        id,
        till: names.till(&one),
        opened_by: names.person(one.opened_by),
        opened_at: one.opened_at,
        float: one.float,
        goods: sheet.goods.iter().map(GoodsRow::from).collect(),
        passed: passed.collect(),
        closed_by: one.closed_by.map(|id| names.person(id)),
        closed_at: one.closed_at,
        notes: notes(&one),
        expected: one.expected.unwrap_or_default(),
        counted: one.counted,
        difference: Rupiah(difference.0.abs()),
        missing: difference < Rupiah::ZERO,
        explanation: one.explanation.clone(),
        coins: NOTES.to_vec(),
        sheet,
        form,
    };
    operator.visit.page_with(status, &app.templates, &page)
}

/// What was counted, the largest first.
fn notes(one: &Model) -> Vec<(i64, i64)> {
    let counted: BTreeMap<String, i64> =
        one.notes.clone().and_then(|notes| serde_json::from_value(notes).ok()).unwrap_or_default();
    let mut notes: Vec<(i64, i64)> =
        counted.iter().filter_map(|(value, n)| Some((value.parse().ok()?, *n))).filter(|(_, n)| *n > 0).collect();
    notes.sort_by_key(|(value, _)| std::cmp::Reverse(*value));
    notes
}

fn typed(form: &Form, expected: Rupiah, key: &str) -> Result<told::Close, Wrong> {
    let mut reader = form.read();
    let mut counts = BTreeMap::new();
    let mut sum = 0;
    for (value, name) in NOTES {
        let n = reader.optional_number(name, 0, 100_000).unwrap_or(0);
        sum += value * n;
        if n > 0 {
            counts.insert(value.to_string(), n);
        }
    }
    let explanation = reader.optional("explanation", 200);
    if !reader.is_refused() && Rupiah(sum) != expected && explanation.is_none() {
        let difference = Rupiah((sum - expected.0).abs());
        reader.refuse("explanation", Said::new("shift.explain").with("amount", difference));
    }
    reader.done(told::Close { shift: key.to_owned(), notes: counts, counted: Rupiah(sum), explanation })
}

/// `POST /kelola/kasir/sif/{id}/tutup`: counted by hand, by whoever is there; only one person closes it.
pub(super) async fn close(operator: Operator, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let here = format!("/kelola/kasir/sif/{id}");
    // In this order: a drawer that somebody closed in between is not judged by what it holds now.
    let expected = ledger::balance(&app.db, Book::Drawer(*id)).await?;
    let one = shift::read(&app.db, operator.outlet.id, *id).await?;
    if one.closed_at.is_some() {
        return Ok(done(&here, "shift.closed_already"));
    }
    let told = match typed(&form, expected, &one.key) {
        Ok(told) => told,
        Err(wrong) => {
            let view = FormView::new(&form, &wrong, app.templates.words(), operator.visit.lang);
            return draw(&operator, &app, *id, StatusCode::UNPROCESSABLE_ENTITY, view).await;
        }
    };
    let tx = db::begin(&app.db).await?;
    let at = app.clock.now();
    let speaker = Speaker { device_id: one.device_id.unwrap_or_default(), person_id: operator.person_id, at };
    match shift::close(&tx, &app.clock, &operator.outlet, &told, speaker).await {
        Ok(_) => {
            tx.commit().await?;
            Ok(done(&here, "shift.was_closed"))
        }
        Err(Error::Refused(_)) => Ok(done(&here, "shift.closed_already")),
        Err(e) => Err(e),
    }
}
