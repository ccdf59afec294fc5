//! `/admin/warong`: the villages and outlets of the installation.
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{self, Data},
};
use sea_orm::EntityTrait;
use serde::Serialize;
use serde_json::json;

use super::{Places, answered, beside, keep_answer};
use crate::{
    accounts::{
        outlet::{self, NewOutlet, NewVillage},
        visit::{self, Administrator},
    },
    app::App,
    db,
    error::Result,
    form::{Form, FormView, Reader, Wrong},
    history::{self, Subject},
    locale::Said,
    page::Page,
    region,
};
use entity::village;

pub(super) fn configure(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/admin/warong").get(show).post(create_outlet))
        .route("/admin/desa", web::post().to(create_village));
}

/// What there is, and two forms for more.
#[derive(Serialize)]
pub struct OutletsPage {
    villages: Vec<VillageView>,
    form: FormView,
}

#[derive(Serialize)]
struct VillageView {
    id: i64,
    code: String,
    name: String,
    kecamatan: String,
    outlets: Vec<String>,
}

impl Page for OutletsPage {
    const TEMPLATE: &'static str = "accounts/outlets.html";
    fn samples() -> Vec<OutletsPage> {
        let village = VillageView {
            id: 1,
            code: "35.09.22.2001".into(),
            name: "Kemuning Lor".into(),
            kecamatan: "Arjasa".into(),
            outlets: vec!["e-Warong Kemuning Lor".into()],
        };
        vec![
            OutletsPage { villages: vec![village], form: FormView::default() },
            OutletsPage { villages: Vec::new(), form: FormView::default() },
        ]
    }
}

async fn show(administrator: Administrator, app: Data<App>) -> Result<HttpResponse> {
    draw(StatusCode::OK, &administrator, &app, FormView::default()).await
}

async fn draw(status: StatusCode, administrator: &Administrator, app: &App, form: FormView) -> Result<HttpResponse> {
    let places = Places::read(&app.db).await?;
    let outlets = |id| {
        let here = places.outlets.iter().filter(move |outlet| outlet.village_id == id);
        here.map(|outlet| outlet.name.clone()).collect()
    };
    let villages = places
        .villages
        .iter()
        .map(|village| VillageView {
            id: village.id,
            code: village.code.clone(),
            name: village.name.clone(),
            kecamatan: village.kecamatan.clone(),
            outlets: outlets(village.id),
        })
        .collect();
    administrator.page_with(status, &app.templates, &OutletsPage { villages, form })
}

async fn answer(
    administrator: &Administrator,
    app: &App,
    form: &Form,
    outcome: Result<&'static str, Wrong>,
) -> Result<HttpResponse> {
    match outcome {
        Ok(key) => Ok(visit::done("/admin/warong", key)),
        Err(wrong) => {
            let view = FormView::new(form, &wrong, app.templates.words(), administrator.lang);
            draw(StatusCode::UNPROCESSABLE_ENTITY, administrator, app, view).await
        }
    }
}

/// The official code of a village: "35.09.22.2001".
fn village_code(text: &str) -> Option<String> {
    let lengths: Vec<usize> = text.split('.').map(str::len).collect();
    let digits = text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    (digits && lengths == [2, 2, 2, 4]).then(|| text.to_owned())
}

async fn create_village(administrator: Administrator, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let mut reader = form.read();
    let code = village_code(reader.get("code"));
    let known = code.as_deref().and_then(region::by_code);
    match (&code, &known) {
        (None, _) => reader.refuse("code", Said::new("admin.village_code_wrong")),
        (Some(_), None) => reader.refuse("code", Said::new("admin.village_code_unknown")),
        _ => {}
    }
    // People may write their village otherwise than the list does; what they leave empty comes from there.
    let written = |reader: &mut Reader<'_>, name, listed: Option<&str>| {
        reader.optional(name, 80).or_else(|| listed.map(str::to_owned)).unwrap_or_default()
    };
    let new = NewVillage {
        code: code.unwrap_or_default(),
        name: written(&mut reader, "village_name", known.as_ref().map(|region| region.village)),
        kecamatan: written(&mut reader, "kecamatan", known.as_ref().map(|region| region.district)),
        kabupaten: written(&mut reader, "kabupaten", known.as_ref().map(|region| region.regency)),
    };
    let outcome = match reader.done(()) {
        Err(wrong) => Err(wrong),
        Ok(()) => found(&administrator, &app, &form, &new).await?,
    };
    answer(&administrator, &app, &form, outcome).await
}

async fn found(
    administrator: &Administrator,
    app: &App,
    form: &Form,
    new: &NewVillage,
) -> Result<Result<&'static str, Wrong>> {
    let tx = db::begin(&app.db).await?;
    if answered(&tx, "create-village", form).await?.is_some() {
        return Ok(Ok("admin.village_created"));
    }
    let id = match beside("code", outlet::create_village(&tx, &app.clock, new).await)? {
        Ok(id) => id,
        Err(wrong) => return Ok(Err(wrong)),
    };
    let (by, detail) = (Some(administrator.person_id), json!({ "code": new.code }));
    history::remember(&tx, &app.clock, Some(id), Subject("village", id), "created", by, detail).await?;
    keep_answer(&tx, &app.clock, "create-village", form, "/admin/warong").await?;
    tx.commit().await?;
    Ok(Ok("admin.village_created"))
}

/// Shares are typed in whole percent of the goods' price.
fn read_outlet(reader: &mut Reader<'_>) -> NewOutlet {
    let mut share = |name| reader.number(name, 0, 100) * 100;
    let (maker_bp, outlet_bp, group_bp) = (share("maker_share"), share("outlet_share"), share("group_share"));
    NewOutlet {
        village_id: reader.choice("village", |id| id.parse().ok()).unwrap_or_default(),
        name: reader.text("name", 80),
        slug: String::new(),
        phone: reader.phone("phone"),
        address: reader.text("address", 200),
        rt: reader.optional("rt", 3).unwrap_or_default(),
        rw: reader.optional("rw", 3).unwrap_or_default(),
        hours: reader.optional("hours", 80).unwrap_or_default(),
        maker_bp,
        outlet_bp,
        group_bp,
        cod_max: reader.rupiah("cod_max", 0, 100_000_000),
        bank_name: reader.optional("bank_name", 80).unwrap_or_default(),
        bank_account: reader.optional("bank_account", 40).unwrap_or_default(),
        bank_holder: reader.optional("bank_holder", 80).unwrap_or_default(),
    }
}

async fn create_outlet(administrator: Administrator, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let mut reader = form.read();
    let new = read_outlet(&mut reader);
    let outcome = match reader.done(new) {
        Err(wrong) => Err(wrong),
        Ok(new) => open(&administrator, &app, &form, &new).await?,
    };
    answer(&administrator, &app, &form, outcome).await
}

async fn open(
    administrator: &Administrator,
    app: &App,
    form: &Form,
    new: &NewOutlet,
) -> Result<Result<&'static str, Wrong>> {
    let tx = db::begin(&app.db).await?;
    if answered(&tx, "create-outlet", form).await?.is_some() {
        return Ok(Ok("admin.outlet_created"));
    }
    if village::Entity::find_by_id(new.village_id).one(&tx).await?.is_none() {
        return Ok(Err(Wrong::field("village", Said::new("form.not_offered"))));
    }
    let made = match beside("name", outlet::create_outlet(&tx, &app.clock, new).await)? {
        Ok(made) => made,
        Err(wrong) => return Ok(Err(wrong)),
    };
    let (by, detail) = (Some(administrator.person_id), json!({ "name": made.name }));
    let subject = Subject("outlet", made.id);
    history::remember(&tx, &app.clock, Some(made.village_id), subject, "created", by, detail).await?;
    keep_answer(&tx, &app.clock, "create-outlet", form, "/admin/warong").await?;
    tx.commit().await?;
    Ok(Ok("admin.outlet_created"))
}
