//! Listing goods and keeping their stock, as crafters and operators do it; and what the public sees: the shop as it
//! stands, found by words typed wrong, and fast without ever being old.
mod journey;
mod kept;
mod listing;
mod looking;
mod photos;
mod searching;
mod shop;
mod stock;
mod weight;

use entity::{
    Rupiah, category, crafter, item,
    lot::Terms,
    outlet, product,
    product::{State, Unit},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use warong::{
    accounts::{
        crafter::{Household, register},
        outlet::{NewOutlet, NewVillage, create_outlet, create_village},
    },
    db::{self, Tx},
    stock::{self as goods_ledger, NewLot},
};

use crate::support::Shop;

/// A shop with an outlet, Bu Sati, and two categories.
pub struct Village {
    pub shop: Shop,
    pub outlet: outlet::Model,
    pub sati: crafter::Model,
    pub baskets: i64,
    pub cages: i64,
}

/// What is special about a product.
#[derive(Clone, Copy)]
pub struct Goods<'a> {
    pub slug: &'a str,
    pub name: &'a str,
    pub price: i64,
    /// Another size at another price.
    pub larger: Option<i64>,
    pub stock: i64,
    pub days_to_make: Option<i64>,
    pub state: State,
    pub unit: Unit,
}

pub const BIN: Goods<'_> = Goods {
    slug: "keranjang-sampah-anyam",
    name: "Keranjang sampah anyam",
    price: 28_001,
    larger: None,
    stock: 23,
    days_to_make: None,
    state: State::Published,
    unit: Unit::Piece,
};

impl Village {
    pub async fn open() -> Village {
        Village::with(&[]).await
    }

    pub async fn with(settings: &[(&str, &str)]) -> Village {
        let shop = Shop::open(settings).await;
        let tx = db::begin(&shop.app.db).await.expect("a transaction");
        let village = NewVillage {
            code: "35.09.22.2001".into(),
            name: "Kemuning Lor".into(),
            kecamatan: "Arjasa".into(),
            kabupaten: "Kabupaten Jember".into(),
        };
        let village_id = create_village(&tx, &shop.clock, &village).await.expect("a village");
        let outlet = create_outlet(&tx, &shop.clock, &opening(village_id)).await.expect("an outlet");
        let household = Household {
            name: "Bu Sati".into(),
            dusun: "Krajan".into(),
            story: "Menganyam sejak kecil.".into(),
            ..Household::default()
        };
        let sati = register(&tx, &shop.clock, &outlet, None, &household, None).await.expect("Bu Sati");
        let baskets = category(&tx, "keranjang", "Keranjang", 1).await;
        let cages = category(&tx, "kurungan", "Kurungan", 2).await;
        tx.commit().await.expect("it commits");
        shop.knows_its_place().await;
        Village { shop, outlet, sati, baskets, cages }
    }

    /// Puts a product on the shelf; the first size's id comes back.
    pub async fn sells(&self, goods: Goods<'_>) -> i64 {
        let (db, clock) = (&self.shop.app.db, &self.shop.clock);
        let tx = db::begin(db).await.expect("a transaction");
        let row = product::ActiveModel {
            outlet_id: Set(self.outlet.id),
            crafter_id: Set(Some(self.sati.id)),
            category_id: Set(if goods.name.starts_with("Kurungan") { self.cages } else { self.baskets }),
            slug: Set(goods.slug.into()),
            name: Set(goods.name.into()),
            description: Set("Dari bambu apus tua.".into()),
            search: Set(String::new()),
            state: Set(goods.state),
            unit: Set(goods.unit),
            maker_bp: Set(7_600),
            outlet_bp: Set(1_600),
            group_bp: Set(800),
            days_to_make: Set(goods.days_to_make),
            pieces_per_week: Set(Some(14)),
            pickup_only: Set(false),
            cover: Set(Some("anyaman1".into())),
            price_min: Set(Rupiah(goods.price)),
            price_max: Set(Rupiah(goods.larger.unwrap_or(goods.price))),
            created_at: Set(clock.now()),
            updated_at: Set(clock.now()),
            published_at: Set(Some(clock.now())),
            ..Default::default()
        };
        let product = row.insert(&tx).await.expect("a product");
        let first = size(&tx, product.id, "", goods.price).await;
        if let Some(price) = goods.larger {
            size(&tx, product.id, "Besar", price).await;
        }
        tx.changes_what_is_shown();
        tx.commit().await.expect("it commits");
        if goods.stock > 0 {
            self.receives(first, goods.stock).await;
        }
        first
    }

    /// Pieces are handed in over the counter.
    pub async fn receives(&self, item_id: i64, quantity: i64) {
        let (db, clock) = (&self.shop.app.db, &self.shop.clock);
        let tx = db::begin(db).await.expect("a transaction");
        let place_id = goods_ledger::shelf(&tx, clock, self.outlet.id).await.expect("a shelf");
        let lot = NewLot {
            item_id,
            place_id,
            owner_id: Some(self.sati.id),
            terms: Terms::Consigned,
            cost: Rupiah(1_000),
            quantity,
            grade: None,
            agreed: None,
            material: Rupiah::ZERO,
            intake_id: None,
            person_id: None,
            source_key: format!("test:{item_id}:{quantity}:{}", db.statements()),
            fresh: warong::stock::Fresh::default(),
        };
        goods_ledger::receive(&tx, clock, &lot).await.expect("received");
        tx.commit().await.expect("it commits");
    }
}

async fn category(tx: &Tx, slug: &str, name: &str, position: i64) -> i64 {
    let row = category::ActiveModel {
        slug: Set(slug.into()),
        name_id: Set(name.into()),
        name_mad: Set(name.into()),
        name_en: Set(name.into()),
        kind: Set(category::Kind::Craft),
        position: Set(position),
        ..Default::default()
    };
    row.insert(tx).await.expect("a category").id
}

async fn size(tx: &Tx, product_id: i64, name: &str, price: i64) -> i64 {
    let row = item::ActiveModel {
        product_id: Set(product_id),
        name: Set(name.into()),
        price: Set(Rupiah(price)),
        length_mm: Set(300),
        width_mm: Set(300),
        height_mm: Set(385),
        weight_grams: Set(600),
        nests: Set(1),
        position: Set(1),
        ..Default::default()
    };
    row.insert(tx).await.expect("a size").id
}

fn opening(village_id: i64) -> NewOutlet {
    NewOutlet {
        village_id,
        slug: "kemuning-lor".into(),
        name: "e-Warong Kemuning Lor".into(),
        phone: "6281200000001".into(),
        address: "Jalan Rembangan 12".into(),
        rt: "01".into(),
        rw: "02".into(),
        hours: "07.00–17.00".into(),
        maker_bp: 7_600,
        outlet_bp: 1_600,
        group_bp: 800,
        cod_max: Rupiah(500_000),
        bank_name: "BRI".into(),
        bank_account: "123".into(),
        bank_holder: "Kelompok".into(),
    }
}
