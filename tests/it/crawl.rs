//! No link leads to nowhere: the demonstration is walked through, link by link and form by form, as each kind of user.
use std::collections::{BTreeSet, VecDeque};

use warong::seed;

use crate::support::{Browser, Shop, browser::Seen};

/// The PIN of the demonstration.
const PIN: &str = "246810";
/// How many addresses of one shape are looked at; the hundredth order page is like the first.
const ALIKE: usize = 3;

#[actix_web::test]
async fn every_link_leads_somewhere_and_every_form_answers() {
    let shop = Shop::empty().await;
    seed::run_small(&shop.app.db, &shop.clock, &shop.app.files).await.expect("the village");
    let mut pages = 0;
    for phone in [
        None,
        Some("081200000001"),
        Some("081200000002"),
        Some("081200000004"),
        Some("081200000005"),
        Some("081200000007"),
        Some("081200000008"),
    ] {
        let mut somebody = shop.browser();
        if let Some(phone) = phone {
            let door = somebody.visit("/masuk").await;
            let answer = somebody.fill(&door, "/masuk", &[("phone", phone), ("pin", PIN)]).await;
            assert_eq!(answer.status, 303, "{phone} cannot sign in:\n{}", answer.body);
        }
        pages += walk(&mut somebody, phone.unwrap_or("a guest")).await;
    }
    assert!(pages > 100, "only {pages} pages were seen");
    shop.close().await;
}

/// Looks at every page that can be reached, and sends every form as it stands. Says how many pages there were.
async fn walk(somebody: &mut Browser, who: &str) -> usize {
    let mut known = BTreeSet::from(["/".to_owned()]);
    let mut shapes: Vec<String> = Vec::new();
    let mut waiting =
        VecDeque::from(["/".to_owned(), "/akun".to_owned(), "/pesanan".to_owned(), "/keranjang".to_owned()]);
    let mut pages = Vec::new();
    while let Some(path) = waiting.pop_front() {
        let page = somebody.visit(&path).await;
        assert!(page.status < 400 || page.status == 410, "{who}: {path} answers {}:\n{}", page.status, page.body);
        pages.push(path);
        for link in links(&page.body) {
            let shape: String = link.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
            let shape = shape.split('?').next().unwrap_or_default().replace("00", "0").replace("00", "0");
            let family = shape.rsplit_once('/').map_or(shape.clone(), |(folder, _)| folder.to_owned());
            let alike = shapes.iter().filter(|seen| **seen == family).count();
            if alike < ALIKE * 4 && known.insert(link.clone()) {
                shapes.push(family);
                waiting.push_back(link);
            }
        }
    }
    // Forms change what is there, so they come after all links were followed.
    let mut sent = BTreeSet::new();
    for path in &pages {
        let page = somebody.visit(path).await;
        if page.status == 200 {
            send_forms(somebody, who, path, &page, &mut sent).await;
        }
    }
    pages.len()
}

/// Sends each kind of form once, with nothing typed: it is refused with a page or does its work, and never breaks.
async fn send_forms(somebody: &mut Browser, who: &str, path: &str, page: &Seen, sent: &mut BTreeSet<String>) {
    for action in actions(&page.body) {
        let kind: String = action.chars().filter(|c| !c.is_ascii_digit()).collect();
        // Signing out would end the walk; photos are sent in another shape and have stories of their own.
        if action.contains("keluar") || action.contains("foto") || action.contains("bukti") || !sent.insert(kind) {
            continue;
        }
        let answer = somebody.fill(page, &action, &[]).await;
        let sound = answer.status < 500 && !matches!(answer.status, 404 | 405);
        assert!(sound, "{who}: the form {action} on {path} answers {}:\n{}", answer.status, answer.body);
    }
}

/// Addresses inside the shop that a page leads to.
fn links(html: &str) -> Vec<String> {
    let from = |attribute: &str| {
        html.split(attribute)
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .filter(|link| link.starts_with('/') && !link.starts_with("//"))
            .map(|link| link.replace("&amp;", "&").replace("&#x2F;", "/").replace("&#x3D;", "="))
            .map(|link| link.split('#').next().unwrap_or_default().to_owned())
            .collect::<Vec<_>>()
    };
    from(" href=\"")
}

/// Where the forms of a page are sent with POST.
fn actions(html: &str) -> Vec<String> {
    html.split("<form ")
        .skip(1)
        .filter_map(|form| form.split('>').next())
        .filter(|tag| tag.contains("method=\"post\""))
        .filter_map(|tag| tag.split("action=\"").nth(1)?.split('"').next())
        .map(str::to_owned)
        .collect()
}
