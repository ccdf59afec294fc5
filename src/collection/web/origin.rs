//! `/asal/{secret}`: who made the piece whose tag was scanned; `/kelola/setoran/{id}/label`: the tags.
use actix_web::{
    HttpResponse,
    web::{self, Data, Path, Query},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{
    accounts::visit::{Operator, Visit},
    app::App,
    catalogue::web::draw::{beginning, linked_data},
    collection::{
        intake,
        origin::{self, Origin},
    },
    error::{Error, Refusal, Result},
    gateway::qris::{self, Picture},
    page::{self, Page, Sample},
};
use entity::{Rupiah, lot::Terms};

/// Tags of one lot on one page at most.
const MOST_TAGS: i64 = 120;

pub(super) fn configure(cfg: &mut web::ServiceConfig) {
    cfg.route("/asal/{secret}", web::get().to(show)).route("/kelola/setoran/{id}/label", web::get().to(tags));
}

pub(super) fn samples() -> Vec<Sample> {
    [page::samples::<OriginPage>(), page::samples::<TagsPage>()].into_iter().flatten().collect()
}

/// The maker behind a piece.
#[derive(Clone, Default, Serialize)]
struct OriginPage {
    goods: String,
    photos: Vec<String>,
    maker: String,
    maker_slug: String,
    face: Option<String>,
    group: Option<String>,
    dusun: String,
    village: String,
    kecamatan: String,
    kabupaten: String,
    outlet: String,
    story: Vec<String>,
    how: Vec<String>,
    grade: Option<&'static str>,
    handed_in: DateTime<Utc>,
    measured: bool,
    bought: bool,
    /// Today's price and its parts; none when it is not on sale.
    price: Option<Price>,
    /// The product in the shop, when it is on sale.
    product_slug: Option<String>,
    summary: String,
    canonical: String,
    image: Option<String>,
    linked_data: String,
}

#[derive(Clone, Serialize)]
struct Price {
    whole: Rupiah,
    maker: Rupiah,
    outlet: Rupiah,
    group: Rupiah,
    /// Parts of a thousand, for the bar; what is nothing or less takes no room.
    bar: [i64; 3],
}

impl Price {
    fn of(origin: &Origin) -> Price {
        let (whole, shares) = (origin.item.price, origin.shares());
        let part = |amount: Rupiah| amount.0.max(0).saturating_mul(1000) / whole.0.max(1);
        let bar = [part(shares.maker), part(shares.outlet), part(shares.group)];
        Price { whole, maker: shares.maker, outlet: shares.outlet, group: shares.group, bar }
    }
}

impl Page for OriginPage {
    const TEMPLATE: &'static str = "collection/origin.html";
    fn samples() -> Vec<OriginPage> {
        let price = Price {
            whole: Rupiah(28_000),
            maker: Rupiah(21_280),
            outlet: Rupiah(4_480),
            group: Rupiah(2_240),
            bar: [760, 160, 80],
        };
        let full = OriginPage {
            goods: "Keranjang sampah anyam".into(),
            photos: vec!["x".into(), "y".into()],
            maker: "Bu Sati".into(),
            face: Some("x".into()),
            group: Some("Krajan Makmur".into()),
            story: vec!["Menganyam sejak kecil.".into()],
            how: vec!["Dianyam rapat.".into()],
            grade: Some("A"),
            bought: true,
            measured: true,
            price: Some(price),
            product_slug: Some("keranjang".into()),
            image: Some("x".into()),
            ..OriginPage::default()
        };
        vec![OriginPage::default(), OriginPage { bought: false, measured: false, ..full.clone() }, full]
    }
}

fn lines(text: &str) -> Vec<String> {
    text.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect()
}

fn grade(origin: &Origin) -> Option<&'static str> {
    origin.lot.grade.map(|grade| match grade {
        entity::lot::Grade::A => "A",
        entity::lot::Grade::B => "B",
    })
}

fn url(app: &App, origin: &Origin) -> String {
    format!("{}/asal/{}", app.config.public_url, origin.lot.secret.as_deref().unwrap_or_default())
}

/// `GET /asal/{secret}`
async fn show(visit: Visit, secret: Path<String>, app: Data<App>) -> Result<HttpResponse> {
    let origin = origin::of_secret(&app.db, &secret).await?.ok_or(Error::NotFound)?;
    let Origin { crafter, village, product, .. } = &origin;
    let (public_url, canonical) = (&app.config.public_url, url(&app, &origin));
    let image = origin.photos.first().map(|name| format!("{public_url}/foto/{name}-1200.jpg"));
    let data = json!({
        "@context": "https://schema.org", "@type": "Product", "name": origin.goods(), "image": image, "url": canonical,
        "description": beginning(&product.description, 300),
        "manufacturer": {
            "@type": "Person", "name": crafter.name, "url": format!("{public_url}/perajin/{}", crafter.slug),
            "homeLocation": { "@type": "Place", "name": format!("{}, {}", village.name, village.kabupaten) },
        },
    });
    let story = if crafter.story.trim().is_empty() { &product.description } else { &crafter.story };
    let page = OriginPage {
        goods: origin.goods(),
        photos: origin.photos.clone(),
        maker: crafter.name.clone(),
        maker_slug: crafter.slug.clone(),
        face: crafter.face.clone(),
        group: crafter.group_name.clone(),
        dusun: crafter.dusun.clone(),
        village: village.name.clone(),
        kecamatan: village.kecamatan.clone(),
        kabupaten: village.kabupaten.clone(),
        outlet: origin.outlet.name.clone(),
        story: lines(&crafter.story),
        how: lines(&product.description),
        grade: grade(&origin),
        handed_in: origin.intake.taken_at,
        measured: origin.is_measured(),
        bought: origin.lot.terms == Terms::Bought,
        price: origin.is_on_sale().then(|| Price::of(&origin)),
        product_slug: origin.is_on_sale().then(|| product.slug.clone()),
        summary: beginning(story, 155),
        canonical,
        image,
        linked_data: linked_data(&data),
    };
    visit.page(&app.templates, &page)
}

/// Tags for the pieces of one hand-over.
#[derive(Serialize)]
struct TagsPage {
    id: i64,
    number: String,
    /// "a4" or "58".
    size: &'static str,
    /// Tags of each lot, when somebody wants another number than there are pieces.
    wanted: Option<i64>,
    tags: Vec<Tag>,
}

/// One tag, so many times.
#[derive(Clone, Serialize)]
struct Tag {
    times: i64,
    goods: String,
    maker: String,
    dusun: String,
    village: String,
    grade: Option<&'static str>,
    code: Option<Picture>,
}

impl Page for TagsPage {
    const TEMPLATE: &'static str = "collection/tags.html";
    fn samples() -> Vec<TagsPage> {
        let tag = |times| Tag {
            times,
            goods: "Keranjang sampah anyam".into(),
            maker: "Bu Sati".into(),
            dusun: "Krajan".into(),
            village: "Kemuning Lor".into(),
            grade: Some("A"),
            code: qris::draw("https://warong.example/asal/abc"),
        };
        let page = |size, wanted, tags| TagsPage { id: 7, number: "S-2611-0042-7".into(), size, wanted, tags };
        vec![page("a4", None, vec![tag(12), tag(2)]), page("58", Some(1), vec![tag(1)]), page("58", None, Vec::new())]
    }
}

/// The paper, and how many tags of each lot.
#[derive(Deserialize)]
struct Paper {
    #[serde(default)]
    kertas: String,
    #[serde(default)]
    jumlah: String,
}

/// `GET /kelola/setoran/{id}/label?kertas=a4|58&jumlah=`
async fn tags(operator: Operator, id: Path<i64>, paper: Query<Paper>, app: Data<App>) -> Result<HttpResponse> {
    let intake = intake::read(&app.db, operator.outlet.id, *id).await?;
    if intake.reversed_at.is_some() {
        return Err(Refusal::conflict("origin.taken_back").into());
    }
    let wanted = paper.jumlah.trim().parse::<i64>().ok().filter(|n| (1..=MOST_TAGS).contains(n));
    let mut tags = Vec::new();
    for lot in intake::lots(&app.db, intake.id).await?.into_iter().filter(|lot| lot.secret.is_some()) {
        let pieces = lot.received;
        let Some(origin) = origin::read(&app.db, lot).await? else { continue };
        tags.push(Tag {
            times: wanted.unwrap_or(pieces).min(MOST_TAGS),
            goods: origin.goods(),
            maker: origin.crafter.name.clone(),
            dusun: origin.crafter.dusun.clone(),
            village: origin.village.name.clone(),
            grade: grade(&origin),
            code: qris::draw(&url(&app, &origin)),
        });
    }
    let size = if paper.kertas == "58" { "58" } else { "a4" };
    operator.visit.page(&app.templates, &TagsPage { id: *id, number: intake.number, size, wanted, tags })
}
