//! A small outlet with two crafters, a stranger, and the ways to act as each of them.
use entity::{category, crafter, outlet, person, person_role, person_role::Role, product, session, village};
use reqwest::{Client, header, redirect::Policy};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait};
use warong::{
    db::{self, Tx},
    form::SESSION_COOKIE,
    secret,
};

use crate::support::{Browser, Shop, browser::Seen};

/// The cast of these stories.
pub struct Outlet {
    pub shop: Shop,
    pub outlet_id: i64,
    pub category_id: i64,
    pub sati_id: i64,
    pub marsuki_id: i64,
}

const SITI: &str = "token-of-bu-siti-aminah-0000000000000000000";
pub const SATI: &str = "token-of-bu-sati-00000000000000000000000000";
const MARSUKI: &str = "token-of-pak-marsuki-0000000000000000000000";
const ANTON: &str = "token-of-pak-anton-000000000000000000000000";

impl Outlet {
    pub async fn open() -> Outlet {
        let shop = Shop::empty().await;
        let now = shop.clock.now();
        let tx = db::begin(&shop.app.db).await.expect("a transaction");
        let village = village::ActiveModel {
            code: Set("35.09.22.2001".into()),
            name: Set("Kemuning Lor".into()),
            kecamatan: Set("Arjasa".into()),
            kabupaten: Set("Jember".into()),
            created_at: Set(now),
            ..Default::default()
        };
        let village_id = village.insert(&tx).await.expect("a village").id;
        let outlet_id = outlet(&tx, now, village_id).await;
        let row = category::ActiveModel {
            slug: Set("keranjang".into()),
            name_id: Set("Keranjang".into()),
            name_mad: Set("Karanjhâng".into()),
            name_en: Set("Baskets".into()),
            kind: Set(category::Kind::Craft),
            position: Set(1),
            ..Default::default()
        };
        let category_id = row.insert(&tx).await.expect("a category").id;
        let place = (village_id, outlet_id);
        somebody(&tx, now, "Bu Siti Aminah", SITI, Some(Role::Operator), place).await;
        let sati = somebody(&tx, now, "Bu Sati", SATI, Some(Role::Crafter), place).await;
        let marsuki = somebody(&tx, now, "Pak Marsuki", MARSUKI, Some(Role::Crafter), place).await;
        somebody(&tx, now, "Pak Anton", ANTON, None, place).await;
        let sati_id = maker(&tx, now, sati, "Bu Sati", place).await;
        let marsuki_id = maker(&tx, now, marsuki, "Pak Marsuki", place).await;
        tx.commit().await.expect("a commit");
        shop.knows_its_place().await;
        Outlet { shop, outlet_id, category_id, sati_id, marsuki_id }
    }

    pub fn siti(&self) -> Browser {
        self.signed_in(SITI)
    }

    pub fn sati(&self) -> Browser {
        self.signed_in(SATI)
    }

    pub fn marsuki(&self) -> Browser {
        self.signed_in(MARSUKI)
    }

    pub fn anton(&self) -> Browser {
        self.signed_in(ANTON)
    }

    fn signed_in(&self, token: &str) -> Browser {
        let mut browser = self.shop.browser();
        browser.cookies.insert(SESSION_COOKIE.into(), token.into());
        browser
    }

    pub async fn product(&self, id: i64) -> product::Model {
        product::Entity::find_by_id(id).one(&self.shop.app.db).await.expect("an answer").expect("a product")
    }

    /// Bu Sati's basket as far as a price: its id, and the item's.
    pub async fn basket(&self, sati: &mut Browser) -> (i64, i64) {
        let category = self.category_id.to_string();
        let page = sati.get("/karya/baru").await;
        let fields = [("name", "Keranjang sampah anyam"), ("category", &category)];
        let sent = send(self, sati, &page, "/karya/baru", &fields, Some(&photo())).await;
        let next = sent.is(303).location.clone().expect("the next step");
        let id = next.split('/').nth(2).and_then(|id| id.parse().ok()).expect("an id");
        let page = sati.get(&next).await;
        sati.fill(page.is(200), &format!("/karya/{id}/ukuran"), &SIZE).await.is(303);
        let item = entity::item::Entity::find().one(&self.shop.app.db).await.expect("an answer").expect("an item");
        (id, item.id)
    }

    /// The same, in the shop.
    pub async fn published(&self) -> (i64, i64) {
        let (mut sati, mut siti) = (self.sati(), self.siti());
        let (id, item) = self.basket(&mut sati).await;
        self.shop.settle().await;
        let page = sati.get(&format!("/karya/{id}")).await;
        sati.fill(&page, &format!("/karya/{id}/pengajuan"), &[]).await.is(303);
        let page = siti.get(&format!("/kelola/produk/{id}")).await;
        siti.fill(&page, &format!("/kelola/produk/{id}/persetujuan"), &[]).await.is(303);
        (id, item)
    }
}

/// A size as it is typed.
pub const SIZE: [(&str, &str); 7] = [
    ("price", "28.000"),
    ("unit", "piece"),
    ("length", "30"),
    ("width", "30"),
    ("height", "38,5"),
    ("weight", "0,6"),
    ("weight_unit", "kg"),
];

/// A picture of 400 by 300 points.
pub fn photo() -> Vec<u8> {
    let picture = image::RgbImage::from_fn(400, 300, |x, y| image::Rgb([(x % 256) as u8, (y % 256) as u8, 90]));
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Png).expect("a picture");
    bytes.into_inner()
}

/// Sends a form with a file, with the hidden fields of its page.
pub async fn send(
    outlet: &Outlet,
    browser: &Browser,
    page: &Seen,
    action: &str,
    fields: &[(&str, &str)],
    file: Option<&[u8]>,
) -> Seen {
    let mut body = Vec::new();
    let hidden = page.hidden(action);
    let all = hidden.iter().map(|(n, v)| (n.as_str(), v.as_str())).chain(fields.iter().copied());
    for (name, value) in all {
        body.extend_from_slice(
            format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").as_bytes(),
        );
    }
    body.extend_from_slice(
        b"--edge\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"IMG.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n",
    );
    body.extend_from_slice(file.unwrap_or_default());
    body.extend_from_slice(b"\r\n--edge--\r\n");
    post(outlet, browser, action, body).await
}

/// Sends a body of parts as it is.
pub async fn post(outlet: &Outlet, browser: &Browser, path: &str, body: Vec<u8>) -> Seen {
    let cookies: Vec<String> = browser.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let client = Client::builder().redirect(Policy::none()).build().expect("a client");
    let answer = client
        .post(format!("{}{path}", outlet.shop.base))
        .header(header::COOKIE, cookies.join("; "))
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=edge")
        .body(body)
        .send()
        .await
        .expect("an answer");
    Seen {
        status: answer.status().as_u16(),
        location: answer.headers().get(header::LOCATION).map(|v| v.to_str().expect("text").to_owned()),
        headers: answer.headers().clone(),
        body: answer.text().await.expect("text"),
    }
}

type Now = chrono::DateTime<chrono::Utc>;

async fn outlet(tx: &Tx, now: Now, village_id: i64) -> i64 {
    let row = outlet::ActiveModel {
        village_id: Set(village_id),
        slug: Set("kemuning-lor".into()),
        name: Set("e-Warong Kemuning Lor".into()),
        phone: Set("6281200000001".into()),
        address: Set("Jalan Rembangan".into()),
        rt: Set("02".into()),
        rw: Set("01".into()),
        hours: Set("07.00".into()),
        maker_bp: Set(7600),
        outlet_bp: Set(1600),
        group_bp: Set(800),
        cod_max: Set(entity::Rupiah(500_000)),
        bank_name: Set("BRI".into()),
        bank_account: Set("1".into()),
        bank_holder: Set("e-Warong".into()),
        created_at: Set(now),
        ..Default::default()
    };
    row.insert(tx).await.expect("an outlet").id
}

async fn somebody(
    tx: &Tx,
    now: Now,
    name: &str,
    token: &str,
    role: Option<Role>,
    (village, outlet): (i64, i64),
) -> i64 {
    let row = person::ActiveModel {
        name: Set(name.into()),
        language: Set(person::Language::Id),
        failed_count: Set(0),
        created_at: Set(now),
        ..Default::default()
    };
    let id = row.insert(tx).await.expect("a person").id;
    if let Some(role) = role {
        let row = person_role::ActiveModel {
            person_id: Set(id),
            role: Set(role),
            village_id: Set(Some(village)),
            outlet_id: Set(Some(outlet)),
            granted_at: Set(now),
            ..Default::default()
        };
        row.insert(tx).await.expect("a role");
    }
    let row = session::ActiveModel {
        person_id: Set(id),
        device: Set("HP".into()),
        token_hash: Set(secret::sha256(token.as_bytes())),
        created_at: Set(now),
        seen_at: Set(now),
        expires_at: Set(now + chrono::Duration::days(1)),
        ..Default::default()
    };
    row.insert(tx).await.expect("a session");
    id
}

async fn maker(tx: &Tx, now: Now, person_id: i64, name: &str, (village_id, outlet_id): (i64, i64)) -> i64 {
    let row = crafter::ActiveModel {
        person_id: Set(person_id),
        village_id: Set(village_id),
        outlet_id: Set(outlet_id),
        slug: Set(name.to_lowercase().replace(' ', "-")),
        name: Set(name.into()),
        dusun: Set("Krajan".into()),
        rt: Set("03".into()),
        rw: Set("01".into()),
        story: Set(String::new()),
        created_at: Set(now),
        ..Default::default()
    };
    row.insert(tx).await.expect("a crafter").id
}
