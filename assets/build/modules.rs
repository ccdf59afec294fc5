//! Scripts import each other by their own names; browsers fetch them by names with a checksum, which this writes in.
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use super::{Result, files, hashed, name_of};

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
