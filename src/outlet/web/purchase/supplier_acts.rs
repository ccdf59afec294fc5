//! What is done about one supplier: money given and given back, what is said of them, and whether the outlet still buys
//! from them.
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};

use super::{
    acts::{status_of, view},
    read::new_supplier,
    supplier::draw,
};
use crate::{
    accounts::visit::{Treasurer, done},
    app::App,
    error::{Error, Refusal, Result},
    form::{Form, Wrong},
    outlet::{
        supplier::{self, MOST_LEAD_DAYS, Model, NewPayment, Source},
        web::perform::perform,
    },
};

/// `POST /kelola/belanja/pemasok/{id}/bayar`
pub async fn pay(treasurer: Treasurer, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    pass(treasurer, *id, form, app, false).await
}

/// `POST /kelola/belanja/pemasok/{id}/uang-kembali`: the supplier gives back what lies with them.
pub async fn refund(treasurer: Treasurer, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    pass(treasurer, *id, form, app, true).await
}

async fn pass(treasurer: Treasurer, id: i64, form: Form, app: Data<App>, is_back: bool) -> Result<HttpResponse> {
    let one = supplier::read(&app.db, treasurer.outlet.id, id).await?;
    let mut reader = form.read();
    let amount = reader.rupiah("jumlah", 1, 10_000_000_000);
    let source = reader.choice("dari", |text| match text {
        "kas" => Some(Source::Cash),
        "bank" => Some(Source::Bank),
        _ => None,
    });
    let reference = reader.optional("acuan", 60);
    let (source, reference) = match reader.done(source) {
        Err(wrong) => return refused(&treasurer, &app, &one, &form, StatusCode::UNPROCESSABLE_ENTITY, wrong).await,
        Ok(None) => return Err(Error::NotFound),
        Ok(Some(source)) => (source, reference.filter(|_| source == Source::Bank)),
    };
    let payment = NewPayment { amount, source, reference, purchase_id: None };
    let by = treasurer.person_id;
    let key = format!("form:{by}:{}:{}", one.id, form.request_key().ok_or_else(|| Refusal::invalid("form.stale"))?);
    let scope = format!("supplier {} {}", one.id, if is_back { "refund" } else { "pay" });
    let said = if is_back { "supplier.refunded" } else { "supplier.paid" };
    let answer = perform(&app, &form, &scope, async |tx| {
        if is_back {
            supplier::refund(tx, &app.clock, &one, &payment, by, &key).await?;
        } else {
            supplier::pay(tx, &app.clock, &one, &payment, by, &key).await?;
        }
        Ok(url(&one))
    });
    finish(&treasurer, &app, &one, &form, answer.await, said).await
}

/// `POST /kelola/belanja/pemasok/{id}/lama`: how many days their goods take to come. Left empty, nobody knows.
pub async fn say_lead(treasurer: Treasurer, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let one = supplier::read(&app.db, treasurer.outlet.id, *id).await?;
    let mut reader = form.read();
    let days = reader.optional_number("lama", 0, MOST_LEAD_DAYS);
    if let Err(wrong) = reader.done(()) {
        return refused(&treasurer, &app, &one, &form, StatusCode::UNPROCESSABLE_ENTITY, wrong).await;
    }
    let scope = format!("supplier {} lead", one.id);
    let answer = perform(&app, &form, &scope, async |tx| {
        supplier::set_lead(tx, treasurer.outlet.id, one.id, days).await?;
        Ok(url(&one))
    });
    finish(&treasurer, &app, &one, &form, answer.await, "supplier.lead_kept").await
}

/// `POST /kelola/belanja/pemasok/{id}/ubah`: another name, kind, phone or place.
pub async fn describe(treasurer: Treasurer, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let one = supplier::read(&app.db, treasurer.outlet.id, *id).await?;
    let mut reader = form.read();
    let new = new_supplier(&mut reader, &form);
    let new = match reader.done(new) {
        Err(wrong) => return refused(&treasurer, &app, &one, &form, StatusCode::UNPROCESSABLE_ENTITY, wrong).await,
        Ok(None) => return Err(Error::NotFound),
        Ok(Some(new)) => new,
    };
    let scope = format!("supplier {} describe", one.id);
    let answer = perform(&app, &form, &scope, async |tx| {
        supplier::describe(tx, treasurer.outlet.id, one.id, &new).await?;
        Ok(url(&one))
    });
    finish(&treasurer, &app, &one, &form, answer.await, "supplier.described").await
}

/// `POST /kelola/belanja/pemasok/{id}/simpan`: nobody buys from them any more.
pub async fn put_away(treasurer: Treasurer, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    set_away(treasurer, *id, form, app, true).await
}

/// `POST /kelola/belanja/pemasok/{id}/pakai`: somebody buys from them again.
pub async fn take_up(treasurer: Treasurer, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    set_away(treasurer, *id, form, app, false).await
}

async fn set_away(treasurer: Treasurer, id: i64, form: Form, app: Data<App>, is_away: bool) -> Result<HttpResponse> {
    let one = supplier::read(&app.db, treasurer.outlet.id, id).await?;
    let scope = format!("supplier {} away {is_away}", one.id);
    let answer = perform(&app, &form, &scope, async |tx| {
        supplier::put_away(tx, &app.clock, treasurer.outlet.id, one.id, is_away).await?;
        Ok(url(&one))
    });
    let said = if is_away { "supplier.is_away" } else { "supplier.is_back" };
    finish(&treasurer, &app, &one, &form, answer.await, said).await
}

fn url(one: &Model) -> String {
    format!("/kelola/belanja/pemasok/{}", one.id)
}

/// The page with what was done, or with what was typed and why it cannot be.
async fn finish(
    treasurer: &Treasurer,
    app: &App,
    one: &Model,
    form: &Form,
    answer: Result<String>,
    said: &'static str,
) -> Result<HttpResponse> {
    match answer {
        Err(Error::Refused(refusal)) => {
            let field = match refusal.said.key {
                "supplier.pay_more" | "supplier.back_more" | "supplier.pay_nothing" => "jumlah",
                "supplier.known" | "supplier.known_away" => "pemasok_nama",
                _ => "",
            };
            let (status, wrong) = (status_of(&refusal), Wrong::refusal(field, refusal));
            refused(treasurer, app, one, form, status, wrong).await
        }
        answer => Ok(done(&answer?, said)),
    }
}

async fn refused(
    treasurer: &Treasurer,
    app: &App,
    one: &Model,
    form: &Form,
    status: StatusCode,
    wrong: Wrong,
) -> Result<HttpResponse> {
    draw(&treasurer.visit, app, one, true, status, view(treasurer, app, form, &wrong)).await
}
