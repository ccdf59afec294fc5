//! `/setoran/cek`: a receipt is found by its number and whose it is, or the letters that stand on it, so that nobody can
//! walk through the numbers.
use std::time::Duration;

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde::Serialize;

use super::receipt::code;
use crate::{
    accounts::{visit, visit::Visit},
    app::App,
    collection::{
        intake::{Model, receipt_url},
        number::{self, Typed},
    },
    error::Result,
    form::{Form, FormView, Wrong},
    locale::Said,
    page::{Page, Sample, samples as drawn, see_other},
};
use entity::{crafter, intake};

pub(super) fn samples() -> Vec<Sample> {
    drawn::<LookUpPage>()
}

#[derive(Serialize)]
struct LookUpPage {
    form: FormView,
}

impl Page for LookUpPage {
    const TEMPLATE: &'static str = "collection/look_up.html";

    fn samples() -> Vec<LookUpPage> {
        let mut wrong = FormView::default();
        wrong.errors.insert("nomor".into(), "Nomor ini salah ketik.".into());
        vec![LookUpPage { form: FormView::default() }, LookUpPage { form: wrong }]
    }
}

/// `GET /setoran/cek`
pub(super) async fn show(visit: Visit, app: web::Data<App>) -> Result<HttpResponse> {
    visit.page(&app.templates, &LookUpPage { form: FormView::default() })
}

/// `POST /setoran/cek`: a wrong number and a wrong name hear the same sentence; a slip of the finger is told apart.
pub(super) async fn find(visit: Visit, request: HttpRequest, form: Form, app: web::Data<App>) -> Result<HttpResponse> {
    let mut reader = form.read();
    let typed = reader.text("nomor", 40);
    let sign = reader.text("tanda", 80);
    let number = match number::read(&typed) {
        Typed::Sound(number) => number,
        Typed::Mistyped => {
            reader.refuse("nomor", Said::new("receipt.mistyped"));
            String::new()
        }
        Typed::Strange => {
            reader.refuse("nomor", Said::new("receipt.strange"));
            String::new()
        }
    };
    let (wrong, status) = match reader.done(()) {
        Err(wrong) => (wrong, StatusCode::UNPROCESSABLE_ENTITY),
        Ok(()) if !may_try(&app, &request).await => {
            (Wrong::field("nomor", Said::new("form.slow_down")), StatusCode::TOO_MANY_REQUESTS)
        }
        Ok(()) => match found(&app.db, &number, &sign).await? {
            Some(intake) => return Ok(see_other(&receipt_url(&intake))),
            None => (Wrong::field("nomor", Said::new("receipt.not_found")), StatusCode::UNPROCESSABLE_ENTITY),
        },
    };
    let form = FormView::new(&form, &wrong, app.templates.words(), visit.lang);
    visit.page_with(status, &app.templates, &LookUpPage { form })
}

async fn found(db: &impl ConnectionTrait, number: &str, sign: &str) -> Result<Option<Model>> {
    let intake = intake::Entity::find().filter(intake::Column::Number.eq(number)).one(db).await?;
    let Some(intake) = intake else { return Ok(None) };
    if sign.trim().eq_ignore_ascii_case(&code(&intake)) {
        return Ok(Some(intake));
    }
    let crafter = crafter::Entity::find_by_id(intake.crafter_id).one(db).await?;
    Ok(crafter.filter(|crafter| is_named(&crafter.name, sign)).map(|_| intake))
}

/// "Sati" and "bu sati" are Bu Sati.
fn is_named(name: &str, typed: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        let of = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase);
        of.filter(|word| !matches!(word.as_str(), "bu" | "ibu" | "pak" | "bapak" | "mas" | "mbak" | "h" | "hj"))
            .collect()
    };
    let typed = words(typed);
    !typed.is_empty() && typed == words(name)
}

/// Ten guesses in ten minutes from one address.
async fn may_try(app: &App, request: &HttpRequest) -> bool {
    let from = visit::origin(request);
    app.cache.allows(&format!("receipt.find:{from}"), 10, Duration::from_secs(600)).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_typed_with_or_without_its_title() {
        for typed in ["Bu Sati", "sati", "IBU SATI", " sati "] {
            assert!(is_named("Bu Sati", typed), "{typed}");
        }
        for typed in ["", "bu", "sat", "Marsuki", "Sati Marsuki"] {
            assert!(!is_named("Bu Sati", typed), "{typed}");
        }
        assert!(is_named("Pak Slamet Riyadi", "slamet riyadi"));
    }
}
