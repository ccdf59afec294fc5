//! `/kelola/utang/baru`: a crafter asks for material or cash in advance.
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Query},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde::{Deserialize, Serialize};

use super::{
    debt_acts::{Act, perform},
    payout_acts::{status_of, view},
};
use crate::{
    accounts::visit::Treasurer,
    app::App,
    error::{Error, Result},
    form::{Form, FormView, Wrong},
    outlet::debt::NewDebt,
    page::{self, Page, Sample},
};
use entity::{
    Rupiah, crafter,
    debt::{Kind, Source},
};

/// The most that is written down at once, in rupiah.
const MOST: i64 = 50_000_000;

#[derive(Default, Serialize)]
struct DebtNewPage {
    people: Vec<Named>,
    /// The most that one crafter may owe at once.
    limit: Rupiah,
    form: FormView,
}

#[derive(Serialize)]
struct Named {
    id: String,
    name: String,
}

impl Page for DebtNewPage {
    const TEMPLATE: &'static str = "outlet/debt_new.html";
    fn samples() -> Vec<DebtNewPage> {
        let people = vec![Named { id: "1".into(), name: "Bu Sati".into() }];
        let limit = Rupiah(1_000_000);
        vec![DebtNewPage::default(), DebtNewPage { people, limit, form: FormView::default() }]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    page::samples::<DebtNewPage>()
}

/// Whom it is for, when that is known.
#[derive(Deserialize)]
pub struct For {
    perajin: Option<i64>,
}

/// `GET /kelola/utang/baru?perajin=12`
pub async fn blank(treasurer: Treasurer, whom: Query<For>, app: Data<App>) -> Result<HttpResponse> {
    let whom = whom.perajin.map(|id| id.to_string()).unwrap_or_default();
    let form = Form::of([("perajin", whom.as_str()), ("jenis", "bahan"), ("dari", "gudang")]);
    draw(&treasurer, &app, StatusCode::OK, FormView::blank(&form)).await
}

/// `POST /kelola/utang/baru`
pub async fn ask(treasurer: Treasurer, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let people = people(&treasurer, &app).await?;
    let mut reader = form.read();
    let known = |text: &str| people.iter().map(|one| one.id).find(|id| id.to_string() == text);
    let crafter_id = reader.choice("perajin", known);
    let kind = reader.choice("jenis", |text| match text {
        "bahan" => Some(Kind::Material),
        "uang" => Some(Kind::Cash),
        _ => None,
    });
    let source = reader.choice("dari", |text| match text {
        "laci" => Some(Source::Cash),
        "bank" => Some(Source::Bank),
        "gudang" => Some(Source::Stock),
        _ => None,
    });
    let amount = reader.rupiah("jumlah", 1, MOST);
    let reason = reader.text("alasan", 120);
    let most = form.get("paling_banyak").is_empty();
    let most_per_payout = (!most).then(|| reader.rupiah("paling_banyak", 1, MOST));
    let first = form.has("dulu");
    let new = crafter_id.zip(kind).zip(source);
    let new = new.map(|((crafter_id, kind), source)| NewDebt {
        crafter_id,
        kind,
        source,
        amount,
        reason,
        first,
        most_per_payout,
    });
    let (status, wrong) = match reader.done(new) {
        Err(wrong) => (StatusCode::UNPROCESSABLE_ENTITY, wrong),
        Ok(None) => return Err(Error::NotFound),
        Ok(Some(new)) => match perform(&treasurer, &app, &form, &Act::Ask(new)).await {
            Err(Error::Refused(refusal)) => {
                let field = match refusal.said.key {
                    "debt.cash_from_stock" => "dari",
                    "debt.above_limit" => "jumlah",
                    _ => "",
                };
                (status_of(&refusal), Wrong::refusal(field, refusal))
            }
            done => return done,
        },
    };
    let form = view(&treasurer, &app, &form, &wrong);
    draw(&treasurer, &app, status, form).await
}

async fn draw(treasurer: &Treasurer, app: &App, status: StatusCode, form: FormView) -> Result<HttpResponse> {
    let people = people(treasurer, app).await?;
    let people = people.into_iter().map(|one| Named { id: one.id.to_string(), name: one.name }).collect();
    treasurer.visit.page_with(
        status,
        &app.templates,
        &DebtNewPage { people, limit: treasurer.outlet.advance_max, form },
    )
}

async fn people(treasurer: &Treasurer, app: &App) -> Result<Vec<crafter::Model>> {
    let of_outlet = crafter::Entity::find().filter(crafter::Column::OutletId.eq(treasurer.outlet.id));
    Ok(of_outlet.order_by_asc(crafter::Column::Name).order_by_asc(crafter::Column::Id).all(&app.db).await?)
}
