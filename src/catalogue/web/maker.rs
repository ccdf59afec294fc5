//! Pages of the people who weave.
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;

use super::draw::{CardView, Drawing, MakerView, beginning, card_views, linked_data};
use crate::{
    accounts::visit::Visit,
    app::App,
    catalogue::{maker, shelf},
    error::{Error, Result},
    form::Form,
    page::Page,
};

/// How many of a maker's goods their page shows.
const GOODS: i64 = 96;

/// All makers.
#[derive(Default, Serialize)]
pub struct ListPage {
    makers: Vec<MakerView>,
    previous: Option<String>,
    next: Option<String>,
    canonical: String,
}

impl Page for ListPage {
    const TEMPLATE: &'static str = "catalogue/makers.html";
    fn samples() -> Vec<ListPage> {
        vec![
            ListPage::default(),
            ListPage { makers: vec![MakerView::default()], next: Some("/perajin?hal=2".into()), ..ListPage::default() },
        ]
    }
}

/// One maker with their goods.
#[derive(Default, Serialize)]
pub struct ShowPage {
    maker: MakerView,
    kecamatan: String,
    kabupaten: String,
    story: Vec<String>,
    cards: Vec<CardView>,
    description: String,
    canonical: String,
    image: Option<String>,
    linked_data: String,
}

impl Page for ShowPage {
    const TEMPLATE: &'static str = "catalogue/maker.html";
    fn samples() -> Vec<ShowPage> {
        let full = ShowPage {
            maker: MakerView { face: Some("x".into()), group: Some("Krajan Makmur".into()), ..MakerView::default() },
            story: vec!["Menganyam sejak kecil.".into()],
            cards: vec![CardView::default()],
            image: Some("x".into()),
            ..ShowPage::default()
        };
        vec![ShowPage::default(), full]
    }
}

/// `GET /perajin`
pub async fn list(request: HttpRequest, visit: Visit, app: web::Data<App>) -> Result<HttpResponse> {
    let drawing = Drawing::begin(&request, &app, visit, "/perajin");
    let asked = Form::parse(request.query_string().as_bytes());
    let page = asked.get("hal").parse().unwrap_or(1_i64).clamp(1, 10_000);
    let mut makers = maker::makers(&app.db, maker::PAGE + 1, (page - 1) * maker::PAGE).await?;
    let more = makers.len() as i64 > maker::PAGE;
    makers.truncate(maker::PAGE as usize);
    let link = |page: i64| if page > 1 { format!("/perajin?hal={page}") } else { "/perajin".to_owned() };
    let view = ListPage {
        makers: makers.iter().map(MakerView::from).collect(),
        previous: (page > 1).then(|| link(page - 1)),
        next: more.then(|| link(page + 1)),
        canonical: format!("{}{}", app.config.public_url, link(page)),
    };
    drawing.answer(&request, &app, &view)
}

/// `GET /perajin/{slug}`
pub async fn show(
    request: HttpRequest,
    visit: Visit,
    slug: web::Path<String>,
    app: web::Data<App>,
) -> Result<HttpResponse> {
    let drawing = Drawing::begin(&request, &app, visit, &format!("/perajin/{slug}"));
    let found = maker::maker(&app.db, &slug).await?.ok_or(Error::NotFound)?;
    let cards = shelf::cards_of_maker(&app.db, found.id, GOODS).await?;
    let public_url = &app.config.public_url;
    let canonical = format!("{public_url}/perajin/{}", found.slug);
    let image = found.face.as_ref().map(|name| format!("{public_url}/foto/{name}-1200.jpg"));
    let person = serde_json::json!({
        "@context": "https://schema.org", "@type": "Person", "name": found.name, "url": canonical, "image": image,
        "homeLocation": { "@type": "Place", "name": format!("{}, {}", found.village, found.kabupaten) },
    });
    let view = ShowPage {
        maker: MakerView::from(&found),
        description: beginning(&found.story, 155),
        story: found.story.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect(),
        kecamatan: found.kecamatan,
        kabupaten: found.kabupaten,
        cards: card_views(&cards, app.templates.words(), drawing.visit.lang),
        canonical,
        image,
        linked_data: linked_data(&person),
    };
    drawing.answer(&request, &app, &view)
}
