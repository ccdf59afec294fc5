//! Stories of the till: what a phone sold, sent in any order, once or five times, with or without signal.
mod backs;
mod rate;
mod sales;
mod shifts;
mod split;
mod whole;

use chrono::Duration;
use entity::{item, product, sale_conflict, sale_conflict::Kind};
use sea_orm::{ActiveValue::Set, EntityTrait, QueryOrder};
use serde_json::{Value, json};
use tokio::sync::{Mutex, MutexGuard};
use uuid::Uuid;

use super::{field::handset::Handset, purchase::Granary};

/// A counter with rice by weight and sugar by the piece, and Bu Siti's till on it.
pub struct Stall {
    pub granary: Granary,
    pub till: Mutex<Handset>,
    pub shift: String,
    /// Sugar in bags of a kilogram.
    pub sugar: i64,
}

/// What rice and sugar cost here, in rupiah.
pub const RICE: i64 = 13_000;
pub const SUGAR: i64 = 17_500;

impl Stall {
    /// 100 kg of rice and as many bags of sugar as the stock of loose sugar has, bought today.
    pub async fn open() -> Stall {
        let granary = Granary::open().await;
        let tx = granary.stand.begin().await;
        let rice = item::Entity::find_by_id(granary.rice).one(&tx).await.expect("a read").expect("rice");
        let like = product::Entity::find_by_id(rice.product_id).one(&tx).await.expect("a read").expect("its product");
        let change = item::ActiveModel { id: Set(rice.id), price: Set(entity::Rupiah(RICE)), ..Default::default() };
        item::Entity::update(change).exec(&tx).await.expect("a price");
        let mut product = product::ActiveModel::from(like);
        product.id = sea_orm::ActiveValue::NotSet;
        product.slug = Set("gula-pasir".into());
        product.name = Set("Gula pasir".into());
        product.commodity = Set(None);
        let product_id = product::Entity::insert(product).exec(&tx).await.expect("sugar").last_insert_id;
        let mut bag = item::ActiveModel::from(rice);
        bag.id = sea_orm::ActiveValue::NotSet;
        bag.product_id = Set(product_id);
        bag.price = Set(entity::Rupiah(SUGAR));
        bag.measure = Set(item::Measure::Piece);
        let sugar = item::Entity::insert(bag).exec(&tx).await.expect("a bag").last_insert_id;
        tx.commit().await.expect("all of it");
        granary.buys(&granary.of(100_000, 1_200_000, granary.today())).await.expect("rice");
        let mut bags = granary.of(40, 640_000, granary.today());
        bags.lines[0].item_id = sugar;
        granary.buys(&bags).await.expect("sugar");
        let till = Handset::of(&granary.stand, granary.stand.siti.clone()).await;
        Stall { granary, till: Mutex::new(till), shift: Uuid::new_v4().to_string(), sugar }
    }

    /// The till, while nobody waits for it.
    pub fn in_hand(&self) -> MutexGuard<'_, Handset> {
        self.till.try_lock().expect("nobody else has the till")
    }

    /// An event of the till.
    pub fn records(&self, kind: &str, body: &Value) -> Value {
        self.in_hand().records(kind, body)
    }

    /// Sends events; says what became of each.
    pub async fn told(&self, events: &[Value]) -> Vec<Value> {
        self.till.lock().await.told(events).await
    }

    /// The same for one.
    pub async fn verdict(&self, event: &Value) -> Value {
        self.told(std::slice::from_ref(event)).await.remove(0)
    }

    pub fn line(&self, item: i64, quantity: i64) -> Value {
        let (price, amount) = if item == self.granary.rice {
            (RICE, (RICE * quantity / 1_000 / 100 * 100).max(100))
        } else {
            (SUGAR, SUGAR * quantity)
        };
        json!({ "item": item, "quantity": quantity, "price": price, "amount": amount, "price_of": "posted" })
    }

    /// What a sale of these lines says, paid in cash.
    pub fn sale(&self, lines: &[Value]) -> Value {
        let total: i64 = lines.iter().map(|line| line["amount"].as_i64().expect("an amount")).sum();
        json!({ "shift": self.shift, "number": format!("K1-{:04}", self.in_hand().count()), "lines": lines,
            "tenders": [{ "by": "cash", "amount": total, "received": total }], "total": total })
    }

    /// A sale as an event.
    pub fn sells(&self, lines: &[Value]) -> Value {
        self.records("sale", &self.sale(lines))
    }

    /// What was odd, in its order.
    pub async fn odd(&self) -> Vec<(Kind, Value)> {
        let all = sale_conflict::Entity::find().order_by_asc(sale_conflict::Column::Id);
        let all = all.all(&self.granary.stand.shop.app.db).await.expect("a read");
        all.into_iter().map(|row| (row.kind, row.detail)).collect()
    }

    pub async fn sales(&self) -> Vec<entity::sale::Model> {
        use entity::sale::{Column, Entity, Method};
        use sea_orm::{ColumnTrait, QueryFilter};
        let all = Entity::find().filter(Column::Method.eq(Method::Till)).order_by_asc(Column::Id);
        all.all(&self.granary.stand.shop.app.db).await.expect("a read")
    }

    /// The shift of this till as it is in the books.
    pub async fn shift_row(&self) -> entity::shift::Model {
        use entity::shift::{Column, Entity};
        use sea_orm::{ColumnTrait, QueryFilter};
        let found = Entity::find().filter(Column::Key.eq(self.shift.as_str()));
        found.one(&self.granary.stand.shop.app.db).await.expect("a read").expect("a shift")
    }

    pub async fn drawer(&self) -> i64 {
        self.granary.books(warong::ledger::Book::Drawer(self.shift_row().await.id)).await
    }

    pub fn advance(&self, by: Duration) {
        self.granary.stand.shop.clock.advance(by);
        self.in_hand().waits(by);
    }

    pub async fn close(self) {
        self.granary.adds_up().await;
        self.granary.stand.close().await;
    }
}
