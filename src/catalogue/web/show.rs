//! The page of one product: what it is, what is left, who made it, where the money goes, and how to get it.
use std::collections::HashMap;

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::draw::{CardView, Drawing, MakerView, beginning, card_views, linked_data, price, whatsapp};
use crate::{
    accounts::visit::Visit,
    app::App,
    catalogue::{
        capacity::{self, Pool},
        category, shelf,
        show::{self, Product, Sheet, Size},
    },
    error::{Error, Result},
    locale::{self, Lang, Said, Words},
    orders::{
        carriage::{self, Carriage},
        cart,
    },
    page::{Page, centimetres, kilograms},
};
use entity::{
    Rupiah, category as category_row,
    product::{State, Unit},
};

/// A product with everything a buyer asks before buying.
#[derive(Default, Serialize)]
pub struct ShowPage {
    name: String,
    price: String,
    photos: Vec<String>,
    description: Vec<String>,
    category: String,
    category_slug: String,
    sizes: Vec<SizeView>,
    /// The size shown first.
    first: SizeView,
    /// Whether any size can be ordered.
    orderable: bool,
    made_to_order: bool,
    pieces_per_week: Option<i64>,
    pickup_only: bool,
    /// What was asked about sending it; nothing before anybody asked.
    carriage: Carriage,
    slug: String,
    /// Percent for maker, outlet and group; absent where no maker has a share.
    shares: Option<[String; 3]>,
    maker: Option<MakerView>,
    outlet: String,
    similar: Vec<CardView>,
    share_url: String,
    ask_url: String,
    summary: String,
    canonical: String,
    image: Option<String>,
    linked_data: String,
}

/// One size in words.
#[derive(Clone, Default, Serialize)]
pub struct SizeView {
    id: i64,
    name: String,
    price: String,
    /// "30 × 30 × 38", without the unit; empty when not known.
    dimensions: String,
    /// "0,6"; empty when not known.
    weight: String,
    status: String,
    tone: &'static str,
    orderable: bool,
    chosen: bool,
    /// Rupiah for maker, outlet and group; they sum to the price.
    parts: [Rupiah; 3],
}

/// A product that is no longer sold, with others like it.
#[derive(Default, Serialize)]
pub struct GonePage {
    name: String,
    category: String,
    category_slug: String,
    similar: Vec<CardView>,
}

impl Page for ShowPage {
    const TEMPLATE: &'static str = "catalogue/show.html";
    fn samples() -> Vec<ShowPage> {
        let size = SizeView {
            id: 1,
            dimensions: "30 × 30 × 38".into(),
            weight: "0,6".into(),
            orderable: true,
            chosen: true,
            parts: [Rupiah(21_280), Rupiah(4_480), Rupiah(2_240)],
            ..SizeView::default()
        };
        let full = ShowPage {
            photos: vec!["x".into(), "y".into()],
            description: vec!["Dianyam rapat.".into()],
            sizes: vec![size.clone(), SizeView::default()],
            first: size,
            orderable: true,
            made_to_order: true,
            pieces_per_week: Some(12),
            pickup_only: true,
            carriage: carriage::example(),
            shares: Some(["76".into(), "16".into(), "8".into()]),
            maker: Some(MakerView { face: Some("x".into()), group: Some("g".into()), ..MakerView::default() }),
            similar: vec![CardView::default()],
            image: Some("x".into()),
            ..ShowPage::default()
        };
        let asked = ShowPage { carriage: carriage::example(), ..ShowPage::default() };
        vec![ShowPage::default(), asked, full]
    }
}

impl Page for GonePage {
    const TEMPLATE: &'static str = "catalogue/gone.html";
    fn samples() -> Vec<GonePage> {
        vec![GonePage::default(), GonePage { similar: vec![CardView::default()], ..GonePage::default() }]
    }
}

/// `?tujuan=`: a village's name to look for, or its code to have the price of sending.
#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    tujuan: String,
}

impl Asked {
    async fn carriage(&self, app: &App, product: &Product, sizes: &[Size]) -> Result<Carriage> {
        let Some(size) = sizes.first().filter(|_| !self.tujuan.is_empty() && !product.pickup_only) else {
            return Ok(Carriage::default());
        };
        let lines = cart::lines_of(&app.db, &[(size.id, 1)]).await?;
        carriage::look(&app.db, &lines, self.tujuan.trim()).await
    }
}

/// `GET /produk/{slug}`
pub async fn show(
    request: HttpRequest,
    visit: Visit,
    slug: web::Path<String>,
    asked: web::Query<Asked>,
    app: web::Data<App>,
) -> Result<HttpResponse> {
    let mut drawing = Drawing::begin(&request, &app, visit, &format!("/produk/{slug}"));
    let shelf = app.shelves.now(&app.db).await?;
    let Sheet { product, sizes, photos } = show::sheet(&app.db, &slug).await?.ok_or(Error::NotFound)?;
    let (lang, words) = (drawing.visit.lang, app.templates.words());
    let row = shelf.categories.iter().find(|row| row.id == product.category_id);
    let category = row.map_or(String::new(), |row| category::name(row, lang).to_owned());
    let category_slug = row.map_or(String::new(), |row| row.slug.clone());
    let similar = async {
        let cards = shelf::cards(&app.db, &shelf.similar(product.id, product.category_id, 4)).await?;
        Result::<_>::Ok(card_views(&cards, words, lang))
    };
    match product.state {
        State::Draft | State::Submitted => return Err(Error::NotFound),
        State::Withdrawn => {
            let page = GonePage { similar: similar.await?, name: product.name, category, category_slug };
            return drawing.answer_with(StatusCode::GONE, &app, &page);
        }
        State::Published => {}
    }
    let similar = similar.await?;
    drawing.visit.shell.whatsapp.clone_from(&product.outlet_phone);
    let to_make = sizes.iter().filter(|size| product.days_to_make.is_some() && size.available < 1).map(|size| size.id);
    let pools = capacity::pools(&app.db, &to_make.collect::<Vec<_>>()).await?;
    let words = Wording { words, lang, today: app.clock.today(), public_url: &app.config.public_url, pools };
    let carriage = asked.carriage(&app, &product, &sizes).await?;
    let page = ShowPage { category, category_slug, similar, carriage, ..page(&product, &sizes, photos, &words, row) };
    drawing.answer(&request, &app, &page)
}

/// What is needed to say things.
struct Wording<'a> {
    words: &'a Words,
    lang: Lang,
    today: NaiveDate,
    public_url: &'a str,
    /// Who makes the sizes that the shelf has none of.
    pools: HashMap<i64, Pool>,
}

impl Wording<'_> {
    fn say(&self, said: Said) -> String {
        self.words.say(self.lang, &said)
    }
}

fn page(
    product: &Product,
    sizes: &[Size],
    photos: Vec<String>,
    words: &Wording<'_>,
    category: Option<&category_row::Model>,
) -> ShowPage {
    let mut views: Vec<SizeView> = sizes.iter().map(|size| size_view(product, size, words)).collect();
    let first = views.iter().position(|size| size.orderable).unwrap_or(0);
    if let Some(size) = views.get_mut(first) {
        size.chosen = true;
    }
    let canonical = format!("{}/produk/{}", words.public_url, product.slug);
    let lowest = sizes.iter().map(|size| size.price).min().unwrap_or_default();
    let highest = sizes.iter().map(|size| size.price).max().unwrap_or_default();
    let highest = price(highest, product.unit, words.words, words.lang);
    let price = match price(lowest, product.unit, words.words, words.lang) {
        lowest if lowest == highest => lowest,
        _ => format!("{lowest} – {highest}"),
    };
    let from = product.maker.as_deref().unwrap_or(&product.outlet);
    let place = format!("{}, {}", product.village, product.kabupaten);
    let invitation =
        Said::new("goods.share_text").with("name", &*product.name).with("price", &*price).with("maker", from);
    let question = Said::new("goods.ask_about").with("name", &*product.name);
    let summary = Said::new("goods.summary")
        .with("name", &*product.name)
        .with("price", &*price)
        .with("maker", from)
        .with("place", &*place);
    let image = |name: &String| format!("{}/foto/{name}-1200.jpg", words.public_url);
    let images: Vec<String> = photos.iter().map(image).collect();
    ShowPage {
        slug: product.slug.clone(),
        shares: (product.maker_bp > 0).then(|| [product.maker_bp, product.outlet_bp, product.group_bp].map(percent)),
        orderable: views.iter().any(|size| size.orderable),
        made_to_order: product.days_to_make.is_some(),
        pieces_per_week: product.pieces_per_week.filter(|rate| *rate > 0),
        pickup_only: product.pickup_only,
        maker: maker(product),
        outlet: product.outlet.clone(),
        description: product.description.lines().filter(|l| !l.trim().is_empty()).map(str::to_owned).collect(),
        share_url: whatsapp("", &format!("{}\n{canonical}", words.say(invitation))),
        ask_url: whatsapp(&product.outlet_phone, &format!("{}\n{canonical}", words.say(question))),
        summary: beginning(&format!("{} {}", words.say(summary), product.description), 155),
        image: images.first().cloned(),
        linked_data: linked_data(&describe(product, sizes, &images, &canonical, words, category)),
        first: views.get(first).cloned().unwrap_or_default(),
        sizes: views,
        name: product.name.clone(),
        price,
        photos,
        canonical,
        ..ShowPage::default()
    }
}

fn maker(product: &Product) -> Option<MakerView> {
    Some(MakerView {
        slug: product.maker_slug.clone()?,
        name: product.maker.clone()?,
        dusun: product.dusun.clone().unwrap_or_default(),
        village: product.village.clone(),
        group: product.group_name.clone(),
        face: product.face.clone(),
        goods: 0,
    })
}

/// Hundredths of a percent as people write them: 7600 is "76", 1650 is "16,5".
fn percent(bp: i64) -> String {
    let text = format!("{},{:02}", bp / 100, bp % 100);
    text.trim_end_matches('0').trim_end_matches(',').to_owned()
}

fn size_view(product: &Product, size: &Size, words: &Wording<'_>) -> SizeView {
    let (status, tone) = match (size.available, product.days_to_make) {
        (n, _) if n > 0 => (Said::new("goods.ready").with("n", n), ""),
        (_, Some(days)) => {
            let pool = words.pools.get(&size.id).cloned().unwrap_or_default();
            let day = capacity::after(words.today, capacity::days_until(days, &pool, 1));
            (Said::new("goods.made_by").with("date", locale::date(words.lang, day)), "wait")
        }
        (_, None) => (Said::new("goods.sold_out"), "off"),
    };
    let sides = [size.length_mm, size.width_mm, size.height_mm];
    let known: Vec<String> = sides.into_iter().filter(|mm| *mm > 0).map(centimetres).collect();
    SizeView {
        id: size.id,
        name: size.name.clone(),
        price: price(size.price, product.unit, words.words, words.lang),
        dimensions: known.join(" × "),
        weight: if size.weight_grams > 0 { kilograms(size.weight_grams) } else { String::new() },
        status: words.say(status),
        tone,
        orderable: size.available > 0 || product.days_to_make.is_some(),
        chosen: false,
        parts: show::shares(product, size.price).map(|(_, amount)| amount),
    }
}

/// The product for search engines and previews, by schema.org.
fn describe(
    product: &Product,
    sizes: &[Size],
    images: &[String],
    canonical: &str,
    words: &Wording<'_>,
    category: Option<&category_row::Model>,
) -> Value {
    let availability = if sizes.iter().any(|size| size.available > 0) {
        "https://schema.org/InStock"
    } else if product.days_to_make.is_some() {
        "https://schema.org/MadeToOrder"
    } else {
        "https://schema.org/OutOfStock"
    };
    let seller = json!({ "@type": "Organization", "name": product.outlet });
    let mut offer = json!({
        "@type": "Offer", "url": canonical, "priceCurrency": "IDR", "availability": availability,
        "itemCondition": "https://schema.org/NewCondition", "seller": seller,
    });
    let prices: Vec<i64> = sizes.iter().map(|size| size.price.0).collect();
    if let (Some(low), Some(high)) = (prices.iter().min(), prices.iter().max()) {
        if low == high {
            offer["price"] = json!(low);
        } else {
            offer["@type"] = json!("AggregateOffer");
            offer["lowPrice"] = json!(low);
            offer["highPrice"] = json!(high);
            offer["offerCount"] = json!(prices.len());
        }
    }
    let mut about = json!({
        "@type": "Product", "name": product.name, "description": product.description, "sku": product.slug,
        "url": canonical, "image": images, "offers": offer,
        "countryOfOrigin": { "@type": "Country", "name": "ID" },
    });
    if let Some(maker) = &product.maker {
        about["brand"] = json!({ "@type": "Brand", "name": maker });
    }
    if product.unit == Unit::SquareMetre {
        about["offers"]["eligibleQuantity"] = json!({ "@type": "QuantitativeValue", "unitCode": "MTK" });
    }
    let mut steps = vec![("Warong UEP".to_owned(), format!("{}/", words.public_url))];
    if let Some(row) = category {
        about["category"] = json!(row.name_id);
        let name = category::name(row, words.lang).to_owned();
        steps.push((name, format!("{}/kategori/{}", words.public_url, row.slug)));
    }
    steps.push((product.name.clone(), canonical.to_owned()));
    let trail: Vec<Value> = steps
        .iter()
        .zip(1..)
        .map(|((name, url), n)| json!({ "@type": "ListItem", "position": n, "name": name, "item": url }))
        .collect();
    json!({
        "@context": "https://schema.org",
        "@graph": [about, { "@type": "BreadcrumbList", "itemListElement": trail }],
    })
}
