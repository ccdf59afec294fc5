//! A crafter's own page: what they make, in what state it is, and what was sold this month.
use actix_web::{HttpResponse, http::StatusCode, web};
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use entity::{Rupiah, earning, lot::Terms, product, product::State as ProductState};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, Order, QueryFilter, QueryOrder, QuerySelect, Statement,
};
use serde::Serialize;

use super::keeper::State;
use crate::{
    accounts::visit::Crafter,
    app::App,
    clock::{Clock, wib},
    collection::web::ready::{self, Ready},
    error::Result,
    page::{Page, Sample, samples as drawn},
    wholesale::web::{TaskView, task_views},
};

pub(super) fn configure(cfg: &mut web::ServiceConfig) {
    cfg.route("/karya", web::get().to(index));
}

pub(super) fn samples() -> Vec<Sample> {
    drawn::<WorkPage>()
}

/// One product on a list of its keeper.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Card {
    pub id: i64,
    pub name: String,
    pub cover: Option<String>,
    pub price: i64,
    pub state: ProductState,
    /// Sent back with a note that wants an answer.
    pub noted: bool,
    pub crafter: Option<String>,
}

impl Card {
    pub fn of(row: &product::Model, crafter: Option<String>) -> Card {
        Card {
            id: row.id,
            name: row.name.clone(),
            cover: row.cover.clone(),
            price: row.price_min.0,
            state: row.state,
            noted: row.state == ProductState::Draft && row.note.is_some(),
            crafter,
        }
    }

    pub fn sample(state: ProductState, crafter: Option<String>) -> Card {
        let (name, cover) = ("Keranjang sampah anyam".into(), Some("p0123456789abcdef0123".into()));
        Card { id: 7, name, cover, price: 28_000, state, noted: state == ProductState::Draft, crafter }
    }
}

/// The crafter's own goods.
#[derive(Debug, Default, Serialize)]
struct WorkPage {
    name: String,
    cards: Vec<Card>,
    sold: i64,
    earned: i64,
    /// What was ordered of theirs and is still to be made.
    wanted: Vec<Wanted>,
    /// What they are asked for and make of big orders.
    tasks: Vec<TaskView>,
    /// What can be said to be ready to be collected.
    ready: Vec<Ready>,
}

/// Pieces that somebody waits for.
#[derive(Clone, Debug, Serialize, FromQueryResult)]
struct Wanted {
    name: String,
    cover: Option<String>,
    pieces: i64,
    /// The day that was promised, where one was.
    ready_on: Option<NaiveDate>,
}

impl Page for WorkPage {
    const TEMPLATE: &'static str = "listing/work.html";

    fn samples() -> Vec<WorkPage> {
        let states = [ProductState::Draft, ProductState::Submitted, ProductState::Published, ProductState::Withdrawn];
        let mut cards = states.map(|state| Card::sample(state, None)).to_vec();
        cards.push(Card { cover: None, price: 0, noted: false, ..Card::sample(ProductState::Draft, None) });
        let wanted = Wanted {
            name: "Kurungan ayam, Besar".into(),
            cover: Some("p0123456789abcdef0123".into()),
            pieces: 3,
            ready_on: Some(NaiveDate::default()),
        };
        let tasks = ["offered", "accepted", "released"].map(TaskView::sample).to_vec();
        let ready = vec![Ready::sample(6), Ready::sample(0)];
        let none = WorkPage { name: "Bu Sati".into(), ..WorkPage::default() };
        let full =
            WorkPage { cards, sold: 12, earned: 255_360, wanted: vec![wanted], tasks, ready, name: "Bu Sati".into() };
        vec![full, none]
    }
}

/// More than this nobody makes by hand.
const MAX_CARDS: u64 = 200;

async fn index(crafter: Crafter, app: State) -> Result<HttpResponse> {
    draw(&crafter, &app, None, StatusCode::OK).await
}

/// The page, with what was typed of one product and could not be taken, and the sentence that helps.
pub(crate) async fn draw(
    crafter: &Crafter,
    app: &App,
    refused: Option<(i64, String, String)>,
    status: StatusCode,
) -> Result<HttpResponse> {
    let rows = product::Entity::find()
        .filter(product::Column::CrafterId.eq(crafter.crafter.id))
        .order_by(product::Column::UpdatedAt, Order::Desc)
        .order_by(product::Column::Id, Order::Desc)
        .limit(MAX_CARDS)
        .all(&app.db)
        .await?;
    let mut cards: Vec<Card> = rows.iter().map(|row| Card::of(row, None)).collect();
    cards.sort_by_key(|card| urgency(card.state, card.noted));
    let (sold, earned) = sold_since(&app.db, crafter.crafter.id, month_start(&app.clock)).await?;
    let wanted = wanted(&app.db, crafter.crafter.id).await?;
    let tasks = task_views(app, crafter.visit.lang, crafter.crafter.id).await?;
    let mut ready = ready::of(&app.db, crafter.crafter.id, &rows).await?;
    if let Some((id, typed, sentence)) = refused
        && let Some(one) = ready.iter_mut().find(|one| one.product_id == id)
    {
        one.refused = Some((typed, sentence));
    }
    let name = crafter.crafter.name.clone();
    let page = WorkPage { name, cards, sold, earned: earned.0, wanted, tasks, ready };
    crafter.visit.page_with(status, &app.templates, &page)
}

/// What waits for the maker comes first, what is put away last.
fn urgency(state: ProductState, noted: bool) -> u8 {
    match state {
        ProductState::Draft if noted => 0,
        ProductState::Draft => 1,
        ProductState::Submitted => 2,
        ProductState::Published => 3,
        ProductState::Withdrawn => 4,
    }
}

/// Pieces of theirs that were sold, however that was, less those that came back, and what they bring: as in their book.
async fn sold_since(db: &impl ConnectionTrait, crafter_id: i64, since: DateTime<Utc>) -> Result<(i64, Rupiah)> {
    let sales = earning::Entity::find()
        .filter(earning::Column::CrafterId.eq(crafter_id))
        .filter(earning::Column::Terms.eq(Terms::Consigned))
        .filter(earning::Column::UndoneAt.is_null())
        .filter(earning::Column::At.gte(since))
        .all(db)
        .await?;
    Ok((sales.iter().map(|sale| sale.quantity).sum(), sales.iter().map(|sale| sale.maker_total).sum()))
}

/// Pieces of orders that stand for sure, paid or accepted, that no shelf can give; what is promised first comes first.
async fn wanted(db: &impl ConnectionTrait, crafter_id: i64) -> Result<Vec<Wanted>> {
    // What is shared out over households is nobody's alone any more.
    let sql = "SELECT l.product_name || CASE WHEN l.item_name = '' THEN '' ELSE ', ' || l.item_name END AS name, \
               p.cover, o.ready_on, CAST(SUM(CASE WHEN l.to_make < l.quantity - l.cancelled - l.packed \
               THEN l.to_make ELSE l.quantity - l.cancelled - l.packed END) AS BIGINT) AS pieces \
               FROM order_line l JOIN \"order\" o ON o.id = l.order_id JOIN item i ON i.id = l.item_id \
               JOIN product p ON p.id = i.product_id \
               WHERE l.crafter_id = $1 AND l.to_make > 0 AND l.quantity - l.cancelled - l.packed > 0 \
               AND NOT EXISTS (SELECT 1 FROM commission c WHERE c.order_line_id = l.id AND c.closed_at IS NULL) \
               AND o.state = 'placed' AND (o.payment <> 'unpaid' OR o.confirmed_at IS NOT NULL) \
               GROUP BY l.product_name, l.item_name, p.cover, o.ready_on ORDER BY o.ready_on, l.product_name LIMIT 50";
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, [crafter_id.into()]);
    Ok(Wanted::find_by_statement(statement).all(db).await?)
}

/// Midnight in Jember before the first day of this month.
fn month_start(clock: &Clock) -> DateTime<Utc> {
    let first = clock.today().with_day(1).unwrap_or_else(|| clock.today());
    first.and_time(chrono::NaiveTime::MIN).and_local_timezone(wib()).single().unwrap_or_default().to_utc()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_begins_at_midnight_in_jember() {
        let clock = Clock::stopped("2026-10-31T17:00:00Z".parse().unwrap());
        assert_eq!(month_start(&clock).to_rfc3339(), "2026-10-31T17:00:00+00:00");
        let clock = Clock::stopped("2026-10-31T16:59:59Z".parse().unwrap());
        assert_eq!(month_start(&clock).to_rfc3339(), "2026-09-30T17:00:00+00:00");
    }
}
