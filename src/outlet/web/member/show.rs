//! One member: what they owe and may owe, all that happened on their account, and the statement on paper and as a message.
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path, Query},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    accounts::visit::{BookReader, Visit},
    app::App,
    clock,
    error::Result,
    form::FormView,
    locale::{self, Lang, Said},
    notifications::whatsapp,
    outlet::member::{self, Line, Standing, What},
    page::{self, Page, Sample},
};
use entity::{Rupiah, outlet};

/// The newest lines are shown and told; the paper has all of them.
const SHOWN: usize = 40;
const TOLD: usize = 10;

#[derive(Serialize)]
struct MemberPage {
    id: i64,
    name: String,
    phone: Option<String>,
    since: DateTime<Utc>,
    has_left: bool,
    has_family: bool,
    owed: Rupiah,
    limit: Rupiah,
    room: Rupiah,
    /// What the whole family owes, when that is more than this member.
    family_owed: Option<Rupiah>,
    lines: Vec<LineView>,
    share: String,
    may_act: bool,
    /// The form that was refused.
    at: &'static str,
    form: FormView,
}

#[derive(Serialize)]
struct LineView {
    what: &'static str,
    at: DateTime<Utc>,
    amount: Rupiah,
    left: Rupiah,
    less: bool,
}

impl Page for MemberPage {
    const TEMPLATE: &'static str = "outlet/member.html";
    fn samples() -> Vec<MemberPage> {
        let page = |owed, limit, lines| MemberPage {
            id: 3,
            name: "Bu Sati".into(),
            phone: Some("6281200000002".into()),
            since: DateTime::<Utc>::UNIX_EPOCH,
            has_left: false,
            has_family: limit > 0,
            owed: Rupiah(owed),
            limit: Rupiah(limit),
            room: Rupiah(limit - owed),
            family_owed: (limit > 0).then_some(Rupiah(owed + 5_000)),
            lines,
            share: "https://wa.me/?text=halo".into(),
            may_act: true,
            at: "",
            form: FormView::default(),
        };
        let gone = MemberPage { has_left: true, phone: None, may_act: false, ..page(0, 0, sample_lines()) };
        vec![page(60_000, 200_000, sample_lines()), page(0, 0, Vec::new()), gone]
    }
}

fn sample_lines() -> Vec<LineView> {
    let line = |what, amount: i64, left| LineView {
        what: what_key(what),
        at: DateTime::<Utc>::UNIX_EPOCH,
        amount: Rupiah(amount.abs()),
        left: Rupiah(left),
        less: amount < 0,
    };
    vec![line(What::Paid, -20_000, 60_000), line(What::Returned, -5_000, 80_000), line(What::Bought, 85_000, 85_000)]
}

#[derive(Serialize)]
struct StatementPage {
    id: i64,
    name: String,
    outlet: String,
    owed: Rupiah,
    on: DateTime<Utc>,
    lines: Vec<LineView>,
    size: &'static str,
}

impl Page for StatementPage {
    const TEMPLATE: &'static str = "outlet/member_statement.html";
    fn samples() -> Vec<StatementPage> {
        let page = |size, lines| StatementPage {
            id: 3,
            name: "Bu Sati".into(),
            outlet: "e-Warong Kemuning Lor".into(),
            owed: Rupiah(60_000),
            on: DateTime::<Utc>::UNIX_EPOCH,
            lines,
            size,
        };
        vec![page("58", sample_lines()), page("a6", Vec::new())]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    [page::samples::<MemberPage>(), page::samples::<StatementPage>()].into_iter().flatten().collect()
}

fn what_key(what: What) -> &'static str {
    match what {
        What::Bought => "account_note.bought",
        What::Returned => "account_note.returned",
        What::Paid => "account_note.paid",
    }
}

fn view(line: &Line) -> LineView {
    LineView {
        what: what_key(line.what),
        at: line.at,
        amount: Rupiah(line.amount.0.abs()),
        left: line.left,
        less: line.amount < Rupiah::ZERO,
    }
}

/// The statement as a message to the member.
fn message(app: &App, lang: Lang, outlet: &str, one: &Standing, lines: &[Line]) -> String {
    let line = |line: &Line| {
        let sign = if line.amount < Rupiah::ZERO { "−" } else { "+" };
        let what = app.say(lang, &Said::new(what_key(line.what)));
        format!("{} {what} {sign}{}", clock::local_date(line.at).format("%d/%m"), Rupiah(line.amount.0.abs()))
    };
    let last = lines.iter().skip(lines.len().saturating_sub(TOLD)).map(line).collect::<Vec<_>>().join("\n");
    let said = Said::new("account_note.message")
        .with("name", one.member.name.as_str())
        .with("outlet", outlet)
        .with("on", locale::date(lang, app.clock.today()))
        .with("lines", last)
        .with("owed", one.owed);
    app.say(lang, &said)
}

/// `GET /kelola/anggota/{id}`
pub(super) async fn show(reader: BookReader, id: Path<i64>, app: Data<App>) -> Result<HttpResponse> {
    let who = (&reader.visit, &reader.outlet, reader.may_act);
    draw(who, &app, *id, StatusCode::OK, ("", FormView::default())).await
}

/// The member's page, with what was refused in the form `at`.
pub(super) async fn draw(
    (visit, outlet, may_act): (&Visit, &outlet::Model, bool),
    app: &App,
    id: i64,
    status: StatusCode,
    (at, form): (&'static str, FormView),
) -> Result<HttpResponse> {
    let one = member::read(&app.db, outlet.id, id).await?;
    let lines = member::statement(&app.db, id).await?;
    let phone = one.member.phone.clone();
    let page = MemberPage {
        id,
        name: one.member.name.clone(),
        since: one.member.joined_at,
        has_left: one.member.left_at.is_some(),
        has_family: one.member.family_id.is_some(),
        owed: one.owed,
        limit: one.member.account_limit,
        room: one.room(),
        family_owed: (one.family_owed != one.owed).then_some(one.family_owed),
        lines: lines.iter().rev().take(SHOWN).map(view).collect(),
        share: whatsapp::link(
            phone.as_deref().unwrap_or_default(),
            &message(app, visit.lang, &outlet.name, &one, &lines),
        ),
        phone,
        may_act,
        at,
        form,
    };
    visit.page_with(status, &app.templates, &page)
}

#[derive(Deserialize)]
pub(super) struct Paper {
    #[serde(default)]
    kertas: String,
}

/// `GET /kelola/anggota/{id}/cetak`
pub(super) async fn print(
    reader: BookReader,
    id: Path<i64>,
    paper: Query<Paper>,
    app: Data<App>,
) -> Result<HttpResponse> {
    let one = member::read(&app.db, reader.outlet.id, *id).await?;
    let page = StatementPage {
        id: *id,
        name: one.member.name,
        outlet: reader.outlet.name.clone(),
        owed: one.owed,
        on: app.clock.now(),
        lines: member::statement(&app.db, *id).await?.iter().map(view).collect(),
        size: if paper.kertas == "a6" { "a6" } else { "58" },
    };
    reader.visit.page(&app.templates, &page)
}
