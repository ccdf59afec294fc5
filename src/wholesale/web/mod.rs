//! Doors of resellers, kiosks and big orders.
mod cargo;
mod cartons;
mod commission;
mod commission_acts;
mod commission_view;
mod commissions;
mod consignee;
mod desk;
mod desk_acts;
mod desk_form;
mod join;
mod kiosk;
mod offer;
mod pace;
mod partners;
mod prices;
mod propose;
mod request;
mod task;

use actix_web::{HttpResponse, web};
use chrono::NaiveDate;
use serde::Serialize;

use crate::{
    accounts::visit::Visit,
    app::App,
    clock::Clock,
    db::Tx,
    error::{Error, Refusal, Result},
    form::{self, Form, FormView, Reader, Wrong},
    locale::Said,
    once,
    page::{Sample, see_other},
    wholesale::quote::{self, Quote, State},
};
pub(crate) use commission_view::{Progress, TaskView, progress_of, task_views};
pub(crate) use commissions::urgent;
use entity::Rupiah;

/// Routes of this module.
pub fn configure(cfg: &mut web::ServiceConfig) {
    cfg.configure(kiosk::configure)
        .route("/kelola/borongan", web::get().to(commissions::list))
        .route("/kelola/pesanan/{id}/borongan", web::get().to(propose::show))
        .route("/kelola/pesanan/{id}/borongan", web::post().to(propose::begin))
        .route("/kelola/borongan/{id}", web::get().to(commission::show))
        .route("/kelola/borongan/{id}/jawab/{part}", web::post().to(commission_acts::answer))
        .route("/kelola/borongan/{id}/lepas/{crafter}", web::post().to(commission_acts::release))
        .route("/kelola/borongan/{id}/tawarkan", web::post().to(commission_acts::ask))
        .route("/kelola/borongan/{id}/edar", web::post().to(commission_acts::go_round))
        .route("/kelola/borongan/{id}/selesai", web::post().to(commission_acts::end))
        .route("/kelola/perajin/{id}/kemampuan", web::get().to(pace::of_household))
        .route("/kelola/perajin/{id}/kemampuan", web::post().to(pace::keep_for_household))
        .route("/karya/kemampuan", web::get().to(pace::own))
        .route("/karya/kemampuan", web::post().to(pace::keep_own))
        .route("/tugas-anyam/{secret}", web::get().to(task::show))
        .route("/tugas-anyam/{secret}", web::post().to(task::answer))
        .route("/grosir", web::get().to(join::show))
        .route("/grosir", web::post().to(join::ask))
        .route("/grosir/minta", web::get().to(request::blank))
        .route("/grosir/minta", web::post().to(request::ask))
        .route("/penawaran/{secret}", web::get().to(offer::show))
        .route("/penawaran/{secret}/ya", web::post().to(offer::accept))
        .route("/penawaran/{secret}/tidak", web::post().to(offer::decline))
        .route("/kelola/grosir", web::get().to(partners::list))
        .route("/kelola/grosir/mitra/{id}", web::get().to(partners::show))
        .route("/kelola/grosir/mitra/{id}", web::post().to(partners::decide))
        .route("/kelola/grosir/harga", web::get().to(prices::list))
        .route("/kelola/grosir/harga/{item}", web::get().to(prices::show))
        .route("/kelola/grosir/harga/{item}", web::post().to(prices::set))
        .route("/kelola/grosir/jenjang/{tier}/akhiri", web::post().to(prices::end))
        .route("/kelola/penawaran/baru", web::get().to(request::blank_at_desk))
        .route("/kelola/penawaran/baru", web::post().to(request::ask_at_desk))
        .route("/kelola/penawaran/{id}", web::get().to(desk::show))
        .route("/kelola/penawaran/{id}", web::post().to(desk_acts::write))
        .route("/kelola/penawaran/{id}/kirim", web::post().to(desk_acts::send))
        .route("/kelola/penawaran/{id}/tarik", web::post().to(desk_acts::withdraw))
        .route("/kelola/kargo", web::get().to(cargo::list))
        .route("/kelola/kargo", web::post().to(cargo::note))
        .route("/kelola/kargo/{id}/batal", web::post().to(cargo::cancel))
        .route("/kelola/pesanan/{id}/koli", web::get().to(cartons::show))
        .route("/kelola/pesanan/{id}/koli", web::post().to(cartons::propose))
        .route("/kelola/pesanan/{id}/koli/surat", web::get().to(cartons::notes))
        .route("/kelola/pesanan/{id}/koli/kargo", web::post().to(cartons::choose))
        .route("/kelola/pesanan/{id}/koli/jejak", web::post().to(cartons::seen))
        .route("/kelola/pesanan/{id}/koli/{carton}", web::get().to(cartons::edit))
        .route("/kelola/pesanan/{id}/koli/{carton}", web::post().to(cartons::change))
        .route("/pesanan/{secret}/koli", web::get().to(consignee::list))
        .route("/pesanan/{secret}/koli/{carton}/diterima", web::post().to(consignee::receive))
        .route("/koli/{secret}", web::get().to(consignee::carton));
}

/// Pages of this module, for the test that draws all of them.
pub fn samples() -> Vec<Sample> {
    [
        commissions::samples(),
        propose::samples(),
        commission::samples(),
        pace::samples(),
        task::samples(),
        kiosk::samples(),
        join::samples(),
        request::samples(),
        offer::samples(),
        partners::samples(),
        prices::samples(),
        desk::samples(),
        cargo::samples(),
        cartons::samples(),
        consignee::samples(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// One sending of a form: the same key again gets the first answer.
struct Tap<'a> {
    scope: String,
    key: Option<&'a str>,
    hash: String,
}

impl<'a> Tap<'a> {
    fn of(scope: String, form: &'a Form) -> Tap<'a> {
        Tap { scope, key: form.request_key(), hash: form.content_hash() }
    }

    async fn before(&self, tx: &Tx) -> Result<Option<HttpResponse>> {
        let Some(key) = self.key else { return Ok(None) };
        Ok(once::answered(tx, &self.scope, key, &self.hash).await?.map(|url| see_other(&url)))
    }

    async fn keep(&self, tx: &Tx, clock: &Clock, url: &str) -> Result<()> {
        let Some(key) = self.key else { return Ok(()) };
        once::remember(tx, clock, &self.scope, key, &self.hash, url).await
    }
}

/// A form as it was typed, with what was wrong with it.
fn refused(visit: &Visit, app: &App, form: &Form, wrong: &Wrong) -> FormView {
    FormView::new(form, wrong, app.templates.words(), visit.lang)
}

fn status_of(refusal: &Refusal) -> actix_web::http::StatusCode {
    actix_web::ResponseError::status_code(&Error::Refused(refusal.clone()))
}

/// A day as browsers send it.
fn day(read: &mut Reader<'_>, name: &'static str) -> Option<NaiveDate> {
    let text = read.get(name).to_owned();
    if text.is_empty() {
        return None;
    }
    let day = form::day(&text);
    if day.is_none() {
        read.refuse(name, Said::new("wholesale.not_a_day"));
    }
    day
}

/// A quote in a list.
#[derive(Clone, Serialize)]
struct QuoteRow {
    number: String,
    url: String,
    buyer: String,
    total: Rupiah,
    pieces: i64,
    state: &'static str,
    badge: &'static str,
    valid_until: Option<NaiveDate>,
}

impl QuoteRow {
    fn of(quote: &Quote, url: String, today: NaiveDate) -> QuoteRow {
        let (state, badge) = standing(quote.standing(today));
        QuoteRow {
            number: quote::number(&quote.row),
            url,
            buyer: quote.row.buyer_name.clone(),
            total: quote.total(),
            pieces: quote.lines.iter().map(|line| line.quantity).sum(),
            state,
            badge,
            valid_until: quote.row.valid_until,
        }
    }

    fn sample() -> QuoteRow {
        QuoteRow {
            number: "PW-2611-0007".into(),
            url: "/penawaran/contoh".into(),
            buyer: "Toko Rimba".into(),
            total: Rupiah(1_500_000),
            pieces: 60,
            state: "quote.sent",
            badge: "wait",
            valid_until: Some(NaiveDate::default()),
        }
    }
}

/// The words and the colour of a state.
fn standing(state: State) -> (&'static str, &'static str) {
    match state {
        State::Draft => ("quote.draft", "wait"),
        State::Sent => ("quote.sent", "wait"),
        State::Accepted => ("quote.accepted", ""),
        State::Declined => ("quote.declined", "off"),
        State::Expired => ("quote.expired", "off"),
        State::Withdrawn => ("quote.withdrawn", "off"),
    }
}
