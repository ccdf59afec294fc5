//! The members of an outlet, and who is written down.
use actix_web::{HttpResponse, http::StatusCode, web::Data};
use serde::Serialize;

use super::HERE;
use crate::{
    accounts::visit::{BookReader, Treasurer, Visit, done},
    app::App,
    error::{Error, Result},
    form::{Form, FormView, Wrong},
    outlet::{
        family,
        member::{self, NewMember, Standing},
        web::{payout_acts::status_of, perform::perform},
    },
    page::{self, Page, Sample},
};
use entity::{Rupiah, outlet};

#[derive(Default, Serialize)]
struct MembersPage {
    members: Vec<Line>,
    owed: Rupiah,
    may_act: bool,
    form: FormView,
}

#[derive(Serialize)]
struct Line {
    id: i64,
    name: String,
    owed: Rupiah,
    limit: Rupiah,
    /// Hundredths of the limit that are owed.
    part: i64,
}

impl Page for MembersPage {
    const TEMPLATE: &'static str = "outlet/members.html";
    fn samples() -> Vec<MembersPage> {
        let line =
            |owed, limit| Line { id: 3, name: "Bu Sati".into(), owed: Rupiah(owed), limit: Rupiah(limit), part: 30 };
        let members = vec![line(60_000, 200_000), line(0, 200_000), line(0, 0)];
        vec![MembersPage::default(), MembersPage { members, owed: Rupiah(60_000), may_act: true, ..Default::default() }]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    page::samples::<MembersPage>()
}

async fn draw(
    (visit, outlet, may_act): (&Visit, &outlet::Model, bool),
    app: &App,
    status: StatusCode,
    form: FormView,
) -> Result<HttpResponse> {
    let all = member::list(&app.db, outlet.id).await?;
    let line = |one: &Standing| Line {
        id: one.member.id,
        name: one.member.name.clone(),
        owed: one.owed,
        limit: one.member.account_limit,
        part: (one.family_owed.0 * 100 / one.member.account_limit.0.max(1)).clamp(0, 100),
    };
    let page = MembersPage {
        owed: all.iter().map(|one| one.owed).sum(),
        members: all.iter().map(line).collect(),
        may_act,
        form,
    };
    visit.page_with(status, &app.templates, &page)
}

/// `GET /kelola/anggota`
pub(super) async fn list(reader: BookReader, app: Data<App>) -> Result<HttpResponse> {
    draw((&reader.visit, &reader.outlet, reader.may_act), &app, StatusCode::OK, FormView::default()).await
}

/// `POST /kelola/anggota`
pub(super) async fn add(treasurer: Treasurer, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let mut reader = form.read();
    let name = reader.text("nama", 80);
    let phone = (!form.get("hp").is_empty()).then(|| reader.phone("hp"));
    let (outlet, by) = (&treasurer.outlet, treasurer.person_id);
    let (status, wrong) = match reader.done(()) {
        Err(wrong) => (StatusCode::UNPROCESSABLE_ENTITY, wrong),
        Ok(()) => {
            let scope = format!("member.add {}", outlet.id);
            let added = perform(&app, &form, &scope, async |tx| {
                let family_id = match form.get("kartu") {
                    "" => None,
                    card => Some(family::by_card(tx, outlet.village_id, card).await?.id),
                };
                let new = NewMember { name: name.clone(), phone: phone.clone(), family_id };
                let member = member::add(tx, &app.clock, outlet, &new, by).await?;
                Ok(format!("{HERE}/{}", member.id))
            });
            match added.await {
                Ok(url) => return Ok(done(&url, "member.was_added")),
                Err(Error::Refused(refusal)) => {
                    let field = if refusal.said.key.starts_with("family.") { "kartu" } else { "nama" };
                    (status_of(&refusal), Wrong::refusal(field, refusal))
                }
                Err(e) => return Err(e),
            }
        }
    };
    let view = FormView::new(&form, &wrong, app.templates.words(), treasurer.visit.lang);
    draw((&treasurer.visit, outlet, true), &app, status, view).await
}
