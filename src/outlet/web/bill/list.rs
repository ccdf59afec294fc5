//! `/kelola/qris`: asking for an amount, and what was asked for today.
use actix_web::{HttpResponse, http::StatusCode, web::Data};
use chrono::{DateTime, Utc};
use serde::Serialize;

use super::acts::url;
use crate::{
    accounts::visit::Operator,
    app::App,
    db,
    error::Result,
    form::{Form, FormView, Wrong},
    once,
    outlet::bill::{self, Model, NewBill, State},
    page::{Page, Sample, samples as samples_of, see_other},
};
use entity::Rupiah;

pub(super) fn samples() -> Vec<Sample> {
    samples_of::<BillsPage>()
}

#[derive(Default, Serialize)]
struct BillsPage {
    outlet: String,
    bills: Vec<Row>,
    /// What stands as sold of today's bills.
    sum: Rupiah,
    owing: Vec<Row>,
    form: FormView,
}

#[derive(Serialize)]
struct Row {
    id: i64,
    purpose: Option<String>,
    amount: Rupiah,
    refund_due: Rupiah,
    at: DateTime<Utc>,
    state: State,
    word: &'static str,
}

impl From<Model> for Row {
    fn from(bill: Model) -> Row {
        Row {
            id: bill.id,
            purpose: bill.purpose,
            amount: bill.amount,
            refund_due: bill.refund_due,
            at: bill.created_at,
            state: bill.state,
            word: match bill.state {
                State::Open => "cashier.state_open",
                State::Paid => "cashier.state_paid",
                State::Cancelled => "cashier.state_cancelled",
            },
        }
    }
}

impl Page for BillsPage {
    const TEMPLATE: &'static str = "outlet/bills.html";
    fn samples() -> Vec<BillsPage> {
        let row = |id, state| {
            Row::from(Model {
                id,
                outlet_id: 1,
                amount: Rupiah(27_500),
                purpose: (id == 1).then(|| "Beras 5 kg".into()),
                person_id: 1,
                state,
                sold: Rupiah(27_500),
                refund_due: Rupiah(27_500),
                created_at: DateTime::<Utc>::UNIX_EPOCH,
                paid_at: None,
                closed_at: None,
            })
        };
        let full = BillsPage {
            outlet: "e-Warong Kemuning Lor".into(),
            bills: vec![row(3, State::Open), row(2, State::Cancelled), row(1, State::Paid)],
            sum: Rupiah(27_500),
            owing: vec![row(1, State::Paid)],
            form: FormView::default(),
        };
        vec![BillsPage::default(), full]
    }
}

async fn draw(operator: &Operator, app: &App, status: StatusCode, form: FormView) -> Result<HttpResponse> {
    let bills = bill::of_day(&app.db, operator.outlet.id, app.clock.today()).await?;
    let owing = bill::owing(&app.db, operator.outlet.id).await?;
    let page = BillsPage {
        outlet: operator.outlet.name.clone(),
        sum: bills.iter().map(|bill| bill.sold).sum(),
        bills: bills.into_iter().map(Row::from).collect(),
        owing: owing.into_iter().map(Row::from).collect(),
        form,
    };
    operator.visit.page_with(status, &app.templates, &page)
}

/// `GET /kelola/qris`
pub(super) async fn show(operator: Operator, app: Data<App>) -> Result<HttpResponse> {
    draw(&operator, &app, StatusCode::OK, FormView::default()).await
}

fn typed(form: &Form) -> Result<NewBill, Wrong> {
    let (least, most) = bill::limits();
    let mut reader = form.read();
    let new = NewBill { amount: reader.rupiah("amount", least.0, most.0), purpose: reader.optional("purpose", 50) };
    reader.done(new)
}

/// `POST /kelola/qris`: makes a bill, once for each key of its form.
pub(super) async fn make(operator: Operator, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let new = match typed(&form) {
        Ok(new) => new,
        Err(wrong) => {
            let view = FormView::new(&form, &wrong, app.templates.words(), operator.visit.lang);
            return draw(&operator, &app, StatusCode::UNPROCESSABLE_ENTITY, view).await;
        }
    };
    let (scope, hash) = (format!("bill at {}", operator.outlet.id), form.content_hash());
    let tx = db::begin(&app.db).await?;
    if let Some(key) = form.request_key()
        && let Some(known) = once::answered(&tx, &scope, key, &hash).await?
    {
        return Ok(see_other(&known));
    }
    let bill = bill::make(&tx, &app.clock, &operator.outlet, &new, operator.person_id).await?;
    if let Some(key) = form.request_key() {
        once::remember(&tx, &app.clock, &scope, key, &hash, &url(bill.id)).await?;
    }
    tx.commit().await?;
    Ok(see_other(&url(bill.id)))
}
