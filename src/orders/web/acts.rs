//! What a buyer may do with an order: ask whether it was paid, pay another way, take it back.
use std::time::Duration;

use actix_web::{HttpResponse, http::StatusCode, web};
use sea_orm::EntityTrait;

use super::{
    order::{case, draw},
    say_next,
};
use crate::{
    accounts::visit::Visit,
    app::App,
    bank_account::Account,
    db,
    error::{Error, Result},
    form::{Form, FormView},
    orders::{
        method::{self, Case, Offered, Past},
        order as orders,
        pay::{self, Closing},
        refund_account,
    },
    page::see_other,
    payments::reconcile::Standing,
};
use entity::{order::Model, outlet};

/// `POST /pesanan/{secret}/cek`: asks the provider, at most a few times a minute.
pub(super) async fn check(app: web::Data<App>, secret: web::Path<String>, _form: Form) -> Result<HttpResponse> {
    let order = orders::by_secret(&app.db, &secret).await?;
    if !app.cache.allows(&format!("order.check:{}", order.id), 6, Duration::from_secs(60)).await {
        return Ok(told(&order, "form.slow_down"));
    }
    let standing = pay::check_now(&app.db, &app.clock, &app.payments, &order).await?;
    Ok(told(
        &order,
        match standing {
            Standing::Paid => "order.asked_paid",
            Standing::Waiting => "order.asked_waiting",
            Standing::Unreachable => "order.asked_unreachable",
            Standing::Unclear => "order.asked_unclear",
            Standing::Closed | Standing::Nothing => "order.asked_closed",
        },
    ))
}

/// `POST /pesanan/{secret}/bayar`: another way to pay, if it is offered for this order.
pub(super) async fn change_method(app: web::Data<App>, secret: web::Path<String>, form: Form) -> Result<HttpResponse> {
    let order = orders::by_secret(&app.db, &secret).await?;
    let Some(chosen) = method::named(form.get("bayar")) else { return Ok(told(&order, "form.choose")) };
    let current = pay::attempts(&app.db, order.id).await?.into_iter().next();
    if chosen == order.method && current.as_ref().is_none_or(pay::is_live) {
        return Ok(see_other(&orders::url(&order)));
    }
    match method::offered(chosen, &full_case(&app, &order).await?) {
        Offered::Yes => {}
        Offered::No(_) | Offered::Hidden => return Ok(told(&order, "form.not_offered")),
    }
    if !may_go_on(&app, &order).await? {
        return Ok(told(&order, "order.being_checked"));
    }
    let tx = db::begin(&app.db).await?;
    let order = orders::lock(&tx, &secret).await?;
    match pay::change_method(&tx, &app.clock, &order, chosen).await {
        Err(Error::Refused(refusal)) => return Ok(told(&order, refusal.said.key)),
        changed => changed?,
    };
    tx.commit().await?;
    Ok(told(&order, "order.method_changed"))
}

async fn full_case(app: &App, order: &Model) -> Result<Case> {
    let outlet = outlet::Entity::find_by_id(order.outlet_id).one(&app.db).await?.ok_or(Error::NotFound)?;
    let lines = orders::lines(&app.db, order.id).await?;
    let mut past = method::past_of(&app.db, &order.buyer_phone, app.clock.now()).await?;
    // This order itself is no reason against it.
    past = Past {
        open_cod: past.open_cod.saturating_sub(usize::from(order.method == entity::order::Method::Cod)),
        open_pickups: past.open_pickups.saturating_sub(usize::from(order.method == entity::order::Method::PayAtPickup)),
        ..past
    };
    Ok(Case { past, ..case(order, &outlet, &lines) })
}

/// `POST /pesanan/{secret}/batal`: takes an unpaid order back.
pub(super) async fn cancel(app: web::Data<App>, secret: web::Path<String>, _form: Form) -> Result<HttpResponse> {
    let order = orders::by_secret(&app.db, &secret).await?;
    if orders::may_cancel(&order) && !may_go_on(&app, &order).await? {
        return Ok(told(&order, "order.being_checked"));
    }
    let tx = db::begin(&app.db).await?;
    let order = orders::lock(&tx, &secret).await?;
    // Another way to pay may have been opened meanwhile.
    if pay::attempts(&tx, order.id).await?.iter().any(pay::is_live) {
        return Ok(told(&order, "order.being_checked"));
    }
    match orders::cancel_unpaid(&tx, &app.clock, &order).await {
        Err(Error::Refused(refusal)) => return Ok(told(&order, refusal.said.key)),
        cancelled => cancelled?,
    }
    tx.commit().await?;
    Ok(see_other(&orders::url(&order)))
}

/// `POST /pesanan/{secret}/rekening`: where money that is owed back is to be sent.
pub(super) async fn name_account(
    visit: Visit,
    app: web::Data<App>,
    secret: web::Path<String>,
    form: Form,
) -> Result<HttpResponse> {
    let account = match Account::read(&form) {
        Ok(account) => account,
        Err(wrong) => {
            let view = FormView::new(&form, &wrong, app.templates.words(), visit.lang);
            return draw(&visit, &app, &secret, StatusCode::UNPROCESSABLE_ENTITY, None, view).await;
        }
    };
    let tx = db::begin(&app.db).await?;
    let order = orders::lock(&tx, &secret).await?;
    match refund_account::name(&tx, &app.clock, &order, &account).await {
        Err(Error::Refused(refusal)) => return Ok(told(&order, refusal.said.key)),
        named => named?,
    }
    tx.commit().await?;
    Ok(told(&order, "order.account_named"))
}

/// Whether no attempt can bring money any more. A live one is ended at the provider first.
async fn may_go_on(app: &App, order: &Model) -> Result<bool> {
    Ok(pay::close_live(&app.db, &app.clock, &app.payments, order).await? == Closing::Closed)
}

fn told(order: &Model, key: &str) -> HttpResponse {
    let mut answer = see_other(&orders::url(order));
    say_next(&mut answer, key);
    answer
}
