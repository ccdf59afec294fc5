//! Goods that came in together: whose they are, what they cost, how many are left.
use std::collections::HashMap;

use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, sea_query::OnConflict};

use super::{
    hold::{finish, kept_of, loosen},
    lock, locked, moves, rule, set,
};
use crate::{
    clock::Clock,
    db::Tx,
    error::{Error, Refusal, Result},
    secret,
};
use entity::{
    Rupiah, hold, lot,
    lot::{Grade, Terms},
    stock_move::Kind,
    turn,
};

/// How the price of a piece was agreed to be shared, in hundredths of a percent; together 10,000.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Agreed {
    pub maker_bp: i64,
    pub outlet_bp: i64,
    pub group_bp: i64,
}

/// Goods that become a lot.
#[derive(Clone, Debug)]
pub struct NewLot {
    pub item_id: i64,
    pub place_id: i64,
    /// The crafter whose goods they are or were; none for the outlet's own.
    pub owner_id: Option<i64>,
    pub terms: Terms,
    /// What one piece cost or is to cost the outlet.
    pub cost: Rupiah,
    pub quantity: i64,
    pub grade: Option<Grade>,
    /// None: the price is shared as the product says when it is sold.
    pub agreed: Option<Agreed>,
    /// What of a piece is material that the maker was given in advance, in rupiah.
    pub material: Rupiah,
    pub intake_id: Option<i64>,
    pub person_id: Option<i64>,
    /// Names the hand-over once and for all.
    pub source_key: String,
}

/// Takes goods in as a lot.
pub async fn receive(tx: &Tx, clock: &Clock, new: &NewLot) -> Result<i64> {
    if new.quantity < 1 {
        return Err(Refusal::invalid("stock.quantity_positive").into());
    }
    let stock = locked(tx, new.item_id, new.place_id).await?;
    let row = lot::ActiveModel {
        item_id: Set(new.item_id),
        place_id: Set(new.place_id),
        owner_id: Set(new.owner_id),
        terms: Set(new.terms),
        cost: Set(new.cost),
        received: Set(new.quantity),
        remaining: Set(new.quantity),
        grade: Set(new.grade),
        received_at: Set(clock.now()),
        intake_id: Set(new.intake_id),
        maker_bp: Set(new.agreed.map(|agreed| agreed.maker_bp)),
        outlet_bp: Set(new.agreed.map(|agreed| agreed.outlet_bp)),
        group_bp: Set(new.agreed.map(|agreed| agreed.group_bp)),
        material: Set(new.material),
        secret: Set(new.intake_id.map(|_| secret::short_token())),
        ..Default::default()
    };
    let lot_id = lot::Entity::insert(row).exec(tx).await?.last_insert_id;
    moves::write(
        tx,
        clock,
        moves::Move {
            item_id: new.item_id,
            place_id: new.place_id,
            lot_id: Some(lot_id),
            kind: Kind::Received,
            quantity: new.quantity,
            subject: new.intake_id.map(|id| format!("intake:{id}")),
            reason: None,
            person_id: new.person_id,
            source_key: new.source_key.clone(),
        },
    )
    .await?;
    set(tx, &stock, stock.on_hand + new.quantity, stock.promised).await?;
    Ok(lot_id)
}

/// Pieces that left a lot, which is as it was before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    pub lot: lot::Model,
    pub quantity: i64,
}

/// Takes held pieces off the shelf as sold: those of the lot they are kept of, which is nobody's turn, else by the rule
/// of turns. `source_key` names the act.
pub async fn take(
    tx: &Tx,
    clock: &Clock,
    held: &hold::Model,
    quantity: i64,
    person_id: Option<i64>,
    source_key: &str,
) -> Result<Vec<Taken>> {
    let stock = locked(tx, held.item_id, held.place_id).await?;
    if quantity < 1 || quantity > held.quantity || stock.on_hand < quantity {
        return Err(Refusal::conflict("stock.not_enough").with("n", stock.on_hand).into());
    }
    finish(tx, held, quantity, hold::State::Taken).await?;
    let taken = match held.lot_id {
        Some(lot_id) => vec![from_lot(tx, lot_id, quantity).await?],
        None => draw(tx, held.item_id, held.place_id, quantity, None, Turns::Count).await?,
    };
    let cause = Cause { subject: Some(&held.subject), reason: None, person_id, source_key };
    leave(tx, clock, &taken, Kind::Sold, cause).await?;
    set(tx, &stock, stock.on_hand - quantity, stock.promised - quantity).await?;
    Ok(taken)
}

async fn from_lot(tx: &Tx, lot_id: i64, quantity: i64) -> Result<Taken> {
    let lot = lot::Entity::find_by_id(lot_id).one(tx).await?.ok_or(Error::NotFound)?;
    lessen(tx, &lot, quantity).await?;
    Ok(Taken { lot, quantity })
}

/// Why goods move.
#[derive(Clone, Copy, Debug)]
pub struct Cause<'a> {
    /// The document: "sale:3".
    pub subject: Option<&'a str>,
    pub reason: Option<&'a str>,
    pub person_id: Option<i64>,
    /// Names the act once and for all.
    pub source_key: &'a str,
}

/// Sells pieces that nobody was promised, over a counter or in a kiosk, by the rule of turns; of one grade if it is
/// named. Refused with how many there are when there are fewer.
pub async fn sell(
    tx: &Tx,
    clock: &Clock,
    item_id: i64,
    place_id: i64,
    quantity: i64,
    grade: Option<Grade>,
    cause: Cause<'_>,
) -> Result<Vec<Taken>> {
    let stock = locked(tx, item_id, place_id).await?;
    let free = free_of_grade(tx, &stock, grade).await?;
    if quantity < 1 || quantity > free {
        return Err(Refusal::conflict("stock.not_enough").with("n", free).into());
    }
    let taken = draw(tx, item_id, place_id, quantity, grade, Turns::Count).await?;
    leave(tx, clock, &taken, Kind::Sold, cause).await?;
    set(tx, &stock, stock.on_hand - quantity, stock.promised).await?;
    Ok(taken)
}

/// Takes pieces out of one lot for good: given back to their owner, broken, lost. What is promised to buyers stays. What
/// is kept for an order does not go home; if it broke, the order is promised others in its stead.
pub async fn remove(
    tx: &Tx,
    clock: &Clock,
    lot_id: i64,
    quantity: i64,
    kind: Kind,
    cause: Cause<'_>,
) -> Result<lot::Model> {
    let (lot, stock) = lot_and_stock(tx, lot_id).await?;
    let free = std::cmp::min(lot.remaining, stock.on_hand - stock.promised);
    if quantity < 1 || quantity > free {
        return Err(Refusal::conflict("stock.not_enough").with("n", free).into());
    }
    let kept = kept_in(tx, lot_id).await?;
    let of_kept = quantity - (lot.remaining - kept);
    if of_kept > 0 {
        if kind == Kind::GivenBack {
            return Err(Refusal::conflict("stock.kept_for_order").with("n", kept).into());
        }
        loosen(tx, lot_id, of_kept).await?;
    }
    lessen(tx, &lot, quantity).await?;
    leave(tx, clock, &[Taken { lot: lot.clone(), quantity }], kind, cause).await?;
    set(tx, &stock, stock.on_hand - quantity, stock.promised).await?;
    Ok(lot)
}

/// Pieces of a lot that are kept for somebody.
pub(super) async fn kept_in(tx: &Tx, lot_id: i64) -> Result<i64> {
    Ok(kept_of(tx, &[lot_id]).await?.get(&lot_id).copied().unwrap_or(0))
}

/// A lot as it is once its stock is locked.
pub(super) async fn lot_and_stock(tx: &Tx, lot_id: i64) -> Result<(lot::Model, entity::stock::Model)> {
    let find = || lot::Entity::find_by_id(lot_id).one(tx);
    let lot = find().await?.ok_or(Error::NotFound)?;
    let stock = locked(tx, lot.item_id, lot.place_id).await?;
    Ok((find().await?.ok_or(Error::NotFound)?, stock))
}

/// Puts sold pieces back into the lot they came from.
pub async fn take_back(tx: &Tx, clock: &Clock, lot_id: i64, quantity: i64, cause: Cause<'_>) -> Result<()> {
    let (lot, stock) = lot_and_stock(tx, lot_id).await?;
    if quantity < 1 || lot.remaining + quantity > lot.received {
        let n = lot.received - lot.remaining;
        return Err(Refusal::conflict("stock.more_than_came").with("n", n).into());
    }
    let change = lot::ActiveModel { id: Set(lot.id), remaining: Set(lot.remaining + quantity), ..Default::default() };
    lot::Entity::update(change).exec(tx).await?;
    leave(tx, clock, &[Taken { lot, quantity: -quantity }], Kind::Returned, cause).await?;
    set(tx, &stock, stock.on_hand + quantity, stock.promised).await
}

/// Pieces that were moved from one lot into another of the same owner and terms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    pub from_lot: i64,
    pub to_lot: i64,
    pub quantity: i64,
}

/// Moves pieces that nobody was promised to another place, chosen as if they were sold. Each lot goes on as a lot of
/// its own there; pieces that come home go back into the lot they once left.
pub async fn relocate(
    tx: &Tx,
    clock: &Clock,
    item_id: i64,
    (from, to): (i64, i64),
    quantity: i64,
    grade: Option<Grade>,
    cause: Cause<'_>,
) -> Result<Vec<Moved>> {
    lock(tx, &[item_id]).await?;
    let (here, there) = (locked(tx, item_id, from).await?, locked(tx, item_id, to).await?);
    let free = free_of_grade(tx, &here, grade).await?;
    if quantity < 1 || quantity > free {
        return Err(Refusal::conflict("stock.not_enough").with("n", free).into());
    }
    let taken = draw(tx, item_id, from, quantity, grade, Turns::Keep).await?;
    let key = format!("{}:out", cause.source_key);
    leave(tx, clock, &taken, Kind::Moved, Cause { source_key: &key, ..cause }).await?;
    let mut arrived = Vec::with_capacity(taken.len());
    for part in &taken {
        arrived.push(Taken { lot: home_or_new(tx, &part.lot, to, part.quantity).await?, quantity: -part.quantity });
    }
    let key = format!("{}:in", cause.source_key);
    leave(tx, clock, &arrived, Kind::Moved, Cause { source_key: &key, ..cause }).await?;
    set(tx, &here, here.on_hand - quantity, here.promised).await?;
    set(tx, &there, there.on_hand + quantity, there.promised).await?;
    let moved =
        |(from, to): (&Taken, &Taken)| Moved { from_lot: from.lot.id, to_lot: to.lot.id, quantity: from.quantity };
    Ok(taken.iter().zip(&arrived).map(moved).collect())
}

/// The lot that pieces of another become in a place: the one they came from if they come home, else a new one.
async fn home_or_new(tx: &Tx, lot: &lot::Model, place_id: i64, quantity: i64) -> Result<lot::Model> {
    if let Some(origin) = lot.origin_id {
        let home = lot::Entity::find_by_id(origin).one(tx).await?.filter(|home| home.place_id == place_id);
        if let Some(home) = home {
            lessen(tx, &home, -quantity).await?;
            return Ok(home);
        }
    }
    let lot = lot.clone();
    let row = lot::ActiveModel {
        item_id: Set(lot.item_id),
        place_id: Set(place_id),
        owner_id: Set(lot.owner_id),
        terms: Set(lot.terms),
        cost: Set(lot.cost),
        received: Set(quantity),
        remaining: Set(quantity),
        grade: Set(lot.grade),
        received_at: Set(lot.received_at),
        intake_id: Set(lot.intake_id),
        origin_id: Set(Some(lot.origin_id.unwrap_or(lot.id))),
        maker_bp: Set(lot.maker_bp),
        outlet_bp: Set(lot.outlet_bp),
        group_bp: Set(lot.group_bp),
        material: Set(lot.material),
        ..Default::default()
    };
    Ok(lot::Entity::insert(row).exec_with_returning(tx).await?)
}

/// How many of a grade can be sold: what the grade has, and no more than nobody was promised.
async fn free_of_grade(tx: &Tx, stock: &entity::stock::Model, grade: Option<Grade>) -> Result<i64> {
    let free = stock.on_hand - stock.promised;
    if grade.is_none() {
        return Ok(free);
    }
    let lots = standing(tx, stock.item_id, stock.place_id, grade).await?;
    Ok(std::cmp::min(free, not_kept(tx, &lots).await?.iter().map(|lot| lot.remaining).sum()))
}

/// Writes one move a lot; what is taken leaves the shelf, less than nothing comes to it.
pub(super) async fn leave(tx: &Tx, clock: &Clock, taken: &[Taken], kind: Kind, cause: Cause<'_>) -> Result<()> {
    for (n, part) in taken.iter().enumerate() {
        let row = moves::Move {
            item_id: part.lot.item_id,
            place_id: part.lot.place_id,
            lot_id: Some(part.lot.id),
            kind,
            quantity: -part.quantity,
            subject: cause.subject.map(str::to_owned),
            reason: cause.reason.map(str::to_owned),
            person_id: cause.person_id,
            source_key: format!("{}:{n}", cause.source_key),
        };
        moves::write(tx, clock, row).await?;
    }
    Ok(())
}

pub(super) async fn lessen(tx: &Tx, lot: &lot::Model, quantity: i64) -> Result<()> {
    let change = lot::ActiveModel { id: Set(lot.id), remaining: Set(lot.remaining - quantity), ..Default::default() };
    lot::Entity::update(change).exec(tx).await?;
    Ok(())
}

/// Whether a draw counts as a turn of its households.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turns {
    Count,
    Keep,
}

/// The lots of an item in a place that have anything left, oldest first.
async fn standing(tx: &Tx, item_id: i64, place_id: i64, grade: Option<Grade>) -> Result<Vec<lot::Model>> {
    let lots = lot::Entity::find()
        .filter(lot::Column::ItemId.eq(item_id))
        .filter(lot::Column::PlaceId.eq(place_id))
        .filter(lot::Column::Remaining.gt(0))
        .order_by_asc(lot::Column::ReceivedAt)
        .order_by_asc(lot::Column::Id)
        .all(tx)
        .await?;
    // What was never graded counts as grade A.
    let fits = |lot: &lot::Model| grade.is_none_or(|grade| lot.grade.unwrap_or(Grade::A) == grade);
    Ok(lots.into_iter().filter(fits).collect())
}

/// The same lots without what is kept of them.
async fn not_kept(tx: &Tx, lots: &[lot::Model]) -> Result<Vec<lot::Model>> {
    let ids: Vec<i64> = lots.iter().map(|lot| lot.id).collect();
    let kept = kept_of(tx, &ids).await?;
    let free = |lot: &lot::Model| lot.remaining - kept.get(&lot.id).copied().unwrap_or(0);
    Ok(lots.iter().map(|lot| lot::Model { remaining: free(lot), ..lot.clone() }).collect())
}

/// Lessens lots by `quantity` in all, as [`rule::pick`] chooses. The stock row is locked by the caller, so no two draw
/// at once.
pub(super) async fn draw(
    tx: &Tx,
    item_id: i64,
    place_id: i64,
    quantity: i64,
    grade: Option<Grade>,
    turns: Turns,
) -> Result<Vec<Taken>> {
    let lots = standing(tx, item_id, place_id, grade).await?;
    // Goods that no household made have no turns.
    let has_turns = lots.iter().any(|lot| lot.owner_id.is_some());
    let mut numbers = match has_turns {
        true => turn::Entity::find()
            .filter(turn::Column::ItemId.eq(item_id))
            .all(tx)
            .await?
            .into_iter()
            .map(|turn| (turn.owner_id, turn.number))
            .collect(),
        false => HashMap::new(),
    };
    let before = numbers.clone();
    let picked = rule::pick(&not_kept(tx, &lots).await?, &mut numbers, quantity);
    let found: i64 = picked.iter().map(|(_, part)| part).sum();
    if found < quantity {
        let missing = quantity - found;
        return Err(anyhow::anyhow!("lots of item {item_id} hold {missing} pieces less than the shelf").into());
    }
    let mut taken = Vec::with_capacity(picked.len());
    for (n, part) in picked {
        lessen(tx, &lots[n], part).await?;
        taken.push(Taken { lot: lots[n].clone(), quantity: part });
    }
    if turns == Turns::Count && has_turns {
        numbers.retain(|owner, number| before.get(owner) != Some(number));
        keep_turns(tx, item_id, numbers).await?;
    }
    Ok(taken)
}

/// In the order of owners, so that two sales of one item in two places never wait for each other in a circle.
async fn keep_turns(tx: &Tx, item_id: i64, numbers: HashMap<i64, i64>) -> Result<()> {
    let mut numbers: Vec<_> = numbers.into_iter().collect();
    numbers.sort_unstable();
    for (owner_id, number) in numbers {
        let row = turn::ActiveModel {
            item_id: Set(item_id),
            owner_id: Set(owner_id),
            number: Set(number),
            ..Default::default()
        };
        turn::Entity::insert(row)
            .on_conflict(
                OnConflict::columns([turn::Column::ItemId, turn::Column::OwnerId])
                    .update_column(turn::Column::Number)
                    .to_owned(),
            )
            .exec_without_returning(tx)
            .await?;
    }
    Ok(())
}
