//! `/kelola/jual`: what is on the shelf, by picture; how many of each, then on to the money.
use actix_web::{
    HttpResponse,
    web::{Data, Query},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    accounts::visit::Operator,
    app::App,
    error::Result,
    outlet::{
        goods::{self, Standing},
        sale,
    },
    page::{Page, Sample, samples as samples_of},
};
use entity::Rupiah;

/// So many of the latest sales are on the page.
const LATEST: u64 = 8;

#[derive(Default, Serialize)]
struct ChoosePage {
    goods: Vec<Standing>,
    q: String,
    latest: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    id: i64,
    number: String,
    total: Rupiah,
    at: DateTime<Utc>,
}

impl Page for ChoosePage {
    const TEMPLATE: &'static str = "outlet/sale_choose.html";
    fn samples() -> Vec<ChoosePage> {
        let row = Row { id: 7, number: "J-2611-0007".into(), total: Rupiah(56_000), at: DateTime::UNIX_EPOCH };
        let full = ChoosePage { goods: vec![sample()], q: String::new(), latest: vec![row] };
        vec![ChoosePage::default(), full]
    }
}

/// A basket, for pages that show goods.
pub(super) fn sample() -> Standing {
    Standing {
        item_id: 9,
        name: "Keranjang sampah anyam, besar".into(),
        cover: None,
        price: Rupiah(28_000),
        free: 7,
        grade_b: 2,
    }
}

pub(super) fn samples() -> Vec<Sample> {
    samples_of::<ChoosePage>()
}

/// What to look for.
#[derive(Deserialize)]
pub(super) struct Filter {
    #[serde(default)]
    q: String,
}

/// `GET /kelola/jual`
pub(super) async fn show(operator: Operator, filter: Query<Filter>, app: Data<App>) -> Result<HttpResponse> {
    let mut goods = goods::on_shelf(&app.db, operator.outlet.id).await?;
    let words: Vec<String> = filter.q.to_lowercase().split_whitespace().take(5).map(str::to_owned).collect();
    goods.retain(|good| words.iter().all(|word| good.name.to_lowercase().contains(word.as_str())));
    let latest = sale::list(&app.db, operator.outlet.id, LATEST).await?;
    let row = |sale: sale::Model| Row { number: sale::number(&sale), id: sale.id, total: sale.total, at: sale.sold_at };
    let page = ChoosePage { goods, q: filter.q.clone(), latest: latest.into_iter().map(row).collect() };
    operator.visit.page(&app.templates, &page)
}
