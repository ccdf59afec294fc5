//! `/setoran/{secret}`: the receipt of a hand-over, for whoever holds its address or its code. On the screen, on paper,
//! as a picture, and as a message.
use actix_web::{
    HttpResponse,
    http::header,
    web::{self, Data},
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde::{Deserialize, Serialize};

use super::{
    photo::{self as shot, Standing},
    sheet::{self, Sheet},
    show::left_over,
};
use crate::{
    accounts::{person, visit::Visit},
    app::App,
    catalogue::photo,
    error::{Error, Result},
    gateway::qris::{Picture, draw},
    locale::{self, Lang, Said},
    notifications::whatsapp,
    page::{Page, Sample, samples as drawn},
    picture::Card,
    secret::sha256,
};
use entity::{
    Rupiah, crafter,
    intake::{Column, Entity, Model},
    lot::{Grade, Terms},
    outlet,
};

pub(super) fn samples() -> Vec<Sample> {
    [drawn::<ReceiptPage>(), drawn::<PrintPage>()].into_iter().flatten().collect()
}

#[derive(Serialize)]
struct ReceiptPage {
    sheet: Sheet,
    photo: Standing,
    outlet: String,
    code: String,
    offcut_a: Option<String>,
    offcut_b: Option<String>,
    qr: Option<Picture>,
    share: String,
}

impl Page for ReceiptPage {
    const TEMPLATE: &'static str = "collection/receipt.html";

    fn samples() -> Vec<ReceiptPage> {
        let page = |terms| ReceiptPage {
            sheet: Sheet::sample(terms),
            photo: if terms == Terms::Bought { Standing::Ready } else { Standing::Coming },
            outlet: "e-Warong Kemuning Lor".into(),
            code: "7F3A".into(),
            offcut_a: (terms == Terms::Consigned).then(|| "0,75".into()),
            offcut_b: None,
            qr: draw("http://127.0.0.1:8080/setoran/abc"),
            share: "https://wa.me/?text=halo".into(),
        };
        vec![page(Terms::Consigned), page(Terms::Bought)]
    }
}

#[derive(Serialize)]
struct PrintPage {
    sheet: Sheet,
    photo: Standing,
    outlet: String,
    code: String,
    offcut_a: Option<String>,
    offcut_b: Option<String>,
    qr: Option<Picture>,
    /// "58" or "a6"
    size: &'static str,
}

impl Page for PrintPage {
    const TEMPLATE: &'static str = "collection/receipt_print.html";

    fn samples() -> Vec<PrintPage> {
        let page = |terms, size| PrintPage {
            sheet: Sheet::sample(terms),
            photo: if terms == Terms::Bought { Standing::Ready } else { Standing::Coming },
            outlet: "e-Warong Kemuning Lor".into(),
            code: "7F3A".into(),
            offcut_a: (terms == Terms::Consigned).then(|| "0,75".into()),
            offcut_b: None,
            qr: draw("http://127.0.0.1:8080/setoran/abc"),
            size,
        };
        vec![page(Terms::Consigned, "58"), page(Terms::Bought, "a6")]
    }
}

/// A few letters on the receipt by which it is found with its number.
pub(super) fn code(intake: &Model) -> String {
    sha256(format!("receipt {}", intake.secret).as_bytes())[..4].to_uppercase()
}

/// The hand-over behind an address.
async fn by_secret(db: &impl ConnectionTrait, secret: &str) -> Result<(Model, Sheet, String)> {
    let found = Entity::find().filter(Column::Secret.eq(secret)).one(db).await?;
    let intake = found.ok_or(Error::NotFound)?;
    let sheet = sheet::of(db, std::slice::from_ref(&intake)).await?.pop().ok_or(Error::NotFound)?;
    let outlet = outlet::Entity::find_by_id(intake.outlet_id).one(db).await?.ok_or(Error::NotFound)?;
    Ok((intake, sheet, outlet.name))
}

fn address(app: &App, intake: &Model) -> String {
    format!("{}{}", app.config.public_url, crate::collection::intake::receipt_url(intake))
}

/// A link that writes the receipt's message; to the household itself where it has a phone.
pub(super) async fn share_link(app: &App, lang: Lang, intake: &Model, sheet: &Sheet) -> Result<String> {
    let household = crafter::Entity::find_by_id(intake.crafter_id).one(&app.db).await?.ok_or(Error::NotFound)?;
    let phone = person::get(&app.db, household.person_id).await?.phone.unwrap_or_default();
    Ok(whatsapp::link(&phone, &message(app, lang, intake, sheet)))
}

fn message(app: &App, lang: Lang, intake: &Model, sheet: &Sheet) -> String {
    let said = Said::new("receipt.message")
        .with("name", sheet.crafter.as_str())
        .with("goods", sheet.goods.as_str())
        .with("counts", counts(app, lang, sheet))
        .with("number", sheet.number.as_str())
        .with("url", address(app, intake));
    app.say(lang, &said)
}

/// "12 A, 2 B, 1 ditolak", with what they are counted in.
fn counts(app: &App, lang: Lang, sheet: &Sheet) -> String {
    let parts = [
        ("receipt.count_a", &sheet.grade_a),
        ("receipt.count_b", &sheet.grade_b),
        ("receipt.count_rejected", &sheet.rejected),
    ];
    let unit = app.say(lang, &Said::new(if sheet.measured { "receipt.square_metres" } else { "receipt.pieces" }));
    let said = |(key, number): (&'static str, &Option<String>)| {
        let said = Said::new(key).with("n", number.as_deref()?).with("unit", unit.as_str());
        Some(app.say(lang, &said))
    };
    parts.into_iter().filter_map(said).collect::<Vec<_>>().join(", ")
}

/// `GET /setoran/{secret}`
pub(super) async fn show(visit: Visit, secret: web::Path<String>, app: Data<App>) -> Result<HttpResponse> {
    let (intake, sheet, outlet) = by_secret(&app.db, &secret).await?;
    let page = ReceiptPage {
        outlet,
        photo: shot::of(&app.db, &intake).await?.1,
        code: code(&intake),
        offcut_a: left_over(&app.db, &intake, &sheet, Grade::A).await?,
        offcut_b: left_over(&app.db, &intake, &sheet, Grade::B).await?,
        qr: draw(&address(&app, &intake)),
        share: whatsapp::link("", &message(&app, visit.lang, &intake, &sheet)),
        sheet,
    };
    let mut answer = visit.page(&app.templates, &page)?;
    keep_secret(&mut answer);
    Ok(answer)
}

#[derive(Deserialize)]
pub(super) struct Paper {
    #[serde(default)]
    kertas: String,
}

/// `GET /setoran/{secret}/cetak`
pub(super) async fn print(
    visit: Visit,
    secret: web::Path<String>,
    paper: web::Query<Paper>,
    app: Data<App>,
) -> Result<HttpResponse> {
    let (intake, sheet, outlet) = by_secret(&app.db, &secret).await?;
    let page = PrintPage {
        outlet,
        photo: shot::of(&app.db, &intake).await?.1,
        code: code(&intake),
        offcut_a: left_over(&app.db, &intake, &sheet, Grade::A).await?,
        offcut_b: left_over(&app.db, &intake, &sheet, Grade::B).await?,
        qr: draw(&address(&app, &intake)),
        sheet,
        size: if paper.kertas == "a6" { "a6" } else { "58" },
    };
    let mut answer = visit.page(&app.templates, &page)?;
    keep_secret(&mut answer);
    Ok(answer)
}

/// `GET /setoran/{secret}/kartu.png`
pub(super) async fn card(visit: Visit, secret: web::Path<String>, app: Data<App>) -> Result<HttpResponse> {
    let (intake, sheet, outlet) = by_secret(&app.db, &secret).await?;
    let lang = visit.lang;
    let say = |key: &'static str| app.say(lang, &Said::new(key));
    let (handed, _) = shot::of(&app.db, &intake).await?;
    let cover = match handed.map(|photo| photo.name).as_ref().or(sheet.cover.as_ref()) {
        Some(name) => app.files.get(&photo::rendition_name(name, "640.webp")?).await?,
        None => None,
    };
    let when = locale::moment(lang, sheet.taken_at, crate::clock::wib());
    let mut card = Card::new(say("receipt.title"))
        .lead(outlet)
        .lead(sheet.number.clone())
        .goods(cover.as_deref(), sheet.goods.clone(), counts(&app, lang, &sheet), String::new())
        .row(say("receipt.from"), sheet.crafter.clone())
        .row(say("receipt.when"), when);
    if sheet.reversed_at.is_some() {
        card = card.strong(say("receipt.is_reversed"));
    }
    if let Some(reason) = &sheet.reject_reason {
        card = card.row(say("receipt.rejected_because"), reason.clone());
    }
    for (key, rest) in [
        ("receipt.offcut", left_over(&app.db, &intake, &sheet, Grade::A).await?),
        ("receipt.offcut_b", left_over(&app.db, &intake, &sheet, Grade::B).await?),
    ] {
        if let Some(rest) = rest {
            card = card.small(app.say(lang, &Said::new(key).with("n", rest)));
        }
    }
    card = if sheet.bought {
        card.rule().amount(say("receipt.owed"), Rupiah(sheet.owed)).notes(Rupiah(sheet.owed))
    } else {
        let key = if sheet.measured { "receipt.m2_card" } else { "receipt.consigned_card" };
        let said = Said::new(key).with("percent", sheet.maker_percent.as_str());
        card.rule().amount(app.say(lang, &said), Rupiah(sheet.maker)).notes(Rupiah(sheet.maker))
    };
    let caption = app.say(lang, &Said::new("receipt.scan").with("code", code(&intake)));
    let png = card.qr(address(&app, &intake), caption).draw().await?;
    let mut answer = HttpResponse::Ok()
        .content_type("image/png")
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .insert_header((header::CONTENT_ENCODING, "identity"))
        .body(png);
    keep_secret(&mut answer);
    Ok(answer)
}

/// The address is the key: it goes into no search engine.
fn keep_secret(answer: &mut HttpResponse) {
    let rule = header::HeaderValue::from_static("noindex, nofollow");
    answer.headers_mut().insert(header::HeaderName::from_static("x-robots-tag"), rule);
}
