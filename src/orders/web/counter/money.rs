//! `/kelola/uang`: where the money is, what nobody can explain yet, and what must go back. Every rupiah with its order.
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use serde::Serialize;

use crate::{
    accounts::visit::Operator,
    app::App,
    db::{self, Db},
    error::{Error, Result},
    form::{Form, FormView, Wrong},
    ledger::{self, Book},
    orders::order as orders,
    outbox,
    page::{self, Page, Sample, see_other},
    payments::{attempt, inbox},
};
use entity::{Rupiah, order, payment_inbox};

/// So many unclear notices are shown.
const MOST: u64 = 50;

#[derive(Default, Serialize)]
struct MoneyPage {
    places: Vec<Lies>,
    unclear: Vec<Unclear>,
    surplus: Vec<Owed>,
    /// Work that was given up after many tries.
    stuck: u64,
    back: Vec<Owed>,
    form: FormView,
}

/// Money that lies somewhere, by the key of its words.
#[derive(Serialize)]
struct Lies {
    key: &'static str,
    amount: Rupiah,
}

/// A notice or an answer of the provider that fits nowhere.
#[derive(Serialize)]
struct Unclear {
    id: i64,
    at: DateTime<Utc>,
    reference: String,
    reason: String,
    order: Option<Named>,
}

#[derive(Serialize)]
struct Named {
    id: i64,
    number: String,
}

/// What one buyer is owed.
#[derive(Serialize)]
struct Owed {
    order: Named,
    name: String,
    amount: Rupiah,
}

impl Page for MoneyPage {
    const TEMPLATE: &'static str = "counter/money.html";
    fn samples() -> Vec<MoneyPage> {
        let named = || Named { id: 42, number: "K-2611-0042".into() };
        let owed = || Owed { order: named(), name: "Ibu Ratna".into(), amount: Rupiah(28_000) };
        let unclear = |order| Unclear {
            id: 1,
            at: DateTime::<Utc>::UNIX_EPOCH,
            reference: "UEP-20261121-0042-1".into(),
            reason: "the amount is 1.00, the bill says Rp74.000".into(),
            order,
        };
        let full = MoneyPage {
            places: vec![Lies { key: "counter.money_midtrans", amount: Rupiah(102_000) }],
            unclear: vec![unclear(Some(named())), unclear(None)],
            surplus: vec![owed()],
            stuck: 1,
            back: vec![owed()],
            form: FormView::default(),
        };
        vec![MoneyPage::default(), full]
    }
}

pub fn samples() -> Vec<Sample> {
    page::samples::<MoneyPage>()
}

/// How many things about money wait for a person of this outlet.
pub async fn waiting(db: &Db, outlet_id: i64) -> Result<usize> {
    Ok(unclear(db, outlet_id).await?.len() + surplus(db, outlet_id).await?.len())
}

/// `GET /kelola/uang`
pub async fn show(operator: Operator, app: Data<App>) -> Result<HttpResponse> {
    draw(&operator, &app, StatusCode::OK, FormView::default()).await
}

async fn draw(operator: &Operator, app: &App, status: StatusCode, form: FormView) -> Result<HttpResponse> {
    let (db, outlet) = (&app.db, operator.outlet.id);
    let mut places = Vec::new();
    for (key, book) in [
        ("counter.money_midtrans", Book::Midtrans),
        ("counter.money_bank", Book::Bank(outlet)),
        ("counter.money_cash", Book::Cash(outlet)),
        ("counter.money_courier", Book::Courier(outlet)),
    ] {
        places.push(Lies { key, amount: ledger::balance(db, book).await? });
    }
    let page = MoneyPage {
        places,
        unclear: unclear(db, outlet).await?,
        surplus: surplus(db, outlet).await?,
        stuck: outbox::waiting(db).await?.1,
        back: back(db, outlet).await?,
        form,
    };
    operator.visit.page_with(status, &app.templates, &page)
}

/// What was set aside and is about an order of this outlet, or about none that is known.
async fn unclear(db: &Db, outlet_id: i64) -> Result<Vec<Unclear>> {
    let mut found = Vec::new();
    for row in inbox::for_a_person(db, MOST).await? {
        let reference = reference_of(&row);
        let order = order_of(db, &reference).await?;
        if order.as_ref().is_some_and(|order| order.outlet_id != outlet_id) {
            continue;
        }
        found.push(Unclear {
            id: row.id,
            at: row.received_at,
            reason: inbox::reason(&row).to_owned(),
            reference,
            order: order.as_ref().map(named),
        });
    }
    Ok(found)
}

/// The order id a kept body speaks of.
fn reference_of(row: &payment_inbox::Model) -> String {
    let body: serde_json::Value = serde_json::from_str(&row.body).unwrap_or_default();
    body.get("order_id").and_then(|id| id.as_str()).unwrap_or_default().chars().take(60).collect()
}

async fn order_of(db: &impl ConnectionTrait, reference: &str) -> Result<Option<order::Model>> {
    let Some(attempt) = attempt::by_reference(db, reference).await? else { return Ok(None) };
    match orders::existing(db, &attempt.subject).await? {
        Some(id) => Ok(order::Entity::find_by_id(id).one(db).await?),
        None => Ok(None),
    }
}

fn named(order: &order::Model) -> Named {
    Named { id: order.id, number: orders::number(order) }
}

/// Orders for which money came that pays nothing.
async fn surplus(db: &Db, outlet_id: i64) -> Result<Vec<Owed>> {
    let mut owed = Vec::new();
    for (subject, balance) in ledger::by_subject(db, Book::Surplus).await? {
        let Some(id) = orders::existing(db, &subject).await? else { continue };
        let Some(order) = order::Entity::find_by_id(id).one(db).await? else { continue };
        if order.outlet_id == outlet_id {
            owed.push(Owed { name: order.buyer_name.clone(), order: named(&order), amount: -balance });
        }
    }
    Ok(owed)
}

async fn back(db: &impl ConnectionTrait, outlet_id: i64) -> Result<Vec<Owed>> {
    let rows = order::Entity::find()
        .filter(order::Column::OutletId.eq(outlet_id))
        .filter(order::Column::RefundDue.gt(0))
        .order_by_asc(order::Column::Id)
        .all(db)
        .await?;
    let owed =
        |order: &order::Model| Owed { name: order.buyer_name.clone(), order: named(order), amount: order.refund_due };
    Ok(rows.iter().map(owed).collect())
}

/// `POST /kelola/uang/{id}/selesai`: somebody has found out what a notice was about, and says it.
pub async fn settle(operator: Operator, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    if !unclear(&app.db, operator.outlet.id).await?.iter().any(|notice| notice.id == *id) {
        return Err(Error::NotFound);
    }
    let mut reader = form.read();
    let note = reader.text("note", 200);
    match reader.done(note) {
        Ok(note) => {
            let tx = db::begin(&app.db).await?;
            inbox::looked_at(&tx, &app.clock, *id, &note, operator.person_id).await?;
            tx.commit().await?;
            Ok(see_other("/kelola/uang"))
        }
        Err(Wrong(wrong)) => {
            let view = FormView::new(&form, &Wrong(wrong), app.templates.words(), operator.visit.lang);
            draw(&operator, &app, StatusCode::UNPROCESSABLE_ENTITY, view).await
        }
    }
}
