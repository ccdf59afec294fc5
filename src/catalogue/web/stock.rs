//! What stands on the shelf: levels, moves with their causes, goods taken in, counts put right.
use actix_web::{HttpResponse, http::StatusCode, web};
use chrono::{DateTime, Utc};
use entity::{
    Rupiah, category, crafter, item as size, item::Measure, lot, lot::Terms, product, product::State as ProductState,
    stock as level, stock_move,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, FromQueryResult, JoinType, Order, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, RelationTrait,
    sea_query::{Expr, Func, SimpleExpr},
};
use serde::{Deserialize, Serialize};

use super::{
    keeper::{Keeper, State, saying},
    sheet::names,
};
use crate::{
    accounts::visit::Operator,
    app::App,
    catalogue::price,
    db::{self, Tx},
    error::{Error, Result},
    form::{Form, FormView, Wrong},
    history::Subject,
    ledger::{self, Book, NewEntry},
    locale::Said,
    once,
    outlet::cost,
    page::{Page, Sample, samples as drawn},
    secret,
    stock::{self, NewLot},
};

pub(super) fn configure(cfg: &mut web::ServiceConfig) {
    cfg.route("/kelola/stok", web::get().to(index))
        .route("/kelola/stok/{item}", web::get().to(show))
        .route("/kelola/stok/{item}/setoran", web::post().to(receive))
        .route("/kelola/stok/{item}/hitungan", web::post().to(correct));
}

pub(super) fn samples() -> Vec<Sample> {
    [drawn::<StockPage>(), drawn::<ItemPage>()].into_iter().flatten().collect()
}

const PER_PAGE: u64 = 50;
/// So few free pieces, kilograms or litres are called few.
const FEW: i64 = 3;
const MOVES: u64 = 100;
const MAX_QUANTITY: i64 = 100_000;
const MAX_REASON: usize = 200;

/// How many of one size there are.
#[derive(Clone, Debug, Serialize, FromQueryResult)]
struct Level {
    item_id: i64,
    product_id: i64,
    product_name: String,
    item_name: String,
    cover: Option<String>,
    days_to_make: Option<i64>,
    measure: Measure,
    on_hand: i64,
    promised: i64,
}

/// Everything the outlet sells, what runs out first.
#[derive(Debug, Serialize)]
struct StockPage {
    levels: Vec<Level>,
    few: i64,
    q: String,
    number: u64,
    last: u64,
}

impl Page for StockPage {
    const TEMPLATE: &'static str = "listing/stock.html";

    fn samples() -> Vec<StockPage> {
        let (name, cover) = ("Keranjang sampah anyam".into(), Some("p0123456789abcdef0123".into()));
        let level = Level {
            item_id: 9,
            product_id: 7,
            product_name: name,
            item_name: "Besar".into(),
            cover,
            days_to_make: None,
            measure: Measure::Piece,
            on_hand: 5,
            promised: 3,
        };
        let other = Level {
            cover: None,
            item_name: String::new(),
            days_to_make: Some(3),
            on_hand: 0,
            promised: 0,
            ..level.clone()
        };
        let loose = Level { measure: Measure::Gram, on_hand: 350_000, days_to_make: None, ..other.clone() };
        let page = |levels| StockPage { levels, few: FEW, q: "keranjang".into(), number: 2, last: 3 };
        vec![page(vec![level, other, loose]), page(Vec::new())]
    }
}

#[derive(Deserialize)]
struct Filter {
    #[serde(default)]
    q: String,
    #[serde(default)]
    hal: String,
}

async fn index(operator: Operator, query: web::Query<Filter>, app: State) -> Result<HttpResponse> {
    let mut wanted = size::Entity::find()
        .join(JoinType::InnerJoin, size::Relation::Product.def())
        .filter(product::Column::OutletId.eq(operator.outlet.id))
        .filter(product::Column::State.ne(ProductState::Draft))
        .filter(size::Column::ArchivedAt.is_null());
    for word in query.q.to_lowercase().split_whitespace().take(5) {
        wanted = wanted.filter(product::Column::Search.contains(word));
    }
    let total = wanted.clone().count(&app.db).await?;
    let last = Ord::max(total.div_ceil(PER_PAGE), 1);
    let number = query.hal.parse().unwrap_or(1).clamp(1, last);
    let free = summed(level::Column::OnHand).sub(summed(level::Column::Promised));
    let levels = levels(wanted)
        .order_by(free, Order::Asc)
        .order_by(product::Column::Name, Order::Asc)
        .order_by(size::Column::Id, Order::Asc)
        .offset((number - 1) * PER_PAGE)
        .limit(PER_PAGE)
        .into_model::<Level>()
        .all(&app.db)
        .await?;
    let page = StockPage { levels, few: FEW, q: query.q.clone(), number, last };
    operator.visit.page(&app.templates, &page)
}

/// Adds the levels, over all places, to a question about sizes and their products.
fn levels(sizes: sea_orm::Select<size::Entity>) -> sea_orm::Select<size::Entity> {
    sizes
        .join(JoinType::LeftJoin, level::Relation::Item.def().rev())
        .select_only()
        .column_as(size::Column::Id, "item_id")
        .column_as(product::Column::Id, "product_id")
        .column_as(product::Column::Name, "product_name")
        .column_as(size::Column::Name, "item_name")
        .column_as(product::Column::Cover, "cover")
        .column_as(product::Column::DaysToMake, "days_to_make")
        .column_as(size::Column::Measure, "measure")
        .column_as(summed(level::Column::OnHand), "on_hand")
        .column_as(summed(level::Column::Promised), "promised")
        .group_by(size::Column::Id)
        .group_by(product::Column::Id)
}

/// A sum that is 0 where there is no row; PostgreSQL would make it a numeric otherwise.
fn summed(column: level::Column) -> SimpleExpr {
    SimpleExpr::from(Func::coalesce([column.into_expr().sum(), Expr::value(0_i64)])).cast_as("bigint")
}

/// One size: how many there are, what came and went.
#[derive(Debug, Serialize)]
struct ItemPage {
    level: Level,
    crafter: Option<String>,
    /// Whether it is sembako, which may be loose: it is bought by its weight and counted in the store.
    is_sembako: bool,
    intake: FormView,
    count: FormView,
    moves: Vec<Move>,
}

/// Something that came or went.
#[derive(Clone, Debug, Serialize)]
struct Move {
    kind: stock_move::Kind,
    quantity: i64,
    /// The order it was for.
    order: Option<i64>,
    reason: Option<String>,
    who: String,
    at: DateTime<Utc>,
}

impl Page for ItemPage {
    const TEMPLATE: &'static str = "listing/stock_item.html";

    fn samples() -> Vec<ItemPage> {
        use stock_move::Kind::{Found, Received, Returned, Shrunk, Sold};
        let kinds = [Received, Sold, Returned, Shrunk, Found];
        let moves = kinds.map(|kind| Move {
            kind,
            quantity: if matches!(kind, Sold | Shrunk) { -2 } else { 5 },
            order: (kind == Sold).then_some(12),
            reason: (kind == Shrunk).then(|| "Dimakan rayap".into()),
            who: "Bu Siti Aminah".into(),
            at: DateTime::UNIX_EPOCH,
        });
        let level = Level {
            item_id: 9,
            product_id: 7,
            product_name: "Tampah".into(),
            item_name: String::new(),
            cover: None,
            days_to_make: None,
            measure: Measure::Piece,
            on_hand: 5,
            promised: 3,
        };
        let page = |crafter: Option<&str>, is_sembako, moves| ItemPage {
            level: level.clone(),
            crafter: crafter.map(str::to_owned),
            is_sembako,
            intake: FormView::default(),
            count: FormView::default(),
            moves,
        };
        vec![page(Some("Bu Sati"), false, moves.to_vec()), page(None, false, Vec::new()), page(None, true, Vec::new())]
    }
}

async fn show(operator: Operator, item_id: web::Path<i64>, app: State) -> Result<HttpResponse> {
    let (item, product) = one(&app.db, &operator, *item_id).await?;
    let intake = Form::default();
    draw(&operator, &app, (&item, &product), (FormView::blank(&intake), FormView::default()), StatusCode::OK).await
}

async fn one(db: &impl ConnectionTrait, operator: &Operator, item_id: i64) -> Result<(size::Model, product::Model)> {
    let found = size::Entity::find_by_id(item_id).find_also_related(product::Entity).one(db).await?;
    let Some((item, Some(product))) = found else { return Err(Error::NotFound) };
    if operator.keeps(&product) { Ok((item, product)) } else { Err(Error::NotFound) }
}

async fn is_sembako(db: &impl ConnectionTrait, product: &product::Model) -> Result<bool> {
    let of = category::Entity::find_by_id(product.category_id).one(db).await?;
    Ok(of.is_some_and(|of| of.kind == category::Kind::Sembako))
}

/// Sembako is neither taken in nor counted here, where grams would pass for pieces: the page says where it is.
async fn elsewhere(
    operator: &Operator,
    app: &App,
    (item, product): (&size::Model, &product::Model),
) -> Result<Option<HttpResponse>> {
    if !is_sembako(&app.db, product).await? {
        return Ok(None);
    }
    let blank = (FormView::default(), FormView::default());
    draw(operator, app, (item, product), blank, StatusCode::CONFLICT).await.map(Some)
}

async fn draw(
    operator: &Operator,
    app: &App,
    (item, product): (&size::Model, &product::Model),
    (intake, count): (FormView, FormView),
    status: StatusCode,
) -> Result<HttpResponse> {
    let wanted = size::Entity::find()
        .join(JoinType::InnerJoin, size::Relation::Product.def())
        .filter(size::Column::Id.eq(item.id));
    let level = levels(wanted).into_model::<Level>().one(&app.db).await?.ok_or(Error::NotFound)?;
    let crafter = match product.crafter_id {
        Some(id) => crafter::Entity::find_by_id(id).one(&app.db).await?.map(|crafter| crafter.name),
        None => None,
    };
    let rows = stock::moves_of(&app.db, item.id, MOVES).await?;
    let who = names(&app.db, rows.iter().filter_map(|row| row.person_id)).await?;
    let moves = rows.into_iter().map(|row| Move {
        kind: row.kind,
        quantity: row.quantity,
        order: row.subject.as_deref().and_then(|subject| subject.strip_prefix("order:")?.parse().ok()),
        reason: row.reason,
        who: row.person_id.and_then(|id| who.get(&id)).cloned().unwrap_or_default(),
        at: row.at,
    });
    let is_sembako = is_sembako(&app.db, product).await?;
    let page = ItemPage { level, crafter, is_sembako, intake, count, moves: moves.collect() };
    operator.visit.page_with(status, &app.templates, &page)
}

async fn receive(operator: Operator, item_id: web::Path<i64>, form: Form, app: State) -> Result<HttpResponse> {
    let (item, product) = one(&app.db, &operator, *item_id).await?;
    if let Some(answer) = elsewhere(&operator, &app, (&item, &product)).await? {
        return Ok(answer);
    }
    let wrong = match read_intake(&form, product.crafter_id) {
        Ok(intake) => {
            taken_in(&operator, &app, &item, &form, intake).await?;
            return Ok(saying(&format!("/kelola/stok/{}", item.id), "counter.stock_received"));
        }
        Err(wrong) => wrong,
    };
    let intake = operator.form(&app, &form, &wrong);
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    draw(&operator, &app, (&item, &product), (intake, FormView::default()), status).await
}

/// What came over the counter.
struct Handed {
    quantity: i64,
    cost: Rupiah,
}

fn read_intake(form: &Form, crafter_id: Option<i64>) -> Result<Handed, Wrong> {
    let mut reader = form.read();
    let quantity = reader.number("quantity", 1, MAX_QUANTITY);
    let cost = reader.rupiah("cost", 0, price::MAX.0);
    // What a household made keeps its owner: it comes in as a hand-over.
    if crafter_id.is_some() {
        reader.refuse("quantity", Said::new("intake.to_intake"));
    }
    reader.done(Handed { quantity, cost })
}

async fn taken_in(operator: &Operator, app: &App, item: &size::Model, form: &Form, handed: Handed) -> Result<()> {
    let tx = db::begin(&app.db).await?;
    let place_id = stock::shelf(&tx, &app.clock, operator.outlet.id).await?;
    let (scope, hash) = (format!("stock.receive:{}", item.id), form.content_hash());
    if let Some(key) = form.request_key() {
        if once::answered(&tx, &scope, key, &hash).await?.is_some() {
            return Ok(());
        }
        once::remember(&tx, &app.clock, &scope, key, &hash, "").await?;
    }
    let lot = NewLot {
        item_id: item.id,
        place_id,
        owner_id: None,
        terms: Terms::Own,
        cost: handed.cost,
        quantity: handed.quantity,
        grade: None,
        agreed: None,
        material: Rupiah::ZERO,
        intake_id: None,
        person_id: Some(operator.person_id),
        source_key: format!(
            "intake:{}:{}",
            item.id,
            form.request_key().map_or_else(secret::short_token, str::to_owned)
        ),
        fresh: stock::Fresh::default(),
    };
    let lot_id = stock::receive(&tx, &app.clock, &lot).await?;
    cost::follow(&tx, &app.clock, operator.outlet.id, &[item.id]).await?;
    let detail = serde_json::json!({ "item": item.id, "lot": lot_id, "quantity": handed.quantity });
    operator.hand().remember(&tx, &app.clock, Subject("item", item.id), "received", detail).await?;
    tx.commit().await?;
    Ok(())
}

async fn correct(operator: Operator, item_id: web::Path<i64>, form: Form, app: State) -> Result<HttpResponse> {
    let (item, product) = one(&app.db, &operator, *item_id).await?;
    if let Some(answer) = elsewhere(&operator, &app, (&item, &product)).await? {
        return Ok(answer);
    }
    let mut reader = form.read();
    let counted = reader.number("counted", 0, MAX_QUANTITY);
    let reason = reader.text("reason", MAX_REASON);
    let outcome = match reader.done((counted, reason)) {
        Ok((counted, reason)) => match put_right(&operator, &app, &item, &form, counted, &reason).await {
            Err(Error::Refused(no)) => Err(Wrong::refusal("counted", no)),
            other => Ok(other?),
        },
        Err(wrong) => Err(wrong),
    };
    let wrong = match outcome {
        Ok(0) => return Ok(saying(&format!("/kelola/stok/{}", item.id), "counter.stock_agrees")),
        Ok(_) => return Ok(saying(&format!("/kelola/stok/{}", item.id), "counter.stock_corrected")),
        Err(wrong) => wrong,
    };
    let count = operator.form(&app, &form, &wrong);
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    draw(&operator, &app, (&item, &product), (FormView::default(), count), status).await
}

/// Says by how much the books were off; a second tap finds them right.
async fn put_right(
    operator: &Operator,
    app: &App,
    item: &size::Model,
    form: &Form,
    counted: i64,
    reason: &str,
) -> Result<i64> {
    let tx = db::begin(&app.db).await?;
    let place_id = stock::shelf(&tx, &app.clock, operator.outlet.id).await?;
    let (scope, hash) = (format!("stock.count:{}", item.id), form.content_hash());
    if let Some(key) = form.request_key() {
        // The answer is the difference that was found then: sold pieces since must not be counted back.
        if let Some(answer) = once::answered(&tx, &scope, key, &hash).await? {
            return Ok(answer.parse().unwrap_or(0));
        }
    }
    let source = format!("count:{}:{}", item.id, form.request_key().map_or_else(secret::short_token, str::to_owned));
    let by = operator.person_id;
    let difference = stock::correct(&tx, &app.clock, item.id, place_id, counted, reason, by, &source).await?;
    write_off(&tx, app, operator.outlet.id, &source, reason).await?;
    cost::follow(&tx, &app.clock, operator.outlet.id, &[item.id]).await?;
    if let Some(key) = form.request_key() {
        once::remember(&tx, &app.clock, &scope, key, &hash, &difference.to_string()).await?;
    }
    let detail = serde_json::json!({ "item": item.id, "counted": counted, "difference": difference, "reason": reason });
    operator.hand().remember(&tx, &app.clock, Subject("item", item.id), "counted", detail).await?;
    tx.commit().await?;
    Ok(difference)
}

/// Bought goods that a count found missing leave the books at what they had cost.
async fn write_off(tx: &Tx, app: &App, outlet_id: i64, source: &str, reason: &str) -> Result<()> {
    let gone = stock_move::Entity::find()
        .filter(stock_move::Column::SourceKey.starts_with(format!("{source}:")))
        .filter(stock_move::Column::Kind.eq(stock_move::Kind::Shrunk))
        .find_also_related(lot::Entity)
        .all(tx)
        .await?;
    let bought = gone.into_iter().filter_map(|(gone, lot)| Some((gone.quantity, lot?)));
    let bought = bought.filter(|(_, lot)| lot.terms == Terms::Bought && lot.intake_id.is_some());
    let cost: Rupiah = bought.filter_map(|(quantity, lot)| lot.cost.times(-quantity)).sum();
    let lines = [(Book::CostOfGoods(outlet_id), cost), (Book::Goods(outlet_id), -cost)];
    let entry = NewEntry { source_key: source, kind: "counted", subject: source, memo: reason, lines: &lines };
    ledger::post(tx, &app.clock, entry).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_outlets_own_goods_are_taken_in_here() {
        let form = Form::of([("quantity", "12"), ("cost", "21.280")]);
        let handed = read_intake(&form, None).map_err(|wrong| format!("{wrong:?}")).unwrap();
        assert_eq!((handed.quantity, handed.cost), (12, Rupiah(21_280)));
        assert!(read_intake(&form, Some(4)).is_err());
        for quantity in ["0", "-1", "1e3", "1000000000", ""] {
            let form = Form::of([("quantity", quantity), ("cost", "0")]);
            assert!(read_intake(&form, None).is_err(), "{quantity}");
        }
    }
}
