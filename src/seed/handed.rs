//! What the households handed in: most of it on consignment, some bought, some less good, the same goods from several
//! homes; and what is ready to be collected now.
use entity::{Rupiah, crafter, item, outlet, product};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::Ground;
use crate::{
    catalogue::Hand,
    clock::Clock,
    collection::{
        amount::Amount,
        intake::{self, Entered, NewIntake},
        pickup,
    },
    db::{self, Tx},
    error::Result,
};

/// The households that can hand in.
pub(super) async fn households(ground: &Ground<'_>, outlet: &outlet::Model) -> Result<Vec<crafter::Model>> {
    let of_outlet = crafter::Entity::find().filter(crafter::Column::OutletId.eq(outlet.id));
    Ok(of_outlet.order_by_asc(crafter::Column::Id).all(ground.db).await?)
}

/// One hand-over of goods that a household made; the first of each by its own maker, later ones of some by neighbours.
pub(super) async fn hand_in(
    tx: &Tx,
    clock: &Clock,
    (outlet, hand): (&outlet::Model, &Hand),
    homes: &[crafter::Model],
    (product, item): (&product::Model, &item::Model),
    (part, quantity): (&str, i64),
) -> Result<()> {
    let Some(maker) = product.crafter_id else { return Ok(()) };
    let neighbours: Vec<i64> = homes.iter().map(|home| home.id).filter(|id| *id != maker).collect();
    let is_shared = part == "b" && item.id % 3 == 0 && !neighbours.is_empty();
    let crafter_id = if is_shared { neighbours[item.id as usize % neighbours.len()] } else { maker };
    let mut new = NewIntake::consigned(crafter_id, item.id, quantity);
    match item.id % 8 {
        // The maker's usual part, paid at once.
        1 => {
            let part = item.price.split(&[product.maker_bp, 10_000 - product.maker_bp]);
            let cost = Rupiah(part.first().map_or(100, |part| part.0 / 100 * 100).max(100));
            new = NewIntake::bought(crafter_id, item.id, quantity, cost);
        }
        2 => new.maker_bp = Some((product.maker_bp + 200).min(product.maker_bp + product.outlet_bp)),
        3 if part == "b" => {
            new.grade_b = Amount::whole(2);
            new.grade_a = Amount::whole((quantity - 2).max(1));
        }
        4 if part == "b" => {
            new.rejected = Amount::whole(1);
            new.reject_reason = Some("Anyamannya renggang".into());
        }
        _ => {}
    }
    let source_key = format!("seed:{}:{part}", item.id);
    let person_id = hand.person_id.unwrap_or_default();
    let entered = Entered { outlet, person_id, at: clock.now(), source_key: &source_key };
    if let Err(wrong) = intake::accept(tx, clock, entered, &new).await? {
        return Err(anyhow::anyhow!("{} cannot be handed in: {wrong:?}", product.name).into());
    }
    Ok(())
}

/// A few homes wait for somebody to come by.
pub(super) async fn wait(ground: &Ground<'_>, outlet: &outlet::Model, hand: &Hand) -> Result<()> {
    let goods = product::Entity::find()
        .filter(product::Column::OutletId.eq(outlet.id))
        .filter(product::Column::CrafterId.is_not_null())
        .filter(product::Column::State.eq(product::State::Published))
        .order_by_asc(product::Column::Id)
        .all(ground.db)
        .await?;
    let homes = households(ground, outlet).await?;
    let tx = db::begin(ground.db).await?;
    for (n, product) in goods.iter().step_by(5).take(4).enumerate() {
        let clock = Clock::stopped(ground.now - chrono::Duration::hours(20 * n as i64 + 2));
        let Some(home) = homes.iter().find(|home| Some(home.id) == product.crafter_id) else { continue };
        let person_id = hand.person_id.unwrap_or(home.person_id);
        pickup::say(&tx, &clock, home, product.id, 4 + 2 * n as i64, person_id).await?;
    }
    Ok(tx.commit().await?)
}
