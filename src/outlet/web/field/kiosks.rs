//! What a phone takes along to visit kiosks: what was agreed with each, what should stand there, and what it owes.
use sea_orm::ConnectionTrait;
use serde::Serialize;

use crate::{
    error::Result,
    outlet::goods,
    wholesale::kiosk::{self, Bearer},
};
use entity::Rupiah;

#[derive(Serialize)]
pub(super) struct KioskJson {
    id: i64,
    name: String,
    keeper: String,
    town: String,
    commission_bp: i64,
    damage_by: Bearer,
    owes: Rupiah,
    goods: Vec<GoodJson>,
}

#[derive(Serialize)]
struct GoodJson {
    id: i64,
    name: String,
    cover: Option<String>,
    /// How many should stand there.
    n: i64,
    /// What the kiosk was last told to ask for one.
    price: Rupiah,
}

/// The kiosks of an outlet, by name.
pub(super) async fn gather(db: &impl ConnectionTrait, outlet_id: i64) -> Result<Vec<KioskJson>> {
    let mut all = Vec::new();
    for one in kiosk::list(db, outlet_id).await? {
        let prices = kiosk::prices(db, one.id).await?;
        let told = |id: i64| prices.get(&id).and_then(|told| told.last()).copied();
        let goods = goods::in_place(db, one.place_id).await?.into_iter().map(|good| GoodJson {
            id: good.item_id,
            n: good.free,
            price: told(good.item_id).unwrap_or(good.price),
            name: good.name,
            cover: good.cover,
        });
        all.push(KioskJson {
            id: one.id,
            owes: kiosk::owes(db, one.id).await?,
            goods: goods.collect(),
            name: one.name,
            keeper: one.keeper,
            town: one.town,
            commission_bp: one.commission_bp,
            damage_by: one.damage_by,
        });
    }
    Ok(all)
}
