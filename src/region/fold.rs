//! How a name is compared: small letters and digits only, glued together, remembering where each word began.
//! The build script folds the names with this same file, so the packed order and the searched order cannot differ.

/// Letters and digits a folded text can hold; what lies beyond is ignored. The longest official name has 42.
pub const ROOM: usize = 64;

const PARTS: u8 = 0;
const VANISHES: u8 = 1;

/// What each byte becomes. A table, because a search folds tens of thousands of names.
static MEANING: [u8; 256] = {
    let mut meaning = [PARTS; 256];
    let mut byte = 0u8;
    while byte < 128 {
        if byte.is_ascii_alphanumeric() {
            meaning[byte as usize] = byte.to_ascii_lowercase();
        }
        byte += 1;
    }
    meaning[b'\'' as usize] = VANISHES;
    meaning
};

/// A text reduced to what is compared, on the stack.
#[derive(Clone, Copy)]
pub struct Folded {
    letters: [u8; ROOM],
    len: usize,
    /// Bit `i` is set when a word begins at letter `i`.
    pub starts: u64,
}

impl Folded {
    /// Folds any text. An apostrophe vanishes ("Ba'u" is one word), anything else that is no ASCII letter or digit parts words.
    pub fn new(text: &str) -> Self {
        let mut folded = Folded { letters: [0; ROOM], len: 0, starts: 0 };
        let mut parted = true;
        for byte in text.bytes() {
            match MEANING[usize::from(byte)] {
                VANISHES => {}
                PARTS => parted = true,
                letter if folded.len < ROOM => {
                    folded.starts |= u64::from(parted) << folded.len;
                    folded.letters[folded.len] = letter;
                    folded.len += 1;
                    parted = false;
                }
                _ => break,
            }
        }
        folded
    }

    /// The letters and digits, glued.
    pub fn letters(&self) -> &[u8] {
        &self.letters[..self.len]
    }
}

/// How many low bits of a signature stand for the first letters of words: one a letter, one for all digits.
pub const FIRSTS: u32 = 27;

/// A 64-bit summary: the first letters of words, then the pairs of neighbouring letters, hashed.
/// If `a` occurs in `b`, the bits of `a` are among the bits of `b` (not the other way round).
pub fn signature(letters: &[u8], starts: u64) -> u64 {
    let mut bits = 0;
    for (at, letter) in letters.iter().enumerate() {
        if starts >> at & 1 == 1 {
            bits |= first(*letter);
        }
    }
    for pair in letters.windows(2) {
        let hash = (u32::from(pair[0]) * 37 + u32::from(pair[1])).wrapping_mul(2_654_435_761) >> 16;
        bits |= 1 << (FIRSTS + hash % (u64::BITS - FIRSTS));
    }
    bits
}

/// The bit of a first letter.
pub fn first(letter: u8) -> u64 {
    1 << if letter.is_ascii_lowercase() { letter - b'a' } else { 26 }
}
