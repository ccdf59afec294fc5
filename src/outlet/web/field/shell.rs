//! The pages a phone keeps: frames without anything personal, which its scripts fill, and the worker that shows them when
//! there is no signal.
use std::{collections::BTreeMap, sync::OnceLock};

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
    web::Data,
};
use serde::Serialize;

use crate::{
    accounts::visit::LANG_COOKIE,
    app::App,
    assets,
    error::Result,
    locale::{self, Lang, Words},
    page::{Page, Sample, Shell, html, samples as drawn},
    secret,
};

/// Words that scripts say begin so, in the group of phones; of kiosks they say what the pages say.
const SAID_BY_SCRIPT: &str = "app_";
/// Staff pages that a phone shows from its own store, with the frame of each.
const SHELLS: [(&str, &str); 3] = [
    (r"^/kelola/setoran/baru$", "/kelola/setoran/kerangka"),
    (r"^/kelola/kios/\d+/kunjungan$", "/kelola/kios/kerangka"),
    (r"^/kelola/kasir$", "/kelola/kasir/kerangka"),
];
/// Pages in whose place a frame stands only while there is no signal.
const STAND_INS: [(&str, &str); 1] = [("/kelola/kios", "/kelola/kios/kerangka")];
/// Scripts of field pages begin so, and those of the till.
const FIELD: [&str; 2] = ["field-", "till."];

/// What is done on a page that a phone keeps.
#[derive(Clone, Copy, Default, Serialize)]
#[serde(rename_all = "snake_case")]
enum Work {
    /// Goods are taken in.
    #[default]
    Intake,
    /// A kiosk is visited.
    Visit,
}

/// The frame of a page that a phone keeps.
#[derive(Default, Serialize)]
struct FieldPage {
    work: Work,
    words: BTreeMap<String, String>,
}

impl Page for FieldPage {
    const TEMPLATE: &'static str = "outlet/field.html";
    fn samples() -> Vec<FieldPage> {
        let words = || BTreeMap::from([("who".to_owned(), "Siapa yang menyetor? </script>".to_owned())]);
        [Work::Intake, Work::Visit].map(|work| FieldPage { work, words: words() }).into()
    }
}

/// What stands where another page of the staff was asked for without signal.
#[derive(Default, Serialize)]
struct FieldAwayPage {}

impl Page for FieldAwayPage {
    const TEMPLATE: &'static str = "outlet/field_away.html";
    fn samples() -> Vec<FieldAwayPage> {
        vec![FieldAwayPage {}]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    [drawn::<FieldPage>(), drawn::<FieldAwayPage>()].into_iter().flatten().collect()
}

/// `GET /kelola/setoran/kerangka`: open to all, since nothing of anybody is in it.
pub(super) async fn intake(request: HttpRequest, app: Data<App>) -> Result<HttpResponse> {
    kept(&request, &app, Work::Intake)
}

/// `GET /kelola/kios/kerangka`: open to all, too.
pub(super) async fn visit(request: HttpRequest, app: Data<App>) -> Result<HttpResponse> {
    kept(&request, &app, Work::Visit)
}

fn kept(request: &HttpRequest, app: &App, work: Work) -> Result<HttpResponse> {
    let lang = lang(request);
    frame(app, lang, &FieldPage { work, words: words(app.templates.words(), lang) })
}

/// `GET /kelola/luring`
pub(super) async fn away(request: HttpRequest, app: Data<App>) -> Result<HttpResponse> {
    frame(&app, lang(&request), &FieldAwayPage {})
}

pub(super) fn frame<P: Page>(app: &App, lang: Lang, page: &P) -> Result<HttpResponse> {
    let shell = Shell { lang: locale::code(lang), place: app.brand.place(), ..Shell::default() };
    let text = app.templates.text(&shell, page)?;
    Ok(html(StatusCode::OK).insert_header((header::CACHE_CONTROL, "no-cache")).body(text))
}

pub(super) fn lang(request: &HttpRequest) -> Lang {
    request.cookie(LANG_COOKIE).map_or(Lang::Id, |cookie| locale::lang(cookie.value()))
}

/// What scripts say: "who" for `device.app_who`, "kiosk_sold" for `kiosk.sold`.
fn words(words: &Words, lang: Lang) -> BTreeMap<String, String> {
    said(words, lang, |key| match key.split_once('.')? {
        ("device", name) => name.strip_prefix(SAID_BY_SCRIPT).map(str::to_owned),
        ("kiosk", name) => Some(format!("kiosk_{name}")),
        _ => None,
    })
}

/// Words under the names that scripts know them by.
pub(super) fn said(words: &Words, lang: Lang, name: impl Fn(&str) -> Option<String>) -> BTreeMap<String, String> {
    let said = words.keys().filter_map(|key| Some((name(key)?, words.text(lang, key, None)?)));
    said.map(|(name, text)| (name, text.to_owned())).collect()
}

/// `GET /sw.js`: the worker of staff pages. Its list changes with each release, and with it the worker.
pub(super) async fn worker() -> HttpResponse {
    static TEXT: OnceLock<String> = OnceLock::new();
    HttpResponse::Ok()
        .content_type("text/javascript; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .body(TEXT.get_or_init(written).as_str())
}

/// Whether a file belongs to a page that a phone keeps.
fn is_field(name: &str) -> bool {
    FIELD.iter().any(|first| name.starts_with(first))
}

fn written() -> String {
    let is_needed = |name: &str| is_field(name) || ["app.css", "work.css", "icon.svg", "shrink.js"].contains(&name);
    let files: Vec<&str> = assets::ASSETS.iter().filter(|asset| is_needed(asset.name)).map(|asset| asset.url).collect();
    let source = assets::ASSETS.iter().find(|asset| asset.name == "worker.js");
    let source = source.map_or_else(String::new, |asset| String::from_utf8_lossy(asset.plain).into_owned());
    let (files, shells) = (serde_json::json!(files), serde_json::json!(SHELLS));
    let stand_ins: BTreeMap<_, _> = STAND_INS.into_iter().collect();
    let stand_ins = serde_json::json!(stand_ins);
    format!(
        "const VERSION = \"{}\";\nconst FILES = {files};\nconst SHELLS = {shells};\nconst STAND_INS = {stand_ins};\n\
         const AWAY = \"/kelola/luring\";\n{source}",
        version()
    )
}

/// Another for each release that draws the frames otherwise.
fn version() -> String {
    let mut all = String::new();
    for asset in assets::ASSETS {
        all.push_str(asset.url);
    }
    for (_, text) in assets::TEMPLATES.iter().chain(assets::WORDS) {
        all.push_str(text);
    }
    secret::sha256(all.as_bytes()).chars().take(12).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::Templates;

    #[test]
    fn the_worker_knows_every_script_of_a_field_page() {
        let text = written();
        let some = ["field-intake.js", "field-visit.js", "field-store.js", "field-sync.js", "till.js"];
        for name in some.into_iter().chain(["shrink.js", "work.css", "till.css"]) {
            let url = assets::url(name).unwrap();
            assert!(text.contains(url), "{name}");
        }
        assert!(!text.contains("photo-"));
    }

    #[test]
    fn scripts_are_given_all_words_they_say() {
        let templates = Templates::load().unwrap();
        let known = words(templates.words(), Lang::Id);
        for asset in assets::ASSETS.iter().filter(|asset| asset.name.starts_with("field-")) {
            let text = String::from_utf8_lossy(asset.plain);
            for rest in text.split("say(\"").skip(1) {
                let key = rest.split('"').next().unwrap_or_default();
                assert!(known.contains_key(key), "{}: {key}", asset.name);
            }
        }
    }
}
