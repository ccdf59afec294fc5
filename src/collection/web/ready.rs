//! "Sudah jadi" on a crafter's own page: one number and one tap, and somebody comes to collect.
use actix_web::{HttpResponse, web};
use sea_orm::ConnectionTrait;
use serde::Serialize;

use crate::{
    accounts::{visit, visit::Crafter},
    app::App,
    collection::{amount, pickup},
    db,
    error::{Error, Result},
    form::Form,
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
}

impl Ready {
    pub(crate) fn sample(quantity: i64) -> Ready {
        let (name, cover) = ("Keranjang sampah anyam".into(), Some("p0123456789abcdef0123".into()));
        Ready { product_id: 7, name, cover, quantity }
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
        })
        .collect())
}

/// `POST /karya/siap`
pub(super) async fn say(crafter: Crafter, form: Form, app: web::Data<App>) -> Result<HttpResponse> {
    let product_id = form.get("product_id").parse::<i64>().map_err(|_| Error::NotFound)?;
    let mut reader = form.read();
    let quantity = reader.optional_number("quantity", 0, amount::MOST).unwrap_or(0);
    if reader.done(()).is_err() {
        return Ok(visit::done("/karya#siap", "ready.odd_number"));
    }
    let tx = db::begin(&app.db).await?;
    match pickup::say(&tx, &app.clock, &crafter.crafter, product_id, quantity, crafter.person_id).await {
        Ok(()) => {
            tx.commit().await?;
            let key = if quantity > 0 { "ready.told" } else { "ready.called_off" };
            Ok(visit::done("/karya#siap", key))
        }
        Err(Error::Refused(no)) => Ok(visit::done("/karya#siap", no.said.key)),
        Err(fault) => Err(fault),
    }
}
