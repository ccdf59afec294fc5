//! Turns `assets/data/wilayah.csv` into tables the program reads in place: nothing is imported at start, nothing lies on the heap.
//!
//! Every table is a file of fixed-width little-endian records in `OUT_DIR`, all in the order of the codes:
//! - `region.names`: all different names, in the order of their folded letters, one after the other
//! - `region.ends`: for each name, where it ends (u24); `region.signatures`: its signature (u64)
//! - `region.provinces`, `.regencies`, `.districts`: own part of the code (u16), name (u24), first child (u24); one more record ends the last
//! - `region.villages`: own part of the code (u16), name (u24), postcode (u16, 65535 for none)
//! - `region.postcodes`: all different postcodes, sorted, 5 characters each
//! - `region.by_name`: village numbers (u24) in the order of their names

use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    error::Error,
    fs,
    path::Path,
};

#[path = "../../src/region/fold.rs"]
mod fold;
use fold::Folded;

const SOURCE: &str = "assets/data/wilayah.csv";

/// Writes the tables; fails on a row it cannot read or an order it does not expect.
pub fn build() -> Result<(), Box<dyn Error>> {
    for path in [SOURCE, "assets/build/region.rs", "src/region/fold.rs"] {
        println!("cargo::rerun-if-changed={path}");
    }
    // The source writes the apostrophe in two ways; people have one key for it.
    let text = fs::read_to_string(SOURCE)?.replace('’', "'");
    let rows = text.lines().skip(1).map(row).collect::<Result<Vec<_>, _>>()?;
    if !rows.is_sorted_by(|a, b| a.code < b.code) {
        return Err("the codes are not in order".into());
    }
    let out = env::var("OUT_DIR")?;
    let write = |table: &str, bytes: &[u8]| fs::write(Path::new(&out).join(format!("region.{table}")), bytes);

    let names = numbered_names(&rows);
    let (mut pool, mut ends, mut signatures) = (String::new(), Vec::new(), Vec::new());
    for (letters, name) in names.keys() {
        if letters.len() >= fold::ROOM {
            return Err(format!("{name}: longer than the room for folded letters").into());
        }
        pool.push_str(name);
        ends.extend(u24(pool.len()));
        signatures.extend(fold::signature(letters, Folded::new(name).starts).to_le_bytes());
    }

    let postcodes: BTreeSet<&str> = rows.iter().map(|row| row.postcode).filter(|code| code.len() == 5).collect();
    let postcodes: Vec<&str> = postcodes.into_iter().collect();

    let mut levels: [Vec<u8>; 4] = Default::default();
    let mut counts = [0usize; 5];
    let mut by_name = Vec::new();
    for row in &rows {
        let name = *names.get(&key(row.name)).ok_or("a name went missing")?;
        let table = &mut levels[row.level - 1];
        table.extend(row.own_part()?.to_le_bytes());
        table.extend(u24(name));
        if row.level == 4 {
            let postcode = postcodes.binary_search(&row.postcode).unwrap_or(usize::from(u16::MAX));
            table.extend(u16::try_from(postcode)?.to_le_bytes());
            by_name.push((name, counts[4]));
        } else {
            table.extend(u24(counts[row.level + 1]));
        }
        counts[row.level] += 1;
    }
    for level in 1..4 {
        let table = &mut levels[level - 1];
        table.extend([0; 5]);
        table.extend(u24(counts[level + 1]));
    }
    by_name.sort_unstable();

    write("names", pool.as_bytes())?;
    write("ends", &ends)?;
    write("signatures", &signatures)?;
    write("postcodes", postcodes.concat().as_bytes())?;
    write("by_name", &by_name.iter().flat_map(|(_, village)| u24(*village)).collect::<Vec<u8>>())?;
    for (table, bytes) in ["provinces", "regencies", "districts", "villages"].iter().zip(&levels) {
        write(table, bytes)?;
    }
    Ok(())
}

struct Row<'a> {
    code: &'a str,
    name: &'a str,
    level: usize,
    postcode: &'a str,
}

impl Row<'_> {
    fn own_part(&self) -> Result<u16, Box<dyn Error>> {
        Ok(self.code.rsplit('.').next().unwrap_or_default().parse()?)
    }
}

/// Reads `kode,nama,level,kode_induk,kodepos`, where the name may stand in quotes because of a comma.
fn row(line: &str) -> Result<Row<'_>, Box<dyn Error>> {
    let broken = || format!("cannot read this row: {line}");
    let (code, rest) = line.split_once(',').ok_or_else(broken)?;
    let (name, rest) = match rest.strip_prefix('"') {
        Some(quoted) => quoted.split_once("\",").ok_or_else(broken)?,
        None => rest.split_once(',').ok_or_else(broken)?,
    };
    let [level, _parent, postcode] = rest.split(',').collect::<Vec<_>>()[..] else { return Err(broken().into()) };
    let level = level.parse()?;
    // Parents come before their children in this order, so a child's place says whose it is.
    if level != code.split('.').count() || !(1..=4).contains(&level) {
        return Err(broken().into());
    }
    Ok(Row { code, name: name.trim(), level, postcode: postcode.trim() })
}

type Key<'a> = (Vec<u8>, &'a str);

fn key(name: &str) -> Key<'_> {
    (Folded::new(name).letters().to_vec(), name)
}

fn numbered_names<'a>(rows: &[Row<'a>]) -> BTreeMap<Key<'a>, usize> {
    let mut names: BTreeMap<Key, usize> = rows.iter().map(|row| (key(row.name), 0)).collect();
    for (number, slot) in names.values_mut().enumerate() {
        *slot = number;
    }
    names
}

fn u24(number: usize) -> [u8; 3] {
    let [a, b, c, ..] = number.to_le_bytes();
    [a, b, c]
}
