//! `/kelola/uang`: where the money is, what nobody can explain yet, and what must go back. Every rupiah with its order.
use std::collections::HashMap;

use actix_web::{HttpResponse, http::StatusCode, web::Data};
use chrono::{DateTime, Duration, Utc};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::Serialize;

use super::{labels, view::Voice};
use crate::{
    accounts::visit::{BookReader, Visit},
    app::App,
    db::Db,
    error::Result,
    form::FormView,
    ledger::{self, Book},
    orders::{
        matching::{self, Difference},
        order as orders, refund_account, refund_transfer,
        refund_transfer::State as Transfer,
    },
    outbox,
    outlet::bill,
    page::{self, Page, Sample},
    payments::{attempt, inbox, refund},
};
use entity::{Rupiah, account, entry, order, outlet, payment_inbox, payment_match, person_role::Role, posting};

/// So many things of one kind are shown.
const MOST: u64 = 50;
/// Money that came in within so many days is named.
const DAYS: i64 = 7;

#[derive(Default, Serialize)]
struct MoneyPage {
    outlet: String,
    others: Vec<Other>,
    /// Whether this reader may do something about it, and may decide what only the administrator does.
    may_act: bool,
    may_decide: bool,
    /// Whether the counter is this reader's own.
    runs_it: bool,
    places: Vec<Lies>,
    /// What lies at the provider, by what it was paid for.
    inside: Vec<Sum>,
    came: Vec<Came>,
    matched: Option<Matched>,
    unclear: Vec<Unclear>,
    surplus: Vec<Sum>,
    /// Work that was given up after many tries.
    stuck: u64,
    back: Vec<Back>,
    back_total: Rupiah,
    form: FormView,
}

#[derive(Serialize)]
struct Other {
    id: i64,
    name: String,
}

/// Money that lies somewhere, by the key of its words.
#[derive(Serialize)]
struct Lies {
    key: &'static str,
    amount: Rupiah,
}

/// What some money is about: an order with its page, or whatever it can be called.
#[derive(Clone, Default, Serialize)]
struct Named {
    subject: String,
    label: String,
    name: String,
    url: Option<String>,
    order_id: Option<i64>,
}

#[derive(Serialize)]
struct Sum {
    about: Named,
    amount: Rupiah,
}

#[derive(Serialize)]
struct Came {
    at: DateTime<Utc>,
    about: Named,
    amount: Rupiah,
    key: &'static str,
}

/// The last look at the three books.
#[derive(Serialize)]
struct Matched {
    at: DateTime<Utc>,
    orders: i64,
    /// What the provider says lies there; none when it did not say.
    wallet: Option<Rupiah>,
    booked: Rupiah,
    gap: Rupiah,
    differences: Vec<Differs>,
    /// The first sum of our own books that is wrong.
    broken: Option<String>,
    agrees: bool,
}

#[derive(Serialize)]
struct Differs {
    about: Named,
    at_provider: Rupiah,
    booked: Rupiah,
    more: Rupiah,
}

/// A notice or an answer of the provider that fits nowhere.
#[derive(Serialize)]
struct Unclear {
    id: i64,
    at: DateTime<Utc>,
    reference: String,
    why: String,
    about: Option<Named>,
}

/// What one buyer is owed, and how far its way back has come.
#[derive(Serialize)]
struct Back {
    about: Named,
    amount: Rupiah,
    key: &'static str,
    /// Where the way goes on; none where this reader may not go.
    url: Option<String>,
}

impl MoneyPage {
    /// Orders and bills open for who runs the outlet; others read their numbers here.
    fn without_counter(mut self) -> MoneyPage {
        let named = self.inside.iter_mut().map(|one| &mut one.about);
        let named = named.chain(self.came.iter_mut().map(|one| &mut one.about));
        let named = named.chain(self.surplus.iter_mut().map(|one| &mut one.about));
        let named = named.chain(self.unclear.iter_mut().filter_map(|one| one.about.as_mut()));
        let named = named.chain(self.back.iter_mut().map(|one| &mut one.about));
        let differences = self.matched.iter_mut().flat_map(|matched| matched.differences.iter_mut());
        named.chain(differences.map(|one| &mut one.about)).for_each(|about| about.url = None);
        let may_act = self.may_act;
        let elsewhere = |url: &String| may_act && (url.starts_with("/kelola/uang/") || url.ends_with("/kembali"));
        self.back.iter_mut().for_each(|one| one.url = one.url.take().filter(elsewhere));
        self
    }
}

impl Page for MoneyPage {
    const TEMPLATE: &'static str = "counter/money.html";
    fn samples() -> Vec<MoneyPage> {
        let about = || Named {
            subject: "order:42".into(),
            label: "K-2611-0042".into(),
            name: "Ibu Ratna".into(),
            url: Some("/kelola/pesanan/42".into()),
            order_id: Some(42),
        };
        let stray = || Named { subject: "stray:x".into(), label: "QRIS-1".into(), ..Named::default() };
        let at = DateTime::<Utc>::UNIX_EPOCH;
        let unclear = |about| Unclear {
            id: 1,
            at,
            reference: "UEP-20261121-0042-1".into(),
            why: "Midtrans menerima Rp1, tagihannya Rp74.000.".into(),
            about,
        };
        let differs =
            Differs { about: about(), at_provider: Rupiah(74_000), booked: Rupiah::ZERO, more: Rupiah(74_000) };
        let full = MoneyPage {
            outlet: "e-Warong Kemuning Lor".into(),
            others: vec![Other { id: 2, name: "e-Warong Darsono".into() }],
            may_act: true,
            may_decide: true,
            runs_it: true,
            places: vec![Lies { key: "counter.money_midtrans", amount: Rupiah(102_000) }],
            inside: vec![Sum { about: about(), amount: Rupiah(102_000) }],
            came: vec![Came { at, about: about(), amount: Rupiah(74_000), key: "money.came_midtrans" }],
            matched: Some(Matched {
                at,
                orders: 12,
                wallet: Some(Rupiah(176_000)),
                booked: Rupiah(102_000),
                gap: Rupiah(74_000),
                differences: vec![differs],
                broken: Some("every entry sums to zero: entry paid:order:1".into()),
                agrees: false,
            }),
            unclear: vec![unclear(Some(about())), unclear(None)],
            surplus: vec![
                Sum { about: about(), amount: Rupiah(5_000) },
                Sum { about: about(), amount: Rupiah(-5_000) },
                Sum { about: stray(), amount: Rupiah(9_000) },
            ],
            stuck: 1,
            back: vec![Back { about: about(), amount: Rupiah(28_000), key: "money.back_open", url: Some("/x".into()) }],
            back_total: Rupiah(28_000),
            form: FormView::default(),
        };
        let agrees = Matched {
            at,
            orders: 12,
            wallet: None,
            booked: Rupiah::ZERO,
            gap: Rupiah::ZERO,
            differences: Vec::new(),
            broken: None,
            agrees: true,
        };
        vec![MoneyPage::default(), MoneyPage { matched: Some(agrees), ..MoneyPage::default() }, full]
    }
}

pub fn samples() -> Vec<Sample> {
    page::samples::<MoneyPage>()
}

/// How many things about money wait for a person of this outlet.
pub async fn waiting(db: &Db, outlet_id: i64) -> Result<usize> {
    let looked = matching::latest(db).await?;
    let looked = looked.map_or(0, |row| matching::found(&row).len() + usize::from(row.broken.is_some()));
    Ok(rows_of(db, outlet_id).await?.len() + surplus(db, outlet_id).await?.len() + looked)
}

/// `GET /kelola/uang`
pub async fn show(reader: BookReader, app: Data<App>) -> Result<HttpResponse> {
    let place = Place { visit: &reader.visit, outlet: &reader.outlet, others: &reader.others, may_act: reader.may_act };
    draw(&place, &app, StatusCode::OK, FormView::default()).await
}

/// Who looks, and at which outlet's money.
pub(super) struct Place<'a> {
    pub visit: &'a Visit,
    pub outlet: &'a outlet::Model,
    pub others: &'a [outlet::Model],
    pub may_act: bool,
}

pub(super) async fn draw(place: &Place<'_>, app: &App, status: StatusCode, form: FormView) -> Result<HttpResponse> {
    let (db, outlet) = (&app.db, place.outlet.id);
    let mut places = Vec::new();
    for (key, book) in [
        ("counter.money_midtrans", Book::Midtrans),
        ("counter.money_bank", Book::Bank(outlet)),
        ("counter.money_cash", Book::Cash(outlet)),
        ("counter.money_courier", Book::Courier(outlet)),
    ] {
        places.push(Lies { key, amount: ledger::balance(db, book).await? });
    }
    let back = back(db, outlet, app.clock.now()).await?;
    let holds = |role| place.visit.signed.as_ref().is_some_and(|signed| signed.role(role).is_some());
    let runs_it = holds(Role::Operator);
    let page = MoneyPage {
        outlet: place.outlet.name.clone(),
        others: place.others.iter().map(|other| Other { id: other.id, name: other.name.clone() }).collect(),
        may_act: place.may_act,
        may_decide: holds(Role::Administrator),
        runs_it,
        places,
        inside: inside(db).await?,
        came: came(db, outlet, app.clock.now() - Duration::days(DAYS)).await?,
        matched: match matching::latest(db).await? {
            Some(row) => Some(matched(db, &row).await?),
            None => None,
        },
        unclear: unclear(db, outlet, &Voice { words: app.templates.words(), lang: place.visit.lang }).await?,
        surplus: surplus(db, outlet).await?,
        stuck: outbox::waiting(db).await?.1,
        back_total: back.iter().map(|one| one.amount).sum(),
        back,
        form,
    };
    let page = if runs_it { page } else { page.without_counter() };
    place.visit.page_with(status, &app.templates, &page)
}

/// What subjects are called, in one query for all of them.
async fn called(db: &impl ConnectionTrait, subjects: Vec<String>) -> Result<HashMap<String, (Named, Option<i64>)>> {
    let ids = subjects.iter().filter_map(|subject| subject.strip_prefix("order:")?.parse::<i64>().ok());
    let rows = order::Entity::find().filter(order::Column::Id.is_in(ids)).all(db).await?;
    let bills = subjects.iter().filter_map(|subject| subject.strip_prefix("bill:")?.parse::<i64>().ok());
    let bills = entity::bill::Entity::find().filter(entity::bill::Column::Id.is_in(bills)).all(db).await?;
    let orders = rows.iter().map(|row| (orders::subject(row.id), (named(row), Some(row.outlet_id))));
    let bills = bills.iter().map(|row| (bill::subject(row.id), (named_bill(row), Some(row.outlet_id))));
    let known: HashMap<String, (Named, Option<i64>)> = orders.chain(bills).collect();
    let name = |subject: String| {
        let of_order = known.get(&subject).cloned();
        let label = subject.split_once(':').map_or(subject.as_str(), |(_, rest)| rest).to_owned();
        let plain = Named { subject: subject.clone(), label, ..Named::default() };
        (subject, of_order.unwrap_or((plain, None)))
    };
    Ok(subjects.into_iter().map(name).collect())
}

fn named(order: &order::Model) -> Named {
    Named {
        subject: orders::subject(order.id),
        label: orders::number(order),
        name: order.buyer_name.clone(),
        url: Some(format!("/kelola/pesanan/{}", order.id)),
        order_id: Some(order.id),
    }
}

/// A bill of the counter is called by its number and what it was for.
fn named_bill(bill: &bill::Model) -> Named {
    Named {
        subject: bill::subject(bill.id),
        label: format!("QRIS {}", bill.id),
        name: bill.purpose.clone().unwrap_or_default(),
        url: Some(format!("/kelola/qris/{}", bill.id)),
        order_id: None,
    }
}

/// What lies at the provider, the largest first.
async fn inside(db: &Db) -> Result<Vec<Sum>> {
    let mut sums = ledger::by_subject(db, Book::Midtrans).await?;
    sums.sort_by_key(|(_, amount)| -amount.0);
    sums.truncate(MOST as usize);
    let names = called(db, sums.iter().map(|(subject, _)| subject.clone()).collect()).await?;
    let sum = |(subject, amount): (String, Rupiah)| {
        names.get(&subject).map(|(about, _)| Sum { about: about.clone(), amount })
    };
    Ok(sums.into_iter().filter_map(sum).collect())
}

/// Money that came in lately, each time with what it was for.
async fn came(db: &impl ConnectionTrait, outlet_id: i64, since: DateTime<Utc>) -> Result<Vec<Came>> {
    let places = [
        (Book::Midtrans.code(), "money.came_midtrans"),
        (Book::Bank(outlet_id).code(), "money.came_bank"),
        (Book::Cash(outlet_id).code(), "money.came_cash"),
    ];
    let rows: Vec<(DateTime<Utc>, Option<String>, String, i64)> = posting::Entity::find()
        .select_only()
        .column(entry::Column::At)
        .column(entry::Column::Subject)
        .column(account::Column::Code)
        .column(posting::Column::Amount)
        .inner_join(entry::Entity)
        .inner_join(account::Entity)
        .filter(account::Column::Code.is_in(places.iter().map(|(code, _)| code.as_str())))
        .filter(posting::Column::Amount.gt(0))
        .filter(entry::Column::At.gte(since))
        .order_by_desc(entry::Column::Id)
        .limit(MOST)
        .into_tuple()
        .all(db)
        .await?;
    let names = called(db, rows.iter().filter_map(|(_, subject, ..)| subject.clone()).collect()).await?;
    let line = |(at, subject, code, amount): (DateTime<Utc>, Option<String>, String, i64)| {
        let (about, at_outlet) = names.get(&subject?)?;
        let key = places.iter().find(|(known, _)| *known == code)?.1;
        let ours = at_outlet.is_none_or(|id| id == outlet_id);
        ours.then(|| Came { at, about: about.clone(), amount: Rupiah(amount), key })
    };
    Ok(rows.into_iter().filter_map(line).collect())
}

async fn matched(db: &Db, row: &payment_match::Model) -> Result<Matched> {
    let found = matching::found(row);
    let names = called(db, found.keys().cloned().collect()).await?;
    let differs = |difference: Difference| Differs {
        about: names.get(&difference.subject).map(|(about, _)| about.clone()).unwrap_or_default(),
        at_provider: Rupiah(difference.at_provider),
        booked: Rupiah(difference.booked),
        more: Rupiah(difference.at_provider - difference.booked),
    };
    let gap = matching::gap_sen(row);
    Ok(Matched {
        at: row.at,
        orders: row.orders,
        wallet: row.wallet_sen.map(|sen| Rupiah(sen / 100)),
        booked: row.booked,
        gap: Rupiah(gap.unwrap_or(0) / 100),
        broken: row.broken.clone(),
        agrees: found.is_empty() && gap.unwrap_or(0) == 0 && row.broken.is_none(),
        differences: found.into_values().map(differs).collect(),
    })
}

/// What was set aside and is about this outlet, or about nothing that is known.
async fn rows_of(db: &Db, outlet_id: i64) -> Result<Vec<(payment_inbox::Model, Option<Named>)>> {
    let rows = inbox::for_a_person(db, MOST).await?;
    let mut subjects = HashMap::new();
    for row in &rows {
        if let Some(attempt) = attempt::by_reference(db, &inbox::reference(row)).await? {
            subjects.insert(row.id, attempt.subject);
        }
    }
    let names = called(db, subjects.values().cloned().collect()).await?;
    let ours = |row: payment_inbox::Model| {
        let about = subjects.get(&row.id).and_then(|subject| names.get(subject));
        let is_ours = about.is_none_or(|(_, at_outlet)| at_outlet.is_none_or(|id| id == outlet_id));
        is_ours.then(|| (row, about.map(|(named, _)| named.clone())))
    };
    Ok(rows.into_iter().filter_map(ours).collect())
}

async fn unclear(db: &Db, outlet_id: i64, voice: &Voice<'_>) -> Result<Vec<Unclear>> {
    let view = |(row, about): (payment_inbox::Model, Option<Named>)| Unclear {
        id: row.id,
        at: row.received_at,
        why: voice.say(&labels::riddle(inbox::reason(&row))),
        reference: inbox::reference(&row),
        about,
    };
    Ok(rows_of(db, outlet_id).await?.into_iter().map(view).collect())
}

/// Whether a set-aside row is one that this outlet sees.
pub(super) async fn concerns(db: &Db, outlet_id: i64, id: i64) -> Result<bool> {
    Ok(rows_of(db, outlet_id).await?.iter().any(|(row, _)| row.id == id))
}

/// Money that pays nothing: above zero it is somebody's, below zero we gave it wrongly.
async fn surplus(db: &Db, outlet_id: i64) -> Result<Vec<Sum>> {
    let sums = ledger::by_subject(db, Book::Surplus).await?;
    let names = called(db, sums.iter().map(|(subject, _)| subject.clone()).collect()).await?;
    let sum = |(subject, balance): (String, Rupiah)| {
        let (about, at_outlet) = names.get(&subject)?;
        at_outlet.is_none_or(|id| id == outlet_id).then(|| Sum { about: about.clone(), amount: -balance })
    };
    Ok(sums.into_iter().filter_map(sum).collect())
}

/// What is owed back, and what is the next step of each.
async fn back(db: &Db, outlet_id: i64, now: DateTime<Utc>) -> Result<Vec<Back>> {
    let rows = order::Entity::find()
        .filter(order::Column::OutletId.eq(outlet_id))
        .filter(order::Column::RefundDue.gt(0))
        .order_by_asc(order::Column::Id)
        .all(db)
        .await?;
    let mut all = Vec::new();
    for order in rows {
        let subject = orders::subject(order.id);
        let here = format!("/kelola/pesanan/{}", order.id);
        let open = refund_transfer::of_order(db, order.id).await?;
        let open = open.iter().find(|row| matches!(row.state, Transfer::Proposed | Transfer::Approved));
        let (key, url) = match open {
            Some(row) if row.state == Transfer::Proposed => {
                ("money.back_proposed", format!("/kelola/uang/kembali/{}", row.id))
            }
            Some(row) => ("money.back_approved", format!("/kelola/uang/kembali/{}", row.id)),
            None if refund::is_underway(db, &subject).await? => ("money.back_underway", here),
            None if refund::way_back(db, &subject, now).await?.is_some() => ("money.back_provider", here),
            None if refund_account::of(db, order.id).await?.is_none() => ("money.back_no_account", here),
            None => ("money.back_open", format!("{here}/kembali")),
        };
        all.push(Back { about: named(&order), amount: order.refund_due, key, url: Some(url) });
    }
    for bill in bill::owing(db, outlet_id).await? {
        let about = named_bill(&bill);
        all.push(Back { url: about.url.clone(), about, amount: bill.refund_due, key: "money.back_bill" });
    }
    Ok(all)
}
