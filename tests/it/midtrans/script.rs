//! Somebody who answers from a list, and remembers what was asked.
use std::sync::{Arc, Mutex};

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, http::StatusCode, web};
use serde_json::Value;
use warong::gateway::midtrans::{Client, ClientKey, Config, Environment, Keys, ServerKey};

pub const KEY: &str = "SB-Mid-server-TESTKEY00000000000000000";

/// What reached the other side.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    pub method: String,
    pub path: String,
    pub raw: web::Bytes,
    pub body: Value,
    pub headers: Vec<(String, String)>,
}

impl Seen {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

pub struct Script {
    pub base: String,
    answers: Mutex<Vec<(u16, String)>>,
    seen: Mutex<Vec<Seen>>,
}

impl Script {
    /// Gives these answers, one a call; what is no JSON text is sent as it is.
    pub async fn telling(answers: Vec<(u16, String)>) -> Arc<Self> {
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let this = Arc::new(Self { base, answers: Mutex::new(answers), seen: Mutex::default() });
        let data = web::Data::from(this.clone());
        let server = HttpServer::new(move || App::new().app_data(data.clone()).default_service(web::to(answer)));
        tokio::spawn(server.workers(1).listen(listener).unwrap().run());
        this
    }

    pub async fn answering(answers: Vec<(u16, Value)>) -> (Client, Arc<Self>) {
        Self::saying(answers.into_iter().map(|(http, body)| (http, body.to_string())).collect()).await
    }

    /// The same with texts that need not be JSON.
    pub async fn saying(answers: Vec<(u16, String)>) -> (Client, Arc<Self>) {
        let this = Self::telling(answers).await;
        let keys = Keys { server: ServerKey::new(KEY), client: ClientKey::new("SB-Mid-client-x") };
        let config = Config::new(Environment::Sandbox, keys, Some(&this.base)).unwrap();
        (Client::new(config).unwrap(), this)
    }

    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    pub fn last(&self) -> Seen {
        self.seen().pop().unwrap()
    }
}

async fn answer(request: HttpRequest, raw: web::Bytes, script: web::Data<Script>) -> HttpResponse {
    let headers = request.headers().iter().map(|(name, v)| (name.to_string(), v.to_str().unwrap().to_owned()));
    script.seen.lock().unwrap().push(Seen {
        method: request.method().to_string(),
        path: request.uri().to_string(),
        body: serde_json::from_slice(&raw).unwrap_or_default(),
        raw,
        headers: headers.collect(),
    });
    let (http, body) = script.answers.lock().unwrap().remove(0);
    let mut answer = HttpResponse::build(StatusCode::from_u16(http).unwrap());
    // Where a redirect would lead, to somebody who keeps keys.
    answer.insert_header(("Location", "/di-tempat-lain")).content_type("application/json").body(body)
}
