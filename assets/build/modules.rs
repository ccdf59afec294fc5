//! Scripts import each other by their own names; browsers fetch them by names with a checksum, which this writes in.
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use super::{Result, files, hashed, name_of};

/// One script of many: each of those that `entry` imports is a function of its own in it, the imported before those that
/// import them. Comments and indentation stay with the source. One file weighs half of what they weigh one by one, and a
/// phone opens it at once.
pub fn bundle(entry: &str, folders: &[PathBuf]) -> Result<Vec<u8>> {
    let mut sources = BTreeMap::new();
    for file in folders.iter().map(|folder| files(folder)).collect::<Result<Vec<_>>>()?.into_iter().flatten() {
        sources.insert(name_of(&file), fs::read_to_string(&file)?);
    }
    let (mut text, mut done) = (String::new(), Vec::new());
    wrap_in(entry, &sources, &mut done, &mut text, 0)?;
    Ok(text.into_bytes())
}

fn wrap_in(
    name: &str,
    sources: &BTreeMap<String, String>,
    done: &mut Vec<String>,
    text: &mut String,
    depth: usize,
) -> Result<()> {
    if done.iter().any(|one| one == name) {
        return Ok(());
    }
    if depth > sources.len() {
        return Err(format!("{name} imports itself by a detour").into());
    }
    let source = sources.get(name).ok_or_else(|| format!("no script {name}"))?;
    let (mut body, mut given) = (String::new(), Vec::new());
    for line in source.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//")) {
        if let Some((_, from)) = imported(line) {
            wrap_in(from, sources, done, text, depth + 1)?;
            let names = line.strip_prefix("import ").and_then(|rest| rest.split(" from ").next());
            let names = names.ok_or_else(|| format!("{name}: an import over several lines"))?;
            let names = names.strip_prefix("* as ").map_or_else(|| names.replace(" as ", ": "), str::to_owned);
            body.push_str(&format!("const {names} = {};\n", variable(from)));
        } else if let Some(rest) = line.strip_prefix("export ") {
            let after = |word: &str| rest.strip_prefix(word);
            let found = after("const ").or(after("async function ")).or(after("function "));
            let found = found.ok_or_else(|| format!("{name}: this cannot be exported: {line}"))?;
            given.push(found.chars().take_while(|c| c.is_alphanumeric() || matches!(c, '_' | '$')).collect::<String>());
            body.push_str(rest);
            body.push('\n');
        } else {
            body.push_str(line);
            body.push('\n');
        }
    }
    text.push_str(&format!("const {} = (() => {{\n{body}return {{ {} }};\n}})();\n", variable(name), given.join(", ")));
    done.push(name.to_owned());
    Ok(())
}

/// What a script is called within a bundle: `$till_desk` for `till-desk.js`.
fn variable(name: &str) -> String {
    format!("${}", name.trim_end_matches(".js").replace('-', "_"))
}

/// The scripts of some folders, each with the addresses of those it imports. No two may have one name.
pub fn scripts(folders: &[PathBuf]) -> Result<Vec<(String, Vec<u8>)>> {
    let mut sources = BTreeMap::new();
    for file in folders.iter().map(|folder| files(folder)).collect::<Result<Vec<_>>>()?.into_iter().flatten() {
        let name = name_of(&file);
        if sources.insert(name.clone(), fs::read_to_string(&file)?).is_some() {
            return Err(format!("two scripts are called {name}").into());
        }
    }
    let mut done = BTreeMap::new();
    for name in sources.keys() {
        write_in(name, &sources, &mut done, 0)?;
    }
    Ok(done.into_iter().map(|(name, text)| (name, text.into_bytes())).collect())
}

/// Those it imports come first, since their names are in it.
fn write_in(
    name: &str,
    sources: &BTreeMap<String, String>,
    done: &mut BTreeMap<String, String>,
    depth: usize,
) -> Result<()> {
    if done.contains_key(name) {
        return Ok(());
    }
    if depth > sources.len() {
        return Err(format!("{name} imports itself by a detour").into());
    }
    let source = sources.get(name).ok_or_else(|| format!("no script {name}"))?;
    let mut text = String::new();
    for line in source.lines() {
        match imported(line) {
            None => text.push_str(line),
            Some((path, imported)) => {
                write_in(imported, sources, done, depth + 1)?;
                let address = format!("/aset/{}", hashed(imported, done[imported].as_bytes())?);
                text.push_str(&line.replace(path, &address));
            }
        }
        text.push('\n');
    }
    done.insert(name.to_owned(), text);
    Ok(())
}

/// The path in an import on a line of its own, and the name of the script it leads to.
fn imported(line: &str) -> Option<(&str, &str)> {
    if !line.starts_with("import ") && !line.starts_with("} from ") {
        return None;
    }
    let path = line.split(['"', '\'']).nth(1).filter(|path| path.starts_with('.'))?;
    Some((path, Path::new(path).file_name()?.to_str()?))
}
