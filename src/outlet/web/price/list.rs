//! `/kelola/harga`: every kind of sembako with its price of today, what it costs, and what speaks against it.
use actix_web::{HttpResponse, web::Data};
use chrono::NaiveDate;
use sea_orm::{ActiveValue::Set, EntityTrait};
use serde::Serialize;
use serde_json::json;

use super::{per, per_row, rule_key};
use crate::{
    accounts::visit::{BookReader, Treasurer, done},
    app::App,
    db,
    error::Result,
    form::Form,
    history::{self, Subject},
    outlet::{
        price,
        price_ceiling::{CeilingRow, Law, ceiling_rows},
        price_good::{self, Good},
        price_override,
        price_rule::{self, NewRule},
    },
    page::{self, Page, Sample},
    prices::{observation, reference::Force, selling::Objection},
};
use entity::{Rupiah, outlet};

/// The law is looked at so many days ahead.
const DAYS_AHEAD: u64 = 60;

#[derive(Default, Serialize)]
struct ListPage {
    rows: Vec<Row>,
    notices: Vec<Notice>,
    /// How many prices above the ceiling wait for somebody.
    waiting: i64,
    slug: String,
    shows_cost: bool,
    may_act: bool,
    /// Nobody wrote down this week what the market asks.
    market_is_old: bool,
}

/// One kind of goods.
#[derive(Clone, Serialize)]
pub(super) struct Row {
    id: i64,
    name: String,
    cover: Option<String>,
    price: Rupiah,
    per: &'static str,
    cost: Option<Rupiah>,
    margin: Option<Rupiah>,
    ceiling: Option<Rupiah>,
    band: Option<Rupiah>,
    rule: &'static str,
    against: Vec<Against>,
}

/// What speaks against a price.
#[derive(Clone, Serialize)]
pub(super) struct Against {
    key: &'static str,
    amount: Rupiah,
    is_grave: bool,
}

/// A row of the law that begins soon.
#[derive(Clone, Serialize)]
struct Notice {
    commodity: String,
    key: &'static str,
    high: Rupiah,
    per: &'static str,
    from: NaiveDate,
    instrument: String,
}

impl Page for ListPage {
    const TEMPLATE: &'static str = "outlet/prices.html";
    fn samples() -> Vec<ListPage> {
        let rice = Row {
            id: 7,
            name: "Beras medium curah".into(),
            cover: None,
            price: Rupiah(13_300),
            per: "papan.per_kg",
            cost: Some(Rupiah(12_480)),
            margin: Some(Rupiah(820)),
            ceiling: Some(Rupiah(13_500)),
            band: None,
            rule: "harga.rule_pooled",
            against: Vec::new(),
        };
        let against = Against { key: "harga.is_above_band", amount: Rupiah(17_500), is_grave: false };
        let sugar = Row {
            name: "Gula pasir 1 kg".into(),
            ceiling: None,
            cost: None,
            margin: None,
            band: Some(Rupiah(17_500)),
            against: vec![against],
            ..rice.clone()
        };
        let notice = Notice {
            commodity: "beras medium".into(),
            key: "harga.notice_ceiling",
            high: Rupiah(13_500),
            per: "papan.per_kg",
            from: NaiveDate::default(),
            instrument: "Perbadan 299/2025".into(),
        };
        let full = ListPage {
            rows: vec![rice, sugar],
            notices: vec![notice],
            waiting: 1,
            slug: "kemuning-lor".into(),
            shows_cost: true,
            may_act: true,
            market_is_old: true,
        };
        vec![ListPage::default(), full]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    page::samples::<ListPage>()
}

/// `GET /kelola/harga`
pub async fn show(reader: BookReader, app: Data<App>) -> Result<HttpResponse> {
    let (db, outlet) = (&app.db, &reader.outlet);
    let law = Law::of(db, outlet).await?;
    let goods = price_good::all(db, outlet.id).await?;
    let rules = price_rule::of(db, &goods.iter().map(|good| good.item.id).collect::<Vec<_>>()).await?;
    let mut rows = Vec::with_capacity(goods.len());
    for good in &goods {
        let rule = rules.iter().find(|rule| rule.item_id == good.item.id);
        rows.push(row(&app, &law, good, rule).await?);
    }
    let has_market = goods.iter().any(|good| good.product.commodity.is_some() && good.content().is_some());
    let seen = observation::fresh(db, outlet.village_id, app.clock.today()).await?;
    let page = ListPage {
        market_is_old: reader.may_act && has_market && seen.is_empty(),
        rows,
        notices: notices(&app, outlet, &goods).await?,
        waiting: price_override::count(db, outlet.id, app.clock.today()).await?,
        slug: outlet.slug.clone(),
        shows_cost: outlet.shows_cost,
        may_act: reader.may_act,
    };
    reader.visit.page(&app.templates, &page)
}

async fn row(app: &App, law: &Law, good: &Good, rule: Option<&price_rule::Model>) -> Result<Row> {
    let grounds = price_rule::grounds(&app.db, law, good, &app.clock).await?;
    let now = good.item.price;
    let mut against: Vec<Against> = price::objections(good, now, &grounds).into_iter().map(Against::from).collect();
    if good.product.commodity.is_some() && good.content().is_none() {
        against.push(Against { key: "harga.content_unknown", amount: Rupiah::ZERO, is_grave: false });
    }
    // What the rule makes and does not stand: a cost was mistyped, or it changed by very much.
    let made = rule.and_then(|rule| price_rule::price_by(&NewRule::from(rule), good, &grounds));
    if let Some(made) = made.filter(|made| price::is_far_off(now, *made)) {
        against.push(Against { key: "harga.rule_waits", amount: made, is_grave: false });
    }
    let cost = grounds.cost.map(|cost| cost.pooled);
    Ok(Row {
        id: good.item.id,
        name: good.name(),
        cover: good.product.cover.clone(),
        price: now,
        per: per(good),
        cost,
        margin: cost.map(|cost| now - cost),
        ceiling: grounds.bounds.most(good),
        band: grounds.bounds.fair(good),
        rule: rule_key(rule.map(|rule| rule.rule)),
        against,
    })
}

impl From<Objection> for Against {
    fn from(objection: Objection) -> Against {
        match objection {
            Objection::AboveCeiling { most } => Against { key: "harga.is_above_ceiling", amount: most, is_grave: true },
            Objection::AboveBand { most } => Against { key: "harga.is_above_band", amount: most, is_grave: false },
            Objection::BelowCost { cost } => Against { key: "harga.is_below_cost", amount: cost, is_grave: false },
        }
    }
}

/// What of the law begins soon for goods of this outlet.
async fn notices(app: &App, outlet: &outlet::Model, goods: &[Good]) -> Result<Vec<Notice>> {
    let mut names: Vec<String> = goods.iter().filter_map(|good| good.product.commodity.clone()).collect();
    names.sort();
    names.dedup();
    let today = app.clock.today();
    let rows = ceiling_rows(&app.db, outlet, &names, today, DAYS_AHEAD).await?;
    Ok(rows.into_iter().filter(|row| row.from > today).map(Notice::from).collect())
}

impl From<CeilingRow> for Notice {
    fn from(row: CeilingRow) -> Notice {
        Notice {
            commodity: row.commodity,
            key: if row.force == Force::Ceiling { "harga.notice_ceiling" } else { "harga.notice_band" },
            high: row.high,
            per: per_row(row.per),
            from: row.from,
            instrument: row.instrument,
        }
    }
}

/// `POST /kelola/harga/papan`: whether the board shows what goods cost.
pub async fn settle(treasurer: Treasurer, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let shows = form.get("modal") == "1";
    let tx = db::begin(&app.db).await?;
    let change = outlet::ActiveModel { id: Set(treasurer.outlet.id), shows_cost: Set(shows), ..Default::default() };
    outlet::Entity::update(change).exec(&tx).await?;
    let (village, subject) = (Some(treasurer.outlet.village_id), Subject("outlet", treasurer.outlet.id));
    let detail = json!({ "shows_cost": shows });
    history::remember(&tx, &app.clock, village, subject, "board", Some(treasurer.person_id), detail).await?;
    tx.changes_what_is_shown();
    tx.commit().await?;
    Ok(done("/kelola/harga", "harga.board_saved"))
}
