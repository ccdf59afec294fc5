//! Buyers, from the basket to the wallet.
use rand::{RngExt, SeedableRng, rngs::StdRng};
use reqwest::Method;
use serde_json::json;

use super::village::{Placed, Village, one_more, pick, rest};
use crate::support::Browser;

impl Village {
    /// Buyers come one after the other.
    pub async fn buyers(&self, seed: u64) {
        let mut rng = StdRng::seed_from_u64(seed);
        while !self.is_over() {
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
}
