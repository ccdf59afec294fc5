//! Readable addresses: "Kurungan ayam, besar" is `kurungan-ayam-besar`, the second of that name ends in `-2`.
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};

use crate::error::Result;
use entity::product;

const MAX: usize = 60;

/// An address for this name that no other product has.
pub(super) async fn free(db: &impl ConnectionTrait, name: &str, own: Option<i64>) -> Result<String> {
    let base = of(name);
    let taken: Vec<(i64, String)> = product::Entity::find()
        .select_only()
        .columns([product::Column::Id, product::Column::Slug])
        .filter(product::Column::Slug.starts_with(base.as_str()))
        .into_tuple()
        .all(db)
        .await?;
    let is_free = |slug: &str| taken.iter().all(|(id, other)| other != slug || Some(*id) == own);
    Ok(numbered(&base, is_free))
}

fn numbered(base: &str, is_free: impl Fn(&str) -> bool) -> String {
    if is_free(base) {
        return base.to_owned();
    }
    let mut n = 2;
    loop {
        let slug = format!("{base}-{n}");
        if is_free(&slug) {
            return slug;
        }
        n += 1;
    }
}

/// Small letters and figures with single hyphens between them; a name without any is just goods.
pub fn of(name: &str) -> String {
    let mut slug = String::new();
    for c in name.chars() {
        match plain(c) {
            Some(c) => slug.push(c),
            None if matches!(c, '\'' | '’' | '`') => {}
            None if slug.ends_with('-') || slug.is_empty() => {}
            None => slug.push('-'),
        }
    }
    if slug.len() > MAX {
        let at = slug[..MAX].rfind('-').unwrap_or(MAX);
        slug.truncate(at);
    }
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { "barang".to_owned() } else { slug.to_owned() }
}

fn plain(c: char) -> Option<char> {
    Some(match c.to_lowercase().next().unwrap_or(c) {
        c @ ('a'..='z' | '0'..='9') => c,
        'à' | 'á' | 'â' | 'ä' => 'a',
        'è' | 'é' | 'ê' | 'ë' => 'e',
        'ì' | 'í' | 'î' => 'i',
        'ò' | 'ó' | 'ô' | 'ö' => 'o',
        'ù' | 'ú' | 'û' | 'ü' => 'u',
        'ḍ' => 'd',
        'ṭ' => 't',
        'ḥ' => 'h',
        'ñ' => 'n',
        '²' => '2',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_addresses() {
        for (name, slug) in [
            ("Kurungan ayam, besar", "kurungan-ayam-besar"),
            ("  Gedek 2 × 3 m² ", "gedek-2-3-m2"),
            ("Bhâsa Madhurâ", "bhasa-madhura"),
            ("Rokèt'ta", "roketta"),
            ("<script>", "script"),
            ("!!!", "barang"),
            ("竹", "barang"),
        ] {
            assert_eq!(of(name), slug);
        }
        assert!(of(&"keranjang ".repeat(20)).len() <= MAX);
        assert!(!of(&"keranjang ".repeat(20)).ends_with('-'));
    }

    #[test]
    fn the_second_of_a_name_is_numbered() {
        let taken = ["kursi", "kursi-2"];
        assert_eq!(numbered("kursi", |slug| !taken.contains(&slug)), "kursi-3");
        assert_eq!(numbered("tampah", |slug| !taken.contains(&slug)), "tampah");
    }
}
