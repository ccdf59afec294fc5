//! The screen that a buyer pays at, for a bill or an order: drawn, told to its script, and asked about at the provider.
use std::time::Duration;

use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
};
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::json;

use super::sign::{Sign, Standing};
use crate::{
    accounts::visit::{Operator, done},
    app::App,
    clock,
    error::{Error, Refusal, Result},
    form::FormView,
    gateway::qris::{Picture, draw as draw_code},
    locale::{self, Said},
    orders::example,
    page::{Page, Sample, escape_query, samples as samples_of, see_other},
    payments::{attempt, reconcile, refund},
    sandbox,
};
use entity::{Rupiah, payment_attempt};

const MINUTE: Duration = Duration::from_secs(60);
/// How often a minute a screen may look, and ask the provider.
const LOOKS: u32 = 120;
const ASKS: u32 = 12;

pub(super) fn samples() -> Vec<Sample> {
    samples_of::<Screen>()
}

/// What is paid for: a bill, or an order.
#[derive(Clone, Debug)]
pub(super) struct Case {
    /// How payments call it.
    pub subject: String,
    /// Its address.
    pub here: String,
    pub back: String,
    pub is_order: bool,
    pub purpose: String,
    pub amount: Rupiah,
    pub standing: Standing,
    pub paid_at: Option<DateTime<Utc>>,
    /// Owed back to a buyer of the counter; an order shows its own on its own page.
    pub refund_due: Rupiah,
}

#[derive(Serialize)]
struct Screen {
    here: String,
    back: String,
    is_order: bool,
    outlet: String,
    purpose: String,
    amount: Rupiah,
    sign: &'static str,
    word: &'static str,
    hint: &'static str,
    qr: Option<Picture>,
    until: Option<DateTime<Utc>>,
    paid_at: Option<DateTime<Utc>>,
    refund_due: Rupiah,
    /// It is on its way back already.
    returning: bool,
    may_give_back: bool,
    may_check: bool,
    may_renew: bool,
    may_cancel: bool,
    /// Where to act as the buyer, when the money is not real.
    stand_in: Option<String>,
    form: FormView,
}

impl Page for Screen {
    const TEMPLATE: &'static str = "outlet/bill.html";
    fn samples() -> Vec<Screen> {
        let case = Case {
            subject: "bill:7".into(),
            here: "/kelola/qris/7".into(),
            back: "/kelola/qris".into(),
            is_order: false,
            purpose: "Beras 5 kg".into(),
            amount: Rupiah(74_000),
            standing: Standing::Open,
            paid_at: Some(example::at()),
            refund_due: Rupiah::ZERO,
        };
        let attempt = example::attempt();
        let all = [
            Sign::Making,
            Sign::Waiting,
            Sign::NoCode,
            Sign::Unsure,
            Sign::Booking,
            Sign::Paid,
            Sign::Ended,
            Sign::TakenBack,
            Sign::Over,
        ];
        let page = |sign| Screen::of(&case, "e-Warong Kemuning Lor", sign, Some(&attempt));
        let mut pages: Vec<Screen> = all.into_iter().map(page).collect();
        pages.push(Screen { refund_due: Rupiah(74_000), may_give_back: true, ..page(Sign::Over) });
        pages.push(Screen { refund_due: Rupiah(74_000), returning: true, is_order: true, ..page(Sign::Paid) });
        pages.push(Screen { stand_in: Some("/x".into()), ..page(Sign::Waiting) });
        pages
    }
}

impl Screen {
    fn of(case: &Case, outlet: &str, sign: Sign, attempt: Option<&payment_attempt::Model>) -> Screen {
        let [word, hint] = sign.words();
        let code = attempt.filter(|_| sign == Sign::Waiting).and_then(|attempt| attempt.qr_string.as_deref());
        Screen {
            here: case.here.clone(),
            back: case.back.clone(),
            is_order: case.is_order,
            outlet: outlet.to_owned(),
            purpose: case.purpose.clone(),
            amount: case.amount,
            sign: sign.code(),
            word,
            hint,
            qr: code.and_then(draw_code),
            until: attempt.map(|attempt| attempt.expires_at),
            paid_at: case.paid_at,
            refund_due: case.refund_due,
            returning: false,
            may_give_back: false,
            may_check: sign.may_check(),
            may_renew: sign.may_renew(),
            may_cancel: sign.may_cancel(),
            stand_in: None,
            form: FormView::default(),
        }
    }
}

/// How a case stands now, with the attempt that counts for showing.
async fn look(app: &App, case: &Case) -> Result<(Sign, Option<payment_attempt::Model>)> {
    let mut attempts = attempt::of_subject(&app.db, &case.subject).await?;
    Ok((Sign::of(case.standing, &attempts, case.refund_due, app.clock.now()), attempts.pop()))
}

/// The screen, with what was wrong with a form on it.
pub(super) async fn draw(
    operator: &Operator,
    app: &App,
    case: &Case,
    status: StatusCode,
    form: FormView,
) -> Result<HttpResponse> {
    let (sign, attempt) = look(app, case).await?;
    let mut page = Screen { form, ..Screen::of(case, &operator.outlet.name, sign, attempt.as_ref()) };
    if case.refund_due > Rupiah::ZERO {
        page.returning = refund::is_underway(&app.db, &case.subject).await?;
        page.may_give_back = refund::way_back(&app.db, &case.subject, app.clock.now()).await?.is_some();
    }
    if let (Some(attempt), Sign::Waiting, true) = (&attempt, sign, app.sandbox.is_some()) {
        let finish = escape_query(&case.here);
        let transaction = attempt::transaction_of(&app.db, attempt.id).await?;
        page.stand_in = transaction.map(|id| format!("{}/bayar/{id}?finish={finish}", sandbox::midtrans::MOUNT));
    }
    operator.visit.page_with(status, &app.templates, &page)
}

/// The same in a few bytes, for the script that waits for it.
pub(super) async fn state(operator: &Operator, app: &App, case: &Case) -> Result<HttpResponse> {
    if !app.cache.allows(&format!("look {}", case.subject), LOOKS, MINUTE).await {
        return Err(Refusal::slow_down("form.slow_down").into());
    }
    let (sign, _) = look(app, case).await?;
    let at = |at| Said::new("qris.paid_at").with("at", locale::moment(operator.visit.lang, at, clock::wib()));
    let at = case.paid_at.filter(|_| sign == Sign::Paid).map(|paid_at| app.say(operator.visit.lang, &at(paid_at)));
    let told = json!({ "sign": sign.code(), "amount": case.amount.to_string(), "at": at });
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(told))
}

/// Asks the provider, and shows what is known then.
pub(super) async fn check(app: &App, case: &Case) -> Result<HttpResponse> {
    use reconcile::Standing;
    if !app.cache.allows(&format!("ask {}", case.subject), ASKS, MINUTE).await {
        return Ok(done(&case.here, "form.slow_down"));
    }
    Ok(match reconcile::check_now(&app.db, &app.clock, &app.payments, &case.subject).await? {
        Standing::Paid => see_other(&case.here),
        Standing::Waiting => done(&case.here, "qris.asked_waiting"),
        Standing::Unreachable | Standing::Unclear => done(&case.here, "qris.asked_unsure"),
        Standing::Closed | Standing::Nothing => done(&case.here, "qris.asked_ended"),
    })
}

/// Whether no code of the case can be paid any more: asked and ended at the provider. Never while a transaction is open.
pub(super) async fn is_closed(app: &App, case: &Case) -> Result<bool> {
    let closing = attempt::close_live(&app.db, &app.clock, &app.payments, &case.subject).await?;
    Ok(matches!(closing, attempt::Closing::Closed | attempt::Closing::Paid))
}

/// Back to the screen; what was refused is said there.
pub(super) fn answer(outcome: Result<()>, url: &str) -> Result<HttpResponse> {
    match outcome {
        Ok(()) => Ok(see_other(url)),
        Err(Error::Refused(refusal)) => Ok(done(url, refusal.said.key)),
        Err(e) => Err(e),
    }
}
