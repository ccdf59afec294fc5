//! A shop with a client, a stand-in next door, and a clock that can be moved.
use std::{
    path::PathBuf,
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, Ordering},
    },
};

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, http::StatusCode, web};
use chrono::{DateTime, Duration, Utc};
use entity::Rupiah;
use serde_json::Value;
use warong::{
    gateway::midtrans::{
        CallOptions, ChargeRequest, Client, ClientKey, Config, Environment, Error, Expiry, Item, Keys, Method,
        Notification, ProviderOrderId, Purchase, QrisAcquirer, ServerKey, Status,
    },
    sandbox::midtrans::{Sandbox, configure},
};

/// A notification as it came in.
#[derive(Clone, Debug)]
pub struct Received {
    pub path: String,
    pub agent: String,
    pub iris_signature: Option<String>,
    pub body: web::Bytes,
}

impl Received {
    pub fn read(&self) -> Notification {
        Notification::parse(&self.body).unwrap()
    }
}

/// What the shop answers to notifications, and which came.
#[derive(Default)]
pub struct Inbox {
    pub answers: Mutex<Vec<u16>>,
    received: Mutex<Vec<Received>>,
}

pub struct Shop {
    pub client: Client,
    pub sandbox: Arc<Sandbox>,
    pub inbox: Arc<Inbox>,
    pub base: String,
    pub folder: PathBuf,
    seconds: Arc<AtomicI64>,
}

async fn notified(request: HttpRequest, body: web::Bytes, inbox: web::Data<Inbox>) -> HttpResponse {
    let header = |name: &str| request.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
    let (agent, iris_signature) = (header("User-Agent").unwrap(), header("Iris-Signature"));
    inbox.received.lock().unwrap().push(Received { path: request.path().to_owned(), agent, iris_signature, body });
    let mut answers = inbox.answers.lock().unwrap();
    let answer = if answers.is_empty() { 200 } else { answers.remove(0) };
    HttpResponse::build(StatusCode::from_u16(answer).unwrap()).insert_header(("Location", "/lain")).finish()
}

impl Shop {
    /// A folder of its own, removed with the shop.
    pub fn folder() -> PathBuf {
        std::env::temp_dir().join(format!("warong-midtrans-{}", uuid::Uuid::new_v4()))
    }

    /// Opens on the morning of 1 January 2026, ten o'clock in Jakarta.
    pub async fn open() -> Self {
        Self::open_in(Self::folder()).await
    }

    pub async fn open_in(folder: PathBuf) -> Self {
        Self::open_seeded(folder, None).await
    }

    /// The same with chance that can be repeated.
    pub async fn open_seeded(folder: PathBuf, seed: Option<u64>) -> Self {
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let seconds = Arc::new(AtomicI64::new(0));
        let ticking = seconds.clone();
        let start: DateTime<Utc> = "2026-01-01T03:00:00Z".parse().unwrap();
        let clock = Arc::new(move || start + Duration::seconds(ticking.load(Ordering::SeqCst)));
        let sandbox = Sandbox::open(&folder, &base, clock, seed).unwrap();
        let inbox = Arc::new(Inbox::default());
        let (stand_in, post) = (web::Data::from(sandbox.clone()), web::Data::from(inbox.clone()));
        let server = HttpServer::new(move || {
            App::new()
                .app_data(stand_in.clone())
                .app_data(post.clone())
                .configure(configure)
                .default_service(web::post().to(notified))
        });
        tokio::spawn(server.workers(1).listen(listener).unwrap().run());
        let keys = Keys { server: ServerKey::new(sandbox.server_key()), client: ClientKey::new(sandbox.client_key()) };
        let mount = format!("{base}/sandbox/midtrans");
        let client = Client::new(Config::new(Environment::Sandbox, keys, Some(&mount)).unwrap()).unwrap();
        Self { client, sandbox, inbox, base, folder, seconds }
    }

    pub fn wait(&self, duration: Duration) {
        self.seconds.fetch_add(duration.num_seconds(), Ordering::SeqCst);
    }

    /// Lets the stand-in deliver, and takes what came since the last time.
    pub async fn mail(&self) -> Vec<Received> {
        self.sandbox.tick().await;
        std::mem::take(&mut *self.inbox.received.lock().unwrap())
    }

    pub fn keys(&self) -> [ServerKey; 1] {
        [ServerKey::new(self.sandbox.server_key())]
    }

    pub async fn charge(&self, order: &str, method: Method) -> Result<Status, Error> {
        self.client.charge(&ChargeRequest::new(bill(order), method), &CallOptions::default()).await
    }

    pub async fn qris(&self, order: &str) -> Status {
        self.charge(order, qris()).await.unwrap()
    }

    /// A person at a page: where the form leads, and what stands there.
    pub async fn post(&self, path: &str, form: &str) -> (u16, String) {
        let response = reqwest::Client::builder()
            .no_proxy()
            .build()
            .unwrap()
            .post(self.at(path))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .body(form.to_owned())
            .send()
            .await
            .unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    }

    pub async fn get(&self, path: &str) -> (u16, String) {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let response = client.get(self.at(path)).send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    }

    /// The buyer pays.
    pub async fn pay(&self, charged: &Status) -> (u16, String) {
        self.post(&format!("/bayar/{}", id(charged)), "act=bayar").await
    }

    /// Orders from a test, and what it is told then.
    pub async fn control(&self, order: Value) -> (u16, Value) {
        self.call(reqwest::Method::POST, "/control", "", &order.to_string()).await
    }

    /// The same, when it must work.
    pub async fn set(&self, order: Value) -> Value {
        let (http, told) = self.control(order).await;
        assert_eq!(http, 200, "{told}");
        told
    }

    /// A program with a key.
    pub async fn call(&self, method: reqwest::Method, path: &str, key: &str, body: &str) -> (u16, Value) {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let response =
            client.request(method, self.at(path)).basic_auth(key, Some("")).body(body.to_owned()).send().await.unwrap();
        let http = response.status().as_u16();
        (http, serde_json::from_str(&response.text().await.unwrap()).unwrap())
    }

    fn at(&self, path: &str) -> String {
        if path.starts_with("http") { path.to_owned() } else { format!("{}/sandbox/midtrans{path}", self.base) }
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

pub fn order(text: &str) -> ProviderOrderId {
    ProviderOrderId::parse(text).unwrap()
}

pub fn bill(text: &str) -> Purchase {
    let items = vec![
        Item::new("BAMBU-01", "Besek bambu isi 10", Rupiah(125_000), 2),
        Item::new("ONGKIR", "Ongkos kirim", Rupiah(25_000), 1),
    ];
    Purchase::new(order(text), Rupiah(275_000), items).unwrap()
}

pub fn qris() -> Method {
    Method::Qris(QrisAcquirer::Gopay)
}

pub fn minutes(count: u32) -> Expiry {
    Expiry::minutes(count)
}

pub fn id(status: &Status) -> &str {
    status.transaction_id.as_ref().unwrap().as_str()
}
