//! `/kelola/kasir`: the till. A page that a phone or small laptop keeps and fills by its scripts, for days without signal.
use std::collections::BTreeMap;

use actix_web::{HttpRequest, HttpResponse, http::header, web::Data};
use serde::Serialize;
use serde_json::json;

use super::shell::{frame, lang, said};
use crate::{
    accounts::visit::Operator,
    app::App,
    assets,
    error::Result,
    locale::{Lang, Words},
    page::{Page, Sample, samples as drawn},
};

/// Words that scripts of all kept pages say begin so in the group of phones.
const SHARED: &str = "app_";

/// The frame of the till.
#[derive(Default, Serialize)]
struct TillPage {
    words: BTreeMap<String, String>,
}

impl Page for TillPage {
    const TEMPLATE: &'static str = "outlet/till.html";
    fn samples() -> Vec<TillPage> {
        let words = BTreeMap::from([("goods".to_owned(), "Barang </script>".to_owned())]);
        vec![TillPage { words }]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    drawn::<TillPage>()
}

/// `GET /kelola/kasir`: for operators, who are shown the frame.
pub(super) async fn show(_operator: Operator, request: HttpRequest, app: Data<App>) -> Result<HttpResponse> {
    kept(&request, &app)
}

/// `GET /kelola/kasir/kerangka`: open to all, since nothing of anybody is in it.
pub(super) async fn shell(request: HttpRequest, app: Data<App>) -> Result<HttpResponse> {
    kept(&request, &app)
}

fn kept(request: &HttpRequest, app: &App) -> Result<HttpResponse> {
    let lang = lang(request);
    frame(app, lang, &TillPage { words: words(app.templates.words(), lang) })
}

/// What its scripts say: "pay" for `till.pay`, and what all kept pages say.
fn words(words: &Words, lang: Lang) -> BTreeMap<String, String> {
    let mut known = said(words, lang, |key| key.strip_prefix("device.")?.strip_prefix(SHARED).map(str::to_owned));
    known.extend(said(words, lang, |key| key.strip_prefix("till.").map(str::to_owned)));
    known
}

/// `GET /kelola/kasir/manifes.json`: lets the till stand among the apps of a phone.
pub(super) async fn manifest() -> HttpResponse {
    let icon = |name: &str, sizes: &str| json!({ "src": assets::url(name), "sizes": sizes, "type": "image/png" });
    let text = json!({
        "name": "Kasir Warong UEP", "short_name": "Kasir", "lang": "id", "start_url": "/kelola/kasir", "scope": "/kelola",
        "display": "standalone", "background_color": "#fbf7ee", "theme_color": "#fbf7ee",
        "icons": [icon("icon-192.png", "192x192"), icon("icon-512.png", "512x512")],
    });
    HttpResponse::Ok()
        .content_type("application/manifest+json")
        .insert_header((header::CACHE_CONTROL, "public, max-age=86400"))
        .body(text.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::Templates;

    #[test]
    fn the_till_is_given_all_words_it_says() {
        let templates = Templates::load().unwrap();
        let known = words(templates.words(), Lang::Id);
        let asset = assets::ASSETS.iter().find(|asset| asset.name == "till.js").unwrap();
        let text = String::from_utf8_lossy(asset.plain);
        for rest in text.split("say(\"").skip(1) {
            let key = rest.split('"').next().unwrap_or_default();
            assert!(known.contains_key(key), "{key}");
        }
    }
}
