//! The front page, and the addresses everybody may open.
use actix_web::{HttpRequest, HttpResponse, Route, guard, web};
use serde::Serialize;

use super::{
    api,
    draw::{CardView, Drawing, MakerView, card_views, categories, linked_data, whatsapp},
    list, maker, robots, show,
};
use crate::{
    accounts::visit::Visit,
    app::App,
    catalogue::{
        category::Category,
        maker::makers,
        shelf::{self, Shelf},
    },
    error::Result,
    locale::Said,
    outlet::{
        market::{self, State},
        web::market::view::MarketView,
    },
    page::{self, Page, Sample},
};
use entity::category::Kind;

/// Routes of this file and its neighbours.
pub fn configure(cfg: &mut web::ServiceConfig) {
    cfg.route("/", look().to(front))
        .route("/produk", look().to(list::all))
        .route("/kategori/{slug}", look().to(list::category))
        .route("/produk/{slug}", look().to(show::show))
        .route("/perajin", look().to(maker::list))
        .route("/perajin/{slug}", look().to(maker::show))
        .route("/sitemap.xml", look().to(robots::sitemap))
        .route("/robots.txt", look().to(robots::robots));
    api::configure(cfg);
}

/// Looking changes nothing, with or without the body.
pub fn look() -> Route {
    web::route().guard(guard::Any(guard::Get()).or(guard::Head()))
}

/// Example values of the pages here.
pub fn samples() -> Vec<Sample> {
    [
        page::samples::<FrontPage>(),
        page::samples::<list::ListPage>(),
        page::samples::<show::ShowPage>(),
        page::samples::<show::GonePage>(),
        page::samples::<maker::ListPage>(),
        page::samples::<maker::ShowPage>(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The first page of the shop.
#[derive(Default, Serialize)]
pub struct FrontPage {
    newest: Vec<CardView>,
    sembako: Vec<CardView>,
    categories: Vec<Category>,
    makers: Vec<MakerView>,
    outlet: Option<OutletView>,
    /// An operasi pasar that is coming or on.
    market: Option<MarketView>,
    total: i64,
    canonical: String,
    linked_data: String,
}

/// The outlet as the front page presents it.
#[derive(Default, Serialize)]
pub struct OutletView {
    slug: String,
    name: String,
    address: String,
    hours: String,
    village: String,
    kecamatan: String,
    kabupaten: String,
    ask_url: String,
    /// Percent of a price for maker, outlet and group.
    shares: [i64; 3],
}

impl Page for FrontPage {
    const TEMPLATE: &'static str = "catalogue/front.html";
    fn samples() -> Vec<FrontPage> {
        let full = FrontPage {
            newest: vec![CardView { cover: Some("x".into()), ..CardView::default() }, CardView::default()],
            sembako: vec![CardView::default()],
            categories: vec![Category::default()],
            makers: vec![MakerView::default(), MakerView { face: Some("x".into()), ..MakerView::default() }],
            outlet: Some(OutletView::default()),
            market: Some(MarketView::sample(State::Open)),
            total: 24,
            ..FrontPage::default()
        };
        vec![FrontPage::default(), full]
    }
}

async fn front(request: HttpRequest, visit: Visit, app: web::Data<App>) -> Result<HttpResponse> {
    let mut drawing = Drawing::begin(&request, &app, visit, "/");
    let shelf = app.shelves.now(&app.db).await?;
    let (lang, words) = (drawing.visit.lang, app.templates.words());
    // Sixteen of the newest, of which those that can be sent today come first.
    let crafts = shelf.newest(Kind::Craft, 16);
    let sembako = shelf.newest(Kind::Sembako, 6);
    let (mut newest, sembako): (Vec<_>, Vec<_>) = shelf::cards(&app.db, &[crafts.as_slice(), &sembako].concat())
        .await?
        .into_iter()
        .partition(|card| crafts.contains(&card.id));
    newest.sort_by_key(|card| card.available <= 0);
    newest.truncate(8);
    let makers = makers(&app.db, 8, 0).await?;
    let outlet = outlet(&shelf, &app.say(lang, &Said::new("goods.ask_text")));
    drawing.visit.shell.whatsapp = shelf.outlet.as_ref().map_or(String::new(), |(outlet, _)| outlet.phone.clone());
    let now = app.clock.now();
    let coming = market::coming(&app.db).await?;
    let page = FrontPage {
        market: coming.iter().find(|market| market.closes_at > now).map(MarketView::of),
        newest: card_views(&newest, words, lang),
        sembako: card_views(&sembako, words, lang),
        categories: categories(&shelf, Some(Kind::Craft), None, lang),
        makers: makers.iter().map(MakerView::from).collect(),
        outlet,
        total: shelf.len() as i64,
        canonical: format!("{}/", app.config.public_url),
        linked_data: organisation(&shelf, &app.config.public_url),
    };
    drawing.answer(&request, &app, &page)
}

fn outlet(shelf: &Shelf, question: &str) -> Option<OutletView> {
    let (outlet, village) = shelf.outlet.as_ref()?;
    Some(OutletView {
        slug: outlet.slug.clone(),
        name: outlet.name.clone(),
        address: outlet.address.clone(),
        hours: outlet.hours.clone(),
        village: village.name.clone(),
        kecamatan: village.kecamatan.clone(),
        kabupaten: village.kabupaten.clone(),
        ask_url: whatsapp(&outlet.phone, question),
        shares: [outlet.maker_bp / 100, outlet.outlet_bp / 100, outlet.group_bp / 100],
    })
}

fn organisation(shelf: &Shelf, public_url: &str) -> String {
    let seller = shelf.outlet.as_ref().map(|(outlet, village)| {
        serde_json::json!({
            "@type": "Store",
            "name": outlet.name,
            "url": format!("{public_url}/"),
            "telephone": format!("+{}", crate::form::phone(&outlet.phone).unwrap_or_default()),
            "address": {
                "@type": "PostalAddress", "streetAddress": outlet.address, "addressLocality": village.name,
                "addressRegion": village.kabupaten, "addressCountry": "ID",
            },
        })
    });
    linked_data(&serde_json::json!({
        "@context": "https://schema.org",
        "@graph": [
            {
                "@type": "WebSite", "name": "Warong UEP", "url": format!("{public_url}/"), "inLanguage": "id",
                "potentialAction": {
                    "@type": "SearchAction",
                    "target": format!("{public_url}/produk?q={{q}}"), "query-input": "required name=q",
                },
            },
            seller,
        ],
    }))
}
