//! Where goods are handed in: the counter, with more households that weave the same, and gedek by the square metre.
use chrono::Duration;
use entity::{Rupiah, intake, item, lot, product, product::Unit};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use warong::{
    accounts::crafter::{self, Household},
    check,
    collection::intake::{Accepted, Entered, NewIntake, accept, lots},
    error::Result,
    form::Wrong,
    ledger::{self, Book},
};

use crate::counter::stand::Stand;

/// A counter where households hand in.
pub struct Yard {
    pub stand: Stand,
    /// Bu Sati, whose basket it is; weaves it too: Pak Marsuki.
    pub sati: i64,
    pub marsuki: i64,
    /// Somebody of the other outlet.
    pub elsewhere: i64,
    /// Gedek, Rp90.000 a square metre.
    pub gedek: i64,
}

impl Yard {
    pub async fn open() -> Yard {
        let stand = Stand::open().await;
        let gedek = stand.another_basket("Gedek").await;
        let tx = stand.begin().await;
        let product_id = item::Entity::find_by_id(gedek).one(&tx).await.expect("a read").expect("the item").product_id;
        let measured = product::ActiveModel { id: Set(product_id), unit: Set(Unit::SquareMetre), ..Default::default() };
        measured.update(&tx).await.expect("measured");
        let dear = item::ActiveModel { id: Set(gedek), price: Set(Rupiah(90_000)), ..Default::default() };
        dear.update(&tx).await.expect("dear");
        let marsuki = household(&tx, &stand, stand.outlet.id, "Pak Marsuki").await;
        let other = entity::outlet::Entity::find()
            .filter(entity::outlet::Column::Id.ne(stand.outlet.id))
            .one(&tx)
            .await
            .expect("a read")
            .expect("another outlet");
        let elsewhere = household(&tx, &stand, other.id, "Pak Sunar").await;
        tx.commit().await.expect("they are there");
        Yard { sati: stand.crafter_id, marsuki, elsewhere, gedek, stand }
    }

    /// Hands in at the counter, at this moment.
    pub async fn hands_in(&self, key: &str, new: &NewIntake) -> Result<Result<Accepted, Wrong>> {
        let clock = &self.stand.shop.clock;
        let tx = self.stand.begin().await;
        let entered = Entered {
            outlet: &self.stand.outlet,
            person_id: self.stand.operator_id,
            at: clock.now() + Duration::days(300),
            source_key: key,
        };
        let accepted = accept(&tx, clock, entered, new).await?;
        if accepted.is_ok() {
            tx.commit().await?;
        }
        Ok(accepted)
    }

    pub async fn takes_in(&self, key: &str, new: &NewIntake) -> intake::Model {
        self.hands_in(key, new).await.expect("an answer").expect("accepted").intake
    }

    /// The fields that are wrong, with the keys of their sentences.
    pub async fn refuses(&self, new: &NewIntake) -> Vec<(&'static str, &'static str)> {
        let wrong = self.hands_in("refused", new).await.expect("an answer").expect_err("refused");
        wrong.0.iter().map(|(field, said)| (*field, said.key)).collect()
    }

    pub async fn lots(&self, intake: &intake::Model) -> Vec<lot::Model> {
        lots(&self.stand.shop.app.db, intake.id).await.expect("lots")
    }

    pub async fn on(&self, book: Book) -> i64 {
        ledger::balance(&self.stand.shop.app.db, book).await.expect("a balance").0
    }

    /// The books are sound at the end.
    pub async fn close(self) {
        self.stand.shop.settle().await;
        let report = check::all(&self.stand.shop.app.db).await.expect("the books can be read");
        assert!(report.ok, "{}", check::in_words(&report));
        self.stand.close().await;
    }
}

async fn household(tx: &warong::db::Tx, stand: &Stand, outlet_id: i64, name: &str) -> i64 {
    let outlet = entity::outlet::Entity::find_by_id(outlet_id).one(tx).await.expect("a read").expect("an outlet");
    let household = Household {
        name: name.into(),
        dusun: "Rayap".into(),
        rt: "01".into(),
        rw: "02".into(),
        ..Household::default()
    };
    crafter::register(tx, &stand.shop.clock, &outlet, None, &household, None).await.expect("a crafter").id
}
