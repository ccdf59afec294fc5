//! What the public pages have in common: cards in words, and drawing a page that is kept for other guests.
use actix_web::{HttpRequest, HttpResponse, http::StatusCode};
use serde::Serialize;

use crate::{
    accounts::visit::Visit,
    app::App,
    catalogue::{
        category::{self, Category},
        maker::Maker,
        shelf::{Card, Shelf},
    },
    error::Result,
    locale::{Lang, Said, Words},
    page::Page,
    page_cache::{self, Mark},
};
use entity::{Rupiah, category::Kind, product::Unit};

/// A card of the shop in a language.
#[derive(Clone, Debug, Default, Serialize)]
pub struct CardView {
    pub slug: String,
    pub name: String,
    /// "mulai" before the price of what has several; empty else.
    pub price_from: String,
    pub price: String,
    pub cover: Option<String>,
    /// Who made it, where.
    pub from: String,
    pub badge: String,
    /// The look of the badge: "" ready, "wait" made first, "off" sold out.
    pub tone: &'static str,
}

/// Puts cards into words.
pub fn card_views(cards: &[Card], words: &Words, lang: Lang) -> Vec<CardView> {
    cards.iter().map(|card| card_view(card, words, lang)).collect()
}

fn card_view(card: &Card, words: &Words, lang: Lang) -> CardView {
    let (badge, tone) = match (card.available, card.days_to_make) {
        (n, _) if n > 0 => (Said::new("goods.ready").with("n", n), ""),
        (_, Some(days)) => (Said::new("goods.made_first").with("n", days), "wait"),
        (_, None) => (Said::new("goods.sold_out"), "off"),
    };
    let from = match (&card.maker, &card.dusun) {
        (Some(maker), Some(dusun)) if !dusun.is_empty() => format!("{maker} · {dusun}"),
        (Some(maker), _) => maker.clone(),
        (None, _) => String::new(),
    };
    CardView {
        slug: card.slug.clone(),
        name: card.name.clone(),
        price_from: match card.price_min == card.price_max {
            true => String::new(),
            false => words.say(lang, &Said::new("goods.price_from")),
        },
        price: price(card.price_min, card.unit, words, lang),
        cover: card.cover.clone(),
        from,
        badge: words.say(lang, &badge),
        tone,
    }
}

/// A price in words: "Rp28.000", "Rp85.000 / m²".
pub fn price(amount: Rupiah, unit: Unit, words: &Words, lang: Lang) -> String {
    match unit {
        Unit::SquareMetre => words.say(lang, &Said::new("goods.per_square_metre").with("price", amount)),
        Unit::Piece | Unit::Pack => amount.to_string(),
    }
}

/// Categories of a kind that hold something, in a language.
pub fn categories(shelf: &Shelf, kind: Option<Kind>, chosen: Option<i64>, lang: Lang) -> Vec<Category> {
    shelf
        .categories
        .iter()
        .filter(|row| kind.is_none_or(|kind| row.kind == kind))
        .map(|row| Category {
            slug: row.slug.clone(),
            name: category::name(row, lang).to_owned(),
            count: shelf.count(row.id) as i64,
            chosen: chosen == Some(row.id),
        })
        .filter(|category| category.count > 0 || category.chosen)
        .collect()
}

/// A maker on a page.
#[derive(Clone, Debug, Default, Serialize)]
pub struct MakerView {
    pub slug: String,
    pub name: String,
    pub dusun: String,
    pub village: String,
    pub group: Option<String>,
    pub face: Option<String>,
    pub goods: i64,
}

impl From<&Maker> for MakerView {
    fn from(maker: &Maker) -> MakerView {
        MakerView {
            slug: maker.slug.clone(),
            name: maker.name.clone(),
            dusun: maker.dusun.clone(),
            village: maker.village.clone(),
            group: maker.group_name.clone(),
            face: maker.face.clone(),
            goods: maker.goods,
        }
    }
}

/// A page on its way: for a guest it is kept when it is done, good as of the moment it was begun.
pub struct Drawing {
    pub visit: Visit,
    keep: Option<(String, Mark)>,
}

impl Drawing {
    /// Begins before anything is read. `path` is the page's own address, without its query.
    pub fn begin(request: &HttpRequest, app: &App, visit: Visit, path: &str) -> Drawing {
        let guest = visit.guest && page_cache::guest(request.headers()).is_some();
        let keep = if guest && app.pages.is_on() && request.path() == path {
            page_cache::address(path, request.query_string())
                .map(|address| (address.into_owned(), Mark::now(&app.db, &app.clock)))
        } else {
            None
        };
        Drawing { visit, keep }
    }

    /// This page is not for others after all.
    pub fn forget(mut self) -> Drawing {
        self.keep = None;
        self
    }

    /// Draws it.
    pub fn answer<P: Page>(mut self, request: &HttpRequest, app: &App, page: &P) -> Result<HttpResponse> {
        match self.keep {
            None => self.visit.page(&app.templates, page),
            Some((address, mark)) => {
                // Others will see this page: it names its agreed address and not how the first reader came.
                self.visit.shell.path.clone_from(&address);
                let text = app.templates.text(&self.visit.shell, page)?;
                Ok(app.pages.keep(self.visit.lang, &address, mark, text).answer(request.headers()))
            }
        }
    }

    /// Draws it with another status, for this reader only.
    pub fn answer_with<P: Page>(self, status: StatusCode, app: &App, page: &P) -> Result<HttpResponse> {
        self.visit.page_with(status, &app.templates, page)
    }
}

/// Data for search engines as the content of a script element, in which nothing can end the element.
pub fn linked_data(value: &serde_json::Value) -> String {
    value.to_string().replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}

/// The beginning of a text, cut between words, for descriptions.
pub fn beginning(text: &str, most: usize) -> String {
    let mut out = String::new();
    for word in text.split_whitespace() {
        if out.chars().count() + word.chars().count() + 1 > most {
            out.push('…');
            break;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// A WhatsApp link with a ready text; without a number it asks whom to send it to.
pub fn whatsapp(phone: &str, text: &str) -> String {
    let phone = crate::form::phone(phone).unwrap_or_default();
    let text = percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC);
    format!("https://wa.me/{phone}?text={text}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn linked_data_cannot_end_its_element() {
        let text = linked_data(&serde_json::json!({ "name": "</script><b>&" }));
        assert!(!text.contains(['<', '>', '&']));
        let back: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(back["name"], "</script><b>&");
    }

    #[test]
    fn descriptions_are_cut_between_words() {
        assert_eq!(beginning("kurungan  ayam\nbesar", 40), "kurungan ayam besar");
        assert_eq!(beginning("kurungan ayam besar", 14), "kurungan ayam…");
    }
}
