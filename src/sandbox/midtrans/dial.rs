//! How an answer comes back: as it should, not at all, or only after the caller has lost patience.
use std::time::Duration;

use actix_web::{
    Error, HttpResponse,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::StatusCode,
    middleware::Next,
    web::Data,
};
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{answers::Reply, state::Sandbox};

/// Longer than anybody should wait.
const SLOW: Duration = Duration::from_secs(30);

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Dial {
    #[default]
    #[serde(rename = "normal")]
    Normal,
    #[serde(rename = "404")]
    Missing,
    #[serde(rename = "429")]
    TooMany,
    #[serde(rename = "503")]
    Broken,
    #[serde(rename = "slow")]
    Slow,
    /// The work is done, and the connection ends before the answer.
    #[serde(rename = "cut")]
    Cut,
}

impl Dial {
    pub fn word(self) -> &'static str {
        match self {
            Dial::Normal => "normal",
            Dial::Missing => "404",
            Dial::TooMany => "429",
            Dial::Broken => "503",
            Dial::Slow => "slow",
            Dial::Cut => "cut",
        }
    }

    /// The answer in place of any work.
    pub fn refusal(self, sandbox: &Sandbox) -> Option<HttpResponse> {
        match self {
            Dial::Missing => Some(core(sandbox, Reply::refused(404))),
            Dial::TooMany => Some(HttpResponse::TooManyRequests().json(json!({"message": "API rate limit exceeded"}))),
            Dial::Broken => Some(core(sandbox, Reply::refused(503))),
            Dial::Normal | Dial::Slow | Dial::Cut => None,
        }
    }

    /// Sends an answer on its way after the work is done.
    pub async fn send(self, answer: HttpResponse) -> HttpResponse {
        match self {
            Dial::Slow => {
                tokio::time::sleep(SLOW).await;
                answer
            }
            Dial::Cut => {
                let cut = futures_util::stream::once(async {
                    Err::<Bytes, _>(std::io::Error::from(std::io::ErrorKind::ConnectionReset))
                });
                HttpResponse::build(StatusCode::OK).no_chunking(64).streaming(cut)
            }
            _ => answer,
        }
    }
}

/// An answer of Core under the HTTP status that is set.
pub(super) fn core(sandbox: &Sandbox, reply: Reply) -> HttpResponse {
    let layer = sandbox.http_layer();
    let reply = sandbox.with(|desk| reply.numbered(&desk.book.dice));
    HttpResponse::build(layer.status(reply.code)).json(reply.body)
}

/// What every call of the three interfaces passes, as the chaos dial stands.
pub(super) async fn pass(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let sandbox = request.app_data::<Data<Sandbox>>().cloned();
    let dial = sandbox.as_ref().map(|sandbox| sandbox.with(|desk| desk.book.chaos.answer)).unwrap_or_default();
    if let Some(refusal) = sandbox.and_then(|sandbox| dial.refusal(&sandbox)) {
        return Ok(request.into_response(refusal));
    }
    let (request, answer) = next.call(request).await?.into_parts();
    Ok(ServiceResponse::new(request, dial.send(answer.map_into_boxed_body()).await))
}
