//! `/pesanan`: finding an order again, by its number and phone, or by being signed in.
use std::time::Duration;

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::{
    accounts::visit::{self, Visit},
    app::App,
    error::Result,
    form::{Form, FormView, Wrong},
    locale::Said,
    orders::{example, order as orders, order::number, steps::headline},
    page::{Page, Sample, samples as samples_of, see_other},
};
use entity::{Rupiah, order::Model};

pub(super) fn samples() -> Vec<Sample> {
    samples_of::<FindPage>()
}

#[derive(Serialize)]
struct Row {
    number: String,
    url: String,
    placed_at: DateTime<Utc>,
    total: Rupiah,
    headline: &'static str,
}

impl Row {
    fn of(order: &Model) -> Row {
        Row {
            number: number(order),
            url: orders::url(order),
            placed_at: order.placed_at,
            total: order.total,
            headline: headline(order, &[]),
        }
    }
}

#[derive(Serialize)]
struct FindPage {
    form: FormView,
    orders: Vec<Row>,
}

impl Page for FindPage {
    const TEMPLATE: &'static str = "orders/find.html";
    fn samples() -> Vec<FindPage> {
        vec![
            FindPage { form: FormView::default(), orders: Vec::new() },
            FindPage { form: FormView::default(), orders: vec![Row::of(&example::order())] },
        ]
    }
}

/// `GET /pesanan`
pub(super) async fn show(visit: Visit, app: web::Data<App>) -> Result<HttpResponse> {
    draw(&visit, &app, StatusCode::OK, FormView::default()).await
}

async fn draw(visit: &Visit, app: &App, status: StatusCode, form: FormView) -> Result<HttpResponse> {
    let found = match &visit.signed {
        Some(signed) => orders::of_person(&app.db, signed.id).await?,
        None => Vec::new(),
    };
    let page = FindPage { form, orders: found.iter().map(Row::of).collect() };
    visit.page_with(status, &app.templates, &page)
}

/// `POST /pesanan`: a wrong number and a wrong phone hear the same sentence.
pub(super) async fn find(visit: Visit, app: web::Data<App>, request: HttpRequest, form: Form) -> Result<HttpResponse> {
    let mut read = form.read();
    let asked = (read.text("nomor", 30), read.phone("hp"));
    let wrong = match read.done(asked) {
        Err(wrong) => wrong,
        Ok(_) if !may_try(&app, &request).await => {
            let wrong = Wrong::field("nomor", Said::new("form.slow_down"));
            let form = FormView::new(&form, &wrong, app.templates.words(), visit.lang);
            return draw(&visit, &app, StatusCode::TOO_MANY_REQUESTS, form).await;
        }
        Ok((number, phone)) => match orders::remembered(&app.db, &number, &phone).await? {
            Some(order) => return Ok(see_other(&orders::url(&order))),
            None => Wrong::field("nomor", Said::new("order.not_found")),
        },
    };
    let form = FormView::new(&form, &wrong, app.templates.words(), visit.lang);
    draw(&visit, &app, StatusCode::UNPROCESSABLE_ENTITY, form).await
}

/// Ten guesses in ten minutes from one address.
async fn may_try(app: &App, request: &HttpRequest) -> bool {
    let from = visit::origin(request);
    app.cache.allows(&format!("order.find:{from}"), 10, Duration::from_secs(600)).await
}
