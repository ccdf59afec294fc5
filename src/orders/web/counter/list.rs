//! `/kelola/pesanan`: orders by what waits, or all of them with a search.
use actix_web::{
    HttpResponse,
    web::{Data, Query},
};
use serde::{Deserialize, Serialize};

use super::{
    labels,
    view::{Row, Voice},
};
use crate::{
    accounts::visit::Operator,
    app::App,
    error::Result,
    orders::{
        board::{self, Todo},
        docket::Docket,
    },
    page::{self, Page, Sample},
};

/// What is asked for. Everything is text, so that nothing typed is an error.
#[derive(Default, Deserialize)]
pub struct Wish {
    #[serde(default)]
    perlu: String,
    #[serde(default)]
    cari: String,
    #[serde(default)]
    hal: String,
}

#[derive(Serialize)]
struct ListPage {
    todo: Option<&'static str>,
    title: Option<String>,
    sought: String,
    rows: Vec<Row>,
    chips: Vec<Chip>,
    page: u64,
    pages: u64,
}

#[derive(Serialize)]
struct Chip {
    code: &'static str,
    label: String,
    count: usize,
}

impl Page for ListPage {
    const TEMPLATE: &'static str = "counter/list.html";
    fn samples() -> Vec<ListPage> {
        let words = crate::locale::Words::default();
        let voice = Voice { words: &words, lang: crate::locale::Lang::Id };
        let docket = Docket::sample();
        let row = Row::of(&docket, &board::todos(&docket, docket.order.placed_at), &voice);
        let chips = || vec![Chip { code: "kemas", label: "Dikemas".into(), count: 1 }];
        vec![
            ListPage {
                todo: Some("kemas"),
                title: Some("Perlu dikemas".into()),
                sought: String::new(),
                rows: vec![row.clone(), row],
                chips: chips(),
                page: 1,
                pages: 1,
            },
            ListPage {
                todo: None,
                title: None,
                sought: "Ratna".into(),
                rows: Vec::new(),
                chips: chips(),
                page: 2,
                pages: 3,
            },
        ]
    }
}

pub fn samples() -> Vec<Sample> {
    page::samples::<ListPage>()
}

/// `GET /kelola/pesanan`
pub async fn show(operator: Operator, wish: Query<Wish>, app: Data<App>) -> Result<HttpResponse> {
    let voice = Voice { words: app.templates.words(), lang: operator.visit.lang };
    let waiting = board::waiting(&app.db, &operator.outlet, app.clock.now()).await?;
    let chip = |todo: Todo| Chip {
        code: todo.code(),
        label: voice.say(&labels::todo(todo)),
        count: waiting.iter().filter(|waiting| waiting.todos.contains(&todo)).count(),
    };
    let chips = Todo::ALL.into_iter().map(chip).filter(|chip| chip.count > 0).collect();
    let page = match Todo::of(&wish.perlu) {
        Some(todo) => {
            let those = waiting.iter().filter(|waiting| waiting.todos.contains(&todo));
            ListPage {
                todo: Some(todo.code()),
                title: Some(voice.say(&labels::todo(todo))),
                sought: String::new(),
                rows: those.map(|waiting| Row::of(&waiting.docket, &[todo], &voice)).collect(),
                chips,
                page: 1,
                pages: 1,
            }
        }
        None => {
            let sought: String = wish.cari.trim().chars().take(100).collect();
            let page = wish.hal.parse::<u64>().unwrap_or(1).clamp(1, 100_000);
            let (found, pages) = board::search(&app.db, &operator.outlet, &sought, page - 1).await?;
            let todos = |docket: &Docket| {
                let known = waiting.iter().find(|waiting| waiting.docket.order.id == docket.order.id);
                known.map_or_else(Vec::new, |waiting| waiting.todos.clone())
            };
            let rows = found.iter().map(|docket| Row::of(docket, &todos(docket), &voice)).collect();
            ListPage { todo: None, title: None, sought, rows, chips, page, pages }
        }
    };
    operator.visit.page(&app.templates, &page)
}
