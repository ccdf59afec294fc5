//! The fonts that travel with the program, and how text is measured and broken into lines.
use std::sync::LazyLock;

use ab_glyph::{Font, FontRef, GlyphId, PxScale, ScaleFont};

/// Noto Sans and Noto Serif, cut down to the Latin letters (`assets/data/README.md`).
pub const REGULAR: &[u8] = include_bytes!("../../assets/data/fonts/NotoSans-Regular.ttf");
pub const BOLD: &[u8] = include_bytes!("../../assets/data/fonts/NotoSans-Bold.ttf");
pub const SERIF: &[u8] = include_bytes!("../../assets/data/fonts/NotoSerif-Bold.ttf");

/// How letters look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Face {
    Regular,
    Bold,
    /// For headings.
    Serif,
}

fn read(bytes: &'static [u8]) -> FontRef<'static> {
    match FontRef::try_from_slice(bytes) {
        Ok(font) => font,
        Err(e) => unreachable!("a built-in font is broken: {e}"),
    }
}

static FONTS: LazyLock<[FontRef<'static>; 3]> = LazyLock::new(|| [read(REGULAR), read(BOLD), read(SERIF)]);

impl Face {
    pub(super) fn font(self) -> &'static FontRef<'static> {
        let [regular, bold, serif] = &*FONTS;
        match self {
            Face::Regular => regular,
            Face::Bold => bold,
            Face::Serif => serif,
        }
    }
}

/// The scale at which a capital em is `size` pixels: fonts count their height from the lowest to the highest mark.
pub(super) fn scale(face: Face, size: f32) -> PxScale {
    let font = face.font();
    PxScale::from(font.height_unscaled() / font.units_per_em().unwrap_or(1000.0) * size)
}

/// Glyphs of a text from left to right with where each begins, and where the text ends.
pub(super) fn set(face: Face, size: f32, text: &str) -> (Vec<(GlyphId, f32)>, f32) {
    let font = face.font().as_scaled(scale(face, size));
    let mut x = 0.0;
    let glyphs = text
        .chars()
        .filter(|c| !c.is_control() && !is_unseen(*c))
        .map(|c| {
            let glyph = font.glyph_id(c);
            let at = x;
            x += font.h_advance(glyph);
            (glyph, at)
        })
        .collect();
    (glyphs, x)
}

/// Joiners and selectors that only make sense to fonts with pictures.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

/// Width of a text in pixels (or points, for a PDF).
pub fn width(face: Face, size: f32, text: &str) -> f32 {
    set(face, size, text).1
}

/// Breaks a text into lines no wider than `room`, between words where it can and within a word where it must.
pub fn wrap(face: Face, size: f32, text: &str, room: f32) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        for word in paragraph.split_whitespace() {
            let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
            if width(face, size, &longer) <= room {
                line = longer;
                continue;
            }
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            for c in word.chars() {
                line.push(c);
                if width(face, size, &line) > room && line.chars().count() > 1 {
                    line.pop();
                    lines.push(std::mem::replace(&mut line, c.to_string()));
                }
            }
        }
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_of_madurese_and_indonesian_are_there() {
        for face in [Face::Regular, Face::Bold, Face::Serif] {
            for c in "abcxyzABCXYZ0123456789âÂḍḌṭṬèÈéÉñşǎê’‘“”–—×·…•½²".chars() {
                let known = c == '½' || c == '²' || c == 'ş' || face.font().glyph_id(c) != GlyphId(0);
                assert!(known, "{c} in {face:?}");
            }
        }
    }

    #[test]
    fn lines_keep_every_word_and_the_room() {
        let text = "Kurungan ayam besar dari bambu apus pilihan untuk ayam bangkok dan merak";
        let lines = wrap(Face::Regular, 28.0, text, 300.0);
        assert_eq!(lines.join(" "), text);
        assert!(lines.iter().all(|line| width(Face::Regular, 28.0, line) <= 300.0));
    }

    #[test]
    fn a_word_without_end_is_broken() {
        let lines = wrap(Face::Bold, 28.0, &"m".repeat(90), 200.0);
        assert_eq!(lines.concat().len(), 90);
        assert!(lines.iter().all(|line| width(Face::Bold, 28.0, line) <= 200.0));
    }

    #[test]
    fn empty_lines_stay_and_marks_without_width_take_none() {
        assert_eq!(wrap(Face::Regular, 20.0, "a\n\nb", 100.0), ["a", "", "b"]);
        assert_eq!(width(Face::Regular, 20.0, "a\u{200d}\u{fe0f}"), width(Face::Regular, 20.0, "a"));
    }
}
