//! Answers that are given again when the same call comes again.
use actix_web::{
    Error, HttpResponse,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::Method,
    middleware::Next,
    web::Data,
};
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    answers::Reply,
    door::{self, Call},
    kept::Kept,
    state::{Desk, Sandbox},
};

const KEPT_MINUTES: i64 = 5;
const MAX_CHARS: usize = 46;

/// Successful answers by key, shared between endpoints as at Midtrans: a key that is used again for another call gets
/// the first call's answer.
#[derive(Default, Serialize, Deserialize)]
pub(super) struct Remembered(pub Kept<(String, DateTime<Utc>, Reply)>);

impl Remembered {
    pub fn get(&self, key: &str, now: DateTime<Utc>) -> Option<Reply> {
        self.0.iter().find(|(known, at, _)| known == key && is_fresh(*at, now)).map(|(_, _, reply)| reply.clone())
    }

    /// Remembers a success; a key that is too long is ignored without a word.
    pub fn put(&mut self, key: &str, reply: &Reply, now: DateTime<Utc>) {
        self.0.retain(|(_, at, _)| is_fresh(*at, now));
        if key.len() <= MAX_CHARS && reply.is_success() {
            self.0.push((key.to_owned(), now, reply.clone()));
        }
    }
}

fn is_fresh(at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    now - at < Duration::minutes(KEPT_MINUTES)
}

/// Gives the first answer again when the key has been seen, whatever is asked this time.
pub(super) fn once(desk: &mut Desk, key: Option<&str>, work: impl FnOnce(&mut Desk) -> Reply) -> Reply {
    let Some(key) = key else { return work(desk) };
    if let Some(reply) = desk.book.remembered.get(key, desk.now) {
        return reply;
    }
    let reply = work(desk);
    desk.book.remembered.put(key, &reply, desk.now);
    desk.book.touch();
    reply
}

/// A key whose first call has not been answered yet.
struct Running {
    sandbox: Data<Sandbox>,
    key: String,
}

impl Running {
    /// Nothing when another call runs under this key.
    fn begin(sandbox: Data<Sandbox>, key: String) -> Option<Self> {
        let is_first = sandbox.with(|desk| desk.book.running.insert(key.clone()));
        is_first.then_some(Self { sandbox, key })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.sandbox.with(|desk| desk.book.running.remove(&self.key));
    }
}

/// While the first call with a key runs, the next one is told 202 and nothing else.
pub(super) async fn one_at_a_time(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let key = Call::of(request.request()).key.filter(|key| key.len() <= MAX_CHARS);
    let sandbox = request.app_data::<Data<Sandbox>>().cloned().filter(|sandbox| {
        request.method() == Method::POST && door::is_authorized(request.request(), &sandbox.server_key())
    });
    let running = match key.zip(sandbox) {
        None => None,
        Some((key, sandbox)) => match Running::begin(sandbox, key) {
            Some(running) => Some(running),
            None => return Ok(request.into_response(HttpResponse::Accepted().json(json!({})))),
        },
    };
    let answer = next.call(request).await?.map_into_boxed_body();
    drop(running);
    Ok(answer)
}
