//! The first page of a book: what was handed in, what still stands for sale, what was sold, and what is owed.
use actix_web::{HttpResponse, web::Data};
use entity::Rupiah;
use serde::Serialize;

use super::{Head, Owner, Seen, money, seen};
use crate::{
    app::App,
    collection::goods::{self, Count},
    error::Result,
    page::{self, Page, Sample},
};

/// So many kinds of goods are shown as pictures.
const PICTURES: usize = 3;

#[derive(Serialize)]
struct BookPage {
    head: Head,
    purse: money::Purse,
    handed_in: Heap,
    on_shelf: Heap,
    sold: Heap,
    brought: Rupiah,
    debts: Vec<money::Debt>,
}

/// Goods together: how many, and what they look like.
#[derive(Clone, Default, Serialize)]
struct Heap {
    n: i64,
    is_area: bool,
    pictures: Vec<Seen>,
    /// Kinds that are not among the pictures.
    more: usize,
}

impl Heap {
    /// Pieces and square metres are not added up: of a crafter who makes both, the pieces are counted.
    fn of(counts: &[Count], seen: &std::collections::BTreeMap<i64, Seen>) -> Heap {
        let known = |count: &Count| seen.get(&count.item_id).cloned().unwrap_or_default();
        let is_area = !counts.is_empty() && counts.iter().all(|count| known(count).is_area);
        let counted = counts.iter().filter(|count| known(count).is_area == is_area);
        Heap {
            n: counted.map(|count| count.n).sum(),
            is_area,
            pictures: counts.iter().take(PICTURES).map(known).collect(),
            more: counts.len().saturating_sub(PICTURES),
        }
    }

    fn sample(n: i64) -> Heap {
        Heap { n, is_area: false, pictures: vec![Seen::sample(), Seen::default()], more: 2 }
    }
}

impl Page for BookPage {
    const TEMPLATE: &'static str = "book/home.html";
    fn samples() -> Vec<BookPage> {
        let full = |is_own| BookPage {
            head: Head::sample(is_own),
            purse: money::Purse::sample(),
            handed_in: Heap::sample(46),
            on_shelf: Heap { is_area: true, ..Heap::sample(23) },
            sold: Heap::sample(1),
            brought: Rupiah(404_320),
            debts: vec![money::Debt::sample()],
        };
        let empty = BookPage {
            head: Head { face: None, ..Head::sample(true) },
            purse: money::Purse::default(),
            handed_in: Heap::default(),
            on_shelf: Heap::default(),
            sold: Heap::default(),
            brought: Rupiah::ZERO,
            debts: Vec::new(),
        };
        vec![full(true), full(false), empty]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    page::samples::<BookPage>()
}

/// `GET /karya/buku`
pub async fn show(owner: Owner, app: Data<App>) -> Result<HttpResponse> {
    let crafter_id = owner.crafter.id;
    let goods = goods::summary(&app.db, crafter_id).await?;
    let ids = [&goods.handed_in, &goods.on_shelf, &goods.sold];
    let seen = seen(&app.db, ids.into_iter().flatten().map(|count| count.item_id)).await?;
    let page = BookPage {
        purse: money::purse(&app.db, crafter_id).await?,
        handed_in: Heap::of(&goods.handed_in, &seen),
        on_shelf: Heap::of(&goods.on_shelf, &seen),
        sold: Heap::of(&goods.sold, &seen),
        brought: goods.brought,
        debts: money::debts(&app.db, crafter_id).await?,
        head: owner.head,
    };
    owner.visit.page(&app.templates, &page)
}
