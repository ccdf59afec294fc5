//! The cast: one named person for each role, in one village with one outlet, and one stranger who may see nothing.
use entity::{Rupiah, crafter, outlet, person_role::Role};
use tokio::sync::OnceCell;
use warong::{
    accounts::{
        crafter::{FirstSecret, Household, register},
        outlet::{NewOutlet, NewVillage, create_outlet, create_village},
        person,
        pin::Pin,
        role::{Place, grant},
    },
    db,
};

use super::{Browser, Shop, browser::Seen};

/// Everybody's PIN.
pub const PIN: &str = "739104";
pub const SITI: &str = "081200000001";
pub const SATI: &str = "081200000002";
pub const RATNA: &str = "081200000003";
pub const HARIYANTO: &str = "081200000004";
pub const ENDANG: &str = "081200000005";
pub const DEWI: &str = "081200000006";
pub const WAHYUDI: &str = "081200000007";
pub const RIZAL: &str = "081200000008";
pub const ANTON: &str = "081200000009";

/// Who is there and where.
pub struct Cast {
    pub outlet: outlet::Model,
    /// The operator.
    pub siti: i64,
    /// A crafter with a phone.
    pub sati: crafter::Model,
    /// A crafter without one.
    pub marsuki: crafter::Model,
    /// The buyer.
    pub ratna: i64,
    /// The administrator.
    pub rizal: i64,
    /// Signs in and may do nothing.
    pub anton: i64,
}

/// Hashing takes a while; one hash serves all.
async fn hash() -> String {
    static HASH: OnceCell<String> = OnceCell::const_new();
    HASH.get_or_init(|| async { Pin::chosen(PIN, None).expect("a sound PIN").hash().await.expect("a hash") })
        .await
        .clone()
}

/// A telephone number as it is kept.
pub fn kept(phone: &str) -> String {
    warong::form::phone(phone).expect("a phone")
}

impl Cast {
    /// Everybody comes to the village.
    pub async fn of(shop: &Shop) -> Cast {
        let (hash, clock) = (hash().await, &shop.clock);
        let tx = db::begin(&shop.app.db).await.expect("a transaction");
        let village = NewVillage {
            code: "35.09.22.2001".into(),
            name: "Kemuning Lor".into(),
            kecamatan: "Arjasa".into(),
            kabupaten: "Kabupaten Jember".into(),
        };
        let village = create_village(&tx, clock, &village).await.expect("a village");
        let outlet = create_outlet(&tx, clock, &new_outlet(village, "e-Warong Kemuning Lor")).await.expect("an outlet");
        let mut people = Vec::new();
        for (name, phone, role, place) in [
            ("Bu Siti Aminah", SITI, Some(Role::Operator), Place::Outlet(outlet.id)),
            ("Ibu Ratna", RATNA, Some(Role::Buyer), Place::Everywhere),
            ("Mas Rizal", RIZAL, Some(Role::Administrator), Place::Everywhere),
            ("Pak Anton", ANTON, None, Place::Everywhere),
            ("Pak Hariyanto", HARIYANTO, Some(Role::VillageOfficer), Place::Village(village)),
            ("Bu Endang", ENDANG, Some(Role::KubeOfficer), Place::Village(village)),
            ("Mbak Dewi", DEWI, Some(Role::Mentor), Place::Village(village)),
            ("Pak Wahyudi", WAHYUDI, Some(Role::Auditor), Place::Village(village)),
        ] {
            let id = person::create(&tx, clock, name, Some(&kept(phone)), Some(hash.clone())).await.expect("a person");
            if let Some(role) = role {
                grant(&tx, clock, id, role, place, None).await.expect("a role");
            }
            people.push(id);
        }
        let household = |name: &str, phone: Option<&str>, dusun: &str| Household {
            name: name.into(),
            phone: phone.map(kept),
            dusun: dusun.into(),
            rt: "002".into(),
            rw: "001".into(),
            ..Household::default()
        };
        let secret = Some(FirstSecret { hash, until: None });
        let siti = Some(people[0]);
        let sati = household("Bu Sati", Some(SATI), "Krajan");
        let sati = register(&tx, clock, &outlet, siti, &sati, secret).await.expect("a crafter");
        let marsuki = household("Pak Marsuki", None, "Rayap");
        let marsuki = register(&tx, clock, &outlet, siti, &marsuki, None).await.expect("a crafter");
        tx.commit().await.expect("everybody is there");
        shop.knows_its_place().await;
        Cast { outlet, siti: people[0], sati, marsuki, ratna: people[1], rizal: people[2], anton: people[3] }
    }
}

/// Another outlet, for stories where one may not reach into the other.
pub fn new_outlet(village_id: i64, name: &str) -> NewOutlet {
    NewOutlet {
        village_id,
        slug: String::new(),
        name: name.into(),
        phone: kept(SITI),
        address: "Jalan Rembangan 12".into(),
        rt: "001".into(),
        rw: "002".into(),
        hours: "07.00–17.00".into(),
        maker_bp: 7600,
        outlet_bp: 1600,
        group_bp: 800,
        cod_max: Rupiah(500_000),
        bank_name: "BRI".into(),
        bank_account: "0021-01-000001-50-1".into(),
        bank_holder: "e-Warong Kemuning Lor".into(),
    }
}

impl Browser {
    /// Types phone and PIN at the door.
    pub async fn try_to_sign_in(&mut self, phone: &str, pin: &str) -> Seen {
        let page = self.get("/masuk").await;
        self.fill(&page, "/masuk", &[("phone", phone), ("pin", pin)]).await
    }
}

impl Shop {
    /// Somebody of the cast on a phone of their own, signed in.
    pub async fn signed_in(&self, phone: &str) -> Browser {
        let mut browser = self.browser();
        browser.try_to_sign_in(phone, PIN).await.is(303);
        browser
    }
}
