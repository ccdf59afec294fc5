//! `/karya/buku/ganti/{id}`: goods that broke or were lost with the outlet, why, and what it pays for them.
use actix_web::{
    HttpResponse,
    web::{Data, Path},
};
use chrono::{DateTime, Utc};
use sea_orm::EntityTrait;
use serde::Serialize;

use super::{Head, One, Owner, Seen, seen};
use crate::{
    app::App,
    collection::intake::receipt_url,
    error::{Error, Result},
    ledger::{self, Book},
    page::{self, Page, Sample},
};
use entity::{Rupiah, intake, lot, stock_move, stock_move::Kind};

#[derive(Serialize)]
struct ReplacedPage {
    head: Head,
    title: &'static str,
    seen: Seen,
    n: i64,
    amount: Rupiah,
    reason: Option<String>,
    at: DateTime<Utc>,
    /// The hand-over they came with: its number and its receipt.
    handed: Option<(String, String)>,
}

impl Page for ReplacedPage {
    const TEMPLATE: &'static str = "book/replaced.html";
    fn samples() -> Vec<ReplacedPage> {
        let page = |title, handed| ReplacedPage {
            head: Head::sample(true),
            title,
            seen: Seen::sample(),
            n: 2,
            amount: Rupiah(42_560),
            reason: Some("Kena hujan".into()),
            at: DateTime::<Utc>::UNIX_EPOCH,
            handed,
        };
        vec![
            page("book.line_broken", Some(("S-2611-0042-7".into(), "/setoran/x".into()))),
            page("book.line_lost", None),
        ]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    page::samples::<ReplacedPage>()
}

/// `GET /karya/buku/ganti/{id}`
pub async fn show(owner: Owner, one: Path<One>, app: Data<App>) -> Result<HttpResponse> {
    let found = stock_move::Entity::find_by_id(one.id).find_also_related(lot::Entity).one(&app.db).await?;
    let Some((gone, Some(lot))) = found else { return Err(Error::NotFound) };
    let key = gone.source_key.strip_suffix(":0").map(|act| format!("departure:{act}"));
    let key = key.filter(|_| lot.owner_id == Some(owner.crafter.id)).ok_or(Error::NotFound)?;
    let amount = -ledger::posted(&app.db, Book::Crafter(owner.crafter.id), &key).await?;
    if amount <= Rupiah::ZERO {
        return Err(Error::NotFound);
    }
    let handed = match lot.intake_id {
        Some(id) => intake::Entity::find_by_id(id).one(&app.db).await?,
        None => None,
    };
    let page = ReplacedPage {
        title: if gone.kind == Kind::Shrunk { "book.line_lost" } else { "book.line_broken" },
        seen: seen(&app.db, [gone.item_id]).await?.remove(&gone.item_id).unwrap_or_default(),
        n: gone.quantity.abs(),
        amount,
        reason: gone.reason,
        at: gone.at,
        handed: handed.map(|intake| (intake.number.clone(), receipt_url(&intake))),
        head: owner.head,
    };
    owner.visit.page(&app.templates, &page)
}
