//! `/bahasa`: the language of this browser, and of its person when somebody is signed in.
use actix_web::{
    HttpResponse,
    web::{self, Data},
};

use crate::{
    accounts::{
        person, session,
        visit::{LANG_COOKIE, Visit},
    },
    app::App,
    db,
    error::Result,
    form::OpenForm,
    locale,
    page::{local_path, see_other},
};

/// A year.
pub(super) const SECONDS: i64 = 365 * 24 * 3600;

pub(super) fn configure(cfg: &mut web::ServiceConfig) {
    cfg.route("/bahasa", web::post().to(choose));
}

/// Nothing of worth hangs on it, so a page that was open for long may still choose.
async fn choose(visit: Visit, form: OpenForm, app: Data<App>) -> Result<HttpResponse> {
    let OpenForm(form) = form;
    let language = locale::lang(form.get("bahasa"));
    if let Some(signed) = &visit.signed {
        let tx = db::begin(&app.db).await?;
        person::set_language(&tx, signed.id, language).await?;
        tx.commit().await?;
    }
    let mut answer = see_other(local_path(form.get("kembali"), "/"));
    answer.add_cookie(&session::kept(&app.config, LANG_COOKIE, locale::code(language).to_owned(), SECONDS)).ok();
    Ok(answer)
}
