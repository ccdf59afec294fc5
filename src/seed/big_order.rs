//! What households make in a week, and one big order that is being shared out: some said yes, one said less, one no, and
//! Bu Sati has not answered.
use chrono::Duration;
use entity::{commission, crafter, order::Method, outlet, person, product};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

use super::Ground;
use crate::{
    catalogue::{Hand, capacity, item},
    clock::Clock,
    db::{self, Tx},
    error::{Error, Result},
    orders::{
        cart,
        docket::Docket,
        place::{self, Buyer, Way, Wish},
        settle,
    },
    wholesale::{
        assignment::{self, Answer},
        commission::{Commission, New, makers_price},
        round,
    },
};

const GOODS: &str = "Keranjang sampah anyam";
const PIECES: i64 = 120;
/// Household, baskets a week, and what it said: all of it, less, or no. Bu Sati may still answer.
const MAKERS: [(&str, i64, Option<Said>); 8] = [
    ("Bu Misnati", 15, Some(Said::All)),
    ("Bu Sati", 8, None),
    ("Bu Tija", 7, Some(Said::All)),
    ("Pak Marsuki", 5, Some(Said::Half)),
    ("Pak Sahroni", 4, Some(Said::All)),
    ("Pak Buhari", 6, Some(Said::No)),
    ("Bu Halimah", 9, Some(Said::All)),
    ("Pak Sunar", 3, None),
];

#[derive(Clone, Copy)]
enum Said {
    All,
    Half,
    No,
}

pub(super) async fn make(ground: &Ground<'_>, outlet: &outlet::Model, hand: &Hand) -> Result<()> {
    let by = hand.person_id.ok_or_else(|| Error::Fault(anyhow::anyhow!("the village has no operator")))?;
    if commission::Entity::find().count(ground.db).await? > 0 {
        return Ok(());
    }
    let Some(goods) = product::Entity::find().filter(product::Column::Name.eq(GOODS)).one(ground.db).await? else {
        return Ok(());
    };
    let Some(size) = item::of(ground.db, goods.id).await?.into_iter().next() else { return Ok(()) };
    let tx = db::begin(ground.db).await?;
    let makers = paces(&tx, ground, outlet, size.id).await?;
    let docket = ordered(&tx, ground, outlet, size.id, by).await?;
    let begun = shared_out(&tx, ground, &docket, by).await?;
    answered(&tx, ground, begun.row.id, &makers, by).await?;
    tx.commit().await?;
    Ok(())
}

/// Everybody says how many they make.
async fn paces(tx: &Tx, ground: &Ground<'_>, outlet: &outlet::Model, item_id: i64) -> Result<Vec<(i64, Option<Said>)>> {
    let clock = Clock::stopped(ground.now - Duration::days(20));
    let households = crafter::Entity::find().filter(crafter::Column::OutletId.eq(outlet.id)).all(tx).await?;
    let mut makers = Vec::new();
    for (name, per_week, said) in MAKERS {
        let Some(household) = households.iter().find(|household| household.name == name) else { continue };
        capacity::say(tx, &clock, household.id, item_id, per_week, household.person_id).await?;
        makers.push((household.id, said));
    }
    Ok(makers)
}

/// A shop in Surabaya orders, to be fetched by its lorry, and pays.
async fn ordered(tx: &Tx, ground: &Ground<'_>, outlet: &outlet::Model, item_id: i64, by: i64) -> Result<Docket> {
    let clock = Clock::stopped(ground.now - Duration::hours(9));
    let mut lines = cart::lines_of(tx, &[(item_id, PIECES)]).await?;
    // All of it is made anew: the shelf stays for those who buy one.
    for line in &mut lines {
        line.available = 0;
        line.pool = capacity::pool(tx, item_id).await?;
    }
    let wish = Wish {
        outlet: outlet.clone(),
        buyer: Buyer {
            name: "Toko Sumber Rejeki".into(),
            phone: "6281300000010".into(),
            email: None,
            language: person::Language::Id,
            person_id: None,
        },
        way: Way::Pickup,
        note: Some("Diambil truk kami dari Surabaya".into()),
        method: Method::Transfer,
    };
    let Ok(placed) = place::place(tx, &clock, &lines, &wish).await? else {
        return Err(anyhow::anyhow!("the big order changed while it was placed").into());
    };
    settle::transfer_seen(tx, &clock, &Docket::lock(tx, outlet.id, placed.id).await?, by).await?;
    Docket::lock(tx, outlet.id, placed.id).await
}

async fn shared_out(tx: &Tx, ground: &Ground<'_>, docket: &Docket, by: i64) -> Result<Commission> {
    let clock = Clock::stopped(ground.now - Duration::hours(6));
    let line = docket.lines.first().ok_or(Error::NotFound)?;
    // The day the buyer was promised.
    let due_on = docket.order.ready_on.ok_or(Error::NotFound)?;
    let proposal = round::propose(tx, &clock, line, line.to_make, due_on).await?;
    let new = New { line_id: line.id, pieces: line.to_make, price: makers_price(line), due_on, answer_hours: 48 };
    round::begin(tx, &clock, docket, &new, &proposal.split.shares, by).await
}

async fn answered(tx: &Tx, ground: &Ground<'_>, id: i64, makers: &[(i64, Option<Said>)], by: i64) -> Result<()> {
    let clock = Clock::stopped(ground.now - Duration::hours(2));
    for (crafter_id, said) in makers {
        let Some(said) = said else { continue };
        let whole = Commission::lock_any(tx, id).await?;
        let Some(part) = whole.assignments.iter().find(|part| part.crafter_id == *crafter_id) else { continue };
        let answer = match said {
            Said::All => Answer::Yes(part.pieces),
            Said::Half => Answer::Yes((part.pieces + 1) / 2),
            Said::No => Answer::No,
        };
        let spoke = matches!(said, Said::No).then_some(by);
        assignment::answer(tx, &clock, &whole, part.id, answer, spoke).await?;
    }
    Ok(())
}
