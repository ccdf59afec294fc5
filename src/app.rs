//! The state of a running service, its server and its edge: headers, errors as pages, forms from elsewhere turned away.
use std::sync::Arc;

use actix_web::{
    App as ActixApp, HttpResponse, HttpServer,
    body::{BoxBody, MessageBody},
    dev::{Server, ServiceRequest, ServiceResponse},
    http::{Method, StatusCode, header},
    middleware::{Compress, DefaultHeaders, Next, from_fn},
    web,
};
use serde::Serialize;

use crate::{
    accounts::visit,
    clock::Clock,
    config::{Config, MidtransKeys},
    db::Db,
    error::{Error, Result},
    gateway::cache::Cache,
    gateway::midtrans,
    locale::Said,
    page::{Page, Templates},
    payments::{self, provider::Provider},
    routes,
    sandbox::midtrans::Sandbox,
    secret,
};

/// Everything a handler or a job may need. Foundations are also handed out one by one, for extractors.
pub struct App {
    pub config: Config,
    pub db: Db,
    pub clock: Clock,
    pub templates: web::Data<Templates>,
    pub cache: Cache,
    /// Where this process itself answers, for the stand-ins that are reached over HTTP like the real ones.
    pub own_url: String,
    pub payments: payments::Gate,
    /// The Midtrans with play money, when there are no keys of the real one.
    pub sandbox: Option<Arc<Sandbox>>,
}

impl App {
    /// Connects and migrates. Templates and words are read here, so a mistake in them stops the start.
    pub async fn open(config: Config, clock: Clock, own_url: String) -> anyhow::Result<Arc<App>> {
        App::open_with(config, clock, own_url, None).await
    }

    /// The same with another payment provider than Midtrans, for tests.
    pub async fn open_with(
        config: Config,
        clock: Clock,
        own_url: String,
        provider: Option<Arc<dyn Provider>>,
    ) -> anyhow::Result<Arc<App>> {
        let db = Db::connect(&config.database_url).await?;
        db.migrate().await?;
        let (mut payments, sandbox) = payment_gate(&config, &clock, &own_url)?;
        payments.provider = provider.unwrap_or(payments.provider);
        Ok(Arc::new(App {
            payments,
            sandbox,
            cache: Cache::open(config.redis_url.as_deref())?,
            templates: web::Data::new(Templates::load()?),
            db,
            clock,
            config,
            own_url,
        }))
    }

    /// A sentence in a language.
    pub fn say(&self, lang: crate::locale::Lang, said: &Said) -> String {
        self.templates.words().say(lang, said)
    }
}

/// Midtrans by its keys, or without keys the stand-in, which is reached over HTTP like the real one.
fn payment_gate(
    config: &Config,
    clock: &Clock,
    own_url: &str,
) -> anyhow::Result<(payments::Gate, Option<Arc<Sandbox>>)> {
    let (keys, sandbox) = match &config.midtrans {
        Some(keys) => (keys.clone(), None),
        None => {
            let now = clock.clone();
            let sandbox = Sandbox::open(&config.data, &config.public_url, Arc::new(move || now.now()))?;
            sandbox.set_notify_url(&format!("{own_url}/midtrans/notifikasi"));
            let keys = MidtransKeys {
                server: sandbox.server_key(),
                client: sandbox.client_key(),
                production: false,
                server_before: None,
                merchant_id: Some(sandbox.merchant_id()),
            };
            (keys, Some(sandbox))
        }
    };
    let environment = match keys.production {
        true => midtrans::Environment::Production,
        false => midtrans::Environment::Sandbox,
    };
    let base = sandbox.as_ref().map(|_| format!("{own_url}{}", crate::sandbox::midtrans::MOUNT));
    let server = midtrans::ServerKey::new(&keys.server);
    let pair = midtrans::Keys { server: server.clone(), client: midtrans::ClientKey::new(&keys.client) };
    let client = midtrans::Client::new(midtrans::Config::new(environment, pair, base.as_deref())?)?;
    let gate = payments::Gate {
        provider: Arc::new(payments::midtrans::Midtrans::new(client)),
        keys: [Some(server), keys.server_before.map(midtrans::ServerKey::new)].into_iter().flatten().collect(),
        merchant_id: keys.merchant_id,
    };
    Ok((gate, sandbox))
}

/// Starts answering on a listener that is already bound, so that tests know the port.
pub fn serve(app: Arc<App>, listener: std::net::TcpListener) -> std::io::Result<Server> {
    let db = web::Data::new(app.db.clone());
    let clock = web::Data::new(app.clock.clone());
    let config = web::Data::new(app.config.clone());
    let secret = web::Data::new(app.config.secret.clone());
    let data = web::Data::from(app.clone());
    let sandbox = app.sandbox.clone();
    let workers = app.config.workers;
    let server = HttpServer::new(move || {
        ActixApp::new()
            .app_data(data.clone())
            .app_data(db.clone())
            .app_data(clock.clone())
            .app_data(config.clone())
            .app_data(secret.clone())
            .app_data(data.templates.clone())
            .wrap(from_fn(edge))
            .wrap(Compress::default())
            .wrap(security_headers())
            .configure(routes::configure)
            .configure(|cfg| {
                if let Some(sandbox) = &sandbox {
                    cfg.app_data(web::Data::from(sandbox.clone()));
                    crate::sandbox::midtrans::configure(cfg);
                }
            })
            .default_service(web::to(nothing_here))
    });
    Ok(server.workers(workers).shutdown_timeout(10).listen(listener)?.run())
}

fn security_headers() -> DefaultHeaders {
    DefaultHeaders::new()
        .add((
            header::CONTENT_SECURITY_POLICY,
            "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; object-src 'none'; \
             base-uri 'none'; frame-ancestors 'none'; form-action 'self' https://*.midtrans.com",
        ))
        .add((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .add((header::REFERRER_POLICY, "same-origin"))
        .add((header::X_FRAME_OPTIONS, "DENY"))
        .add(("Permissions-Policy", "geolocation=(), microphone=(), camera=(self)"))
        .add(("Cross-Origin-Opener-Policy", "same-origin"))
}

async fn nothing_here() -> Result<HttpResponse> {
    Err(Error::NotFound)
}

/// `/healthz`: the process answers; nothing else is asked.
pub async fn healthz() -> &'static str {
    "ok"
}

/// `/readyz`: the database answers, and Redis if it is set.
pub async fn readyz(app: web::Data<App>) -> HttpResponse {
    let database = app.db.ping().await.is_ok();
    let redis = app.cache.ping().await;
    let status = if database && redis { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    HttpResponse::build(status).json(serde_json::json!({ "database": database, "redis": redis }))
}

/// What every request passes: forms from other sites are turned away, and a no or a fault becomes a page.
async fn edge(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    if comes_from_elsewhere(&request) {
        let (request, _) = request.into_parts();
        let answer = error_page(&request, &Error::Forbidden).await;
        return Ok(ServiceResponse::new(request, answer));
    }
    let response = next.call(request).await?;
    let Some(error) = response.response().error() else { return Ok(response.map_into_boxed_body()) };
    let status = response.status();
    let answer = match error.as_error::<Error>() {
        Some(error) => error_page(response.request(), error).await,
        // Errors of the framework itself: a body cut off, a malformed path.
        None if status.is_server_error() => {
            let fault = Error::Fault(anyhow::anyhow!("{error}"));
            error_page(response.request(), &fault).await
        }
        None if status == StatusCode::NOT_FOUND => error_page(response.request(), &Error::NotFound).await,
        None => return Ok(response.map_into_boxed_body()),
    };
    let (request, _) = response.into_parts();
    Ok(ServiceResponse::new(request, answer))
}

/// Browsers say where a form comes from. Programs that say nothing carry no cookies that could be misused, and the
/// provider's notices are proven by their signature.
fn comes_from_elsewhere(request: &ServiceRequest) -> bool {
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return false;
    }
    let text = |name: &str| request.headers().get(name).map(|value| value.to_str().unwrap_or("?").to_owned());
    if let Some(site) = text("sec-fetch-site") {
        return !matches!(site.as_str(), "same-origin" | "none");
    }
    match (text("origin"), text("host")) {
        (Some(origin), Some(host)) => origin.split_once("://").is_none_or(|(_, from)| from != host),
        (Some(_), None) => true,
        (None, _) => false,
    }
}

/// The page of a no: what it is, in words, and a way on. A fault shows a number that is also in the log.
#[derive(Serialize)]
struct ErrorPage {
    status: u16,
    sentence: String,
    fault: Option<String>,
}

impl Page for ErrorPage {
    const TEMPLATE: &'static str = "error/show.html";
    fn samples() -> Vec<ErrorPage> {
        vec![
            ErrorPage { status: 404, sentence: "Halaman ini tidak ada.".into(), fault: None },
            ErrorPage { status: 500, sentence: "Ada yang rusak.".into(), fault: Some("3f9a12".into()) },
        ]
    }
}

/// Pages of the edge, for the test that draws all of them.
pub fn samples() -> Vec<crate::page::Sample> {
    crate::page::samples::<ErrorPage>()
}

async fn error_page(request: &actix_web::HttpRequest, error: &Error) -> HttpResponse {
    let status = actix_web::ResponseError::status_code(error);
    let fault = matches!(error, Error::Fault(_)).then(|| {
        let number = secret::short_token().chars().filter(char::is_ascii_alphanumeric).take(6).collect::<String>();
        tracing::error!(fault = %number, method = %request.method(), path = %request.path(), "{error}");
        number
    });
    if request.path().starts_with("/api/") {
        return problem(status, error, fault);
    }
    match drawn(request, status, error, fault.clone()).await {
        Ok(page) => page,
        Err(second) => {
            tracing::error!("while drawing an error page: {second}");
            HttpResponse::build(status).content_type("text/plain; charset=utf-8").body(format!(
                "Maaf, ada yang rusak di pihak kami. Coba lagi sebentar lagi. ({})",
                fault.unwrap_or_default()
            ))
        }
    }
}

async fn drawn(
    request: &actix_web::HttpRequest,
    status: StatusCode,
    error: &Error,
    fault: Option<String>,
) -> Result<HttpResponse> {
    let templates = request
        .app_data::<web::Data<Templates>>()
        .ok_or_else(|| anyhow::anyhow!("the server was built without templates"))?;
    let visit = visit::of_request(request).await?;
    if matches!(error, Error::SignIn) && request.method() == Method::GET {
        let back = percent_encoding::utf8_percent_encode(&visit.shell.path, percent_encoding::NON_ALPHANUMERIC);
        return Ok(crate::page::see_other(&format!("/masuk?kembali={back}")));
    }
    let said = match error {
        Error::NotFound => Said::new("error.not_found"),
        Error::Forbidden => Said::new("error.forbidden"),
        Error::SignIn => Said::new("error.sign_in"),
        Error::Refused(refusal) => refusal.said.clone(),
        Error::Fault(_) => Said::new("error.fault"),
    };
    let page = ErrorPage { status: status.as_u16(), sentence: templates.words().say(visit.lang, &said), fault };
    templates.page(status, &visit.shell, &page)
}

/// The same for programs, as `application/problem+json` (RFC 9457).
fn problem(status: StatusCode, error: &Error, fault: Option<String>) -> HttpResponse {
    let kind = match error {
        Error::NotFound => "not-found",
        Error::Forbidden => "forbidden",
        Error::SignIn => "sign-in",
        Error::Refused(refusal) => refusal.said.key,
        Error::Fault(_) => "fault",
    };
    HttpResponse::build(status).content_type("application/problem+json").body(
        serde_json::json!({
            "type": format!("urn:warong:{kind}"),
            "title": status.canonical_reason().unwrap_or("error"),
            "status": status.as_u16(),
            "instance": fault,
        })
        .to_string(),
    )
}
