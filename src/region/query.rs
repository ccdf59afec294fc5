//! What a person typed, taken apart into words, and how it is held against one name.

use super::{
    fold::{self, Folded, signature},
    search::Hit,
    table,
};

/// Words beyond this many are not looked at; an address of village, kecamatan and kabupaten seldom has more.
const MOST_WORDS: usize = 6;

/// Shorter words must be typed right: one error in four letters makes another word.
const FORGIVEN_FROM: usize = 5;

/// Words that only say what kind of area the next one is. "Kota" and "kabupaten" are not among them: they are part of names.
const KINDS: [&[u8]; 8] = [b"desa", b"ds", b"kelurahan", b"kel", b"kecamatan", b"kec", b"provinsi", b"prov"];

/// The bits of a signature that stand for pairs of letters.
const PAIRS: u64 = !0 << fold::FIRSTS;

/// The words looked for.
pub(super) struct Query {
    text: Folded,
    /// Where each word begins and ends in `text`.
    words: Vec<(usize, usize)>,
    signatures: Vec<u64>,
    postcode: Option<u16>,
}

impl Query {
    /// Takes a typed text apart; none if it holds nothing to look for, or a postcode that is not given to any village.
    pub fn new(typed: &str) -> Option<Self> {
        let typed = Folded::new(&typed.replace('’', "'"));
        let (mut postcode, mut kept, mut kinds) = (None, Vec::new(), Vec::new());
        for (start, end) in words_of(&typed) {
            let word = &typed.letters()[start..end];
            if word.len() == 5 && word.iter().all(u8::is_ascii_digit) {
                postcode = Some(table::find_postcode(word)?);
            } else if KINDS.contains(&word) {
                kinds.push(word);
            } else {
                kept.push(word);
            }
        }
        // "Desa" alone may be the beginning of a name.
        if kept.is_empty() && postcode.is_none() {
            kept = kinds;
        }
        if kept.is_empty() && postcode.is_none() {
            return None;
        }
        kept.truncate(MOST_WORDS);
        let text = Folded::new(&String::from_utf8_lossy(&kept.join(&b' ')));
        let words = words_of(&text);
        let signatures = words.iter().map(|(start, end)| signature(&text.letters()[*start..*end], 1)).collect();
        Some(Query { text, words, signatures, postcode })
    }

    /// All words without the gaps between them.
    pub fn glued(&self) -> &[u8] {
        self.text.letters()
    }

    /// One bit for each word.
    pub fn all(&self) -> u8 {
        ((1u16 << self.words.len()) - 1) as u8
    }

    /// Whether a village has the postcode asked for, if one was.
    pub fn allows_postcode(&self, village: usize) -> bool {
        self.postcode.is_none_or(|wanted| table::postcode_number(village) == wanted)
    }

    /// Whether any word is long enough to carry a typing error.
    pub fn may_be_mistyped(&self) -> bool {
        self.words.iter().any(|(start, end)| end - start >= FORGIVEN_FROM)
    }

    /// Holds the words against every name.
    pub fn hits(&self, forgiving: bool) -> Vec<Hit> {
        let mut hits = vec![Hit::default(); table::name_count()];
        for (number, (hit, signature)) in hits.iter_mut().zip(table::signatures()).enumerate() {
            let possible = self.possible(signature, forgiving);
            if possible != 0 {
                *hit = self.hit(&Folded::new(table::name(number)), possible, forgiving);
            }
        }
        hits
    }

    /// Which words a name with this signature might hold.
    fn possible(&self, name: u64, forgiving: bool) -> u8 {
        let mut possible = 0;
        for (at, (word, (start, end))) in self.signatures.iter().zip(&self.words).enumerate() {
            let fits = match end - start {
                // Words of one or two letters count only where a word begins.
                1 | 2 => word & !name == 0,
                length if forgiving && length >= FORGIVEN_FROM => {
                    might_be_meant(&self.glued()[*start..*end], *word, name)
                }
                _ => word & !name & PAIRS == 0,
            };
            possible |= u8::from(fits) << at;
        }
        possible
    }

    fn hit(&self, name: &Folded, possible: u8, forgiving: bool) -> Hit {
        let letters = name.letters();
        let mut hit = Hit::default();
        for (at, (start, end)) in self.words.iter().enumerate().filter(|(at, _)| possible >> at & 1 == 1) {
            let word = &self.glued()[*start..*end];
            let forgiven = forgiving && word.len() >= FORGIVEN_FROM;
            if bits(name.starts).any(|from| begins(&letters[from..], word, forgiven)) {
                hit.start |= 1 << at;
            } else if word.len() >= 3 && contains(letters, word) {
                hit.anywhere |= 1 << at;
            }
        }
        if hit.start != 0 {
            self.read_on(letters, possible, forgiving, &mut hit);
            // "Jember" is all there is to say of "Kabupaten Jember".
            let kind = [&b"kabupaten"[..], b"kota"].into_iter().find(|kind| letters.starts_with(kind));
            if let Some(kind) = kind.filter(|_| name.starts.count_ones() > 1) {
                let mut rest = Hit::default();
                self.read_on(&letters[kind.len()..], possible, forgiving, &mut rest);
                hit.whole |= rest.whole;
            }
        }
        hit.start |= hit.opening;
        hit.anywhere |= hit.start;
        hit
    }

    /// Finds the longest row of neighbouring words that, glued, the letters begin with: "kemuning lor" in "Kemuninglor".
    fn read_on(&self, letters: &[u8], possible: u8, forgiving: bool, hit: &mut Hit) {
        for first in (0..self.words.len()).filter(|at| possible >> at & 1 == 1) {
            let (start, mut forgiven, mut row) = (self.words[first].0, false, 0u8);
            for (at, (from, end)) in self.words.iter().enumerate().skip(first) {
                forgiven |= forgiving && end - from >= FORGIVEN_FROM;
                let glued = &self.glued()[start..*end];
                if !begins(letters, glued, forgiven) {
                    break;
                }
                row |= 1 << at;
                hit.whole |= letters.len() == glued.len();
            }
            if row.count_ones() > hit.opening.count_ones() {
                hit.opening = row;
            }
        }
    }
}

/// Whether a name with this signature might have a word that begins like a mistyped one.
fn might_be_meant(word: &[u8], wanted: u64, name: u64) -> bool {
    let missing = wanted & !name & PAIRS;
    // Whatever the error, a word of five letters keeps one pair.
    if wanted & name & PAIRS == 0 {
        false
    } else if name & (fold::first(word[0]) | fold::first(word[1])) != 0 {
        // One error breaks at most three pairs (two neighbours swapped).
        but_one(but_one(but_one(missing))) == 0
    } else {
        // The first letter is wrong or missing; then all the others are right.
        but_one(missing) == 0
    }
}

/// Clears the lowest set bit: cheaper than counting them all on a processor that cannot.
fn but_one(set: u64) -> u64 {
    set & set.wrapping_sub(1)
}

fn contains(letters: &[u8], word: &[u8]) -> bool {
    let last = letters.len().checked_sub(word.len());
    last.is_some_and(|last| (1..=last).any(|from| letters[from] == word[0] && letters[from..].starts_with(word)))
}

fn words_of(text: &Folded) -> Vec<(usize, usize)> {
    let mut ends = bits(text.starts).skip(1).chain([text.letters().len()]);
    bits(text.starts).map_while(|start| Some((start, ends.next()?))).collect()
}

/// The positions of the set bits.
fn bits(mut set: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let at = set.trailing_zeros() as usize;
        set &= set.wrapping_sub(1);
        (at < 64).then_some(at)
    })
}

/// Whether a name begins with a word, or, if forgiven, with it but for one letter missing, too many, wrong, or swapped with the next.
fn begins(name: &[u8], word: &[u8], forgiven: bool) -> bool {
    let same = name.iter().zip(word).position(|(a, b)| a != b).unwrap_or(name.len().min(word.len()));
    if same == word.len() || !forgiven {
        return same == word.len();
    }
    let (name, word) = (&name[same..], &word[same..]);
    let then = |skipped: usize, typed: usize| match (name.get(skipped..), word.get(typed..)) {
        (Some(name), Some(word)) => name.starts_with(word),
        _ => false,
    };
    let swapped = name.len() > 1 && word.len() > 1 && name[0] == word[1] && name[1] == word[0];
    then(1, 1) || then(1, 0) || then(0, 1) || swapped && then(2, 2)
}
