//! A counter to tell stories at: an outlet with goods on its shelf, its operator, and orders as buyers place them.
use entity::{
    Rupiah, category, item,
    lot::Terms,
    order::{Delivery, Method, Model},
    outlet,
    person::Language,
    person_role::Role,
    photo::Subject,
    product,
    shipping_rate::Zone,
};
use sea_orm::{ActiveValue::Set, EntityTrait};
use warong::{
    accounts::{
        crafter::{self, Household},
        outlet as outlets,
        outlet::{NewOutlet, NewVillage},
        person,
        role::{self, Place},
        session,
    },
    catalogue::{Hand, Side, photo},
    check,
    db::{self, Tx},
    form::SESSION_COOKIE,
    gateway::shipping::Quote,
    ledger::{self, Book},
    orders::{
        cart,
        docket::Docket,
        place::{self, Address, Buyer, Way, Wish},
        settle,
    },
    region::Code,
    stock::{self, NewLot},
};

use crate::support::{Browser, Shop, browser::Seen};

/// What stands ready before each story.
pub struct Stand {
    pub shop: Shop,
    pub outlet: outlet::Model,
    pub operator_id: i64,
    /// Bu Siti Aminah, signed in.
    pub siti: Browser,
    /// Pak Hasan, who runs the same outlet, signed in.
    pub hasan: Browser,
    /// The operator of another outlet, signed in.
    pub stranger: Browser,
    pub crafter_id: i64,
    /// Ten on the shelf, consigned by Bu Sati, Rp28.000.
    pub basket: i64,
    /// Made to order, Rp65.000.
    pub cage: i64,
    pub place_id: i64,
}

impl Stand {
    pub async fn open() -> Stand {
        Stand::at(Shop::empty().await).await
    }

    /// The same in a shop with settings or a payment provider of the story's own.
    pub async fn at(shop: Shop) -> Stand {
        let (db, clock) = (&shop.app.db, &shop.clock);
        let tx = db::begin(db).await.expect("a transaction");
        let village = NewVillage {
            code: "35.09.22.2001".into(),
            name: "Kemuning Lor".into(),
            kecamatan: "Arjasa".into(),
            kabupaten: "Jember".into(),
        };
        let village_id = outlets::create_village(&tx, clock, &village).await.expect("a village");
        let here = new_outlet(&tx, &shop, village_id, "kemuning-lor").await;
        let elsewhere = new_outlet(&tx, &shop, village_id, "lain").await;
        let (operator_id, siti) = operator(&tx, &shop, "Bu Siti Aminah", &here).await;
        let (_, hasan) = operator(&tx, &shop, "Pak Hasan", &here).await;
        let (_, stranger) = operator(&tx, &shop, "Pak Anton", &elsewhere).await;
        let household = Household {
            name: "Bu Sati".into(),
            phone: None,
            dusun: "Krajan".into(),
            rt: "03".into(),
            rw: "01".into(),
            group_name: None,
            story: String::new(),
        };
        let sati = crafter::register(&tx, clock, &here, None, &household, None).await.expect("a crafter");
        let basket = goods(&tx, &shop, &here, sati.id, "Keranjang sampah anyam", 28_000, None).await;
        let cage = goods(&tx, &shop, &here, sati.id, "Kurungan ayam", 65_000, Some(3)).await;
        let place_id = stock::shelf(&tx, clock, here.id).await.expect("a shelf");
        tx.commit().await.expect("all of it");
        shop.knows_its_place().await;
        let stand = Stand {
            shop,
            outlet: here,
            operator_id,
            siti,
            hasan,
            stranger,
            crafter_id: sati.id,
            basket,
            cage,
            place_id,
        };
        stand.brings(basket, 10).await;
        stand
    }

    /// Bu Sati brings pieces in; they stay hers until they are sold.
    pub async fn brings(&self, item_id: i64, quantity: i64) {
        let tx = self.begin().await;
        let lot = NewLot {
            item_id,
            place_id: self.place_id,
            owner_id: Some(self.crafter_id),
            terms: Terms::Consigned,
            cost: Rupiah(20_000),
            quantity,
            grade: None,
            agreed: None,
            material: Rupiah::ZERO,
            intake_id: None,
            person_id: Some(self.operator_id),
            source_key: warong::secret::short_token(),
            fresh: stock::Fresh::default(),
        };
        stock::receive(&tx, &self.shop.clock, &lot).await.expect("an intake");
        tx.commit().await.expect("the intake stands");
    }

    /// Another basket like the first, on a shelf place of its own and with nothing in it.
    pub async fn another_basket(&self, name: &str) -> i64 {
        let tx = self.begin().await;
        let item = goods(&tx, &self.shop, &self.outlet, self.crafter_id, name, 28_000, None).await;
        tx.commit().await.expect("it stands");
        item
    }

    pub async fn begin(&self) -> Tx {
        db::begin(&self.shop.app.db).await.expect("a transaction")
    }

    /// Ibu Ratna orders; to Makassar for Rp46.000, or to be fetched.
    pub async fn order(&self, method: Method, delivery: Delivery, wants: &[(i64, i64)]) -> Model {
        let wish = self.wish(method, delivery, None);
        self.place(&wish, wants).await
    }

    /// What Ibu Ratna wishes, and where she gets her mails.
    pub fn wish(&self, method: Method, delivery: Delivery, email: Option<&str>) -> Wish {
        let address = Address {
            code: Code::parse("73.71.01.1001").expect("a village in Makassar"),
            street: "Jl. Perintis 10".into(),
            rt: None,
            rw: None,
            landmark: None,
            postcode: None,
        };
        let quote = Quote {
            code: "reguler".into(),
            name: "Reguler".into(),
            zone: Zone::OtherIslands,
            cost: Rupiah(46_000),
            chargeable_grams: 4_000,
            divisor: 6_000,
            days_min: 4,
            days_max: 7,
        };
        Wish {
            outlet: self.outlet.clone(),
            buyer: Buyer {
                name: "Ibu Ratna".into(),
                phone: "6281200000003".into(),
                email: email.map(str::to_owned),
                language: Language::Id,
                person_id: None,
            },
            way: match delivery {
                Delivery::Pickup => Way::Pickup,
                Delivery::Courier => Way::Courier { address: Box::new(address), quote: Box::new(quote) },
            },
            note: None,
            method,
        }
    }

    pub async fn place(&self, wish: &Wish, wants: &[(i64, i64)]) -> Model {
        let lines = cart::lines_of(&self.shop.app.db, wants).await.expect("lines");
        let tx = self.begin().await;
        let placed = place::place(&tx, &self.shop.clock, &lines, wish).await.expect("placed").expect("unchanged");
        tx.commit().await.expect("the order stands");
        placed
    }

    /// An order paid by QRIS.
    pub async fn paid(&self, wants: &[(i64, i64)]) -> Model {
        let order = self.order(Method::Qris, Delivery::Courier, wants).await;
        self.pay(&order, "attempt:1").await;
        order
    }

    /// Ibu Ratna sends the photo of her transfer slip.
    pub async fn sends_proof(&self, order: &Model) -> i64 {
        let slip = include_bytes!("../../../assets/demo/photos/bakul-nasi-1.webp");
        let kept = photo::keep(&self.shop.app.files, Subject::Proof, slip).await.expect("a picture");
        let tx = self.begin().await;
        let hand = Hand { village_id: None, person_id: None, side: Side::Buyer };
        photo::enter(&tx, &self.shop.clock, &hand, Subject::Proof, order.id, &kept).await.expect("entered");
        tx.commit().await.expect("it stands");
        self.shop.settle().await;
        photo::of(&self.shop.app.db, Subject::Proof, order.id).await.expect("photos")[0].id
    }

    pub async fn pay(&self, order: &Model, event: &str) {
        self.pay_by(order, event, order.method).await;
    }

    /// Money comes another way than the order says.
    pub async fn pay_by(&self, order: &Model, event: &str, method: Method) {
        let tx = self.begin().await;
        settle::mark_paid(&tx, &self.shop.clock, order.id, event, order.total, method).await.expect("paid");
        tx.commit().await.expect("the payment stands");
    }

    /// The bank takes the money of an order back.
    pub async fn reversed(&self, order: &Model) {
        let tx = self.begin().await;
        settle::reversed(&tx, &self.shop.clock, order.id, "attempt:1", order.total).await.expect("reversed");
        tx.commit().await.expect("it stands");
    }

    pub async fn docket(&self, order: &Model) -> Docket {
        Docket::read(&self.shop.app.db, self.outlet.id, order.id).await.expect("the order")
    }

    /// What stands on an account: debits positive.
    pub async fn balance(&self, book: Book) -> i64 {
        ledger::balance(&self.shop.app.db, book).await.expect("a balance").0
    }

    /// Pieces on the shelf that nobody was promised.
    pub async fn available(&self, item_id: i64) -> i64 {
        stock::available(&self.shop.app.db, &[item_id]).await.expect("stock").get(&item_id).copied().unwrap_or(0)
    }

    /// Bu Siti taps the button whose form goes to `action`, on the order's page or on the page that asks.
    pub async fn tap(&mut self, page: &str, action: &str, fields: &[(&str, &str)]) -> Seen {
        let page = self.siti.get(page).await;
        page.is(200);
        self.siti.fill(&page, action, fields).await
    }

    /// Bu Siti asks for money to be sent back, to the account the buyer named or in cash. Says where its page is.
    pub async fn proposes(&mut self, order: &Model, fields: &[(&str, &str)]) -> String {
        let ask = format!("/kelola/pesanan/{}/kembali", order.id);
        let owed = self.docket(order).await.order.refund_due.to_string();
        let mut all = vec![("amount", owed.as_str())];
        all.extend_from_slice(fields);
        let asked = self.tap(&ask, &ask, &all).await;
        asked.is(303);
        asked.location.expect("its page")
    }

    /// All that is owed back goes by transfer: Bu Siti asks, Pak Hasan says yes, Bu Siti sends it.
    pub async fn sends_back(&mut self, order: &Model, reference: &str) {
        let account = [("cara", "transfer"), ("bank", "BRI"), ("rekening", "002101000123507"), ("pemilik", "Ratna")];
        let page = self.proposes(order, &account).await;
        let seen = self.hasan.get(&page).await;
        self.hasan.fill(&seen, &format!("{page}/setuju"), &[]).await.is(303);
        let seen = self.siti.get(&page).await;
        let sent = format!("{page}/terkirim");
        self.siti.fill_with_picture(&seen, &sent, &[("reference", reference)], "foto", Some(&slip())).await.is(303);
    }

    /// Every sum is as it should be.
    #[track_caller]
    pub fn adds_up(&self) -> impl Future<Output = ()> + '_ {
        let caller = std::panic::Location::caller();
        async move {
            let report = check::all(&self.shop.app.db).await.expect("the check runs");
            assert!(report.ok, "at {caller}:\n{}", check::in_words(&report));
        }
    }

    pub async fn close(self) {
        self.adds_up().await;
    }
}

/// The photo of a transfer slip.
pub fn slip() -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let paper = image::RgbImage::from_pixel(360, 640, image::Rgb([240, 240, 230]));
    paper.write_to(&mut bytes, image::ImageFormat::Png).expect("a picture");
    bytes.into_inner()
}

async fn new_outlet(tx: &Tx, shop: &Shop, village_id: i64, slug: &str) -> outlet::Model {
    let new = NewOutlet {
        village_id,
        slug: slug.into(),
        name: format!("e-Warong {slug}"),
        phone: "6281200000001".into(),
        address: "Jalan Rembangan".into(),
        rt: "02".into(),
        rw: "01".into(),
        hours: "07.00 sampai 20.00".into(),
        maker_bp: 7_600,
        outlet_bp: 1_600,
        group_bp: 800,
        cod_max: Rupiah(500_000),
        bank_name: "BRI".into(),
        bank_account: "0021".into(),
        bank_holder: "e-Warong".into(),
    };
    outlets::create_outlet(tx, &shop.clock, &new).await.expect("an outlet")
}

async fn operator(tx: &Tx, shop: &Shop, name: &str, outlet: &outlet::Model) -> (i64, Browser) {
    let id = person::create(tx, &shop.clock, name, None, None).await.expect("a person");
    role::grant(tx, &shop.clock, id, Role::Operator, Place::Outlet(outlet.id), None).await.expect("a role");
    let token = session::open(tx, &shop.clock, id, "HP").await.expect("a session");
    let mut browser = shop.browser();
    browser.cookies.insert(SESSION_COOKIE.into(), token);
    (id, browser)
}

async fn goods(
    tx: &Tx,
    shop: &Shop,
    outlet: &outlet::Model,
    crafter_id: i64,
    name: &str,
    price: i64,
    days_to_make: Option<i64>,
) -> i64 {
    let now = shop.clock.now();
    let slug = name.to_lowercase().replace(' ', "-");
    let shelf = category::ActiveModel {
        slug: Set(slug.clone()),
        name_id: Set(name.into()),
        name_mad: Set(name.into()),
        name_en: Set(name.into()),
        kind: Set(category::Kind::Craft),
        position: Set(1),
        ..Default::default()
    };
    let category_id = category::Entity::insert(shelf).exec(tx).await.expect("a category").last_insert_id;
    let row = product::ActiveModel {
        outlet_id: Set(outlet.id),
        crafter_id: Set(Some(crafter_id)),
        category_id: Set(category_id),
        slug: Set(slug),
        name: Set(name.into()),
        description: Set(String::new()),
        search: Set(String::new()),
        state: Set(product::State::Published),
        unit: Set(product::Unit::Piece),
        maker_bp: Set(7_600),
        outlet_bp: Set(1_600),
        group_bp: Set(800),
        days_to_make: Set(days_to_make),
        pickup_only: Set(false),
        price_min: Set(Rupiah(price)),
        price_max: Set(Rupiah(price)),
        created_at: Set(now),
        updated_at: Set(now),
        published_at: Set(Some(now)),
        ..Default::default()
    };
    let product_id = product::Entity::insert(row).exec(tx).await.expect("a product").last_insert_id;
    let row = item::ActiveModel {
        product_id: Set(product_id),
        name: Set(String::new()),
        price: Set(Rupiah(price)),
        length_mm: Set(300),
        width_mm: Set(300),
        height_mm: Set(380),
        weight_grams: Set(600),
        nests: Set(5),
        position: Set(1),
        ..Default::default()
    };
    item::Entity::insert(row).exec(tx).await.expect("an item").last_insert_id
}
