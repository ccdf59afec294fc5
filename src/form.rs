//! Forms as people fill them: read once, judged field by field, and given back as typed when refused.
use std::{collections::BTreeMap, future::Future, pin::Pin};

use actix_web::{FromRequest, HttpRequest, dev::Payload, web};
use chrono::{Datelike, NaiveDate};
use entity::Rupiah;
use futures_util::StreamExt;
use serde::Serialize;

use crate::{
    error::{Error, Refusal, Result},
    locale::{Lang, Said, Say, Words},
    secret::{Secret, sha256},
};

/// The most a form without pictures may weigh, in bytes.
pub const MAX_BYTES: usize = 64 * 1024;
/// How much of a body that is too large is still read before the answer, in bytes.
const MAX_DRAINED: usize = 16 * 1024 * 1024;
/// The cookie that names a signed-in session.
pub const SESSION_COOKIE: &str = "warong_session";

/// What was typed: names and texts, untrusted, kept to be shown again.
#[derive(Clone, Debug, Default)]
pub struct Form {
    fields: BTreeMap<String, Vec<String>>,
}

impl Form {
    /// A form from pairs, for pages that are drawn before anybody typed and for tests.
    pub fn of<K: Into<String>, V: Into<String>>(pairs: impl IntoIterator<Item = (K, V)>) -> Form {
        let mut form = Form::default();
        for (name, value) in pairs {
            form.fields.entry(name.into()).or_default().push(value.into());
        }
        form
    }

    /// A form from an urlencoded body.
    pub fn parse(body: &[u8]) -> Form {
        Form::of(form_urlencoded::parse(body).into_owned())
    }

    /// The text of a field, trimmed; empty when it is absent.
    pub fn get(&self, name: &str) -> &str {
        self.fields.get(name).and_then(|values| values.last()).map_or("", |text| text.trim())
    }

    /// All texts sent under one name.
    pub fn all(&self, name: &str) -> &[String] {
        self.fields.get(name).map_or(&[], Vec::as_slice)
    }

    pub fn has(&self, name: &str) -> bool {
        self.fields.contains_key(name)
    }

    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.fields.insert(name.to_owned(), vec![value.into()]);
    }

    /// Names and last values.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields.iter().filter_map(|(name, values)| Some((name.as_str(), values.last()?.as_str())))
    }

    /// The key made with the form, so that a second tap is known; `None` when absent or malformed.
    pub fn request_key(&self) -> Option<&str> {
        let key = self.get("request_key");
        let sound =
            (8..=64).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        sound.then_some(key)
    }

    /// A hash of everything typed but the key, the token and what is secret: the same key with other content is another
    /// wish. A PIN has few enough possible values that its hash would give it away.
    pub fn content_hash(&self) -> String {
        let mut text = String::new();
        for (name, values) in self.fields.iter().filter(|(name, _)| is_content(name)) {
            for value in values {
                text.push_str(name);
                text.push('\u{1f}');
                text.push_str(value);
                text.push('\u{1e}');
            }
        }
        sha256(text.as_bytes())
    }

    /// Starts judging the fields.
    pub fn read(&self) -> Reader<'_> {
        Reader { form: self, wrong: BTreeMap::new() }
    }

    /// Whether the form carries the token of the session that sent it.
    pub fn belongs_to(&self, secret: &Secret, session_cookie: &str) -> bool {
        secret.agrees("csrf", session_cookie.as_bytes(), self.get("csrf"))
    }
}

/// Judges fields one by one and collects every sentence, so that a person corrects all at once.
pub struct Reader<'a> {
    form: &'a Form,
    wrong: BTreeMap<&'static str, Said>,
}

impl Reader<'_> {
    /// Says no to a field; the first sentence stands.
    pub fn refuse(&mut self, name: &'static str, said: Said) {
        self.wrong.entry(name).or_insert(said);
    }

    pub fn get(&self, name: &str) -> &str {
        self.form.get(name)
    }

    /// A required text of at most `max` characters, control characters removed, spaces folded.
    pub fn text(&mut self, name: &'static str, max: usize) -> String {
        let text = self.optional(name, max).unwrap_or_default();
        if text.is_empty() {
            self.refuse(name, Said::new("form.required"));
        }
        text
    }

    /// A text that may be left empty.
    pub fn optional(&mut self, name: &'static str, max: usize) -> Option<String> {
        let text = self.form.get(name);
        if text.chars().count() > max {
            self.refuse(name, Said::new("form.too_long").with("n", max as i64));
            return None;
        }
        let folded = text
            .split(|c: char| c.is_whitespace() || c.is_control() || is_unseen(c))
            .filter(|word| !word.is_empty())
            .collect::<Vec<_>>()
            .join(" ");
        (!folded.is_empty()).then_some(folded)
    }

    /// A text of several lines that may be left empty; lines stay.
    pub fn lines(&mut self, name: &'static str, max: usize) -> String {
        let text = self.form.get(name).replace("\r\n", "\n");
        if text.chars().count() > max {
            self.refuse(name, Said::new("form.too_long").with("n", max as i64));
        }
        text.chars().filter(|c| *c == '\n' || !c.is_control()).collect()
    }

    /// A whole number within bounds. Dots between thousands are taken; "1e3", "-1" and "2,5" are not.
    pub fn number(&mut self, name: &'static str, min: i64, max: i64) -> i64 {
        let text = self.form.get(name);
        if text.is_empty() {
            self.refuse(name, Said::new("form.required"));
            return min;
        }
        match whole_number(text) {
            None => self.refuse(name, Said::new("form.not_a_number")),
            Some(n) if n < min => self.refuse(name, Said::new("form.at_least").with("min", min)),
            Some(n) if n > max => self.refuse(name, Said::new("form.at_most").with("max", max)),
            Some(n) => return n,
        }
        min
    }

    /// The same, where an empty field means none.
    pub fn optional_number(&mut self, name: &'static str, min: i64, max: i64) -> Option<i64> {
        if self.form.get(name).is_empty() {
            return None;
        }
        Some(self.number(name, min, max))
    }

    /// An amount in rupiah: "12500", "12.500", "Rp12.500" or "Rp 12.500,00".
    pub fn rupiah(&mut self, name: &'static str, min: i64, max: i64) -> Rupiah {
        let text = self.form.get(name);
        if text.is_empty() {
            self.refuse(name, Said::new("form.required"));
            return Rupiah(min);
        }
        match amount(text) {
            None => self.refuse(name, Said::new("form.not_an_amount")),
            Some(n) if n < min => self.refuse(name, Said::new("form.at_least").with("min", Say::Rupiah(Rupiah(min)))),
            Some(n) if n > max => self.refuse(name, Said::new("form.at_most").with("max", Say::Rupiah(Rupiah(max)))),
            Some(n) => return Rupiah(n),
        }
        Rupiah(min)
    }

    /// An Indonesian telephone number, as 62…
    pub fn phone(&mut self, name: &'static str) -> String {
        let text = self.form.get(name);
        if text.is_empty() {
            self.refuse(name, Said::new("form.required"));
            return String::new();
        }
        phone(text).unwrap_or_else(|| {
            self.refuse(name, Said::new("form.not_a_phone"));
            String::new()
        })
    }

    /// An e-mail address that may be left empty.
    pub fn email(&mut self, name: &'static str) -> Option<String> {
        let text = self.optional(name, 200)?;
        // Mail goes to a domain on the internet, never to a name of this network.
        let has_domain = text.rsplit_once('@').is_some_and(|(_, domain)| domain.trim_matches('.').contains('.'));
        if !has_domain || text.parse::<lettre::Address>().is_err() {
            self.refuse(name, Said::new("form.not_an_email"));
            return None;
        }
        Some(text)
    }

    /// One of the values a menu offers.
    pub fn choice<T>(&mut self, name: &'static str, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
        let text = self.form.get(name);
        let chosen = parse(text);
        if chosen.is_none() {
            let key = if text.is_empty() { "form.choose" } else { "form.not_offered" };
            self.refuse(name, Said::new(key));
        }
        chosen
    }

    pub fn is_refused(&self) -> bool {
        !self.wrong.is_empty()
    }

    /// The value if every field was sound, else the sentences by field.
    pub fn done<T>(self, value: T) -> Result<T, Wrong> {
        if self.wrong.is_empty() { Ok(value) } else { Err(Wrong(self.wrong)) }
    }
}

/// Sentences by field: what to correct.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wrong(pub BTreeMap<&'static str, Said>);

impl Wrong {
    /// One field, one sentence.
    pub fn field(name: &'static str, said: Said) -> Wrong {
        Wrong(BTreeMap::from([(name, said)]))
    }

    /// A refusal of the domain, shown beside a field.
    pub fn refusal(name: &'static str, refusal: Refusal) -> Wrong {
        Wrong::field(name, refusal.said)
    }
}

/// A form on a page: what was typed and what is wrong with it, in the reader's language.
#[derive(Clone, Debug, Default, Serialize)]
pub struct FormView {
    pub values: BTreeMap<String, String>,
    pub errors: BTreeMap<String, String>,
}

impl FormView {
    pub fn new(form: &Form, wrong: &Wrong, words: &Words, lang: Lang) -> FormView {
        FormView {
            values: form
                .pairs()
                .filter(|(name, _)| is_content(name))
                .map(|(name, value)| (name.to_owned(), value.chars().take(2000).collect()))
                .collect(),
            errors: wrong.0.iter().map(|(name, said)| ((*name).to_owned(), words.say(lang, said))).collect(),
        }
    }

    /// A form nobody has sent yet, filled with what is known.
    pub fn blank(form: &Form) -> FormView {
        FormView::new(form, &Wrong::default(), &Words::default(), Lang::Id)
    }
}

/// Marks that take no room or turn the direction of writing: nobody types them, and they hide what is there.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// Whether a field may be shown again and hashed. Every field that holds a PIN or a password has a name beginning so.
fn is_content(name: &str) -> bool {
    !matches!(name, "csrf" | "request_key") && !name.starts_with("pin") && !name.starts_with("password")
}

/// A day of these times, as browsers send it: 2026-11-30. A year far off is a slip of the finger.
pub fn day(text: &str) -> Option<NaiveDate> {
    text.trim().parse::<NaiveDate>().ok().filter(|day| (2_000..2_200).contains(&day.year()))
}

/// "1.250" or "1250": digits with optional dots between groups of three.
pub fn whole_number(text: &str) -> Option<i64> {
    let text = text.trim();
    if text.contains('.') {
        let mut groups = text.split('.');
        let first = groups.next()?;
        if first.is_empty() || first.len() > 3 || !groups.all(|g| g.len() == 3) {
            return None;
        }
    }
    let digits: String = text.chars().filter(|c| *c != '.').collect();
    let sound = !digits.is_empty() && digits.len() <= 15 && digits.bytes().all(|b| b.is_ascii_digit());
    if sound { digits.parse().ok() } else { None }
}

/// An amount as people write it. A comma may only be followed by zeros: there are no parts of a rupiah.
pub fn amount(text: &str) -> Option<i64> {
    let text = text.trim();
    let text =
        text.strip_prefix("Rp").or_else(|| text.strip_prefix("rp")).or_else(|| text.strip_prefix("RP")).unwrap_or(text);
    let text = text.trim_start_matches('.').trim();
    let text = match text.split_once(',') {
        Some((whole, "-" | "0" | "00")) => whole,
        // "12,500" is how some phones write thousands.
        Some((_, rest)) if rest.len() == 3 && !text.contains('.') => return whole_number(&text.replace(',', ".")),
        Some(_) => return None,
        None => text,
    };
    whole_number(text)
}

/// A telephone number in Indonesia as digits beginning 62: "0812-3456-7890", "+62 812…" and "812…" are taken.
pub fn phone(text: &str) -> Option<String> {
    let mut digits = String::new();
    for (i, c) in text.trim().chars().enumerate() {
        match c {
            '0'..='9' => digits.push(c),
            '+' if i == 0 => {}
            ' ' | '-' | '.' | '(' | ')' => {}
            _ => return None,
        }
    }
    let national = digits
        .strip_prefix("62")
        .or_else(|| digits.strip_prefix('0'))
        .or_else(|| digits.strip_prefix("8").map(|_| digits.as_str()))?;
    let sound = (8..=12).contains(&national.len()) && !national.starts_with('0');
    sound.then(|| format!("62{national}"))
}

impl FromRequest for Form {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Form>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let payload = payload.take();
        Box::pin(async move {
            let form = read_body(payload).await?;
            check_token(&request, &form)?;
            Ok(form)
        })
    }
}

/// A form that makes a session rather than using one, as at signing in: a second tap, or a page opened before, carries
/// the token of no session or of an older one. Forms from other sites are still turned away at the edge.
#[derive(Clone, Debug)]
pub struct OpenForm(pub Form);

impl FromRequest for OpenForm {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<OpenForm>>>>;

    fn from_request(_: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let payload = payload.take();
        Box::pin(async move { Ok(OpenForm(read_body(payload).await?)) })
    }
}

async fn read_body(mut payload: Payload) -> Result<Form> {
    let mut body = web::BytesMut::new();
    let mut too_large = false;
    let mut seen = 0;
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| Refusal::invalid("form.broken_off"))?;
        // The rest is read and dropped, so that the answer reaches a browser that is still sending.
        too_large |= body.len() + chunk.len() > MAX_BYTES;
        seen += chunk.len();
        if seen > MAX_DRAINED {
            break;
        }
        if !too_large {
            body.extend_from_slice(&chunk);
        }
    }
    if too_large {
        return Err(Refusal::too_large("form.too_large").into());
    }
    Ok(Form::parse(&body))
}

/// A signed-in person's forms carry the token of their session; a guest has nothing that could be taken over.
pub fn check_token(request: &HttpRequest, form: &Form) -> Result<()> {
    let Some(cookie) = request.cookie(SESSION_COOKIE) else { return Ok(()) };
    let secret = request
        .app_data::<web::Data<Secret>>()
        .ok_or_else(|| anyhow::anyhow!("the server was built without its secret"))?;
    if form.belongs_to(secret, cookie.value()) { Ok(()) } else { Err(Refusal::conflict("form.stale").into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_people_write_them() {
        for text in ["12500", "12.500", "Rp12.500", "Rp 12.500", "rp12.500,00", "12,500", "Rp. 12.500,-"] {
            assert_eq!(amount(text), Some(12_500), "{text}");
        }
        for text in ["", "1e3", "-5", "12.50", "12,5", "1.2500", "dua ribu", "0x10", "999999999999999999"] {
            assert_eq!(amount(text), None, "{text}");
        }
    }

    #[test]
    fn phones_become_international() {
        for text in ["081234567890", "+62 812-3456-7890", "6281234567890", "81234567890"] {
            assert_eq!(phone(text).as_deref(), Some("6281234567890"), "{text}");
        }
        for text in ["", "12", "08", "halo", "0812345678901234", "+1 555 0100", "0812<script>"] {
            assert_eq!(phone(text), None, "{text}");
        }
    }
}
