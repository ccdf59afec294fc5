//! `/kelola/bayar-perajin/rekening/{crafter}`: where a crafter wants their money.
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};
use serde::Serialize;

use super::payout_acts::{self, Act, perform, status_of};
use crate::{
    accounts::{crafter, visit::Treasurer},
    app::App,
    bank_account::Account,
    error::{Error, Result},
    form::{Form, FormView, Wrong},
    outlet::payee::{self, BANKS, Payee},
    page::{self, Page, Sample},
};

#[derive(Serialize)]
struct PayeeAccountPage {
    id: i64,
    name: String,
    banks: Vec<&'static str>,
    form: FormView,
}

impl Page for PayeeAccountPage {
    const TEMPLATE: &'static str = "outlet/payee_account.html";
    fn samples() -> Vec<PayeeAccountPage> {
        vec![PayeeAccountPage { id: 1, name: "Bu Sati".into(), banks: banks(), form: FormView::default() }]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    page::samples::<PayeeAccountPage>()
}

fn banks() -> Vec<&'static str> {
    BANKS.iter().map(|(name, _)| *name).collect()
}

/// `GET /kelola/bayar-perajin/rekening/{crafter}`
pub async fn show(treasurer: Treasurer, id: Path<i64>, app: Data<App>) -> Result<HttpResponse> {
    let crafter = crafter::in_outlet(&app.db, treasurer.outlet.id, *id).await?;
    let known = payee::account(&app.db, Payee::Crafter(crafter.id)).await?;
    let form = match known {
        Some(known) => Form::of([("bank", known.bank), ("rekening", known.number), ("pemilik", known.holder)]),
        None => Form::of([("pemilik", crafter.name.clone())]),
    };
    let page = PayeeAccountPage { id: *id, name: crafter.name, banks: banks(), form: FormView::blank(&form) };
    treasurer.visit.page(&app.templates, &page)
}

/// `POST /kelola/bayar-perajin/rekening/{crafter}`
pub async fn keep(treasurer: Treasurer, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let crafter = crafter::in_outlet(&app.db, treasurer.outlet.id, *id).await?;
    let (status, wrong) = match Account::read(&form) {
        Err(wrong) => (StatusCode::UNPROCESSABLE_ENTITY, wrong),
        Ok(account) => match perform(&treasurer, &app, &form, &Act::Name(crafter.id, account)).await {
            Err(Error::Refused(refusal)) => (status_of(&refusal), Wrong::refusal("", refusal)),
            done => return done,
        },
    };
    let form = payout_acts::view(&treasurer, &app, &form, &wrong);
    let page = PayeeAccountPage { id: *id, name: crafter.name, banks: banks(), form };
    treasurer.visit.page_with(status, &app.templates, &page)
}
