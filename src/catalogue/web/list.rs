//! Lists of goods: all of them, one category, or what answers words and filters. A form that works without script.
use std::collections::HashSet;

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;

use super::draw::{CardView, Drawing, card_views, categories};
use crate::{
    accounts::visit::Visit,
    app::App,
    catalogue::{
        category::{self, Category},
        shelf::{self, Picked, Shelf, Sort, Wish},
    },
    error::{Error, Result},
    form::{Form, FormView},
    locale::Said,
    page::Page,
};

/// The highest price that may be typed into the filter.
const DEAREST: i64 = 1_000_000_000_000;
/// Letters of a question that are read.
const LONGEST_QUESTION: usize = 120;

/// A list with its filters.
#[derive(Default, Serialize)]
pub struct ListPage {
    /// The category's name on its own page.
    heading: String,
    cards: Vec<CardView>,
    total: i64,
    page: i64,
    pages: i64,
    previous: Option<String>,
    next: Option<String>,
    /// How mistyped words were read.
    understood: Option<String>,
    /// What was asked for, and what was wrong with it.
    form: FormView,
    words: String,
    sorts: Vec<SortView>,
    categories: Vec<Category>,
    /// Whether a price or an order was chosen, so that the filters stand open.
    filtered: bool,
    /// Goods to go on with when nothing was found.
    others: Vec<CardView>,
    canonical: String,
    /// Pages of searches and filters are not for search engines.
    indexed: bool,
}

#[derive(Default, Serialize)]
struct SortView {
    word: &'static str,
    name: String,
    chosen: bool,
}

impl Page for ListPage {
    const TEMPLATE: &'static str = "catalogue/list.html";
    fn samples() -> Vec<ListPage> {
        let full = ListPage {
            cards: vec![CardView { tone: "wait", ..CardView::default() }],
            total: 30,
            page: 1,
            pages: 2,
            next: Some("/produk?hal=2".into()),
            understood: Some("kurungan".into()),
            words: "kurngan".into(),
            sorts: vec![SortView::default()],
            categories: vec![Category { chosen: true, ..Category::default() }],
            filtered: true,
            ..ListPage::default()
        };
        let empty = ListPage { others: vec![CardView::default()], words: "xyz".into(), ..ListPage::default() };
        let category = ListPage { heading: "Kursi".into(), indexed: true, ..ListPage::default() };
        vec![full, empty, category]
    }
}

/// `GET /produk`
pub async fn all(request: HttpRequest, visit: Visit, app: web::Data<App>) -> Result<HttpResponse> {
    let drawing = Drawing::begin(&request, &app, visit, "/produk");
    page(&request, &app, drawing, None).await
}

/// `GET /kategori/{slug}`
pub async fn category(
    request: HttpRequest,
    visit: Visit,
    slug: web::Path<String>,
    app: web::Data<App>,
) -> Result<HttpResponse> {
    let drawing = Drawing::begin(&request, &app, visit, &format!("/kategori/{slug}"));
    page(&request, &app, drawing, Some(&slug)).await
}

async fn page(request: &HttpRequest, app: &App, mut drawing: Drawing, category: Option<&str>) -> Result<HttpResponse> {
    let shelf = app.shelves.now(&app.db).await?;
    let mut asked = Form::parse(request.query_string().as_bytes());
    if let Some(slug) = category {
        asked.set("kategori", slug);
    }
    let (wish, wrong) = read(&asked, &shelf)?;
    if !wrong.0.is_empty() || asked.has("q") {
        drawing = drawing.forget();
    }
    let picked = find(app, &shelf, &wish).await?;
    let lang = drawing.visit.lang;
    let cards = shelf::cards(&app.db, &picked.ids).await?;
    let others = match cards.is_empty() {
        true => {
            shelf::cards(
                &app.db,
                &shelf.pick(&Wish::default(), &HashSet::new()).ids[..].iter().copied().take(4).collect::<Vec<_>>(),
            )
            .await?
        }
        false => Vec::new(),
    };
    let words = app.templates.words();
    let own = wish.category.and_then(|id| shelf.categories.iter().find(|row| row.id == id));
    let path = own.map_or("/produk".to_owned(), |row| format!("/kategori/{}", row.slug));
    let narrowed = wish.min.is_some() || wish.max.is_some() || wish.sort != Sort::Usual;
    let view = ListPage {
        heading: own.map_or(String::new(), |row| category::name(row, lang).to_owned()),
        cards: card_views(&cards, words, lang),
        others: card_views(&others, words, lang),
        total: picked.total as i64,
        page: picked.page as i64,
        pages: picked.pages as i64,
        previous: (picked.page > 1).then(|| link(&path, &wish, picked.page - 1)),
        next: (picked.page < picked.pages).then(|| link(&path, &wish, picked.page + 1)),
        understood: picked.understood,
        form: FormView::new(&asked, &wrong, words, lang),
        words: wish.words.clone(),
        sorts: sorts(app, lang, wish.sort),
        categories: categories(&shelf, None, wish.category, lang),
        filtered: narrowed || !wrong.0.is_empty(),
        canonical: format!("{}{}", app.config.public_url, canonical(&path, picked.page)),
        indexed: !narrowed && wish.words.is_empty() && picked.total > 0,
    };
    drawing.answer(request, app, &view)
}

/// What an address asks for. A category that does not exist is no page; a price that is none is said beside its field.
pub(super) fn read(asked: &Form, shelf: &Shelf) -> Result<(Wish, crate::form::Wrong)> {
    let category = match asked.get("kategori") {
        "" => None,
        slug => Some(shelf.category(slug).ok_or(Error::NotFound)?.id),
    };
    let mut reader = asked.read();
    let mut price = |name| match asked.get(name) {
        "" => None,
        _ => Some(reader.rupiah(name, 0, DEAREST).0),
    };
    let (min, max) = (price("harga_min"), price("harga_max"));
    let wrong = reader.done(()).err().unwrap_or_default();
    let sound = |name: &str, amount: Option<i64>| amount.filter(|_| !wrong.0.contains_key(name));
    let (min, max) = match (sound("harga_min", min), sound("harga_max", max)) {
        // Typed the wrong way round: what was meant is clear.
        (Some(min), Some(max)) if min > max => (Some(max), Some(min)),
        both => both,
    };
    let wish = Wish {
        words: asked.get("q").chars().take(LONGEST_QUESTION).collect(),
        category,
        min,
        max,
        sort: Sort::of(asked.get("urut")),
        page: asked.get("hal").parse().unwrap_or(1),
    };
    Ok((wish, wrong))
}

/// Picks a page of goods; only the order by readiness asks the database.
pub(super) async fn find(app: &App, shelf: &Shelf, wish: &Wish) -> Result<Picked> {
    let ready = if wish.sort == Sort::Ready { shelf::ready(&app.db).await? } else { HashSet::new() };
    Ok(shelf.pick(wish, &ready))
}

fn sorts(app: &App, lang: crate::locale::Lang, chosen: Sort) -> Vec<SortView> {
    let names = ["goods.sort_newest", "goods.sort_cheapest", "goods.sort_dearest", "goods.sort_ready"];
    let view = |((sort, word), key): ((Sort, &'static str), &'static str)| SortView {
        word,
        name: app.say(lang, &Said::new(key)),
        chosen: sort == chosen,
    };
    Sort::ALL.into_iter().zip(names).map(view).collect()
}

/// The address of another page of the same list.
fn link(path: &str, wish: &Wish, page: usize) -> String {
    let mut pairs = form_urlencoded::Serializer::new(String::new());
    if !wish.words.is_empty() {
        pairs.append_pair("q", &wish.words);
    }
    for (name, amount) in [("harga_min", wish.min), ("harga_max", wish.max)] {
        if let Some(amount) = amount {
            pairs.append_pair(name, &amount.to_string());
        }
    }
    if wish.sort != Sort::Usual {
        pairs.append_pair("urut", wish.sort.word());
    }
    if page > 1 {
        pairs.append_pair("hal", &page.to_string());
    }
    let query = pairs.finish();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

fn canonical(path: &str, page: usize) -> String {
    if page > 1 { format!("{path}?hal={page}") } else { path.to_owned() }
}
