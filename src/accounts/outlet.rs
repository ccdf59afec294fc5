//! The villages an installation serves and the outlets in them.
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, SqlErr};

use super::crafter::slug;
use crate::{
    clock::Clock,
    db::Tx,
    error::{Refusal, Result},
};
use entity::{
    Rupiah,
    outlet::{self, PriceZone},
    village,
};

/// A village by its official code ("35.09.22.2001").
#[derive(Clone, Debug)]
pub struct NewVillage {
    pub code: String,
    pub name: String,
    pub kecamatan: String,
    pub kabupaten: String,
}

/// An outlet as it opens. Shares are parts of ten thousand of the goods' price and must make the whole.
#[derive(Clone, Debug)]
pub struct NewOutlet {
    pub village_id: i64,
    /// Its name in addresses; made from the name when it is empty.
    pub slug: String,
    pub name: String,
    /// For WhatsApp, 62…
    pub phone: String,
    pub address: String,
    pub rt: String,
    pub rw: String,
    pub hours: String,
    pub maker_bp: i64,
    pub outlet_bp: i64,
    pub group_bp: i64,
    /// The most that may be paid on delivery.
    pub cod_max: Rupiah,
    pub bank_name: String,
    pub bank_account: String,
    pub bank_holder: String,
}

/// Writes down a village.
pub async fn create_village(tx: &Tx, clock: &Clock, new: &NewVillage) -> Result<i64> {
    let row = village::ActiveModel {
        code: Set(new.code.clone()),
        name: Set(new.name.clone()),
        kecamatan: Set(new.kecamatan.clone()),
        kabupaten: Set(new.kabupaten.clone()),
        created_at: Set(clock.now()),
        ..Default::default()
    };
    match village::Entity::insert(row).exec(tx).await {
        Ok(made) => Ok(made.last_insert_id),
        Err(e) if matches!(e.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) => {
            Err(Refusal::conflict("admin.village_known").into())
        }
        Err(e) => Err(e.into()),
    }
}

/// Opens an outlet.
pub async fn create_outlet(tx: &Tx, clock: &Clock, new: &NewOutlet) -> Result<outlet::Model> {
    let shares = [new.maker_bp, new.outlet_bp, new.group_bp];
    if shares.iter().any(|share| *share < 0) || shares.iter().sum::<i64>() != 10_000 {
        return Err(Refusal::invalid("admin.shares_make_the_whole").into());
    }
    let village = village::Entity::find_by_id(new.village_id).one(tx).await?;
    let row = outlet::ActiveModel {
        village_id: Set(new.village_id),
        price_zone: Set(price_zone(village.as_ref().map_or("", |village| village.code.as_str()))),
        slug: Set(if new.slug.is_empty() { slug(&new.name) } else { new.slug.clone() }),
        name: Set(new.name.clone()),
        phone: Set(new.phone.clone()),
        address: Set(new.address.clone()),
        rt: Set(new.rt.clone()),
        rw: Set(new.rw.clone()),
        hours: Set(new.hours.clone()),
        maker_bp: Set(new.maker_bp),
        outlet_bp: Set(new.outlet_bp),
        group_bp: Set(new.group_bp),
        cod_max: Set(new.cod_max),
        bank_name: Set(new.bank_name.clone()),
        bank_account: Set(new.bank_account.clone()),
        bank_holder: Set(new.bank_holder.clone()),
        created_at: Set(clock.now()),
        ..Default::default()
    };
    match outlet::Entity::insert(row).exec_with_returning(tx).await {
        Ok(outlet) => {
            tx.changes_what_is_shown();
            Ok(outlet)
        }
        Err(e) if matches!(e.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) => {
            Err(Refusal::conflict("admin.outlet_known").into())
        }
        Err(e) => Err(e.into()),
    }
}

/// Where a village lies for the ceilings of rice, by the province its code begins with (Keputusan Kepala Bapanas 299/2025
/// and those before it divide the country alike).
fn price_zone(code: &str) -> PriceZone {
    match code.get(..2).and_then(|province| province.parse::<u8>().ok()) {
        // Maluku and Papua.
        Some(81..=82 | 91..=97) => PriceZone::Three,
        // Sumatra but for Lampung and South Sumatra, East Nusa Tenggara, Kalimantan.
        Some(11..=15 | 17 | 19 | 21 | 53 | 61..=65) => PriceZone::Two,
        _ => PriceZone::One,
    }
}

/// All villages, by name.
pub async fn villages(db: &impl ConnectionTrait) -> Result<Vec<village::Model>> {
    Ok(village::Entity::find().order_by_asc(village::Column::Name).all(db).await?)
}

/// The outlets of a village, or of all.
pub async fn outlets(db: &impl ConnectionTrait, village_id: Option<i64>) -> Result<Vec<outlet::Model>> {
    let mut query = outlet::Entity::find().order_by_asc(outlet::Column::Name);
    if let Some(id) = village_id {
        query = query.filter(outlet::Column::VillageId.eq(id));
    }
    Ok(query.all(db).await?)
}

/// "Kemuning Lor, Jember": where the first outlet is; empty before there is one.
pub async fn place(db: &impl ConnectionTrait) -> Result<String> {
    let first =
        outlet::Entity::find().order_by_asc(outlet::Column::Id).find_also_related(village::Entity).one(db).await?;
    Ok(first
        .and_then(|(_, village)| village)
        .map_or(String::new(), |v| format!("{}, {}", v.name, v.kabupaten.trim_start_matches("Kabupaten "))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_province_says_which_ceiling_holds() {
        for (code, zone) in [
            ("35.09.22.2001", PriceZone::One),
            ("16.71.01.1001", PriceZone::One),
            ("18.71.01.1001", PriceZone::One),
            ("73.71.09.1001", PriceZone::One),
            ("12.71.01.1001", PriceZone::Two),
            ("53.71.01.1001", PriceZone::Two),
            ("64.72.02.1001", PriceZone::Two),
            ("81.71.01.1001", PriceZone::Three),
            ("96.71.01.1001", PriceZone::Three),
            ("", PriceZone::One),
        ] {
            assert_eq!(price_zone(code), zone, "{code}");
        }
    }
}
