//! Some crafters with an account, one list that was paid, and one that waits for its checker.
use chrono::Duration;
use entity::{
    Rupiah, crafter, outlet,
    payout::{Shown, Way},
    payout_run, person_role,
    person_role::Role,
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};

use super::Ground;
use crate::{
    bank_account::Account,
    catalogue::Hand,
    clock::Clock,
    db::{self, Tx},
    error::{Error, Result},
    outlet::{
        payee::{self, Owed},
        payout::{self, Proof},
        payout_run::{self as runs, Line},
    },
};

/// Household, bank, number, holder. All others are paid in cash.
const ACCOUNTS: [(&str, &str, &str, &str); 4] = [
    ("Bu Sati", "BRI", "658201011234507", "Sati"),
    ("Pak Sahroni", "Bank Jatim", "0322109876", "Sahroni"),
    ("Bu Halimah", "BNI", "1172993826", "Halimah"),
    ("Pak Buhari", "GoPay", "081300001177", "Buhari"),
];

pub(super) async fn make(ground: &Ground<'_>, outlet: &outlet::Model, hand: &Hand) -> Result<()> {
    let maker = hand.person_id.ok_or_else(|| Error::Fault(anyhow::anyhow!("the village has no operator")))?;
    accounts(ground, outlet, maker).await?;
    let known = payout_run::Entity::find().filter(payout_run::Column::OutletId.eq(outlet.id)).count(ground.db).await?;
    if known == 0 {
        paid(ground, outlet, maker, checker(ground).await?).await?;
    }
    if known < 2 {
        waiting(ground, outlet, maker).await?;
    }
    Ok(())
}

async fn accounts(ground: &Ground<'_>, outlet: &outlet::Model, by: i64) -> Result<()> {
    let clock = Clock::stopped(ground.now - Duration::days(20));
    for (name, bank, number, holder) in ACCOUNTS {
        let of_name = crafter::Entity::find().filter(crafter::Column::OutletId.eq(outlet.id));
        let Some(crafter) = of_name.filter(crafter::Column::Name.eq(name)).one(ground.db).await? else { continue };
        if payee::account(ground.db, payee::Payee::Crafter(crafter.id)).await?.is_some() {
            continue;
        }
        let account = Account { bank: bank.into(), number: number.into(), holder: holder.into() };
        let tx = db::begin(ground.db).await?;
        payee::name_account(&tx, &clock, &crafter, &account, Some(by)).await?;
        tx.commit().await?;
    }
    Ok(())
}

async fn checker(ground: &Ground<'_>) -> Result<i64> {
    let held = person_role::Entity::find().filter(person_role::Column::Role.eq(Role::Administrator));
    let first = held.order_by_asc(person_role::Column::Id).one(ground.db).await?;
    first.map(|held| held.person_id).ok_or_else(|| Error::Fault(anyhow::anyhow!("the village has no administrator")))
}

/// Half of what each is owed, made, approved and paid within a day of last week.
async fn paid(ground: &Ground<'_>, outlet: &outlet::Model, maker: i64, checker: i64) -> Result<()> {
    let clock = Clock::stopped(ground.now - Duration::days(6));
    let tx = db::begin(ground.db).await?;
    let owed = payee::owed(&tx, outlet.id).await?;
    let lines: Vec<Line> = owed.iter().filter_map(|one| line(one, one.amount.0 / 2)).collect();
    if lines.is_empty() {
        return Ok(());
    }
    let id = runs::make(&tx, &clock, outlet, &lines, false, maker).await?;
    clock.advance(Duration::hours(3));
    runs::approve(&tx, &clock, outlet, id, checker).await?;
    clock.advance(Duration::hours(2));
    tick_all_off(&tx, &clock, outlet, id, maker).await?;
    Ok(tx.commit().await?)
}

async fn tick_all_off(tx: &Tx, clock: &Clock, outlet: &outlet::Model, id: i64, by: i64) -> Result<()> {
    for payout in runs::read(tx, outlet.id, id).await?.payouts {
        clock.advance(Duration::minutes(3));
        let proof = match payout.way {
            Way::Cash => Proof::Cash { receiver: payout.name.clone(), shown: Shown::Pin },
            Way::Transfer | Way::Midtrans => {
                Proof::Reference(format!("TRF{}{:03}", clock.today().format("%y%m%d"), payout.id))
            }
        };
        payout::tick_off(tx, clock, outlet, id, payout.id, &proof, by).await?;
    }
    Ok(())
}

/// What some are owed now, for somebody else to look at.
async fn waiting(ground: &Ground<'_>, outlet: &outlet::Model, maker: i64) -> Result<()> {
    let clock = Clock::stopped(ground.now - Duration::hours(2));
    let tx = db::begin(ground.db).await?;
    let owed = payee::owed(&tx, outlet.id).await?;
    let lines: Vec<Line> = owed.iter().take(4).filter_map(|one| line(one, one.amount.0)).collect();
    if !lines.is_empty() {
        runs::make(&tx, &clock, outlet, &lines, false, maker).await?;
    }
    Ok(tx.commit().await?)
}

fn line(owed: &Owed, amount: i64) -> Option<Line> {
    let way = if owed.account.is_some() { Way::Transfer } else { Way::Cash };
    (amount > 0).then_some(Line { payee: owed.payee, amount: Rupiah(amount), way, set_offs: Vec::new() })
}
