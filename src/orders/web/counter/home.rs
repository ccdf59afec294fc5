//! `/kelola`: the operator's day in tiles, and what came in.
use actix_web::{HttpResponse, web::Data};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, Statement};
use serde::Serialize;

use super::{labels, money};
use crate::{
    accounts::visit::Operator,
    app::App,
    error::Result,
    orders::{
        board::{self, Todo},
        takings::{self, Day},
    },
    outlet::{device_event, price_override, till::conflict},
    page::{self, Page, Sample},
    wholesale::{reseller, web::urgent},
};
use entity::{Rupiah, product};

/// So many days are drawn.
const DAYS: u64 = 30;
/// Fewer pieces than this on the shelf are few.
const FEW: i64 = 3;
/// The picture's inner size, in its own units.
const WIDTH: i64 = 300;
const HEIGHT: i64 = 90;

#[derive(Serialize)]
struct HomePage {
    outlet: String,
    /// Other outlets of the same operator.
    others: Vec<OtherOutlet>,
    tiles: Vec<Tile>,
    products_to_approve: u64,
    stock_low: i64,
    /// Money that nobody can explain yet.
    money_unclear: usize,
    /// Big orders with pieces that nobody makes.
    commissions: usize,
    /// Shops elsewhere that ask to become resellers, and quotes they ask for.
    wholesale: u64,
    /// Prices above the ceiling that wait for a second person.
    price_asks: i64,
    /// What was odd about sales of tills.
    odd: u64,
    /// What phones told that waits for a person.
    held: u64,
    today: Rupiah,
    month: Rupiah,
    bars: Vec<Bar>,
    days: Vec<Taking>,
}

#[derive(Serialize)]
struct OtherOutlet {
    id: i64,
    name: String,
}

#[derive(Serialize)]
struct Tile {
    code: &'static str,
    label: String,
    count: usize,
}

/// One day of the picture.
#[derive(Serialize)]
struct Bar {
    x: i64,
    y: i64,
    width: i64,
    height: i64,
    today: bool,
}

#[derive(Serialize)]
struct Taking {
    on: chrono::NaiveDate,
    amount: Rupiah,
}

impl Page for HomePage {
    const TEMPLATE: &'static str = "counter/home.html";
    fn samples() -> Vec<HomePage> {
        let first = chrono::NaiveDate::default();
        let days: Vec<Day> = first
            .iter_days()
            .take(DAYS as usize)
            .enumerate()
            .map(|(n, on)| Day { on, amount: Rupiah(n as i64 % 7 * 28_000) })
            .collect();
        let tile = |todo: Todo| Tile { code: todo.code(), label: "Perlu dikemas".into(), count: 3 };
        vec![HomePage {
            outlet: "e-Warong Kemuning Lor".into(),
            others: vec![OtherOutlet { id: 2, name: "e-Warong Darsono".into() }],
            tiles: Todo::ALL.into_iter().map(tile).collect(),
            products_to_approve: 2,
            stock_low: 4,
            money_unclear: 1,
            commissions: 1,
            wholesale: 2,
            price_asks: 1,
            odd: 3,
            held: 1,
            today: Rupiah(165_000),
            month: Rupiah(2_450_000),
            bars: bars(&days),
            days: listed(&days),
        }]
    }
}

pub fn samples() -> Vec<Sample> {
    page::samples::<HomePage>()
}

/// `GET /kelola`
pub async fn show(operator: Operator, app: Data<App>) -> Result<HttpResponse> {
    let outlet = &operator.outlet;
    let waiting = board::waiting(&app.db, outlet, app.clock.now()).await?;
    let tile = |todo: Todo| Tile {
        code: todo.code(),
        label: app.say(operator.visit.lang, &labels::todo(todo)),
        count: waiting.iter().filter(|waiting| waiting.todos.contains(&todo)).count(),
    };
    let days = takings::by_day(&app.db, outlet.id, app.clock.today(), DAYS).await?;
    let page = HomePage {
        outlet: outlet.name.clone(),
        others: operator.others.iter().map(|other| OtherOutlet { id: other.id, name: other.name.clone() }).collect(),
        tiles: Todo::ALL.into_iter().map(tile).collect(),
        products_to_approve: to_approve(&app.db, outlet.id).await?,
        stock_low: stock_low(&app.db, outlet.id).await?,
        money_unclear: money::waiting(&app.db, outlet.id).await?,
        commissions: urgent(&app.db, outlet.id).await?,
        wholesale: reseller::waiting(&app.db, outlet.id).await?,
        price_asks: price_override::count(&app.db, outlet.id, app.clock.today()).await?,
        odd: conflict::count(&app.db, outlet.id).await?,
        held: device_event::held_count(&app.db, outlet.id).await?,
        today: days.last().map_or(Rupiah::ZERO, |day| day.amount),
        month: days.iter().map(|day| day.amount).sum(),
        bars: bars(&days),
        days: listed(&days),
    };
    operator.visit.page(&app.templates, &page)
}

/// A bar a day; the best day reaches the top, and a day without takings has no bar.
fn bars(days: &[Day]) -> Vec<Bar> {
    let most = days.iter().map(|day| day.amount.0).max().unwrap_or(0).max(1);
    let step = WIDTH / (days.len().max(1) as i64);
    let bar = |(n, day): (usize, &Day)| {
        let height = (i128::from(day.amount.0) * i128::from(HEIGHT) / i128::from(most)) as i64;
        let height = if day.amount > Rupiah::ZERO { height.max(2) } else { 0 };
        Bar { x: n as i64 * step, y: HEIGHT - height, width: step - 2, height, today: n + 1 == days.len() }
    };
    days.iter().enumerate().map(bar).collect()
}

/// The same in figures, the latest day first; days without takings are left out.
fn listed(days: &[Day]) -> Vec<Taking> {
    let with_takings = days.iter().rev().filter(|day| day.amount > Rupiah::ZERO);
    with_takings.map(|day| Taking { on: day.on, amount: day.amount }).collect()
}

async fn to_approve(db: &impl ConnectionTrait, outlet_id: i64) -> Result<u64> {
    Ok(product::Entity::find()
        .filter(product::Column::OutletId.eq(outlet_id))
        .filter(product::Column::State.eq(product::State::Submitted))
        .count(db)
        .await?)
}

/// Sizes of published goods that are not made to order, of which few are left.
async fn stock_low(db: &impl ConnectionTrait, outlet_id: i64) -> Result<i64> {
    let sql = "SELECT COUNT(*) AS few FROM (\
        SELECT item.id FROM item \
        JOIN product ON product.id = item.product_id \
        LEFT JOIN stock ON stock.item_id = item.id AND stock.on_shelf \
        WHERE product.outlet_id = $1 AND product.state = 'published' AND product.days_to_make IS NULL \
        AND item.archived_at IS NULL \
        GROUP BY item.id HAVING COALESCE(SUM(stock.on_hand - stock.promised), 0) < $2) AS low";
    let query = Statement::from_sql_and_values(db.get_database_backend(), sql, [outlet_id.into(), FEW.into()]);
    Ok(match db.query_one_raw(query).await? {
        Some(row) => row.try_get::<i64>("", "few")?,
        None => 0,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_day_reaches_the_top_and_an_empty_day_has_no_bar() {
        let on = chrono::NaiveDate::default();
        let day = |amount| Day { on, amount: Rupiah(amount) };
        let bars = bars(&[day(0), day(50_000), day(100_000), day(1)]);
        assert_eq!(bars.iter().map(|bar| bar.height).collect::<Vec<_>>(), [0, 45, 90, 2]);
        assert!(bars.iter().all(|bar| bar.y + bar.height == HEIGHT));
    }
}
