//! Finding goods by words, also by words typed wrong: "kurngan ayam", "krusi bambu", "tampa".
//!
//! The index knows every distinct word of the shop once, and in which goods it stands and how prominently. A typed word
//! is compared with all of them: the same, beginning so, or a few typing errors away. Which words are worth comparing
//! letter by letter is decided by length and by the set of letters, so nothing near is ever missed.
use std::collections::HashMap;

/// How prominently a word stands in a product.
const NAME: u8 = 10;
const JOINED: u8 = 8;
const CATEGORY: u8 = 6;
const MAKER: u8 = 5;
const DUSUN: u8 = 4;
const TEXT: u8 = 2;
/// Words of one question that are looked at; what follows is left out.
const MAX_WORDS: usize = 8;
/// Letters of one word that are looked at.
const MAX_LETTERS: usize = 24;
/// How many goods a question may bring, best first: a hundred pages.
const MAX_HITS: usize = 2400;

/// The texts of one product.
#[derive(Clone, Debug, Default)]
pub struct Texts<'a> {
    pub name: &'a str,
    pub category: &'a str,
    pub maker: &'a str,
    pub dusun: &'a str,
    /// Description and further words, which count least.
    pub more: &'a str,
}

#[derive(Debug)]
struct Word {
    letters: Box<[u8]>,
    set: u32,
    /// Product number and prominence, by number.
    stands_in: Vec<(u32, u8)>,
}

/// All words of the shop. Products are numbered in the order they were added.
#[derive(Debug, Default)]
pub struct Index {
    words: Vec<Word>,
    exact: HashMap<Box<[u8]>, u32>,
    names: Vec<u64>,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// Product numbers, best first.
    pub goods: Vec<u32>,
    /// The question as it was understood, when words had to be read with errors.
    pub understood: Option<String>,
}

impl Index {
    /// Adds the next product.
    pub fn add(&mut self, texts: &Texts<'_>) {
        let number = self.names.len() as u32;
        let name = words(texts.name);
        self.names.push(fingerprint(&name));
        for pair in name.windows(2) {
            self.put(number, &pair.concat(), JOINED);
        }
        for (text, prominence) in
            [(texts.category, CATEGORY), (texts.maker, MAKER), (texts.dusun, DUSUN), (texts.more, TEXT)]
        {
            for word in words(text) {
                self.put(number, &word, prominence);
            }
        }
        for word in name {
            self.put(number, &word, NAME);
        }
    }

    fn put(&mut self, number: u32, word: &[u8], prominence: u8) {
        let at = *self.exact.entry(word.into()).or_insert_with(|| {
            self.words.push(Word { letters: word.into(), set: letters(word), stands_in: Vec::new() });
            (self.words.len() - 1) as u32
        });
        let stands_in = &mut self.words[at as usize].stands_in;
        match stands_in.last_mut() {
            Some((last, best)) if *last == number => *best = prominence.max(*best),
            _ => stands_in.push((number, prominence)),
        }
    }

    /// Goods that answer a question, best first; `None` when it holds no word at all.
    pub fn find(&self, question: &str) -> Option<Found> {
        let asked: Vec<Vec<u8>> = words(question).into_iter().take(MAX_WORDS).collect();
        if asked.is_empty() {
            return None;
        }
        let mut scores = vec![0_f32; self.names.len()];
        let mut covered = vec![0_u8; self.names.len()];
        let mut best = vec![0_f32; self.names.len()];
        let mut known = 0_u8;
        let mut corrected = false;
        let mut understood = Vec::new();
        for word in &asked {
            let near = self.near(word);
            if near.is_empty() {
                understood.push(String::from_utf8_lossy(word).into_owned());
                continue;
            }
            known += 1;
            let mut touched = Vec::new();
            for (at, likeness) in &near {
                for (number, prominence) in &self.words[*at as usize].stands_in {
                    let score = likeness * f32::from(*prominence);
                    let slot = &mut best[*number as usize];
                    if *slot == 0.0 {
                        touched.push(*number);
                    }
                    *slot = score.max(*slot);
                }
            }
            // A word that stands in few goods says more than one that stands in all.
            let rarity = (1.0 + self.names.len() as f32 / touched.len() as f32).ln();
            for number in touched {
                scores[number as usize] += rarity * std::mem::take(&mut best[number as usize]);
                covered[number as usize] += 1;
            }
            let nearest = near.iter().max_by(|a, b| a.1.total_cmp(&b.1));
            let typed = match nearest {
                Some((at, likeness)) if *likeness < EXTENDED => {
                    corrected = true;
                    &self.words[*at as usize].letters
                }
                _ => &word[..],
            };
            understood.push(String::from_utf8_lossy(typed).into_owned());
        }
        let whole = fingerprint(&asked);
        let goods = ranked(&scores, &covered, known, |number| self.names[number as usize] == whole);
        Some(Found { understood: (corrected && !goods.is_empty()).then(|| understood.join(" ")), goods })
    }

    /// Words that may have been meant, each with its likeness from 0 to 1.
    fn near(&self, word: &[u8]) -> Vec<(u32, f32)> {
        let allowed = match word.len() {
            0..=2 => 0,
            3..=5 => 1,
            _ => 2,
        };
        let set = letters(word);
        let mut found = Vec::new();
        for (at, candidate) in self.words.iter().enumerate() {
            // Every error changes the set of letters by at most two; letters that only continue the word do not count.
            let missing = (set & !candidate.set).count_ones() as usize;
            if missing > allowed || candidate.letters.len() + allowed < word.len() {
                continue;
            }
            let likeness = likeness(word, &candidate.letters, allowed);
            if likeness > 0.0 {
                found.push((at as u32, likeness));
            }
        }
        found
    }
}

/// The likeness of a word that goes on after what was typed is at least this, of one with errors always less.
const EXTENDED: f32 = 0.7;

/// How like a typed word is to a known one: 1 the same, 0 not at all.
fn likeness(typed: &[u8], known: &[u8], allowed: usize) -> f32 {
    if typed == known {
        return 1.0;
    }
    if known.starts_with(typed) {
        let more = (known.len() - typed.len()) as f32;
        return EXTENDED + 0.2 / (1.0 + more);
    }
    if allowed == 0 || (typed.len() == 3 && typed.first() != known.first()) {
        return 0.0;
    }
    let (whole, beginning) = errors(typed, known, allowed);
    // Few people mistype the first letter.
    let first = if typed.first() == known.first() { 1.0 } else { 0.7 };
    if whole <= allowed {
        first * if whole == 1 { 0.6 } else { 0.35 }
    } else if beginning <= allowed && typed.len() > 4 {
        first * if beginning == 1 { 0.3 } else { 0.12 }
    } else {
        0.0
    }
}

/// Typing errors (a letter too many, missing, wrong, or two swapped) between the typed word and the known one, and
/// between the typed word and the nearest beginning of the known one.
fn errors(typed: &[u8], known: &[u8], allowed: usize) -> (usize, usize) {
    let (typed, known) = (&typed[..typed.len().min(MAX_LETTERS)], &known[..known.len().min(MAX_LETTERS)]);
    let columns = known.len().min(typed.len() + allowed);
    let mut rows = [[0_u8; MAX_LETTERS + 1]; 3];
    for (j, cell) in rows[1].iter_mut().enumerate() {
        *cell = j as u8;
    }
    for i in 1..=typed.len() {
        let [before, last, row] = &mut rows;
        row[0] = i as u8;
        let mut least = row[0];
        for j in 1..=columns {
            let same = typed[i - 1] == known[j - 1];
            let mut cost = (last[j - 1] + u8::from(!same)).min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && typed[i - 1] == known[j - 2] && typed[i - 2] == known[j - 1] {
                cost = cost.min(before[j - 2] + 1);
            }
            row[j] = cost;
            least = least.min(cost);
        }
        if usize::from(least) > allowed {
            return (usize::MAX, usize::MAX);
        }
        rows.rotate_left(1);
    }
    let last = &rows[1];
    let whole = if known.len() > columns { usize::MAX } else { usize::from(last[columns]) };
    let beginning = last[..=columns].iter().min().map_or(usize::MAX, |least| usize::from(*least));
    (whole, beginning)
}

/// Best first: goods that answer more of the words, then the better likeness, then the newer. Goods that answer far
/// less than the best are left out.
fn ranked(scores: &[f32], covered: &[u8], known: u8, is_named_so: impl Fn(u32) -> bool) -> Vec<u32> {
    let mut hits: Vec<(f32, u32)> = Vec::new();
    for (number, (score, covered)) in scores.iter().zip(covered).enumerate() {
        if *covered > 0 {
            let share = f32::from(*covered) / f32::from(known);
            let named = if is_named_so(number as u32) { 1e6 } else { 0.0 };
            hits.push((score * share * share + named, number as u32));
        }
    }
    let best = hits.iter().map(|(score, _)| if *score >= 1e6 { score - 1e6 } else { *score }).fold(0.0, f32::max);
    hits.retain(|(score, _)| *score >= best * 0.25);
    let order = |a: &(f32, u32), b: &(f32, u32)| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1));
    if hits.len() > MAX_HITS {
        hits.select_nth_unstable_by(MAX_HITS, order);
        hits.truncate(MAX_HITS);
    }
    hits.sort_unstable_by(order);
    hits.into_iter().map(|(_, number)| number).collect()
}

/// The words of a text: lower case, accents of Madurese folded, figures kept, everything else a gap.
fn words(text: &str) -> Vec<Vec<u8>> {
    let mut words = Vec::new();
    let mut word = Vec::new();
    for letter in text.chars().chain([' ']) {
        match folded(letter) {
            Some(letter) if word.len() < MAX_LETTERS => word.push(letter),
            Some(_) => {}
            // The glottal stop of Madurese is part of its word.
            None if word.is_empty() || matches!(letter, '\'' | '’' | '`') => {}
            None => words.push(std::mem::take(&mut word)),
        }
    }
    words
}

fn folded(letter: char) -> Option<u8> {
    Some(match letter {
        'a'..='z' | '0'..='9' => letter as u8,
        'A'..='Z' => letter.to_ascii_lowercase() as u8,
        'â' | 'á' | 'à' | 'ä' | 'Â' | 'Á' | 'À' => b'a',
        'è' | 'é' | 'ê' | 'ë' | 'È' | 'É' | 'Ê' => b'e',
        'í' | 'ì' | 'î' | 'Í' => b'i',
        'ó' | 'ò' | 'ô' | 'ö' | 'Ó' => b'o',
        'ú' | 'ù' | 'û' | 'ü' | 'Ú' => b'u',
        'ḍ' | 'Ḍ' => b'd',
        'ṭ' | 'Ṭ' => b't',
        'ḥ' | 'Ḥ' => b'h',
        'ñ' => b'n',
        '²' => b'2',
        _ => return None,
    })
}

/// Which letters stand in a word: 26 letters and, together, the figures.
fn letters(word: &[u8]) -> u32 {
    word.iter().fold(0, |set, letter| {
        set | match letter {
            b'a'..=b'z' => 1 << (letter - b'a'),
            _ => 1 << 26,
        }
    })
}

/// A number for a sequence of words (FNV-1a): the same name has the same one.
fn fingerprint(words: &[Vec<u8>]) -> u64 {
    let bytes = words.iter().flat_map(|word| word.iter().copied().chain([0]));
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SHOP: [(&str, &str, &str, &str); 12] = [
        ("Kurungan ayam besar", "Kurungan", "Pak Marsuki", "Rayap"),
        ("Kurungan burung perkutut", "Kurungan", "Pak Buhari", "Kopang"),
        ("Keranjang sampah anyam", "Keranjang", "Bu Sati", "Krajan"),
        ("Keranjang buah", "Keranjang", "Bu Tija", "Kopang"),
        ("Kursi bambu santai", "Kursi", "Pak Sahroni", "Krajan"),
        ("Kursi teras", "Kursi", "Pak Sahroni", "Krajan"),
        ("Gedek anyaman sasak", "Gedek", "Pak Sunar", "Rayap"),
        ("Besek, isi 10", "Besek", "Bu Misnati", "Rayap"),
        ("Tampah 50 cm", "Tampah", "Bu Halimah", "Krajan"),
        ("Kukusan nasi", "Dapur", "Bu Halimah", "Krajan"),
        ("Beras medium 5 kg", "Sembako", "", ""),
        ("Minyak goreng 1 liter", "Sembako", "", ""),
    ];

    fn shop() -> Index {
        let mut index = Index::default();
        for (name, category, maker, dusun) in SHOP {
            index.add(&Texts { name, category, maker, dusun, more: "dari bambu apus pilihan" });
        }
        index
    }

    fn first(question: &str) -> &'static str {
        let found = shop().find(question).expect("a question");
        found.goods.first().map_or("nothing", |number| SHOP[*number as usize].0)
    }

    #[test]
    fn words_typed_wrong_find_what_was_meant() {
        for (question, meant) in [
            ("kurngan ayam", "Kurungan ayam besar"),
            ("krusi bambu", "Kursi bambu santai"),
            ("tampa", "Tampah 50 cm"),
            ("kranjang smpah", "Keranjang sampah anyam"),
            ("kurunganayam", "Kurungan ayam besar"),
            ("keranjnag sampah", "Keranjang sampah anyam"),
            ("KURSI TERAS", "Kursi teras"),
            ("kuris teras", "Kursi teras"),
            ("kukusn", "Kukusan nasi"),
            ("bessek", "Besek, isi 10"),
            ("gedhek", "Gedek anyaman sasak"),
            ("minya goreng", "Minyak goreng 1 liter"),
            ("pak marsuki", "Kurungan ayam besar"),
            ("perkutut", "Kurungan burung perkutut"),
        ] {
            assert_eq!(first(question), meant, "{question}");
        }
    }

    #[test]
    fn a_word_half_typed_is_enough() {
        for (question, meant) in
            [("kurun", "Kurungan ayam besar"), ("kera", "Keranjang sampah anyam"), ("tamp", "Tampah 50 cm")]
        {
            assert_eq!(first(question), meant, "{question}");
        }
    }

    #[test]
    fn says_how_a_question_was_understood() {
        assert_eq!(shop().find("kurngan ayam").unwrap().understood.as_deref(), Some("kurungan ayam"));
        assert_eq!(shop().find("kurungan ay").unwrap().understood, None);
    }

    #[test]
    fn nonsense_finds_nothing_and_no_words_ask_nothing() {
        assert_eq!(shop().find("xqzzy").unwrap().goods, Vec::<u32>::new());
        assert_eq!(shop().find("'; DROP TABLE product;--").unwrap().goods, Vec::<u32>::new());
        assert_eq!(shop().find(" !? "), None);
        assert_eq!(Index::default().find("kursi").unwrap().goods, Vec::<u32>::new());
    }

    #[test]
    fn other_goods_with_one_common_word_do_not_bury_what_was_meant() {
        let found = shop().find("kursi bambu").unwrap().goods;
        assert_eq!(found[..2], [4, 5]);
    }

    proptest! {
        #[test]
        fn no_question_breaks_it(question in ".{0,80}") {
            shop().find(&question);
        }

        #[test]
        fn an_exact_name_is_always_on_the_first_page(
            names in prop::collection::hash_set("[a-e]{1,6}( [a-e0-9]{1,6}){0,3}", 1..120),
            pick in any::<prop::sample::Index>(),
        ) {
            let names: Vec<String> = names.into_iter().collect();
            let mut index = Index::default();
            for name in &names {
                index.add(&Texts { name, category: "abc", more: "bad cab", ..Texts::default() });
            }
            let picked = pick.index(names.len());
            let found = index.find(&names[picked]).unwrap().goods;
            prop_assert!(found.iter().take(24).any(|number| *number as usize == picked));
        }

        #[test]
        fn one_error_in_a_long_word_is_forgiven(at in 1_usize..8, swap in any::<bool>()) {
            let mut word = b"keranjang".to_vec();
            if swap { word.swap(at, (at + 1).min(8)) } else { word.remove(at); }
            let found = shop().find(&String::from_utf8(word).unwrap()).unwrap().goods;
            prop_assert!(found.contains(&2) && found.contains(&3));
        }
    }
}
