//! `/kelola/kios/{id}/kunjungan`: what is counted in a kiosk, and the cash that comes.
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
    error::{Error, Refusal, Result},
    form::{Form, FormView, Wrong},
    outlet::goods::{self, Standing},
    page::{Page, Sample, samples as samples_of, see_other},
    wholesale::{
        kiosk::{self, Model},
        kiosk_told,
        kiosk_visit::{self, Told},
    },
};
use entity::Rupiah;

#[derive(Serialize)]
struct VisitPage {
    id: i64,
    name: String,
    owes: Rupiah,
    rows: Vec<Row>,
    form: FormView,
}

/// What should stand there of one size, and what was typed.
#[derive(Serialize)]
struct Row {
    good: Standing,
    /// How many it was when the page was opened.
    expected: String,
    price: Rupiah,
    sold: String,
    home: String,
    damaged: String,
    still: String,
    wrong: String,
}

impl Page for VisitPage {
    const TEMPLATE: &'static str = "wholesale/kiosk_visit.html";
    fn samples() -> Vec<VisitPage> {
        let good = Standing {
            item_id: 9,
            name: "Keranjang sampah anyam".into(),
            cover: None,
            price: Rupiah(28_000),
            free: 12,
            grade_b: 0,
        };
        let row = Row {
            good,
            expected: "12".into(),
            price: Rupiah(32_000),
            sold: "7".into(),
            home: String::new(),
            damaged: "1".into(),
            still: "9".into(),
            wrong: "Lebih banyak dari yang ada".into(),
        };
        let page = |rows, form| VisitPage { id: 1, name: "Kios Bu Rahma".into(), owes: Rupiah(189_000), rows, form };
        let mut asked = FormView::default();
        asked.errors.insert("hilang".into(), "2 buah tidak ada".into());
        vec![page(Vec::new(), FormView::default()), page(vec![row], asked)]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    samples_of::<VisitPage>()
}

/// `GET /kelola/kios/{id}/kunjungan`
pub(super) async fn show(operator: Operator, id: Path<i64>, app: Data<App>) -> Result<HttpResponse> {
    let kiosk = kiosk::read(&app.db, operator.outlet.id, *id).await?;
    draw(&operator, &app, &kiosk, StatusCode::OK, &Form::default(), FormView::default()).await
}

async fn draw(
    operator: &Operator,
    app: &App,
    kiosk: &Model,
    status: StatusCode,
    typed: &Form,
    form: FormView,
) -> Result<HttpResponse> {
    let prices = kiosk::prices(&app.db, kiosk.id).await?;
    let row = |good: Standing| {
        let of = |name: &str| typed.get(&format!("{name}_{}", good.item_id)).to_owned();
        Row {
            // What has changed meanwhile is shown anew, for counting again.
            expected: good.free.to_string(),
            price: prices.get(&good.item_id).and_then(|told| told.last()).copied().unwrap_or(good.price),
            sold: of("laku"),
            home: of("baik"),
            damaged: of("rusak"),
            still: of("masih"),
            wrong: form.errors.get(&format!("masih_{}", good.item_id)).cloned().unwrap_or_default(),
            good,
        }
    };
    let rows = goods::in_place(&app.db, kiosk.place_id).await?.into_iter().map(row).collect();
    let owes = kiosk::owes(&app.db, kiosk.id).await?;
    let page = VisitPage { id: kiosk.id, name: kiosk.name.clone(), owes, rows, form };
    operator.visit.page_with(status, &app.templates, &page)
}

/// `POST /kelola/kios/{id}/kunjungan`: once for each key of its form.
pub(super) async fn tell(operator: Operator, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let lang = operator.visit.lang;
    let kiosk = kiosk::read(&app.db, operator.outlet.id, *id).await?;
    let mut view = FormView::new(&form, &Wrong::default(), app.templates.words(), lang);
    let new = match kiosk_told::parse(&form) {
        Ok(new) => new,
        Err(wrong) => {
            view.errors = wrong.into_iter().map(|(name, said)| (name, app.say(lang, &said))).collect();
            return draw(&operator, &app, &kiosk, StatusCode::UNPROCESSABLE_ENTITY, &form, view).await;
        }
    };
    let key = form.request_key().ok_or_else(|| Refusal::invalid("form.stale"))?;
    let source_key = format!("visit:{id}:{key}");
    let tx = db::begin(&app.db).await?;
    let told =
        Told { outlet: &operator.outlet, person_id: operator.person_id, at: app.clock.now(), source_key: &source_key };
    match kiosk_visit::accept(&tx, &app.clock, told, *id, &new).await {
        Ok(visit) => {
            tx.commit().await?;
            Ok(see_other(&format!("{}/kunjungan/{}", url(*id), visit.id)))
        }
        Err(Error::Refused(refusal)) => {
            drop(tx);
            view.errors.insert(String::new(), app.say(lang, &refusal.said));
            let status = actix_web::ResponseError::status_code(&Error::Refused(refusal));
            draw(&operator, &app, &kiosk, status, &form, view).await
        }
        Err(e) => Err(e),
    }
}
