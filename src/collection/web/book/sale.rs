//! What was sold of a crafter's goods, and one sale whole: pieces, price, whose each rupiah is, and where it went. Never
//! who bought it.
use actix_web::{
    HttpResponse,
    web::{Data, Path},
};
use chrono::{DateTime, Utc};
use sea_orm::EntityTrait;
use serde::Serialize;

use super::{Head, One, Owner, Seen, lines::day, seen};
use crate::{
    app::App,
    collection::goods,
    db::Db,
    error::{Error, Result},
    page::{self, Page, Sample},
    region,
    wholesale::{
        kiosk_due::{self, Covered},
        kiosk_visit,
    },
};
use entity::{Rupiah, earning, kiosk_visit as kiosk_visit_row, lot, order, order::Delivery, place};

#[derive(Serialize)]
struct SalesPage {
    head: Head,
    brought: Rupiah,
    lines: Vec<SaleLine>,
}

/// One sale, or its coming back.
#[derive(Clone, Serialize)]
struct SaleLine {
    id: i64,
    seen: Seen,
    n: i64,
    amount: Rupiah,
    at: DateTime<Utc>,
    day: String,
    came_back: bool,
    /// Not sold: the outlet pays for them.
    is_replaced: bool,
}

impl Page for SalesPage {
    const TEMPLATE: &'static str = "book/sales.html";
    fn samples() -> Vec<SalesPage> {
        let line = |amount, came_back| SaleLine {
            id: 5,
            seen: Seen::sample(),
            n: 2,
            amount: Rupiah(amount),
            at: DateTime::<Utc>::UNIX_EPOCH,
            day: "21/11/26".into(),
            came_back,
            is_replaced: false,
        };
        let replaced = SaleLine { is_replaced: true, ..line(21_280, false) };
        let lines = vec![line(-42_560, true), line(42_560, false), replaced];
        let page = |lines, brought| SalesPage { head: Head::sample(true), brought: Rupiah(brought), lines };
        vec![page(lines, 42_560), page(Vec::new(), 0)]
    }
}

#[derive(Serialize)]
struct SalePage {
    head: Head,
    number: String,
    at: DateTime<Utc>,
    undone_at: Option<DateTime<Utc>>,
    parts: Vec<Part>,
    maker: Rupiah,
    outlet: Rupiah,
    group: Rupiah,
    total: Rupiah,
    /// How wide each share is drawn, of a thousand.
    widths: [i64; 3],
    place: Place,
    /// What of it waits for a kiosk's money.
    waiting: Rupiah,
    /// Not sold: the outlet pays for them.
    is_replaced: bool,
}

#[derive(Clone, Serialize)]
struct Part {
    seen: Seen,
    n: i64,
    price: Rupiah,
    total: Rupiah,
}

/// Where goods went, as far as it tells nothing of who has them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "how", content = "place")]
enum Place {
    PickedUp,
    Region(String),
    Kiosk(String),
}

impl Page for SalePage {
    const TEMPLATE: &'static str = "book/sale.html";
    fn samples() -> Vec<SalePage> {
        let part = Part { seen: Seen::sample(), n: 2, price: Rupiah(28_000), total: Rupiah(56_000) };
        let page = |place, undone_at, is_replaced| SalePage {
            head: Head::sample(true),
            number: "K-2611-0042".into(),
            at: DateTime::<Utc>::UNIX_EPOCH,
            undone_at,
            parts: vec![part.clone(), part.clone()],
            maker: Rupiah(85_120),
            outlet: Rupiah(17_920),
            group: Rupiah(8_960),
            total: Rupiah(112_000),
            widths: [760, 160, 80],
            place,
            waiting: if is_replaced { Rupiah::ZERO } else { Rupiah(42_560) },
            is_replaced,
        };
        let region = Place::Region("Kota Makassar, Sulawesi Selatan".into());
        let undone = Some(DateTime::<Utc>::UNIX_EPOCH);
        let kiosk = || Place::Kiosk("Kios Denpasar".into());
        vec![
            page(region, None, false),
            page(Place::PickedUp, undone, false),
            page(kiosk(), None, false),
            page(kiosk(), None, true),
        ]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    [page::samples::<SalesPage>(), page::samples::<SalePage>()].into_iter().flatten().collect()
}

/// `GET /karya/buku/laku`
pub async fn list(owner: Owner, app: Data<App>) -> Result<HttpResponse> {
    let sales = goods::sales(&app.db, owner.crafter.id).await?;
    let seen = seen(&app.db, sales.iter().map(|sale| sale.item_id)).await?;
    let mut lines = Vec::new();
    for sale in &sales {
        let line = SaleLine {
            id: sale.id,
            seen: seen.get(&sale.item_id).cloned().unwrap_or_default(),
            // What came back after it was sold is a row of its own, with less than nothing in it.
            n: sale.quantity.abs(),
            amount: sale.maker_total,
            at: sale.at,
            day: day(sale.at),
            came_back: sale.undoes_id.is_some(),
            is_replaced: is_replaced(sale),
        };
        if let Some(at) = sale.undone_at {
            lines.push(SaleLine { amount: -sale.maker_total, at, day: day(at), came_back: true, ..line.clone() });
        }
        lines.push(line);
    }
    lines.sort_by_key(|line| std::cmp::Reverse(line.at));
    let brought = lines.iter().map(|line| line.amount).sum();
    owner.visit.page(&app.templates, &SalesPage { head: owner.head, brought, lines })
}

/// `GET /karya/buku/laku/{id}`: all that this crafter earned by that sale.
pub async fn show(owner: Owner, one: Path<One>, app: Data<App>) -> Result<HttpResponse> {
    let sales = goods::sales(&app.db, owner.crafter.id).await?;
    let sale = sales.iter().find(|sale| sale.id == one.id).ok_or(Error::NotFound)?;
    let all: Vec<&earning::Model> = sales.iter().filter(|other| other.entry_key == sale.entry_key).rev().collect();
    let seen = seen(&app.db, all.iter().map(|one| one.item_id)).await?;
    let sum = |of: fn(&earning::Model) -> Rupiah| abs(all.iter().map(|one| of(one)).sum());
    let (maker, outlet, group) = (sum(|one| one.maker_total), sum(|one| one.outlet_total), sum(|one| one.group_total));
    let total = maker + outlet + group;
    let width = |part: Rupiah| part.0 * 1_000 / total.0.max(1);
    let page = SalePage {
        number: sale.document.clone(),
        at: sale.at,
        undone_at: sale.undone_at.or(sale.undoes_id.map(|_| sale.at)),
        parts: all
            .iter()
            .map(|one| Part {
                seen: seen.get(&one.item_id).cloned().unwrap_or_default(),
                n: one.quantity.abs(),
                price: one.unit_price,
                total: abs(one.maker_total + one.outlet_total + one.group_total),
            })
            .collect(),
        maker,
        outlet,
        group,
        total,
        widths: [width(maker), width(outlet), width(group)],
        place: place_of(&app.db, sale).await?,
        waiting: waiting(&app.db, &all).await?,
        is_replaced: is_replaced(sale),
        head: owner.head,
    };
    owner.visit.page(&app.templates, &page)
}

/// What broke or was lost in a kiosk is paid as if it had been sold.
fn is_replaced(sale: &earning::Model) -> bool {
    sale.entry_key == kiosk_visit::entry_keys(visit_of(sale).unwrap_or_default())[1]
}

/// The visit to a kiosk that counted a sale.
fn visit_of(sale: &earning::Model) -> Option<i64> {
    sale.subject.strip_prefix("visit:")?.parse().ok()
}

/// What of these sales waits for a kiosk's money.
async fn waiting(db: &Db, sales: &[&earning::Model]) -> Result<Rupiah> {
    let Some(visit) = sales.first().and_then(|sale| visit_of(sale)) else { return Ok(Rupiah::ZERO) };
    let visit = kiosk_visit_row::Entity::find_by_id(visit).one(db).await?.ok_or(Error::NotFound)?;
    let queue = kiosk_due::queue(db, visit.kiosk_id).await?;
    let of = |covered: &&Covered| sales.iter().any(|sale| sale.id == covered.earning.id);
    Ok(queue.iter().filter(of).map(Covered::waiting).sum())
}

/// What came back is said with its own word, not with a minus before each number.
fn abs(amount: Rupiah) -> Rupiah {
    Rupiah(amount.0.abs())
}

async fn place_of(db: &Db, sale: &earning::Model) -> Result<Place> {
    if let Some(id) = sale.subject.strip_prefix("order:").and_then(|id| id.parse::<i64>().ok()) {
        let order = order::Entity::find_by_id(id).one(db).await?;
        let sent = order.filter(|order| order.delivery == Delivery::Courier).and_then(|order| order.region_code);
        let region = sent.and_then(|code| region::by_code(&code));
        return Ok(
            region.map_or(Place::PickedUp, |region| Place::Region(format!("{}, {}", region.regency, region.province)))
        );
    }
    let lot = lot::Entity::find_by_id(sale.lot_id).one(db).await?.ok_or(Error::NotFound)?;
    let place = place::Entity::find_by_id(lot.place_id).one(db).await?.ok_or(Error::NotFound)?;
    Ok(if place.kind == place::Kind::Kiosk { Place::Kiosk(place.name) } else { Place::PickedUp })
}
