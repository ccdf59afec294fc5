//! Products from a crafter's draft to the shop: draft, submitted, published, withdrawn.
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect,
};
use serde_json::{Value, json};

use super::{Hand, Side, item, photo, slug};
use crate::{
    clock::Clock,
    db::Tx,
    error::{Error, Refusal, Result},
    history::Subject,
};
use entity::{
    Rupiah, category, crafter, intake, item as size, outlet, photo as picture, product,
    product::{State, Unit},
};

/// What every product has from its first minute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Basics {
    pub name: String,
    pub category_id: i64,
    pub description: String,
}

/// How goods come to be: handed in, made when ordered, or both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Supply {
    /// What the maker says is ready at home.
    pub pieces_ready: Option<i64>,
    /// Days to make one when there is none; without it nothing is made to order.
    pub days_to_make: Option<i64>,
    pub pieces_per_week: Option<i64>,
}

/// What is to be said differently; `None` leaves it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    pub name: Option<String>,
    pub category_id: Option<i64>,
    pub description: Option<String>,
    pub unit: Option<Unit>,
    pub pickup_only: Option<bool>,
    pub supply: Option<Supply>,
}

/// Starts a draft. Goods without a crafter are the outlet's own, and so is their whole price.
pub async fn create(
    tx: &Tx,
    clock: &Clock,
    hand: &Hand,
    outlet: &outlet::Model,
    crafter: Option<&crafter::Model>,
    basics: &Basics,
) -> Result<product::Model> {
    // Two drafts of one name at the same moment would choose the same address.
    outlet::Entity::find_by_id(outlet.id).lock_exclusive().one(tx).await?;
    let (maker_bp, outlet_bp, group_bp) = match crafter {
        Some(_) => (outlet.maker_bp, outlet.outlet_bp, outlet.group_bp),
        None => (0, 10_000, 0),
    };
    let row = product::ActiveModel {
        outlet_id: Set(outlet.id),
        crafter_id: Set(crafter.map(|crafter| crafter.id)),
        category_id: Set(basics.category_id),
        slug: Set(slug::free(tx, &basics.name, None).await?),
        name: Set(basics.name.clone()),
        description: Set(basics.description.clone()),
        search: Set(search_text(tx, &basics.name, basics.category_id, crafter).await?),
        state: Set(State::Draft),
        unit: Set(Unit::Piece),
        maker_bp: Set(maker_bp),
        outlet_bp: Set(outlet_bp),
        group_bp: Set(group_bp),
        pickup_only: Set(false),
        price_min: Set(Rupiah::ZERO),
        price_max: Set(Rupiah::ZERO),
        created_at: Set(clock.now()),
        updated_at: Set(clock.now()),
        ..Default::default()
    };
    let product = row.insert(tx).await?;
    let detail = json!({ "name": product.name, "crafter": product.crafter_id });
    hand.remember(tx, clock, Subject("product", product.id), "created", detail).await?;
    Ok(product)
}

/// Changes what is said about a product. Its address follows the name only until it was first in the shop.
pub async fn edit(tx: &Tx, clock: &Clock, hand: &Hand, id: i64, change: &Change) -> Result<product::Model> {
    let old = lock(tx, id).await?;
    let mut row = product::ActiveModel { id: Set(id), ..Default::default() };
    if let Some(name) = &change.name {
        row.name = Set(name.clone());
        if old.published_at.is_none() && *name != old.name {
            row.slug = Set(slug::free(tx, name, Some(id)).await?);
        }
    }
    if let Some(category_id) = change.category_id {
        row.category_id = Set(category_id);
    }
    if let Some(description) = &change.description {
        row.description = Set(description.clone());
    }
    if let Some(unit) = change.unit {
        let is_measured = |unit| unit == Unit::SquareMetre;
        if is_measured(unit) != is_measured(old.unit) && was_handed_in(tx, id).await? {
            return Err(Refusal::conflict("receipt.unit_stays").into());
        }
        row.unit = Set(unit);
    }
    if let Some(pickup_only) = change.pickup_only {
        row.pickup_only = Set(pickup_only);
    }
    if let Some(supply) = change.supply {
        row.pieces_ready = Set(supply.pieces_ready);
        row.days_to_make = Set(supply.days_to_make);
        row.pieces_per_week = Set(supply.pieces_per_week);
    }
    if change.name.is_some() || change.category_id.is_some() {
        let crafter = crafter_of(tx, &old).await?;
        let name = change.name.as_ref().unwrap_or(&old.name);
        let category_id = change.category_id.unwrap_or(old.category_id);
        row.search = Set(search_text(tx, name, category_id, crafter.as_ref()).await?);
    }
    let new = save(tx, clock, row).await?;
    let changed = changed_fields(&old, &new);
    if !changed.is_empty() {
        hand.remember(tx, clock, Subject("product", id), "edited", json!({ "fields": changed })).await?;
    }
    let is_another = old.name != new.name || old.description != new.description || old.category_id != new.category_id;
    if is_another { look_again(tx, clock, hand, new).await } else { Ok(new) }
}

/// Whether any of it was handed in: what was counted cannot become measured afterwards.
async fn was_handed_in(tx: &Tx, id: i64) -> Result<bool> {
    let of_product = intake::Entity::find().inner_join(size::Entity).filter(size::Column::ProductId.eq(id));
    Ok(of_product.one(tx).await?.is_some())
}

/// What the outlet has approved is not turned into something else behind its back: a crafter's other name, text or
/// picture goes to the operator's table again before it is shown.
pub(super) async fn look_again(tx: &Tx, clock: &Clock, hand: &Hand, product: product::Model) -> Result<product::Model> {
    if hand.side != Side::Crafter || product.state != State::Published {
        return Ok(product);
    }
    turn(tx, clock, hand, &product, State::Submitted, "submitted", json!({})).await
}

/// What a product still lacks before it can be shown to buyers, as keys of words.
pub fn missing(
    product: &product::Model,
    kind: category::Kind,
    sizes: &[entity::item::Model],
    photos: &[picture::Model],
) -> Vec<&'static str> {
    let mut missing = Vec::new();
    let has_photo = photos.iter().any(|photo| photo.state != picture::State::Refused);
    if kind == category::Kind::Craft && !has_photo {
        missing.push("listing.needs_photo");
    }
    if product.name.is_empty() {
        missing.push("listing.needs_name");
    }
    if sizes.is_empty() {
        missing.push("listing.needs_price");
    }
    missing
}

/// Hands a draft to the outlet for approval. Already handed in or shown is as good.
pub async fn submit(tx: &Tx, clock: &Clock, hand: &Hand, id: i64) -> Result<product::Model> {
    let product = lock(tx, id).await?;
    match product.state {
        State::Submitted | State::Published => return Ok(product),
        State::Withdrawn => return Err(Refusal::conflict("listing.is_withdrawn").into()),
        State::Draft => {}
    }
    complete(tx, &product).await?;
    turn(tx, clock, hand, &product, State::Submitted, "submitted", json!({})).await
}

/// Puts a product into the shop.
pub async fn approve(tx: &Tx, clock: &Clock, hand: &Hand, id: i64) -> Result<product::Model> {
    let product = lock(tx, id).await?;
    if product.state == State::Published {
        return Ok(product);
    }
    complete(tx, &product).await?;
    let photos = photo::of(tx, picture::Subject::Product, id).await?;
    let is_ready = |photo: &picture::Model| photo.state == picture::State::Ready;
    if !photos.is_empty() && !photos.iter().any(is_ready) {
        return Err(Refusal::conflict("listing.photo_not_ready").into());
    }
    turn(tx, clock, hand, &product, State::Published, "approved", json!({})).await
}

/// Gives a product back to its maker with a sentence that says what to do.
pub async fn send_back(tx: &Tx, clock: &Clock, hand: &Hand, id: i64, note: &str) -> Result<product::Model> {
    let product = lock(tx, id).await?;
    match product.state {
        State::Submitted => {}
        State::Draft if product.note.as_deref() == Some(note) => return Ok(product),
        _ => return Err(Refusal::conflict("listing.not_waiting").into()),
    }
    let noted = product::ActiveModel { id: Set(id), note: Set(Some(note.to_owned())), ..Default::default() };
    noted.update(tx).await?;
    turn(tx, clock, hand, &product, State::Draft, "sent_back", json!({ "note": note })).await
}

/// Takes a product out of the shop, or a draft off the table. It can be brought back.
pub async fn withdraw(tx: &Tx, clock: &Clock, hand: &Hand, id: i64) -> Result<product::Model> {
    let product = lock(tx, id).await?;
    if product.state == State::Withdrawn {
        return Ok(product);
    }
    turn(tx, clock, hand, &product, State::Withdrawn, "withdrawn", json!({})).await
}

/// Brings a withdrawn product back. What was in the shop before goes there again by an operator's hand, and to the
/// operator's table by a crafter's.
pub async fn bring_back(tx: &Tx, clock: &Clock, hand: &Hand, id: i64) -> Result<product::Model> {
    let product = lock(tx, id).await?;
    if product.state != State::Withdrawn {
        return Ok(product);
    }
    let to = returns_to(&product, hand.side);
    if to != State::Draft {
        complete(tx, &product).await?;
    }
    turn(tx, clock, hand, &product, to, "brought_back", json!({})).await
}

fn returns_to(product: &product::Model, side: Side) -> State {
    match (product.published_at, side) {
        (None, _) => State::Draft,
        (Some(_), Side::Crafter | Side::Buyer) => State::Submitted,
        (Some(_), Side::Operator) => State::Published,
    }
}

/// Locks a product for judging and writing.
pub async fn lock(tx: &Tx, id: i64) -> Result<product::Model> {
    product::Entity::find_by_id(id).lock_exclusive().one(tx).await?.ok_or(Error::NotFound)
}

/// Keeps the lowest and highest price in step with the sizes.
pub(super) async fn prices_changed(tx: &Tx, clock: &Clock, id: i64) -> Result<()> {
    let sizes = item::of(tx, id).await?;
    let prices = || sizes.iter().map(|size| size.price);
    let row = product::ActiveModel {
        id: Set(id),
        price_min: Set(prices().min().unwrap_or_default()),
        price_max: Set(prices().max().unwrap_or_default()),
        ..Default::default()
    };
    save(tx, clock, row).await?;
    Ok(())
}

async fn complete(tx: &Tx, product: &product::Model) -> Result<()> {
    let category = category::Entity::find_by_id(product.category_id).one(tx).await?.ok_or(Error::NotFound)?;
    let sizes = item::of(tx, product.id).await?;
    let photos = photo::of(tx, picture::Subject::Product, product.id).await?;
    match missing(product, category.kind, &sizes, &photos).first() {
        Some(&key) => Err(Refusal::invalid(key).into()),
        None => Ok(()),
    }
}

async fn turn(
    tx: &Tx,
    clock: &Clock,
    hand: &Hand,
    product: &product::Model,
    to: State,
    verb: &str,
    detail: Value,
) -> Result<product::Model> {
    let mut row = product::ActiveModel { id: Set(product.id), state: Set(to), ..Default::default() };
    if to != State::Draft {
        row.note = Set(None);
    }
    if to == State::Published && product.published_at.is_none() {
        row.published_at = Set(Some(clock.now()));
    }
    hand.remember(tx, clock, Subject("product", product.id), verb, detail).await?;
    save(tx, clock, row).await
}

/// Writes a row; when buyers see the product, they see the change.
async fn save(tx: &Tx, clock: &Clock, mut row: product::ActiveModel) -> Result<product::Model> {
    row.updated_at = Set(clock.now());
    tx.changes_what_is_shown();
    Ok(row.update(tx).await?)
}

async fn crafter_of(db: &impl ConnectionTrait, product: &product::Model) -> Result<Option<crafter::Model>> {
    match product.crafter_id {
        Some(id) => Ok(crafter::Entity::find_by_id(id).one(db).await?),
        None => Ok(None),
    }
}

/// Lower-case words by which the goods are found: name, kind, maker and hamlet.
async fn search_text(
    db: &impl ConnectionTrait,
    name: &str,
    category_id: i64,
    crafter: Option<&crafter::Model>,
) -> Result<String> {
    let category = category::Entity::find_by_id(category_id).one(db).await?.ok_or(Error::NotFound)?;
    let (maker, dusun) = crafter.map_or(("", ""), |crafter| (&crafter.name, &crafter.dusun));
    Ok(words(&[name, &category.name_id, &category.name_mad, &category.name_en, maker, dusun]))
}

fn words(texts: &[&str]) -> String {
    let text = texts.join(" ").to_lowercase();
    let mut seen: Vec<&str> = Vec::new();
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        if !seen.contains(&word) {
            seen.push(word);
        }
    }
    seen.join(" ")
}

fn changed_fields(old: &product::Model, new: &product::Model) -> Vec<&'static str> {
    let fields = [
        ("name", old.name != new.name),
        ("category", old.category_id != new.category_id),
        ("description", old.description != new.description),
        ("unit", old.unit != new.unit),
        ("pickup_only", old.pickup_only != new.pickup_only),
        ("pieces_ready", old.pieces_ready != new.pieces_ready),
        ("days_to_make", old.days_to_make != new.days_to_make),
        ("pieces_per_week", old.pieces_per_week != new.pieces_per_week),
    ];
    fields.into_iter().filter(|(_, changed)| *changed).map(|(name, _)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn search_words_are_lower_case_and_said_once() {
        assert_eq!(words(&["Keranjang sampah, anyam", "Keranjang", "Bu Sati"]), "keranjang sampah anyam bu sati");
    }
}
