//! Prices by quantity. The shares are cut from the lower price, so a tier lowers what a piece brings its maker: never
//! below what the maker has agreed to, and never without the operator having seen it.
use std::collections::{BTreeMap, HashMap};

use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;

use crate::{
    clock::Clock,
    db::Tx,
    error::{Error, Refusal, Result},
    history::{self, Subject},
    outlet::earning::Shares,
};
pub use entity::tier::Model;
use entity::{
    Rupiah, item, maker_floor, outlet, product,
    tier::{ActiveModel, Column, Entity},
};

/// The most pieces a tier may begin at.
pub const MOST: i64 = 100_000;

/// A tier as it is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    pub from_pieces: i64,
    pub price: Rupiah,
    pub for_all: bool,
    /// A new least share for the maker, with who agreed to it and when.
    pub floor: Option<(Rupiah, String)>,
    /// The operator has seen that the maker gets less.
    pub sure: bool,
}

/// A tier that brings the maker less than the published price: asked again before it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lowers {
    pub from: Rupiah,
    pub to: Rupiah,
}

/// An item that is sold, with its prices by quantity.
#[derive(Clone, Debug)]
pub struct Priced {
    pub item: item::Model,
    pub product: product::Model,
    /// By quantity, the smallest first.
    pub tiers: Vec<Model>,
    /// The least its maker agreed to; none where nothing lower than the published part was agreed.
    pub floor: Option<maker_floor::Model>,
}

impl Priced {
    /// "Keranjang sampah anyam, Besar".
    pub fn name(&self) -> String {
        if self.item.name.is_empty() {
            self.product.name.clone()
        } else {
            format!("{}, {}", self.product.name, self.item.name)
        }
    }

    /// What of a price is the maker's.
    pub fn maker_part(&self, price: Rupiah) -> Rupiah {
        let product = &self.product;
        Shares::cut(price, [product.maker_bp, product.outlet_bp, product.group_bp]).maker
    }

    /// The least the maker must get for a piece.
    pub fn floor(&self) -> Rupiah {
        self.floor.as_ref().map_or_else(|| self.maker_part(self.item.price), |floor| floor.amount)
    }

    /// The price of a piece when so many are taken.
    pub fn price_of(&self, quantity: i64) -> Rupiah {
        let reached = self.tiers.iter().filter(|tier| tier.from_pieces <= quantity).map(|tier| tier.price);
        reached.min().map_or(self.item.price, |price| std::cmp::min(price, self.item.price))
    }

    /// Whether the maker may get no more than this price brings.
    pub fn may_cost(&self, price: Rupiah) -> Result<(), Refusal> {
        let (part, floor) = (self.maker_part(price), self.floor());
        if part >= floor {
            return Ok(());
        }
        let refusal = Refusal::invalid("wholesale.below_floor").with("name", self.name());
        Err(refusal.with("part", part).with("floor", floor))
    }
}

/// Crafts that are sold by an outlet, with the tiers that stand; `resellers` sees those for resellers too.
pub async fn list(db: &impl ConnectionTrait, outlet_id: i64, resellers: bool) -> Result<Vec<Priced>> {
    let found = item::Entity::find()
        .find_also_related(product::Entity)
        .filter(product::Column::OutletId.eq(outlet_id))
        .filter(product::Column::State.eq(product::State::Published))
        // Crafts go to other islands; sembako stays in the village.
        .filter(product::Column::CrafterId.is_not_null())
        .filter(item::Column::ArchivedAt.is_null())
        .order_by_asc(product::Column::Name)
        .order_by_asc(item::Column::Position)
        .all(db)
        .await?;
    with_prices(db, found, resellers).await
}

/// Some of them by their numbers; those that are gone are left out.
pub async fn of_items(db: &impl ConnectionTrait, ids: &[i64], resellers: bool) -> Result<BTreeMap<i64, Priced>> {
    let found = item::Entity::find()
        .find_also_related(product::Entity)
        .filter(item::Column::Id.is_in(ids.iter().copied()))
        .all(db)
        .await?;
    let priced = with_prices(db, found, resellers).await?;
    Ok(priced.into_iter().map(|priced| (priced.item.id, priced)).collect())
}

/// One of an outlet's items; another outlet's does not exist here.
pub async fn of_item(db: &impl ConnectionTrait, outlet_id: i64, item_id: i64) -> Result<Priced> {
    let found = of_items(db, &[item_id], true).await?.remove(&item_id);
    found.filter(|priced| priced.product.outlet_id == outlet_id).ok_or(Error::NotFound)
}

async fn with_prices(
    db: &impl ConnectionTrait,
    found: Vec<(item::Model, Option<product::Model>)>,
    resellers: bool,
) -> Result<Vec<Priced>> {
    let mut tiers: HashMap<i64, Vec<Model>> = HashMap::new();
    let standing = Entity::find().filter(Column::EndedAt.is_null()).order_by_asc(Column::FromPieces).all(db).await?;
    for tier in standing.into_iter().filter(|tier| resellers || tier.for_all) {
        tiers.entry(tier.item_id).or_default().push(tier);
    }
    let floors = maker_floor::Entity::find().filter(maker_floor::Column::EndedAt.is_null()).all(db).await?;
    let mut floors: HashMap<i64, maker_floor::Model> = floors.into_iter().map(|floor| (floor.item_id, floor)).collect();
    let priced = found.into_iter().filter_map(|(item, product)| {
        let (tiers, floor) = (tiers.remove(&item.id).unwrap_or_default(), floors.remove(&item.id));
        Some(Priced { item, product: product?, tiers, floor })
    });
    Ok(priced.collect())
}

/// Sets a tier in place of one that began at the same number. `Lowers` is to be shown first, and changes nothing.
pub async fn set(
    tx: &Tx,
    clock: &Clock,
    outlet: &outlet::Model,
    item_id: i64,
    wish: &Wish,
    by: i64,
) -> Result<Result<Model, Lowers>> {
    item::Entity::find_by_id(item_id).lock_exclusive().one(tx).await?.ok_or(Error::NotFound)?;
    let mut priced = of_item(tx, outlet.id, item_id).await?;
    judge_order(&priced, wish)?;
    let (published, part) = (priced.maker_part(priced.item.price), priced.maker_part(wish.price));
    if let Some((amount, agreed)) = &wish.floor {
        if *amount > published {
            return Err(Refusal::invalid("wholesale.floor_too_high").with("most", published).into());
        }
        let broken = priced.tiers.iter().find(|tier| priced.maker_part(tier.price) < *amount);
        if let Some(tier) = broken.filter(|tier| tier.from_pieces != wish.from_pieces) {
            return Err(Refusal::invalid("wholesale.tier_below_floor").with("n", tier.from_pieces).into());
        }
        if *amount != priced.floor() {
            priced.floor = Some(agree(tx, clock, item_id, *amount, agreed, by).await?);
        }
    }
    priced.may_cost(wish.price)?;
    if part < published && !wish.sure {
        return Ok(Err(Lowers { from: published, to: part }));
    }
    for tier in priced.tiers.iter().filter(|tier| tier.from_pieces == wish.from_pieces) {
        over(tx, clock, tier).await?;
    }
    let row = ActiveModel {
        outlet_id: Set(outlet.id),
        item_id: Set(item_id),
        from_pieces: Set(wish.from_pieces),
        price: Set(wish.price),
        for_all: Set(wish.for_all),
        made_by: Set(by),
        made_at: Set(clock.now()),
        ended_at: Set(None),
        ..Default::default()
    };
    let row = Entity::insert(row).exec_with_returning(tx).await?;
    let detail = json!({ "item": item_id, "n": wish.from_pieces, "price": wish.price, "maker": part });
    let subject = Subject("tier", row.id);
    history::remember(tx, clock, Some(outlet.village_id), subject, "set", Some(by), detail).await?;
    Ok(Ok(row))
}

/// More pieces never cost more each, and a tier is below the shop's price.
fn judge_order(priced: &Priced, wish: &Wish) -> Result<(), Refusal> {
    if wish.price >= priced.item.price {
        return Err(Refusal::invalid("wholesale.not_below_price").with("price", priced.item.price));
    }
    let others = priced.tiers.iter().filter(|tier| tier.from_pieces != wish.from_pieces);
    for other in others {
        let wrong = match other.from_pieces < wish.from_pieces {
            true => wish.price > other.price,
            false => wish.price < other.price,
        };
        if wrong {
            let refusal = Refusal::invalid("wholesale.tiers_cross").with("n", other.from_pieces);
            return Err(refusal.with("price", other.price));
        }
    }
    Ok(())
}

async fn agree(
    tx: &Tx,
    clock: &Clock,
    item_id: i64,
    amount: Rupiah,
    agreed: &str,
    by: i64,
) -> Result<maker_floor::Model> {
    use maker_floor::Column as Floor;
    maker_floor::Entity::update_many()
        .col_expr(Floor::EndedAt, sea_orm::sea_query::Expr::value(Some(clock.now())))
        .filter(Floor::ItemId.eq(item_id))
        .filter(Floor::EndedAt.is_null())
        .exec(tx)
        .await?;
    let row = maker_floor::ActiveModel {
        item_id: Set(item_id),
        amount: Set(amount),
        agreed: Set(agreed.to_owned()),
        made_by: Set(by),
        made_at: Set(clock.now()),
        ended_at: Set(None),
        ..Default::default()
    };
    Ok(maker_floor::Entity::insert(row).exec_with_returning(tx).await?)
}

async fn over(tx: &Tx, clock: &Clock, tier: &Model) -> Result<()> {
    let change = ActiveModel { id: Set(tier.id), ended_at: Set(Some(clock.now())), ..Default::default() };
    Entity::update(change).exec(tx).await?;
    Ok(())
}

/// A tier holds no longer. Ended already: nothing happens.
pub async fn end(tx: &Tx, clock: &Clock, outlet: &outlet::Model, tier_id: i64, by: i64) -> Result<i64> {
    let found = Entity::find_by_id(tier_id).filter(Column::OutletId.eq(outlet.id)).lock_exclusive().one(tx).await?;
    let tier = found.ok_or(Error::NotFound)?;
    if tier.ended_at.is_none() {
        over(tx, clock, &tier).await?;
        let subject = Subject("tier", tier.id);
        history::remember(tx, clock, Some(outlet.village_id), subject, "ended", Some(by), json!({})).await?;
    }
    Ok(tier.item_id)
}

#[cfg(test)]
pub(super) mod tests {
    use chrono::DateTime;
    use proptest::prelude::*;

    use super::*;
    use crate::orders::example;

    pub fn priced(price: i64, tiers: &[(i64, i64)]) -> Priced {
        let line = example::line(1, "Keranjang sampah anyam", 1, price);
        let tier = |(from_pieces, price): &(i64, i64)| Model {
            id: *from_pieces,
            outlet_id: 1,
            item_id: 1,
            from_pieces: *from_pieces,
            price: Rupiah(*price),
            for_all: false,
            made_by: 1,
            made_at: DateTime::UNIX_EPOCH,
            ended_at: None,
        };
        Priced { item: line.item, product: line.product, tiers: tiers.iter().map(tier).collect(), floor: None }
    }

    fn wish(from_pieces: i64, price: i64) -> Wish {
        Wish { from_pieces, price: Rupiah(price), for_all: false, floor: None, sure: false }
    }

    #[test]
    fn more_pieces_cost_less_each() {
        let basket = priced(28_000, &[(12, 26_000), (60, 24_500), (300, 23_000)]);
        for (pieces, price) in [(1, 28_000), (11, 28_000), (12, 26_000), (59, 26_000), (60, 24_500), (999, 23_000)] {
            assert_eq!(basket.price_of(pieces), Rupiah(price), "{pieces}");
        }
        // The shop's price came down below a tier meanwhile.
        assert_eq!(priced(25_000, &[(12, 26_000)]).price_of(12), Rupiah(25_000));
    }

    #[test]
    fn tiers_do_not_cross() {
        let basket = priced(28_000, &[(12, 26_000), (60, 24_500)]);
        assert!(judge_order(&basket, &wish(24, 25_000)).is_ok());
        assert!(judge_order(&basket, &wish(12, 25_500)).is_ok());
        let no = |wish: Wish| judge_order(&basket, &wish).unwrap_err().said.key;
        assert_eq!(no(wish(24, 27_000)), "wholesale.tiers_cross");
        assert_eq!(no(wish(24, 24_000)), "wholesale.tiers_cross");
        assert_eq!(no(wish(6, 28_000)), "wholesale.not_below_price");
    }

    #[test]
    fn nothing_is_sold_below_what_the_maker_agreed_to() {
        let mut basket = priced(28_000, &[]);
        assert_eq!(basket.floor(), Rupiah(21_280));
        assert_eq!(basket.may_cost(Rupiah(26_000)).unwrap_err().said.key, "wholesale.below_floor");
        basket.floor = Some(maker_floor::Model {
            id: 1,
            item_id: 1,
            amount: Rupiah(19_000),
            agreed: "Bu Sati, 20 November".into(),
            made_by: 1,
            made_at: DateTime::UNIX_EPOCH,
            ended_at: None,
        });
        assert!(basket.may_cost(Rupiah(25_000)).is_ok());
        assert!(basket.may_cost(Rupiah(24_900)).is_err());
    }

    proptest! {
        #[test]
        fn whoever_takes_more_never_pays_more_each(
            tiers in prop::collection::btree_map(2_i64..500, 1_i64..28_000, 0..6),
            a in 1_i64..600, b in 1_i64..600,
        ) {
            let basket = priced(28_000, &tiers.into_iter().collect::<Vec<_>>());
            let (few, many) = (a.min(b), a.max(b));
            prop_assert!(basket.price_of(many) <= basket.price_of(few));
        }
    }
}
