//! `/kelola/ongkir`: courier services, how they count weight, and what they ask for each zone.
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};
use serde::Serialize;

use super::{
    labels,
    show::{self, Did},
    view::Voice,
};
use crate::{
    accounts::visit::Operator,
    app::App,
    db,
    error::{Error, Result},
    form::{Form, FormView, Reader, Wrong},
    history::Subject,
    locale::Said,
    once,
    orders::rates::{self, NewTariff, Rate, Tariff, ZONES},
    page::{self, Page, Sample, see_other},
};
use entity::{Rupiah, shipping_rate::Zone};

/// Field names of a zone: base, further step, days from, days to.
fn names(zone: Zone) -> [&'static str; 4] {
    match zone {
        Zone::SameVillage => {
            ["base_same_village", "step_same_village", "days_min_same_village", "days_max_same_village"]
        }
        Zone::Jember => ["base_jember", "step_jember", "days_min_jember", "days_max_jember"],
        Zone::Java => ["base_java", "step_java", "days_min_java", "days_max_java"],
        Zone::MaduraBali => ["base_madura_bali", "step_madura_bali", "days_min_madura_bali", "days_max_madura_bali"],
        Zone::OtherIslands => {
            ["base_other_islands", "step_other_islands", "days_min_other_islands", "days_max_other_islands"]
        }
    }
}

#[derive(Serialize)]
struct ServiceRow {
    id: i64,
    name: String,
    active: bool,
    divisor: i64,
    min_grams: i64,
    step_grams: i64,
    rates: Vec<RateRow>,
}

#[derive(Serialize)]
struct RateRow {
    zone: String,
    base: Rupiah,
    per_step: Rupiah,
    days_min: i64,
    days_max: i64,
}

#[derive(Serialize)]
struct RatesPage {
    services: Vec<ServiceRow>,
}

impl Page for RatesPage {
    const TEMPLATE: &'static str = "counter/rates.html";
    fn samples() -> Vec<RatesPage> {
        let rate =
            RateRow { zone: "Jawa".into(), base: Rupiah(18_000), per_step: Rupiah(9_000), days_min: 2, days_max: 4 };
        let service = ServiceRow {
            id: 1,
            name: "JNE Reguler".into(),
            active: true,
            divisor: 6_000,
            min_grams: 1_000,
            step_grams: 1_000,
            rates: vec![rate],
        };
        vec![RatesPage { services: vec![service] }, RatesPage { services: Vec::new() }]
    }
}

#[derive(Serialize)]
struct ZoneFields {
    label: String,
    base: &'static str,
    step: &'static str,
    days_min: &'static str,
    days_max: &'static str,
}

#[derive(Serialize)]
struct RatePage {
    /// None while the service does not exist yet.
    id: Option<i64>,
    name: String,
    zones: Vec<ZoneFields>,
    form: FormView,
    history: Vec<Did>,
}

impl Page for RatePage {
    const TEMPLATE: &'static str = "counter/rate.html";
    fn samples() -> Vec<RatePage> {
        let words = crate::locale::Words::default();
        let voice = Voice { words: &words, lang: crate::locale::Lang::Id };
        let page = |id: Option<i64>| RatePage {
            id,
            name: "JNE Reguler".into(),
            zones: zone_fields(&voice),
            form: FormView::default(),
            history: Vec::new(),
        };
        vec![page(Some(1)), page(None)]
    }
}

pub fn samples() -> Vec<Sample> {
    [page::samples::<RatesPage>(), page::samples::<RatePage>()].into_iter().flatten().collect()
}

fn zone_fields(voice: &Voice) -> Vec<ZoneFields> {
    let fields = |zone: Zone| {
        let [base, step, days_min, days_max] = names(zone);
        ZoneFields { label: voice.say(&labels::zone(zone)), base, step, days_min, days_max }
    };
    ZONES.into_iter().map(fields).collect()
}

/// `GET /kelola/ongkir`
pub async fn list(operator: Operator, app: Data<App>) -> Result<HttpResponse> {
    let voice = Voice { words: app.templates.words(), lang: operator.visit.lang };
    let tariffs = rates::of_outlet(&app.db, operator.outlet.id).await?;
    let page = RatesPage { services: tariffs.iter().map(|tariff| service_row(tariff, &voice)).collect() };
    operator.visit.page(&app.templates, &page)
}

fn service_row(tariff: &Tariff, voice: &Voice) -> ServiceRow {
    let service = &tariff.service;
    let rate = |zone: &Zone| {
        let rate = tariff.rates.iter().find(|rate| rate.zone == *zone)?;
        Some(RateRow {
            zone: voice.say(&labels::zone(*zone)),
            base: rate.base,
            per_step: rate.per_step,
            days_min: rate.days_min,
            days_max: rate.days_max,
        })
    };
    ServiceRow {
        id: service.id,
        name: service.name.clone(),
        active: service.active,
        divisor: service.divisor,
        min_grams: service.min_grams,
        step_grams: service.step_grams,
        rates: ZONES.iter().filter_map(rate).collect(),
    }
}

/// `GET /kelola/ongkir/{id}`
pub async fn edit(operator: Operator, id: Path<i64>, app: Data<App>) -> Result<HttpResponse> {
    let tariff = rates::find(&app.db, operator.outlet.id, *id).await?;
    let form = FormView::blank(&filled(&tariff));
    draw(&operator, &app, Some(*id), StatusCode::OK, form).await
}

/// `GET /kelola/ongkir/baru`
pub async fn blank(operator: Operator, app: Data<App>) -> Result<HttpResponse> {
    let form = Form::of([("divisor", "6000"), ("min_grams", "1000"), ("step_grams", "1000"), ("active", "1")]);
    draw(&operator, &app, None, StatusCode::OK, FormView::blank(&form)).await
}

async fn draw(
    operator: &Operator,
    app: &App,
    id: Option<i64>,
    status: StatusCode,
    form: FormView,
) -> Result<HttpResponse> {
    let voice = Voice { words: app.templates.words(), lang: operator.visit.lang };
    let (name, history) = match id {
        Some(id) => {
            let tariff = rates::find(&app.db, operator.outlet.id, id).await?;
            (tariff.service.name, show::past(&app.db, Subject("courier_service", id), &voice).await?)
        }
        None => (String::new(), Vec::new()),
    };
    let page = RatePage { id, name, zones: zone_fields(&voice), form, history };
    operator.visit.page_with(status, &app.templates, &page)
}

/// A tariff as the form shows it.
fn filled(tariff: &Tariff) -> Form {
    let s = &tariff.service;
    let mut form = Form::default();
    form.set("name", s.name.clone());
    form.set("divisor", s.divisor.to_string());
    form.set("min_grams", s.min_grams.to_string());
    form.set("step_grams", s.step_grams.to_string());
    if s.active {
        form.set("active", "1");
    }
    for rate in &tariff.rates {
        let [base, step, days_min, days_max] = names(rate.zone);
        form.set(base, rate.base.0.to_string());
        form.set(step, rate.per_step.0.to_string());
        form.set(days_min, rate.days_min.to_string());
        form.set(days_max, rate.days_max.to_string());
    }
    form
}

/// `POST /kelola/ongkir/{id}`
pub async fn update(operator: Operator, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let tx = db::begin(&app.db).await?;
    let done = match read(&form) {
        Err(wrong) => Err(wrong),
        Ok(new) => match rates::change(&tx, &app.clock, &operator.outlet, *id, &new, operator.person_id).await {
            Err(Error::Refused(refusal)) => Err(Wrong::refusal("name", refusal)),
            done => Ok(done?),
        },
    };
    match done {
        Ok(()) => {
            tx.commit().await?;
            Ok(see_other("/kelola/ongkir"))
        }
        Err(wrong) => {
            drop(tx);
            let view = FormView::new(&form, &wrong, app.templates.words(), operator.visit.lang);
            draw(&operator, &app, Some(*id), StatusCode::UNPROCESSABLE_ENTITY, view).await
        }
    }
}

/// `POST /kelola/ongkir/baru`
pub async fn create(operator: Operator, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let refused = match read(&form) {
        Err(wrong) => wrong,
        Ok(new) => match add(&operator, &app, &form, &new).await {
            Err(Error::Refused(refusal)) => Wrong::refusal("name", refusal),
            done => return done,
        },
    };
    let view = FormView::new(&form, &refused, app.templates.words(), operator.visit.lang);
    draw(&operator, &app, None, StatusCode::UNPROCESSABLE_ENTITY, view).await
}

async fn add(operator: &Operator, app: &App, form: &Form, new: &NewTariff) -> Result<HttpResponse> {
    const SCOPE: &str = "counter rates";
    let tx = db::begin(&app.db).await?;
    let hash = form.content_hash();
    if let Some(key) = form.request_key()
        && let Some(answer) = once::answered(&tx, SCOPE, key, &hash).await?
    {
        return Ok(see_other(&answer));
    }
    rates::add(&tx, &app.clock, &operator.outlet, &code_of(&new.name), new, Some(operator.person_id)).await?;
    if let Some(key) = form.request_key() {
        once::remember(&tx, &app.clock, SCOPE, key, &hash, "/kelola/ongkir").await?;
    }
    tx.commit().await?;
    Ok(see_other("/kelola/ongkir"))
}

/// "JNE Reguler" is kept as "jne_reguler".
fn code_of(name: &str) -> String {
    let plain: String = name.to_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    plain.split('_').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("_")
}

fn read(form: &Form) -> Result<NewTariff, Wrong> {
    let mut reader = form.read();
    let name = reader.text("name", 40);
    if !name.is_empty() && code_of(&name).is_empty() {
        reader.refuse("name", Said::new("counter.rate_name_letters"));
    }
    let new = NewTariff {
        name,
        divisor: reader.number("divisor", 1_000, 20_000),
        min_grams: reader.number("min_grams", 1, 50_000),
        step_grams: reader.number("step_grams", 1, 50_000),
        active: !reader.get("active").is_empty(),
        rates: ZONES.into_iter().filter_map(|zone| rate(&mut reader, zone)).collect(),
    };
    reader.done(new)
}

/// The rate of a zone; none when all its fields are empty.
fn rate(reader: &mut Reader, zone: Zone) -> Option<Rate> {
    let [base, step, days_min, days_max] = names(zone);
    if [base, step, days_min, days_max].iter().all(|name| reader.get(name).is_empty()) {
        return None;
    }
    let rate = Rate {
        zone,
        base: reader.rupiah(base, 0, 10_000_000),
        per_step: reader.rupiah(step, 0, 10_000_000),
        days_min: reader.number(days_min, 0, 60),
        days_max: reader.number(days_max, 0, 60),
    };
    if rate.days_max < rate.days_min {
        reader.refuse(days_max, Said::new("form.at_least").with("min", rate.days_min));
    }
    Some(rate)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(extra: &[(&str, &str)]) -> Form {
        let mut form = Form::of([("name", "JNE"), ("divisor", "6.000"), ("min_grams", "1000"), ("step_grams", "1000")]);
        extra.iter().for_each(|(name, value)| form.set(name, *value));
        form
    }

    #[test]
    fn a_zone_left_empty_is_not_served() {
        assert_eq!(read(&form(&[])).unwrap().rates, []);
        let java = [("base_java", "Rp18.000"), ("step_java", "9000"), ("days_min_java", "2"), ("days_max_java", "4")];
        let rate = Rate { zone: Zone::Java, base: Rupiah(18_000), per_step: Rupiah(9_000), days_min: 2, days_max: 4 };
        assert_eq!(read(&form(&java)).unwrap().rates, [rate]);
    }

    #[test]
    fn a_zone_half_filled_is_asked_for_the_rest() {
        let wrong = read(&form(&[("base_java", "18000")])).unwrap_err();
        assert!(["step_java", "days_min_java", "days_max_java"].iter().all(|name| wrong.0.contains_key(name)));
    }

    #[test]
    fn nonsense_is_refused_beside_its_field() {
        for (name, value) in [
            ("divisor", "0"),
            ("divisor", "-1"),
            ("min_grams", "1e3"),
            ("step_grams", ""),
            ("base_java", "dua ribu"),
            ("name", "***"),
        ] {
            assert!(read(&form(&[(name, value)])).unwrap_err().0.contains_key(name), "{name} = {value}");
        }
    }
}
