//! Rounds of offers: who is asked for how many, at first and again whenever something came open.
use std::collections::HashMap;

use chrono::{Duration, NaiveDate};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::LockType,
};

use super::{
    commission::{self, Commission, New, answer_by, counted},
    split::{Household, Split, split},
};
use crate::{
    catalogue::capacity::{self, Pool},
    clock::Clock,
    db::Tx,
    error::{Error, Refusal, Result},
    orders::docket::{Docket, open},
    secret,
};
use entity::{assignment, assignment::State, crafter, order_line};

/// "Of late" is three months.
const LATELY: Duration = Duration::days(90);

/// Days from today until pieces are due.
pub fn days_until(today: NaiveDate, due_on: NaiveDate) -> i64 {
    (due_on - today).num_days().max(0)
}

/// How pieces would be shared out, and the day on which all of them could be done if that is too late.
#[derive(Clone, Debug)]
pub struct Proposal {
    pub split: Split,
    /// What each household still has room for until the day.
    pub rooms: HashMap<i64, i64>,
    /// The first day by which everybody together can make all of it; none when nobody says at what pace.
    pub possible_on: Option<NaiveDate>,
}

/// What would be offered first of `pieces` of an order line until `due_on`.
pub async fn propose(
    db: &impl ConnectionTrait,
    clock: &Clock,
    line: &order_line::Model,
    pieces: i64,
    due_on: NaiveDate,
) -> Result<Proposal> {
    let pool = pool_for(db, line, 0).await?;
    let days = days_until(clock.today(), due_on);
    let households = fresh(db, clock, &pool, days).await?;
    let rooms = households.iter().map(|household| (household.id, household.can)).collect();
    let possible_on = pool.days_for(pieces).map(|days| capacity::after(clock.today(), days));
    Ok(Proposal { split: split(pieces, &households), rooms, possible_on })
}

/// The households that can be asked to make pieces of a line, of which `shared` are given out. The line's own pieces do
/// not stand before themselves; what other orders wait for is its own crafter's until it is shared out.
async fn pool_for(db: &impl ConnectionTrait, line: &order_line::Model, shared: i64) -> Result<Pool> {
    let mut pool = capacity::pool(db, line.item_id).await?;
    let own = (line.to_make.min(open(line)) - shared).max(0);
    let others = (pool.waiting - own).max(0);
    pool.waiting = 0;
    pool.makers.retain(|maker| maker.crafter_id.is_some());
    for maker in pool.makers.iter_mut().filter(|maker| maker.crafter_id == line.crafter_id) {
        maker.given += others;
    }
    Ok(pool)
}

/// The same for a commission as it stands.
async fn pool_of(db: &impl ConnectionTrait, commission: &Commission) -> Result<Pool> {
    pool_for(db, &commission.line, commission.accepted() + commission.asked()).await
}

/// Households with room, to whom nothing was given yet.
async fn fresh(db: &impl ConnectionTrait, clock: &Clock, pool: &Pool, days: i64) -> Result<Vec<Household>> {
    let ids: Vec<i64> = pool.makers.iter().filter_map(|maker| maker.crafter_id).collect();
    let lately = lately(db, clock, &ids).await?;
    let household = |maker: &capacity::Maker| {
        let id = maker.crafter_id?;
        Some(Household { id, keeps: 0, can: maker.room(days), lately: lately.get(&id).copied().unwrap_or(0) })
    };
    Ok(pool.makers.iter().filter_map(household).collect())
}

/// Pieces each household said yes to of late.
async fn lately(db: &impl ConnectionTrait, clock: &Clock, crafters: &[i64]) -> Result<HashMap<i64, i64>> {
    let said_yes = assignment::Entity::find()
        .filter(assignment::Column::CrafterId.is_in(crafters.iter().copied()))
        .filter(assignment::Column::State.eq(State::Accepted))
        .filter(assignment::Column::AnsweredAt.gte(clock.now() - LATELY))
        .all(db)
        .await?;
    Ok(said_yes.iter().fold(HashMap::new(), |mut sums, part| {
        *sums.entry(part.crafter_id).or_insert(0) += part.pieces;
        sums
    }))
}

/// Households that may be asked take turns: nobody is asked twice for the same free day. In the order of their ids.
async fn lock_makers(tx: &Tx, pool: &Pool) -> Result<()> {
    crafter::Entity::find()
        .filter(crafter::Column::Id.is_in(pool.makers.iter().filter_map(|maker| maker.crafter_id)))
        .order_by_asc(crafter::Column::Id)
        .lock(LockType::NoKeyUpdate)
        .all(tx)
        .await?;
    Ok(())
}

/// Shares pieces of an order out as the operator agreed, and asks each household. The order is locked.
pub async fn begin(
    tx: &Tx,
    clock: &Clock,
    docket: &Docket,
    new: &New,
    shares: &[(i64, i64)],
    by: i64,
) -> Result<Commission> {
    let commission = commission::write(tx, clock, docket, new, by).await?;
    lock_makers(tx, &pool_of(tx, &commission).await?).await?;
    let pool = pool_of(tx, &commission).await?;
    let days = days_until(clock.today(), new.due_on);
    let offers: Vec<(i64, i64)> = shares.iter().copied().filter(|(_, pieces)| *pieces > 0).collect();
    let sum = offers.iter().fold(0_i64, |sum, (_, pieces)| sum.saturating_add(*pieces));
    for (crafter_id, pieces) in &offers {
        may_ask(tx, &commission, &pool, days, *crafter_id, *pieces).await?;
    }
    let fits = pool.room(days);
    if sum > new.pieces {
        return Err(Refusal::invalid("commission.too_many_shared").with("n", sum - new.pieces).into());
    }
    if sum < new.pieces.min(fits) {
        return Err(Refusal::invalid("commission.not_all_shared").with("n", new.pieces.min(fits) - sum).into());
    }
    if offers.is_empty() {
        return Err(Refusal::invalid("commission.nobody_can").into());
    }
    ask(tx, clock, &commission, 1, &offers).await?;
    commission.remember(tx, clock, "shared", Some(by), counted(&offers)).await?;
    Commission::lock(tx, commission.row.outlet_id, commission.row.id).await
}

/// Whether a household of this outlet can be asked for so many.
async fn may_ask(tx: &Tx, commission: &Commission, pool: &Pool, days: i64, crafter_id: i64, pieces: i64) -> Result<()> {
    let household = crafter::Entity::find_by_id(crafter_id)
        .filter(crafter::Column::OutletId.eq(commission.row.outlet_id))
        .one(tx)
        .await?
        .ok_or(Error::NotFound)?;
    let maker = pool.makers.iter().find(|maker| maker.crafter_id == Some(crafter_id));
    let room = maker.map_or(0, |maker| maker.room(days));
    if !(1..=room).contains(&pieces) {
        return Err(Refusal::invalid("commission.above_capacity").with("name", household.name).with("n", room).into());
    }
    Ok(())
}

/// Writes offers down: each with a link of its own and a time until which an answer is waited for. Who has not answered
/// the one before is asked for more by the same link, so that there is one number and one tap.
async fn ask(tx: &Tx, clock: &Clock, commission: &Commission, round: i64, offers: &[(i64, i64)]) -> Result<()> {
    let now = clock.now();
    let until = answer_by(&commission.row, now);
    let offer = |(crafter_id, pieces): &(i64, i64)| assignment::ActiveModel {
        commission_id: Set(commission.row.id),
        crafter_id: Set(*crafter_id),
        round: Set(round),
        offered: Set(*pieces),
        pieces: Set(*pieces),
        state: Set(State::Offered),
        price: Set(commission.row.price),
        due_on: Set(commission.row.due_on),
        answer_by: Set(until),
        secret: Set(secret::short_token()),
        offered_at: Set(now),
        ..Default::default()
    };
    let waiting = |crafter_id: i64| {
        let theirs = |part: &&assignment::Model| part.crafter_id == crafter_id && part.state == State::Offered;
        commission.assignments.iter().filter(theirs).find(|part| part.answer_by > now)
    };
    for (crafter_id, more) in offers {
        match waiting(*crafter_id) {
            Some(part) => {
                let change = assignment::ActiveModel {
                    id: Set(part.id),
                    offered: Set(part.offered + more),
                    pieces: Set(part.pieces + more),
                    ..Default::default()
                };
                assignment::Entity::update(change).exec(tx).await?;
            }
            None => {
                assignment::Entity::insert(offer(&(*crafter_id, *more))).exec_without_returning(tx).await?;
            }
        }
    }
    tx.changes_what_is_shown();
    Ok(())
}

/// Who would be asked for what is open now. Who said no, said less or said nothing is not asked again by itself.
pub(super) async fn next(db: &impl ConnectionTrait, clock: &Clock, commission: &Commission) -> Result<Vec<(i64, i64)>> {
    if commission.open() == 0 || answer_by(&commission.row, clock.now()) <= clock.now() {
        return Ok(Vec::new());
    }
    let pool = pool_of(db, commission).await?;
    let days = days_until(clock.today(), commission.row.due_on);
    let mut households = fresh(db, clock, &pool, days).await?;
    for id in commission.crafters() {
        if !households.iter().any(|household| household.id == id) {
            households.push(Household { id, keeps: 0, can: 0, lately: 0 });
        }
    }
    for household in &mut households {
        let theirs = || commission.assignments.iter().filter(|part| part.crafter_id == household.id);
        household.keeps = commission.accepted_by(household.id) + commission.asked_of(household.id);
        let had_enough = theirs().any(|part| part.state != State::Offered && part.pieces < part.offered)
            || theirs().any(|part| !matches!(part.state, State::Offered | State::Accepted));
        household.can = if had_enough { household.keeps } else { household.keeps + household.can };
    }
    let again = split(commission.row.pieces, &households);
    let more = |household: &Household| (household.id, again.of(household.id) - household.keeps);
    Ok(households.iter().map(more).filter(|(_, pieces)| *pieces > 0).collect())
}

/// Offers what came open to whoever has room. The commission is locked. Says how many pieces found somebody to ask.
pub async fn go_round(tx: &Tx, clock: &Clock, commission: &Commission, by: Option<i64>) -> Result<i64> {
    if commission.is_over() || commission.open() == 0 {
        return Ok(0);
    }
    lock_makers(tx, &pool_of(tx, commission).await?).await?;
    let offers = next(tx, clock, commission).await?;
    if offers.is_empty() {
        return Ok(0);
    }
    let round = commission.assignments.iter().map(|part| part.round).max().unwrap_or(0) + 1;
    ask(tx, clock, commission, round, &offers).await?;
    commission.remember(tx, clock, "went_round", by, counted(&offers)).await?;
    Ok(offers.iter().map(|(_, pieces)| pieces).sum())
}

/// The operator asks one household for more, whatever it said before.
pub async fn ask_one(
    tx: &Tx,
    clock: &Clock,
    commission: &Commission,
    crafter_id: i64,
    pieces: i64,
    by: i64,
) -> Result<()> {
    if commission.is_over() {
        return Err(Refusal::conflict("commission.over").into());
    }
    if pieces > commission.open() {
        return Err(Refusal::invalid("commission.at_most_open").with("n", commission.open()).into());
    }
    if answer_by(&commission.row, clock.now()) <= clock.now() {
        return Err(Refusal::conflict("commission.too_late_to_ask").into());
    }
    lock_makers(tx, &pool_of(tx, commission).await?).await?;
    let pool = pool_of(tx, commission).await?;
    let days = days_until(clock.today(), commission.row.due_on);
    may_ask(tx, commission, &pool, days, crafter_id, pieces).await?;
    let round = commission.assignments.iter().map(|part| part.round).max().unwrap_or(0) + 1;
    ask(tx, clock, commission, round, &[(crafter_id, pieces)]).await?;
    commission.remember(tx, clock, "asked", Some(by), counted(&[(crafter_id, pieces)])).await
}

/// What nobody can make until the day, and the day on which everybody who has not said no could be done with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Missing {
    pub pieces: i64,
    pub possible_on: Option<NaiveDate>,
}

/// Whether a commission will fall short as things stand: known as soon as nobody is left to be asked.
pub async fn missing(db: &impl ConnectionTrait, clock: &Clock, commission: &Commission) -> Result<Option<Missing>> {
    if commission.is_over() || commission.open() == 0 {
        return Ok(None);
    }
    let offered: i64 = next(db, clock, commission).await?.iter().map(|(_, pieces)| pieces).sum();
    let pieces = commission.open() - offered;
    if pieces < 1 {
        return Ok(None);
    }
    let mut pool = pool_of(db, commission).await?;
    let said_no = |id| {
        let mut theirs = commission.assignments.iter().filter(|part| part.crafter_id == id);
        theirs.any(|part| part.state != State::Offered && part.pieces < part.offered)
    };
    pool.makers.retain(|maker| maker.crafter_id.is_some_and(|id| !said_no(id)));
    let days = pool.days_for(commission.open()).map(|days| capacity::after(clock.today(), days));
    Ok(Some(Missing { pieces, possible_on: days.map(|day| day.max(commission.row.due_on)) }))
}
