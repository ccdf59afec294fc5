//! `/pesanan/{secret}`: the order page. Whoever has the address may see it and pay.
use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
    web,
};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::EntityTrait;
use serde::Serialize;

use super::{
    back::{self, Back},
    panel::{Panel, panel},
    ways::MethodView,
};
use crate::{
    accounts::visit::Visit,
    app::App,
    bank_account::end_of,
    catalogue::photo,
    error::{Error, Result},
    form::FormView,
    locale::Said,
    notifications::whatsapp,
    orders::{
        balance, example,
        method::{self, Case, Past},
        order as orders,
        order::{destination, number, zone_hours},
        pay,
        place::zone_of,
        share, state as order_state,
        steps::{Step, headline, steps},
    },
    page::{Page, Sample, escape_query, samples as samples_of},
    payments::{attempt, refund},
    sandbox,
    wholesale::{
        carton, shipment,
        web::{Progress, progress_of},
    },
};
use entity::{
    Rupiah,
    order::{Delivery, Method, Model, Payment, State},
    order_line, outlet, parcel, payment_attempt,
    photo::{State as Picture, Subject},
    refund_account,
};

pub(super) fn samples() -> Vec<Sample> {
    samples_of::<OrderPage>()
}

/// One line of an order.
#[derive(Clone, Debug, Serialize)]
pub(super) struct LineView {
    name: String,
    quantity: i64,
    unit_price: Rupiah,
    total: Rupiah,
    cancelled: i64,
    to_make: i64,
}

pub(super) fn line_views(lines: &[order_line::Model]) -> Vec<LineView> {
    let view = |line: &order_line::Model| LineView {
        name: match line.item_name.as_str() {
            "" => line.product_name.clone(),
            item => format!("{}, {item}", line.product_name),
        },
        quantity: line.quantity,
        unit_price: line.unit_price,
        total: line.unit_price.times(line.quantity - line.cancelled).unwrap_or_default(),
        cancelled: line.cancelled,
        to_make: line.to_make,
    };
    lines.iter().map(view).collect()
}

/// A parcel on its way.
#[derive(Clone, Debug, Serialize)]
struct ParcelView {
    courier: String,
    tracking_number: String,
}

#[derive(Serialize)]
struct OrderPage {
    number: String,
    /// Its own address.
    url: String,
    headline: &'static str,
    buyer: String,
    /// Where it goes: village and kabupaten; empty for a pickup.
    destination: String,
    zone: i64,
    steps: Vec<Step>,
    lines: Vec<LineView>,
    goods_total: Rupiah,
    shipping_total: Rupiah,
    total: Rupiah,
    /// What is asked now of an order paid in two parts: the words of the part, and both amounts.
    part: Option<&'static str>,
    deposit: Rupiah,
    balance: Rupiah,
    /// What of the deposit stays when the buyer steps back.
    kept: Rupiah,
    /// What is owed of goods that left on agreed terms, and until when once all of it has arrived.
    balance_days: Option<i64>,
    owed: Rupiah,
    owed_by: Option<DateTime<Utc>>,
    refund_due: Rupiah,
    /// Where it is to be sent: the bank, the end of the number, the holder.
    refund_account: Option<[String; 3]>,
    goes_back: bool,
    /// What is on its way back, and what has come.
    backs: Vec<Back>,
    form: FormView,
    ready_on: Option<NaiveDate>,
    /// How far what is being made is: pieces made, of how many, of a hundred. Nobody is named.
    being_made: Option<[i64; 3]>,
    pickup: bool,
    panel: Option<Panel>,
    proof_refused: bool,
    /// Why the photo just sent was not taken.
    proof_wrong: Option<String>,
    /// The page looks again by itself in a few seconds.
    refresh: bool,
    methods: Vec<MethodView>,
    may_cancel: bool,
    close_reason: Option<String>,
    parcels: Vec<ParcelView>,
    /// How many cartons it travels in, where that was written down.
    cartons: usize,
    /// The ship or truck it goes with.
    sailing: Option<String>,
    /// Where it was seen, the latest first: the day, the place, what was said.
    way: Vec<(NaiveDate, String, String)>,
    outlet: String,
    outlet_address: String,
    outlet_hours: String,
    whatsapp: String,
    /// What the script compares to see that something changed.
    state: String,
}

impl Page for OrderPage {
    const TEMPLATE: &'static str = "orders/order.html";
    fn samples() -> Vec<OrderPage> {
        let (order, attempt) = (example::order(), example::attempt());
        let waiting = payment_attempt::Model { state: payment_attempt::State::Created, ..attempt.clone() };
        let bill = payment_attempt::Model {
            qr_string: None,
            bill_key: Some("990000000260".into()),
            biller_code: Some("70012".into()),
            ..attempt.clone()
        };
        let va = payment_attempt::Model { bill_key: None, va_number: Some("88008123456".into()), ..bill.clone() };
        let app = payment_attempt::Model { va_number: None, redirect_url: Some("/x".into()), ..va.clone() };
        let closed = payment_attempt::Model { state: payment_attempt::State::Closed, ..attempt.clone() };
        let transfer = Model { method: Method::Transfer, ..order.clone() };
        let cash = Model { method: Method::Cod, ..order.clone() };
        let parts = Model { deposit: Rupiah(20_000), kept: Rupiah(5_000), ..transfer.clone() };
        let part_paid = Model {
            payment: Payment::PartPaid,
            part_paid: Rupiah(20_000),
            balance_asked_at: Some(example::at()),
            ..parts.clone()
        };
        let paid = Model { payment: Payment::Paid, ready_on: Some(NaiveDate::default()), ..order.clone() };
        let on_terms = Model {
            payment: Payment::Paid,
            balance_days: Some(14),
            owed: Rupiah(54_000),
            owed_since: Some(example::at()),
            ..parts.clone()
        };
        let due = Model { owed_by: Some(example::at()), ..on_terms.clone() };
        let over =
            Model { state: State::Cancelled, payment: Payment::RefundDue, refund_due: order.total, ..order.clone() };
        let pages = [
            (&order, Some(&attempt)),
            (&order, Some(&waiting)),
            (&order, Some(&bill)),
            (&order, Some(&va)),
            (&order, Some(&app)),
            (&order, Some(&closed)),
            (&transfer, None),
            (&cash, None),
            (&paid, Some(&attempt)),
            (&over, None),
            (&parts, None),
            (&part_paid, None),
            (&on_terms, None),
            (&due, None),
        ];
        pages.into_iter().map(|(order, attempt)| sample(order, attempt)).collect()
    }
}

fn sample(order: &Model, attempt: Option<&payment_attempt::Model>) -> OrderPage {
    let parcel = parcel::Model {
        id: 1,
        order_id: order.id,
        state: parcel::State::Sent,
        courier: Some("Pos".into()),
        tracking_number: Some("P2611".into()),
        packed_at: example::at(),
        sent_at: Some(example::at()),
        delivered_at: None,
    };
    let parcels = if order.payment == Payment::Paid { vec![parcel] } else { Vec::new() };
    let seen = Seen {
        order: order.clone(),
        outlet: example::outlet(),
        lines: vec![example::order_line()],
        attempt: attempt.cloned(),
        parcels,
        account: (order.payment == Payment::RefundDue).then(|| refund_account::Model {
            id: 1,
            order_id: order.id,
            bank: "BRI".into(),
            number: "002101000123507".into(),
            holder: "Ratna".into(),
            given_at: example::at(),
        }),
        goes_back: false,
        backs: vec![Back::sample()],
        cartons: usize::from(order.payment == Payment::Paid) * 6,
        sailing: Some("KM Dharma Rucitra".into()),
        way: vec![(NaiveDate::default(), "Pelabuhan Surabaya".into(), "Sudah naik kapal".into())],
        proof_refused: true,
        bars: vec![Progress::sample()],
    };
    seen.page(example::at(), &|said| said.key.to_owned(), "https://wa.me/6281200000001".into())
}

/// Everything the page is drawn from.
struct Seen {
    order: Model,
    outlet: outlet::Model,
    lines: Vec<order_line::Model>,
    attempt: Option<payment_attempt::Model>,
    parcels: Vec<parcel::Model>,
    account: Option<refund_account::Model>,
    /// The provider gives money back the way it came, so no account is asked for.
    goes_back: bool,
    backs: Vec<Back>,
    bars: Vec<Progress>,
    cartons: usize,
    sailing: Option<String>,
    way: Vec<(NaiveDate, String, String)>,
    /// No picture that was sent as a proof can be read.
    proof_refused: bool,
}

impl Seen {
    async fn look(app: &App, secret: &str) -> Result<Seen> {
        let order = orders::by_secret(&app.db, secret).await?;
        Ok(Seen {
            outlet: outlet::Entity::find_by_id(order.outlet_id).one(&app.db).await?.ok_or(Error::NotFound)?,
            lines: orders::lines(&app.db, order.id).await?,
            attempt: pay::attempts(&app.db, order.id).await?.into_iter().next(),
            parcels: orders::parcels(&app.db, order.id).await?,
            bars: progress_of(&app.db, order.id).await?,
            account: match order.refund_due {
                Rupiah::ZERO => None,
                _ => crate::orders::refund_account::of(&app.db, order.id).await?,
            },
            goes_back: order.refund_due > Rupiah::ZERO
                && refund::way_back(&app.db, &orders::subject(order.id), app.clock.now()).await?.is_some(),
            backs: match order.payment {
                Payment::Unpaid => Vec::new(),
                _ => back::of_order(&app.db, &order).await?,
            },
            cartons: carton::of_order(&app.db, order.id).await?.len(),
            sailing: shipment::of_order(&app.db, order.id).await?.map(|ship| ship.name),
            way: shipment::notes(&app.db, order.id)
                .await?
                .into_iter()
                .map(|note| (note.on_day, note.place, note.said))
                .collect(),
            proof_refused: match order.method {
                Method::Transfer if order_state::is_asked(&order) => {
                    let sent = photo::of(&app.db, Subject::Proof, order.id).await?;
                    !sent.is_empty() && sent.iter().all(|photo| photo.state == Picture::Refused)
                }
                _ => false,
            },
            order,
        })
    }

    /// A message to the outlet about this order, as it stands.
    fn whatsapp(&self, app: &App, visit: &Visit) -> String {
        let stands = app.say(visit.lang, &Said::new(headline(&self.order, &self.parcels)));
        let text = Said::new("order.whatsapp_text")
            .with("name", self.order.buyer_name.as_str())
            .with("number", number(&self.order))
            .with("state", stands)
            .with("link", format!("{}{}", app.config.public_url, orders::url(&self.order)));
        whatsapp::link(&self.outlet.phone, &app.say(visit.lang, &text))
    }

    fn page(&self, now: DateTime<Utc>, say: &dyn Fn(&Said) -> String, whatsapp: String) -> OrderPage {
        let order = &self.order;
        let due = share::due(order, &self.lines);
        let panel = panel(order, due, &self.outlet, self.attempt.as_ref(), now);
        let fresh =
            self.attempt.as_ref().is_some_and(|attempt| now - attempt.created_at < chrono::Duration::minutes(2));
        let mut methods = match &panel {
            Some(panel) if panel.kind != "proof" => MethodView::all(&case(order, &self.outlet, &self.lines), "", say),
            _ => Vec::new(),
        };
        let live = self.attempt.as_ref().is_none_or(pay::is_live);
        methods.retain(|method| method.no.is_none() && !(live && named(order, method)));
        if order.deposit > Rupiah::ZERO {
            methods.retain(|view| !method::named(view.code).is_some_and(method::is_cash));
        }
        OrderPage {
            number: number(order),
            url: orders::url(order),
            headline: headline(order, &self.parcels),
            buyer: order.buyer_name.clone(),
            destination: destination(order).map(|r| format!("{}, {}", r.village, r.regency)).unwrap_or_default(),
            zone: zone_hours(order),
            steps: steps(order, &self.parcels),
            lines: line_views(&self.lines),
            goods_total: order.goods_total,
            shipping_total: if due > Rupiah::ZERO { order.shipping_total } else { Rupiah::ZERO },
            total: due,
            part: balance::part_of(order),
            deposit: order.deposit,
            balance: due - std::cmp::min(order.deposit, due),
            kept: order.kept,
            balance_days: order.balance_days,
            owed: order.owed,
            owed_by: order.owed_by,
            refund_due: order.refund_due,
            refund_account: self.account.as_ref().map(|account| {
                let end = end_of(&account.number).to_owned();
                [account.bank.clone(), end, account.holder.clone()]
            }),
            goes_back: self.goes_back,
            backs: self.backs.clone(),
            form: FormView::default(),
            ready_on: order.ready_on,
            being_made: being_made(&self.bars),
            pickup: order.delivery == Delivery::Pickup,
            refresh: fresh && panel.as_ref().is_some_and(|panel| panel.kind == "wait"),
            methods,
            may_cancel: orders::may_cancel(order),
            close_reason: order.close_reason.clone().filter(|reason| !matches!(reason.as_str(), "buyer" | "unpaid")),
            parcels: self.parcels.iter().filter_map(parcel_view).collect(),
            cartons: self.cartons,
            sailing: self.sailing.clone(),
            way: self.way.clone(),
            outlet: self.outlet.name.clone(),
            outlet_address: self.outlet.address.clone(),
            outlet_hours: self.outlet.hours.clone(),
            whatsapp,
            state: state_of(order, self.attempt.as_ref(), &self.parcels),
            proof_refused: self.proof_refused,
            proof_wrong: None,
            panel,
        }
    }
}

/// All that is being made for an order as one figure.
fn being_made(bars: &[Progress]) -> Option<[i64; 3]> {
    let (made, all) = bars.iter().fold((0, 0), |(made, all), bar| (made + bar.delivered, all + bar.pieces));
    Some([made, all, (made * 100).checked_div(all)?])
}

fn named(order: &Model, method: &MethodView) -> bool {
    crate::orders::method::code(order.method) == method.code
}

fn parcel_view(parcel: &parcel::Model) -> Option<ParcelView> {
    (parcel.state != parcel::State::Returned).then_some(())?;
    Some(ParcelView {
        courier: parcel.courier.clone().unwrap_or_default(),
        tracking_number: parcel.tracking_number.clone()?,
    })
}

/// The order as the ways to pay look at it.
pub(super) fn case(order: &Model, outlet: &outlet::Model, lines: &[order_line::Model]) -> Case {
    Case {
        total: share::asked(order, share::due(order, lines)),
        delivery: order.delivery,
        zone: zone_of(order),
        to_be_made: lines.iter().any(|line| line.to_make > 0),
        cod_max: outlet.cod_max,
        past: Past::default(),
    }
}

fn state_of(order: &Model, attempt: Option<&payment_attempt::Model>, parcels: &[parcel::Model]) -> String {
    let attempt = attempt.map(|attempt| (attempt.id, attempt.state));
    let parcels: Vec<parcel::State> = parcels.iter().map(|parcel| parcel.state).collect();
    let (confirmed, ends) = (order.confirmed_at.is_some(), order.pay_by.is_some());
    let asked = order_state::is_asked(order);
    let text = format!("{:?} {:?} {asked} {confirmed} {ends} {attempt:?} {parcels:?}", order.state, order.payment);
    crate::secret::sha256(text.as_bytes()).chars().take(12).collect()
}

/// `GET /pesanan/{secret}`
pub(super) async fn show(visit: Visit, app: web::Data<App>, secret: web::Path<String>) -> Result<HttpResponse> {
    draw(&visit, &app, &secret, StatusCode::OK, None, FormView::default()).await
}

/// The page, with what was wrong with a photo that was sent, or with an account that was typed.
pub(super) async fn draw(
    visit: &Visit,
    app: &App,
    secret: &str,
    status: StatusCode,
    wrong: Option<&Said>,
    form: FormView,
) -> Result<HttpResponse> {
    let seen = Seen::look(app, secret).await?;
    let say = |said: &Said| app.say(visit.lang, said);
    let mut page = seen.page(app.clock.now(), &say, seen.whatsapp(app, visit));
    page.proof_wrong = wrong.map(say);
    page.form = form;
    if let (Some(panel), Some(attempt), true) = (&mut page.panel, &seen.attempt, app.sandbox.is_some()) {
        panel.stand_in = stand_in(app, &seen.order, attempt).await?;
    }
    let mut answer = visit.page_with(status, &app.templates, &page)?;
    keep_secret(&mut answer);
    Ok(answer)
}

/// Where the stand-in lets one act as the wallet or the bank of an attempt that waits for money.
async fn stand_in(app: &App, order: &Model, attempt: &payment_attempt::Model) -> Result<Option<String>> {
    if !pay::is_live(attempt) {
        return Ok(None);
    }
    let transaction = attempt::transaction_of(&app.db, attempt.id).await?;
    let finish = escape_query(&orders::url(order));
    Ok(transaction.map(|id| format!("{}/bayar/{id}?finish={finish}", sandbox::midtrans::MOUNT)))
}

/// Search engines, each by its name. A rule for all of them at once would also be read as a fault of the page.
const ENGINES: [&str; 10] = [
    "googlebot",
    "bingbot",
    "duckduckbot",
    "yandex",
    "baiduspider",
    "applebot",
    "petalbot",
    "seznambot",
    "slurp",
    "archive.org_bot",
];

/// The address is the key: it goes into no search engine, and by the headers of every page to no other site.
pub fn keep_secret(answer: &mut HttpResponse) {
    for engine in ENGINES {
        if let Ok(rule) = header::HeaderValue::from_str(&format!("{engine}: noindex, nofollow")) {
            answer.headers_mut().append(header::HeaderName::from_static("x-robots-tag"), rule);
        }
    }
}

/// `GET /pesanan/{secret}/keadaan`: a word that changes when something happened.
pub(super) async fn state(app: web::Data<App>, secret: web::Path<String>) -> Result<HttpResponse> {
    let order = orders::by_secret(&app.db, &secret).await?;
    let attempt = pay::attempts(&app.db, order.id).await?.into_iter().next();
    let parcels = orders::parcels(&app.db, order.id).await?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .content_type("text/plain; charset=utf-8")
        .body(state_of(&order, attempt.as_ref(), &parcels)))
}
