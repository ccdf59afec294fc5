//! A village that does not care whether the service is there: who got no answer asks again.
use std::{
    cell::{Cell, RefCell},
    fmt,
    time::Duration,
};

use rand::{RngExt, SeedableRng, rngs::StdRng};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Browser, browser::Seen};

/// How long somebody waits for an answer before asking again.
const PATIENCE: Duration = Duration::from_secs(20);

/// What a buyer sent, and where they were sent to when it was answered.
pub struct Placed {
    pub phone: String,
    pub url: Option<String>,
}

/// What everybody knows and did.
pub struct Village {
    base: String,
    siti: Browser,
    hasan: Browser,
    items: Vec<i64>,
    over: Cell<bool>,
    pub placed: RefCell<Vec<Placed>>,
    pub tally: Tally,
}

/// How often what was answered; the more of each, the more the story proves.
#[derive(Default)]
pub struct Tally {
    pub lost: Cell<usize>,
    pub paid: Cell<usize>,
    pub refused: Cell<usize>,
    pub acts: Cell<usize>,
    pub given_back: Cell<usize>,
    pub by_hand: Cell<usize>,
    pub faults: RefCell<Vec<String>>,
}

impl Tally {
    /// Whether so much happened that an end without a fault proves something.
    pub fn is_enough(&self) -> bool {
        self.paid.get() >= 5 && self.given_back.get() >= 1 && self.acts.get() >= 10
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Tally { lost, paid, refused, acts, given_back, by_hand, faults: _ } = self;
        let [lost, paid, refused, acts] = [lost, paid, refused, acts].map(Cell::get);
        write!(
            f,
            "{lost} calls without an answer, {paid} payments, {refused} orders refused, {acts} acts at the counter "
        )?;
        write!(f, "({} given back by Midtrans, {} by hand)", given_back.get(), by_hand.get())
    }
}

fn one_more(count: &Cell<usize>) {
    count.set(count.get() + 1);
}

fn pick<T: Copy>(rng: &mut StdRng, from: &[T]) -> T {
    from[rng.random_range(0..from.len())]
}

async fn rest(rng: &mut StdRng, millis: u64) {
    tokio::time::sleep(Duration::from_millis(rng.random_range(0..=millis))).await;
}

fn form(fields: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

impl Village {
    /// `siti` and `hasan` are the operators, signed in; `items` lie on the shelf.
    pub fn new(base: String, siti: &Browser, hasan: &Browser, items: Vec<i64>) -> Village {
        let at_home = |who: &Browser| {
            let mut browser = Browser::new(&base);
            browser.cookies.clone_from(&who.cookies);
            browser
        };
        let (siti, hasan) = (at_home(siti), at_home(hasan));
        let (over, placed, tally) = (Cell::new(false), RefCell::default(), Tally::default());
        Village { base, siti, hasan, items, over, placed, tally }
    }

    /// Everybody ends what they are at, and begins nothing new.
    pub fn ends(&self) {
        self.over.set(true);
    }

    /// Asks until there is an answer; nothing when the day is over before.
    async fn ask(&self, who: &mut Browser, method: Method, path: &str, body: Option<&str>) -> Option<Seen> {
        while !self.over.get() {
            let asked = who.try_send(method.clone(), path, body.map(|body| body.as_bytes().to_vec()), &[]);
            match tokio::time::timeout(PATIENCE, asked).await {
                Ok(Ok(seen)) => {
                    if seen.status >= 500 {
                        self.tally.faults.borrow_mut().push(format!("{method} {path}: {}", seen.status));
                    }
                    return Some(seen);
                }
                _ => one_more(&self.tally.lost),
            }
            tokio::time::sleep(Duration::from_millis(40)).await;
        }
        None
    }

    async fn post(&self, who: &mut Browser, path: &str, fields: &[(&str, &str)]) -> Option<Seen> {
        self.ask(who, Method::POST, path, Some(&form(fields))).await
    }

    /// Buyers come one after the other.
    pub async fn buyers(&self, seed: u64) {
        let mut rng = StdRng::seed_from_u64(seed);
        while !self.over.get() {
            self.buyer(&mut rng).await;
            rest(&mut rng, 30).await;
        }
    }

    /// One buyer, from the basket to the wallet. `None` when the day ended meanwhile.
    async fn buyer(&self, rng: &mut StdRng) -> Option<()> {
        let mut buyer = Browser::new(&self.base);
        let (item, pieces) = (pick(rng, &self.items).to_string(), rng.random_range(1..=3).to_string());
        let added = self.post(&mut buyer, "/keranjang", &[("item_id", &item), ("jumlah", &pieces)]).await?;
        if added.status != 303 {
            one_more(&self.tally.refused);
            return Some(());
        }
        let way =
            pick(rng, &["qris", "qris", "qris", "gopay", "gopay", "shopeepay", "bri_va", "bca_va", "pay_at_pickup"]);
        let url = self.place(&mut buyer, rng, way).await?;
        let Some(url) = url else { return Some(()) };
        if way == "pay_at_pickup" {
            return Some(());
        }
        if rng.random_bool(0.1) {
            self.post(&mut buyer, &format!("{url}/bayar"), &[("bayar", pick(rng, &["qris", "gopay", "bni_va"]))])
                .await?;
        }
        let wallet = self.wallet(&mut buyer, rng, &url).await?;
        let Some(wallet) = wallet else { return Some(()) };
        rest(rng, 200).await;
        match rng.random_range(0..100) {
            0..55 => self.at_the_wallet(&mut buyer, &wallet, "bayar").await?,
            55..72 => self.told_late(&mut buyer, rng, &wallet).await?,
            72..80 => self.at_the_wallet(&mut buyer, &wallet, "gagal").await?,
            80..84 => self.at_the_wallet(&mut buyer, &wallet, "kedaluwarsa").await?,
            84..92 => drop(self.post(&mut buyer, &format!("{url}/batal"), &[]).await?),
            // Two things at once: the money comes while the order is taken back.
            92..96 => {
                let mut other = buyer.clone();
                let cancel = format!("{url}/batal");
                let (paid, gone) =
                    tokio::join!(self.at_the_wallet(&mut buyer, &wallet, "bayar"), self.post(&mut other, &cancel, &[]));
                paid.and(gone.map(drop))?;
            }
            _ => {}
        }
        if rng.random_bool(0.4) {
            self.post(&mut buyer, &format!("{url}/cek"), &[]).await?;
        }
        Some(())
    }

    /// Sends the order until it is answered, sometimes once more: it is one order all the same.
    async fn place(&self, buyer: &mut Browser, rng: &mut StdRng, way: &str) -> Option<Option<String>> {
        let number = self.placed.borrow().len();
        let phone = format!("0813{number:08}");
        self.placed.borrow_mut().push(Placed { phone: phone.clone(), url: None });
        let (key, mail) = (format!("key-{phone}"), format!("ratna{number}@example.com"));
        let mut fields = vec![
            ("nama", "Ibu Ratna"),
            ("hp", phone.as_str()),
            ("cara", "ambil"),
            ("bayar", way),
            ("tombol", "pesan"),
            ("request_key", key.as_str()),
        ];
        if number.is_multiple_of(2) {
            fields.push(("email", &mail));
        }
        let sent = self.post(buyer, "/pesan", &fields).await?;
        let url = sent.location.filter(|to| sent.status == 303 && to.starts_with("/pesanan/"));
        if url.is_none() {
            one_more(&self.tally.refused);
            return Some(None);
        }
        self.placed.borrow_mut()[number].url.clone_from(&url);
        if rng.random_bool(0.2) {
            let again = self.post(buyer, "/pesan", &fields).await?;
            assert_eq!(again.location, url, "the same key led to another order");
        }
        Some(url)
    }

    /// Where the wallet of an order is; nothing if it does not come soon.
    async fn wallet(&self, buyer: &mut Browser, rng: &mut StdRng, url: &str) -> Option<Option<String>> {
        for _ in 0..30 {
            let page = self.ask(buyer, Method::GET, url, None).await?;
            let link = page.body.split("href=\"/sandbox/midtrans/bayar/").nth(1);
            if let Some(id) = link.and_then(|rest| rest.split(['?', '"']).next()) {
                return Some(Some(id.to_owned()));
            }
            rest(rng, 200).await;
        }
        Some(None)
    }

    async fn at_the_wallet(&self, buyer: &mut Browser, id: &str, act: &str) -> Option<()> {
        let done = self.post(buyer, &format!("/sandbox/midtrans/bayar/{id}"), &[("act", act)]).await?;
        assert_eq!(done.status, 303, "the stand-in forgot {id}:\n{}", done.body);
        if act == "bayar" {
            one_more(&self.tally.paid);
        }
        Some(())
    }

    /// The money is there, and the shop hears of it late, often, or never.
    async fn told_late(&self, buyer: &mut Browser, rng: &mut StdRng, id: &str) -> Option<()> {
        let notify = json!({ "times": rng.random_range(0..4), "delay_s": rng.random_range(0..4) });
        let wish = json!({ "transaction_id": id, "set": { "transaction_status": "settlement" }, "notify": notify });
        let done = self.control(buyer, &wish).await?;
        assert_eq!(done.status, 200, "{}", done.body);
        one_more(&self.tally.paid);
        Some(())
    }

    async fn control(&self, who: &mut Browser, wish: &Value) -> Option<Seen> {
        self.ask(who, Method::POST, "/sandbox/midtrans/control", Some(&wish.to_string())).await
    }

    /// Notices get lost, doubled and turned round, and calls are cut off after they were done.
    pub async fn weather(&self, seed: u64) -> Option<()> {
        let mut rng = StdRng::seed_from_u64(seed);
        let mut sky = Browser::new(&self.base);
        while !self.over.get() {
            let calm = json!({});
            let bad = json!({
                "duplicate": rng.random_range(0..3),
                "shuffle": rng.random_bool(0.3),
                "drop": rng.random_bool(0.3),
                "answer": pick(&mut rng, &["normal", "normal", "normal", "cut", "503"]),
            });
            let chaos = if rng.random_bool(0.4) { calm } else { bad };
            self.control(&mut sky, &json!({ "chaos": chaos })).await?;
            rest(&mut rng, 700).await;
        }
        Some(())
    }

    /// Bu Siti looks at one order after the other and taps one of the buttons she finds there.
    pub async fn counter(&self, seed: u64) -> Option<()> {
        let mut rng = StdRng::seed_from_u64(seed);
        let mut siti = self.siti.clone();
        while !self.over.get() {
            let newest = self.placed.borrow().len().max(1);
            let id = rng.random_range(1..=newest);
            let here = format!("/kelola/pesanan/{id}");
            let page = self.ask(&mut siti, Method::GET, &here, None).await?;
            let buttons: Vec<String> = buttons(&page.body, &here);
            if page.status == 200 && !buttons.is_empty() {
                // Where money can go back the way it came, it mostly does.
                let back = buttons.iter().find(|to| to.ends_with("/pengembalian")).filter(|_| rng.random_bool(0.6));
                let any = &buttons[rng.random_range(0..buttons.len())];
                self.tap(&mut siti, &page, back.unwrap_or(any)).await?;
            }
            rest(&mut rng, 60).await;
        }
        Some(())
    }

    /// Taps a button until it is answered. Where it asks first, on the page that asks.
    async fn tap(&self, siti: &mut Browser, page: &Seen, button: &str) -> Option<()> {
        let asked;
        let page = match page.body.contains(&format!("action=\"{button}\"")) {
            true => page,
            false => {
                asked = self.ask(siti, Method::GET, button, None).await?;
                &asked
            }
        };
        if page.status != 200 || !page.body.contains(&format!("action=\"{button}\"")) {
            return Some(());
        }
        let hidden = page.hidden(button);
        let reference = format!("TRX-{button}");
        let mut fields: Vec<(&str, &str)> =
            hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let owed = typed(page, "amount");
        fields.extend([("reason", "Bambu habis"), ("reference", &reference), ("pieces", "1")]);
        fields.extend([("amount", owed.as_str()), ("cara", "tunai")]);
        let done = self.post(siti, button, &fields).await?;
        if done.status == 303 {
            one_more(&self.tally.acts);
            match (button.rsplit('/').next(), done.location) {
                (Some("pengembalian"), _) => one_more(&self.tally.given_back),
                (Some("kembali"), Some(its_page)) => self.sends_back(siti, &its_page).await?,
                _ => {}
            }
        }
        Some(())
    }

    /// Money goes back in cash: Pak Hasan says yes, and Bu Siti hands it over.
    async fn sends_back(&self, siti: &mut Browser, its_page: &str) -> Option<()> {
        let mut hasan = self.hasan.clone();
        for (who, act) in [(&mut hasan, "setuju"), (siti, "terkirim")] {
            let page = self.ask(who, Method::GET, its_page, None).await?;
            let action = format!("{its_page}/{act}");
            if !page.body.contains(&format!("action=\"{action}\"")) {
                return Some(());
            }
            let hidden = page.hidden(&action);
            let mut fields: Vec<(&str, &str)> =
                hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            fields.push(("reference", its_page));
            if self.post(who, &action, &fields).await?.status != 303 {
                return Some(());
            }
        }
        one_more(&self.tally.by_hand);
        Some(())
    }
}

/// What a field of a page is filled with before anybody types.
fn typed(page: &Seen, name: &str) -> String {
    let field = page.body.split(&format!("name=\"{name}\"")).nth(1).unwrap_or_default();
    let value = field.split('>').next().and_then(|tag| tag.split("value=\"").nth(1));
    value.and_then(|value| value.split('"').next()).unwrap_or_default().to_owned()
}

/// What can be tapped on the page of an order: forms, and the acts that ask first. Unpacking is left alone.
fn buttons(page: &str, here: &str) -> Vec<String> {
    let forms = page.split("action=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let links = page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let asking = links.filter(|to| ["/batal", "/kembali", "/kurang"].iter().any(|act| to.ends_with(act)));
    forms.chain(asking).filter(|to| to.starts_with(here) && !to.ends_with("/buka")).map(str::to_owned).collect()
}
