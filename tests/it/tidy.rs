//! What a program can check is not left to review: floors, words, pages.
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use warong::{
    assets,
    locale::{self, LANGS, Words},
    page::{Sample, Shell, Templates},
};

/// The floors of `src/lib.rs`. A module may look only at lower ones; what is not named is a foundation.
const FLOORS: [(&str, u8); 15] = [
    ("gateway", 0),
    ("picture", 0),
    ("accounts", 1),
    ("history", 1),
    ("notifications", 1),
    ("catalogue", 2),
    ("ledger", 2),
    ("payments", 2),
    ("prices", 2),
    ("stock", 2),
    ("outlet", 3),
    ("collection", 4),
    ("orders", 4),
    ("village", 5),
    ("wholesale", 5),
];
/// These may look at all, and nobody looks at them.
const ROOFS: [&str; 7] = ["app", "edge", "routes", "work", "check", "seed", "sandbox"];

#[test]
fn modules_look_only_downwards() {
    let mut wrong = Vec::new();
    for file in rust_files(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
        let path = file.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).expect("inside src").to_owned();
        let parts: Vec<String> = path.iter().map(|p| p.to_string_lossy().trim_end_matches(".rs").to_owned()).collect();
        let module = parts[0].as_str();
        let is_web = parts.iter().any(|part| part == "web");
        if is_web || ROOFS.contains(&module) || matches!(module, "main" | "lib") {
            continue;
        }
        let text = fs::read_to_string(&file).expect("a source file");
        let text = text.split("#[cfg(test)]").next().unwrap_or("");
        for seen in crate_paths(text) {
            let target = seen.split("::").next().expect("a module");
            let up = ROOFS.contains(&target)
                || seen.contains("::web::")
                || (target != module && floor(target) >= floor(module) && floor(target) > 0);
            if up {
                wrong.push(format!("{} looks at crate::{seen}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "upward looks:\n{}", wrong.join("\n"));
}

fn floor(module: &str) -> u8 {
    FLOORS.iter().find(|(name, _)| *name == module).map_or(0, |(_, floor)| *floor)
}

/// What follows each `crate::`, with the first level of `crate::{a, b}` taken apart.
fn crate_paths(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for rest in text.split("crate::").skip(1) {
        match rest.strip_prefix('{') {
            None => found.push(path_of(rest)),
            Some(list) => {
                let mut depth = 0;
                let mut part = String::new();
                for c in list.chars() {
                    match c {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => found.push(path_of(&std::mem::take(&mut part))),
                        _ => {}
                    }
                    if depth == 0 && c != ',' && c != '}' {
                        part.push(c);
                    }
                }
                found.push(path_of(&part));
            }
        }
    }
    found.retain(|path| !path.is_empty());
    found
}

fn path_of(text: &str) -> String {
    text.trim_start().chars().take_while(|c| c.is_alphanumeric() || matches!(c, '_' | ':')).collect()
}

#[test]
fn the_reader_of_floors_sees_an_upward_look() {
    let paths = crate_paths("use crate::{db::{self, Tx}, orders::cart, locale};\nlet x = crate::catalogue::web::y();");
    assert_eq!(paths, ["db::", "orders::cart", "locale", "catalogue::web::y"]);
    assert!(floor("orders") > floor("catalogue"));
}

fn rust_files(folder: PathBuf) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files.extend(rust_files(path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// Names of work and of request scopes have the shape of a key of words and are none.
const NO_WORDS: [&str; 3] = ["mail.send", "order.place", "order.mail"];

/// Word groups that only staff read; Madurese may fall back to Indonesian there.
const STAFF_GROUPS: [&str; 31] = [
    "admin",
    "advice",
    "cashier",
    "commission",
    "count",
    "counter",
    "debt",
    "device",
    "expired",
    "family",
    "harga",
    "household_limit",
    "intake",
    "kasir",
    "kiosk",
    "markdown",
    "market",
    "member",
    "money",
    "odd",
    "payout",
    "purchase",
    "quota",
    "repacking",
    "sale",
    "shift",
    "store",
    "supplier",
    "till",
    "village",
    "wholesale",
];

#[test]
fn no_word_is_missing_in_any_language() {
    let words = Words::parse(assets::WORDS).expect("the word files are sound");
    let mut missing = Vec::new();
    for key in words.keys() {
        let entry = words.entry(key).expect("a known key");
        let group = key.split('.').next().expect("a group");
        if entry.id.trim().is_empty() || entry.en.trim().is_empty() {
            missing.push(format!("{key}: id or en"));
        }
        if entry.mad.as_ref().is_none_or(|text| text.trim().is_empty()) && !STAFF_GROUPS.contains(&group) {
            missing.push(format!("{key}: mad"));
        }
        for text in [Some(&entry.id), entry.mad.as_ref(), entry.en_one.as_ref()].into_iter().flatten() {
            if holes(text) != holes(&entry.en) && entry.en_one.as_ref() != Some(text) {
                missing.push(format!("{key}: other {{values}} than in English"));
            }
        }
    }
    assert!(missing.is_empty(), "words:\n{}", missing.join("\n"));
}

fn holes(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect()
}

#[test]
fn every_key_used_anywhere_has_words() {
    let words = Words::parse(assets::WORDS).expect("the word files are sound");
    let known: BTreeSet<&str> = words.keys().collect();
    let groups: BTreeSet<&str> = known.iter().filter_map(|key| key.split('.').next()).collect();
    let mut missing = BTreeSet::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for file in rust_files(root.join("src")) {
        let text = fs::read_to_string(&file).expect("a source file");
        for piece in text.split('"').skip(1).step_by(2) {
            let is_key = piece.split_once('.').is_some_and(|(group, name)| {
                groups.contains(group)
                    && !name.is_empty()
                    && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
            });
            let is_work = file.ends_with("work.rs") || text.contains(&format!("\"{piece}\", &format!"));
            let is_work = is_work || NO_WORDS.contains(&piece);
            if is_key && !known.contains(piece) && !is_work && !piece.ends_with(".css") && !piece.ends_with(".js") {
                missing.insert(format!("{}: {piece}", file.display()));
            }
        }
    }
    for (name, text) in assets::TEMPLATES {
        // `get(key="…")` ends alike and is a filter.
        for rest in text.replace("get(key=", "get(").split("t(key=\"").skip(1) {
            let key = rest.split('"').next().expect("a key");
            if !known.contains(key) {
                missing.insert(format!("templates/{name}: {key}"));
            }
        }
    }
    assert!(missing.is_empty(), "keys without words:\n{}", missing.into_iter().collect::<Vec<_>>().join("\n"));
}

#[test]
fn every_page_draws_from_its_samples_in_every_language() {
    let templates = Templates::load().expect("templates and words are sound");
    let samples: Vec<Sample> = warong::routes::samples();
    assert!(!samples.is_empty());
    for lang in LANGS {
        for sample in &samples {
            let shell = Shell { lang: locale::code(lang), path: "/".into(), ..Shell::default() };
            let page = templates
                .draw(sample.template, &shell, sample.context.clone())
                .unwrap_or_else(|e| panic!("{} in {}: {e}", sample.template, locale::code(lang)));
            assert!(!page.contains("{{"), "{} shows a template's insides", sample.template);
        }
    }
}
