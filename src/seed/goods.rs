//! Categories, products with their pictures, goods on the shelf, and what couriers ask.
use entity::{
    Rupiah, category, courier_service, crafter,
    lot::{Grade, Terms},
    outlet, product,
    product::Unit,
    shipping_rate,
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

use super::{Ground, Progress, data, handed};
use crate::{
    assets,
    catalogue::{
        Hand, item, photo,
        product::{self as goods, Basics, Change, Supply},
    },
    clock::Clock,
    db,
    error::{Error, Result},
    outlet::cost,
    stock::{self, NewLot},
};

/// A built-in picture by its path under `assets/demo`.
pub(super) fn picture(path: &str) -> Option<&'static [u8]> {
    assets::DEMO_PHOTOS.iter().find(|(name, _)| *name == path).map(|(_, bytes)| *bytes)
}

/// What can be bought: the item, and how many there are.
pub(super) type Shelf = Vec<(i64, i64)>;

pub(super) async fn make(
    ground: &Ground<'_>,
    clock: &Clock,
    outlet: &outlet::Model,
    hand: &Hand,
    progress: &mut Progress,
) -> Result<Shelf> {
    categories(ground).await?;
    couriers(ground, outlet).await?;
    let homes = handed::households(ground, outlet).await?;
    let all = ground.village.product.len() * ground.scale;
    let mut shelf = Shelf::new();
    for copy in 0..ground.scale {
        // Staples come in first: what the village makes is what is new in the shop.
        let mut products: Vec<_> = ground.village.product.iter().collect();
        products.sort_by_key(|new| new.maker.is_some());
        for (n, new) in products.into_iter().enumerate() {
            let minute = (copy * ground.village.product.len() + n) as i64;
            let clock = Clock::stopped(clock.now() + chrono::Duration::minutes(minute));
            let name = if copy == 0 { new.name.clone() } else { format!("{} seri {}", new.name, copy + 1) };
            let product = product(ground, &clock, outlet, hand, new, &name).await?;
            pictures(ground, &clock, hand, &product, new, copy == 0 && ground.pictures).await?;
            let product = if product.state == product::State::Draft {
                let tx = db::begin(ground.db).await?;
                goods::submit(&tx, &clock, hand, product.id).await?;
                let product = goods::approve(&tx, &clock, hand, product.id).await?;
                tx.commit().await?;
                product
            } else {
                product
            };
            shelf.extend(stocked(ground, &clock, (outlet, hand), &homes, &product, new).await?);
            progress.count("goods", minute as usize + 1, all);
        }
    }
    Ok(shelf)
}

async fn categories(ground: &Ground<'_>) -> Result<()> {
    for (n, new) in ground.village.category.iter().enumerate() {
        let known = category::Entity::find().filter(category::Column::Slug.eq(&new.slug)).one(ground.db).await?;
        if known.is_some() {
            continue;
        }
        let [id, mad, en] = new.names.clone();
        let kind = if new.kind == "sembako" { category::Kind::Sembako } else { category::Kind::Craft };
        let tx = db::begin(ground.db).await?;
        let row = category::ActiveModel {
            slug: Set(new.slug.clone()),
            name_id: Set(id),
            name_mad: Set(mad),
            name_en: Set(en),
            kind: Set(kind),
            position: Set(n as i64 + 1),
            ..Default::default()
        };
        row.insert(&tx).await?;
        tx.commit().await?;
    }
    Ok(())
}

async fn couriers(ground: &Ground<'_>, outlet: &outlet::Model) -> Result<()> {
    for (n, new) in ground.village.courier.iter().enumerate() {
        let known = courier_service::Entity::find()
            .filter(courier_service::Column::OutletId.eq(outlet.id))
            .filter(courier_service::Column::Code.eq(&new.code))
            .one(ground.db)
            .await?;
        if known.is_some() {
            continue;
        }
        let tx = db::begin(ground.db).await?;
        let service = courier_service::ActiveModel {
            outlet_id: Set(outlet.id),
            code: Set(new.code.clone()),
            name: Set(new.name.clone()),
            divisor: Set(new.divisor),
            min_grams: Set(new.min_grams),
            step_grams: Set(new.step_grams),
            position: Set(n as i64 + 1),
            active: Set(true),
            ..Default::default()
        };
        let service = service.insert(&tx).await?;
        for data::Rate(zone, base, per_step, days_min, days_max) in &new.rates {
            let zone = serde_json::from_value(zone.as_str().into())?;
            let row = shipping_rate::ActiveModel {
                courier_service_id: Set(service.id),
                zone: Set(zone),
                base: Set(Rupiah(*base)),
                per_step: Set(Rupiah(*per_step)),
                days_min: Set(*days_min),
                days_max: Set(*days_max),
                ..Default::default()
            };
            row.insert(&tx).await?;
        }
        tx.commit().await?;
    }
    Ok(())
}

async fn product(
    ground: &Ground<'_>,
    clock: &Clock,
    outlet: &outlet::Model,
    hand: &Hand,
    new: &data::Product,
    name: &str,
) -> Result<product::Model> {
    let known = product::Entity::find().filter(product::Column::Name.eq(name)).one(ground.db).await?;
    if let Some(known) = known {
        return Ok(known);
    }
    let tx = db::begin(ground.db).await?;
    let maker = match &new.maker {
        None => None,
        Some(name) => crafter::Entity::find().filter(crafter::Column::Name.eq(name)).one(&tx).await?,
    };
    let category = category::Entity::find()
        .filter(category::Column::Slug.eq(&new.category))
        .one(&tx)
        .await?
        .ok_or_else(|| Error::Fault(anyhow::anyhow!("no category {}", new.category)))?;
    let basics = Basics { name: name.to_owned(), category_id: category.id, description: new.description.clone() };
    let made = goods::create(&tx, clock, hand, outlet, maker.as_ref(), &basics).await?;
    let unit = match new.unit.as_deref() {
        Some("square_metre") => Unit::SquareMetre,
        _ if new.maker.is_none() => Unit::Pack,
        _ => Unit::Piece,
    };
    let supply = Supply { pieces_ready: None, days_to_make: new.days, pieces_per_week: new.week };
    let change =
        Change { unit: Some(unit), pickup_only: Some(new.maker.is_none()), supply: Some(supply), ..Default::default() };
    let made = goods::edit(&tx, clock, hand, made.id, &change).await?;
    for data::Item(name, price, length, width, height, grams, nests, _) in &new.items {
        let size = item::Size {
            name: name.clone(),
            price: Rupiah(*price),
            length_mm: length * 10,
            width_mm: width * 10,
            height_mm: height * 10,
            weight_grams: *grams,
            nests: *nests,
        };
        item::add(&tx, clock, hand, made.id, &size).await?;
    }
    tx.commit().await?;
    Ok(made)
}

async fn pictures(
    ground: &Ground<'_>,
    clock: &Clock,
    hand: &Hand,
    product: &product::Model,
    new: &data::Product,
    own: bool,
) -> Result<()> {
    let subject = (entity::photo::Subject::Product, product.id);
    let there = photo::of(ground.db, subject.0, subject.1).await?.len();
    if !own {
        if there == 0 {
            let bytes = picture("faces/bu-sati.webp").unwrap_or_default();
            photo::process_now(ground.db, clock, ground.files, hand, subject, &[bytes]).await?;
        }
        return Ok(());
    }
    let views = (there + 1..=3).map_while(|n| picture(&format!("photos/{}-{n}.webp", new.picture)));
    photo::process_now(ground.db, clock, ground.files, hand, subject, &views.collect::<Vec<_>>()).await?;
    Ok(())
}

/// Until when staples keep, seen from today: what came first is nearer its day.
fn fresh(ground: &Ground<'_>, picture: &str, part: &str) -> stock::Fresh {
    let (first, second) = match picture {
        "cabai-rawit-250g" => (2, 6),
        "bawang-merah-500g" => (4, 20),
        "telur-ayam-1kg" => (5, 16),
        "tepung-terigu-1kg" => (9, 150),
        "garam-500g" => return stock::Fresh::default(),
        _ => (90, 180),
    };
    let days = if part == "a" { first } else { second };
    let expires_on = crate::clock::local_date(ground.now) + chrono::Duration::days(days);
    stock::Fresh { expires_on: Some(expires_on), ..stock::Fresh::default() }
}

/// Goods came in twice: most of them at the beginning, some within the last ten days.
async fn stocked(
    ground: &Ground<'_>,
    clock: &Clock,
    (outlet, hand): (&outlet::Model, &Hand),
    homes: &[crafter::Model],
    product: &product::Model,
    new: &data::Product,
) -> Result<Shelf> {
    let items = item::of(ground.db, product.id).await?;
    let hours = 3 + product.id * 17 % 230;
    let later = Clock::stopped(ground.now - chrono::Duration::hours(hours));
    let mut shelf = Shelf::new();
    for (item, data::Item(.., wanted)) in items.iter().zip(&new.items) {
        shelf.push((item.id, *wanted));
        let known = stock::moves_of(ground.db, item.id, 1).await?;
        if *wanted == 0 || !known.is_empty() {
            continue;
        }
        let tx = db::begin(ground.db).await?;
        let place_id = stock::shelf(&tx, clock, outlet.id).await?;
        // What the month will sell comes on top of what is to be left.
        for (part, quantity, clock) in [("a", wanted + 6, clock), ("b", wanted / 3 + 2, &later)] {
            if product.crafter_id.is_some() {
                handed::hand_in(&tx, clock, (outlet, hand), homes, (product, item), (part, quantity)).await?;
                continue;
            }
            let lot = NewLot {
                item_id: item.id,
                place_id,
                owner_id: None,
                terms: Terms::Own,
                cost: Rupiah(item.price.0 * 8_800 / 10_000),
                quantity,
                grade: Some(Grade::A),
                agreed: None,
                material: Rupiah::ZERO,
                intake_id: None,
                person_id: hand.person_id,
                source_key: format!("seed:{}:{part}", item.id),
                fresh: fresh(ground, &new.picture, part),
            };
            stock::receive(&tx, clock, &lot).await?;
            cost::follow(&tx, clock, outlet.id, &[item.id]).await?;
        }
        tx.commit().await?;
    }
    Ok(shelf)
}
