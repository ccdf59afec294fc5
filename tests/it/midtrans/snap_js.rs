//! `snap.js` of the stand-in in a real browser: on the page of a shop that lives elsewhere, and on the stand-in's own.
use std::sync::Arc;

use actix_web::{App, HttpResponse, HttpServer, web};
use entity::{Rupiah, payment_inbox};
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};
use thirtyfour::prelude::By;
use warong::gateway::midtrans::{
    CallOptions, Client, ClientKey, Config, EnabledPayment, Environment, Keys, ProviderOrderId, Purchase, ServerKey,
    SnapRequest, TransactionStatus,
};

use crate::support::{Shop, chrome::Phone};

/// The page of a shop somewhere else: it calls `snap.js` and writes down what it is told.
const PAGE: &str = r#"<!doctype html><html lang="id"><meta name="viewport" content="width=device-width"><title>Toko lain</title>
<script src="BASE/sandbox/midtrans/snap/snap.js" data-client-key="KEY"></script>
<button id="lain">Lain</button><div id="wadah"></div><ul id="kabar"></ul>
<script>
const wrote = (name) => (...told) => {
  const line = document.createElement('li');
  line.textContent = name + ' ' + JSON.stringify(told);
  document.getElementById('kabar').append(line);
};
const callbacks = Object.fromEntries(['onSuccess', 'onPending', 'onError', 'onClose'].map((name) => [name, wrote(name)]));
</script></html>"#;

struct Stage {
    shop: Shop,
    client: Client,
    phone: Phone,
    /// Where the other shop lives.
    elsewhere: String,
}

impl Stage {
    async fn set(client_key: Option<&str>) -> Stage {
        let shop = Shop::empty().await;
        let sandbox = shop.app.sandbox.clone().unwrap();
        let keys = Keys { server: ServerKey::new(sandbox.server_key()), client: ClientKey::new(sandbox.client_key()) };
        let mount = format!("{}/sandbox/midtrans", shop.base);
        let client = Client::new(Config::new(Environment::Sandbox, keys, Some(&mount)).unwrap()).unwrap();
        let key = sandbox.client_key();
        let page = PAGE.replace("BASE", &shop.base).replace("KEY", client_key.unwrap_or(&key));
        let elsewhere = serve(page);
        let phone = Phone::new(&shop.base, true).await;
        Stage { shop, client, phone, elsewhere }
    }

    async fn token(&self, order: &str) -> String {
        let purchase = Purchase::new(ProviderOrderId::parse(order).unwrap(), Rupiah(25_000), vec![]).unwrap();
        let offered = vec![EnabledPayment::OtherQris, EnabledPayment::BriVa, EnabledPayment::BcaVa];
        let request = SnapRequest::new(purchase, offered).finish("https://warong.example/pesanan/x");
        self.client.snap_create(&request, &CallOptions::default()).await.unwrap().token.as_str().to_owned()
    }

    async fn run(&self, script: &str) {
        self.phone.driver.execute(script, vec![]).await.unwrap();
    }

    /// Looks into the frame, for what follows.
    async fn enter(&self) {
        let frame = self.phone.find("iframe").await;
        frame.enter_frame().await.unwrap();
    }

    async fn back(&self) {
        self.phone.driver.enter_default_frame().await.unwrap();
    }

    /// What the page was told last, once it has been told so often.
    async fn told(&self, times: usize) -> (String, Value) {
        let line = self.phone.find(&format!("#kabar li:nth-child({times})")).await.text().await.unwrap();
        let (name, told) = line.split_once(' ').unwrap();
        (name.to_owned(), serde_json::from_str(told).unwrap())
    }

    async fn frames(&self) -> usize {
        self.phone.driver.find_all(By::Tag("iframe")).await.unwrap().len()
    }

    async fn clear(self) {
        self.phone.put_down().await;
        self.shop.settle().await;
    }
}

fn serve(page: String) -> String {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let page = Arc::new(page);
    let server = HttpServer::new(move || {
        let page = page.clone();
        App::new().default_service(web::to(move || {
            let page = page.to_string();
            async move { HttpResponse::Ok().content_type("text/html; charset=utf-8").body(page) }
        }))
    });
    tokio::spawn(server.workers(1).listen(listener).unwrap().run());
    base
}

#[actix_web::test]
async fn each_way_a_payment_ends_calls_its_own_callback() {
    let stage = Stage::set(None).await;
    let phone = &stage.phone;
    phone.open(&stage.elsewhere).await;

    // Paid.
    let token = stage.token("UEP-1").await;
    stage.run(&format!("snap.pay('{token}', callbacks)")).await;
    stage.enter().await;
    phone.sees("Bukan uang sungguhan").await;
    phone.sees("Rp25.000").await;
    phone.picture("snap-pilih").await;
    phone.tap("button[value=other_qris]").await;
    phone.tap("button[value=bayar]").await;
    phone.sees("Sudah dibayar").await;
    stage.back().await;
    let (name, told) = stage.told(1).await;
    let result = &told[0];
    assert_eq!((name.as_str(), told.as_array().unwrap().len()), ("onSuccess", 1));
    let expected = json!({
        "status_code": "200", "order_id": "UEP-1", "gross_amount": "25000.00", "payment_type": "qris",
        "transaction_status": "settlement", "fraud_status": "accept", "status_message": "Success, transaction is found",
        "finish_redirect_url":
            "https://warong.example/pesanan/x?order_id=UEP-1&status_code=200&transaction_status=settlement",
        "transaction_id": result["transaction_id"], "transaction_time": result["transaction_time"],
    });
    assert_eq!(*result, expected);
    assert_eq!(stage.frames().await, 0, "the layer is gone");

    // A number was shown, and the buyer left to pay it at the bank.
    let token = stage.token("UEP-2").await;
    stage.run(&format!("snap.pay('{token}', callbacks)")).await;
    stage.enter().await;
    phone.tap("button[value=bca_va]").await;
    phone.sees("Nomor virtual account").await;
    phone.picture("snap-nomor").await;
    phone.tap("#tutup").await;
    stage.back().await;
    let (name, told) = stage.told(2).await;
    assert_eq!((name.as_str(), &told[0]["status_code"]), ("onPending", &json!("201")));
    assert_eq!(told[0]["va_numbers"][0]["bank"], "bca");
    assert_eq!(told[0]["bca_va_number"], told[0]["va_numbers"][0]["va_number"]);

    // Refused by the wallet.
    let token = stage.token("UEP-3").await;
    stage.run(&format!("snap.pay('{token}', callbacks)")).await;
    stage.enter().await;
    phone.tap("button[value=other_qris]").await;
    phone.tap("button[value=gagal]").await;
    stage.back().await;
    let (name, told) = stage.told(3).await;
    assert_eq!((name.as_str(), &told[0]["status_code"]), ("onError", &json!("202")));
    assert_eq!(told[0]["transaction_status"], "deny");

    // Left without picking anything.
    let token = stage.token("UEP-4").await;
    stage.run(&format!("snap.pay('{token}', callbacks)")).await;
    stage.enter().await;
    phone.tap("#tutup").await;
    stage.back().await;
    assert_eq!(stage.told(4).await, ("onClose".to_owned(), json!([])));
    stage.clear().await;
}

#[actix_web::test]
async fn a_payment_can_be_embedded_and_hears_of_money_from_elsewhere() {
    let stage = Stage::set(None).await;
    let phone = &stage.phone;
    phone.open(&stage.elsewhere).await;
    let token = stage.token("UEP-1").await;
    let only = "{ ...callbacks, embedId: 'wadah', selectedPaymentType: 'bri_va' }";
    stage.run(&format!("snap.embed('{token}', {only})")).await;
    assert!(phone.driver.find(By::Css("#wadah iframe")).await.is_ok());
    stage.enter().await;
    phone.find("button[value=bri_va]").await;
    assert!(!phone.text().await.contains("QRIS"), "only the method that was asked for");
    phone.tap("button[value=bri_va]").await;
    phone.sees("Nomor virtual account").await;
    // The buyer pays at a cash machine; the frame finds out.
    let order = ProviderOrderId::parse("UEP-1").unwrap();
    let paid = json!({"order_id": "UEP-1", "set": {"transaction_status": "settlement"}}).to_string();
    let control = format!("{}/sandbox/midtrans/control", stage.shop.base);
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    assert_eq!(client.post(control).body(paid).send().await.unwrap().status(), 200);
    phone.sees("Sudah dibayar").await;
    stage.back().await;
    let (name, told) = stage.told(1).await;
    assert_eq!((name.as_str(), &told[0]["payment_type"]), ("onSuccess", &json!("bank_transfer")));
    assert_eq!(stage.client.status(&order).await.unwrap().transaction_status, TransactionStatus::Settlement);

    // A layer that only waits, and a place that is not there.
    stage.run("snap.show()").await;
    phone.find("[role=dialog]").await;
    stage.run("snap.hide()").await;
    assert!(phone.driver.find(By::Css("[role=dialog]")).await.is_err());
    assert!(phone.driver.execute("snap.embed('x', { embedId: 'tidak-ada' })", vec![]).await.is_err());
    assert!(phone.driver.execute("snap.pay('')", vec![]).await.is_err());
    stage.clear().await;
}

#[actix_web::test]
async fn a_wrong_key_a_dead_page_and_a_false_word_are_not_believed() {
    let stage = Stage::set(Some("SB-Mid-client-lain")).await;
    let phone = &stage.phone;
    phone.open(&stage.elsewhere).await;
    let token = stage.token("UEP-1").await;
    stage.run(&format!("snap.pay('{token}', callbacks)")).await;
    let (name, told) = stage.told(1).await;
    assert_eq!((name.as_str(), &told[0]["status_code"]), ("onError", &json!("401")));
    stage.clear().await;

    let stage = Stage::set(None).await;
    stage.phone.open(&stage.elsewhere).await;
    stage.run("snap.pay('tidak-ada', callbacks)").await;
    let (name, told) = stage.told(1).await;
    assert_eq!(
        (name, told),
        ("onError".to_owned(), json!([{"status_code": "404", "status_message": ["token not found"]}]))
    );
    // Somebody else on the page says that it is paid.
    let token = stage.token("UEP-1").await;
    stage.run(&format!("snap.pay('{token}', callbacks)")).await;
    stage.enter().await;
    stage.phone.find("button[value=other_qris]").await;
    stage.back().await;
    let forged = "window.postMessage({ snap: 'close', result: { status_code: '200' } }, '*')";
    stage.run(forged).await;
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    assert_eq!(stage.frames().await, 1, "still open");
    assert!(stage.phone.driver.find(By::Css("#kabar li:nth-child(2)")).await.is_err());
    stage.clear().await;
}

#[actix_web::test]
async fn the_demonstration_page_works_under_the_rules_of_the_shop() {
    let stage = Stage::set(None).await;
    let phone = &stage.phone;
    phone.open("/sandbox/midtrans/snap/coba").await;
    phone.tap("form button").await;
    phone.find("#lapis").await;
    phone.fits().await;
    phone.tap("#lapis").await;
    stage.enter().await;
    phone.sees("Pilih cara bayar").await;
    phone.tap("button[value=gopay]").await;
    phone.tap("button[value=bayar]").await;
    stage.back().await;
    phone.sees("onSuccess 200 settlement").await;
    phone.picture("snap-coba").await;
    // The bill was nobody's.
    stage.shop.settle().await;
    assert_eq!(stage.shop.app.sandbox.as_ref().unwrap().notifications_waiting(), 0);
    assert_eq!(payment_inbox::Entity::find().count(&stage.shop.app.db).await.unwrap(), 0);
    stage.clear().await;
}

#[actix_web::test]
async fn only_the_page_that_asked_may_frame_a_payment() {
    let stage = Stage::set(None).await;
    let token = stage.token("UEP-1").await;
    let page = format!("/sandbox/midtrans/snap/v3/redirection/{token}");
    let key = stage.shop.app.sandbox.as_ref().unwrap().client_key();
    let policy = async |query: &str| {
        let answer = stage.shop.browser().raw(&format!("{page}{query}"), &[]).await;
        answer.headers()["content-security-policy"].to_str().unwrap().to_owned()
    };
    let framed = policy(&format!("?bingkai=https%3A%2F%2Fwarong.example&kunci={key}")).await;
    assert!(framed.ends_with("frame-ancestors https://warong.example"), "{framed}");
    assert!(!framed.contains("script-src") && framed.contains("default-src 'self'"), "{framed}");
    let nobodys =
        ["", "?bingkai=", "?bingkai=null", "?bingkai=*", "?bingkai=https://a.example/x", "?bingkai=javascript:1"];
    for query in nobodys.into_iter().chain(["?bingkai=https://a.example%20https://b.example", "?bingkai=ftp://a"]) {
        let alone = policy(query).await;
        assert!(alone.contains("frame-ancestors 'none'"), "{query}: {alone}");
    }
    // The console and the shop itself are never framed.
    for path in ["/", "/sandbox/midtrans/kendali?bingkai=https://warong.example", "/sandbox/midtrans/snap/coba"] {
        let answer = stage.shop.browser().raw(path, &[]).await;
        assert_eq!(answer.headers()["x-frame-options"], "DENY", "{path}");
        assert!(answer.headers()["content-security-policy"].to_str().unwrap().contains("frame-ancestors 'none'"));
    }
    let script = stage.shop.browser().get("/sandbox/midtrans/snap/snap.js").await;
    script.is(200).says("data-client-key");
    assert!(!script.body.contains("eval(") && !script.body.contains("innerHTML"));
    stage.clear().await;
}
