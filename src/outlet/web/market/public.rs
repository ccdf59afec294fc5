//! `/pasar`: for everybody: where, when, what, at what price, what is left, and which number is served.
use actix_web::{
    HttpResponse,
    web::{Data, Path},
};
use sea_orm::EntityTrait;
use serde::Serialize;

use super::view::{GoodView, MarketView, TicketView};
use crate::{
    accounts::visit::Visit,
    app::App,
    error::{Error, Result},
    outlet::market::{self, State},
    page::{self, Page, Sample},
};
use entity::outlet;

#[derive(Default, Serialize)]
struct ComingPage {
    markets: Vec<MarketView>,
}

impl Page for ComingPage {
    const TEMPLATE: &'static str = "outlet/market_coming.html";
    fn samples() -> Vec<ComingPage> {
        let all = [State::Open, State::Planned];
        vec![ComingPage::default(), ComingPage { markets: all.into_iter().map(MarketView::sample).collect() }]
    }
}

#[derive(Serialize)]
struct PublicMarketPage {
    market: MarketView,
    outlet: String,
    phone: String,
    goods: Vec<GoodView>,
    serving: Option<TicketView>,
    waiting: i64,
}

impl Page for PublicMarketPage {
    const TEMPLATE: &'static str = "outlet/market_public.html";
    fn samples() -> Vec<PublicMarketPage> {
        let page = |state, goods, serving| PublicMarketPage {
            market: MarketView::sample(state),
            outlet: "e-Warong Kemuning Lor".into(),
            phone: "6281200000001".into(),
            goods,
            serving,
            waiting: 12,
        };
        let goods = || vec![GoodView::sample(false), GoodView::sample(true)];
        vec![
            page(State::Planned, Vec::new(), None),
            page(State::Open, goods(), Some(TicketView::sample())),
            page(State::Closed, goods(), None),
            page(State::CalledOff, goods(), None),
        ]
    }
}

#[derive(Serialize)]
struct ScreenPage {
    market: MarketView,
    serving: Option<TicketView>,
    waiting: i64,
}

impl Page for ScreenPage {
    const TEMPLATE: &'static str = "outlet/market_screen.html";
    fn samples() -> Vec<ScreenPage> {
        let page = |serving| ScreenPage { market: MarketView::sample(State::Open), serving, waiting: 12 };
        vec![page(None), page(Some(TicketView::sample()))]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    [page::samples::<ComingPage>(), page::samples::<PublicMarketPage>(), page::samples::<ScreenPage>()]
        .into_iter()
        .flatten()
        .collect()
}

/// `GET /pasar`
pub(super) async fn list(visit: Visit, app: Data<App>) -> Result<HttpResponse> {
    let coming = market::coming(&app.db).await?;
    let now = app.clock.now();
    let markets = coming.iter().filter(|market| market.closes_at > now).map(MarketView::of).collect();
    visit.page(&app.templates, &ComingPage { markets })
}

/// `GET /pasar/{id}`
pub(super) async fn show(visit: Visit, id: Path<i64>, app: Data<App>) -> Result<HttpResponse> {
    let market = market::of_public(&app.db, *id).await?;
    let outlet = outlet::Entity::find_by_id(market.outlet_id).one(&app.db).await?.ok_or(Error::NotFound)?;
    let standing = market::standing(&app.db, market.id).await?;
    let goods = market::goods(&app.db, market.id).await?;
    let page = PublicMarketPage {
        outlet: outlet.name,
        phone: outlet.phone,
        goods: goods.iter().map(|good| GoodView::of(&app, visit.lang, good)).collect(),
        serving: standing.serving.as_ref().map(|ticket| TicketView::of(&market, ticket)),
        waiting: standing.waiting,
        market: MarketView::of(&market),
    };
    visit.page(&app.templates, &page)
}

/// `GET /pasar/{id}/layar`: the number that is served, to be read from afar.
pub(super) async fn screen(visit: Visit, id: Path<i64>, app: Data<App>) -> Result<HttpResponse> {
    let market = market::of_public(&app.db, *id).await?;
    let standing = market::standing(&app.db, market.id).await?;
    let page = ScreenPage {
        serving: standing.serving.as_ref().map(|ticket| TicketView::of(&market, ticket)),
        waiting: standing.waiting,
        market: MarketView::of(&market),
    };
    visit.page(&app.templates, &page)
}
