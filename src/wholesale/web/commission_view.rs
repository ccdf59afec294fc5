//! Commissions and tasks as pages show them.
use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde::Serialize;

use crate::{
    app::App,
    clock::wib,
    error::Result,
    locale::{self, Lang, Said, Words, grouped},
    notifications::whatsapp,
    orders::order as orders,
    wholesale::{
        assignment::{self, Task},
        commission::{Commission, of_order},
    },
};
use entity::{Rupiah, assignment as part, assignment::State, crafter, item, order, person, product};

/// How far a commission is, as one bar.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Progress {
    pub id: i64,
    pub goods: String,
    pub pieces: i64,
    pub delivered: i64,
    /// Promised and not handed in.
    pub promised: i64,
    pub asked: i64,
    pub open: i64,
    pub due_on: NaiveDate,
    /// Of a hundred, for the bar.
    pub percent: i64,
    pub promised_percent: i64,
    pub is_over: bool,
}

impl Progress {
    pub fn of(commission: &Commission) -> Progress {
        let (pieces, delivered) = (commission.row.pieces, commission.delivered());
        let promised = commission.accepted() - delivered;
        let percent = |n: i64| n.saturating_mul(100).checked_div(pieces).unwrap_or(100);
        Progress {
            id: commission.row.id,
            goods: commission.goods(),
            pieces,
            delivered,
            promised,
            asked: commission.asked(),
            open: commission.open(),
            due_on: commission.row.due_on,
            percent: percent(delivered),
            promised_percent: percent(promised),
            is_over: commission.is_over(),
        }
    }

    pub fn sample() -> Progress {
        Progress {
            id: 7,
            goods: "Keranjang sampah anyam, Besar".into(),
            pieces: 300,
            delivered: 84,
            promised: 126,
            asked: 60,
            open: 30,
            percent: 28,
            promised_percent: 42,
            ..Progress::default()
        }
    }
}

/// The bars of an order's commissions that go on or were done.
pub(crate) async fn progress_of(db: &impl ConnectionTrait, order_id: i64) -> Result<Vec<Progress>> {
    let all = of_order(db, order_id).await?;
    Ok(all.iter().map(Progress::of).filter(|bar| !bar.is_over || bar.delivered > 0).collect())
}

/// Households by their ids, with the people behind them.
pub(super) async fn people_of(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = i64>,
) -> Result<HashMap<i64, (crafter::Model, Option<person::Model>)>> {
    let rows = crafter::Entity::find()
        .filter(crafter::Column::Id.is_in(ids))
        .find_also_related(person::Entity)
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|(crafter, person)| (crafter.id, (crafter, person))).collect())
}

/// The picture of what is to be made.
pub(super) async fn cover_of(db: &impl ConnectionTrait, item_id: i64) -> Result<Option<String>> {
    let found = item::Entity::find_by_id(item_id).find_also_related(product::Entity).one(db).await?;
    Ok(found.and_then(|(_, product)| product).and_then(|product| product.cover))
}

/// A task as its maker sees it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct TaskView {
    pub url: String,
    pub goods: String,
    pub cover: Option<String>,
    /// "offered", "accepted" or "released".
    pub state: &'static str,
    pub pieces: i64,
    pub delivered: i64,
    pub left: i64,
    pub percent: i64,
    pub price: Rupiah,
    pub total: Rupiah,
    pub due_on: NaiveDate,
    pub answer_by: DateTime<Utc>,
    /// Why it was taken back.
    pub reason: String,
}

impl TaskView {
    fn of(task: &Task, cover: Option<String>, reason: String) -> TaskView {
        TaskView {
            url: format!("/tugas-anyam/{}", task.secret),
            goods: task.goods.clone(),
            cover,
            state: match task.state {
                State::Offered => "offered",
                State::Accepted => "accepted",
                State::Declined | State::Silent | State::Released => "released",
            },
            pieces: task.pieces,
            delivered: task.delivered,
            left: task.left(),
            percent: task.delivered.saturating_mul(100).checked_div(task.pieces).unwrap_or(100),
            price: task.price,
            total: task.price.times(task.pieces).unwrap_or_default(),
            due_on: task.due_on,
            answer_by: task.answer_by,
            reason,
        }
    }

    pub fn sample(state: &'static str) -> TaskView {
        TaskView {
            url: "/tugas-anyam/contoh".into(),
            goods: "Keranjang sampah anyam, Besar".into(),
            cover: Some("p0123456789abcdef0123".into()),
            state,
            pieces: 30,
            delivered: 12,
            left: 18,
            percent: 40,
            price: Rupiah(21_280),
            total: Rupiah(638_400),
            due_on: NaiveDate::default(),
            answer_by: DateTime::default(),
            reason: "Pesanan dibatalkan.".into(),
        }
    }
}

/// A reason in the reader's words: a sentence of ours, or what the operator wrote.
pub(super) fn reason(words: &Words, lang: Lang, reason: Option<&str>) -> String {
    match reason {
        Some("task.order_cancelled") => words.say(lang, &Said::new("task.order_cancelled")),
        Some("task.order_complete") => words.say(lang, &Said::new("task.order_complete")),
        Some("task.order_shrank") => words.say(lang, &Said::new("task.order_shrank")),
        Some(written) => written.to_owned(),
        None => String::new(),
    }
}

/// What a household is asked for and makes, for its own page.
pub(crate) async fn task_views(app: &App, lang: Lang, crafter_id: i64) -> Result<Vec<TaskView>> {
    let tasks = assignment::tasks(&app.db, &app.clock, crafter_id).await?;
    let mut views = Vec::with_capacity(tasks.len());
    for task in &tasks {
        let why = reason(app.templates.words(), lang, task.reason.as_deref());
        views.push(TaskView::of(task, cover_of(&app.db, task.item_id).await?, why));
    }
    Ok(views)
}

/// One household's part as the operator sees it.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Household {
    pub crafter_id: i64,
    pub name: String,
    pub dusun: String,
    pub face: Option<String>,
    pub phone: Option<String>,
    pub accepted: i64,
    pub delivered: i64,
    pub left: i64,
    /// Where its goods are taken in, while any are left.
    pub intake: Option<String>,
    pub percent: i64,
    /// Pieces of its own on the shelf that are kept for the order.
    pub kept: i64,
    pub rejected: i64,
    pub reject_reason: Option<String>,
    /// What is asked and not answered.
    pub offers: Vec<Offer>,
    /// What became of offers that were not accepted whole: "declined", "silent", "released", "less".
    pub past: Vec<Past>,
    /// A message to them about what they were asked for or what was taken back.
    pub whatsapp: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct Offer {
    pub id: i64,
    pub pieces: i64,
    pub answer_by: DateTime<Utc>,
    /// Its time is over; the next minute counts it as declined.
    pub late: bool,
    pub url: String,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct Past {
    pub key: &'static str,
    pub offered: i64,
    pub pieces: i64,
    pub reason: String,
}

impl Household {
    pub fn sample() -> Household {
        let offer =
            Offer { id: 3, pieces: 12, answer_by: DateTime::default(), late: false, url: "/tugas-anyam/x".into() };
        let past = Past { key: "commission.part_less", offered: 30, pieces: 18, reason: "Sakit".into() };
        Household {
            crafter_id: 2,
            name: "Bu Sati".into(),
            dusun: "Krajan".into(),
            face: Some("p0123456789abcdef0123".into()),
            phone: Some("6281200000002".into()),
            accepted: 18,
            delivered: 6,
            left: 12,
            intake: Some("/kelola/setoran/baru".into()),
            percent: 33,
            kept: 6,
            rejected: 1,
            reject_reason: Some("Bibir lepas".into()),
            offers: vec![offer.clone(), Offer { late: true, ..offer }],
            past: vec![past],
            whatsapp: Some("https://wa.me/6281200000002".into()),
        }
    }
}

/// Everybody of a commission, in the order they were asked.
pub(super) async fn households(app: &App, lang: Lang, commission: &Commission) -> Result<Vec<Household>> {
    let people = people_of(&app.db, commission.crafters()).await?;
    let kept = assignment::kept(&app.db, commission).await?;
    let mut views = Vec::new();
    for id in commission.crafters() {
        let Some((crafter, person)) = people.get(&id) else { continue };
        let parts: Vec<&part::Model> = commission.assignments.iter().filter(|part| part.crafter_id == id).collect();
        let (accepted, delivered) = (commission.accepted_by(id), commission.delivered_by(id));
        let haul = commission.hauls.get(&id).cloned().unwrap_or_default();
        let asked = parts.iter().filter(|part| part.state == State::Offered);
        let over = commission.is_over();
        views.push(Household {
            crafter_id: id,
            name: crafter.name.clone(),
            dusun: crafter.dusun.clone(),
            face: crafter.face.clone(),
            phone: person.as_ref().and_then(|person| person.phone.clone()),
            accepted,
            delivered,
            left: if over { 0 } else { accepted - delivered },
            intake: intake_of(commission, &parts, id).filter(|_| !over && accepted > delivered),
            percent: delivered.saturating_mul(100).checked_div(accepted).unwrap_or(0),
            kept: kept.get(&id).copied().unwrap_or(0),
            rejected: haul.rejected,
            reject_reason: haul.reason,
            offers: asked.map(|part| offer(app, part)).collect(),
            past: parts.iter().filter_map(|part| past(app, lang, part)).collect(),
            whatsapp: person.as_ref().and_then(|person| message(app, commission, &parts, crafter, person)),
        });
    }
    Ok(views)
}

/// The page on which goods of a household are taken in for its part.
fn intake_of(commission: &Commission, parts: &[&part::Model], crafter_id: i64) -> Option<String> {
    let part = parts.iter().find(|part| part.state == State::Accepted)?;
    let item = commission.row.item_id;
    Some(format!("/kelola/setoran/baru?perajin={crafter_id}&barang={item}&tugas={}", part.id))
}

fn offer(app: &App, part: &part::Model) -> Offer {
    Offer {
        id: part.id,
        pieces: part.pieces,
        answer_by: part.answer_by,
        late: part.answer_by <= app.clock.now(),
        url: assignment::url(part),
    }
}

fn past(app: &App, lang: Lang, part: &part::Model) -> Option<Past> {
    let key = match part.state {
        State::Declined => "commission.part_declined",
        State::Silent => "commission.part_silent",
        State::Released => "commission.part_released",
        State::Accepted if part.pieces < part.offered => "commission.part_less",
        State::Offered | State::Accepted => return None,
    };
    let reason = reason(app.templates.words(), lang, part.reason.as_deref());
    Some(Past { key, offered: part.offered, pieces: part.pieces, reason })
}

/// A message in the maker's language: an offer with its link, or the news that something is not to be made any more.
fn message(
    app: &App,
    commission: &Commission,
    parts: &[&part::Model],
    crafter: &crafter::Model,
    person: &person::Model,
) -> Option<String> {
    let phone = person.phone.as_deref()?;
    let (lang, words) = (person.language, app.templates.words());
    let link = |part: &part::Model| format!("{}{}", app.config.public_url, assignment::url(part));
    let open = parts.iter().rev().find(|part| part.state == State::Offered && part.answer_by > app.clock.now());
    let told = parts.iter().rev().find(|part| part.state == State::Released);
    let accepted = parts.iter().find(|part| part.state == State::Accepted);
    let said = match (open, accepted, told) {
        (Some(part), ..) if !commission.is_over() => Said::new("task.offer_text")
            .with("name", crafter.name.as_str())
            .with("goods", commission.goods())
            .with("n", part.pieces)
            .with("price", part.price)
            .with("total", part.price.times(part.pieces).unwrap_or_default())
            .with("day", locale::date(lang, part.due_on))
            .with("until", locale::moment(lang, part.answer_by, wib()))
            .with("link", link(part)),
        (_, Some(part), _) if !commission.is_over() => Said::new("task.reminder_text")
            .with("name", crafter.name.as_str())
            .with("goods", commission.goods())
            .with("n", commission.accepted_by(crafter.id) - commission.delivered_by(crafter.id))
            .with("day", locale::date(lang, part.due_on))
            .with("link", link(part)),
        (.., Some(part)) => Said::new("task.released_text")
            .with("name", crafter.name.as_str())
            .with("goods", commission.goods())
            .with("reason", reason(words, lang, part.reason.as_deref()))
            .with("link", link(part)),
        _ => return None,
    };
    Some(whatsapp::link(phone, &words.say(lang, &said)))
}

/// An order with its number and who waits for it.
#[derive(Clone, Debug, Serialize)]
pub(super) struct OrderView {
    pub id: i64,
    pub number: String,
    pub name: String,
    pub ready_on: Option<NaiveDate>,
    pub unpaid: bool,
}

impl OrderView {
    pub fn of(order: &order::Model) -> OrderView {
        OrderView {
            id: order.id,
            number: orders::number(order),
            name: order.buyer_name.clone(),
            ready_on: order.ready_on,
            unpaid: order.payment == order::Payment::Unpaid && order.confirmed_at.is_none(),
        }
    }

    pub fn sample() -> OrderView {
        OrderView {
            id: 42,
            number: "K-2611-0042".into(),
            name: "Toko Ratna".into(),
            ready_on: Some(NaiveDate::default()),
            unpaid: true,
        }
    }
}

/// A number as it is typed.
pub(super) fn typed(n: i64) -> String {
    grouped(n)
}
