//! What of a crafter's debts is due at a payout: in the order they agreed to, no more than they agreed to, and for
//! material no more than the pieces that were sold hold.
use std::collections::BTreeSet;

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::debt::{self, Standing};
use crate::error::{Refusal, Result};
use entity::{
    Rupiah,
    debt::{Kind, State},
    earning, intake, lot,
    lot::Terms,
};

/// So much of a debt shall be set off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SetOff {
    pub debt_id: i64,
    pub amount: Rupiah,
}

/// What may be set off for a crafter now, and in which order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Due {
    /// Debts with something left, in the agreed order.
    pub debts: Vec<Standing>,
    /// What of the material given is in pieces that were sold, and not paid back yet. None when no hand-over said how
    /// much material is in a piece: such a debt is set off as a loan is.
    pub material: Option<Rupiah>,
}

impl Due {
    /// What is to be set off of so much that is owed, debt by debt: no more than is left of each, than was agreed for one
    /// payout, and for material than the sold pieces hold.
    pub fn of(&self, owed: Rupiah) -> Vec<SetOff> {
        let (mut left, mut material) = (owed, self.material);
        let mut all = Vec::new();
        for one in &self.debts {
            let amount = cap(one, material).min(left).max(Rupiah::ZERO);
            left -= amount;
            lessen(&mut material, one, amount);
            if amount > Rupiah::ZERO {
                all.push(SetOff { debt_id: one.debt.id, amount });
            }
        }
        all
    }

    /// Whether so much may be set off: the debts are this crafter's and open, each once, and none goes beyond what is
    /// due. Less than due is for whoever makes the list to say.
    pub(super) fn judge(&self, set_offs: &[SetOff]) -> Result<(), Refusal> {
        let mut material = self.material;
        for (n, wish) in set_offs.iter().enumerate() {
            let one = self.debts.iter().find(|one| one.debt.id == wish.debt_id);
            let is_twice = set_offs[..n].iter().any(|other| other.debt_id == wish.debt_id);
            let Some(one) = one.filter(|_| !is_twice) else { return Err(Refusal::conflict("debt.nothing_left")) };
            if wish.amount < Rupiah::ZERO {
                return Err(Refusal::invalid("debt.not_positive"));
            }
            let cap = cap(one, material).max(Rupiah::ZERO);
            if wish.amount > cap {
                return Err(Refusal::conflict("debt.more_than_due").with("due", cap));
            }
            lessen(&mut material, one, wish.amount);
        }
        Ok(())
    }
}

/// The most of one debt in one payout.
fn cap(one: &Standing, material: Option<Rupiah>) -> Rupiah {
    let agreed = one.debt.most_per_payout.unwrap_or(one.rest()).min(one.rest());
    match material {
        Some(material) if one.debt.kind == Kind::Material => agreed.min(material),
        _ => agreed,
    }
}

/// What is set off of one debt for material is not there for the next.
fn lessen(material: &mut Option<Rupiah>, one: &Standing, amount: Rupiah) {
    if one.debt.kind == Kind::Material {
        *material = material.map(|material| material - amount);
    }
}

/// What may be set off for a crafter now.
pub async fn due(db: &impl ConnectionTrait, crafter_id: i64) -> Result<Due> {
    let all = debt::of_crafter(db, crafter_id).await?;
    let material = material_due(db, crafter_id, &all).await?;
    let debts = all.into_iter().filter(|one| one.rest() > Rupiah::ZERO).collect();
    Ok(Due { debts, material })
}

/// The material in pieces that their maker was credited for: consigned ones as they were sold, bought ones as they came.
/// Only pieces that came after the oldest material still owed was given are made of it.
async fn material_due(db: &impl ConnectionTrait, crafter_id: i64, all: &[Standing]) -> Result<Option<Rupiah>> {
    let of_material = || all.iter().filter(|one| one.debt.kind == Kind::Material && one.debt.state == State::Given);
    let open = of_material().filter(|one| one.rest() > Rupiah::ZERO);
    let Some(since) = open.filter_map(|one| one.debt.decided_at).min() else { return Ok(None) };
    let lots = || {
        lot::Entity::find()
            .filter(lot::Column::OwnerId.eq(crafter_id))
            .filter(lot::Column::ReceivedAt.gte(since))
            .filter(lot::Column::Material.gt(0))
    };
    let bought = lots().filter(lot::Column::Terms.eq(Terms::Bought)).filter(lot::Column::OriginId.is_null());
    let bought = bought.all(db).await?;
    let consigned = lots().filter(lot::Column::Terms.eq(Terms::Consigned)).all(db).await?;
    if bought.is_empty() && consigned.is_empty() {
        return Ok(None);
    }
    let stands = intake::Entity::find()
        .filter(intake::Column::Id.is_in(bought.iter().filter_map(|lot| lot.intake_id)))
        .filter(intake::Column::ReversedAt.is_null());
    let stands: BTreeSet<i64> = stands.all(db).await?.iter().map(|intake| intake.id).collect();
    let bought = bought.iter().filter(|lot| lot.intake_id.is_some_and(|id| stands.contains(&id)));
    let ids: Vec<i64> = consigned.iter().map(|lot| lot.id).collect();
    let sold = earning::Entity::find()
        .filter(earning::Column::LotId.is_in(ids))
        .filter(earning::Column::UndoneAt.is_null())
        .all(db)
        .await?;
    let of_lot = |id| consigned.iter().find(|lot| lot.id == id).map_or(Rupiah::ZERO, |lot| lot.material);
    let sold = sold.iter().filter_map(|one| of_lot(one.lot_id).times(one.quantity));
    let held: Rupiah = bought.filter_map(|lot| lot.material.times(lot.received)).chain(sold).sum();
    let paid: Rupiah = of_material().filter(|one| one.debt.decided_at >= Some(since)).map(|one| one.paid_back).sum();
    Ok(Some((held - paid).max(Rupiah::ZERO)))
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};
    use entity::debt::{Model as Debt, Source};
    use proptest::prelude::*;

    use super::*;

    fn standing(id: i64, kind: Kind, amount: i64, paid_back: i64, most: Option<i64>) -> Standing {
        let debt = Debt {
            id,
            outlet_id: 1,
            crafter_id: 1,
            kind,
            source: Source::Cash,
            amount: Rupiah(amount),
            reason: String::new(),
            position: id,
            most_per_payout: most.map(Rupiah),
            state: State::Given,
            asked_by: 1,
            asked_at: DateTime::<Utc>::UNIX_EPOCH,
            decided_by: Some(2),
            decided_at: Some(DateTime::<Utc>::UNIX_EPOCH),
            note: None,
        };
        Standing { debt, paid_back: Rupiah(paid_back) }
    }

    fn plain(set_offs: &[SetOff]) -> Vec<(i64, i64)> {
        set_offs.iter().map(|one| (one.debt_id, one.amount.0)).collect()
    }

    #[test]
    fn debts_are_set_off_in_their_order_and_no_further_than_was_agreed() {
        let bamboo = standing(1, Kind::Material, 100_000, 20_000, None);
        let loan = standing(2, Kind::Cash, 200_000, 0, Some(25_000));
        let due = Due { debts: vec![bamboo, loan], material: Some(Rupiah(30_000)) };
        assert_eq!(plain(&due.of(Rupiah(500_000))), [(1, 30_000), (2, 25_000)]);
        assert_eq!(plain(&due.of(Rupiah(40_000))), [(1, 30_000), (2, 10_000)], "never more than is owed");
        assert_eq!(plain(&due.of(Rupiah(7_000))), [(1, 7_000)]);
        assert!(due.of(Rupiah::ZERO).is_empty() && due.of(Rupiah(-5_000)).is_empty());
        let unknown = Due { material: None, ..due };
        assert_eq!(plain(&unknown.of(Rupiah(500_000))), [(1, 80_000), (2, 25_000)], "no piece says what it holds");
    }

    #[test]
    fn whoever_makes_the_list_may_lower_a_set_off_and_never_raise_it() {
        let loan = standing(2, Kind::Cash, 200_000, 0, Some(25_000));
        let due = Due { debts: vec![loan], material: None };
        let judge = |id, amount| due.judge(&[SetOff { debt_id: id, amount: Rupiah(amount) }]).map_err(|no| no.said.key);
        assert_eq!((judge(2, 0), judge(2, 25_000)), (Ok(()), Ok(())));
        assert_eq!(judge(2, 25_001), Err("debt.more_than_due"));
        assert_eq!(judge(2, -1), Err("debt.not_positive"));
        assert_eq!(judge(3, 1), Err("debt.nothing_left"));
        let twice = [SetOff { debt_id: 2, amount: Rupiah(1) }; 2];
        assert!(due.judge(&twice).is_err());
    }

    proptest! {
        #[test]
        fn what_is_proposed_is_never_more_than_is_owed_or_left_and_is_always_allowed(
            debts in prop::collection::vec((prop::bool::ANY, 1_i64..300_000, 0_i64..100, prop::option::of(1_i64..90_000)), 0..6),
            owed in -50_000_i64..600_000,
            material in prop::option::of(0_i64..200_000),
        ) {
            let of = |(n, (is_material, amount, percent, most)): (usize, (bool, i64, i64, Option<i64>))| {
                let kind = if is_material { Kind::Material } else { Kind::Cash };
                standing(n as i64, kind, amount, amount * percent / 100, most)
            };
            let debts: Vec<Standing> = debts.into_iter().enumerate().map(of).collect();
            let due = Due { debts, material: material.map(Rupiah) };
            let proposed = due.of(Rupiah(owed));
            prop_assert!(due.judge(&proposed).is_ok());
            prop_assert!(proposed.iter().map(|one| one.amount.0).sum::<i64>() <= owed.max(0));
            prop_assert!(proposed.iter().all(|one| one.amount > Rupiah::ZERO));
            let order: Vec<i64> = proposed.iter().map(|one| one.debt_id).collect();
            prop_assert!(order.windows(2).all(|pair| pair[0] < pair[1]));
        }
    }
}
