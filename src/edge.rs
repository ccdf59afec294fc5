//! The edge of the service: headers, a count of what is asked, forms from elsewhere turned away, and every no or fault
//! drawn as a page in the reader's language.
use std::{sync::OnceLock, time::Instant};

use actix_web::{
    HttpRequest, HttpResponse,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{Method, StatusCode, header},
    middleware::{DefaultHeaders, Next},
    web,
};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use serde::Serialize;

use crate::{
    accounts::visit,
    error::{Error, Refusal, Result},
    locale::{self, LANG_COOKIE, Said},
    page::{Page, Templates},
    secret,
};

/// Headers on every answer: nothing from elsewhere runs or frames these pages.
pub fn security_headers(public_url: &str) -> DefaultHeaders {
    let headers = DefaultHeaders::new()
        .add((
            header::CONTENT_SECURITY_POLICY,
            "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; object-src 'none'; \
             base-uri 'none'; frame-ancestors 'none'; form-action 'self' https://*.midtrans.com",
        ))
        .add((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .add((header::REFERRER_POLICY, "same-origin"))
        .add((header::X_FRAME_OPTIONS, "DENY"))
        .add(("Permissions-Policy", "geolocation=(), microphone=(), camera=(self)"))
        .add(("Cross-Origin-Opener-Policy", "same-origin"));
    match public_url.starts_with("https://") {
        true => headers.add((header::STRICT_TRANSPORT_SECURITY, "max-age=31536000")),
        false => headers,
    }
}

/// The recorder of this process; every server in it shares one.
pub fn meter() -> &'static PrometheusHandle {
    static METER: OnceLock<PrometheusHandle> = OnceLock::new();
    METER.get_or_init(|| {
        let recorder = PrometheusBuilder::new()
            .set_buckets(&[0.001, 0.005, 0.02, 0.1, 0.5, 2.0, 10.0])
            .map(|builder| builder.build_recorder());
        match recorder {
            Ok(recorder) => {
                let handle = recorder.handle();
                metrics::set_global_recorder(recorder).ok();
                handle
            }
            Err(_) => unreachable!("the buckets are not empty"),
        }
    })
}

/// What every request passes: it is counted and timed, and a no or a fault becomes a page.
pub async fn pass(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    meter();
    let begun = Instant::now();
    // Who asks for the head of a page gets it wherever there is a page: the connection leaves the body away.
    if request.method() == Method::HEAD {
        request.head_mut().method = Method::GET;
    }
    let response = answer(request, next).await?;
    // The pattern, not the path: an address must not become a label of its own.
    let route = response.request().match_pattern().unwrap_or_else(|| "none".into());
    let labels = [("route", route), ("status", response.status().as_str().to_owned())];
    metrics::counter!("warong_requests_total", &labels).increment(1);
    metrics::histogram!("warong_request_seconds", &labels[..1]).record(begun.elapsed().as_secs_f64());
    Ok(response)
}

async fn answer(
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
        None if matches!(status, StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED) => {
            error_page(response.request(), &Error::NotFound).await
        }
        None if status == StatusCode::PAYLOAD_TOO_LARGE => {
            error_page(response.request(), &Refusal::too_large("form.too_large").into()).await
        }
        None => error_page(response.request(), &Refusal::invalid("form.not_understood").into()).await,
    };
    let (request, _) = response.into_parts();
    Ok(ServiceResponse::new(request, answer))
}

/// Browsers say where a form comes from. Programs that say nothing carry no cookies that could be misused, and the
/// provider's notices are proven by their signature.
fn comes_from_elsewhere(request: &ServiceRequest) -> bool {
    if matches!(*request.method(), Method::GET | Method::OPTIONS) {
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

async fn error_page(request: &HttpRequest, error: &Error) -> HttpResponse {
    let status = actix_web::ResponseError::status_code(error);
    let fault = matches!(error, Error::Fault(_)).then(|| {
        let number = secret::short_token().chars().filter(char::is_ascii_alphanumeric).take(6).collect::<String>();
        // The pattern: an order's address is its key and belongs into no log.
        let route = request.match_pattern().unwrap_or_else(|| "none".into());
        tracing::error!(fault = %number, method = %request.method(), %route, "{error}");
        number
    });
    if request.path().starts_with("/api/") {
        return problem(request, status, error, fault);
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
    request: &HttpRequest,
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

/// The same for programs, as `application/problem+json` (RFC 9457); a refusal with its sentence, which a device shows.
fn problem(request: &HttpRequest, status: StatusCode, error: &Error, fault: Option<String>) -> HttpResponse {
    let lang = request.cookie(LANG_COOKIE).map(|cookie| locale::lang(cookie.value())).unwrap_or(locale::Lang::Id);
    let templates = request.app_data::<web::Data<Templates>>();
    let detail = match (error, templates) {
        (Error::Refused(refusal), Some(templates)) => Some(templates.words().say(lang, &refusal.said)),
        _ => None,
    };
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
            "detail": detail,
            "instance": fault,
        })
        .to_string(),
    )
}
