//! `/kelola/surat` and `/desa/surat/tanpa`: the makers who have no business letter yet.
use actix_web::{HttpResponse, web::Data};
use serde::Serialize;

use super::desk::villages;
use crate::{
    accounts::visit::{Operator, VillageOfficer},
    app::App,
    error::Result,
    page::Page,
    village::register::{self, Count, Of, Without},
};

/// Households without a letter, and how many of all that is.
#[derive(Serialize)]
pub struct LetterMissingPage {
    /// The operator may ask for them.
    may_ask: bool,
    makers: i64,
    count: i64,
    households: Vec<Household>,
}

#[derive(Serialize)]
struct Household {
    id: i64,
    name: String,
    dusun: String,
    rt: String,
    rw: String,
    face: Option<String>,
    asked: bool,
}

impl Page for LetterMissingPage {
    const TEMPLATE: &'static str = "village/letter_missing.html";
    fn samples() -> Vec<LetterMissingPage> {
        let one = |asked| Household {
            id: 1,
            name: "Pak Marsuki".into(),
            dusun: "Rayap".into(),
            rt: "002".into(),
            rw: "001".into(),
            face: None,
            asked,
        };
        let page = |may_ask, households: Vec<Household>| LetterMissingPage {
            may_ask,
            makers: 18,
            count: households.len() as i64,
            households,
        };
        vec![page(true, vec![one(true), one(false)]), page(false, vec![one(false)]), page(true, Vec::new())]
    }
}

impl From<Without> for Household {
    fn from(row: Without) -> Household {
        let Without { id, name, dusun, rt, rw, face, asked } = row;
        Household { id, name, dusun, rt, rw, face, asked: asked > 0 }
    }
}

async fn page(app: &App, all: &[Of], may_ask: bool) -> Result<LetterMissingPage> {
    let today = app.clock.today();
    let mut page = LetterMissingPage { may_ask, makers: 0, count: 0, households: Vec::new() };
    for of in all {
        let Count { makers, without } = register::count(&app.db, *of, today).await?;
        (page.makers, page.count) = (page.makers + makers, page.count + without);
        page.households.extend(register::without(&app.db, *of, today).await?.into_iter().map(Household::from));
    }
    Ok(page)
}

/// `GET /kelola/surat`
pub async fn of_outlet(operator: Operator, app: Data<App>) -> Result<HttpResponse> {
    let page = page(&app, &[Of::Outlet(operator.outlet.id)], true).await?;
    operator.visit.page(&app.templates, &page)
}

/// `GET /desa/surat/tanpa`
pub async fn of_village(officer: VillageOfficer, app: Data<App>) -> Result<HttpResponse> {
    let all: Vec<Of> = villages(&officer).into_iter().map(Of::Village).collect();
    officer.visit.page(&app.templates, &page(&app, &all, false).await?)
}
