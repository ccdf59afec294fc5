//! `/keranjang`: what is in the basket, what has changed since, and what it costs to send it.
use std::collections::HashMap;

use actix_web::{HttpResponse, http::StatusCode, web};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::see_other_with_count;
use crate::{
    accounts::visit::Visit,
    app::App,
    db,
    error::{Error, Refusal, Result},
    form::{Form, whole_number},
    locale::Said,
    orders::{
        carriage::{self, Place, Service, offers, outlet_of, places},
        cart,
        cart::{Cart, Line, MOST, Trouble},
        example,
    },
    page::{Page, Sample, escape_query, samples as samples_of, see_other},
    region::Code,
};
use entity::Rupiah;

pub(super) fn samples() -> Vec<Sample> {
    samples_of::<CartPage>()
}

/// One line as it is shown, with what was typed if it was refused.
#[derive(Clone, Debug, Serialize)]
pub(super) struct LineView {
    pub id: i64,
    pub slug: String,
    pub name: String,
    pub cover: Option<String>,
    pub price: Rupiah,
    pub price_seen: Rupiah,
    pub quantity: String,
    pub total: Rupiah,
    pub ready_on: Option<NaiveDate>,
    pub to_make: i64,
    pub withdrawn: bool,
    /// What is wrong with it now.
    pub trouble: Option<String>,
    /// What was wrong with what was typed.
    pub wrong: Option<String>,
}

impl LineView {
    pub fn of(line: &Line, app_words: &dyn Fn(&Said) -> String, today: NaiveDate) -> LineView {
        let trouble = line.trouble();
        LineView {
            id: line.id,
            slug: line.product.slug.clone(),
            name: line.name(),
            cover: line.product.cover.clone(),
            price: line.item.price,
            price_seen: line.price_seen,
            quantity: line.quantity.to_string(),
            total: line.total(),
            ready_on: line.ready_on(today),
            to_make: line.to_make(),
            withdrawn: trouble == Some(Trouble::Withdrawn),
            trouble: trouble.map(|trouble| app_words(&said(trouble))),
            wrong: None,
        }
    }
}

/// The sentence of a trouble.
fn said(trouble: Trouble) -> Said {
    match trouble {
        Trouble::Withdrawn => Said::new("cart.withdrawn"),
        Trouble::Price { seen, now } => Said::new("cart.price_changed").with("seen", seen).with("now", now),
        Trouble::OnlyLeft(0) => Said::new("cart.none_left"),
        Trouble::OnlyLeft(n) => Said::new("cart.only_left").with("n", n),
    }
}

/// All lines of a basket as they are shown.
pub(super) fn views(cart: &Cart, visit: &Visit, app: &App) -> Vec<LineView> {
    let say = |said: &Said| app.say(visit.lang, said);
    cart.lines.iter().map(|line| LineView::of(line, &say, app.clock.today())).collect()
}

#[derive(Serialize)]
struct CartPage {
    lines: Vec<LineView>,
    goods_total: Rupiah,
    /// Something must be agreed to or changed before it can be ordered.
    troubled: bool,
    /// Only prices changed, so a yes is enough.
    price_changed: bool,
    refused: bool,
    /// Names of what can only be fetched; empty when everything can be sent.
    pickup_only: String,
    typed: String,
    places: Vec<Place>,
    destination: Option<Place>,
    services: Vec<Service>,
}

impl Page for CartPage {
    const TEMPLATE: &'static str = "orders/cart.html";
    fn samples() -> Vec<CartPage> {
        let cart = example::cart();
        let words = |_: &Said| "Tinggal 2 buah.".to_owned();
        let mut lines: Vec<LineView> =
            cart.lines.iter().map(|line| LineView::of(line, &words, NaiveDate::default())).collect();
        let whole = CartPage {
            lines: lines.clone(),
            goods_total: cart.goods_total(),
            troubled: false,
            price_changed: false,
            refused: false,
            pickup_only: String::new(),
            typed: "makasar".into(),
            places: Vec::new(),
            destination: carriage::example().destination,
            services: carriage::example().services,
        };
        for line in &mut lines {
            line.trouble = Some(words(&Said::new("cart.none_left")));
            line.wrong = line.trouble.clone();
            line.ready_on = Some(NaiveDate::default());
        }
        let troubled = CartPage {
            lines,
            troubled: true,
            price_changed: true,
            refused: true,
            places: carriage::example().places,
            destination: None,
            services: Vec::new(),
            typed: String::new(),
            ..CartPage::empty()
        };
        vec![whole, troubled, CartPage::empty()]
    }
}

impl CartPage {
    fn empty() -> CartPage {
        CartPage {
            lines: Vec::new(),
            goods_total: Rupiah::ZERO,
            troubled: false,
            price_changed: false,
            refused: false,
            pickup_only: String::new(),
            typed: String::new(),
            places: Vec::new(),
            destination: None,
            services: Vec::new(),
        }
    }
}

/// What was typed into a basket that was refused, by line.
type Typed = HashMap<i64, (String, Option<Said>)>;

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    tujuan: String,
}

/// `GET /keranjang`, with `?tujuan=` to look a village up.
pub(super) async fn show(visit: Visit, app: web::Data<App>, asked: web::Query<Asked>) -> Result<HttpResponse> {
    let cart = cart::find(&app.db, visit.cart.as_deref()).await?;
    page(&visit, &app, cart, &asked.tujuan, &Typed::new()).await
}

async fn page(visit: &Visit, app: &App, cart: Option<Cart>, typed: &str, refused: &Typed) -> Result<HttpResponse> {
    let Some((cart, outlet_id)) = cart.and_then(|cart| cart.outlet_id().map(|id| (cart, id))) else {
        return visit.page(&app.templates, &CartPage::empty());
    };
    let mut lines = views(&cart, visit, app);
    for line in &mut lines {
        if let Some((typed, wrong)) = refused.get(&line.id) {
            line.quantity.clone_from(typed);
            line.wrong = wrong.as_ref().map(|said| app.say(visit.lang, said));
        }
    }
    let (_, origin) = outlet_of(&app.db, outlet_id).await?;
    let destination = cart.row.region_code.as_deref().and_then(|code| Code::parse(code).ok());
    let services = match &destination {
        Some(code) if !cart.is_pickup_only() => offers(&app.db, outlet_id, &origin, code, &cart.lines).await?,
        _ => Vec::new(),
    };
    let page = CartPage {
        goods_total: cart.goods_total(),
        troubled: cart.is_troubled(),
        price_changed: cart.lines.iter().any(|line| matches!(line.trouble(), Some(Trouble::Price { .. }))),
        refused: refused.values().any(|(_, wrong)| wrong.is_some()),
        pickup_only: cart.pickup_only(),
        typed: typed.to_owned(),
        places: places(typed, &origin),
        destination: destination.as_ref().and_then(Place::of_code),
        services: services.iter().map(|offer| Service::of(offer, &cart.lines)).collect(),
        lines,
    };
    let status = if page.refused { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    visit.page_with(status, &app.templates, &page)
}

/// `POST /keranjang/isi`: other quantities, 0 or `hapus` to take out, `tambah` and `kurang` for one more or less;
/// `tombol=setuju` takes today's prices, and `tombol=sesuaikan` takes what there is. Then where the button leads.
pub(super) async fn change(visit: Visit, app: web::Data<App>, form: Form) -> Result<HttpResponse> {
    let tx = db::begin(&app.db).await?;
    let Some(row) = cart::lock(&tx, visit.cart.as_deref()).await? else { return Ok(see_other("/keranjang")) };
    let cart = cart::read(&tx, row).await?;
    let mut typed = Typed::new();
    for line in &cart.lines {
        let id = line.id.to_string();
        if form.get("hapus") == id {
            cart::change(&tx, line, 0).await?;
        } else if form.get("tombol") == "sesuaikan" {
            cart::fit(&tx, line).await?;
        } else {
            agree(&tx, &form, line).await?;
            let name = format!("jumlah-{id}");
            if form.has(&name) {
                let step = i64::from(form.get("tambah") == id) - i64::from(form.get("kurang") == id);
                let wrong = set(&tx, line, form.get(&name), step).await?;
                typed.insert(line.id, (form.get(&name).chars().take(20).collect(), wrong));
            }
        }
    }
    if typed.values().any(|(_, wrong)| wrong.is_some()) {
        drop(tx);
        return page(&visit, &app, Some(cart), form.get("tujuan"), &typed).await;
    }
    let mut next = match form.get("tombol") {
        "pesan" => "/pesan".to_owned(),
        "cari" => format!("/keranjang?tujuan={}#ongkir", escape_query(form.get("tujuan"))),
        _ => "/keranjang".to_owned(),
    };
    if form.has("desa") {
        let code = Code::parse(form.get("desa")).map_err(|_| Refusal::invalid("checkout.choose_village"))?;
        cart::send_to(&tx, &app.clock, cart.row.id, code.as_str()).await?;
        next = "/keranjang#ongkir".into();
    }
    let count = cart::read(&tx, cart.row).await?.count();
    tx.commit().await?;
    Ok(see_other_with_count(&app, &next, count))
}

/// Takes the price that was shown, if the buyer said yes to it.
pub(super) async fn agree(tx: &db::Tx, form: &Form, line: &Line) -> Result<()> {
    let shown = whole_number(form.get(&format!("harga-{}", line.id))).map(Rupiah);
    match shown.filter(|_| matches!(form.get("tombol"), "setuju" | "sesuaikan")) {
        Some(shown) => cart::agree(tx, line, shown).await,
        None => Ok(()),
    }
}

/// The quantity that was typed, and a step up or down from it.
async fn set(tx: &db::Tx, line: &Line, typed: &str, step: i64) -> Result<Option<Said>> {
    let quantity = match whole_number(typed) {
        None if typed.is_empty() => return Ok(Some(Said::new("form.required"))),
        None => return Ok(Some(Said::new("form.not_a_number"))),
        Some(n) if n + step > MOST => return Ok(Some(Said::new("form.at_most").with("max", MOST))),
        Some(n) => (n + step).max(0),
    };
    match cart::change(tx, line, quantity).await {
        Ok(()) => Ok(None),
        Err(Error::Refused(refusal)) => Ok(Some(refusal.said)),
        Err(e) => Err(e),
    }
}
