//! The fields of the console's form: as the dials stand, or as somebody filled them.
use std::collections::HashMap;

use super::page;

pub(super) type Fields = HashMap<String, String>;

/// Why not, and at which field.
pub(super) struct Trouble {
    pub field: &'static str,
    pub sentence: String,
}

/// The form as the dials stand, or as somebody filled it, with what is wrong beside its field.
pub(super) struct Dials<'a> {
    pub shown: &'a Fields,
    pub trouble: Option<&'a Trouble>,
}

impl Dials<'_> {
    fn value(&self, name: &str) -> String {
        page::escape(self.shown.get(name).map_or("", String::as_str))
    }

    pub fn trouble(&self, name: &str) -> String {
        match self.trouble.filter(|trouble| trouble.field == name) {
            Some(trouble) => format!(
                r#"<p class="trouble" role="alert" id="masalah-{name}">{}</p>"#,
                page::escape(&trouble.sentence)
            ),
            None => String::new(),
        }
    }

    pub fn switch(&self, name: &str, label: &str) -> String {
        let checked = if self.shown.contains_key(name) { " checked" } else { "" };
        format!(r#"<label class="dial"><input type="checkbox" name="{name}"{checked}> {label}</label>"#)
    }

    pub fn number(&self, name: &str, label: &str) -> String {
        self.field(name, label, r#" inputmode="numeric""#)
    }

    pub fn text(&self, name: &str, label: &str) -> String {
        self.field(name, label, "")
    }

    fn field(&self, name: &str, label: &str, more: &str) -> String {
        let trouble = self.trouble(name);
        let described = match trouble.is_empty() {
            true => String::new(),
            false => format!(r#" aria-describedby="masalah-{name}" aria-invalid="true""#),
        };
        format!(
            r#"<label class="label" for="{name}">{label}</label>
<input class="field" id="{name}" name="{name}"{more} autocomplete="off" value="{}"{described}>{trouble}"#,
            self.value(name)
        )
    }

    pub fn choice(&self, name: &str, label: &str, list: &[(&str, &str)]) -> String {
        choice(name, label, list, self.shown.get(name).map_or("", String::as_str))
    }
}

pub(super) fn choice(name: &str, label: &str, list: &[(&str, &str)], chosen: &str) -> String {
    let options: String = list
        .iter()
        .map(|(word, label)| {
            let selected = if *word == chosen { " selected" } else { "" };
            format!(r#"<option value="{word}"{selected}>{label}</option>"#)
        })
        .collect();
    format!(
        r#"<label class="label" for="{name}">{label}</label>
<select class="field" id="{name}" name="{name}">{options}</select>"#
    )
}
