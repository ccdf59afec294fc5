//! `/surat/{secret}`: whoever is shown a business letter sees here whether it is genuine. Nothing more is said than what
//! stands on the paper, and codes cannot be tried out.
use std::time::Duration;

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};
use serde::Serialize;

use super::view::LetterView;
use crate::{
    accounts::visit::{self, Visit},
    app::App,
    error::{Refusal, Result},
    page::Page,
    village::{
        letter::{self, Worth},
        letter_pdf::regency,
    },
};

/// So many looks a minute from one place.
const LOOKS: u32 = 60;

/// What a letter is worth; without one, the code is nobody's.
#[derive(Serialize)]
pub struct LetterCheckPage {
    /// "good", "expired", "revoked" or "unknown".
    worth: &'static str,
    letter: Option<LetterView>,
    village: String,
    kecamatan: String,
    kabupaten: String,
    head: String,
}

impl Page for LetterCheckPage {
    const TEMPLATE: &'static str = "village/letter_check.html";
    fn samples() -> Vec<LetterCheckPage> {
        let page = |worth, letter| LetterCheckPage {
            worth,
            letter,
            village: "Kemuning Lor".into(),
            kecamatan: "Arjasa".into(),
            kabupaten: "Kabupaten Jember".into(),
            head: "H. Sutrisno".into(),
        };
        let letters = LetterView::samples();
        let shown = ["good", "expired", "revoked"].into_iter().zip(letters.into_iter().skip(1));
        let mut pages: Vec<_> = shown.map(|(worth, letter)| page(worth, Some(letter))).collect();
        pages.push(page("unknown", None));
        pages
    }
}

/// `GET /surat/{secret}`
pub async fn show(request: HttpRequest, visit: Visit, secret: Path<String>, app: Data<App>) -> Result<HttpResponse> {
    let from = format!("letter:{}", visit::origin(&request));
    if !app.cache.allows(&from, LOOKS, Duration::from_secs(60)).await {
        return Err(Refusal::slow_down("letter.too_many_looks").into());
    }
    let today = app.clock.today();
    let found = letter::by_secret(&app.db, &secret).await?;
    let Some((row, village)) = found else {
        let (village, kecamatan, kabupaten, head) = Default::default();
        let page = LetterCheckPage { worth: "unknown", letter: None, village, kecamatan, kabupaten, head };
        return visit.page_with(StatusCode::NOT_FOUND, &app.templates, &page);
    };
    let page = LetterCheckPage {
        worth: match letter::worth(&row, today) {
            Some(Worth::Good) => "good",
            Some(Worth::Expired) => "expired",
            Some(Worth::Revoked) | None => "revoked",
        },
        letter: Some(LetterView::of(&row, today)),
        kabupaten: regency(&village),
        kecamatan: village.kecamatan,
        village: village.name,
        head: row.head_name.unwrap_or_default(),
    };
    visit.page(&app.templates, &page)
}
