//! `/kelola/gudang/diskon`: lots whose day is near, and what they are sold for until then.
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path, Query},
};
use sea_orm::EntityTrait;
use serde::{Deserialize, Serialize};

use super::{
    Until,
    acts::{Act, perform, refused, status_of, view},
    goods, spoken, until,
};
use crate::{
    accounts::visit::{Operator, done},
    app::App,
    error::{Error, Result},
    form::{Form, FormView},
    locale::{Said, grouped},
    outlet::{
        cost,
        markdown::{self, NEAR_DAYS, Offer},
        repacking,
    },
    page::{Page, Sample, samples as samples_of},
};
use entity::{Rupiah, item::Measure, lot};

/// The dearest that is typed.
const DEAREST: i64 = 100_000_000;
/// So many days ahead are looked at, at most.
const MOST_DAYS: u64 = 90;

#[derive(Default, Serialize)]
struct MarkdownPage {
    days: u64,
    lots: Vec<Lot>,
    form: FormView,
    /// The lot whose price is below what it cost, which is asked about.
    asks: i64,
}

#[derive(Clone, Serialize)]
struct Lot {
    id: i64,
    name: String,
    cover: Option<String>,
    quantity: String,
    until: Until,
    /// What it is priced by: "kg".
    per: &'static str,
    posted: Rupiah,
    cost: Rupiah,
    /// What its day speaks for, and what stands in the form.
    suggested: Rupiah,
    price: String,
    /// What it is sold for now, and the markdown's id.
    now: Option<(i64, Rupiah)>,
    /// Whether that is no less than what is posted, so that the till does not sell by it.
    rests: bool,
    is_refused: bool,
}

impl Page for MarkdownPage {
    const TEMPLATE: &'static str = "store/markdown.html";
    fn samples() -> Vec<MarkdownPage> {
        let day = chrono::NaiveDate::default();
        let lot = Lot {
            id: 4,
            name: "Tepung terigu curah".into(),
            cover: None,
            quantity: "2,5 kg".into(),
            until: until(day, day),
            per: "markdown.per_kg",
            posted: Rupiah(13_000),
            cost: Rupiah(11_000),
            suggested: Rupiah(9_100),
            price: "9.100".into(),
            now: None,
            rests: false,
            is_refused: true,
        };
        let marked = Lot { id: 5, now: Some((2, Rupiah(9_100))), is_refused: false, ..lot.clone() };
        let resting = Lot { id: 6, rests: true, ..marked.clone() };
        let full = MarkdownPage { days: 14, lots: vec![lot, marked, resting], form: FormView::default(), asks: 4 };
        vec![MarkdownPage { days: 14, ..MarkdownPage::default() }, full]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    samples_of::<MarkdownPage>()
}

/// How far ahead to look.
#[derive(Deserialize)]
pub(super) struct Ahead {
    #[serde(default)]
    hari: String,
}

/// `GET /kelola/gudang/diskon?hari=14`
pub(super) async fn show(operator: Operator, ahead: Query<Ahead>, app: Data<App>) -> Result<HttpResponse> {
    draw(&operator, &app, days(&ahead.hari), (StatusCode::OK, 0, 0), None, FormView::default()).await
}

fn days(text: &str) -> u64 {
    text.parse().unwrap_or(NEAR_DAYS).clamp(1, MOST_DAYS)
}

async fn draw(
    operator: &Operator,
    app: &App,
    days: u64,
    (status, refused, asks): (StatusCode, i64, i64),
    typed: Option<&Form>,
    mut form: FormView,
) -> Result<HttpResponse> {
    let outlet_id = operator.outlet.id;
    let goods = goods(&app.db, outlet_id).await?;
    let open = markdown::open(&app.db, outlet_id).await?;
    let mut lots = Vec::new();
    for lot in markdown::near(&app.db, &app.clock, outlet_id, days).await? {
        let Some(good) = goods.iter().find(|good| good.item.id == lot.item_id) else { continue };
        let Some(day) = lot.expires_on else { continue };
        let until = until(day, app.clock.today());
        let cost = markdown::cost_of(&cost::heap(&app.db, lot.item_id).await?, good.item.measure);
        let now = open.iter().find(|one| one.lot_id == lot.id);
        let suggested = markdown::suggested(good.item.price, cost, until.left);
        lots.push(Lot {
            id: lot.id,
            name: good.name.clone(),
            cover: good.product.cover.clone(),
            quantity: spoken(app, operator.visit.lang, lot.remaining, good.item.measure),
            until,
            per: match good.item.measure {
                Measure::Piece => "markdown.per_piece",
                Measure::Gram => "markdown.per_kg",
                Measure::Millilitre => "markdown.per_litre",
            },
            posted: good.item.price,
            cost,
            price: match typed.filter(|_| lot.id == refused) {
                Some(typed) => typed.get("harga").to_owned(),
                None => grouped(suggested.0),
            },
            suggested,
            now: now.map(|one| (one.id, one.price)),
            rests: now.is_some_and(|one| markdown::rests(one, good.item.price)),
            is_refused: lot.id == refused,
        });
    }
    if refused != 0 && !lots.iter().any(|lot| lot.is_refused) {
        let gone = app.say(operator.visit.lang, &Said::new("markdown.gone"));
        form.errors.entry(String::new()).or_insert(gone);
    }
    operator.visit.page_with(status, &app.templates, &MarkdownPage { days, lots, form, asks })
}

/// `POST /kelola/gudang/diskon/{lot}`
pub(super) async fn offer(operator: Operator, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let lot = lot::Entity::find_by_id(*id).one(&app.db).await?.ok_or(Error::NotFound)?;
    repacking::sembako(&app.db, operator.outlet.id, lot.item_id).await?;
    let mut reader = form.read();
    let days = days(reader.get("hari"));
    let price = reader.rupiah("harga", 1, DEAREST);
    let reason = reader.text("alasan", 200);
    let new = Offer { lot_id: lot.id, price, reason, is_sure: form.has("yakin") };
    let (status, asks, again) = match reader.done(new) {
        Err(wrong) => (StatusCode::UNPROCESSABLE_ENTITY, 0, view(&operator, &app, &form, &wrong)),
        Ok(new) => match perform(&operator, &app, &form, &Act::Offer(new, days)).await? {
            Ok(done) => return Ok(done),
            Err(no) => {
                let asks = if no.said.key == "markdown.below_cost" { lot.id } else { 0 };
                (status_of(&no), asks, refused(&operator, &app, &form, "harga", no))
            }
        },
    };
    draw(&operator, &app, days, (status, lot.id, asks), Some(&form), again).await
}

/// `POST /kelola/gudang/diskon/{id}/selesai?hari=14`
pub(super) async fn end(
    operator: Operator,
    id: Path<i64>,
    ahead: Query<Ahead>,
    form: Form,
    app: Data<App>,
) -> Result<HttpResponse> {
    let days = days(&ahead.hari);
    match perform(&operator, &app, &form, &Act::EndOffer(*id, days)).await? {
        Ok(answer) => Ok(answer),
        Err(no) => Ok(done(&format!("/kelola/gudang/diskon?hari={days}"), no.said.key)),
    }
}
