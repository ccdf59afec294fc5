//! A stand with a reseller: Toko Rimba in Samarinda, run by Pak Made.
use entity::{
    Rupiah,
    order::{Method, Model},
    quote, reseller,
};
use warong::{
    accounts::{person, session},
    form::SESSION_COOKIE,
    orders::settle,
    wholesale::{
        accept::{self, Answer},
        quote::{Asked, Deposit, Line, Quote, Terms},
        reseller::{Business, Decision},
        tier,
    },
};

use crate::{counter::stand::Stand, support::Browser};

/// A village in Samarinda.
pub const THERE: &str = "64.72.02.1001";

/// Everything of a stand, and Pak Made.
pub struct Trader {
    pub stand: Stand,
    pub made: Browser,
    pub made_id: i64,
}

impl Trader {
    /// Somebody signed in who is no reseller yet.
    pub async fn open() -> Trader {
        let stand = Stand::open().await;
        let (made_id, made) = somebody(&stand, "Pak Made", "6281300000006").await;
        Trader { stand, made, made_id }
    }

    /// The outlet has agreed, and baskets cost less from twelve and from sixty pieces.
    pub async fn agreed() -> Trader {
        let trader = Trader::open().await;
        trader.approved().await;
        trader.tier(12, 26_000).await;
        trader.tier(60, 24_500).await;
        trader
    }

    pub async fn approved(&self) -> reseller::Model {
        let (stand, clock) = (&self.stand, &self.stand.shop.clock);
        let tx = stand.begin().await;
        let said = Business {
            name: "Toko Rimba".into(),
            town: "Samarinda, Kalimantan".into(),
            sells: "Alat rumah tangga".into(),
        };
        let row =
            warong::wholesale::reseller::ask(&tx, clock, &stand.outlet, self.made_id, &said).await.expect("asked");
        let by = stand.operator_id;
        let row = warong::wholesale::reseller::decide(&tx, clock, &stand.outlet, row.id, &Decision::Approve, by)
            .await
            .expect("agreed");
        tx.commit().await.expect("it stands");
        row
    }

    /// A price by quantity for baskets, which their maker has agreed to.
    pub async fn tier(&self, from_pieces: i64, price: i64) {
        let stand = &self.stand;
        let tx = stand.begin().await;
        let wish = tier::Wish {
            from_pieces,
            price: Rupiah(price),
            for_all: false,
            floor: Some((Rupiah(18_000), "Bu Sati, 20 November".into())),
            sure: true,
        };
        tier::set(&tx, &stand.shop.clock, &stand.outlet, stand.basket, &wish, stand.operator_id)
            .await
            .expect("set")
            .expect("sure");
        tx.commit().await.expect("it stands");
    }

    pub fn asked(&self, wants: &[(i64, i64)]) -> Asked {
        Asked {
            buyer_name: "Toko Rimba".into(),
            buyer_phone: "6281300000006".into(),
            region_code: THERE.into(),
            street: "Jalan Mulawarman 77".into(),
            note: None,
            wants: wants.to_vec(),
        }
    }

    /// Terms for these pieces: freight Rp100.000, packing Rp20.000, deposit 30 %, of which half is kept.
    pub fn terms(&self, lines: Vec<Line>) -> Terms {
        Terms {
            lines,
            freight_kind: warong::wholesale::quote::CARGO.into(),
            freight_name: "Kapal ke Samarinda".into(),
            freight: Rupiah(100_000),
            chargeable_grams: 6_000,
            cartons: 1,
            packing: Rupiah(20_000),
            deposit: Deposit::Percent(30),
            kept_percent: 50,
            deposit_days: 3,
            balance_days: None,
            valid_until: self.stand.shop.clock.today() + chrono::Days::new(14),
            ready_on: Some(self.stand.shop.clock.today() + chrono::Days::new(20)),
            terms: Some("Barang pecah diganti".into()),
        }
    }

    /// A quote for so many pieces at this price each, sent.
    pub async fn quoted(&self, wants: &[(i64, i64, i64)]) -> Quote {
        let lines = wants
            .iter()
            .map(|(item_id, quantity, price)| Line {
                item_id: *item_id,
                quantity: *quantity,
                unit_price: Rupiah(*price),
            })
            .collect();
        self.quoted_with(&self.terms(lines)).await
    }

    pub async fn quoted_with(&self, terms: &Terms) -> Quote {
        let (stand, clock) = (&self.stand, &self.stand.shop.clock);
        let tx = stand.begin().await;
        let known = warong::wholesale::reseller::approved(&tx, stand.outlet.id, self.made_id).await.expect("read");
        let wants: Vec<(i64, i64)> = terms.lines.iter().map(|line| (line.item_id, line.quantity)).collect();
        let by = stand.operator_id;
        let begun = warong::wholesale::quote::begin(&tx, clock, &stand.outlet, known.as_ref(), &self.asked(&wants), by)
            .await
            .expect("begun");
        let id = begun.row.id;
        let quote = warong::wholesale::quote::write(&tx, clock, &stand.outlet, id, terms, by).await.expect("written");
        let row = warong::wholesale::quote::send(&tx, clock, &stand.outlet, id, by).await.expect("sent");
        tx.commit().await.expect("it stands");
        Quote { row, ..quote }
    }

    /// The buyer says yes, to pay this way.
    pub async fn accepts(&self, quote: &quote::Model, method: Method) -> Model {
        let tx = self.stand.begin().await;
        let answer = accept::accept(&tx, &self.stand.shop.clock, &quote.secret, method, entity::person::Language::Id)
            .await
            .expect("accepted");
        tx.commit().await.expect("it stands");
        let Answer::Order(url) = answer else { panic!("{answer:?}") };
        let secret = url.trim_start_matches("/pesanan/");
        warong::orders::order::by_secret(&self.stand.shop.app.db, secret).await.expect("the order")
    }

    /// An order of ten baskets at Rp26.000: goods 260.000, freight and packing 120.000, deposit 114.000, kept 57.000.
    pub async fn ordered(&self, method: Method) -> Model {
        let quote = self.quoted(&[(self.stand.basket, 10, 26_000)]).await;
        self.accepts(&quote.row, method).await
    }

    /// The same, with a balance that is due so many days after the goods have arrived.
    pub async fn ordered_on(&self, balance_days: Option<i64>, method: Method) -> Model {
        let line = Line { item_id: self.stand.basket, quantity: 10, unit_price: Rupiah(26_000) };
        let quote = self.quoted_with(&Terms { balance_days, ..self.terms(vec![line]) }).await;
        self.accepts(&quote.row, method).await
    }

    /// The same with its deposit paid.
    pub async fn begun(&self) -> Model {
        let order = self.ordered(Method::Transfer).await;
        self.comes(&order, "deposit", 114_000).await;
        order
    }

    /// Another such order, of baskets brought for it.
    pub async fn begun_anew(&self) -> Model {
        self.stand.brings(self.stand.basket, 10).await;
        self.begun().await
    }

    /// Money comes over the provider.
    pub async fn comes(&self, order: &Model, event: &str, amount: i64) {
        let tx = self.stand.begin().await;
        settle::mark_paid(&tx, &self.stand.shop.clock, order.id, event, Rupiah(amount), Method::Qris)
            .await
            .expect("booked");
        tx.commit().await.expect("it stands");
    }

    /// Bu Siti asks for the balance.
    pub async fn asks_balance(&mut self, order: &Model) {
        let ask = format!("/kelola/pesanan/{}/pelunasan", order.id);
        self.stand.tap(&ask, &ask, &[("days", "7")]).await.is(303);
    }
}

/// Somebody with a phone of their own, signed in.
pub async fn somebody(stand: &Stand, name: &str, phone: &str) -> (i64, Browser) {
    let tx = stand.begin().await;
    let id = person::create(&tx, &stand.shop.clock, name, Some(phone), None).await.expect("a person");
    let token = session::open(&tx, &stand.shop.clock, id, "HP").await.expect("a session");
    tx.commit().await.expect("they are there");
    let mut browser = stand.shop.browser();
    browser.cookies.insert(SESSION_COOKIE.into(), token);
    (id, browser)
}
