//! A kiosk in Balikpapan to tell stories at.
use entity::{
    crafter,
    kiosk::{Bearer, Model, PaysAt},
    lot, stock as level,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use warong::{
    accounts::crafter::{Household, register},
    ledger::Book,
    region::Code,
    wholesale::kiosk::{self, Agreement},
};

use crate::{counter::stand::Stand, support::browser::Seen};

/// A counter, and a kiosk that sells for it.
pub struct Post {
    pub stand: Stand,
    pub kiosk: Model,
    /// A second household, whose cages stand beside Bu Sati's baskets.
    pub marsuki: crafter::Model,
}

/// Bu Rahma keeps an eighth of her price.
pub fn terms(damage_by: Bearer, pays_at: PaysAt) -> Agreement {
    Agreement {
        name: "Kios Bu Rahma".into(),
        keeper: "Bu Rahma".into(),
        phone: "6281300000100".into(),
        region: Code::parse("64.71.01.1001").expect("Manggar in Balikpapan"),
        commission_bp: 1_250,
        damage_by,
        pays_at,
    }
}

impl Post {
    pub async fn open(damage_by: Bearer, pays_at: PaysAt) -> Post {
        let stand = Stand::open().await;
        let tx = stand.begin().await;
        let clock = &stand.shop.clock;
        let household = Household { name: "Pak Marsuki".into(), dusun: "Rayap".into(), ..Household::default() };
        let marsuki = register(&tx, clock, &stand.outlet, None, &household, None).await.expect("a crafter");
        let terms = terms(damage_by, pays_at);
        let kiosk = kiosk::open(&tx, clock, &stand.outlet, &terms, stand.operator_id).await.expect("a kiosk");
        tx.commit().await.expect("it is there");
        Post { stand, kiosk, marsuki }
    }

    pub fn here(&self) -> String {
        format!("/kelola/kios/{}", self.kiosk.id)
    }

    pub fn basket(&self, name: &str) -> String {
        format!("{name}_{}", self.stand.basket)
    }

    /// Bu Siti takes baskets there; Bu Rahma is to ask Rp32.000.
    pub async fn takes_there(&mut self, pieces: &str) -> Seen {
        let (n, price) = (self.basket("n"), self.basket("harga"));
        let action = format!("{}/titip", self.here());
        self.stand.tap(&action, &action, &[(n.as_str(), pieces), (price.as_str(), "32.000")]).await
    }

    /// Bu Siti counts baskets: sold, home, broken, still there; and whatever else was typed.
    pub async fn counts(&mut self, [sold, home, broken, still]: [&str; 4], more: &[(&str, &str)]) -> Seen {
        let names = ["laku", "baik", "rusak", "masih"].map(|name| self.basket(name));
        let mut typed: Vec<(&str, &str)> = names.iter().map(String::as_str).zip([sold, home, broken, still]).collect();
        typed.extend_from_slice(more);
        let action = format!("{}/kunjungan", self.here());
        self.stand.tap(&action, &action, &typed).await
    }

    pub async fn owes(&self) -> i64 {
        self.stand.balance(Book::Kiosk(self.kiosk.id)).await
    }

    pub async fn due(&self, crafter: i64) -> i64 {
        -self.stand.balance(Book::Crafter(crafter)).await
    }

    pub async fn waits(&self, crafter: i64) -> i64 {
        -self.stand.balance(Book::Awaiting(crafter)).await
    }

    /// Pieces of an item on the shelf and in the kiosk.
    pub async fn stands(&self, item_id: i64) -> (i64, i64) {
        let rows = level::Entity::find().filter(level::Column::ItemId.eq(item_id));
        let rows = rows.all(&self.stand.shop.app.db).await.expect("a read");
        let of = |place: i64| rows.iter().filter(|row| row.place_id == place).map(|row| row.on_hand).sum();
        (of(self.stand.place_id), of(self.kiosk.place_id))
    }

    /// Lots of the kiosk, with what is left of each.
    pub async fn lots(&self) -> Vec<lot::Model> {
        let there = lot::Entity::find().filter(lot::Column::PlaceId.eq(self.kiosk.place_id));
        there.all(&self.stand.shop.app.db).await.expect("a read")
    }
}
