//! `/kelola/harga/pasar`: what goods cost at the market, written down by whoever was there: an operator or an officer of
//! the village. The board shows it beside the price of the outlet.
use actix_web::{HttpResponse, http::StatusCode, web::Data};
use chrono::NaiveDate;
use serde::Serialize;

use super::{per_row, sheet::names};
use crate::{
    accounts::visit::PriceJudge,
    app::App,
    error::Result,
    form::{Form, FormView},
    outlet::{
        price_ceiling::Law,
        price_market::{self, Kind},
    },
    page::{self, Page, Sample},
    prices::{
        observation,
        reference::{Force, Per},
    },
};
use entity::Rupiah;

pub(super) const HERE: &str = "/kelola/harga/pasar";
/// So many lines of what was written down are shown.
const MOST_SHOWN: u64 = 40;

#[derive(Default, Serialize)]
struct SeenPage {
    rows: Vec<Row>,
    surveys: Vec<SurveyView>,
    places: Vec<String>,
    /// So many days the board shows a price.
    fresh_days: u64,
    form: FormView,
}

/// Something that is sold here and has a market price.
#[derive(Clone, Serialize)]
struct Row {
    field: String,
    /// The field of the yes to an odd price.
    yes: String,
    commodity: String,
    cover: Option<String>,
    per: &'static str,
    /// What was seen last.
    last: Option<Last>,
    /// What it costs here for the same measure, at its cheapest.
    ours: Rupiah,
    ceiling: Option<Rupiah>,
    wrong: String,
    /// A price that is far from the last: whether it is meant so is asked about this number.
    odd: Option<Rupiah>,
}

#[derive(Clone, Serialize)]
struct Last {
    price: Rupiah,
    /// The sentence for it, and how many days ago it was.
    key: &'static str,
    days: i64,
    /// The market asks more than the law lets it.
    is_above: bool,
}

/// What somebody wrote down of one market on one day.
#[derive(Clone, Serialize)]
struct SurveyView {
    place: String,
    on: NaiveDate,
    who: String,
    lines: Vec<Line>,
}

#[derive(Clone, Serialize)]
struct Line {
    id: i64,
    commodity: String,
    price: Rupiah,
    per: &'static str,
    is_withdrawn: bool,
}

impl Page for SeenPage {
    const TEMPLATE: &'static str = "outlet/price_seen.html";
    fn samples() -> Vec<SeenPage> {
        let last = Last { price: Rupiah(14_000), key: "harga.seen_before", days: 3, is_above: true };
        let rice = Row {
            field: "h beras medium kg".into(),
            yes: "y beras medium kg".into(),
            commodity: "beras medium".into(),
            cover: None,
            per: "papan.per_kg",
            last: Some(last),
            ours: Rupiah(13_300),
            ceiling: Some(Rupiah(13_500)),
            wrong: String::new(),
            odd: Some(Rupiah(140_000)),
        };
        let oil = Row {
            last: None,
            ceiling: None,
            wrong: "Tulis angka".into(),
            odd: None,
            per: "papan.per_litre",
            ..rice.clone()
        };
        let line = Line {
            id: 3,
            commodity: "beras medium".into(),
            price: Rupiah(14_000),
            per: "papan.per_kg",
            is_withdrawn: false,
        };
        let survey = SurveyView {
            place: "Pasar Arjasa".into(),
            on: NaiveDate::default(),
            who: "Pak Hariyanto".into(),
            lines: vec![line.clone(), Line { is_withdrawn: true, ..line }],
        };
        let full = SeenPage {
            rows: vec![rice, oil],
            surveys: vec![survey],
            places: vec!["Pasar Arjasa".into()],
            ..SeenPage::default()
        };
        vec![SeenPage::default(), full]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    page::samples::<SeenPage>()
}

impl From<&observation::Model> for Line {
    fn from(row: &observation::Model) -> Line {
        Line {
            id: row.id,
            commodity: row.commodity.clone(),
            price: row.price,
            per: per_row(row.per.into()),
            is_withdrawn: row.withdrawn_at.is_some(),
        }
    }
}

/// The field of a kind in the form; with another letter, the one of the yes to an odd price.
pub(super) fn field_of(letter: &str, kind: &Kind) -> String {
    format!("{letter} {} {}", kind.commodity, if kind.per == Per::Kilogram { "kg" } else { "l" })
}

/// What is on the page beside what was typed: the goods, and the price known last of each.
pub(super) struct Ground {
    pub kinds: Vec<Kind>,
    known: Vec<observation::Model>,
}

impl Ground {
    pub async fn read(app: &App, village_id: i64) -> Result<Ground> {
        let known = observation::known(&app.db, village_id, app.clock.today()).await?;
        Ok(Ground { kinds: price_market::kinds(&app.db, village_id).await?, known })
    }

    pub fn last(&self, kind: &Kind) -> Option<&observation::Model> {
        self.known.iter().find(|row| kind.is_of(row))
    }
}

/// `GET /kelola/harga/pasar`
pub async fn list(judge: PriceJudge, app: Data<App>) -> Result<HttpResponse> {
    let ground = Ground::read(&app, judge.outlet.village_id).await?;
    let places = observation::places(&app.db, judge.outlet.village_id).await?;
    let place = places.into_iter().next().unwrap_or_default();
    let form = Form::of([("pasar", place), ("tanggal", app.clock.today().to_string())]);
    draw(&judge, &app, &ground, StatusCode::OK, FormView::blank(&form), &[]).await
}

pub(super) async fn draw(
    judge: &PriceJudge,
    app: &App,
    ground: &Ground,
    status: StatusCode,
    form: FormView,
    odd: &[(String, Rupiah)],
) -> Result<HttpResponse> {
    let (village_id, today) = (judge.outlet.village_id, app.clock.today());
    let law = Law::of(&app.db, &judge.outlet).await?;
    let row = |kind: &Kind| {
        let field = field_of("h", kind);
        let ceiling = law.on(&kind.commodity, Force::Ceiling, kind.per, today);
        let ceiling = ceiling.map(|row| row.high);
        Row {
            last: ground.last(kind).map(|row| last(row, today, ceiling)),
            commodity: kind.commodity.clone(),
            cover: kind.cover.clone(),
            per: per_row(kind.per),
            ours: kind.ours,
            ceiling,
            wrong: form.errors.get(&field).cloned().unwrap_or_default(),
            odd: odd.iter().find(|(name, _)| *name == field).map(|(_, price)| *price),
            yes: field_of("y", kind),
            field,
        }
    };
    let rows = ground.kinds.iter().map(row).collect();
    let written = observation::list(&app.db, village_id, MOST_SHOWN).await?;
    let names = names(&app.db, written.iter().map(|row| row.person_id).collect()).await?;
    let of = |row: &observation::Model| (row.place.clone(), row.seen_on, row.person_id);
    let surveys = written.chunk_by(|a, b| of(a) == of(b)).filter_map(|rows| {
        let (place, on, by) = of(rows.first()?);
        let who = names.get(&by).cloned().unwrap_or_default();
        Some(SurveyView { place, on, who, lines: rows.iter().map(Line::from).collect() })
    });
    let page = SeenPage {
        rows,
        surveys: surveys.collect(),
        places: observation::places(&app.db, village_id).await?,
        fresh_days: observation::FRESH_DAYS,
        form,
    };
    judge.visit.page_with(status, &app.templates, &page)
}

fn last(row: &observation::Model, today: NaiveDate, ceiling: Option<Rupiah>) -> Last {
    let days = (today - row.seen_on).num_days();
    let key = match days {
        0 => "harga.seen_today",
        1 => "harga.seen_yesterday",
        _ => "harga.seen_before",
    };
    Last { price: row.price, key, days, is_above: ceiling.is_some_and(|most| row.price > most) }
}
