//! `/pesan`: one page from basket to order. Whatever is refused comes back as it was typed.
use actix_web::{HttpResponse, http::StatusCode, web};
use chrono::NaiveDate;
use sea_orm::EntityTrait;
use serde::Serialize;

use super::{
    cart::{LineView, agree, views},
    say_next, see_other_with_count,
    ways::{MethodView, Refused},
};
use crate::{
    accounts::visit::Visit,
    app::App,
    db,
    error::{Error, Result},
    form::{self, Form, FormView, Wrong},
    locale::Said,
    once,
    orders::{
        carriage::{self, Place, Service, offers, outlet_of, places},
        cart,
        cart::Cart,
        checkout::{Desk, destination},
        example,
        method::{self, Past},
        place::{self, Changed, Tap},
        shipping::Offer,
    },
    page::{Page, Sample, samples as samples_of, see_other},
    region::{self, Code},
    secret::sha256,
};
use entity::{Rupiah, order::Delivery, outlet, person};

pub(super) fn samples() -> Vec<Sample> {
    samples_of::<CheckoutPage>()
}

#[derive(Serialize)]
struct CheckoutPage {
    form: FormView,
    lines: Vec<LineView>,
    troubled: bool,
    /// Something changed while the form was being filled.
    changed: bool,
    goods_total: Rupiah,
    shipping: Option<Rupiah>,
    total: Rupiah,
    ready_on: Option<NaiveDate>,
    /// Names of what can only be fetched; empty when everything can be sent.
    pickup_only: String,
    pickup: bool,
    outlet: String,
    outlet_address: String,
    outlet_hours: String,
    places: Vec<Place>,
    /// A village was looked for, and none was found.
    not_found: bool,
    services: Vec<Service>,
    methods: Vec<MethodView>,
    refused: Vec<Refused>,
    bank_open: bool,
    /// What this page shows, to be compared when it is sent.
    seen: String,
}

impl Page for CheckoutPage {
    const TEMPLATE: &'static str = "orders/checkout.html";
    fn samples() -> Vec<CheckoutPage> {
        let cart = example::cart();
        let say = |said: &Said| said.key.to_owned();
        let lines: Vec<LineView> =
            cart.lines.iter().map(|line| LineView::of(line, &say, NaiveDate::default())).collect();
        let outlet = example::outlet();
        let quotes = [];
        let desk = Desk {
            cart: &cart,
            outlet: &outlet,
            quotes: &quotes,
            past: Past::default(),
            language: crate::locale::Lang::Id,
            person_id: None,
        };
        let case = desk.case(&Form::default());
        let page = |pickup: bool, troubled: bool| CheckoutPage {
            form: FormView::default(),
            lines: lines.clone(),
            troubled,
            changed: troubled,
            goods_total: cart.goods_total(),
            shipping: (!pickup).then_some(Rupiah(46_000)),
            total: cart.goods_total(),
            ready_on: troubled.then(NaiveDate::default),
            pickup_only: if troubled { "Beras".into() } else { String::new() },
            pickup,
            outlet: outlet.name.clone(),
            outlet_address: outlet.address.clone(),
            outlet_hours: outlet.hours.clone(),
            places: carriage::example().places,
            not_found: pickup,
            services: carriage::example().services,
            methods: MethodView::all(&case, "qris", &say),
            refused: vec![Refused { name: "pay.cod".into(), no: String::new() }],
            bank_open: pickup,
            seen: String::new(),
        };
        vec![page(false, false), page(true, true)]
    }
}

/// What stands around the form: looked up anew for each request.
struct Around {
    cart: Cart,
    outlet: outlet::Model,
    origin: Code,
    offers: Vec<Offer>,
    quotes: Vec<crate::gateway::shipping::Quote>,
    past: Past,
}

impl Around {
    /// None when the basket is empty.
    async fn look(app: &App, visit: &Visit, form: &Form) -> Result<Option<Around>> {
        match cart::find(&app.db, visit.cart.as_deref()).await? {
            Some(cart) => Around::of(app, cart, form).await,
            None => Ok(None),
        }
    }

    async fn of(app: &App, cart: Cart, form: &Form) -> Result<Option<Around>> {
        let Some(outlet_id) = cart.outlet_id() else { return Ok(None) };
        let (outlet, origin) = outlet_of(&app.db, outlet_id).await?;
        let offers = match destination(form) {
            Some(code) if !cart.is_pickup_only() => offers(&app.db, outlet_id, &origin, &code, &cart.lines).await?,
            _ => Vec::new(),
        };
        // Who pays at once needs no past.
        let cash = method::named(form.get("bayar")).is_none_or(method::is_cash);
        let past = match form::phone(form.get("hp")).filter(|_| cash) {
            Some(phone) => method::past_of(&app.db, &phone, app.clock.now()).await?,
            None => Past::default(),
        };
        let quotes = offers.iter().map(|offer| offer.quote.clone()).collect();
        Ok(Some(Around { cart, outlet, origin, offers, quotes, past }))
    }

    /// Goods with their prices, and the costs of sending if there are any yet, as a page shows them, in short.
    fn seen(&self) -> String {
        let short = |text: String| sha256(text.as_bytes()).chars().take(16).collect::<String>();
        let costs: Vec<String> = self.quotes.iter().map(|quote| format!("{}={}", quote.code, quote.cost.0)).collect();
        let costs = if costs.is_empty() { String::new() } else { short(costs.join(" ")) };
        format!("{}.{costs}", short(self.cart.digest()))
    }

    /// Whether the page a form was filled on showed something else than what is now.
    fn is_other_than(&self, form: &Form) -> bool {
        let Some((goods, costs)) = form.get("dilihat").split_once('.') else { return false };
        let now = self.seen();
        let (goods_now, costs_now) = now.split_once('.').unwrap_or_default();
        goods != goods_now || (!costs.is_empty() && costs != costs_now)
    }

    fn desk(&self, visit: &Visit) -> Desk<'_> {
        Desk {
            cart: &self.cart,
            outlet: &self.outlet,
            quotes: &self.quotes,
            past: self.past,
            language: visit.lang,
            person_id: visit.signed.as_ref().map(|signed| signed.id),
        }
    }
}

/// `GET /pesan`: the form, filled with what is known.
pub(super) async fn show(visit: Visit, app: web::Data<App>) -> Result<HttpResponse> {
    let mut form = Form::default();
    if let Some(signed) = &visit.signed {
        form.set("nama", signed.name.clone());
        let person = person::Entity::find_by_id(signed.id).one(&app.db).await?;
        form.set("hp", person.and_then(|person| person.phone).map(|p| format!("+{p}")).unwrap_or_default());
    }
    let Some(cart) = cart::find(&app.db, visit.cart.as_deref()).await? else { return Ok(see_other("/keranjang")) };
    if let Some(code) = &cart.row.region_code {
        form.set("desa", code.clone());
        fill_postcode(&mut form);
    }
    match Around::of(&app, cart, &form).await? {
        Some(around) if !around.cart.is_troubled() => {
            draw(&visit, &app, StatusCode::OK, &around, &form, &Wrong::default(), false)
        }
        _ => Ok(see_other("/keranjang")),
    }
}

/// `POST /pesan`: looks a village up, takes what there is, or places the order.
pub(super) async fn act(visit: Visit, app: web::Data<App>, mut form: Form) -> Result<HttpResponse> {
    match form.get("tombol") {
        "cari" => look_up(&visit, &app, &mut form).await,
        "sesuaikan" => fit(&visit, &app, &form).await,
        _ => order(&visit, &app, &form).await,
    }
}

/// Draws the page again with villages and prices for what was typed.
async fn look_up(visit: &Visit, app: &App, form: &mut Form) -> Result<HttpResponse> {
    let typed = form.get("tujuan").to_owned();
    if destination(form).is_none()
        && let Ok(near) = Code::parse("35.09.22.2001")
        && let [only] = places(&typed, &near).as_slice()
    {
        form.set("desa", only.code.clone());
    }
    fill_postcode(form);
    match Around::look(app, visit, form).await? {
        Some(around) => draw(visit, app, StatusCode::OK, &around, form, &Wrong::default(), false),
        None => Ok(see_other("/keranjang")),
    }
}

/// Another village has another postcode; one that was typed for this village stays.
fn fill_postcode(form: &mut Form) {
    let Some(region) = destination(form).and_then(|code| region::find(&code)) else { return };
    if form.get("kodepos").is_empty() || form.get("kodepos_untuk") != region.code.as_str() {
        form.set("kodepos", region.postcode.unwrap_or_default());
        form.set("kodepos_untuk", region.code.as_str());
    }
}

/// Makes the basket fit what there is and takes the prices that were shown; what was typed stays.
async fn fit(visit: &Visit, app: &App, form: &Form) -> Result<HttpResponse> {
    let tx = db::begin(&app.db).await?;
    if let Some(row) = cart::lock(&tx, visit.cart.as_deref()).await? {
        for line in &cart::read(&tx, row).await?.lines {
            agree(&tx, form, line).await?;
            cart::fit(&tx, line).await?;
        }
    }
    tx.commit().await?;
    match Around::look(app, visit, form).await? {
        Some(around) => draw(visit, app, StatusCode::OK, &around, form, &Wrong::default(), false),
        None => Ok(see_other_with_count(app, "/keranjang", 0)),
    }
}

async fn order(visit: &Visit, app: &App, form: &Form) -> Result<HttpResponse> {
    let hash = form.content_hash();
    let tap = Tap { key: form.request_key(), content_hash: &hash };
    let around = Around::look(app, visit, form).await?;
    // Something else was shown when the form was filled: an order is never made of what nobody saw.
    let is_other = around.as_ref().is_some_and(|around| around.is_other_than(form));
    let judged = match &around {
        Some(around) if around.cart.is_troubled() => Err(Wrong::default()),
        Some(around) if is_other => match around.desk(visit).judge(form) {
            // What is wrong beside that is said with it.
            Err(wrong) => Err(wrong),
            Ok(_) => Err(Wrong::default()),
        },
        Some(around) => around.desk(visit).judge(form),
        None => Err(Wrong::default()),
    };
    let (around, wish) = match (around, judged) {
        (Some(around), Ok(wish)) => (around, wish),
        (around, wrong) => {
            // A second tap comes when the basket is already empty: it hears what the first one heard.
            match before(visit, app, tap).await {
                Ok(Some(url)) => return Ok(see_other(&url)),
                Ok(None) => {}
                // Gone back and changed something after ordering: the order stands as it is.
                Err(Error::Refused(_)) if around.is_none() => return first_order(app, tap).await,
                Err(e) => return Err(e),
            }
            let (Some(around), Err(wrong)) = (around, wrong) else { return Ok(see_other("/keranjang")) };
            let changed = around.cart.is_troubled() || (is_other && wrong.0.is_empty());
            let status = if changed { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
            return draw(visit, app, status, &around, form, &wrong, changed);
        }
    };
    let tx = db::begin(&app.db).await?;
    match place::from_cart(&tx, &app.clock, visit.cart.as_deref(), tap, &around.cart, &wish).await {
        Ok(Ok(url)) => {
            tx.commit().await?;
            Ok(see_other_with_count(app, &url, 0))
        }
        Ok(Err(Changed)) => {
            drop(tx);
            match Around::look(app, visit, form).await? {
                Some(around) => draw(visit, app, StatusCode::CONFLICT, &around, form, &Wrong::default(), true),
                None => Ok(see_other("/keranjang")),
            }
        }
        Err(Error::Refused(refusal)) => {
            drop(tx);
            let wrong = Wrong::field("", refusal.said);
            draw(visit, app, StatusCode::UNPROCESSABLE_ENTITY, &around, form, &wrong, false)
        }
        Err(e) => Err(e),
    }
}

async fn first_order(app: &App, tap: Tap<'_>) -> Result<HttpResponse> {
    let url = once::first_answer(&app.db, place::SCOPE, tap.key.unwrap_or_default()).await?;
    let mut answer = see_other(url.as_deref().unwrap_or("/pesanan"));
    say_next(&mut answer, "order.already_placed");
    Ok(answer)
}

/// The answer that this form was given before, if it was sent before.
async fn before(visit: &Visit, app: &App, tap: Tap<'_>) -> Result<Option<String>> {
    if tap.key.is_none() {
        return Ok(None);
    }
    let tx = db::begin(&app.db).await?;
    place::placed_before(&tx, visit.cart.as_deref(), tap).await
}

fn draw(
    visit: &Visit,
    app: &App,
    status: StatusCode,
    around: &Around,
    form: &Form,
    wrong: &Wrong,
    changed: bool,
) -> Result<HttpResponse> {
    let say = |said: &Said| app.say(visit.lang, said);
    let desk = around.desk(visit);
    let chosen = destination(form);
    let chosen_place = chosen.as_ref().and_then(Place::of_code).map(|place| Place { chosen: true, ..place });
    let mut found = places(form.get("tujuan"), &around.origin);
    // Once one of them is chosen, the others are out of the way; another search brings others.
    if chosen_place.as_ref().is_some_and(|chosen| found.iter().any(|place| place.code == chosen.code)) {
        found.clear();
    }
    let not_found = found.is_empty() && chosen.is_none() && !form.get("tujuan").is_empty();
    let service = desk.quote(form).map(|quote| quote.code.clone());
    let pickup = desk.delivery(form) == Delivery::Pickup;
    let services = around.offers.iter().map(|offer| Service {
        chosen: service.as_deref() == Some(&offer.quote.code),
        ..Service::of(offer, &around.cart.lines)
    });
    let methods = MethodView::all(&desk.case(form), form.get("bayar"), &say);
    let page = CheckoutPage {
        form: FormView::new(form, wrong, app.templates.words(), visit.lang),
        lines: views(&around.cart, visit, app),
        troubled: around.cart.is_troubled(),
        changed,
        goods_total: around.cart.goods_total(),
        shipping: desk.quote(form).filter(|_| !pickup).map(|quote| quote.cost),
        total: desk.total(form),
        ready_on: around.cart.ready_on(app.clock.today()),
        pickup_only: around.cart.pickup_only(),
        seen: around.seen(),
        pickup,
        outlet: around.outlet.name.clone(),
        outlet_address: around.outlet.address.clone(),
        outlet_hours: around.outlet.hours.clone(),
        places: chosen_place.into_iter().chain(found).collect(),
        not_found,
        services: services.collect(),
        bank_open: methods.iter().any(|method| method.bank && method.chosen)
            || methods.iter().all(|method| method.bank || method.no.is_some())
            || wrong.0.contains_key("bayar"),
        refused: Refused::all(&methods),
        methods,
    };
    visit.page_with(status, &app.templates, &page)
}
