//! `/kelola/pasar/{id}/antre`: numbers are handed out by card and called one after the other. No names.
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path, Query},
};
use serde::{Deserialize, Serialize};

use super::{
    HERE,
    show::public_url,
    view::{MarketView, TicketView, hour},
};
use crate::{
    accounts::visit::Operator,
    app::App,
    error::{Error, Refusal, Result},
    form::{Form, FormView, Wrong},
    gateway::qris::{Picture, draw as draw_code},
    locale::Said,
    outlet::{
        market::{self, Given, State},
        web::{payout_acts::status_of, perform::perform},
    },
    page::{self, Page, Sample, see_other},
};

#[derive(Serialize)]
struct QueuePage {
    market: MarketView,
    serving: Option<TicketView>,
    next: Option<i64>,
    waiting: i64,
    slots: Vec<SlotLine>,
    /// The number that was just given out, and what is said of it.
    ticket: Option<TicketView>,
    said: String,
    is_new: bool,
    form: FormView,
}

#[derive(Serialize)]
struct SlotLine {
    from: String,
    to: String,
    taken: i64,
    all: i64,
    part: i64,
}

impl Page for QueuePage {
    const TEMPLATE: &'static str = "outlet/market_queue.html";
    fn samples() -> Vec<QueuePage> {
        let page = |state, ticket: Option<TicketView>| QueuePage {
            market: MarketView::sample(state),
            serving: ticket.clone(),
            next: ticket.as_ref().map(|_| 43),
            waiting: 7,
            slots: vec![SlotLine { from: "07.00".into(), to: "07.30".into(), taken: 5, all: 20, part: 25 }],
            is_new: ticket.is_some(),
            ticket,
            said: "Nomor 42".into(),
            form: FormView::default(),
        };
        vec![page(State::Planned, None), page(State::Open, Some(TicketView::sample())), page(State::Closed, None)]
    }
}

#[derive(Serialize)]
struct TicketPage {
    market: MarketView,
    outlet: String,
    ticket: TicketView,
    qr: Option<Picture>,
}

impl Page for TicketPage {
    const TEMPLATE: &'static str = "outlet/market_ticket.html";
    fn samples() -> Vec<TicketPage> {
        vec![TicketPage {
            market: MarketView::sample(State::Planned),
            outlet: "e-Warong Kemuning Lor".into(),
            ticket: TicketView::sample(),
            qr: draw_code("http://127.0.0.1:8080/pasar/4"),
        }]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    [page::samples::<QueuePage>(), page::samples::<TicketPage>()].into_iter().flatten().collect()
}

/// The number that was just given out, and how: new, "lagi" for the same again, "sudah" for who had all.
#[derive(Default, Deserialize)]
pub(super) struct Just {
    nomor: Option<i64>,
    #[serde(default)]
    keadaan: String,
}

async fn draw(
    operator: &Operator,
    app: &App,
    id: i64,
    just: &Just,
    (status, form): (StatusCode, FormView),
) -> Result<HttpResponse> {
    let market = market::read(&app.db, operator.outlet.id, id).await?;
    let standing = market::standing(&app.db, id).await?;
    let ticket = match just.nomor {
        Some(number) => Some(TicketView::of(&market, &market::ticket(&app.db, id, number).await?)),
        None => None,
    };
    let said = ticket.as_ref().map(|ticket| match just.keadaan.as_str() {
        "lagi" => Said::new("market.given_again").with("number", ticket.number),
        "sudah" => Said::new("market.had_all").with("number", ticket.number),
        _ => Said::new("market.was_given")
            .with("number", ticket.number)
            .with("from", ticket.from.as_str())
            .with("to", ticket.to.as_str()),
    });
    let slots = market::slots(&app.db, &market).await?;
    let line = |slot: &market::Slot| SlotLine {
        from: hour(slot.from),
        to: hour(slot.to),
        taken: slot.taken,
        all: market.slot_families,
        part: slot.taken * 100 / market.slot_families.max(1),
    };
    let page = QueuePage {
        serving: standing.serving.as_ref().map(|ticket| TicketView::of(&market, ticket)),
        next: standing.next.filter(|_| market.state == State::Open).map(|ticket| ticket.number),
        waiting: standing.waiting,
        slots: slots.iter().map(line).collect(),
        said: said.map(|said| app.say(operator.visit.lang, &said)).unwrap_or_default(),
        is_new: just.keadaan.is_empty(),
        ticket,
        market: MarketView::of(&market),
        form,
    };
    operator.visit.page_with(status, &app.templates, &page)
}

/// `GET /kelola/pasar/{id}/antre`
pub(super) async fn show(operator: Operator, id: Path<i64>, just: Query<Just>, app: Data<App>) -> Result<HttpResponse> {
    draw(&operator, &app, *id, &just, (StatusCode::OK, FormView::default())).await
}

/// `POST /kelola/pasar/{id}/antre`
pub(super) async fn give(operator: Operator, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    market::read(&app.db, operator.outlet.id, *id).await?;
    let (outlet, by) = (&operator.outlet, operator.person_id);
    let scope = format!("market.ticket {}", *id);
    let given = perform(&app, &form, &scope, async |tx| {
        let (ticket, how) = match market::give(tx, &app.clock, outlet, *id, form.get("kartu"), by).await? {
            Given::New(ticket) => (ticket, ""),
            Given::Again(ticket) => (ticket, "&keadaan=lagi"),
            Given::HadAll(ticket) => (ticket, "&keadaan=sudah"),
        };
        Ok(format!("{HERE}/{}/antre?nomor={}{how}", *id, ticket.number))
    });
    refused(&operator, &app, *id, &form, given.await).await
}

async fn refused(operator: &Operator, app: &App, id: i64, form: &Form, acted: Result<String>) -> Result<HttpResponse> {
    let refusal: Refusal = match acted {
        Ok(url) => return Ok(see_other(&url)),
        Err(Error::Refused(refusal)) => refusal,
        Err(e) => return Err(e),
    };
    let status = status_of(&refusal);
    let field = if refusal.said.key.starts_with("family.") { "kartu" } else { "" };
    let wrong = Wrong::refusal(field, refusal);
    let view = FormView::new(form, &wrong, app.templates.words(), operator.visit.lang);
    draw(operator, app, id, &Just::default(), (status, view)).await
}

/// `POST /kelola/pasar/{id}/panggil`: the next number, after the one that is seen.
pub(super) async fn call(operator: Operator, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    market::read(&app.db, operator.outlet.id, *id).await?;
    let after = form.get("sesudah").parse().unwrap_or(0);
    let scope = format!("market.call {}", *id);
    let called = perform(&app, &form, &scope, async |tx| {
        market::call_next(tx, &app.clock, operator.outlet.id, *id, after).await?;
        Ok(format!("{HERE}/{}/antre", *id))
    });
    refused(&operator, &app, *id, &form, called.await).await
}

/// `GET /kelola/pasar/{id}/antre/{number}`: the number on paper.
pub(super) async fn ticket(operator: Operator, path: Path<(i64, i64)>, app: Data<App>) -> Result<HttpResponse> {
    let market = market::read(&app.db, operator.outlet.id, path.0).await?;
    let ticket = market::ticket(&app.db, path.0, path.1).await?;
    let page = TicketPage {
        outlet: operator.outlet.name.clone(),
        ticket: TicketView::of(&market, &ticket),
        qr: draw_code(&public_url(&app, &market)),
        market: MarketView::of(&market),
    };
    operator.visit.page(&app.templates, &page)
}
