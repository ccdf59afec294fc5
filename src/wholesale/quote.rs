//! An offer with a day it ends on: goods at tier prices, freight, packing, a deposit. A reseller asks for it or the
//! operator makes it; once sent it does not change; the buyer's yes makes one order of it, however often it is tapped.
use chrono::{Duration, NaiveDate};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::{Value, json};

use super::tier;
use crate::{
    clock::Clock,
    db::Tx,
    error::{Error, Refusal, Result},
    history::{self, Subject},
    orders::cart,
    secret,
};
pub use entity::quote::{Model, State};
use entity::{
    Rupiah, outlet,
    quote::{ActiveModel, Column, Entity},
    quote_line, reseller,
};

/// The most pieces of one line, and the most lines.
pub const MOST_PIECES: i64 = 10_000;
pub const MOST_LINES: usize = 40;
/// The name of a freight price that was typed.
pub const CARGO: &str = "ditulis";

/// For whom, where to, and what was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    pub buyer_name: String,
    pub buyer_phone: String,
    /// A village's code.
    pub region_code: String,
    pub street: String,
    pub note: Option<String>,
    /// Items and pieces.
    pub wants: Vec<(i64, i64)>,
}

/// A line as the operator writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    pub item_id: i64,
    pub quantity: i64,
    pub unit_price: Rupiah,
}

/// Everything that is agreed beside who and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    pub lines: Vec<Line>,
    pub freight_kind: String,
    pub freight_name: String,
    pub freight: Rupiah,
    pub chargeable_grams: i64,
    pub cartons: i64,
    pub packing: Rupiah,
    pub deposit: Deposit,
    /// What of the deposit stays here when the buyer steps back, in percent of it.
    pub kept_percent: i64,
    pub deposit_days: i64,
    /// So many days after the goods have arrived the balance is due; none: before they leave.
    pub balance_days: Option<i64>,
    pub valid_until: NaiveDate,
    pub ready_on: Option<NaiveDate>,
    pub terms: Option<String>,
}

/// How much is asked first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deposit {
    Percent(i64),
    Amount(Rupiah),
}

impl Deposit {
    /// Of so much; a percentage is rounded up to whole rupiah.
    pub fn of(self, total: Rupiah) -> Rupiah {
        match self {
            Deposit::Percent(percent) => percent_of(total, percent),
            Deposit::Amount(amount) => amount,
        }
    }
}

fn percent_of(amount: Rupiah, percent: i64) -> Rupiah {
    let part = (i128::from(amount.0) * i128::from(percent) + 99) / 100;
    Rupiah(i64::try_from(part).unwrap_or(i64::MAX))
}

/// A quote with its lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    pub row: Model,
    pub lines: Vec<quote_line::Model>,
}

impl Quote {
    pub fn goods_total(&self) -> Rupiah {
        self.lines.iter().filter_map(|line| line.unit_price.times(line.quantity)).sum()
    }

    pub fn total(&self) -> Rupiah {
        self.goods_total() + self.row.freight + self.row.packing
    }

    /// How it stands on this day: one that was not answered in time is over, whether or not somebody wrote it down.
    pub fn standing(&self, today: NaiveDate) -> State {
        let late = self.row.valid_until.is_some_and(|until| until < today);
        if self.row.state == State::Sent && late { State::Expired } else { self.row.state }
    }
}

/// The buyer's page.
pub fn url(row: &Model) -> String {
    format!("/penawaran/{}", row.secret)
}

/// "PW-2611-0007": what people call it.
pub fn number(row: &Model) -> String {
    format!("PW-{}-{:04}", crate::clock::local_date(row.asked_at).format("%y%m"), row.id)
}

async fn with_lines(db: &impl ConnectionTrait, row: Model) -> Result<Quote> {
    let lines = quote_line::Entity::find()
        .filter(quote_line::Column::QuoteId.eq(row.id))
        .order_by_asc(quote_line::Column::Id)
        .all(db)
        .await?;
    Ok(Quote { row, lines })
}

/// The quote of a secret address.
pub async fn by_secret(db: &impl ConnectionTrait, secret: &str) -> Result<Quote> {
    let row = Entity::find().filter(Column::Secret.eq(secret)).one(db).await?.ok_or(Error::NotFound)?;
    with_lines(db, row).await
}

/// One of an outlet's; another's does not exist here.
pub async fn by_id(db: &impl ConnectionTrait, outlet_id: i64, id: i64) -> Result<Quote> {
    let row = Entity::find_by_id(id).filter(Column::OutletId.eq(outlet_id)).one(db).await?.ok_or(Error::NotFound)?;
    with_lines(db, row).await
}

/// All of an outlet's, the latest first.
pub async fn list(db: &impl ConnectionTrait, outlet_id: i64) -> Result<Vec<Quote>> {
    let of_outlet = Entity::find().filter(Column::OutletId.eq(outlet_id));
    gather(db, of_outlet.order_by_desc(Column::Id).limit(100).all(db).await?).await
}

/// All of a reseller's, the latest first.
pub async fn of_reseller(db: &impl ConnectionTrait, reseller_id: i64) -> Result<Vec<Quote>> {
    let own = Entity::find().filter(Column::ResellerId.eq(reseller_id));
    gather(db, own.order_by_desc(Column::Id).limit(50).all(db).await?).await
}

async fn gather(db: &impl ConnectionTrait, rows: Vec<Model>) -> Result<Vec<Quote>> {
    let lines = quote_line::Entity::find()
        .filter(quote_line::Column::QuoteId.is_in(rows.iter().map(|row| row.id)))
        .order_by_asc(quote_line::Column::Id)
        .all(db)
        .await?;
    let own = |row: &Model| lines.iter().filter(|line| line.quote_id == row.id).cloned().collect();
    Ok(rows.into_iter().map(|row| Quote { lines: own(&row), row }).collect())
}

/// The first day by which so many of each item can be ready, by what their makers say they make in a week; none when all
/// of it stands on the shelf.
pub async fn ready_on(db: &impl ConnectionTrait, clock: &Clock, wants: &[(i64, i64)]) -> Result<Option<NaiveDate>> {
    let lines = cart::lines_of(db, wants).await?;
    Ok(lines.iter().filter_map(|line| line.ready_on(clock.today())).max())
}

/// The quote an order was made of.
pub async fn of_order(db: &impl ConnectionTrait, order_id: i64) -> Result<Option<Model>> {
    Ok(Entity::find().filter(Column::OrderId.eq(order_id)).one(db).await?)
}

pub(super) async fn remember(
    tx: &Tx,
    clock: &Clock,
    row: &Model,
    verb: &str,
    by: Option<i64>,
    detail: Value,
) -> Result<()> {
    history::remember(tx, clock, None, Subject("quote", row.id), verb, by, detail).await
}

/// Begins a quote: by a reseller who asks, or by the operator for somebody who rang. Prices are today's tiers.
pub async fn begin(
    tx: &Tx,
    clock: &Clock,
    outlet: &outlet::Model,
    reseller: Option<&reseller::Model>,
    asked: &Asked,
    by: i64,
) -> Result<Quote> {
    let ids: Vec<i64> = asked.wants.iter().map(|(item_id, _)| *item_id).collect();
    let priced = tier::of_items(tx, &ids, reseller.is_some()).await?;
    let mut lines = Vec::new();
    for (item_id, quantity) in &asked.wants {
        let known = priced.get(item_id).filter(|priced| priced.product.outlet_id == outlet.id);
        let known = known.ok_or_else(|| Refusal::invalid("quote.not_sold"))?;
        lines.push(Line { item_id: *item_id, quantity: *quantity, unit_price: known.price_of(*quantity) });
    }
    let row = ActiveModel {
        secret: Set(secret::short_token()),
        outlet_id: Set(outlet.id),
        reseller_id: Set(reseller.map(|reseller| reseller.id)),
        buyer_name: Set(asked.buyer_name.clone()),
        buyer_phone: Set(asked.buyer_phone.clone()),
        region_code: Set(asked.region_code.clone()),
        street: Set(asked.street.clone()),
        note: Set(asked.note.clone()),
        state: Set(State::Draft),
        freight_kind: Set(String::new()),
        freight_name: Set(String::new()),
        freight: Set(Rupiah::ZERO),
        chargeable_grams: Set(0),
        cartons: Set(0),
        packing: Set(Rupiah::ZERO),
        deposit: Set(Rupiah::ZERO),
        kept: Set(Rupiah::ZERO),
        deposit_days: Set(3),
        asked_at: Set(clock.now()),
        ..Default::default()
    };
    let row = Entity::insert(row).exec_with_returning(tx).await?;
    put_lines(tx, &row, &lines).await?;
    remember(tx, clock, &row, "begun", Some(by), json!({})).await?;
    with_lines(tx, row).await
}

async fn put_lines(tx: &Tx, row: &Model, lines: &[Line]) -> Result<()> {
    if lines.is_empty() {
        return Err(Refusal::invalid("quote.nothing_asked").into());
    }
    if lines.len() > MOST_LINES {
        return Err(Refusal::invalid("quote.too_many_lines").with("n", MOST_LINES as i64).into());
    }
    let ids: Vec<i64> = lines.iter().map(|line| line.item_id).collect();
    let priced = tier::of_items(tx, &ids, true).await?;
    quote_line::Entity::delete_many().filter(quote_line::Column::QuoteId.eq(row.id)).exec(tx).await?;
    for line in lines {
        let known = priced.get(&line.item_id).filter(|priced| priced.product.outlet_id == row.outlet_id);
        let known = known.ok_or_else(|| Refusal::invalid("quote.not_sold"))?;
        // A price above the shop's takes nothing from the maker.
        known.may_cost(line.unit_price)?;
        let row = quote_line::ActiveModel {
            quote_id: Set(row.id),
            item_id: Set(line.item_id),
            quantity: Set(line.quantity),
            unit_price: Set(line.unit_price),
            list_price: Set(known.item.price),
            ..Default::default()
        };
        quote_line::Entity::insert(row).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// A quote of an outlet, locked until the transaction ends.
pub async fn lock(tx: &Tx, outlet_id: i64, id: i64) -> Result<Model> {
    let found = Entity::find_by_id(id).filter(Column::OutletId.eq(outlet_id)).lock_exclusive().one(tx).await?;
    found.ok_or(Error::NotFound)
}

pub(super) async fn lock_secret(tx: &Tx, secret: &str) -> Result<Model> {
    Entity::find().filter(Column::Secret.eq(secret)).lock_exclusive().one(tx).await?.ok_or(Error::NotFound)
}

/// Writes prices and terms of a draft. What was sent does not change any more.
pub async fn write(tx: &Tx, clock: &Clock, outlet: &outlet::Model, id: i64, terms: &Terms, by: i64) -> Result<Quote> {
    let row = lock(tx, outlet.id, id).await?;
    if row.state != State::Draft {
        return Err(Refusal::conflict(no_way_on(row.state)).into());
    }
    put_lines(tx, &row, &terms.lines).await?;
    let quote = with_lines(tx, row).await?;
    let total = quote
        .goods_total()
        .0
        .checked_add(terms.freight.0)
        .and_then(|sum| sum.checked_add(terms.packing.0))
        .filter(|sum| *sum > 0)
        .ok_or_else(|| Refusal::invalid("checkout.too_much"))?;
    let deposit = terms.deposit.of(Rupiah(total));
    if deposit > Rupiah(total) {
        return Err(Refusal::invalid("wholesale.deposit_above_total").with("total", Rupiah(total)).into());
    }
    if terms.balance_days.is_some() && deposit == Rupiah::ZERO {
        return Err(Refusal::invalid("wholesale.terms_need_deposit").into());
    }
    let change = ActiveModel {
        id: Set(id),
        freight_kind: Set(terms.freight_kind.clone()),
        freight_name: Set(terms.freight_name.clone()),
        freight: Set(terms.freight),
        chargeable_grams: Set(terms.chargeable_grams),
        cartons: Set(terms.cartons),
        packing: Set(terms.packing),
        deposit: Set(deposit),
        kept: Set(percent_of(deposit, terms.kept_percent)),
        deposit_days: Set(terms.deposit_days),
        balance_days: Set(terms.balance_days),
        valid_until: Set(Some(terms.valid_until)),
        ready_on: Set(terms.ready_on),
        terms: Set(terms.terms.clone()),
        ..Default::default()
    };
    let row = Entity::update(change).exec(tx).await?;
    remember(tx, clock, &row, "written", Some(by), json!({ "total": total, "deposit": deposit })).await?;
    Ok(Quote { row, ..quote })
}

/// Sends it: from now on the buyer may say yes, and nothing of it changes.
pub async fn send(tx: &Tx, clock: &Clock, outlet: &outlet::Model, id: i64, by: i64) -> Result<Model> {
    let row = lock(tx, outlet.id, id).await?;
    if row.state != State::Draft {
        return Err(Refusal::conflict(no_way_on(row.state)).into());
    }
    if row.valid_until.is_none_or(|until| until < clock.today()) {
        return Err(Refusal::invalid("wholesale.valid_until_past").into());
    }
    let change =
        ActiveModel { id: Set(id), state: Set(State::Sent), sent_at: Set(Some(clock.now())), ..Default::default() };
    let row = Entity::update(change).exec(tx).await?;
    remember(tx, clock, &row, "sent", Some(by), json!({})).await?;
    Ok(row)
}

/// The outlet takes it back, with a reason, before the buyer has said yes.
pub async fn withdraw(tx: &Tx, clock: &Clock, outlet: &outlet::Model, id: i64, reason: &str, by: i64) -> Result<Model> {
    let row = lock(tx, outlet.id, id).await?;
    if !matches!(row.state, State::Draft | State::Sent) {
        return Err(Refusal::conflict(no_way_on(row.state)).into());
    }
    end(tx, clock, &row, State::Withdrawn, Some(reason), Some(by)).await
}

/// The buyer says no. A second tap changes nothing.
pub async fn decline(tx: &Tx, clock: &Clock, secret: &str, reason: Option<&str>) -> Result<Model> {
    let row = lock_secret(tx, secret).await?;
    match row.state {
        State::Declined => Ok(row),
        State::Sent => end(tx, clock, &row, State::Declined, reason, None).await,
        state => Err(Refusal::conflict(no_way_on(state)).into()),
    }
}

pub(super) async fn end(
    tx: &Tx,
    clock: &Clock,
    row: &Model,
    state: State,
    reason: Option<&str>,
    by: Option<i64>,
) -> Result<Model> {
    let change = ActiveModel {
        id: Set(row.id),
        state: Set(state),
        reason: Set(reason.map(str::to_owned)),
        answered_at: Set(Some(clock.now())),
        ..Default::default()
    };
    let row = Entity::update(change).exec(tx).await?;
    let verb = match state {
        State::Withdrawn => "withdrawn",
        State::Declined => "declined",
        _ => "expired",
    };
    remember(tx, clock, &row, verb, by, json!({ "reason": reason })).await?;
    Ok(row)
}

/// Why nothing more follows from here.
pub(super) fn no_way_on(state: State) -> &'static str {
    match state {
        State::Draft => "quote.still_draft",
        State::Sent => "quote.already_sent",
        State::Accepted => "quote.already_accepted",
        State::Declined => "quote.already_declined",
        State::Expired => "quote.already_expired",
        State::Withdrawn => "quote.already_withdrawn",
    }
}

/// Writes down which quotes nobody answered in time. Says how many.
pub async fn expire_due(tx: &Tx, clock: &Clock) -> Result<usize> {
    let late = Entity::find()
        .filter(Column::State.eq(State::Sent))
        .filter(Column::ValidUntil.lt(clock.today()))
        .order_by_asc(Column::Id)
        .limit(50)
        .lock_exclusive()
        .all(tx)
        .await?;
    for row in &late {
        end(tx, clock, row, State::Expired, None, None).await?;
    }
    Ok(late.len())
}

/// How long a deposit is waited for after the yes.
pub(super) fn deposit_window(row: &Model) -> Duration {
    Duration::days(row.deposit_days.clamp(1, 30))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deposit_is_a_share_or_an_amount() {
        assert_eq!(Deposit::Percent(30).of(Rupiah(1_000_001)), Rupiah(300_001));
        assert_eq!(Deposit::Percent(0).of(Rupiah(1_000_000)), Rupiah::ZERO);
        assert_eq!(Deposit::Percent(100).of(Rupiah(999)), Rupiah(999));
        assert_eq!(Deposit::Amount(Rupiah(500_000)).of(Rupiah(1)), Rupiah(500_000));
    }
}
