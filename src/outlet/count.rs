//! Counting a place: a sheet is opened, what stands there is counted and written down, differences are looked at with
//! their worth, explained, and booked.
//!
//! Each line remembers what the books said at the moment it was counted. What is sold before or after changes the books
//! and the shelf alike, so it makes no difference; and what a till sold before the count but told only after it is taken
//! off what the books said.
use std::collections::BTreeMap;

use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
    sea_query::OnConflict,
};
use serde_json::json;

use super::{cost, repacking};
use crate::{
    clock::Clock,
    db::Tx,
    error::{Error, Refusal, Result},
    history,
    stock::{self, Cause as Why},
};
use entity::{
    Rupiah,
    count_line::{self as line, Column as Of},
    count_sheet::{ActiveModel, Column, Entity},
    move_cost, outlet, place, stock as level, stock_move,
};
pub use entity::{
    count_line::Cause,
    count_sheet::{Model, State},
};

/// How a booked difference is called by its moves.
pub fn subject(id: i64) -> String {
    format!("count:{id}")
}

/// Opens a sheet for a place; whoever comes while one is open counts on the same.
pub async fn open(tx: &Tx, clock: &Clock, outlet: &outlet::Model, place_id: i64, by: i64) -> Result<i64> {
    repacking::judge_place(tx, outlet.id, place_id).await?;
    place::Entity::find_by_id(place_id).lock_exclusive().one(tx).await?;
    let open = Entity::find().filter(Column::PlaceId.eq(place_id)).filter(Column::State.eq(State::Open));
    if let Some(sheet) = open.one(tx).await? {
        return Ok(sheet.id);
    }
    let row = ActiveModel {
        outlet_id: Set(outlet.id),
        place_id: Set(place_id),
        state: Set(State::Open),
        opened_by: Set(by),
        opened_at: Set(clock.now()),
        ..Default::default()
    };
    Ok(Entity::insert(row).exec(tx).await?.last_insert_id)
}

/// A sheet of this outlet; another outlet's does not exist here.
pub async fn read(db: &impl ConnectionTrait, outlet_id: i64, id: i64) -> Result<Model> {
    let sheet = Entity::find_by_id(id).filter(Column::OutletId.eq(outlet_id)).one(db).await?;
    sheet.ok_or(Error::NotFound)
}

async fn lock_open(tx: &Tx, outlet_id: i64, id: i64) -> Result<Model> {
    let sheet = Entity::find_by_id(id).filter(Column::OutletId.eq(outlet_id)).lock_exclusive().one(tx).await?;
    let sheet = sheet.ok_or(Error::NotFound)?;
    if sheet.state == State::Open { Ok(sheet) } else { Err(Refusal::conflict("count.closed").into()) }
}

/// The newest sheets of an outlet.
pub async fn list(db: &impl ConnectionTrait, outlet_id: i64, most: u64) -> Result<Vec<Model>> {
    let newest = Entity::find().filter(Column::OutletId.eq(outlet_id)).order_by_desc(Column::Id).limit(most);
    Ok(newest.all(db).await?)
}

/// What is written on a sheet so far.
pub async fn lines(db: &impl ConnectionTrait, sheet_id: i64) -> Result<Vec<line::Model>> {
    let of = line::Entity::find().filter(Of::CountSheetId.eq(sheet_id)).order_by_asc(Of::Id);
    Ok(of.all(db).await?)
}

/// Writes down what was counted: items and how much. What was written before and is the same now keeps its moment.
pub async fn write(
    tx: &Tx,
    clock: &Clock,
    outlet: &outlet::Model,
    id: i64,
    counted: &[(i64, i64)],
    by: i64,
) -> Result<()> {
    let sheet = lock_open(tx, outlet.id, id).await?;
    let known: BTreeMap<i64, i64> = lines(tx, id).await?.iter().map(|line| (line.item_id, line.counted)).collect();
    let new: Vec<(i64, i64)> = counted.iter().copied().filter(|(item, n)| known.get(item) != Some(n)).collect();
    for (item_id, _) in &new {
        repacking::sembako(tx, outlet.id, *item_id).await?;
    }
    stock::lock(tx, &new.iter().map(|(item_id, _)| *item_id).collect::<Vec<_>>()).await?;
    for (item_id, counted) in new {
        let row = line::ActiveModel {
            count_sheet_id: Set(id),
            item_id: Set(item_id),
            counted: Set(counted),
            books: Set(on_hand(tx, item_id, sheet.place_id).await?.0),
            last_move_id: Set(last_move(tx, item_id, sheet.place_id).await?),
            counted_by: Set(by),
            counted_at: Set(clock.now()),
            ..Default::default()
        };
        let again = [Of::Counted, Of::Books, Of::LastMoveId, Of::CountedBy, Of::CountedAt];
        line::Entity::insert(row)
            .on_conflict(OnConflict::columns([Of::CountSheetId, Of::ItemId]).update_columns(again).to_owned())
            .exec_without_returning(tx)
            .await?;
    }
    Ok(())
}

/// Takes what was written by mistake off a sheet.
pub async fn strike(tx: &Tx, outlet_id: i64, id: i64, item_ids: &[i64]) -> Result<()> {
    lock_open(tx, outlet_id, id).await?;
    let struck = line::Entity::delete_many().filter(Of::CountSheetId.eq(id));
    struck.filter(Of::ItemId.is_in(item_ids.iter().copied())).exec(tx).await?;
    Ok(())
}

async fn on_hand(db: &impl ConnectionTrait, item_id: i64, place_id: i64) -> Result<(i64, i64)> {
    let row = level::Entity::find()
        .filter(level::Column::ItemId.eq(item_id))
        .filter(level::Column::PlaceId.eq(place_id))
        .one(db)
        .await?;
    Ok(row.map_or((0, 0), |row| (row.on_hand, row.promised)))
}

async fn last_move(tx: &Tx, item_id: i64, place_id: i64) -> Result<i64> {
    let last = stock_move::Entity::find()
        .filter(stock_move::Column::ItemId.eq(item_id))
        .filter(stock_move::Column::PlaceId.eq(place_id))
        .order_by_desc(stock_move::Column::Id)
        .one(tx)
        .await?;
    Ok(last.map_or(0, |row| row.id))
}

/// A line as it would be booked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    pub line: line::Model,
    /// So much more than the books say, or less.
    pub quantity: i64,
    /// What that is worth at the average.
    pub worth: Rupiah,
}

/// What was counted against the books.
pub async fn differences(db: &impl ConnectionTrait, sheet: &Model) -> Result<Vec<Difference>> {
    let mut all = Vec::new();
    for line in lines(db, sheet.id).await? {
        let quantity = match line.difference {
            Some(booked) => booked,
            None => line.counted - line.books - told_late(db, sheet.place_id, &line).await?,
        };
        let worth = match sheet.state {
            State::Booked => booked_worth(db, sheet.id, line.item_id).await?,
            _ => cost::heap(db, line.item_id).await?.cost_of(quantity),
        };
        all.push(Difference { line, quantity, worth });
    }
    Ok(all)
}

/// What happened before the count and was written after it: the shelf knew, the books did not.
async fn told_late(db: &impl ConnectionTrait, place_id: i64, line: &line::Model) -> Result<i64> {
    let late = stock_move::Entity::find()
        .filter(stock_move::Column::ItemId.eq(line.item_id))
        .filter(stock_move::Column::PlaceId.eq(place_id))
        .filter(stock_move::Column::Id.gt(line.last_move_id))
        .filter(stock_move::Column::HappenedAt.lt(line.counted_at));
    Ok(late.all(db).await?.iter().map(|row| row.quantity).sum())
}

#[derive(FromQueryResult)]
struct Worth {
    goods: Option<i64>,
}

async fn booked_worth(db: &impl ConnectionTrait, sheet_id: i64, item_id: i64) -> Result<Rupiah> {
    use sea_orm::{ExprTrait, sea_query::Expr};
    let worth = move_cost::Entity::find()
        .select_only()
        .column_as(Expr::col((move_cost::Entity, move_cost::Column::Goods)).sum().cast_as("bigint"), "goods")
        .filter(move_cost::Column::ItemId.eq(item_id))
        .filter(
            move_cost::Column::MoveId.in_subquery(
                sea_orm::sea_query::Query::select()
                    .column(stock_move::Column::Id)
                    .from(stock_move::Entity)
                    .and_where(stock_move::Column::Subject.eq(subject(sheet_id)))
                    .to_owned(),
            ),
        )
        .into_model::<Worth>()
        .one(db)
        .await?;
    Ok(Rupiah(worth.and_then(|row| row.goods).unwrap_or(0)))
}

/// How a difference came about, and words where those are not enough.
pub type Explained = (Cause, Option<String>);

/// Books all differences of a sheet, each with its explanation. Once.
pub async fn book(
    tx: &Tx,
    clock: &Clock,
    outlet: &outlet::Model,
    id: i64,
    explained: &BTreeMap<i64, Explained>,
    by: i64,
) -> Result<()> {
    let sheet = lock_open(tx, outlet.id, id).await?;
    let item_ids: Vec<i64> = lines(tx, id).await?.iter().map(|line| line.item_id).collect();
    if item_ids.is_empty() {
        return Err(Refusal::invalid("count.nothing").into());
    }
    stock::lock(tx, &item_ids).await?;
    let differences = differences(tx, &sheet).await?;
    for one in &differences {
        let (_, name) = repacking::sembako(tx, outlet.id, one.line.item_id).await?;
        let why = explained.get(&one.line.item_id);
        let said = why.is_some_and(|(cause, words)| *cause != Cause::Other || words.is_some());
        if one.quantity != 0 && !said {
            return Err(Refusal::invalid("count.explain").with("name", name).into());
        }
        let (_, promised) = on_hand(tx, one.line.item_id, sheet.place_id).await?;
        let key = format!("count:{id}:{}", one.line.item_id);
        let reason = why.map(|(cause, words)| words.clone().unwrap_or_else(|| in_words(*cause).to_owned()));
        let subject = subject(id);
        let cause = Why { subject: Some(&subject), reason: reason.as_deref(), person_id: Some(by), source_key: &key };
        stock::adjust(tx, clock, (one.line.item_id, sheet.place_id), one.quantity, cause).await.map_err(
            |e| match e {
                Error::Refused(no) if no.said.key == "stock.below_promised" && promised == 0 => {
                    Refusal::conflict("count.sold_since").with("name", name).into()
                }
                Error::Refused(no) if no.said.key == "stock.below_promised" => {
                    Refusal::conflict("count.promised").with("name", name).with("n", promised).into()
                }
                other => other,
            },
        )?;
        let (cause, words) = why.filter(|_| one.quantity != 0).cloned().map_or((None, None), |(c, w)| (Some(c), w));
        let change = line::ActiveModel {
            id: Set(one.line.id),
            cause: Set(cause),
            words: Set(words),
            difference: Set(Some(one.quantity)),
            ..Default::default()
        };
        line::Entity::update(change).exec(tx).await?;
    }
    close(tx, clock, id, State::Booked, by).await?;
    cost::follow(tx, clock, outlet.id, &item_ids).await?;
    let found = differences.iter().filter(|one| one.quantity != 0).count();
    remember(tx, clock, outlet, id, "booked", by, json!({ "lines": differences.len(), "different": found })).await
}

/// What is written on a move; pages say it in the reader's language.
fn in_words(cause: Cause) -> &'static str {
    match cause {
        Cause::Shrunk => "susut",
        Cause::Spilled => "tumpah",
        Cause::Mice => "dimakan tikus",
        Cause::Miscounted => "salah hitung sebelumnya",
        Cause::Theft => "hilang",
        Cause::Other => "lain",
    }
}

/// Puts a sheet away without booking anything. Once.
pub async fn call_off(tx: &Tx, clock: &Clock, outlet: &outlet::Model, id: i64, by: i64) -> Result<()> {
    lock_open(tx, outlet.id, id).await?;
    close(tx, clock, id, State::CalledOff, by).await?;
    remember(tx, clock, outlet, id, "called_off", by, json!({})).await
}

async fn close(tx: &Tx, clock: &Clock, id: i64, state: State, by: i64) -> Result<()> {
    let change = ActiveModel {
        id: Set(id),
        state: Set(state),
        closed_by: Set(Some(by)),
        closed_at: Set(Some(clock.now())),
        ..Default::default()
    };
    Entity::update(change).exec(tx).await?;
    Ok(())
}

async fn remember(
    tx: &Tx,
    clock: &Clock,
    outlet: &outlet::Model,
    id: i64,
    verb: &str,
    by: i64,
    detail: serde_json::Value,
) -> Result<()> {
    let about = history::Subject("count_sheet", id);
    history::remember(tx, clock, Some(outlet.village_id), about, verb, Some(by), detail).await
}
