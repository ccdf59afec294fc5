//! The operator, who packs, hands over, calls off and gives money back.
use rand::{RngExt, SeedableRng, rngs::StdRng};
use reqwest::Method;

use super::village::{Village, one_more, rest};
use crate::support::{Browser, browser::Seen};

impl Village {
    /// Bu Siti looks at one order after the other and taps one of the buttons she finds there.
    pub async fn counter(&self, seed: u64) -> Option<()> {
        let mut rng = StdRng::seed_from_u64(seed);
        let mut siti = self.siti.clone();
        while !self.is_over() {
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
