//! Goods taken to a kiosk: lots move there, chosen as if they were sold, and go on as their makers'. The document is the
//! delivery note that travels with them, and says what the kiosk is to ask for each piece.
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;

use super::kiosk;
use crate::{
    clock::{self, Clock},
    db::Tx,
    error::{Error, Refusal, Result},
    history,
    outlet::sale,
    secret,
    stock::{self, Cause},
};
pub use entity::kiosk_drop::Model;
use entity::{
    Rupiah, category,
    kiosk_drop::{ActiveModel, Column, Entity},
    kiosk_drop_line as line,
    lot::Grade,
    outlet,
};

/// Most lines of one delivery.
pub const MOST_LINES: usize = 60;

/// What is taken there.
#[derive(Clone, Debug)]
pub struct NewDrop {
    pub lines: Vec<NewLine>,
    pub carrier: Option<String>,
    pub note: Option<String>,
}

/// So many pieces of one size.
#[derive(Clone, Debug)]
pub struct NewLine {
    pub item_id: i64,
    pub quantity: i64,
    pub grade: Option<Grade>,
    /// What the kiosk is to ask for one.
    pub unit_price: Rupiah,
}

/// A delivery with its lines.
#[derive(Clone, Debug)]
pub struct Drop {
    pub drop: Model,
    pub lines: Vec<line::Model>,
}

/// How other modules call a delivery.
pub fn subject(id: i64) -> String {
    format!("drop:{id}")
}

/// What people call it: T-2611-0003.
pub fn number(drop: &Model) -> String {
    format!("T-{}-{:04}", clock::local_date(drop.at).format("%y%m"), drop.id)
}

/// Takes goods to a kiosk. The same source key takes nothing again.
pub async fn drop(
    tx: &Tx,
    clock: &Clock,
    outlet: &outlet::Model,
    kiosk_id: i64,
    new: &NewDrop,
    by: i64,
    source_key: &str,
) -> Result<Model> {
    kiosk::lock(tx, outlet.id, kiosk_id).await?;
    if let Some(known) = Entity::find().filter(Column::SourceKey.eq(source_key)).one(tx).await? {
        return Ok(known);
    }
    let kiosk = kiosk::lock_open(tx, outlet.id, kiosk_id).await?;
    if new.lines.is_empty() {
        return Err(Refusal::invalid("kiosk.nothing_to_drop").into());
    }
    if new.lines.len() > MOST_LINES {
        return Err(Refusal::invalid("sale.too_many_lines").with("n", MOST_LINES as i64).into());
    }
    let shelf = stock::shelf(tx, clock, outlet.id).await?;
    stock::lock(tx, &new.lines.iter().map(|line| line.item_id).collect::<Vec<_>>()).await?;
    let row = ActiveModel {
        kiosk_id: Set(kiosk_id),
        secret: Set(secret::short_token()),
        carrier: Set(new.carrier.clone()),
        note: Set(new.note.clone()),
        person_id: Set(by),
        source_key: Set(source_key.to_owned()),
        at: Set(clock.now()),
        ..Default::default()
    };
    let drop = Entity::insert(row).exec_with_returning(tx).await?;
    let subject = subject(drop.id);
    for one in &new.lines {
        let name = judged(tx, outlet.id, &kiosk, one).await?;
        let row = line::ActiveModel {
            kiosk_drop_id: Set(drop.id),
            item_id: Set(one.item_id),
            name: Set(name.clone()),
            grade: Set(one.grade),
            quantity: Set(one.quantity),
            unit_price: Set(one.unit_price),
            ..Default::default()
        };
        let line_id = line::Entity::insert(row).exec(tx).await?.last_insert_id;
        let key = format!("{subject}:{line_id}");
        let cause = Cause { subject: Some(&subject), reason: None, person_id: Some(by), source_key: &key };
        let way = (shelf, kiosk.place_id);
        let moved = stock::relocate(tx, clock, one.item_id, way, one.quantity, one.grade, cause).await;
        moved.map_err(|e| sale::named(e, &name))?;
    }
    let detail = json!({ "kiosk": kiosk.name, "lines": new.lines.len() });
    let thing = history::Subject("kiosk_drop", drop.id);
    history::remember(tx, clock, Some(outlet.village_id), thing, "dropped", Some(by), detail).await?;
    Ok(drop)
}

/// The name of the goods, if they can be taken there like that.
async fn judged(tx: &Tx, outlet_id: i64, kiosk: &kiosk::Model, one: &NewLine) -> Result<String> {
    let (item, product) = sale::good(tx, outlet_id, one.item_id).await?;
    // Sembako is valued by its moves and watched by its days, which nobody does in a kiosk.
    let of = category::Entity::find_by_id(product.category_id).one(tx).await?;
    if of.is_none_or(|of| of.kind != category::Kind::Craft) {
        return Err(Error::NotFound);
    }
    let name = sale::full_name(&product, &item);
    let is_odd = !(1..=sale::MOST_PIECES).contains(&one.quantity) || !(1..=sale::DEAREST).contains(&one.unit_price.0);
    if is_odd || kiosk::commission(one.unit_price, kiosk.commission_bp) >= one.unit_price {
        return Err(Refusal::invalid("sale.odd_line").with("name", name).into());
    }
    Ok(name)
}

/// The delivery of a note, for whoever holds it.
pub async fn by_secret(db: &impl ConnectionTrait, secret: &str) -> Result<Drop> {
    let drop = Entity::find().filter(Column::Secret.eq(secret)).one(db).await?.ok_or(Error::NotFound)?;
    let of_drop = line::Entity::find().filter(line::Column::KioskDropId.eq(drop.id)).order_by_asc(line::Column::Id);
    Ok(Drop { lines: of_drop.all(db).await?, drop })
}

/// All deliveries to a kiosk with their lines, the oldest first.
pub async fn of_kiosk(db: &impl ConnectionTrait, kiosk_id: i64) -> Result<Vec<Drop>> {
    let of_kiosk = Entity::find().filter(Column::KioskId.eq(kiosk_id)).order_by_asc(Column::Id);
    let all = of_kiosk.find_with_related(line::Entity).all(db).await?;
    Ok(all.into_iter().map(|(drop, lines)| Drop { drop, lines }).collect())
}
