//! What kiosks sold of a crafter's goods, what of it waits for their money, and one visit that brought some.
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
    error::{Error, Result},
    ledger::{self, Book},
    page::{self, Page, Sample},
    wholesale::{
        kiosk,
        kiosk_due::{self, Covered},
        kiosk_visit,
    },
};
use entity::{Rupiah, kiosk as kiosk_row, kiosk_visit as row};

#[derive(Serialize)]
struct KiosksPage {
    head: Head,
    waiting: Rupiah,
    kiosks: Vec<Kiosk>,
}

/// One kiosk that sold something of theirs.
#[derive(Clone, Serialize)]
struct Kiosk {
    name: String,
    waiting: Rupiah,
    lines: Vec<Line>,
}

/// What it sold in one go, the newest first.
#[derive(Clone, Serialize)]
struct Line {
    id: i64,
    seen: Seen,
    n: i64,
    amount: Rupiah,
    waiting: Rupiah,
    day: String,
}

impl Page for KiosksPage {
    const TEMPLATE: &'static str = "book/kiosks.html";
    fn samples() -> Vec<KiosksPage> {
        let line = |waiting| Line {
            id: 5,
            seen: Seen::sample(),
            n: 3,
            amount: Rupiah(63_840),
            waiting: Rupiah(waiting),
            day: "21/11/26".into(),
        };
        let kiosk = |waiting, lines| Kiosk { name: "Kios Bu Rahma".into(), waiting: Rupiah(waiting), lines };
        let page = |waiting, kiosks| KiosksPage { head: Head::sample(true), waiting: Rupiah(waiting), kiosks };
        let kiosks = vec![kiosk(42_560, vec![line(42_560), line(0)]), kiosk(0, vec![line(0)])];
        vec![page(42_560, kiosks), page(0, Vec::new())]
    }
}

#[derive(Serialize)]
struct VisitPage {
    head: Head,
    kiosk: String,
    number: String,
    at: DateTime<Utc>,
    amount: Rupiah,
    voided_at: Option<DateTime<Utc>>,
    waiting: Rupiah,
}

impl Page for VisitPage {
    const TEMPLATE: &'static str = "book/kiosk_visit.html";
    fn samples() -> Vec<VisitPage> {
        let page = |voided_at| VisitPage {
            head: Head::sample(true),
            kiosk: "Kios Bu Rahma".into(),
            number: "V-2611-0003".into(),
            at: DateTime::<Utc>::UNIX_EPOCH,
            amount: Rupiah(42_560),
            voided_at,
            waiting: Rupiah(21_280),
        };
        vec![page(None), page(Some(DateTime::<Utc>::UNIX_EPOCH))]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    [page::samples::<KiosksPage>(), page::samples::<VisitPage>()].into_iter().flatten().collect()
}

/// `GET /karya/buku/kios`
pub async fn list(owner: Owner, app: Data<App>) -> Result<HttpResponse> {
    let (db, crafter_id) = (&app.db, owner.crafter.id);
    let mut sold = Vec::new();
    for kiosk in kiosk::list(db, owner.outlet.id).await? {
        let mut queue = kiosk_due::queue(db, kiosk.id).await?;
        queue.retain(|one| one.earning.crafter_id == Some(crafter_id));
        if !queue.is_empty() {
            sold.push((kiosk, queue));
        }
    }
    let items = sold.iter().flat_map(|(_, queue)| queue.iter().map(|one| one.earning.item_id));
    let seen = seen(db, items.collect::<Vec<_>>()).await?;
    let line = |one: &Covered| Line {
        id: one.earning.id,
        seen: seen.get(&one.earning.item_id).cloned().unwrap_or_default(),
        n: one.earning.quantity,
        amount: one.earning.maker_total,
        waiting: one.waiting(),
        day: day(one.earning.at),
    };
    let of = |(kiosk, queue): &(kiosk_row::Model, Vec<Covered>)| Kiosk {
        name: kiosk.name.clone(),
        waiting: queue.iter().map(Covered::waiting).sum(),
        lines: queue.iter().rev().map(line).collect(),
    };
    let kiosks: Vec<Kiosk> = sold.iter().map(of).collect();
    let waiting = kiosks.iter().map(|one| one.waiting).sum();
    owner.visit.page(&app.templates, &KiosksPage { head: owner.head, waiting, kiosks })
}

/// `GET /karya/buku/kios/{id}`: a visit, for whom it brought money.
pub async fn visit(owner: Owner, one: Path<One>, app: Data<App>) -> Result<HttpResponse> {
    let (db, book) = (&app.db, Book::Crafter(owner.crafter.id));
    let [sold, ..] = kiosk_visit::entry_keys(one.id);
    let came = -ledger::posted(db, book, &format!("due:{sold}")).await?;
    let undone = -ledger::posted(db, book, &format!("due:visit:{}:void", one.id)).await?;
    if came == Rupiah::ZERO && undone == Rupiah::ZERO {
        return Err(Error::NotFound);
    }
    let found = row::Entity::find_by_id(one.id).find_also_related(kiosk_row::Entity).one(db).await?;
    let Some((visit, Some(kiosk))) = found else { return Err(Error::NotFound) };
    let queue = kiosk_due::queue(db, kiosk.id).await?;
    let own = queue.iter().filter(|one| one.earning.crafter_id == Some(owner.crafter.id));
    let page = VisitPage {
        waiting: own.map(Covered::waiting).sum(),
        kiosk: kiosk.name,
        number: kiosk_visit::number(&visit),
        at: visit.visited_at,
        amount: if came == Rupiah::ZERO { undone } else { came },
        voided_at: visit.voided_at,
        head: owner.head,
    };
    owner.visit.page(&app.templates, &page)
}
