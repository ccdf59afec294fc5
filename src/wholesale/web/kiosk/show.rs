//! `/kelola/kios/{id}`: what stands in a kiosk and whose it is, what it owes, and what was agreed with it.
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use serde::Serialize;
use std::collections::BTreeMap;

use crate::{
    accounts::visit::Operator,
    app::App,
    error::Result,
    form::FormView,
    outlet::goods,
    page::{Page, Sample, samples as samples_of},
    wholesale::{kiosk, kiosk_due, kiosk_visit},
};
use entity::{
    Rupiah, crafter,
    kiosk::{Bearer, Model, PaysAt},
    lot,
};

#[derive(Serialize)]
struct KioskPage {
    id: i64,
    terms: Terms,
    owes: Rupiah,
    /// What makers wait for because its cash has not come.
    waiting: Rupiah,
    goods: Vec<Good>,
    visited: Option<DateTime<Utc>>,
    closed: Option<DateTime<Utc>>,
    form: FormView,
}

/// A kiosk and what was agreed with it, for pages.
#[derive(Serialize)]
pub(super) struct Terms {
    pub name: String,
    pub keeper: String,
    pub phone: String,
    pub town: String,
    /// "12,5"
    pub commission: String,
    pub damage_by: &'static str,
    pub pays_at: &'static str,
}

impl Terms {
    pub(super) fn of(kiosk: &Model) -> Terms {
        let percent = format!("{},{:02}", kiosk.commission_bp / 100, kiosk.commission_bp % 100);
        Terms {
            name: kiosk.name.clone(),
            keeper: kiosk.keeper.clone(),
            phone: kiosk.phone.clone(),
            town: kiosk.town.clone(),
            commission: percent.trim_end_matches('0').trim_end_matches(',').to_owned(),
            damage_by: match kiosk.damage_by {
                Bearer::Kiosk => "kiosk.damage_kiosk",
                Bearer::Outlet => "kiosk.damage_outlet",
                Bearer::Maker => "kiosk.damage_maker",
            },
            pays_at: match kiosk.pays_at {
                PaysAt::Sale => "kiosk.pays_sale",
                PaysAt::Cash => "kiosk.pays_cash",
            },
        }
    }

    pub(super) fn sample() -> Terms {
        Terms {
            name: "Kios Bu Rahma".into(),
            keeper: "Bu Rahma".into(),
            phone: "6281300000100".into(),
            town: "Kota Balikpapan".into(),
            commission: "12,5".into(),
            damage_by: "kiosk.damage_outlet",
            pays_at: "kiosk.pays_cash",
        }
    }
}

#[derive(Serialize)]
struct Good {
    name: String,
    cover: Option<String>,
    pieces: i64,
    price: Rupiah,
    whose: Vec<Whose>,
}

#[derive(Serialize)]
struct Whose {
    name: String,
    pieces: i64,
}

impl Page for KioskPage {
    const TEMPLATE: &'static str = "wholesale/kiosk.html";
    fn samples() -> Vec<KioskPage> {
        let good = Good {
            name: "Keranjang sampah anyam".into(),
            cover: None,
            pieces: 12,
            price: Rupiah(32_000),
            whose: vec![Whose { name: "Bu Sati".into(), pieces: 12 }, Whose { name: String::new(), pieces: 1 }],
        };
        let full = KioskPage {
            id: 1,
            terms: Terms::sample(),
            owes: Rupiah(189_000),
            waiting: Rupiah(63_840),
            goods: vec![good],
            visited: Some(DateTime::UNIX_EPOCH),
            closed: None,
            form: FormView::default(),
        };
        let new = KioskPage {
            goods: Vec::new(),
            owes: Rupiah::ZERO,
            waiting: Rupiah::ZERO,
            visited: None,
            terms: Terms::sample(),
            id: 2,
            closed: None,
            form: FormView::default(),
        };
        let closed = KioskPage {
            goods: Vec::new(),
            owes: Rupiah::ZERO,
            waiting: Rupiah::ZERO,
            visited: None,
            terms: Terms::sample(),
            id: 3,
            closed: Some(DateTime::UNIX_EPOCH),
            form: FormView::default(),
        };
        vec![full, new, closed]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    samples_of::<KioskPage>()
}

/// `GET /kelola/kios/{id}`
pub(super) async fn show(operator: Operator, id: Path<i64>, app: Data<App>) -> Result<HttpResponse> {
    draw(&operator, &app, *id, StatusCode::OK, FormView::default()).await
}

/// The page, with why an act was refused.
pub(super) async fn draw(
    operator: &Operator,
    app: &App,
    id: i64,
    status: StatusCode,
    form: FormView,
) -> Result<HttpResponse> {
    let kiosk = kiosk::read(&app.db, operator.outlet.id, id).await?;
    let visits = kiosk_visit::of_kiosk(&app.db, kiosk.id).await?;
    let page = KioskPage {
        id: kiosk.id,
        terms: Terms::of(&kiosk),
        owes: kiosk::owes(&app.db, kiosk.id).await?,
        waiting: kiosk_due::waiting(&app.db, kiosk.id).await?,
        goods: goods(&app.db, &kiosk).await?,
        visited: visits.iter().filter(|v| v.visit.voided_at.is_none()).map(|v| v.visit.visited_at).max(),
        closed: kiosk.closed_at,
        form,
    };
    operator.visit.page_with(status, &app.templates, &page)
}

async fn goods(db: &impl ConnectionTrait, kiosk: &Model) -> Result<Vec<Good>> {
    let lots = lot::Entity::find()
        .filter(lot::Column::PlaceId.eq(kiosk.place_id))
        .filter(lot::Column::Remaining.gt(0))
        .find_also_related(crafter::Entity)
        .order_by_asc(lot::Column::Id)
        .all(db)
        .await?;
    let prices = kiosk::prices(db, kiosk.id).await?;
    let standing = goods::in_place(db, kiosk.place_id).await?;
    let good = |good: goods::Standing| {
        let mut whose: BTreeMap<Option<i64>, Whose> = BTreeMap::new();
        for (lot, owner) in lots.iter().filter(|(lot, _)| lot.item_id == good.item_id) {
            let name = owner.as_ref().map(|owner| owner.name.clone()).unwrap_or_default();
            whose.entry(lot.owner_id).or_insert(Whose { name, pieces: 0 }).pieces += lot.remaining;
        }
        let price = prices.get(&good.item_id).and_then(|told| told.last()).copied().unwrap_or(good.price);
        Good { name: good.name, cover: good.cover, pieces: good.free, price, whose: whose.into_values().collect() }
    };
    Ok(standing.into_iter().map(good).collect())
}
