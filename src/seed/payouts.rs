//! Some crafters with an account, what some were given in advance, one list that was paid, and one that waits for its
//! checker.
use chrono::Duration;
use entity::{
    Rupiah, crafter,
    debt::{Kind, Source},
    outlet, payout as row,
    payout::{Shown, Way},
    payout_run, person, person_role,
    person_role::Role,
    photo::Subject,
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};

use super::{Ground, goods::picture};
use crate::{
    bank_account::Account,
    catalogue::{Hand, Side, photo},
    clock::Clock,
    db::{self, Tx},
    error::{Error, Result},
    outlet::{
        debt::{self, NewDebt},
        payee::{self, Owed},
        payout::{self, Proof},
        payout_run::{self as runs, Line},
        repayment,
    },
};

/// Household, bank, number, holder. All others are paid in cash.
const ACCOUNTS: [(&str, &str, &str, &str); 4] = [
    ("Bu Sati", "BRI", "658201011234507", "Sati"),
    ("Pak Sahroni", "Bank Jatim", "0322109876", "Sahroni"),
    ("Bu Halimah", "BNI", "1172993826", "Halimah"),
    ("Pak Buhari", "GoPay", "081300001177", "Buhari"),
];

/// Household, what, how much, what for, and the most that is set off at once.
const DEBTS: [(&str, Kind, i64, &str, i64); 4] = [
    ("Bu Sati", Kind::Material, 150_000, "40 batang bambu apus", 30_000),
    ("Bu Sati", Kind::Cash, 100_000, "Seragam sekolah anak", 20_000),
    ("Pak Marsuki", Kind::Material, 90_000, "Rotan dan pewarna", 25_000),
    ("Bu Halimah", Kind::Cash, 200_000, "Berobat", 50_000),
];

pub(super) async fn make(ground: &Ground<'_>, outlet: &outlet::Model, hand: &Hand) -> Result<()> {
    let maker = hand.person_id.ok_or_else(|| Error::Fault(anyhow::anyhow!("the village has no operator")))?;
    accounts(ground, outlet, maker).await?;
    debts(ground, outlet, maker, checker(ground).await?).await?;
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

/// Given before the first list was made; the last one still waits for its checker.
async fn debts(ground: &Ground<'_>, outlet: &outlet::Model, maker: i64, checker: i64) -> Result<()> {
    let known = entity::debt::Entity::find().filter(entity::debt::Column::OutletId.eq(outlet.id)).count(ground.db);
    if known.await? > 0 {
        return Ok(());
    }
    let clock = Clock::stopped(ground.now - Duration::days(25));
    let tx = db::begin(ground.db).await?;
    for (n, (name, kind, amount, reason, most)) in DEBTS.into_iter().enumerate() {
        let of_name = crafter::Entity::find().filter(crafter::Column::OutletId.eq(outlet.id));
        let Some(crafter) = of_name.filter(crafter::Column::Name.eq(name)).one(&tx).await? else { continue };
        let source = if kind == Kind::Cash { Source::Cash } else { Source::Stock };
        let new = NewDebt {
            crafter_id: crafter.id,
            kind,
            source,
            amount: Rupiah(amount),
            reason: reason.into(),
            first: false,
            most_per_payout: Some(Rupiah(most)),
        };
        let id = debt::ask(&tx, &clock, outlet, &new, maker).await?;
        clock.advance(Duration::hours(1));
        if n + 1 < DEBTS.len() {
            debt::give(&tx, &clock, outlet, id, checker).await?;
        }
    }
    Ok(tx.commit().await?)
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
    let mut lines = Vec::new();
    for one in &owed {
        lines.extend(part(&tx, one).await?);
    }
    if lines.is_empty() {
        return Ok(());
    }
    let id = runs::make(&tx, &clock, outlet, &lines, false, maker).await?;
    clock.advance(Duration::hours(3));
    runs::approve(&tx, &clock, outlet, id, checker).await?;
    clock.advance(Duration::hours(2));
    tick_all_off(&tx, &clock, outlet, id, maker).await?;
    tx.commit().await?;
    photos(ground, &clock, outlet, id, maker).await
}

/// Who has a phone types their PIN; of the others there is a photo.
async fn shown(tx: &Tx, payout: &row::Model) -> Result<Shown> {
    let payee::Payee::Crafter(id) = payee::Payee::parse(&payout.payee)?;
    let found = crafter::Entity::find_by_id(id).find_also_related(person::Entity).one(tx).await?;
    let has_pin = found.and_then(|(_, person)| person).is_some_and(|person| person.secret_hash.is_some());
    Ok(if has_pin { Shown::Pin } else { Shown::Photo })
}

async fn photos(ground: &Ground<'_>, clock: &Clock, outlet: &outlet::Model, run: i64, by: i64) -> Result<()> {
    let hand = Hand { village_id: Some(outlet.village_id), person_id: Some(by), side: Side::Operator };
    for payout in runs::read(ground.db, outlet.id, run).await?.payouts {
        if payout.proof != Some(Shown::Photo) {
            continue;
        }
        let of_name = ground.village.crafter.iter().find(|somebody| somebody.name == payout.name);
        let face = of_name.and_then(|somebody| picture(&format!("faces/{}.webp", somebody.face))).unwrap_or_default();
        photo::process_now(ground.db, clock, ground.files, &hand, (Subject::PayoutProof, payout.id), &[face]).await?;
    }
    Ok(())
}

/// Half of what is left once what is due of their debts is set off.
async fn part(tx: &Tx, owed: &Owed) -> Result<Option<Line>> {
    let payee::Payee::Crafter(id) = owed.payee;
    let set_offs = repayment::due(tx, id).await?.of(owed.amount);
    let set_off: Rupiah = set_offs.iter().map(|one| one.amount).sum();
    let half = line(owed, (owed.amount - set_off).0 / 2);
    Ok(half.map(|half| Line { set_offs, ..half }))
}

async fn tick_all_off(tx: &Tx, clock: &Clock, outlet: &outlet::Model, id: i64, by: i64) -> Result<()> {
    for payout in runs::read(tx, outlet.id, id).await?.payouts {
        clock.advance(Duration::minutes(3));
        let proof = match payout.way {
            Way::Cash => Proof::Cash { receiver: payout.name.clone(), shown: shown(tx, &payout).await? },
            Way::Transfer | Way::Midtrans => {
                Proof::Reference(format!("TRF{}{:03}", clock.today().format("%y%m%d"), payout.id))
            }
        };
        payout::tick_off(tx, clock, outlet, id, payout.id, &proof, by).await?;
    }
    Ok(())
}

/// Half of what some are owed now, for somebody else to look at.
async fn waiting(ground: &Ground<'_>, outlet: &outlet::Model, maker: i64) -> Result<()> {
    let clock = Clock::stopped(ground.now - Duration::hours(2));
    let tx = db::begin(ground.db).await?;
    let owed = payee::owed(&tx, outlet.id).await?;
    let lines: Vec<Line> = owed.iter().take(4).filter_map(|one| line(one, one.amount.0 / 2)).collect();
    if !lines.is_empty() {
        runs::make(&tx, &clock, outlet, &lines, false, maker).await?;
    }
    Ok(tx.commit().await?)
}

fn line(owed: &Owed, amount: i64) -> Option<Line> {
    let way = if owed.account.is_some() { Way::Transfer } else { Way::Cash };
    (amount > 0).then_some(Line { payee: owed.payee, amount: Rupiah(amount), way, set_offs: Vec::new() })
}
