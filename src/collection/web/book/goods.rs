//! What a crafter handed in, receipt by receipt, and what of it still stands for sale.
use actix_web::{HttpResponse, web::Data};
use serde::Serialize;

use super::{Head, Owner, Seen, lines::day, said, seen};
use crate::{
    app::App,
    collection::{
        goods::{self, Handed},
        intake::receipt_url,
    },
    error::Result,
    page::{self, Page, Sample},
};
use entity::{
    Rupiah,
    lot::{Grade, Terms},
};

#[derive(Serialize)]
struct HandedPage {
    head: Head,
    lines: Vec<HandedLine>,
}

/// One hand-over.
#[derive(Clone, Serialize)]
struct HandedLine {
    seen: Seen,
    day: String,
    number: Option<String>,
    /// Its receipt.
    url: Option<String>,
    /// Grade and how many of it: "12", "2,5".
    parts: Vec<(&'static str, String)>,
    rejected: Option<String>,
    is_bought: bool,
    cost: Rupiah,
    is_cancelled: bool,
}

impl Page for HandedPage {
    const TEMPLATE: &'static str = "book/handed.html";
    fn samples() -> Vec<HandedPage> {
        let one = HandedLine {
            seen: Seen::sample(),
            day: "21/11/26".into(),
            number: Some("S-2611-0042-7".into()),
            url: Some("/setoran/abc".into()),
            parts: vec![("A", "12".into()), ("B", "2".into())],
            rejected: Some("1".into()),
            is_bought: true,
            cost: Rupiah(20_000),
            is_cancelled: true,
        };
        let old = HandedLine {
            number: None,
            url: None,
            rejected: None,
            is_bought: false,
            is_cancelled: false,
            seen: Seen { is_area: true, cover: None, ..Seen::sample() },
            parts: vec![("", "2,5".into())],
            ..one.clone()
        };
        let page = |lines| HandedPage { head: Head::sample(true), lines };
        vec![page(vec![one, old]), page(Vec::new())]
    }
}

#[derive(Serialize)]
struct ShelfPage {
    head: Head,
    lines: Vec<ShelfLine>,
}

/// What stands of one kind of goods.
#[derive(Clone, Serialize)]
struct ShelfLine {
    seen: Seen,
    n: i64,
    /// Where, and how many there: none is the outlet's own shelf.
    places: Vec<(Option<String>, i64)>,
}

impl Page for ShelfPage {
    const TEMPLATE: &'static str = "book/shelf.html";
    fn samples() -> Vec<ShelfPage> {
        let places = vec![(None, 12), (Some("Kios Denpasar".into()), 5)];
        let line = ShelfLine { seen: Seen::sample(), n: 17, places };
        let area = ShelfLine { seen: Seen { is_area: true, cover: None, ..Seen::sample() }, ..line.clone() };
        let page = |lines| ShelfPage { head: Head::sample(true), lines };
        vec![page(vec![line, area]), page(Vec::new())]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    [page::samples::<HandedPage>(), page::samples::<ShelfPage>()].into_iter().flatten().collect()
}

/// `GET /karya/buku/setoran`
pub async fn handed_in(owner: Owner, app: Data<App>) -> Result<HttpResponse> {
    let all = goods::handed_in(&app.db, owner.crafter.id).await?;
    let seen = seen(&app.db, all.iter().map(Handed::item_id)).await?;
    let lines = all.iter().map(|one| line(one, seen.get(&one.item_id()).cloned().unwrap_or_default())).collect();
    owner.visit.page(&app.templates, &HandedPage { head: owner.head, lines })
}

fn line(one: &Handed, seen: Seen) -> HandedLine {
    match one {
        Handed::Intake(intake) => {
            let parts = [("A", intake.grade_a), ("B", intake.grade_b)].into_iter().filter(|(_, n)| *n > 0);
            HandedLine {
                day: day(intake.taken_at),
                number: Some(intake.number.clone()),
                url: Some(receipt_url(intake)),
                parts: parts.map(|(grade, n)| (grade, said(&seen, n))).collect(),
                rejected: (intake.rejected > 0).then(|| said(&seen, intake.rejected)),
                is_bought: intake.terms == Terms::Bought,
                cost: intake.cost,
                is_cancelled: intake.reversed_at.is_some(),
                seen,
            }
        }
        Handed::Lot(lot) => {
            let grade = match lot.grade {
                Some(Grade::A) => "A",
                Some(Grade::B) => "B",
                None => "",
            };
            HandedLine {
                seen,
                day: day(lot.received_at),
                number: None,
                url: None,
                parts: vec![(grade, crate::locale::grouped(lot.received))],
                rejected: None,
                is_bought: lot.terms == Terms::Bought,
                cost: lot.cost,
                is_cancelled: false,
            }
        }
    }
}

/// `GET /karya/buku/jualan`
pub async fn on_shelf(owner: Owner, app: Data<App>) -> Result<HttpResponse> {
    let all = goods::on_shelf(&app.db, owner.crafter.id).await?;
    let seen = seen(&app.db, all.iter().map(|one| one.item_id)).await?;
    let mut lines: Vec<(i64, ShelfLine)> = Vec::new();
    for one in all {
        let place = (one.kiosk, one.n);
        match lines.iter_mut().find(|(item_id, _)| *item_id == one.item_id) {
            Some((_, line)) => {
                line.n += one.n;
                line.places.push(place);
            }
            None => {
                let seen = seen.get(&one.item_id).cloned().unwrap_or_default();
                lines.push((one.item_id, ShelfLine { seen, n: one.n, places: vec![place] }));
            }
        }
    }
    lines.sort_by_key(|(item_id, line)| (std::cmp::Reverse(line.n), *item_id));
    let lines = lines.into_iter().map(|(_, line)| line).collect();
    owner.visit.page(&app.templates, &ShelfPage { head: owner.head, lines })
}
