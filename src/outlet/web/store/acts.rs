//! What is done in the store. Each act happens once, however often its button is tapped.
use std::collections::BTreeMap;

use actix_web::{HttpResponse, http::StatusCode};

use super::HOME;
use crate::{
    accounts::visit::{Operator, done},
    app::App,
    db::{self, Tx},
    error::{Error, Refusal, Result},
    form::{Form, FormView, Wrong},
    locale::{Said, Say},
    once,
    outlet::{
        count::{self, Explained},
        expired::{self, End},
        markdown::{self, Offer},
        repacking::{self, NewRepacking},
        store::{self, Carry},
        weighed,
    },
    secret,
};
use entity::item::Measure;

/// An act with what it needs to know.
pub(super) enum Act {
    Carry(Carry),
    Open(i64),
    /// A sheet, what was counted, and what was written by mistake.
    Write(i64, Vec<(i64, i64)>, Vec<i64>),
    Book(i64, BTreeMap<i64, Explained>),
    CallOff(i64),
    Pack(NewRepacking),
    TakeOut((i64, i64), End, String),
    /// A lower price, and how many days ahead were looked at.
    Offer(Offer, u64),
    /// And how far ahead the page looked.
    EndOffer(i64, u64),
}

impl Act {
    /// Does it, and says where to look then and what is said there.
    async fn carry_out(&self, tx: &Tx, app: &App, operator: &Operator, key: &str) -> Result<(String, &'static str)> {
        let (clock, outlet, by) = (&app.clock, &operator.outlet, operator.person_id);
        Ok(match self {
            Act::Carry(new) => {
                store::carry(tx, clock, outlet, *new, by).await?;
                (format!("{HOME}/barang/{}", new.item_id), "store.carried")
            }
            Act::Open(place_id) => {
                let id = count::open(tx, clock, outlet, *place_id, by).await?;
                (format!("{HOME}/hitung/{id}"), "count.opened")
            }
            Act::Write(id, counted, struck) => {
                count::write(tx, clock, outlet, *id, counted, by).await?;
                count::strike(tx, outlet.id, *id, struck).await?;
                (format!("{HOME}/hitung/{id}#selisih"), "count.written")
            }
            Act::Book(id, explained) => {
                count::book(tx, clock, outlet, *id, explained, by).await?;
                (format!("{HOME}/hitung/{id}"), "count.was_booked")
            }
            Act::CallOff(id) => {
                count::call_off(tx, clock, outlet, *id, by).await?;
                (format!("{HOME}/hitung"), "count.was_called_off")
            }
            Act::Pack(new) => {
                repacking::pack(tx, clock, outlet, new, by, &format!("pack:{}:{key}", outlet.id)).await?;
                (format!("{HOME}/kemas"), "repacking.was_packed")
            }
            Act::TakeOut(what, end, reason) => {
                let key = format!("expired_out:{}:{key}", what.0);
                expired::take_out(tx, clock, outlet, *what, (*end, reason), by, &key).await?;
                (format!("{HOME}/kedaluwarsa"), "expired.was_taken_out")
            }
            Act::Offer(new, days) => {
                markdown::offer(tx, clock, outlet, new, by).await?;
                (format!("{HOME}/diskon?hari={days}"), "markdown.was_offered")
            }
            Act::EndOffer(id, days) => {
                markdown::end(tx, clock, outlet, *id, by).await?;
                (format!("{HOME}/diskon?hari={days}"), "markdown.was_ended")
            }
        })
    }

    /// Where its form stands: the same key elsewhere is another wish.
    fn place(&self) -> String {
        match self {
            Act::Carry(new) => format!("{} carry", new.item_id),
            Act::Open(_) => "open".into(),
            Act::Write(id, ..) => format!("{id} write"),
            Act::Book(id, _) => format!("{id} book"),
            Act::CallOff(id) => format!("{id} call off"),
            Act::Pack(_) => "pack".into(),
            Act::TakeOut(what, ..) => format!("{} take out", what.0),
            Act::Offer(new, _) => format!("{} offer", new.lot_id),
            Act::EndOffer(id, _) => format!("{id} end offer"),
        }
    }
}

/// Does an act of this operator, once for each key of this form at this address. What is refused comes back to be said
/// on its page.
pub(super) async fn perform(
    operator: &Operator,
    app: &App,
    form: &Form,
    act: &Act,
) -> Result<Result<HttpResponse, Refusal>> {
    let tx = db::begin(&app.db).await?;
    let scope = format!("store {} {}", operator.outlet.id, act.place());
    let hash = form.content_hash();
    let key = form.request_key();
    if let Some(key) = key
        && let Some(answer) = once::answered(&tx, &scope, key, &hash).await?
    {
        return Ok(Ok(crate::page::see_other(&answer)));
    }
    let named = key.map_or_else(secret::short_token, str::to_owned);
    let (answer, said) = match act.carry_out(&tx, app, operator, &named).await {
        Err(Error::Refused(refusal)) => return Ok(Err(refusal)),
        done => done?,
    };
    if let Some(key) = key {
        once::remember(&tx, &app.clock, &scope, key, &hash, &answer).await?;
    }
    tx.commit().await?;
    Ok(Ok(done(&answer, said)))
}

pub(super) fn status_of(refusal: &Refusal) -> StatusCode {
    actix_web::ResponseError::status_code(&Error::Refused(refusal.clone()))
}

pub(super) fn view(operator: &Operator, app: &App, form: &Form, wrong: &Wrong) -> FormView {
    FormView::new(form, wrong, app.templates.words(), operator.visit.lang)
}

/// The form as it was typed, with what was refused above it or beside a field.
pub(super) fn refused(operator: &Operator, app: &App, form: &Form, field: &'static str, no: Refusal) -> FormView {
    view(operator, app, form, &Wrong::refusal(field, no))
}

/// A refusal that names how many there are, with kilograms or litres where goods are loose.
pub(super) fn in_measure(mut no: Refusal, of: Measure) -> Refusal {
    if of == Measure::Piece || !matches!(no.said.key, "stock.not_enough" | "stock.expired") {
        return no;
    }
    let n = no.said.values.iter().find_map(|(_, value)| match value {
        Say::Number(n) => Some(*n),
        _ => None,
    });
    no.said = Said::new(if no.said.key == "stock.expired" { "store.only_good" } else { "store.only" })
        .with("n", weighed::words(n.unwrap_or_default(), of));
    no
}
