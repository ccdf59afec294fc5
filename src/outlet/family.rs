//! Families, by the number of their family card (KK). The number is found by a keyed hash and kept sealed, with the key
//! outside the database; what stands on the outlet's own card is a random code, and nobody's name is asked for.
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::OnConflict,
};
use serde_json::{Value, json};

use super::card_code::Code;
use crate::{
    clock::Clock,
    db::Tx,
    error::{Error, Refusal, Result},
    history::{self, Subject},
    secret::Secret,
};
pub use entity::family::Model;
use entity::{
    crafter,
    family::{ActiveModel, Column, Entity},
    family_card as card, outlet,
};

/// The number of a family card: sixteen digits.
#[derive(Clone, PartialEq, Eq)]
pub struct Kk(String);

impl Kk {
    /// Reads a number as it is printed or typed, with spaces, dots or lines between its parts.
    pub fn parse(text: &str) -> Option<Kk> {
        let kept = |c: &char| !c.is_whitespace() && !matches!(c, '-' | '.');
        let digits: String = text.chars().filter(kept).collect();
        let sound = digits.len() == 16 && digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0');
        let one = digits.chars().next();
        (sound && digits.chars().any(|c| Some(c) != one)).then_some(Kk(digits))
    }

    /// What is shown of it.
    fn last(&self) -> &str {
        &self.0[12..]
    }

    /// By which it is found again in a village.
    fn hash(&self, secret: &Secret, village_id: i64) -> String {
        secret.mac("kk", format!("{village_id}:{}", self.0).as_bytes())
    }
}

/// Never written out whole.
impl std::fmt::Debug for Kk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Kk(..{})", self.last())
    }
}

/// Writes a family down and gives it a card; the same number twice is the same family, with the card it has. Says
/// whether it was new.
pub async fn register(
    tx: &Tx,
    clock: &Clock,
    secret: &Secret,
    outlet: &outlet::Model,
    kk: &Kk,
    dusun: &str,
    by: i64,
) -> Result<(Model, bool)> {
    let hash = kk.hash(secret, outlet.village_id);
    if let Some(known) = by_hash(tx, outlet.village_id, &hash).await? {
        return Ok((known, false));
    }
    let sealed = secret.seal("kk", kk.0.as_bytes());
    let kept = Kept { hash: Some(hash.clone()), sealed: Some(sealed), last: Some(kk.last().to_owned()) };
    match write(tx, clock, outlet.village_id, kept, dusun, by).await? {
        Some(family) => Ok((family, true)),
        // Two who wrote the same number at once: the other was first.
        None => Ok((by_hash(tx, outlet.village_id, &hash).await?.ok_or(Error::NotFound)?, false)),
    }
}

/// Gives a card to a family whose number was not asked for, as in the demonstration.
pub async fn draw_card(tx: &Tx, clock: &Clock, village_id: i64, dusun: &str, by: i64) -> Result<Model> {
    write(tx, clock, village_id, Kept::default(), dusun, by).await?.ok_or(Error::NotFound)
}

/// What is kept of a number.
#[derive(Default)]
struct Kept {
    hash: Option<String>,
    sealed: Option<String>,
    last: Option<String>,
}

async fn write(tx: &Tx, clock: &Clock, village_id: i64, kept: Kept, dusun: &str, by: i64) -> Result<Option<Model>> {
    let token = fresh_code(tx).await?;
    let row = ActiveModel {
        village_id: Set(village_id),
        token: Set(token.as_str().to_owned()),
        kk_hash: Set(kept.hash),
        kk_sealed: Set(kept.sealed),
        kk_last: Set(kept.last),
        dusun: Set(dusun.to_owned()),
        person_id: Set(by),
        created_at: Set(clock.now()),
        ..Default::default()
    };
    let once = OnConflict::columns([Column::VillageId, Column::KkHash]).do_nothing().to_owned();
    if Entity::insert(row).on_conflict(once).exec_without_returning(tx).await? == 0 {
        return Ok(None);
    }
    let family = Entity::find().filter(Column::Token.eq(token.as_str())).one(tx).await?.ok_or(Error::NotFound)?;
    give_card(tx, clock, family.id, &token, by).await?;
    remember(tx, clock, &family, "registered", by, json!({ "dusun": dusun })).await?;
    Ok(Some(family))
}

/// A code that no card ever had.
async fn fresh_code(tx: &Tx) -> Result<Code> {
    for _ in 0..8 {
        let code = Code::new();
        if card::Entity::find().filter(card::Column::Token.eq(code.as_str())).count(tx).await? == 0 {
            return Ok(code);
        }
    }
    Err(anyhow::anyhow!("no free code for a card was found").into())
}

async fn give_card(tx: &Tx, clock: &Clock, family_id: i64, code: &Code, by: i64) -> Result<()> {
    let row = card::ActiveModel {
        family_id: Set(family_id),
        token: Set(code.as_str().to_owned()),
        given_by: Set(by),
        given_at: Set(clock.now()),
        ..Default::default()
    };
    card::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

/// A card was lost: from now on it is void, and the family has another one.
pub async fn replace_card(tx: &Tx, clock: &Clock, village_id: i64, id: i64, by: i64) -> Result<Model> {
    let family = Entity::find_by_id(id).filter(Column::VillageId.eq(village_id)).lock_exclusive().one(tx).await?;
    let family = family.ok_or(Error::NotFound)?;
    let old = card::Entity::find().filter(card::Column::FamilyId.eq(id)).filter(card::Column::VoidAt.is_null());
    for old in old.all(tx).await? {
        let void = card::ActiveModel {
            id: Set(old.id),
            void_by: Set(Some(by)),
            void_at: Set(Some(clock.now())),
            ..Default::default()
        };
        card::Entity::update(void).exec(tx).await?;
    }
    let code = fresh_code(tx).await?;
    give_card(tx, clock, id, &code, by).await?;
    let change = ActiveModel { id: Set(id), token: Set(code.as_str().to_owned()), ..Default::default() };
    Entity::update(change).exec(tx).await?;
    remember(tx, clock, &family, "card_replaced", by, json!({})).await?;
    Ok(Model { token: code.as_str().to_owned(), ..family })
}

/// The family of a number, if it was written down in this village.
pub async fn by_kk(db: &impl ConnectionTrait, secret: &Secret, village_id: i64, kk: &Kk) -> Result<Option<Model>> {
    by_hash(db, village_id, &kk.hash(secret, village_id)).await
}

async fn by_hash(db: &impl ConnectionTrait, village_id: i64, hash: &str) -> Result<Option<Model>> {
    Ok(Entity::find().filter(Column::VillageId.eq(village_id)).filter(Column::KkHash.eq(hash)).one(db).await?)
}

/// The family of a card that somebody shows: a code with a slip in it, one that nobody has and one that was replaced are
/// told apart.
pub async fn by_card(db: &impl ConnectionTrait, village_id: i64, typed: &str) -> Result<Model> {
    let code = Code::parse(typed).ok_or_else(|| Refusal::invalid("family.mistyped"))?;
    let (family, is_void) =
        of_any_card(db, village_id, &code).await?.ok_or_else(|| Refusal::invalid("family.unknown_card"))?;
    if is_void { Err(Refusal::conflict("family.void_card").into()) } else { Ok(family) }
}

/// The family that has or had a card, and whether the card is void.
pub(super) async fn of_any_card(
    db: &impl ConnectionTrait,
    village_id: i64,
    code: &Code,
) -> Result<Option<(Model, bool)>> {
    let with_family = card::Entity::find().filter(card::Column::Token.eq(code.as_str())).find_also_related(Entity);
    let Some((card, Some(family))) = with_family.one(db).await? else { return Ok(None) };
    Ok((family.village_id == village_id).then_some((family, card.void_at.is_some())))
}

/// A family of this village; another village's does not exist here.
pub async fn read(db: &impl ConnectionTrait, village_id: i64, id: i64) -> Result<Model> {
    Entity::find_by_id(id).filter(Column::VillageId.eq(village_id)).one(db).await?.ok_or(Error::NotFound)
}

/// All cards of a family, the newest first.
pub async fn cards(db: &impl ConnectionTrait, family_id: i64) -> Result<Vec<card::Model>> {
    let of = card::Entity::find().filter(card::Column::FamilyId.eq(family_id));
    Ok(of.order_by_desc(card::Column::Id).all(db).await?)
}

/// How many families of each dusun have a card, by name.
pub async fn by_dusun(db: &impl ConnectionTrait, village_id: i64) -> Result<Vec<(String, i64)>> {
    let counts = Entity::find()
        .filter(Column::VillageId.eq(village_id))
        .select_only()
        .column(Column::Dusun)
        .column_as(Column::Id.count(), "families")
        .group_by(Column::Dusun)
        .order_by_asc(Column::Dusun);
    Ok(counts.into_tuple().all(db).await?)
}

/// The names of dusun that were written down so far, for families and for crafters.
pub async fn known_dusun(db: &impl ConnectionTrait, village_id: i64) -> Result<Vec<String>> {
    let mut names: Vec<String> = by_dusun(db, village_id).await?.into_iter().map(|(name, _)| name).collect();
    let of_crafters = crafter::Entity::find()
        .filter(crafter::Column::VillageId.eq(village_id))
        .select_only()
        .column(crafter::Column::Dusun)
        .distinct();
    let of_crafters: Vec<String> = of_crafters.into_tuple().all(db).await?;
    names.extend(of_crafters.into_iter().filter(|name| !name.is_empty()));
    names.sort();
    names.dedup();
    Ok(names)
}

async fn remember(tx: &Tx, clock: &Clock, family: &Model, verb: &str, by: i64, detail: Value) -> Result<()> {
    let about = Subject("family", family.id);
    history::remember(tx, clock, Some(family.village_id), about, verb, Some(by), detail).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_sixteen_digits_however_it_is_typed() {
        for text in ["3509222001110001", "3509 2220 0111 0001", "350922.200111.0001"] {
            assert_eq!(Kk::parse(text).map(|kk| kk.0).as_deref(), Some("3509222001110001"), "{text}");
        }
        for text in
            ["", "350922200111000", "35092220011100011", "0509222001110001", "1111111111111111", "350922200111000X"]
        {
            assert_eq!(Kk::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_number_is_never_shown_whole() {
        let kk = Kk::parse("3509222001110001").expect("a number");
        assert_eq!(format!("{kk:?}"), "Kk(..0001)");
        let secret = Secret::new(vec![7; 32]);
        assert_ne!(kk.hash(&secret, 1), kk.hash(&secret, 2), "two villages cannot compare their lists");
    }
}
