//! Stories of the store: what expires, what is counted, packed, marked down and bought again.
mod advice;
mod again;
mod counts;
mod fresh;
mod markdown;
mod packing;
mod pages;

use chrono::{Duration, NaiveDate};
use entity::{
    Rupiah, item,
    item::Measure,
    lot, place,
    stock_move::{self, Kind},
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use warong::{
    check,
    db::Tx,
    error::{Error, Result},
    ledger::Book,
    outlet::{
        cost, expired, purchase,
        purchase::{NewLine, NewPurchase},
        repacking::{self, NewRepacking},
    },
    stock::{self, Cause},
};

use super::purchase::Granary;

/// A kilogram of loose goods.
pub const KG: i64 = 1_000;

/// A store with loose rice, and bags of it.
pub struct Pantry {
    pub granary: Granary,
    pub rice: i64,
    /// Bags of five kilos and of one.
    pub five: i64,
    pub one: i64,
    acts: std::cell::Cell<u32>,
}

impl Pantry {
    pub async fn open() -> Pantry {
        let granary = Granary::open().await;
        let rice = granary.rice;
        let tx = granary.stand.begin().await;
        let five = bag(&tx, rice, "5 kg", 5 * KG).await;
        let one = bag(&tx, rice, "1 kg", KG).await;
        tx.commit().await.expect("bags");
        Pantry { granary, rice, five, one, acts: std::cell::Cell::new(0) }
    }

    pub fn key(&self) -> String {
        self.acts.set(self.acts.get() + 1);
        format!("pantry:{}", self.acts.get())
    }

    pub fn today(&self) -> NaiveDate {
        self.granary.stand.shop.clock.today()
    }

    pub fn day(&self, days: i64) -> NaiveDate {
        self.today() + Duration::days(days)
    }

    pub fn pass(&self, days: i64) {
        self.granary.stand.shop.clock.advance(Duration::days(days));
    }

    pub async fn begin(&self) -> Tx {
        self.granary.stand.begin().await
    }

    /// Goods are bought on a day, and keep until another.
    pub async fn buys(&self, item_id: i64, quantity: i64, price: i64, on: NaiveDate, until: Option<NaiveDate>) {
        let line = NewLine {
            item_id,
            pack_name: String::new(),
            packs: 1,
            pack_quantity: quantity,
            price: Rupiah(price),
            expires_on: until,
            batch: until.map(|day| day.format("B%m%d").to_string()),
        };
        let new = NewPurchase {
            supplier_id: self.granary.sumber.id,
            note_number: None,
            bought_on: on,
            lines: vec![line],
            freight: Rupiah::ZERO,
            sure: vec![0],
            paid: None,
        };
        let stand = &self.granary.stand;
        let tx = self.begin().await;
        purchase::buy(&tx, &stand.shop.clock, &stand.outlet, &new, stand.operator_id, &self.key())
            .await
            .expect("bought");
        tx.commit().await.expect("it stands");
    }

    /// Sold from the shelf.
    pub async fn sells(&self, item_id: i64, quantity: i64) -> Result<()> {
        let stand = &self.granary.stand;
        let (key, tx) = (self.key(), self.begin().await);
        let cause = Cause { subject: None, reason: None, person_id: None, source_key: &key };
        stock::sell(&tx, &stand.shop.clock, item_id, stand.place_id, quantity, None, cause).await?;
        cost::follow(&tx, &stand.shop.clock, stand.outlet.id, &[item_id]).await?;
        tx.commit().await?;
        Ok(())
    }

    pub async fn place(&self, kind: place::Kind) -> i64 {
        let tx = self.begin().await;
        let stand = &self.granary.stand;
        let id = stock::place(&tx, &stand.shop.clock, stand.outlet.id, kind).await.expect("a place");
        tx.commit().await.expect("it stands");
        id
    }

    /// Packed from the shelf onto the shelf.
    pub fn packing(&self, item_id: i64, quantity: i64, made: &[(i64, i64)]) -> NewRepacking {
        NewRepacking {
            item_id,
            place_id: self.granary.stand.place_id,
            quantity,
            made: made.to_vec(),
            into_place_id: self.granary.stand.place_id,
            reason: Some("tumpah".into()),
            is_sure: true,
            bag_cost: Rupiah::ZERO,
        }
    }

    pub async fn packs(&self, new: &NewRepacking) -> Result<repacking::Model> {
        self.packs_once(new, &self.key()).await
    }

    pub async fn packs_once(&self, new: &NewRepacking, key: &str) -> Result<repacking::Model> {
        let stand = &self.granary.stand;
        let tx = self.begin().await;
        let packed = repacking::pack(&tx, &stand.shop.clock, &stand.outlet, new, stand.operator_id, key).await?;
        tx.commit().await?;
        Ok(packed)
    }

    /// The night comes.
    pub async fn puts_aside(&self) -> usize {
        let shop = &self.granary.stand.shop;
        expired::put_aside(&shop.app.db, &shop.clock).await.expect("put aside")
    }

    pub async fn available(&self, item_id: i64) -> i64 {
        self.granary.stand.available(item_id).await
    }

    pub async fn worth(&self, item_id: i64) -> (i64, i64) {
        let heap = cost::heap(&self.granary.stand.shop.app.db, item_id).await.expect("a heap");
        (heap.quantity, heap.value.0)
    }

    pub async fn books(&self, book: fn(i64) -> Book) -> i64 {
        self.granary.stand.balance(book(self.granary.stand.outlet.id)).await
    }

    /// What is left of each lot of an item in a place, in the order they came.
    pub async fn left(&self, item_id: i64, place_id: i64) -> Vec<i64> {
        let lots =
            lot::Entity::find().filter(lot::Column::ItemId.eq(item_id)).filter(lot::Column::PlaceId.eq(place_id));
        let mut lots = lots.all(&self.granary.stand.shop.app.db).await.expect("lots");
        lots.sort_by_key(|lot| lot.id);
        lots.iter().map(|lot| lot.remaining).collect()
    }

    /// Moves of a kind, by how much.
    pub async fn moves(&self, kind: Kind) -> Vec<(i64, i64)> {
        let of = stock_move::Entity::find().filter(stock_move::Column::Kind.eq(kind));
        let mut of = of.all(&self.granary.stand.shop.app.db).await.expect("moves");
        of.sort_by_key(|row| row.id);
        of.iter().map(|row| (row.item_id, row.quantity)).collect()
    }

    pub async fn adds_up(&self) {
        let report = check::all(&self.granary.stand.shop.app.db).await.expect("a check");
        assert!(report.ok, "{:?}", report.first_broken());
    }

    pub async fn close(self) {
        self.adds_up().await;
        self.granary.stand.close().await;
    }
}

async fn bag(tx: &Tx, like: i64, name: &str, content: i64) -> i64 {
    let rice = item::Entity::find_by_id(like).one(tx).await.expect("a read").expect("rice");
    let mut row = item::ActiveModel::from(rice);
    row.id = sea_orm::ActiveValue::NotSet;
    row.name = Set(name.into());
    row.measure = Set(Measure::Piece);
    row.content = Set(content);
    row.content_unit = Set(Measure::Gram);
    item::Entity::insert(row).exec(tx).await.expect("a bag").last_insert_id
}

/// Why something was not done.
pub fn refused<T>(done: Result<T>) -> &'static str {
    match done {
        Ok(_) => panic!("should have been refused"),
        Err(Error::Refused(refusal)) => refusal.said.key,
        Err(Error::NotFound) => "not found",
        Err(other) => panic!("not refused: {other}"),
    }
}
