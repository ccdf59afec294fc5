//! A page is a struct and a template of the same name; everything around it (who, language, basket) is the [`Shell`].
use std::{
    cell::Cell,
    collections::BTreeMap,
    sync::{Arc, PoisonError, RwLock},
};

use actix_web::{
    HttpResponse, HttpResponseBuilder,
    http::{StatusCode, header},
};
use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use entity::Rupiah;
use serde::Serialize;
use tera::{Context, Kwargs, State, Tera, TeraResult, Value};

use crate::{
    assets, cash, clock,
    error::Result,
    locale::{self, Lang, Words},
};

/// What stands on a page, with at least one example that a test draws in every language.
pub trait Page: Serialize + Sized {
    const TEMPLATE: &'static str;
    fn samples() -> Vec<Self>;
}

/// A page with its example values, for the test that draws all of them.
pub struct Sample {
    pub template: &'static str,
    pub context: Context,
}

/// All examples of a page.
pub fn samples<P: Page>() -> Vec<Sample> {
    P::samples()
        .iter()
        .map(|page| Sample {
            template: P::TEMPLATE,
            context: Context::from_serialize(page).unwrap_or_else(|e| unreachable!("{}: {e}", P::TEMPLATE)),
        })
        .collect()
}

/// Who is signed in, as pages show it.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Who {
    pub name: String,
    /// Role names as in the table, for showing or hiding ways on; rights are judged by the handlers' types.
    pub roles: Vec<String>,
}

/// Where this shop is, for the head of every page; known a moment after the start.
#[derive(Debug, Default)]
pub struct Brand(RwLock<Arc<str>>);

impl Brand {
    pub fn place(&self) -> String {
        self.0.read().unwrap_or_else(PoisonError::into_inner).to_string()
    }

    /// Says whether it is another than before.
    pub fn set(&self, place: &str) -> bool {
        let mut now = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let other = &**now != place;
        if other {
            *now = place.into();
        }
        other
    }
}

/// What is around every page.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Shell {
    pub lang: &'static str,
    /// Path and query of this page, for coming back.
    pub path: String,
    pub csrf: String,
    pub request_key: String,
    pub who: Option<Who>,
    /// Pieces in the basket.
    pub cart_count: i64,
    pub public_url: String,
    /// Where this shop is: the village of its first outlet and the kabupaten.
    pub place: String,
    pub demo: bool,
    /// Outlet phone for WhatsApp, 62…
    pub whatsapp: String,
    /// A sentence from the page before.
    pub flash: Option<String>,
}

/// The templates with the words of all languages.
pub struct Templates {
    engine: Tera,
    words: Arc<Words>,
}

thread_local! {
    /// The language of the page that this thread is drawing: components see no context, and drawing never waits.
    static DRAWN_IN: Cell<Lang> = const { Cell::new(Lang::Id) };
}

impl Templates {
    /// Reads templates and words that were built in; a mistake in any of them is an error here, not on a page.
    pub fn load() -> anyhow::Result<Templates> {
        let words = Arc::new(Words::parse(assets::WORDS)?);
        let mut engine = Tera::new();
        register(&mut engine, words.clone());
        engine.add_raw_templates(assets::TEMPLATES.iter().copied()).map_err(|e| anyhow::anyhow!("templates: {e}"))?;
        Ok(Templates { engine, words })
    }

    pub fn words(&self) -> &Arc<Words> {
        &self.words
    }

    /// The text of a template for a language.
    pub fn draw(&self, template: &str, shell: &Shell, mut context: Context) -> Result<String> {
        context.insert("shell", shell);
        DRAWN_IN.set(locale::lang(shell.lang));
        Ok(self.engine.render(template, &context).map_err(|e| anyhow::anyhow!("{template}: {e}"))?)
    }

    /// A page as an answer that nobody keeps. Only a form that was refused stays with the browser that sent it, so that
    /// "back" leads to it again instead of to a question whether to send it anew.
    pub fn page<P: Page>(&self, status: StatusCode, shell: &Shell, page: &P) -> Result<HttpResponse> {
        let is_refused = matches!(status, StatusCode::UNPROCESSABLE_ENTITY | StatusCode::CONFLICT);
        let kept = if is_refused { "private, no-cache" } else { "no-store" };
        Ok(html(status).insert_header((header::CACHE_CONTROL, kept)).body(self.text(shell, page)?))
    }

    /// A page as text.
    pub fn text<P: Page>(&self, shell: &Shell, page: &P) -> Result<String> {
        let context = Context::from_serialize(page).map_err(|e| anyhow::anyhow!("{}: {e}", P::TEMPLATE))?;
        self.draw(P::TEMPLATE, shell, context)
    }
}

/// An HTML answer, still without a body.
pub fn html(status: StatusCode) -> HttpResponseBuilder {
    let mut answer = HttpResponse::build(status);
    answer.content_type("text/html; charset=utf-8");
    answer
}

/// After a form: look at the result with GET, so that reloading does not send it again.
pub fn see_other(url: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((header::LOCATION, url)).finish()
}

/// A path inside this site, or the fallback: an address from outside never becomes a redirect.
pub fn local_path<'a>(path: &'a str, fallback: &'a str) -> &'a str {
    // Browsers leave tabs and line ends out of addresses: "/<tab>/elsewhere" is another site.
    let inside =
        path.starts_with('/') && !path.starts_with("//") && !path.contains(|c: char| c == '\\' || c.is_control());
    if inside { path } else { fallback }
}

/// A text as the value of a parameter in an address.
pub fn escape_query(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

fn register(tera: &mut Tera, words: Arc<Words>) {
    tera.register_function("t", T { words });
    tera.register_function("asset", |args: Kwargs, _: &State| -> TeraResult<String> {
        let name = args.must_get::<&str>("name")?;
        assets::url(name).map(str::to_owned).ok_or_else(|| tera::Error::message(format!("no asset {name}")))
    });
    tera.register_function("cash", |args: Kwargs, _: &State| -> TeraResult<Value> {
        Ok(Value::from_serializable(&cash::of(Rupiah(args.must_get::<i64>("amount")?))))
    });
    tera.register_filter("rupiah", |amount: i64, _: Kwargs, _: &State| Rupiah(amount).to_string());
    tera.register_filter("number", |number: i64, _: Kwargs, _: &State| locale::grouped(number));
    tera.register_filter("cm", |mm: i64, _: Kwargs, _: &State| centimetres(mm));
    tera.register_filter("kg", |grams: i64, _: Kwargs, _: &State| kilograms(grams));
    tera.register_filter("quantity", |quantity: i64, args: Kwargs, _: &State| -> TeraResult<String> {
        let measure = serde_json::Value::from(args.must_get::<&str>("measure")?);
        let measure = serde_json::from_value(measure).map_err(|e| tera::Error::message(e.to_string()))?;
        Ok(locale::quantity(measure, quantity))
    });
    tera.register_filter("date", |day: &str, _: Kwargs, _: &State| -> TeraResult<String> {
        let day: NaiveDate = match day.get(..10).unwrap_or(day).parse() {
            Ok(_) if day.len() > 10 => clock::local_date(instant(day)?),
            Ok(day) => day,
            Err(_) => return Err(tera::Error::message(format!("{day} is no date"))),
        };
        Ok(locale::date(DRAWN_IN.get(), day))
    });
    tera.register_filter("moment", |at: &str, args: Kwargs, _: &State| -> TeraResult<String> {
        Ok(locale::moment(DRAWN_IN.get(), instant(at)?, zone(&args)?))
    });
    tera.register_filter("hour", |at: &str, args: Kwargs, _: &State| -> TeraResult<String> {
        Ok(locale::hour(instant(at)?, zone(&args)?))
    });
    tera.register_filter("url", |text: &str, _: Kwargs, _: &State| escape_query(text));
    tera.register_filter("phone", |phone: &str, _: Kwargs, _: &State| national_phone(phone));
    tera.register_filter("json", |value: Value, _: Kwargs, _: &State| -> TeraResult<String> {
        // "</" would end the script element that holds the data.
        let text = serde_json::to_string(&value).map_err(|e| tera::Error::message(e.to_string()))?;
        Ok(text.replace("</", "<\\/"))
    });
}

fn instant(text: &str) -> TeraResult<DateTime<Utc>> {
    text.parse().map_err(|_| tera::Error::message(format!("{text} is no moment")))
}

/// `zone=8` is the buyer's offset in hours; without it the hour is Jember's.
fn zone(args: &Kwargs) -> TeraResult<FixedOffset> {
    let hours = args.get::<i64>("zone")?.unwrap_or(7);
    FixedOffset::east_opt(hours as i32 * 3600).ok_or_else(|| tera::Error::message("no such zone"))
}

/// Millimetres as centimetres with a decimal comma where needed: 385 is "38,5".
pub fn centimetres(mm: i64) -> String {
    if mm % 10 == 0 { locale::grouped(mm / 10) } else { format!("{},{}", mm / 10, mm % 10) }
}

/// Grams as kilograms with a decimal comma, to the nearest 10 g: 600 is "0,6".
pub fn kilograms(grams: i64) -> String {
    let hundredths = (grams + 5) / 10;
    let text = format!("{},{:02}", locale::grouped(hundredths / 100), hundredths % 100);
    text.trim_end_matches('0').trim_end_matches(',').to_owned()
}

/// 6281234567890 as it is dialled at home: "0812-3456-7890".
pub fn national_phone(phone: &str) -> String {
    let national = format!("0{}", phone.strip_prefix("62").unwrap_or(phone));
    let digits: Vec<char> = national.chars().collect();
    digits.chunks(4).map(|chunk| chunk.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

/// `t(key="shell.cart", n=3)`: the words of a key with its values filled in, each escaped.
struct T {
    words: Arc<Words>,
}

impl tera::Function<TeraResult<Value>> for T {
    fn call(&self, args: Kwargs, state: &State) -> TeraResult<Value> {
        let key = args.must_get::<&str>("key")?;
        let n = args.get::<i64>("n").ok().flatten();
        let text = self
            .words
            .text(DRAWN_IN.get(), key, n)
            .ok_or_else(|| tera::Error::message(format!("no words for {key}")))?;
        if !text.contains('{') {
            return Ok(Value::from(text).mark_safe());
        }
        let mut values: BTreeMap<&str, String> = BTreeMap::new();
        for (name, value) in args.iter() {
            let Some(name) = name.as_str().filter(|name| *name != "key") else { continue };
            let text = match value.as_i64() {
                Some(number) => locale::grouped(number),
                None => state.escape_if_needed(value)?,
            };
            values.insert(name, text);
        }
        Ok(Value::from(locale::fill(text, |name| values.get(name).cloned())).mark_safe())
    }

    fn is_safe(&self) -> bool {
        true
    }
}
