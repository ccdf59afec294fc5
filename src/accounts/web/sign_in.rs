//! `/masuk`: phone and PIN, and for staff who chose so a code from their phone.
use std::time::Duration;

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
    web::{self, Data},
};
use serde::Serialize;
use serde_json::json;

use super::{asked, home};
use crate::{
    accounts::{
        person, pin,
        pin::DEMO_PIN,
        role, session,
        sign_in::{self, TRIES, Verdict},
        totp,
        visit::{self, LANG_COOKIE, Visit},
    },
    app::App,
    clock::Clock,
    db::{self, Tx},
    error::{Error, Result},
    form::{Form, FormView, OpenForm, SESSION_COOKIE, Wrong},
    history::{self, Subject},
    locale::{self, Said},
    page::{Page, local_path, see_other},
};
use entity::person as row;

/// Between the PIN and the code: who it is, sealed, for five minutes.
const CODE_COOKIE: &str = "warong_kode";
const CODE_SECONDS: i64 = 300;
/// Wrong tries from one address, whoever they are for. Many phones of a village share one address.
const WRONG_FROM_ONE_PLACE: u32 = 60;
const WINDOW: Duration = Duration::from_secs(15 * 60);

pub(super) fn configure(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/masuk").get(show).post(create))
        .service(web::resource("/masuk/kode").get(ask_code).post(check_code));
}

/// Phone and PIN.
#[derive(Serialize)]
pub struct SignInPage {
    form: FormView,
    back: String,
    /// A keyboard with letters, for those with a password.
    letters: bool,
    demo: Vec<DemoSignIn>,
}

/// Somebody of the demonstration village, one tap away.
#[derive(Serialize)]
struct DemoSignIn {
    name: String,
    phone: String,
    pin: &'static str,
    roles: Vec<&'static str>,
}

impl Page for SignInPage {
    const TEMPLATE: &'static str = "accounts/sign_in.html";
    fn samples() -> Vec<SignInPage> {
        let siti = DemoSignIn {
            name: "Bu Siti Aminah".into(),
            phone: "6281200000001".into(),
            pin: DEMO_PIN,
            roles: vec!["role.operator"],
        };
        vec![
            SignInPage { form: FormView::default(), back: String::new(), letters: false, demo: vec![siti] },
            SignInPage {
                form: FormView {
                    values: [("phone".to_owned(), "0812".to_owned())].into(),
                    errors: [("pin".to_owned(), "Nomor HP atau PIN tidak cocok.".to_owned())].into(),
                },
                back: "/pesan".into(),
                letters: true,
                demo: Vec::new(),
            },
        ]
    }
}

async fn show(visit: Visit, request: HttpRequest, app: Data<App>) -> Result<HttpResponse> {
    let asked = asked(&request);
    if let Some(signed) = &visit.signed {
        return Ok(see_other(local_path(asked.get("kembali"), home(&signed.roles))));
    }
    draw(StatusCode::OK, &visit, &app, FormView::default(), &asked).await
}

async fn draw(status: StatusCode, visit: &Visit, app: &App, form: FormView, asked: &Form) -> Result<HttpResponse> {
    let demo = if visit.shell.demo { demonstration(app).await? } else { Vec::new() };
    let back = local_path(asked.get("kembali"), "").to_owned();
    let page = SignInPage { form, back, letters: asked.has("huruf"), demo };
    visit.page_with(status, &app.templates, &page)
}

async fn demonstration(app: &App) -> Result<Vec<DemoSignIn>> {
    let cast = person::demonstration(&app.db).await?;
    Ok(cast
        .into_iter()
        .filter_map(|(person, roles)| {
            let roles = roles.iter().map(|held| role::key(held.role)).collect();
            Some(DemoSignIn { name: person.name, phone: person.phone?, pin: DEMO_PIN, roles })
        })
        .collect())
}

async fn create(visit: Visit, form: OpenForm, request: HttpRequest, app: Data<App>) -> Result<HttpResponse> {
    let OpenForm(form) = form;
    let mut reader = form.read();
    let phone = reader.phone("phone");
    let typed = reader.text("pin", pin::LONGEST);
    let wrong = match reader.done(()) {
        Err(wrong) => wrong,
        Ok(()) => match try_to_enter(&app, &request, &phone, &typed, form.get("kembali")).await? {
            Ok(answer) => return Ok(answer),
            Err(said) => Wrong::field("pin", said),
        },
    };
    let slow = wrong.0.values().any(|said| matches!(said.key, "form.slow_down" | "sign_in.closed"));
    let status = if slow { StatusCode::TOO_MANY_REQUESTS } else { StatusCode::UNPROCESSABLE_ENTITY };
    draw(status, &visit, &app, FormView::new(&form, &wrong, app.templates.words(), visit.lang), &form).await
}

/// Lets somebody in who knows the PIN of a phone, or says why not in words that do not tell whether the phone is known.
pub(super) async fn try_to_enter(
    app: &App,
    request: &HttpRequest,
    phone: &str,
    typed: &str,
    back: &str,
) -> Result<Result<HttpResponse, Said>> {
    let place = place(app, "sign-in", request);
    if app.cache.reached(&place, WRONG_FROM_ONE_PLACE).await {
        return Ok(Err(Said::new("form.slow_down")));
    }
    let Some(known) = person::by_phone(&app.db, phone).await? else {
        app.cache.allows(&place, WRONG_FROM_ONE_PLACE, WINDOW).await;
        return Ok(Err(nobody(app, phone, typed).await?));
    };
    if sign_in::is_closed(&known, app.clock.now()) {
        return Ok(Err(Said::new("sign_in.closed")));
    }
    let right = pin::agrees(typed, known.secret_hash.clone()).await?;
    let tx = db::begin(&app.db).await?;
    let verdict = sign_in::judge(&tx, &app.clock, known.id, right).await?;
    let answer = match verdict {
        Verdict::Right => {
            let token = open_session(&tx, app, request, known.id).await?;
            Ok(welcome(app, &known, token, &way_on(&tx, &known, back).await?))
        }
        Verdict::AskCode => Ok(to_the_code(app, known.id, back)),
        other => Err(no(&tx, &app.clock, &known, other).await?),
    };
    tx.commit().await?;
    if matches!(verdict, Verdict::Wrong | Verdict::Closed) {
        app.cache.allows(&place, WRONG_FROM_ONE_PLACE, WINDOW).await;
    }
    Ok(answer)
}

/// Names where tries come from, without giving it away to whoever reads the counters.
pub(super) fn place(app: &App, act: &str, request: &HttpRequest) -> String {
    format!("{act}:{}", app.config.secret.mac("origin", visit::origin(request).as_bytes()))
}

/// A phone that nobody has gets the same work, the same sentences and the same closed door.
async fn nobody(app: &App, phone: &str, typed: &str) -> Result<Said> {
    let key = format!("sign-in:nobody:{}", app.config.secret.mac("nobody", phone.as_bytes()));
    let tries = u32::try_from(TRIES).unwrap_or(5);
    if app.cache.reached(&key, tries).await {
        return Ok(Said::new("sign_in.closed"));
    }
    pin::agrees(typed, None).await?;
    app.cache.allows(&key, tries, WINDOW).await;
    Ok(Said::new(if app.cache.reached(&key, tries).await { "sign_in.closed" } else { "sign_in.wrong" }))
}

/// The sentence of a no; a door that closed is written down.
async fn no(tx: &Tx, clock: &Clock, person: &row::Model, verdict: Verdict) -> Result<Said> {
    Ok(match verdict {
        Verdict::PinEnded => Said::new("sign_in.pin_ended"),
        Verdict::StillClosed => Said::new("sign_in.closed"),
        Verdict::Closed => {
            history::remember(tx, clock, None, Subject("person", person.id), "locked_out", None, json!({})).await?;
            Said::new("sign_in.closed")
        }
        Verdict::Right | Verdict::AskCode | Verdict::Wrong => Said::new("sign_in.wrong"),
    })
}

/// A new session for this browser; the one it had before ends.
pub(super) async fn open_session(tx: &Tx, app: &App, request: &HttpRequest, person_id: i64) -> Result<String> {
    if let Some(old) = request.cookie(SESSION_COOKIE) {
        session::end_token(tx, old.value()).await?;
    }
    let agent = request.headers().get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    session::open(tx, &app.clock, person_id, &session::device(agent)).await
}

/// Back to where they came from, or home; first to a PIN of their own if somebody else chose it.
async fn way_on(tx: &Tx, person: &row::Model, back: &str) -> Result<String> {
    let roles = role::of(tx, person.id).await?;
    let to = local_path(back, home(&roles));
    if person.secret_until.is_none() {
        return Ok(to.to_owned());
    }
    Ok(format!("/akun/pin?kembali={}", percent_encoding::utf8_percent_encode(to, percent_encoding::NON_ALPHANUMERIC)))
}

/// The cookies of somebody who came in.
pub(super) fn welcome(app: &App, person: &row::Model, token: String, to: &str) -> HttpResponse {
    let mut answer = see_other(to);
    answer.add_cookie(&session::cookie(&app.config, token)).ok();
    let language = locale::code(person.language).to_owned();
    answer.add_cookie(&session::kept(&app.config, LANG_COOKIE, language, super::language::SECONDS)).ok();
    answer.add_cookie(&session::gone(CODE_COOKIE)).ok();
    answer
}

fn to_the_code(app: &App, person_id: i64, back: &str) -> HttpResponse {
    let until = app.clock.now().timestamp() + CODE_SECONDS;
    let sealed = app.config.secret.seal("sign-in-code", format!("{person_id} {until} {back}").as_bytes());
    let mut answer = see_other("/masuk/kode");
    answer.add_cookie(&session::kept(&app.config, CODE_COOKIE, sealed, CODE_SECONDS)).ok();
    answer
}

/// Who showed the right PIN a moment ago, and where they wanted to go.
fn waiting_for_code(app: &App, request: &HttpRequest) -> Option<(i64, String)> {
    let cookie = request.cookie(CODE_COOKIE)?;
    let text = String::from_utf8(app.config.secret.open("sign-in-code", cookie.value())?).ok()?;
    let mut parts = text.splitn(3, ' ');
    let (id, until) = (parts.next()?.parse().ok()?, parts.next()?.parse::<i64>().ok()?);
    (until >= app.clock.now().timestamp()).then(|| (id, parts.next().unwrap_or_default().to_owned()))
}

/// The code from the phone.
#[derive(Serialize)]
pub struct CodePage {
    form: FormView,
}

impl Page for CodePage {
    const TEMPLATE: &'static str = "accounts/code.html";
    fn samples() -> Vec<CodePage> {
        vec![CodePage { form: FormView::default() }]
    }
}

async fn ask_code(visit: Visit, request: HttpRequest, app: Data<App>) -> Result<HttpResponse> {
    match waiting_for_code(&app, &request) {
        None => Ok(see_other("/masuk")),
        Some(_) => visit.page(&app.templates, &CodePage { form: FormView::default() }),
    }
}

async fn check_code(visit: Visit, form: OpenForm, request: HttpRequest, app: Data<App>) -> Result<HttpResponse> {
    let OpenForm(form) = form;
    let Some((person_id, back)) = waiting_for_code(&app, &request) else { return Ok(see_other("/masuk")) };
    let tx = db::begin(&app.db).await?;
    let verdict = totp::judge(&tx, &app.clock, &app.config.secret, person_id, form.get("code")).await?;
    let known = person::get(&tx, person_id).await.map_err(|_| Error::SignIn)?;
    if verdict == Verdict::Right {
        let token = open_session(&tx, &app, &request, person_id).await?;
        let to = way_on(&tx, &known, &back).await?;
        tx.commit().await?;
        return Ok(welcome(&app, &known, token, &to));
    }
    let said = match no(&tx, &app.clock, &known, verdict).await? {
        said if said.key == "sign_in.wrong" => Said::new("sign_in.code_wrong"),
        said => said,
    };
    tx.commit().await?;
    let wrong = Wrong::field("code", said);
    let view = FormView::new(&Form::default(), &wrong, app.templates.words(), visit.lang);
    visit.page_with(StatusCode::UNPROCESSABLE_ENTITY, &app.templates, &CodePage { form: view })
}
