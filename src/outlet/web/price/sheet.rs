//! `/kelola/harga/{item}`: how the price of one kind of goods is made, what it was, and what the law says.
use std::collections::BTreeMap;

use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde::Serialize;

use super::{
    Market,
    chart::{self, Chart},
    per, per_row, rule_key,
};
use crate::{
    accounts::visit::{BookReader, Treasurer, Visit},
    app::App,
    error::Result,
    form::{Form, FormView},
    locale::grouped,
    outlet::{
        price,
        price_ceiling::Law,
        price_good::{self, Good},
        price_override::{self, Decision},
        price_rule::{self, Rule, Step},
    },
    page::{self, Page, Sample},
    prices::{observation, past, reference::Reference},
    stock,
};
use entity::{Rupiah, item::Measure, outlet, person};

/// So many prices of the past are shown.
const MOST_SHOWN: u64 = 60;

#[derive(Default, Serialize)]
struct SheetPage {
    id: i64,
    name: String,
    cover: Option<String>,
    price: Rupiah,
    per: &'static str,
    cost: Option<Rupiah>,
    last: Option<Rupiah>,
    ceiling: Option<Bound>,
    band: Option<Bound>,
    market: Option<Market>,
    commodities: Vec<String>,
    /// Whether it is still open how the goods are counted.
    may_measure: bool,
    is_loose: bool,
    form: FormView,
    shown: Shown,
    would: Option<Would>,
    chart: Option<Chart>,
    history: Vec<Line>,
    asks: Vec<Ask>,
    today: NaiveDate,
    may_act: bool,
}

/// A row of the law for what the price is for, and as it is written.
#[derive(Clone, Serialize)]
struct Bound {
    most: Rupiah,
    low: Option<Rupiah>,
    high: Rupiah,
    per: &'static str,
    instrument: String,
}

/// What a person is shown before it is saved.
#[derive(Clone, Default, Serialize)]
pub(super) struct Shown {
    /// What it would cost.
    pub price: Option<Rupiah>,
    /// Sentences that ask whether it is meant so.
    pub doubts: Vec<String>,
    /// Whether a yes is asked for.
    pub asks: bool,
}

/// What a store of some weeks would have done in the past, in percent.
#[derive(Clone, Serialize)]
struct Would {
    weeks: i64,
    of_weeks: i64,
    market: String,
    store: String,
    dearer: String,
    is_bad: bool,
}

#[derive(Clone, Serialize)]
struct Line {
    at: DateTime<Utc>,
    price: Rupiah,
    rule: &'static str,
    who: String,
    reason: String,
    is_above: bool,
}

#[derive(Clone, Serialize)]
struct Ask {
    price: Rupiah,
    reason: String,
    who: String,
    until: NaiveDate,
    key: &'static str,
    badge: &'static str,
}

impl Page for SheetPage {
    const TEMPLATE: &'static str = "outlet/price.html";
    fn samples() -> Vec<SheetPage> {
        let bound = Bound {
            most: Rupiah(67_500),
            low: None,
            high: Rupiah(13_500),
            per: "papan.per_kg",
            instrument: "Perbadan 299/2025".into(),
        };
        let line = Line {
            at: DateTime::default(),
            price: Rupiah(66_000),
            rule: "harga.rule_pooled",
            who: String::new(),
            reason: "harga pasar".into(),
            is_above: true,
        };
        let ask = Ask {
            price: Rupiah(70_000),
            reason: "jalan putus".into(),
            who: "Bu Siti Aminah".into(),
            until: NaiveDate::default(),
            key: "harga.ask_waits",
            badge: "wait",
        };
        let full = SheetPage {
            id: 7,
            name: "Beras medium 5 kg".into(),
            price: Rupiah(66_000),
            per: "papan.per_piece",
            cost: Some(Rupiah(61_200)),
            last: Some(Rupiah(62_000)),
            ceiling: Some(bound.clone()),
            band: Some(Bound { low: Some(Rupiah(1)), ..bound }),
            market: Some(Market::sample()),
            commodities: vec!["beras medium".into()],
            may_measure: true,
            form: FormView::blank(&Form::of([("cara", "stabil"), ("komoditas", "beras medium")])),
            shown: Shown { price: Some(Rupiah(66_000)), doubts: vec!["Di bawah modal".into()], asks: true },
            would: Some(Would {
                weeks: 4,
                of_weeks: 139,
                market: "9,1".into(),
                store: "5,4".into(),
                dearer: "0,3".into(),
                is_bad: true,
            }),
            chart: Some(Chart { prices: "M0 94H300".into(), ..Chart::default() }),
            history: vec![line],
            asks: vec![ask],
            may_act: true,
            ..SheetPage::default()
        };
        vec![SheetPage { per: "papan.per_kg", is_loose: true, ..SheetPage::default() }, full]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    page::samples::<SheetPage>()
}

/// `GET /kelola/harga/{item}`
pub async fn show(reader: BookReader, id: Path<i64>, app: Data<App>) -> Result<HttpResponse> {
    let good = price_good::read(&app.db, reader.outlet.id, *id).await?;
    let form = FormView::blank(&known(&app.db, &good).await?);
    let drawn = (StatusCode::OK, form, Shown::default());
    draw(&app, &reader.visit, (&reader.outlet, reader.may_act), &good, drawn).await
}

/// The page of a treasurer again, with what was typed.
pub(super) async fn again(
    treasurer: &Treasurer,
    app: &App,
    good: &Good,
    drawn: (StatusCode, FormView, Shown),
) -> Result<HttpResponse> {
    draw(app, &treasurer.visit, (&treasurer.outlet, true), good, drawn).await
}

/// What stands, as a form.
pub(super) async fn known(db: &impl ConnectionTrait, good: &Good) -> Result<Form> {
    let rule = price_rule::of(db, &[good.item.id]).await?.into_iter().next();
    let fixed = rule.as_ref().and_then(|rule| rule.fixed_price).unwrap_or(good.item.price);
    let margin = rule.as_ref().filter(|rule| rule.rule != Rule::Fixed).map_or(500, |rule| rule.margin_bp);
    let (content, unit) = match (good.item.content, good.item.content_unit) {
        (0, _) => (String::new(), "kg"),
        (content, Measure::Piece) => (content.to_string(), "buah"),
        (content, Measure::Gram) if content % 100 == 0 => (decimal(content, 1_000), "kg"),
        (content, Measure::Gram) => (content.to_string(), "g"),
        (content, Measure::Millilitre) if content % 100 == 0 => (decimal(content, 1_000), "l"),
        (content, Measure::Millilitre) => (content.to_string(), "ml"),
    };
    let way = match rule.as_ref().map(|rule| rule.rule) {
        None | Some(Rule::Fixed) => "tetap",
        Some(Rule::CostPlus) => "modal",
        Some(Rule::Pooled) => "stabil",
    };
    let step = rule.as_ref().map_or(Step::Hundred, |rule| rule.step);
    Ok(Form::of([
        ("cara", way.to_owned()),
        ("harga", grouped(fixed.0)),
        ("untung", decimal(margin, 100)),
        ("bulat", if step == Step::Hundred { "100" } else { "500" }.to_owned()),
        ("minggu", rule.as_ref().map_or(4, |rule| rule.cover_weeks).to_string()),
        ("komoditas", good.product.commodity.clone().unwrap_or_default()),
        ("hitung", measure_code(good.item.measure).to_owned()),
        ("isi", content),
        ("isi_satuan", unit.to_owned()),
    ]))
}

/// How goods are counted, in the form.
pub(super) fn measure_code(measure: Measure) -> &'static str {
    match measure {
        Measure::Piece => "buah",
        Measure::Gram => "kg",
        Measure::Millilitre => "liter",
    }
}

/// A number of parts with a decimal comma where needed: 750 hundredths are "7,5".
pub(super) fn decimal(parts: i64, of: i64) -> String {
    let sign = if parts < 0 { "-" } else { "" };
    let (whole, rest) = (parts.abs() / of, parts.abs() % of);
    let places = of.ilog10() as usize;
    let rest = format!("{rest:0places$}");
    let rest = rest.trim_end_matches('0');
    if rest.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole},{rest}") }
}

async fn draw(
    app: &App,
    visit: &Visit,
    (outlet, may_act): (&outlet::Model, bool),
    good: &Good,
    (status, form, shown): (StatusCode, FormView, Shown),
) -> Result<HttpResponse> {
    let db = &app.db;
    let law = Law::of(db, outlet).await?;
    let grounds = price_rule::grounds(db, &law, good, &app.clock).await?;
    let posted = price::history(db, good.item.id, MOST_SHOWN).await?;
    let asked = price_override::of_item(db, good.item.id, 10).await?;
    let people = posted.iter().filter_map(|row| row.person_id).chain(asked.iter().map(|row| row.asked_by));
    let names = names(db, people.collect()).await?;
    let name = |id: i64| names.get(&id).cloned().unwrap_or_default();
    let content = good.content().map_or(0, |(content, _)| content);
    let weeks = form.values.get("minggu").and_then(|text| text.parse().ok()).unwrap_or(4_i64).clamp(0, 26);
    let would = good.product.commodity.as_deref().and_then(|name| past::would(name, weeks));
    let today = app.clock.today();
    let page = SheetPage {
        id: good.item.id,
        name: good.name(),
        cover: good.product.cover.clone(),
        price: good.item.price,
        per: per(good),
        cost: grounds.cost.map(|cost| cost.pooled),
        last: grounds.cost.map(|cost| cost.last),
        ceiling: grounds.bounds.ceiling.as_ref().map(|row| bound(row, content)),
        band: grounds.bounds.band.as_ref().map(|row| bound(row, content)),
        market: Market::of(&observation::fresh(db, outlet.village_id, today).await?, good, today),
        commodities: law.commodities(),
        may_measure: stock::moves_of(db, good.item.id, 1).await?.is_empty(),
        is_loose: good.item.measure != Measure::Piece,
        form,
        shown,
        would: would.map(|would| Would {
            weeks,
            of_weeks: would.weeks,
            market: tenths(would.market_rise_bp),
            store: tenths(would.store_rise_bp),
            dearer: tenths(would.dearer_bp),
            is_bad: would.dearer_bp > 200,
        }),
        chart: chart::of(&posted, app.clock.now()),
        history: posted
            .iter()
            .map(|row| Line {
                at: row.posted_at,
                price: row.price,
                rule: rule_key(row.rule),
                who: row.person_id.map(name).unwrap_or_default(),
                reason: row.reason.clone().unwrap_or_default(),
                is_above: row.override_id.is_some(),
            })
            .collect(),
        asks: asked.iter().map(|row| ask(row, name(row.asked_by), today)).collect(),
        today,
        may_act,
    };
    visit.page_with(status, &app.templates, &page)
}

/// Hundredths of a percent as percent with one place: 911 is "9,1".
fn tenths(bp: i64) -> String {
    decimal((bp + 5).div_euclid(10), 10)
}

fn bound(row: &Reference, content: i64) -> Bound {
    Bound {
        most: row.most(content),
        low: row.low,
        high: row.high,
        per: per_row(row.per),
        instrument: row.instrument.clone(),
    }
}

fn ask(row: &price_override::Model, who: String, today: NaiveDate) -> Ask {
    let (key, badge) = match row.decision {
        None if row.valid_until < today => ("harga.ask_is_over", "off"),
        None => ("harga.ask_waits", "wait"),
        Some(Decision::Approved) if row.valid_until < today => ("harga.ask_was", "off"),
        Some(Decision::Approved) => ("harga.ask_approved", ""),
        Some(Decision::Refused) => ("harga.ask_refused", "off"),
    };
    Ask { price: row.price, reason: row.reason.clone(), who, until: row.valid_until, key, badge }
}

/// The names of some people.
pub(super) async fn names(db: &impl ConnectionTrait, ids: Vec<i64>) -> Result<BTreeMap<i64, String>> {
    let people = person::Entity::find().filter(person::Column::Id.is_in(ids)).all(db).await?;
    Ok(people.into_iter().map(|person| (person.id, person.name)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_with_a_comma() {
        assert_eq!((decimal(750, 100), decimal(500, 100), decimal(5, 100)), ("7,5".into(), "5".into(), "0,05".into()));
        assert_eq!((decimal(500, 1_000), decimal(-15, 10)), ("0,5".into(), "-1,5".into()));
        assert_eq!((tenths(911), tenths(-58)), ("9,1".into(), "-0,6".into()));
    }
}
