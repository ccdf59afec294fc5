//! One household's part of a big order: its answer, what it handed in, and what becomes of the goods.
//!
//! An answer is given once, by whoever holds the link or by the operator for a maker without a phone. Good pieces handed
//! in for a part are kept for its order at once: those very pieces leave for it, and pay their maker; pieces beyond the
//! part stand on the shelf for all.
use std::collections::HashMap;

use chrono::{DateTime, Duration, Utc};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;

use super::{commission::Commission, round::go_round, upkeep::lessen};
use crate::{
    clock::Clock,
    collection::intake as intakes,
    db::Tx,
    error::{Error, Refusal, Result},
    orders::{docket::open, order as orders},
    stock,
};
use entity::{Rupiah, assignment, assignment::State, commission, crafter, intake, lot, order};

/// How long a link still says what became of it.
const SHOWN: Duration = Duration::days(30);

/// Where a household sees what it is asked for.
pub fn url(part: &assignment::Model) -> String {
    format!("/tugas-anyam/{}", part.secret)
}

/// The part behind a link, with its commission. A link nobody gave out, or one of long ago, leads nowhere.
pub async fn by_secret(
    db: &impl ConnectionTrait,
    clock: &Clock,
    secret: &str,
) -> Result<(assignment::Model, Commission)> {
    let part = assignment::Entity::find().filter(assignment::Column::Secret.eq(secret)).one(db).await?;
    let part = part.ok_or(Error::NotFound)?;
    let row = commission::Entity::find_by_id(part.commission_id).one(db).await?;
    let whole = Commission::of(db, row.into_iter().collect()).await?.pop().ok_or(Error::NotFound)?;
    let last = whole.row.closed_at.unwrap_or(part.answer_by).max(part.answer_by);
    let is_long_over = (whole.is_over() || part.state != State::Accepted) && last + SHOWN < clock.now();
    if is_long_over { Err(Error::NotFound) } else { Ok((part, whole)) }
}

/// What a household says to an offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Yes, to so many.
    Yes(i64),
    No,
}

/// Keeps an answer and offers what came open to others. The commission is locked. `by` is the operator who answers for
/// the maker. The same answer again changes nothing.
pub async fn answer(
    tx: &Tx,
    clock: &Clock,
    commission: &Commission,
    id: i64,
    answer: Answer,
    by: Option<i64>,
) -> Result<()> {
    let part = commission.assignments.iter().find(|part| part.id == id).ok_or(Error::NotFound)?;
    match (part.state, answer) {
        (State::Accepted, Answer::Yes(n)) if part.pieces == n => return Ok(()),
        (State::Declined, Answer::No) => return Ok(()),
        _ => {}
    }
    if commission.is_over() || part.state == State::Released {
        return Err(Refusal::conflict("task.not_needed").into());
    }
    if part.state == State::Silent || (part.state == State::Offered && part.answer_by <= clock.now()) {
        return Err(Refusal::conflict("task.too_late").into());
    }
    if part.state != State::Offered {
        return Err(Refusal::conflict("task.already_answered").into());
    }
    let (state, pieces) = match answer {
        Answer::No => (State::Declined, 0),
        Answer::Yes(n) if (1..=part.pieces).contains(&n) => (State::Accepted, n),
        Answer::Yes(_) => return Err(Refusal::invalid("task.at_most").with("n", part.pieces).into()),
    };
    let change = assignment::ActiveModel {
        id: Set(part.id),
        state: Set(state),
        pieces: Set(pieces),
        answered_at: Set(Some(clock.now())),
        answered_by: Set(by),
        ..Default::default()
    };
    assignment::Entity::update(change).exec(tx).await?;
    tx.changes_what_is_shown();
    let verb = if state == State::Declined { "declined" } else { "accepted" };
    let detail = json!({ "crafter": part.crafter_id, "pieces": pieces, "offered": part.offered });
    commission.remember(tx, clock, verb, by, detail).await?;
    let after = Commission::lock_any(tx, commission.row.id).await?;
    go_round(tx, clock, &after, None).await?;
    Ok(())
}

/// The operator takes back what a household has not handed in: they are ill, or asked for it. It is offered to others.
pub async fn release(
    tx: &Tx,
    clock: &Clock,
    commission: &Commission,
    crafter_id: i64,
    reason: &str,
    by: i64,
) -> Result<()> {
    if commission.is_over() {
        return Err(Refusal::conflict("commission.over").into());
    }
    let has = commission.accepted_by(crafter_id) + commission.asked_of(crafter_id);
    let delivered = commission.delivered_by(crafter_id);
    if has == delivered {
        return Err(Refusal::conflict("commission.nothing_to_release").into());
    }
    lessen(tx, commission, crafter_id, delivered, reason).await?;
    let detail = json!({ "crafter": crafter_id, "pieces": has - delivered, "reason": reason });
    commission.remember(tx, clock, "released", Some(by), detail).await?;
    let after = Commission::lock_any(tx, commission.row.id).await?;
    go_round(tx, clock, &after, Some(by)).await?;
    Ok(())
}

/// What a household has before it, for its own page and for whoever takes its goods in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    pub assignment_id: i64,
    pub secret: String,
    pub commission_id: i64,
    pub item_id: i64,
    pub goods: String,
    /// The order it is for: "K-2611-0042".
    pub order_number: String,
    pub state: State,
    /// Pieces asked for, or said yes to.
    pub pieces: i64,
    pub delivered: i64,
    pub price: Rupiah,
    pub due_on: chrono::NaiveDate,
    pub answer_by: DateTime<Utc>,
    /// Why it was taken back, as a key of words or in the operator's words.
    pub reason: Option<String>,
    /// The whole commission is over.
    pub is_over: bool,
}

impl Task {
    /// Pieces still to be handed in.
    pub fn left(&self) -> i64 {
        if self.state == State::Accepted { (self.pieces - self.delivered).max(0) } else { 0 }
    }
}

/// What a household is asked for and makes, the most urgent first, with what was taken back in the last two weeks. One
/// line for each order: what was added to a yes counts with it.
pub async fn tasks(db: &impl ConnectionTrait, clock: &Clock, crafter_id: i64) -> Result<Vec<Task>> {
    let parts = assignment::Entity::find()
        .filter(assignment::Column::CrafterId.eq(crafter_id))
        .filter(assignment::Column::State.is_in([State::Offered, State::Accepted, State::Released]))
        .order_by_desc(assignment::Column::Id)
        .limit(60)
        .all(db)
        .await?;
    let ids: Vec<i64> = parts.iter().map(|part| part.commission_id).collect();
    let rows = commission::Entity::find().filter(commission::Column::Id.is_in(ids)).all(db).await?;
    let mut tasks = Vec::new();
    for whole in Commission::of(db, rows).await? {
        tasks.extend(of_commission(&whole, crafter_id, clock));
    }
    tasks.sort_by_key(|task: &Task| (task.is_over, task.state != State::Offered, task.due_on, task.assignment_id));
    Ok(tasks)
}

fn of_commission(whole: &Commission, crafter_id: i64, clock: &Clock) -> Vec<Task> {
    let mine =
        |state| whole.assignments.iter().filter(move |part| part.crafter_id == crafter_id && part.state == state);
    let task = |part: &assignment::Model, state, pieces, delivered| Task {
        assignment_id: part.id,
        secret: part.secret.clone(),
        commission_id: whole.row.id,
        item_id: whole.row.item_id,
        goods: whole.goods(),
        order_number: orders::number(&whole.order),
        state,
        pieces,
        delivered,
        price: part.price,
        due_on: part.due_on,
        answer_by: part.answer_by,
        reason: part.reason.clone(),
        is_over: whole.is_over(),
    };
    let recent = whole.row.closed_at.is_none_or(|at| at + Duration::days(14) > clock.now());
    let (accepted, delivered) = (whole.accepted_by(crafter_id), whole.delivered_by(crafter_id));
    let mut tasks = Vec::new();
    if !whole.is_over() {
        let waits = |part: &&assignment::Model| part.answer_by > clock.now();
        tasks.extend(mine(State::Offered).filter(waits).map(|part| task(part, State::Offered, part.pieces, 0)));
        if let Some(part) = mine(State::Accepted).next() {
            let reason = mine(State::Accepted).chain(mine(State::Released)).find_map(|part| part.reason.clone());
            tasks.push(Task { reason, ..task(part, State::Accepted, accepted, delivered) });
        } else if let Some(part) = mine(State::Released).next_back().filter(|_| tasks.is_empty()) {
            tasks.push(task(part, State::Released, part.offered, 0));
        }
    } else if recent {
        // Over before its minute came, or told already: either way it is not to be made any more.
        let mut gone = mine(State::Released).chain(mine(State::Offered)).chain(mine(State::Accepted));
        let told =
            |part: &&assignment::Model| part.state != State::Accepted || delivered < accepted || part.reason.is_some();
        tasks.extend(gone.find(told).map(|part| {
            let why = if whole.order.state == order::State::Completed {
                "task.order_complete"
            } else {
                "task.order_cancelled"
            };
            let reason = part.reason.clone().or(whole.row.close_reason.clone()).unwrap_or_else(|| why.to_owned());
            Task { reason: Some(reason), ..task(part, State::Released, part.pieces, delivered) }
        }));
    }
    tasks
}

/// What is left to hand in of each part of a household, for whoever takes its goods in.
pub async fn open_of(db: &impl ConnectionTrait, clock: &Clock, outlet_id: i64, crafter_id: i64) -> Result<Vec<Task>> {
    let here = crafter::Entity::find_by_id(crafter_id).filter(crafter::Column::OutletId.eq(outlet_id)).one(db).await?;
    if here.is_none() {
        return Ok(Vec::new());
    }
    let mut tasks = tasks(db, clock, crafter_id).await?;
    tasks.retain(|task| task.left() > 0);
    Ok(tasks)
}

/// Before goods are taken in for a part: locks what must be locked before stock is, and looks that the part is this
/// household's and for these goods. One of another household or outlet does not exist.
pub async fn expect(tx: &Tx, outlet_id: i64, crafter_id: i64, item_id: i64, assignment_id: i64) -> Result<()> {
    let part = assignment::Entity::find_by_id(assignment_id).one(tx).await?.ok_or(Error::NotFound)?;
    let whole = lock_with_order(tx, part.commission_id).await?;
    let fits = whole.row.outlet_id == outlet_id && whole.row.item_id == item_id && part.crafter_id == crafter_id;
    if fits { Ok(()) } else { Err(Error::NotFound) }
}

/// The order first, then the commission: the order of locks everywhere.
async fn lock_with_order(tx: &Tx, commission_id: i64) -> Result<Commission> {
    let row = commission::Entity::find_by_id(commission_id).one(tx).await?.ok_or(Error::NotFound)?;
    order::Entity::find_by_id(row.order_id).lock_exclusive().one(tx).await?;
    Commission::lock_any(tx, commission_id).await
}

/// What became of goods that were taken in for a part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Delivered {
    /// Pieces that count for the order and are promised to it.
    pub counted: i64,
    /// Pieces that stand on the shelf for all.
    pub beyond: i64,
    /// Pieces the household has still to make.
    pub left: i64,
}

/// After goods of an intake stand on the shelf: promises to the order what is its, in the same transaction. [`expect`]
/// came before. An intake for no part, or for one that is over, leaves everything on the shelf.
pub async fn delivered(tx: &Tx, clock: &Clock, intake: &intake::Model) -> Result<Delivered> {
    let lots = intakes::lots(tx, intake.id).await?;
    let good = lots.iter().map(|lot| lot.received).sum();
    let Some(assignment_id) = intake.assignment_id else {
        return Ok(Delivered { beyond: good, ..Delivered::default() });
    };
    let part = assignment::Entity::find_by_id(assignment_id).one(tx).await?.ok_or(Error::NotFound)?;
    let whole = lock_with_order(tx, part.commission_id).await?;
    let (accepted, after) = (whole.accepted_by(part.crafter_id), whole.delivered_by(part.crafter_id));
    let before = whole.hauls.get(&part.crafter_id).map_or(0, |haul| haul.good - good).min(accepted).max(0);
    let counted = after - before;
    if whole.is_over() || good == 0 {
        return Ok(Delivered { counted: 0, beyond: good, left: 0 });
    }
    let subject = orders::subject(whole.order.id);
    let held: i64 = stock::held_for(tx, &subject)
        .await?
        .iter()
        .filter(|held| held.item_id == whole.row.item_id)
        .map(|held| held.quantity)
        .sum();
    let lines = orders::lines(tx, whole.order.id).await?;
    let needs: i64 = lines.iter().filter(|line| line.item_id == whole.row.item_id).map(open).sum();
    let mut wanted = counted.min(needs - held).max(0);
    let mut portions = Vec::new();
    for lot in lots {
        let part = wanted.min(lot.remaining);
        wanted -= part;
        portions.push((lot.id, part));
    }
    stock::keep(tx, clock, &subject, &portions).await?;
    let detail = json!({ "crafter": part.crafter_id, "pieces": counted, "rejected": intake.rejected });
    whole.remember(tx, clock, "delivered", Some(intake.person_id), detail).await?;
    Ok(Delivered { counted, beyond: good - counted, left: accepted - after })
}

/// Pieces that stand on the shelf for a commission's order, by who made them.
pub async fn kept(db: &impl ConnectionTrait, commission: &Commission) -> Result<HashMap<i64, i64>> {
    let mut holds = stock::held_for(db, &orders::subject(commission.order.id)).await?;
    holds.retain(|held| held.item_id == commission.row.item_id);
    let lots = lot::Entity::find().filter(lot::Column::Id.is_in(holds.iter().filter_map(|held| held.lot_id)));
    let owners: HashMap<i64, Option<i64>> = lots.all(db).await?.iter().map(|lot| (lot.id, lot.owner_id)).collect();
    Ok(holds.iter().fold(HashMap::new(), |mut sums, held| {
        if let Some(owner) = held.lot_id.and_then(|id| owners.get(&id).copied().flatten()) {
            *sums.entry(owner).or_insert(0) += held.quantity;
        }
        sums
    }))
}

/// Before an intake is reversed: what of it is kept for its order is free again, so that it can leave the shelf. The
/// pieces are the household's to make once more.
pub async fn before_reversal(tx: &Tx, clock: &Clock, intake: &intake::Model) -> Result<()> {
    let Some(assignment_id) = intake.assignment_id else { return Ok(()) };
    let part = assignment::Entity::find_by_id(assignment_id).one(tx).await?.ok_or(Error::NotFound)?;
    let whole = lock_with_order(tx, part.commission_id).await?;
    if intake.reversed_at.is_some() || whole.order.state != order::State::Placed {
        return Ok(());
    }
    stock::lock(tx, &[intake.item_id]).await?;
    let lots = intakes::lots(tx, intake.id).await?;
    let good: i64 = lots.iter().map(|lot| lot.received).sum();
    let lots: Vec<i64> = lots.iter().map(|lot| lot.id).collect();
    let subject = orders::subject(whole.order.id);
    for held in stock::kept(tx, &lots).await?.iter().filter(|held| held.subject == subject) {
        stock::release_part(tx, held, held.quantity).await?;
    }
    let detail = json!({ "crafter": part.crafter_id, "pieces": good });
    whole.remember(tx, clock, "taken_back", None, detail).await
}
