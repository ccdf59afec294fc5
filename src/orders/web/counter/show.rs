//! `/kelola/pesanan/{id}`: who, where, what, how paid, what can be done now, and who did what.
use std::collections::HashMap;

use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde::Serialize;

use super::{
    labels,
    view::{self, Line, Parcel, Voice},
};
use crate::{
    accounts::visit::Operator,
    app::App,
    error::Result,
    form::FormView,
    history,
    locale::{Lang, Said, Words},
    orders::{
        board::{self, Todo},
        docket::{Docket, open as open_pieces},
        method, order, pay, settle, state,
        steps::headline,
    },
    page::{self, Page, Sample},
    payments::refund,
    wholesale::web::{Progress, progress_of},
};
use entity::{
    Rupiah,
    order::{Delivery, Method, Payment, State},
    person,
};

/// An order with everything around it.
#[derive(Clone, Debug, Serialize)]
pub struct Shown {
    id: i64,
    number: String,
    name: String,
    phone: String,
    whatsapp: String,
    pickup: bool,
    address: Vec<String>,
    note: Option<String>,
    zone: Option<String>,
    service: Option<String>,
    chargeable_grams: i64,
    placed_at: DateTime<Utc>,
    pay_by: Option<DateTime<Utc>>,
    ready_on: Option<NaiveDate>,
    method: String,
    payment: String,
    badge: String,
    colour: &'static str,
    goods_total: Rupiah,
    shipping_total: Rupiah,
    total: Rupiah,
    due: Rupiah,
    asked: Rupiah,
    deposit: Rupiah,
    part_paid: Rupiah,
    /// What is owed of goods that left on agreed terms.
    owed: Rupiah,
    owed_by: Option<DateTime<Utc>>,
    balance_days: Option<i64>,
    refund_due: Rupiah,
    close_reason: Option<String>,
}

/// What can be done to it now.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Can {
    confirm: bool,
    transfer_seen: bool,
    /// By QRIS, where the buyer stands.
    pay_here: bool,
    pack: bool,
    short: bool,
    /// Pieces are to be made, and households can be asked.
    share_out: bool,
    /// Money can be given for pieces that were handed over.
    compensate: bool,
    /// Something was handed over that the buyer may bring back.
    bring_back: bool,
    cancel: bool,
    /// The balance of an order paid in two parts, where it is to be asked for now.
    ask_balance: Rupiah,
    /// What stays here when the buyer steps back.
    kept: Rupiah,
    pay_back: bool,
    /// The way what is owed can go back through the provider, as a key of words.
    give_back: Option<String>,
    /// It is on its way back already.
    returning: bool,
    /// Money to be received with the hand-over at the counter.
    cash: Rupiah,
}

impl Can {
    fn of(docket: &Docket, now: DateTime<Utc>) -> Can {
        let order = &docket.order;
        let open = order.state == State::Placed;
        let unpaid = order.payment == Payment::Unpaid;
        let later = method::is_cash(order.method);
        Can {
            confirm: open && later && order.confirmed_at.is_none(),
            transfer_seen: open
                && state::is_asked(order)
                && (order.method == Method::Transfer || order.owed > Rupiah::ZERO),
            pay_here: pay::may_pay_here(docket).is_ok(),
            pack: state::may_pack(order, now).is_ok() && docket.open_pieces() > 0,
            short: open && (later || order.owed > Rupiah::ZERO || !state::is_asked(order)) && docket.open_pieces() > 0,
            share_out: open && docket.lines.iter().any(|line| line.to_make > 0 && open_pieces(line) > 0),
            compensate: !unpaid,
            bring_back: docket.parcels.iter().any(|packed| packed.parcel.state == entity::parcel::State::Delivered),
            cancel: open && !docket.has_begun_to_leave(),
            ask_balance: match open && order.part_paid > Rupiah::ZERO && !state::is_asked(order) {
                true => docket.asked(),
                false => Rupiah::ZERO,
            },
            kept: if open && !unpaid && !docket.has_begun_to_leave() { order.kept } else { Rupiah::ZERO },
            pay_back: order.payment == Payment::RefundDue,
            give_back: None,
            returning: false,
            cash: if unpaid && order.method == Method::PayAtPickup { docket.due() } else { Rupiah::ZERO },
        }
    }
}

/// One act of the past.
#[derive(Clone, Debug, Serialize)]
pub struct Did {
    pub at: DateTime<Utc>,
    pub what: String,
    pub who: Option<String>,
}

#[derive(Serialize)]
struct ShowPage {
    order: Shown,
    can: Can,
    /// Why paid goods wait a little before they are packed.
    not_sure: Option<String>,
    lines: Vec<Line>,
    parcels: Vec<Parcel>,
    /// How far the big orders over many households are.
    commissions: Vec<Progress>,
    /// Photos of the transfer slip.
    proofs: Vec<i64>,
    history: Vec<Did>,
    form: FormView,
}

impl Page for ShowPage {
    const TEMPLATE: &'static str = "counter/show.html";
    fn samples() -> Vec<ShowPage> {
        let words = Words::default();
        let voice = Voice { words: &words, lang: Lang::Id };
        let mut cod = Docket::sample();
        cod.order.method = Method::Cod;
        let mut pickup = Docket::sample();
        pickup.order.delivery = Delivery::Pickup;
        pickup.order.method = Method::PayAtPickup;
        pickup.order.confirmed_at = Some(pickup.order.placed_at);
        pickup.parcels.iter_mut().for_each(|packed| packed.parcel.state = entity::parcel::State::Ready);
        let mut transfer = Docket::sample();
        transfer.order.method = Method::Transfer;
        let mut over = Docket::sample();
        over.order.state = State::Cancelled;
        over.order.payment = Payment::RefundDue;
        over.order.refund_due = over.order.total;
        over.order.close_reason = Some("Bambu basah".into());
        let mut parts = Docket::sample();
        parts.order.payment = Payment::PartPaid;
        (parts.order.deposit, parts.order.part_paid) = (Rupiah(30_000), Rupiah(30_000));
        parts.order.kept = Rupiah(10_000);
        let page = |docket: Docket| ShowPage {
            order: Shown::of(&docket, &board::todos(&docket, docket.order.placed_at), &voice, "http://localhost"),
            can: Can::of(&docket, docket.order.placed_at),
            not_sure: Some("Uang dari bank ini baru pasti pukul 10.25 WIB.".into()),
            lines: view::lines(&docket),
            parcels: view::parcels(&docket, &[Rupiah(74_000)], &voice),
            commissions: vec![Progress::sample()],
            proofs: vec![1],
            history: vec![
                Did { at: docket.order.placed_at, what: "Pesanan masuk".into(), who: None },
                Did { at: docket.order.placed_at, what: "Diterima".into(), who: Some("Bu Siti Aminah".into()) },
            ],
            form: FormView::default(),
        };
        vec![page(Docket::sample()), page(cod), page(pickup), page(transfer), page(over), page(parts)]
    }
}

/// Choosing pieces for a parcel that is not everything.
#[derive(Serialize)]
struct PackPage {
    id: i64,
    number: String,
    lines: Vec<Line>,
    form: FormView,
}

impl Page for PackPage {
    const TEMPLATE: &'static str = "counter/pack.html";
    fn samples() -> Vec<PackPage> {
        let docket = Docket::sample();
        let mut refused = FormView::default();
        refused.errors.insert("pieces_1".into(), "Paling banyak 2.".into());
        let page = |form| PackPage { id: 42, number: docket.number(), lines: view::lines(&docket), form };
        vec![page(FormView::default()), page(refused)]
    }
}

pub fn samples() -> Vec<Sample> {
    [page::samples::<ShowPage>(), page::samples::<PackPage>()].into_iter().flatten().collect()
}

impl Shown {
    fn of(docket: &Docket, todos: &[Todo], voice: &Voice, public_url: &str) -> Shown {
        let order = &docket.order;
        let (badge, colour) = labels::standing(order, todos);
        let zone = order.zone.as_deref().and_then(order::zone_named).map(|zone| voice.say(&labels::zone(zone)));
        Shown {
            id: order.id,
            number: docket.number(),
            name: order.buyer_name.clone(),
            phone: order.buyer_phone.clone(),
            whatsapp: whatsapp(docket, voice.words, public_url),
            pickup: order.delivery == Delivery::Pickup,
            address: view::address(docket),
            note: order.note.clone(),
            zone,
            service: docket.service.clone(),
            chargeable_grams: order.chargeable_grams,
            placed_at: order.placed_at,
            pay_by: order.pay_by,
            ready_on: order.ready_on,
            method: voice.say(&labels::method(order.method)),
            payment: voice.say(&labels::payment(order)),
            badge: voice.say(&badge),
            colour,
            goods_total: order.goods_total,
            shipping_total: order.shipping_total,
            total: order.total,
            due: docket.due(),
            asked: docket.asked(),
            deposit: order.deposit,
            part_paid: order.part_paid,
            owed: order.owed,
            owed_by: order.owed_by,
            balance_days: order.balance_days,
            refund_due: order.refund_due,
            close_reason: order.close_reason.clone(),
        }
    }
}

/// A message to the buyer, begun in their language, with the way to their order.
fn whatsapp(docket: &Docket, words: &Words, public_url: &str) -> String {
    let order = &docket.order;
    let parcels: Vec<_> = docket.parcels.iter().map(|packed| packed.parcel.clone()).collect();
    let said = Said::new("counter.whatsapp_text")
        .with("name", order.buyer_name.as_str())
        .with("outlet", docket.outlet.name.as_str())
        .with("number", docket.number())
        .with("state", words.say(order.language, &Said::new(headline(order, &parcels))))
        .with("link", format!("{public_url}{}", order::url(order)));
    let text = words.say(order.language, &said);
    let text = percent_encoding::utf8_percent_encode(&text, percent_encoding::NON_ALPHANUMERIC);
    format!("https://wa.me/{}?text={text}", order.buyer_phone)
}

/// `GET /kelola/pesanan/{id}`
pub async fn show(operator: Operator, id: Path<i64>, app: Data<App>) -> Result<HttpResponse> {
    draw(&operator, &app, *id, StatusCode::OK, FormView::default()).await
}

/// The page of an order, with the sentence of an act that was refused.
pub async fn draw(operator: &Operator, app: &App, id: i64, status: StatusCode, form: FormView) -> Result<HttpResponse> {
    let voice = Voice { words: app.templates.words(), lang: operator.visit.lang };
    let docket = Docket::read(&app.db, operator.outlet.id, id).await?;
    let proofs = board::proofs(&app.db, id).await?;
    let now = app.clock.now();
    let todos = board::todos(&docket, now);
    let returning = refund::is_underway(&app.db, &docket.subject()).await?;
    let give_back = match docket.order.refund_due {
        Rupiah::ZERO => None,
        owed => refund::way_back(&app.db, &docket.subject(), now)
            .await?
            .filter(|(attempt, left)| owed <= *left && (attempt.method != Method::Shopeepay || owed == attempt.amount))
            .map(|(attempt, _)| voice.say(&labels::method(attempt.method))),
    };
    let mut cash = Vec::new();
    for packed in docket.parcels.iter().filter(|_| docket.order.method == Method::Cod) {
        cash.push(settle::cash_with_courier(&app.db, &docket, packed).await?);
    }
    let commissions = progress_of(&app.db, id).await?;
    let mut can = Can { give_back, returning, ..Can::of(&docket, now) };
    can.share_out &= has_more_to_share(&docket, &commissions);
    let page = ShowPage {
        order: Shown::of(&docket, &todos, &voice, &app.config.public_url),
        can,
        not_sure: not_sure(&docket, now, &voice),
        lines: view::lines(&docket),
        parcels: view::parcels(&docket, &cash, &voice),
        commissions,
        proofs: proofs.into_iter().map(|photo| photo.id).collect(),
        history: past(&app.db, history::Subject("order", id), &voice).await?,
        form,
    };
    operator.visit.page_with(status, &app.templates, &page)
}

/// Whether anything is to be made that no household was asked for.
fn has_more_to_share(docket: &Docket, commissions: &[Progress]) -> bool {
    let to_make: i64 = docket.lines.iter().map(|line| line.to_make.min(open_pieces(line))).sum();
    let shared: i64 = commissions.iter().filter(|one| !one.is_over).map(|one| one.pieces).sum();
    to_make > shared
}

fn not_sure(docket: &Docket, now: DateTime<Utc>, voice: &Voice<'_>) -> Option<String> {
    let refusal = state::may_pack(&docket.order, now).err()?;
    (refusal.said.key == "counter.money_not_sure").then(|| voice.say(&refusal.said))
}

/// Who did what, the latest first.
pub async fn past(db: &impl ConnectionTrait, subject: history::Subject, voice: &Voice<'_>) -> Result<Vec<Did>> {
    let rows = history::of(db, subject).await?;
    let people = person::Entity::find()
        .filter(person::Column::Id.is_in(rows.iter().filter_map(|row| row.person_id)))
        .all(db)
        .await?;
    let names: HashMap<i64, String> = people.into_iter().map(|person| (person.id, person.name)).collect();
    let did = |row: &entity::history::Model| Did {
        at: row.at,
        what: voice.say(&labels::did(row)),
        who: row.person_id.and_then(|id| names.get(&id).cloned()),
    };
    Ok(rows.iter().rev().map(did).collect())
}

/// `GET /kelola/pesanan/{id}/paket`
pub async fn choose_pieces(operator: Operator, id: Path<i64>, app: Data<App>) -> Result<HttpResponse> {
    draw_pieces(&operator, &app, *id, StatusCode::OK, FormView::default()).await
}

/// The page for choosing pieces, as typed when they were refused.
pub async fn draw_pieces(
    operator: &Operator,
    app: &App,
    id: i64,
    status: StatusCode,
    form: FormView,
) -> Result<HttpResponse> {
    let docket = Docket::read(&app.db, operator.outlet.id, id).await?;
    let page = PackPage { id, number: docket.number(), lines: view::lines(&docket), form };
    operator.visit.page_with(status, &app.templates, &page)
}
