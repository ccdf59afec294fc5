//! The pay pages inside a page of a shop, where `snap.js` puts them: who may frame them, and what they tell that page.
use actix_web::{
    HttpResponse,
    http::{
        StatusCode,
        header::{self, HeaderValue},
    },
};
use reqwest::Url;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    MOUNT,
    answers::Reply,
    book::Book,
    page,
    transaction::{State, Transaction},
};

/// What the browser is told of a payment; never a signature.
const TOLD: [&str; 12] = [
    "transaction_id",
    "order_id",
    "gross_amount",
    "payment_type",
    "transaction_time",
    "transaction_status",
    "fraud_status",
    "va_numbers",
    "permata_va_number",
    "bill_key",
    "biller_code",
    "status_message",
];

/// What `snap.js` writes into the address of a frame.
#[derive(Deserialize)]
pub(super) struct Asked {
    /// The origin of the page around the frame.
    bingkai: Option<String>,
    /// Its client key.
    kunci: Option<String>,
    /// The methods it wants to see, with commas between them.
    pilih: Option<String>,
}

/// A frame of a page that may have it.
pub(super) struct Frame(String);

impl Asked {
    /// Nothing when the page stands on its own.
    pub fn frame(&self) -> Option<Frame> {
        let asked = self.bingkai.as_deref()?;
        let url = Url::parse(asked).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
        // Only an origin and nothing behind it, so that it can stand in a header.
        Some(url.origin().ascii_serialization()).filter(|origin| origin == asked).map(Frame)
    }

    /// The page around must show the key of this merchant; it is the one that may be seen.
    pub fn shows_key(&self, client_key: &str) -> bool {
        self.kunci.as_deref() == Some(client_key)
    }

    /// Whether the page around wants to see this method.
    pub fn wants(&self, method: &str) -> bool {
        self.pilih.as_deref().is_none_or(|list| list.is_empty() || list.split(',').any(|word| word == method))
    }
}

impl Frame {
    /// A page for the frame, with what it tells the page around. Only that page may show it.
    pub fn page(&self, status: StatusCode, title: &str, content: &str, news: &Value) -> HttpResponse {
        let content = format!(
            r#"{content}
<div id="bingkai" data-asal="{}" data-kabar="{}" hidden></div>
<button class="button button--quiet" type="button" id="tutup" hidden>Tutup</button>
<script src="{MOUNT}/snap/bingkai.js"></script>"#,
            page::escape(&self.0),
            page::escape(&news.to_string()),
        );
        let mut answer = page::page(status, title, &content);
        let policy = format!(
            "default-src 'self'; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; form-action 'self'; \
             frame-ancestors {}",
            self.0
        );
        if let Ok(policy) = HeaderValue::from_str(&policy) {
            answer.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
            // Browsers that know the line above pass over this one.
            answer.headers_mut().insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"));
        }
        answer
    }
}

/// What the callbacks get: how the payment stands, in the words of a notification.
pub(super) fn result(transaction: &Transaction, finish: &str, book: &Book) -> Value {
    let truth = Reply::truth(transaction, book).body;
    let mut told = json!({"status_code": told_code(transaction.state), "finish_redirect_url": finish});
    for field in TOLD {
        if let Some(value) = truth.get(field) {
            told[field] = value.clone();
        }
    }
    if transaction.state.is_open() {
        told["status_message"] = "Transaksi sedang diproses".into();
    }
    if told["va_numbers"][0]["bank"] == "bca" {
        told["bca_va_number"] = told["va_numbers"][0]["va_number"].clone();
    }
    told
}

/// 200 is paid and 201 waits; whatever else there is, is an error for the page around.
fn told_code(state: State) -> String {
    match state {
        State::Pending | State::Authorize => "201".into(),
        state => state.notice_code().to_string(),
    }
}

/// What `onError` gets where there is no payment.
pub(super) fn trouble(code: u16, sentence: &str) -> Value {
    json!({"status_code": code.to_string(), "status_message": [sentence]})
}
