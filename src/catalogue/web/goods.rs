//! The outlet's list of all goods: what waits for approval first.
use actix_web::{HttpResponse, web};
use entity::{crafter, product, product::State as ProductState};
use sea_orm::{
    ActiveEnum, ColumnTrait, EntityTrait, Order, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{CaseStatement, Expr},
};
use serde::{Deserialize, Serialize};

use super::{
    keeper::{Choice, State},
    steps::choices,
    work::Card,
};
use crate::{
    accounts::visit::Operator,
    error::Result,
    page::{Page, Sample, samples as drawn},
};

pub(super) fn configure(cfg: &mut web::ServiceConfig) {
    cfg.route("/kelola/produk", web::get().to(index));
}

pub(super) fn samples() -> Vec<Sample> {
    drawn::<GoodsPage>()
}

const PER_PAGE: u64 = 24;

/// All goods of the outlet.
#[derive(Debug, Serialize)]
struct GoodsPage {
    cards: Vec<Card>,
    crafters: Vec<Choice>,
    /// How many wait for approval.
    waiting: u64,
    total: u64,
    filter: Filter,
    number: u64,
    last: u64,
}

/// What is looked for.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Filter {
    #[serde(default)]
    perajin: String,
    #[serde(default)]
    keadaan: String,
    #[serde(default)]
    q: String,
    #[serde(default)]
    hal: String,
}

impl Page for GoodsPage {
    const TEMPLATE: &'static str = "listing/goods.html";

    fn samples() -> Vec<GoodsPage> {
        let states = [ProductState::Submitted, ProductState::Draft, ProductState::Published, ProductState::Withdrawn];
        let full = GoodsPage {
            cards: states.map(|state| Card::sample(state, Some("Bu Sati".into()))).to_vec(),
            crafters: vec![Choice { value: "4".into(), label: "Bu Sati, Krajan".into() }],
            waiting: 1,
            total: 60,
            filter: Filter { perajin: "4".into(), ..Filter::default() },
            number: 2,
            last: 3,
        };
        let empty = GoodsPage {
            cards: Vec::new(),
            crafters: Vec::new(),
            waiting: 0,
            total: 0,
            number: 1,
            last: 1,
            filter: Filter::default(),
        };
        vec![full, empty]
    }
}

async fn index(operator: Operator, query: web::Query<Filter>, app: State) -> Result<HttpResponse> {
    let filter = query.into_inner();
    let outlet_id = operator.outlet.id;
    let crafters = crafter::Entity::find()
        .filter(crafter::Column::OutletId.eq(outlet_id))
        .order_by_asc(crafter::Column::Name)
        .all(&app.db)
        .await?;
    let of_outlet = product::Entity::find().filter(product::Column::OutletId.eq(outlet_id));
    let is_waiting = product::Column::State.eq(ProductState::Submitted);
    let waiting = of_outlet.clone().filter(is_waiting.clone()).count(&app.db).await?;
    let mut wanted = of_outlet;
    if let Ok(id) = filter.perajin.parse::<i64>() {
        wanted = wanted.filter(product::Column::CrafterId.eq(id));
    }
    if let Ok(state) = ProductState::try_from_value(&filter.keadaan) {
        wanted = wanted.filter(product::Column::State.eq(state));
    }
    for word in filter.q.to_lowercase().split_whitespace().take(5) {
        wanted = wanted.filter(product::Column::Search.contains(word));
    }
    let total = wanted.clone().count(&app.db).await?;
    let last = Ord::max(total.div_ceil(PER_PAGE), 1);
    let number = filter.hal.parse().unwrap_or(1).clamp(1, last);
    let first = CaseStatement::new().case(is_waiting, Expr::value(0)).finally(1);
    let rows = wanted
        .order_by(Expr::Case(Box::new(first)), Order::Asc)
        .order_by(product::Column::UpdatedAt, Order::Desc)
        .order_by(product::Column::Id, Order::Desc)
        .offset((number - 1) * PER_PAGE)
        .limit(PER_PAGE)
        .all(&app.db)
        .await?;
    let maker = |id: i64| crafters.iter().find(|row| row.id == id).map(|row| row.name.clone());
    let cards = rows.iter().map(|row| Card::of(row, row.crafter_id.and_then(maker))).collect();
    let page = GoodsPage { cards, crafters: choices(&crafters), waiting, total, filter, number, last };
    operator.visit.page(&app.templates, &page)
}
