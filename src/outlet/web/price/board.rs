//! `/harga/{outlet}`: the price board that everybody may see: today's prices, what the law allows, what the market asks,
//! and since when. On a phone, on paper, and large on a screen at the counter; none of it needs a script.
use actix_web::{
    HttpRequest, HttpResponse,
    web::{Data, Path},
};
use chrono::NaiveDate;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde::Serialize;

use super::{Market, per, per_row};
use crate::{
    accounts::visit::Visit,
    app::App,
    catalogue::web::draw::Drawing,
    clock,
    error::{Error, Result},
    locale::{self, Said},
    outlet::{
        price,
        price_ceiling::Law,
        price_good::{self, Good},
        price_rule,
    },
    page::{self, Page, Sample, escape_query},
    prices::{
        observation,
        reference::{Force, Reference},
    },
};
use entity::{Rupiah, outlet, product::State, village};

/// The board of one outlet on one day.
#[derive(Clone, Default, Serialize)]
pub(super) struct Board {
    pub outlet: String,
    pub slug: String,
    pub village: String,
    pub address: String,
    pub hours: String,
    pub today: NaiveDate,
    pub rows: Vec<Row>,
    pub shows_cost: bool,
    /// Where it stands, as others see it.
    pub url: String,
    pub share_url: String,
}

/// One kind of goods on the board.
#[derive(Clone, Default, Serialize)]
pub(super) struct Row {
    pub name: String,
    pub cover: Option<String>,
    pub price: Rupiah,
    pub per: &'static str,
    /// Days that the price stands.
    pub days: i64,
    pub ceiling: Option<Bound>,
    pub band: Option<Bound>,
    /// What was asked at the market within the last week.
    pub market: Option<Market>,
    pub soon: Option<Soon>,
    pub cost: Option<Rupiah>,
    pub margin: Option<Rupiah>,
    pub is_fair: bool,
    /// It costs more than the ceiling, as another person approved.
    pub is_above: bool,
}

/// A row of the law.
#[derive(Clone, Serialize)]
pub(super) struct Bound {
    pub low: Option<Rupiah>,
    pub high: Rupiah,
    pub per: &'static str,
    pub instrument: String,
}

/// A ceiling that begins within a month.
#[derive(Clone, Serialize)]
pub(super) struct Soon {
    pub high: Rupiah,
    pub per: &'static str,
    pub from: NaiveDate,
}

#[derive(Serialize)]
struct BoardPage {
    board: Board,
}

#[derive(Serialize)]
struct PrintPage {
    board: Board,
}

#[derive(Serialize)]
struct ScreenPage {
    board: Board,
}

impl Page for BoardPage {
    const TEMPLATE: &'static str = "outlet/board.html";
    fn samples() -> Vec<BoardPage> {
        vec![BoardPage { board: Board::default() }, BoardPage { board: Board::sample() }]
    }
}

impl Page for PrintPage {
    const TEMPLATE: &'static str = "outlet/board_print.html";
    fn samples() -> Vec<PrintPage> {
        vec![PrintPage { board: Board::sample() }]
    }
}

impl Page for ScreenPage {
    const TEMPLATE: &'static str = "outlet/board_screen.html";
    fn samples() -> Vec<ScreenPage> {
        vec![ScreenPage { board: Board::sample() }]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    [page::samples::<BoardPage>(), page::samples::<PrintPage>(), page::samples::<ScreenPage>()]
        .into_iter()
        .flatten()
        .collect()
}

impl Board {
    fn sample() -> Board {
        let bound =
            |low| Bound { low, high: Rupiah(13_500), per: "papan.per_kg", instrument: "Perbadan 299/2025".into() };
        let soon = Soon { high: Rupiah(13_000), per: "papan.per_kg", from: NaiveDate::default() };
        let rice = Row {
            name: "Beras medium curah".into(),
            price: Rupiah(13_300),
            per: "papan.per_kg",
            days: 3,
            ceiling: Some(bound(None)),
            band: Some(bound(Some(Rupiah(12_000)))),
            market: Some(Market::sample()),
            soon: Some(soon),
            cost: Some(Rupiah(12_480)),
            margin: Some(Rupiah(820)),
            is_fair: true,
            is_above: true,
            ..Row::default()
        };
        Board {
            outlet: "e-Warong Kemuning Lor".into(),
            slug: "kemuning-lor".into(),
            village: "Kemuning Lor".into(),
            rows: vec![rice.clone(), Row { ceiling: None, market: None, cost: None, days: 0, ..rice }],
            shows_cost: true,
            hours: "07.00-20.00".into(),
            ..Board::default()
        }
    }

    /// The board of an outlet as it is now.
    pub(super) async fn read(app: &App, visit: &Visit, slug: &str) -> Result<Board> {
        let found = outlet::Entity::find().filter(outlet::Column::Slug.eq(slug)).one(&app.db).await?;
        let outlet = found.ok_or(Error::NotFound)?;
        let village = village::Entity::find_by_id(outlet.village_id).one(&app.db).await?;
        let law = Law::of(&app.db, &outlet).await?;
        let seen = observation::fresh(&app.db, outlet.village_id, app.clock.today()).await?;
        let mut rows = Vec::new();
        for good in price_good::all(&app.db, outlet.id).await? {
            if good.product.state == State::Published {
                let market = Market::of(&seen, &good, app.clock.today());
                rows.push(Row { market, ..row(app, &outlet, &law, &good).await? });
            }
        }
        let today = app.clock.today();
        let url = format!("{}/harga/{}", app.config.public_url, outlet.slug);
        let text = Said::new("papan.share_text")
            .with("outlet", outlet.name.as_str())
            .with("day", locale::date(visit.lang, today).as_str())
            .with("url", url.as_str());
        Ok(Board {
            share_url: format!("https://wa.me/?text={}", escape_query(&app.say(visit.lang, &text))),
            url,
            village: village.map(|village| village.name).unwrap_or_default(),
            address: outlet.address,
            hours: outlet.hours,
            outlet: outlet.name,
            slug: outlet.slug,
            shows_cost: outlet.shows_cost,
            today,
            rows,
        })
    }
}

async fn row(app: &App, outlet: &outlet::Model, law: &Law, good: &Good) -> Result<Row> {
    let today = app.clock.today();
    let grounds = price_rule::grounds(&app.db, law, good, &app.clock).await?;
    let latest = price::latest(&app.db, good.item.id).await?;
    let since = latest.as_ref().map_or(good.product.created_at, |posted| posted.posted_at);
    let since = clock::local_date(since);
    let most = grounds.bounds.most(good);
    let fair = most.or(grounds.bounds.fair(good));
    let cost = grounds.cost.filter(|_| outlet.shows_cost).map(|cost| cost.pooled);
    Ok(Row {
        name: good.name(),
        cover: good.product.cover.clone(),
        price: good.item.price,
        per: per(good),
        days: (today - since).num_days(),
        is_above: most.is_some_and(|most| good.item.price > most),
        is_fair: fair.is_some_and(|fair| good.item.price <= fair),
        market: None,
        ceiling: grounds.bounds.ceiling.as_ref().map(Bound::from),
        band: grounds.bounds.band.as_ref().map(Bound::from),
        soon: soon(law, good, today),
        margin: cost.map(|cost| good.item.price - cost),
        cost,
    })
}

impl From<&Reference> for Bound {
    fn from(row: &Reference) -> Bound {
        Bound { low: row.low, high: row.high, per: per_row(row.per), instrument: row.instrument.clone() }
    }
}

/// The next ceiling, if another begins within a month.
fn soon(law: &Law, good: &Good, today: NaiveDate) -> Option<Soon> {
    let name = good.product.commodity.as_deref()?;
    let (_, per) = good.content()?;
    let now = law.on(name, Force::Ceiling, per, today);
    today.iter_days().skip(1).take(31).find_map(|day| {
        let row = law.on(name, Force::Ceiling, per, day).filter(|row| Some(*row) != now)?;
        Some(Soon { high: row.high, per: per_row(row.per), from: day })
    })
}

/// `GET /harga/{outlet}`
pub async fn show(request: HttpRequest, visit: Visit, slug: Path<String>, app: Data<App>) -> Result<HttpResponse> {
    let drawing = Drawing::begin(&request, &app, visit, &format!("/harga/{slug}"));
    let board = Board::read(&app, &drawing.visit, &slug).await?;
    drawing.answer(&request, &app, &BoardPage { board })
}

/// `GET /harga/{outlet}/cetak`
pub async fn print(request: HttpRequest, visit: Visit, slug: Path<String>, app: Data<App>) -> Result<HttpResponse> {
    let drawing = Drawing::begin(&request, &app, visit, &format!("/harga/{slug}/cetak"));
    let board = Board::read(&app, &drawing.visit, &slug).await?;
    drawing.answer(&request, &app, &PrintPage { board })
}

/// `GET /harga/{outlet}/layar`
pub async fn screen(request: HttpRequest, visit: Visit, slug: Path<String>, app: Data<App>) -> Result<HttpResponse> {
    let drawing = Drawing::begin(&request, &app, visit, &format!("/harga/{slug}/layar"));
    let board = Board::read(&app, &drawing.visit, &slug).await?;
    drawing.answer(&request, &app, &ScreenPage { board })
}
