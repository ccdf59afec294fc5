//! `/kelola/pasar`: all operasi pasar of the outlet.
use actix_web::{HttpResponse, web::Data};
use serde::Serialize;

use super::view::MarketView;
use crate::{
    accounts::visit::Operator,
    app::App,
    error::Result,
    outlet::market::{self, State},
    page::{self, Page, Sample},
};

#[derive(Default, Serialize)]
struct MarketsPage {
    markets: Vec<MarketView>,
}

impl Page for MarketsPage {
    const TEMPLATE: &'static str = "outlet/markets.html";
    fn samples() -> Vec<MarketsPage> {
        let all = [State::Open, State::Planned, State::Closed, State::CalledOff];
        vec![MarketsPage::default(), MarketsPage { markets: all.into_iter().map(MarketView::sample).collect() }]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    page::samples::<MarketsPage>()
}

/// `GET /kelola/pasar`
pub(super) async fn list(operator: Operator, app: Data<App>) -> Result<HttpResponse> {
    let all = market::list(&app.db, operator.outlet.id, 100).await?;
    operator.visit.page(&app.templates, &MarketsPage { markets: all.iter().map(MarketView::of).collect() })
}
