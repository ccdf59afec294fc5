//! `/kelola/warong`: at which of their outlets somebody stands today.
use actix_web::{
    HttpResponse,
    web::{self, Data},
};

use super::language::SECONDS;
use crate::{
    accounts::{
        session,
        visit::{OUTLET_COOKIE, Operator},
    },
    app::App,
    error::{Error, Result},
    form::Form,
    page::see_other,
};

pub(super) fn configure(cfg: &mut web::ServiceConfig) {
    cfg.route("/kelola/warong", web::post().to(choose));
}

async fn choose(operator: Operator, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let wanted = form.get("warong");
    let mut own = operator.others.iter().chain([&operator.outlet]);
    let outlet = own.find(|outlet| outlet.id.to_string() == wanted).ok_or(Error::NotFound)?;
    let mut answer = see_other("/kelola");
    answer.add_cookie(&session::kept(&app.config, OUTLET_COOKIE, outlet.id.to_string(), SECONDS)).ok();
    Ok(answer)
}
