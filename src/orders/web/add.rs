//! `POST /keranjang`: pieces into the basket, or the reason why not with the field to correct it in.
use actix_web::{HttpResponse, http::StatusCode, web};
use chrono::Duration;
use serde::Serialize;

use super::{name_cart, say_next, see_other_with_count};
use crate::{
    accounts::visit::Visit,
    app::App,
    db,
    error::{Error, Result},
    form::{Form, FormView, Wrong, whole_number},
    once,
    orders::{
        cart,
        cart::{Line, MOST, Trouble},
        example,
    },
    page::{Page, Sample, samples as samples_of, see_other},
};
use entity::Rupiah;

pub(super) fn samples() -> Vec<Sample> {
    samples_of::<AddPage>()
}

/// Two taps that mean one follow each other so soon.
const DOUBLE_TAP: Duration = Duration::seconds(5);

/// What could not be put into the basket, with why, and the field to correct it in.
#[derive(Serialize)]
struct AddPage {
    form: FormView,
    item_id: i64,
    slug: Option<String>,
    name: String,
    cover: Option<String>,
    price: Rupiah,
}

impl Page for AddPage {
    const TEMPLATE: &'static str = "orders/add.html";
    fn samples() -> Vec<AddPage> {
        let line = example::line(1, "Kurungan ayam", 1, 65_000);
        let gone = AddPage {
            form: FormView::default(),
            item_id: 0,
            slug: None,
            name: String::new(),
            cover: None,
            price: Rupiah::ZERO,
        };
        vec![AddPage::of(FormView::default(), &line), gone]
    }
}

impl AddPage {
    fn of(form: FormView, line: &Line) -> AddPage {
        AddPage {
            form,
            item_id: line.item.id,
            slug: Some(line.product.slug.clone()),
            name: line.name(),
            cover: line.product.cover.clone(),
            price: line.item.price,
        }
    }
}

/// `POST /keranjang`: puts pieces into the basket, making one at the first.
pub(super) async fn add(visit: Visit, app: web::Data<App>, mut form: Form) -> Result<HttpResponse> {
    if !form.has("jumlah") {
        form.set("jumlah", "1");
    }
    let mut read = form.read();
    let asked = (read.number("item_id", 1, i64::MAX), read.number("jumlah", 1, MOST));
    let (item_id, quantity) = match read.done(asked) {
        Ok(asked) => asked,
        Err(wrong) => return refused(&visit, &app, &form, &wrong, StatusCode::UNPROCESSABLE_ENTITY).await,
    };
    let tx = db::begin(&app.db).await?;
    let found = cart::lock(&tx, visit.cart.as_deref()).await?;
    let scope = found.as_ref().map(|row| format!("cart.add:{}", row.id));
    let tap = scope.as_deref().zip(form.request_key());
    if let Some((scope, key)) = tap
        && let Some(url) = once::answered(&tx, scope, key, &form.content_hash()).await?
    {
        return Ok(see_other(&url));
    }
    let (token, inside, cart_id) = match found {
        Some(row) => {
            let inside = cart::lines(&tx, row.id).await?;
            // A page kept for all guests carries no key: the same thing again, moments after the basket was made with
            // it, is the second half of a double tap.
            let just_made = app.clock.now() - row.created_at < DOUBLE_TAP;
            let same = |line: &Line| line.item.id == item_id && line.quantity == quantity;
            if tap.is_none() && just_made && inside.len() == 1 && inside.iter().all(same) {
                return Ok(see_other("/keranjang"));
            }
            (None, inside, row.id)
        }
        None => {
            let (token, row) = cart::make(&tx, &app.clock).await?;
            (Some(token), Vec::new(), row.id)
        }
    };
    match cart::add(&tx, &app.clock, &inside, cart_id, item_id, quantity).await {
        Ok(()) => {}
        Err(Error::Refused(refusal)) => {
            drop(tx);
            let wrong = Wrong::refusal("jumlah", refusal);
            return refused(&visit, &app, &form, &wrong, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
        Err(e) => return Err(e),
    }
    if let Some((scope, key)) = tap {
        once::remember(&tx, &app.clock, scope, key, &form.content_hash(), "/keranjang").await?;
    }
    tx.commit().await?;
    let count = inside.iter().map(|line| line.quantity).sum::<i64>() + quantity;
    let mut answer = see_other_with_count(&app, "/keranjang", count);
    if let Some(token) = token {
        name_cart(&app, &mut answer, &token);
    }
    say_next(&mut answer, "cart.added");
    Ok(answer)
}

async fn refused(visit: &Visit, app: &App, form: &Form, wrong: &Wrong, status: StatusCode) -> Result<HttpResponse> {
    let view = FormView::new(form, wrong, app.templates.words(), visit.lang);
    let item_id = whole_number(form.get("item_id")).unwrap_or(0);
    let page = match cart::lines_of(&app.db, &[(item_id, 1)]).await?.pop() {
        Some(line) if line.trouble() != Some(Trouble::Withdrawn) => AddPage::of(view, &line),
        _ => AddPage { form: view, item_id, slug: None, name: String::new(), cover: None, price: Rupiah::ZERO },
    };
    visit.page_with(status, &app.templates, &page)
}
