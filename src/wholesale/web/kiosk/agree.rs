//! `/kelola/kios/baru` and `/kelola/kios/{id}/ubah`: a kiosk, and what is agreed with it.
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};
use serde::Serialize;

use super::url;
use crate::{
    accounts::visit::Operator,
    app::App,
    db,
    error::{Refusal, Result},
    form::{Form, FormView, Wrong},
    locale::Said,
    once,
    page::{Page, Sample, samples as samples_of, see_other},
    region::{self, Region},
    wholesale::kiosk::{self, Agreement, Bearer, MOST_COMMISSION, PaysAt},
};

/// So many places are offered for what was typed.
const OFFERED: usize = 8;

#[derive(Serialize)]
struct AgreePage {
    /// None for a new one.
    id: Option<i64>,
    form: FormView,
    /// Places that what was typed may mean.
    places: Vec<Place>,
    damage_by: String,
    pays_at: String,
}

#[derive(Serialize)]
struct Place {
    code: String,
    name: String,
    chosen: bool,
}

impl Page for AgreePage {
    const TEMPLATE: &'static str = "wholesale/kiosk_form.html";
    fn samples() -> Vec<AgreePage> {
        let place = Place { code: "64.71.01.1001".into(), name: "Manggar, Balikpapan Timur".into(), chosen: true };
        let blank = AgreePage {
            id: None,
            form: FormView::default(),
            places: Vec::new(),
            damage_by: "kios".into(),
            pays_at: "laku".into(),
        };
        let full = AgreePage { id: Some(1), places: vec![place], damage_by: "warong".into(), ..AgreePage::blank() };
        vec![blank, full]
    }
}

impl AgreePage {
    fn blank() -> AgreePage {
        AgreePage {
            id: None,
            form: FormView::default(),
            places: Vec::new(),
            damage_by: "kios".into(),
            pays_at: "laku".into(),
        }
    }
}

pub(super) fn samples() -> Vec<Sample> {
    samples_of::<AgreePage>()
}

const BEARERS: [(Bearer, &str); 3] = [(Bearer::Kiosk, "kios"), (Bearer::Outlet, "warong"), (Bearer::Maker, "pembuat")];
const TIMES: [(PaysAt, &str); 2] = [(PaysAt::Sale, "laku"), (PaysAt::Cash, "uang")];

/// `GET /kelola/kios/baru`
pub(super) async fn blank(operator: Operator, app: Data<App>) -> Result<HttpResponse> {
    operator.visit.page(&app.templates, &AgreePage::blank())
}

/// `GET /kelola/kios/{id}/ubah`
pub(super) async fn edit(operator: Operator, id: Path<i64>, app: Data<App>) -> Result<HttpResponse> {
    let kiosk = kiosk::read(&app.db, operator.outlet.id, *id).await?;
    let percent = format!("{},{:02}", kiosk.commission_bp / 100, kiosk.commission_bp % 100);
    let code = |pairs: &[(Bearer, &str)]| {
        pairs.iter().find(|(known, _)| *known == kiosk.damage_by).map_or("", |(_, code)| code).to_owned()
    };
    let form = Form::of([
        ("name", kiosk.name.clone()),
        ("keeper", kiosk.keeper.clone()),
        ("phone", crate::page::national_phone(&kiosk.phone)),
        ("place", kiosk.region_code.clone()),
        ("commission", percent.trim_end_matches('0').trim_end_matches(',').to_owned()),
        ("damage_by", code(&BEARERS)),
        ("pays_at", TIMES.iter().find(|(known, _)| *known == kiosk.pays_at).map_or("", |(_, code)| code).to_owned()),
    ]);
    draw(&operator, &app, Some(*id), StatusCode::OK, &form, FormView::blank(&form))
}

fn draw(
    operator: &Operator,
    app: &App,
    id: Option<i64>,
    status: StatusCode,
    typed: &Form,
    form: FormView,
) -> Result<HttpResponse> {
    let chosen = typed.get("code");
    let place = |region: Region| Place {
        chosen: region.code.as_str() == chosen || region.code.as_str() == typed.get("place"),
        name: format!("{}, {}, {}", region.village, region.district, region.regency),
        code: region.code.as_str().to_owned(),
    };
    let page = AgreePage {
        id,
        places: region::search(typed.get("place"), None, OFFERED).into_iter().map(place).collect(),
        damage_by: typed.get("damage_by").to_owned(),
        pays_at: typed.get("pays_at").to_owned(),
        form,
    };
    operator.visit.page_with(status, &app.templates, &page)
}

/// "12,5" percent as 1,250 hundredths of one.
fn hundredths(text: &str) -> Option<i64> {
    let text = text.trim().trim_end_matches('%').trim().replace('.', ",");
    let (whole, part) = text.split_once(',').unwrap_or((&text, ""));
    let is_sound = |digits: &str, most| digits.len() <= most && digits.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !is_sound(whole, 2) || !is_sound(part, 2) {
        return None;
    }
    let part: i64 = format!("{part:0<2}").parse().ok()?;
    Some(whole.parse::<i64>().ok()? * 100 + part).filter(|bp| *bp <= MOST_COMMISSION)
}

fn typed(form: &Form) -> Result<Agreement, Wrong> {
    let mut reader = form.read();
    let (name, keeper, phone) = (reader.text("name", 80), reader.text("keeper", 80), reader.phone("phone"));
    let commission = hundredths(reader.get("commission"));
    if commission.is_none() {
        reader.refuse("commission", Said::new("kiosk.odd_commission").with("max", MOST_COMMISSION / 100));
    }
    let region = place(form);
    if region.is_none() {
        let key = if form.get("place").is_empty() { "form.required" } else { "kiosk.which_place" };
        reader.refuse("place", Said::new(key));
    }
    let of = |pairs: &'static [(Bearer, &str)]| {
        move |text: &str| pairs.iter().find(|(_, code)| *code == text).map(|(known, _)| *known)
    };
    let damage_by = reader.choice("damage_by", of(&BEARERS));
    let pays_at =
        reader.choice("pays_at", |text| TIMES.iter().find(|(_, code)| *code == text).map(|(known, _)| *known));
    match (region, damage_by, pays_at) {
        (Some(region), Some(damage_by), Some(pays_at)) => {
            let commission_bp = commission.unwrap_or(0);
            reader.done(Agreement { name, keeper, phone, region: region.code, commission_bp, damage_by, pays_at })
        }
        _ => reader.done(()).and(Err(Wrong::field("place", Said::new("form.required")))),
    }
}

/// The place that was chosen among those offered, or the only one that what was typed can mean.
fn place(form: &Form) -> Option<Region> {
    let found = region::search(form.get("place"), None, OFFERED);
    let chosen = found.iter().find(|region| region.code.as_str() == form.get("code"));
    if let Some(region) = chosen {
        return Some(region.clone());
    }
    <[Region; 1]>::try_from(found).ok().map(|[only]| only)
}

async fn keep(operator: &Operator, app: &App, id: Option<i64>, form: &Form) -> Result<HttpResponse> {
    let new = match typed(form) {
        Ok(new) => new,
        Err(wrong) => {
            let view = FormView::new(form, &wrong, app.templates.words(), operator.visit.lang);
            return draw(operator, app, id, StatusCode::UNPROCESSABLE_ENTITY, form, view);
        }
    };
    let key = form.request_key().ok_or_else(|| Refusal::invalid("form.stale"))?;
    let (scope, hash) = (format!("kiosk of {} {}", operator.outlet.id, id.unwrap_or(0)), form.content_hash());
    let tx = db::begin(&app.db).await?;
    if let Some(known) = once::answered(&tx, &scope, key, &hash).await? {
        return Ok(see_other(&known));
    }
    let kiosk = match id {
        None => kiosk::open(&tx, &app.clock, &operator.outlet, &new, operator.person_id).await?,
        Some(id) => kiosk::agree(&tx, &app.clock, &operator.outlet, id, &new, operator.person_id).await?,
    };
    once::remember(&tx, &app.clock, &scope, key, &hash, &url(kiosk.id)).await?;
    tx.commit().await?;
    Ok(see_other(&url(kiosk.id)))
}

/// `POST /kelola/kios/baru`
pub(super) async fn open(operator: Operator, form: Form, app: Data<App>) -> Result<HttpResponse> {
    keep(&operator, &app, None, &form).await
}

/// `POST /kelola/kios/{id}/ubah`
pub(super) async fn change(operator: Operator, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    kiosk::read(&app.db, operator.outlet.id, *id).await?;
    keep(&operator, &app, Some(*id), &form).await
}

#[cfg(test)]
mod tests {
    use super::hundredths;

    #[test]
    fn a_commission_is_read_as_people_write_it() {
        for (text, bp) in [("10", 1_000), ("12,5", 1_250), ("7.25%", 725), ("0", 0), ("50", 5_000)] {
            assert_eq!(hundredths(text), Some(bp), "{text}");
        }
        for text in ["", "-1", "51", "1,234", "10e1", "sepuluh"] {
            assert_eq!(hundredths(text), None, "{text}");
        }
    }
}
