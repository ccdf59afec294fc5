//! Small pages that ask what an act needs to know: one question, one button, one way back.
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};
use serde::Serialize;

use super::view::{self, Voice};
use crate::{
    accounts::visit::Operator,
    app::App,
    error::Result,
    form::FormView,
    locale::{Lang, Said, Words},
    orders::docket::{Docket, open},
    page::{self, Page, Sample},
};

/// One line to fill in.
#[derive(Clone, Debug, Serialize)]
pub struct Field {
    name: &'static str,
    label: String,
    hint: String,
    value: String,
    mode: &'static str,
    required: bool,
    lines: bool,
    max: i64,
}

/// A question about one order.
#[derive(Clone, Debug, Serialize)]
pub struct AskPage {
    number: String,
    back: String,
    action: String,
    title: String,
    lead: String,
    button: String,
    danger: bool,
    fields: Vec<Field>,
    form: FormView,
}

impl Page for AskPage {
    const TEMPLATE: &'static str = "counter/ask.html";
    fn samples() -> Vec<AskPage> {
        let words = Words::default();
        let voice = Voice { words: &words, lang: Lang::Id };
        let docket = Docket::sample();
        let questions = [
            Question::Send(7),
            Question::Track(7),
            Question::ComeBack(7),
            Question::Short(1),
            Question::Cancel,
            Question::Balance,
            Question::StepBack,
        ];
        questions.into_iter().filter_map(|question| question.page(&docket, &voice).ok()).collect()
    }
}

pub fn samples() -> Vec<Sample> {
    page::samples::<AskPage>()
}

/// What is asked before an act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    Send(i64),
    Track(i64),
    ComeBack(i64),
    Short(i64),
    Compensate(i64),
    Cancel,
    /// The rest of an order that is paid in two parts.
    Balance,
    /// The buyer steps back; some of the deposit stays here.
    StepBack,
}

impl Question {
    /// The question on paper.
    fn page(self, docket: &Docket, voice: &Voice) -> Result<AskPage> {
        let say = |said: Said| voice.say(&said);
        let back = format!("/kelola/pesanan/{}", docket.order.id);
        let blank = |action: String, title, lead, button| AskPage {
            number: docket.number(),
            action: format!("{back}/{action}"),
            back: back.clone(),
            title,
            lead,
            button,
            danger: false,
            fields: Vec::new(),
            form: FormView::default(),
        };
        Ok(match self {
            Question::Send(parcel_id) => AskPage {
                fields: journey(docket, parcel_id, voice)?,
                ..blank(
                    format!("paket/{parcel_id}/kirim"),
                    say(Said::new("counter.send_title")),
                    say(Said::new("counter.send_lead")),
                    say(Said::new("counter.send_button")),
                )
            },
            Question::Track(parcel_id) => AskPage {
                fields: journey(docket, parcel_id, voice)?,
                ..blank(
                    format!("paket/{parcel_id}/resi"),
                    say(Said::new("counter.track_title")),
                    say(Said::new("counter.track_lead")),
                    say(Said::new("counter.save")),
                )
            },
            Question::ComeBack(parcel_id) => AskPage {
                fields: vec![Field {
                    hint: say(Said::new("counter.come_back_hint")),
                    label: say(Said::new("counter.come_back_reason")),
                    ..reason(voice)
                }],
                ..blank(
                    format!("paket/{}/balik", docket.parcel(parcel_id)?.parcel.id),
                    say(Said::new("counter.come_back_title")),
                    say(Said::new("counter.come_back_lead")),
                    say(Said::new("counter.come_back_button")),
                )
            },
            Question::Short(line_id) => {
                let line = docket.line(line_id)?;
                let lead = Said::new("counter.short_lead").with("name", view::name_of(line)).with("n", open(line));
                AskPage {
                    danger: true,
                    fields: vec![pieces(open(line), voice), reason(voice)],
                    ..blank(
                        format!("barang/{line_id}/kurang"),
                        say(Said::new("counter.short_title")),
                        say(lead),
                        say(Said::new("counter.short_button")),
                    )
                }
            }
            Question::Compensate(line_id) => {
                let line = docket.line(line_id)?;
                let lead = Said::new("counter.compensate_lead").with("name", view::name_of(line));
                AskPage {
                    fields: vec![amount(voice), reason(voice)],
                    ..blank(
                        format!("barang/{line_id}/ganti"),
                        say(Said::new("counter.compensate_title")),
                        say(lead),
                        say(Said::new("counter.compensate_button")),
                    )
                }
            }
            Question::Cancel => AskPage {
                danger: true,
                fields: vec![reason(voice)],
                ..blank(
                    "batal".into(),
                    say(Said::new("counter.cancel_title")),
                    say(Said::new("counter.cancel_lead")),
                    say(Said::new("counter.cancel_button")),
                )
            },
            Question::Balance => AskPage {
                fields: vec![days(voice)],
                ..blank(
                    "pelunasan".into(),
                    say(Said::new("wholesale.balance_title").with("amount", docket.asked())),
                    say(Said::new("wholesale.balance_lead").with("amount", docket.order.part_paid)),
                    say(Said::new("wholesale.balance_button")),
                )
            },
            Question::StepBack => AskPage {
                danger: true,
                fields: vec![reason(voice)],
                ..blank(
                    "mundur".into(),
                    say(Said::new("wholesale.step_back_title")),
                    say(Said::new("wholesale.step_back_lead").with("amount", docket.order.kept)),
                    say(Said::new("wholesale.step_back_button")),
                )
            },
        })
    }
}

fn reason(voice: &Voice) -> Field {
    Field {
        name: "reason",
        label: voice.say(&Said::new("counter.reason")),
        hint: voice.say(&Said::new("counter.reason_hint")),
        value: String::new(),
        mode: "text",
        required: true,
        lines: true,
        max: 300,
    }
}

fn days(voice: &Voice) -> Field {
    Field {
        name: "days",
        label: voice.say(&Said::new("wholesale.balance_days")),
        hint: voice.say(&Said::new("wholesale.balance_days_hint")),
        value: "7".into(),
        mode: "numeric",
        required: true,
        lines: false,
        max: 2,
    }
}

fn amount(voice: &Voice) -> Field {
    Field {
        name: "amount",
        label: voice.say(&Said::new("counter.compensate_amount")),
        hint: voice.say(&Said::new("counter.compensate_hint")),
        value: String::new(),
        mode: "numeric",
        required: true,
        lines: false,
        max: 20,
    }
}

fn pieces(open: i64, voice: &Voice) -> Field {
    Field {
        name: "pieces",
        label: voice.say(&Said::new("counter.how_many_short")),
        hint: String::new(),
        value: open.to_string(),
        mode: "numeric",
        required: true,
        lines: false,
        max: 9,
    }
}

fn journey(docket: &Docket, parcel_id: i64, voice: &Voice) -> Result<Vec<Field>> {
    let parcel = &docket.parcel(parcel_id)?.parcel;
    let courier = parcel.courier.clone().or_else(|| docket.service.clone()).unwrap_or_default();
    let field = |name, label, hint, value, required| Field {
        name,
        label: voice.say(&Said::new(label)),
        hint: voice.say(&Said::new(hint)),
        value,
        mode: "text",
        required,
        lines: false,
        max: 60,
    };
    Ok(vec![
        field("courier", "counter.courier", "counter.courier_hint", courier, true),
        field(
            "tracking",
            "counter.tracking",
            "counter.tracking_hint",
            parcel.tracking_number.clone().unwrap_or_default(),
            false,
        ),
    ])
}

/// Draws a question, as it was answered when that was refused.
pub async fn draw(
    operator: &Operator,
    app: &App,
    id: i64,
    question: Question,
    status: StatusCode,
    form: FormView,
) -> Result<HttpResponse> {
    let docket = Docket::read(&app.db, operator.outlet.id, id).await?;
    let voice = Voice { words: app.templates.words(), lang: operator.visit.lang };
    let page = AskPage { form, ..question.page(&docket, &voice)? };
    operator.visit.page_with(status, &app.templates, &page)
}

async fn fresh(operator: &Operator, app: &App, id: i64, question: Question) -> Result<HttpResponse> {
    draw(operator, app, id, question, StatusCode::OK, FormView::default()).await
}

/// `GET /kelola/pesanan/{id}/paket/{parcel}/kirim`
pub async fn send(operator: Operator, path: Path<(i64, i64)>, app: Data<App>) -> Result<HttpResponse> {
    fresh(&operator, &app, path.0, Question::Send(path.1)).await
}

/// `GET /kelola/pesanan/{id}/paket/{parcel}/resi`
pub async fn track(operator: Operator, path: Path<(i64, i64)>, app: Data<App>) -> Result<HttpResponse> {
    fresh(&operator, &app, path.0, Question::Track(path.1)).await
}

/// `GET /kelola/pesanan/{id}/paket/{parcel}/balik`
pub async fn come_back(operator: Operator, path: Path<(i64, i64)>, app: Data<App>) -> Result<HttpResponse> {
    fresh(&operator, &app, path.0, Question::ComeBack(path.1)).await
}

/// `GET /kelola/pesanan/{id}/barang/{line}/kurang`
pub async fn short(operator: Operator, path: Path<(i64, i64)>, app: Data<App>) -> Result<HttpResponse> {
    fresh(&operator, &app, path.0, Question::Short(path.1)).await
}

/// `GET /kelola/pesanan/{id}/barang/{line}/ganti`
pub async fn compensate(operator: Operator, path: Path<(i64, i64)>, app: Data<App>) -> Result<HttpResponse> {
    fresh(&operator, &app, path.0, Question::Compensate(path.1)).await
}

/// `GET /kelola/pesanan/{id}/batal`
pub async fn cancel(operator: Operator, id: Path<i64>, app: Data<App>) -> Result<HttpResponse> {
    fresh(&operator, &app, *id, Question::Cancel).await
}

/// `GET /kelola/pesanan/{id}/pelunasan`
pub async fn balance(operator: Operator, id: Path<i64>, app: Data<App>) -> Result<HttpResponse> {
    fresh(&operator, &app, *id, Question::Balance).await
}

/// `GET /kelola/pesanan/{id}/mundur`
pub async fn step_back(operator: Operator, id: Path<i64>, app: Data<App>) -> Result<HttpResponse> {
    fresh(&operator, &app, *id, Question::StepBack).await
}
