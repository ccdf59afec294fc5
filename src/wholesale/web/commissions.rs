//! `/kelola/borongan`: what is being made for big orders, what falls short, and orders that nobody was asked to make.
use std::collections::BTreeMap;

use actix_web::{HttpResponse, web::Data};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::Serialize;

use super::commission_view::{OrderView, Progress};
use crate::{
    accounts::visit::Operator,
    app::App,
    catalogue::capacity,
    error::Result,
    page::{self, Page, Sample},
    wholesale::{
        commission::{self, Commission, name_of, to_share},
        round::{self, days_until},
    },
};
use entity::{order, order_line};

/// So many orders are looked through.
const MOST: u64 = 200;

#[derive(Serialize)]
struct CommissionsPage {
    cards: Vec<Card>,
    waiting: Vec<Waiting>,
    ended: Vec<Card>,
}

/// A commission on the list.
#[derive(Clone, Serialize)]
struct Card {
    order: OrderView,
    bar: Progress,
    households: usize,
    /// Pieces that nobody can make in time.
    missing: i64,
    possible_on: Option<chrono::NaiveDate>,
}

/// A line of an order that waits to be shared out.
#[derive(Clone, Serialize)]
struct Waiting {
    order: OrderView,
    line_id: i64,
    goods: String,
    pieces: i64,
    /// More than its own household can make by the day that was promised.
    is_big: bool,
}

impl Page for CommissionsPage {
    const TEMPLATE: &'static str = "wholesale/commissions.html";
    fn samples() -> Vec<CommissionsPage> {
        let card = Card {
            order: OrderView::sample(),
            bar: Progress::sample(),
            households: 10,
            missing: 30,
            possible_on: Some(chrono::NaiveDate::default()),
        };
        let waiting =
            Waiting { order: OrderView::sample(), line_id: 1, goods: "Kurungan ayam".into(), pieces: 60, is_big: true };
        let none = CommissionsPage { cards: Vec::new(), waiting: Vec::new(), ended: Vec::new() };
        let done = Card { missing: 0, bar: Progress { open: 0, ..Progress::sample() }, ..card.clone() };
        vec![none, CommissionsPage { cards: vec![card, done.clone()], waiting: vec![waiting], ended: vec![done] }]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    page::samples::<CommissionsPage>()
}

/// `GET /kelola/borongan`
pub async fn list(operator: Operator, app: Data<App>) -> Result<HttpResponse> {
    let underway = commission::underway(&app.db, operator.outlet.id).await?;
    let mut cards = Vec::new();
    for one in &underway {
        let missing = round::missing(&app.db, &app.clock, one).await?;
        cards.push(Card {
            missing: missing.map_or(0, |m| m.pieces),
            possible_on: missing.and_then(|m| m.possible_on),
            ..card(one)
        });
    }
    // What falls short comes first.
    cards.sort_by_key(|card| card.missing == 0);
    let ended = commission::ended(&app.db, operator.outlet.id).await?.iter().map(card).collect();
    let page = CommissionsPage { cards, waiting: waiting(&app, operator.outlet.id, &underway).await?, ended };
    operator.visit.page(&app.templates, &page)
}

fn card(one: &Commission) -> Card {
    let households = one.crafters().into_iter().filter(|id| one.accepted_by(*id) > 0).count();
    Card { order: OrderView::of(&one.order), bar: Progress::of(one), households, missing: 0, possible_on: None }
}

async fn waiting(app: &App, outlet_id: i64, underway: &[Commission]) -> Result<Vec<Waiting>> {
    let lines = lines_to_make(&app.db, outlet_id).await?;
    let items: Vec<i64> = lines.iter().map(|(line, _)| line.item_id).collect();
    let pools = capacity::pools(&app.db, &items).await?;
    let today = app.clock.today();
    let mut found = Vec::new();
    for (line, order) in lines {
        let pieces = to_share(&line, underway);
        if pieces < 1 {
            continue;
        }
        let own = pools.get(&line.item_id).and_then(|pool| {
            pool.makers.iter().find(|maker| maker.crafter_id.is_some() && maker.crafter_id == line.crafter_id)
        });
        let until = order.ready_on.unwrap_or(today);
        let is_big = own.is_none_or(|maker| maker.room(days_until(today, until)) < pieces);
        found.push(Waiting { order: OrderView::of(&order), line_id: line.id, goods: name_of(&line), pieces, is_big });
    }
    found.sort_by_key(|one| (!one.is_big, one.order.ready_on, -one.pieces));
    found.truncate(30);
    Ok(found)
}

/// Lines of orders that stand and have something to be made.
async fn lines_to_make(db: &impl ConnectionTrait, outlet_id: i64) -> Result<Vec<(order_line::Model, order::Model)>> {
    let rows = order_line::Entity::find()
        .filter(order_line::Column::ToMake.gt(0))
        .find_also_related(order::Entity)
        .filter(order::Column::OutletId.eq(outlet_id))
        .filter(order::Column::State.eq(order::State::Placed))
        .order_by_asc(order_line::Column::Id)
        .limit(MOST)
        .all(db)
        .await?;
    Ok(rows.into_iter().filter_map(|(line, order)| Some((line, order?))).collect())
}

/// How many commissions want the operator: something is open, or an answer was not heard.
pub(crate) async fn urgent(db: &impl ConnectionTrait, outlet_id: i64) -> Result<usize> {
    let underway = commission::underway(db, outlet_id).await?;
    let by_line: BTreeMap<i64, bool> =
        underway.iter().map(|one| (one.row.id, !one.is_over() && one.open() > 0)).collect();
    Ok(by_line.values().filter(|open| **open).count())
}
