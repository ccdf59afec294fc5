//! The basket of a browser: kept here, named by a cookie, with the price of each item as the buyer saw it.
//!
//! A price that changed since, a product that was withdrawn and a shelf that emptied are said on the basket; the new
//! price is taken only when the buyer agrees.
use std::collections::HashMap;

use chrono::{DateTime, Duration, NaiveDate, Utc};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

pub use super::line::{Line, Trouble};
use super::shipping::Piece;
use crate::{
    catalogue::capacity::{self, Pool},
    clock::Clock,
    db::Tx,
    error::{Refusal, Result},
    secret, stock,
};
use entity::{Rupiah, cart, cart_line, item, product};

/// The most pieces of one item in a basket.
pub const MOST: i64 = 999;
/// The most different items in a basket.
const MOST_LINES: usize = 40;

/// A basket with what is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cart {
    pub row: cart::Model,
    pub lines: Vec<Line>,
}

impl Cart {
    /// Pieces in it, for the badge.
    pub fn count(&self) -> i64 {
        self.lines.iter().map(|line| line.quantity).sum()
    }

    /// What all of it costs now.
    pub fn goods_total(&self) -> Rupiah {
        Rupiah(self.lines.iter().fold(0, |sum: i64, line| sum.saturating_add(line.total().0)))
    }

    pub fn pieces(&self) -> Vec<Piece> {
        self.lines.iter().map(Line::piece).collect()
    }

    pub fn is_troubled(&self) -> bool {
        self.lines.iter().any(|line| line.trouble().is_some())
    }

    /// The day on which everything that must be made is done.
    pub fn ready_on(&self, today: NaiveDate) -> Option<NaiveDate> {
        self.lines.iter().filter_map(|line| line.ready_on(today)).max()
    }

    /// Whose goods these are; a basket holds those of one outlet.
    pub fn outlet_id(&self) -> Option<i64> {
        self.lines.first().map(|line| line.product.outlet_id)
    }

    pub fn is_pickup_only(&self) -> bool {
        self.lines.iter().any(|line| line.product.pickup_only)
    }

    /// The names of what can only be fetched; empty when everything can be sent.
    pub fn pickup_only(&self) -> String {
        let names = self.lines.iter().filter(|line| line.product.pickup_only).map(Line::name);
        names.collect::<Vec<_>>().join("; ")
    }

    /// What a buyer sees of the basket: a form that was filled looking at something else is asked about.
    pub fn digest(&self) -> String {
        let lines = self.lines.iter().map(|line| {
            format!(
                "{}x{}={}:{}:{}:{}",
                line.item.id,
                line.quantity,
                line.price_seen.0,
                line.to_make(),
                line.days_until_ready().unwrap_or(0),
                line.product.pickup_only
            )
        });
        lines.collect::<Vec<_>>().join(" ")
    }
}

/// The basket a cookie names; a token nobody gave out names none.
pub async fn find(db: &impl ConnectionTrait, token: Option<&str>) -> Result<Option<Cart>> {
    let Some(token) = token else { return Ok(None) };
    let Some(row) = by_token(token).one(db).await? else { return Ok(None) };
    Ok(Some(read(db, row).await?))
}

/// The same, locked until the transaction ends, and without its lines.
pub async fn lock(tx: &Tx, token: Option<&str>) -> Result<Option<cart::Model>> {
    let Some(token) = token else { return Ok(None) };
    Ok(by_token(token).lock_exclusive().one(tx).await?)
}

fn by_token(token: &str) -> sea_orm::Select<cart::Entity> {
    cart::Entity::find().filter(cart::Column::TokenHash.eq(secret::sha256(token.as_bytes())))
}

/// What is in a basket, with what the shelf has of it.
pub async fn read(db: &impl ConnectionTrait, row: cart::Model) -> Result<Cart> {
    let mut lines = lines(db, row.id).await?;
    if !lines.is_empty() {
        let ids: Vec<i64> = lines.iter().map(|line| line.item.id).collect();
        let available = stock::available(db, &ids).await?;
        for line in &mut lines {
            line.available = available.get(&line.item.id).copied().unwrap_or(0);
        }
        ask_makers(db, &mut lines).await?;
    }
    Ok(Cart { row, lines })
}

/// Who makes what the shelf does not have; asked only where something has to be made.
async fn ask_makers(db: &impl ConnectionTrait, lines: &mut [Line]) -> Result<()> {
    let to_make = lines.iter().filter(|line| line.to_make() > 0).map(|line| line.item.id);
    let pools = capacity::pools(db, &to_make.collect::<Vec<_>>()).await?;
    for line in lines {
        line.pool = pools.get(&line.item.id).cloned().unwrap_or_default();
    }
    Ok(())
}

/// The lines of a basket, not yet held against the shelf.
pub(super) async fn lines(db: &impl ConnectionTrait, cart_id: i64) -> Result<Vec<Line>> {
    let rows = cart_line::Entity::find()
        .filter(cart_line::Column::CartId.eq(cart_id))
        .order_by_asc(cart_line::Column::Id)
        .find_also_related(item::Entity)
        .find_also(item::Entity, product::Entity)
        .all(db)
        .await?;
    let line = |(row, item, product): (cart_line::Model, _, _)| {
        Some(Line {
            id: row.id,
            item: item?,
            product: product?,
            quantity: row.quantity,
            price_seen: row.price_seen,
            available: 0,
            pool: Pool::default(),
        })
    };
    Ok(rows.into_iter().filter_map(line).collect())
}

/// Lines outside any basket, at today's price, as for an order taken at the counter.
pub async fn lines_of(db: &impl ConnectionTrait, wants: &[(i64, i64)]) -> Result<Vec<Line>> {
    let rows = item::Entity::find()
        .filter(item::Column::Id.is_in(wants.iter().map(|(item_id, _)| *item_id)))
        .find_also_related(product::Entity)
        .all(db)
        .await?;
    let available = stock::available(db, &wants.iter().map(|(item_id, _)| *item_id).collect::<Vec<_>>()).await?;
    let found: HashMap<i64, _> =
        rows.into_iter().filter_map(|(item, product)| Some((item.id, (item, product?)))).collect();
    let line = |(item_id, quantity): &(i64, i64)| {
        let (item, product) = found.get(item_id).cloned()?;
        let available = available.get(item_id).copied().unwrap_or(0);
        let pool = Pool::default();
        Some(Line { id: 0, price_seen: item.price, item, product, quantity: *quantity, available, pool })
    };
    let mut lines: Vec<Line> = wants.iter().filter_map(line).collect();
    ask_makers(db, &mut lines).await?;
    Ok(lines)
}

/// Makes an empty basket; the token goes into the cookie and nowhere else.
pub async fn make(tx: &Tx, clock: &Clock) -> Result<(String, cart::Model)> {
    let token = secret::token();
    let row = cart::ActiveModel {
        token_hash: Set(secret::sha256(token.as_bytes())),
        region_code: Set(None),
        created_at: Set(clock.now()),
        updated_at: Set(clock.now()),
        ..Default::default()
    };
    let id = cart::Entity::insert(row).exec(tx).await?.last_insert_id;
    let now = clock.now();
    let row = cart::Model {
        id,
        token_hash: secret::sha256(token.as_bytes()),
        region_code: None,
        created_at: now,
        updated_at: now,
    };
    Ok((token, row))
}

/// Puts pieces into a basket that is locked or new, or says why not. What is there already counts.
pub async fn add(tx: &Tx, clock: &Clock, inside: &[Line], cart_id: i64, item_id: i64, quantity: i64) -> Result<()> {
    let before = inside.iter().find(|line| line.item.id == item_id);
    let wanted = quantity + before.map_or(0, |line| line.quantity);
    let Some(line) = lines_of(tx, &[(item_id, wanted)]).await?.pop() else {
        return Err(Refusal::invalid("cart.not_sold").into());
    };
    // Goods by weight are sold at the counter, where there are scales.
    if line.item.measure != item::Measure::Piece {
        return Err(Refusal::invalid("cart.not_sold").into());
    }
    if inside.iter().any(|other| other.product.outlet_id != line.product.outlet_id) {
        return Err(Refusal::conflict("cart.one_outlet").into());
    }
    may_hold(&line)?;
    if before.is_none() && inside.len() >= MOST_LINES {
        return Err(Refusal::conflict("cart.too_many_lines").with("n", MOST_LINES as i64).into());
    }
    match before {
        Some(before) => set_quantity(tx, before.id, wanted).await,
        None => {
            let row = cart_line::ActiveModel {
                cart_id: Set(cart_id),
                item_id: Set(item_id),
                quantity: Set(wanted),
                price_seen: Set(line.item.price),
                added_at: Set(clock.now()),
                ..Default::default()
            };
            cart_line::Entity::insert(row).exec_without_returning(tx).await?;
            Ok(())
        }
    }
}

/// Whether there can be so many of it.
fn may_hold(line: &Line) -> Result<(), Refusal> {
    if line.quantity > MOST {
        return Err(Refusal::invalid("form.at_most").with("max", MOST));
    }
    match line.trouble() {
        Some(Trouble::Withdrawn) => Err(Refusal::invalid("cart.not_sold")),
        Some(Trouble::OnlyLeft(0)) => Err(Refusal::invalid("cart.none_left")),
        Some(Trouble::OnlyLeft(n)) => Err(Refusal::invalid("cart.only_left").with("n", n)),
        Some(Trouble::Price { .. }) | None => Ok(()),
    }
}

/// Changes how many of a line are wanted; 0 takes it out. Says why not when there are fewer.
pub async fn change(tx: &Tx, line: &Line, quantity: i64) -> Result<()> {
    if quantity == 0 {
        return take_out(tx, line.id).await;
    }
    if quantity == line.quantity {
        return Ok(());
    }
    may_hold(&Line { quantity, ..line.clone() })?;
    set_quantity(tx, line.id, quantity).await
}

/// The buyer agrees to today's price, if it is the one they were shown.
pub async fn agree(tx: &Tx, line: &Line, shown: Rupiah) -> Result<()> {
    if line.item.price != shown || line.price_seen == shown {
        return Ok(());
    }
    let change = cart_line::ActiveModel { id: Set(line.id), price_seen: Set(shown), ..Default::default() };
    cart_line::Entity::update(change).exec(tx).await?;
    Ok(())
}

/// Makes a line fit what there is now: fewer pieces, or none. A price is left to [`agree`].
pub async fn fit(tx: &Tx, line: &Line) -> Result<()> {
    match line.trouble() {
        Some(Trouble::Withdrawn | Trouble::OnlyLeft(0)) => take_out(tx, line.id).await,
        Some(Trouble::OnlyLeft(n)) => set_quantity(tx, line.id, n).await,
        Some(Trouble::Price { .. }) | None => Ok(()),
    }
}

async fn set_quantity(tx: &Tx, line_id: i64, quantity: i64) -> Result<()> {
    let change = cart_line::ActiveModel { id: Set(line_id), quantity: Set(quantity), ..Default::default() };
    cart_line::Entity::update(change).exec(tx).await?;
    Ok(())
}

async fn take_out(tx: &Tx, line_id: i64) -> Result<()> {
    cart_line::Entity::delete_by_id(line_id).exec(tx).await?;
    Ok(())
}

/// Takes everything out, as when it became an order.
pub(super) async fn empty(tx: &Tx, cart_id: i64) -> Result<()> {
    cart_line::Entity::delete_many().filter(cart_line::Column::CartId.eq(cart_id)).exec(tx).await?;
    Ok(())
}

/// Remembers where the parcel is to go, so that its price can be shown before the address.
pub async fn send_to(tx: &Tx, clock: &Clock, cart_id: i64, region_code: &str) -> Result<()> {
    let change = cart::ActiveModel {
        id: Set(cart_id),
        region_code: Set(Some(region_code.to_owned())),
        updated_at: Set(clock.now()),
        ..Default::default()
    };
    cart::Entity::update(change).exec(tx).await?;
    Ok(())
}

/// Forgets baskets whose cookies have ended.
pub async fn sweep(tx: &Tx, now: DateTime<Utc>) -> Result<()> {
    use sea_orm::QuerySelect;
    let old =
        cart::Entity::find().filter(cart::Column::UpdatedAt.lt(now - Duration::days(90))).limit(500).all(tx).await?;
    let ids: Vec<i64> = old.into_iter().map(|row| row.id).collect();
    if ids.is_empty() {
        return Ok(());
    }
    cart_line::Entity::delete_many().filter(cart_line::Column::CartId.is_in(ids.clone())).exec(tx).await?;
    cart::Entity::delete_many().filter(cart::Column::Id.is_in(ids)).exec(tx).await?;
    Ok(())
}
