//! "Sudah jadi" on a crafter's own page: one number and one tap, and somebody comes to collect.
use actix_web::{HttpResponse, ResponseError, web};
use sea_orm::ConnectionTrait;
use serde::Serialize;

use crate::{
    accounts::{visit, visit::Crafter},
    app::App,
    catalogue::web::draw_work,
    collection::{amount, pickup},
    db,
    error::{Error, Refusal, Result},
    form::{Form, FormView, Wrong},
};
use entity::{product, product::State};

/// What can be said to be ready.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Ready {
    pub product_id: i64,
    pub name: String,
    pub cover: Option<String>,
    /// How many were said to be, 0 for none.
    pub quantity: i64,
    /// What was typed and could not be taken, with the sentence that helps.
    pub refused: Option<(String, String)>,
}

impl Ready {
    pub(crate) fn sample(quantity: i64) -> Ready {
        let (name, cover) = ("Keranjang sampah anyam".into(), Some("p0123456789abcdef0123".into()));
        let refused = (quantity == 0).then(|| ("enam".into(), "Tulis berapa dengan angka, misalnya 6.".into()));
        Ready { product_id: 7, name, cover, quantity, refused }
    }
}

/// The crafter's own goods that are in the shop or on their way there.
pub(crate) async fn of(db: &impl ConnectionTrait, crafter_id: i64, products: &[product::Model]) -> Result<Vec<Ready>> {
    let waiting = pickup::of_crafter(db, crafter_id).await?;
    let shown = |product: &&product::Model| matches!(product.state, State::Published | State::Submitted);
    Ok(products
        .iter()
        .filter(shown)
        .map(|product| Ready {
            product_id: product.id,
            name: product.name.clone(),
            cover: product.cover.clone(),
            quantity: waiting.get(&product.id).map_or(0, |row| row.quantity),
            refused: None,
        })
        .collect())
}

/// `POST /karya/siap`
pub(super) async fn say(crafter: Crafter, form: Form, app: web::Data<App>) -> Result<HttpResponse> {
    let product_id = form.get("product_id").parse::<i64>().map_err(|_| Error::NotFound)?;
    let mut reader = form.read();
    let quantity = reader.optional_number("quantity", 0, amount::MOST).unwrap_or(0);
    let waits = pickup::of_crafter(&app.db, crafter.crafter.id).await?.contains_key(&product_id);
    let outcome = match reader.done(()) {
        // An empty field calls off what waits; where nothing does, a number was forgotten.
        Ok(()) if waits || !form.get("quantity").is_empty() => tell(&crafter, &app, product_id, quantity).await,
        _ => Err(Refusal::invalid("ready.odd_number").into()),
    };
    match outcome {
        Ok(key) => Ok(visit::done("/karya#siap", key)),
        Err(Error::Refused(no)) => {
            let status = Error::Refused(no.clone()).status_code();
            let wrong = Wrong::refusal("quantity", no);
            let view = FormView::new(&form, &wrong, app.templates.words(), crafter.visit.lang);
            let sentence = view.errors.get("quantity").cloned().unwrap_or_default();
            draw_work(&crafter, &app, Some((product_id, form.get("quantity").to_owned(), sentence)), status).await
        }
        Err(fault) => Err(fault),
    }
}

async fn tell(crafter: &Crafter, app: &App, product_id: i64, quantity: i64) -> Result<&'static str> {
    let tx = db::begin(&app.db).await?;
    pickup::say(&tx, &app.clock, &crafter.crafter, product_id, quantity, crafter.person_id).await?;
    tx.commit().await?;
    Ok(if quantity > 0 { "ready.told" } else { "ready.called_off" })
}
