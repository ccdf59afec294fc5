//! `/harga/{outlet}/gambar.png`: the board as one picture for WhatsApp.
use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{self, HeaderValue},
    web::{Data, Path},
};

use super::board::{Board, Row};
use crate::{
    accounts::visit::Visit,
    app::App,
    catalogue::photo,
    error::Result,
    locale::{self, Lang, Said},
    picture::Card,
    secret,
};

/// `GET /harga/{outlet}/gambar.png`
pub async fn show(request: HttpRequest, visit: Visit, slug: Path<String>, app: Data<App>) -> Result<HttpResponse> {
    let board = Board::read(&app, &visit, &slug).await?;
    // The same board is the same picture: whoever has it is told so before anything is drawn.
    let hash = secret::sha256(format!("{}{}", locale::code(visit.lang), serde_json::to_string(&board)?).as_bytes());
    let etag = format!("\"{}\"", hash.get(..20).unwrap_or(&hash));
    let known = request.headers().get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    if known.is_some_and(|known| known.contains(&etag)) {
        return Ok(HttpResponse::NotModified().insert_header((header::ETAG, etag)).finish());
    }
    let png = card(&app, visit.lang, &board).await?.draw().await?;
    Ok(HttpResponse::Ok()
        .content_type("image/png")
        .insert_header((header::CACHE_CONTROL, "public, max-age=300"))
        .insert_header((header::ETAG, etag))
        .insert_header((header::VARY, "Cookie"))
        .insert_header((header::CONTENT_ENCODING, HeaderValue::from_static("identity")))
        .body(png))
}

async fn card(app: &App, lang: Lang, board: &Board) -> Result<Card> {
    let say = |key: &'static str| app.say(lang, &Said::new(key));
    let place = [board.outlet.as_str(), board.village.as_str()].join(" · ");
    let mut card = Card::new(say("papan.title")).lead(place).lead(locale::date(lang, board.today));
    for row in &board.rows {
        let cover = match &row.cover {
            Some(name) => app.files.get(&photo::rendition_name(name, "320.webp")?).await?,
            None => None,
        };
        let value = format!("{} {}", row.price, say(row.per));
        let beside = [bounds(app, lang, row), market(app, lang, row)];
        let beside: Vec<String> = beside.into_iter().filter(|text| !text.is_empty()).collect();
        card = card.goods(cover.as_deref(), row.name.as_str(), beside.join(" · "), value);
    }
    if board.rows.is_empty() {
        card = card.text(say("papan.empty"));
    }
    Ok(card.rule().qr(board.url.as_str(), say("papan.scan")))
}

/// What the law says, on one line.
fn bounds(app: &App, lang: Lang, row: &Row) -> String {
    let say = |said: &Said| app.say(lang, said);
    let per = |key: &'static str| say(&Said::new(key));
    if let Some(most) = &row.ceiling {
        return say(&Said::new("papan.ceiling").with("price", most.high).with("per", per(most.per)));
    }
    match &row.band {
        Some(band) => say(&Said::new("papan.band").with("price", band.high).with("per", per(band.per))),
        None => String::new(),
    }
}

/// What the market asks, on one line.
fn market(app: &App, lang: Lang, row: &Row) -> String {
    let Some(market) = &row.market else { return String::new() };
    let per = app.say(lang, &Said::new(market.per));
    let said = Said::new(market.key).with("place", market.place.as_str()).with("price", market.price).with("per", per);
    app.say(lang, &said.with("n", market.days))
}
