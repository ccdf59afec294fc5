//! What a file says about itself, read before anything is unfolded: its format, its size in pixels, and whether its end is there.
//!
//! Decoders are lenient with files that break off and learn the size of a picture only while they reserve memory for it.
//! Walking the parts of the file takes microseconds and nothing but the bytes at hand.

use super::Refusal;

/// The formats taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// What nearly every phone sends.
    Jpeg,
    /// Screenshots and drawings.
    Png,
    /// What messengers and browsers save.
    Webp,
}

/// Bytes `sniff` wants to see at least; the first part of any upload is longer.
const ENOUGH: usize = 12;

/// Tells the format from the first bytes (12 are enough), never from the name or what the browser claims.
pub fn sniff(first_bytes: &[u8]) -> Result<Format, Refusal> {
    let other = |name| Err(Refusal::OtherFormat { name });
    let Some(head) = first_bytes.get(..ENOUGH) else { return Err(Refusal::NotAPicture) };
    match head {
        [0xFF, 0xD8, 0xFF, ..] => Ok(Format::Jpeg),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => Ok(Format::Png),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P'] => Ok(Format::Webp),
        [_, _, _, _, b'f', b't', b'y', b'p', brand @ ..] => match brand {
            b"avif" | b"avis" => other("AVIF"),
            b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" | b"mif1" | b"msf1" => Err(Refusal::Heic),
            _ => Err(Refusal::NotAPicture),
        },
        [b'G', b'I', b'F', b'8', ..] => other("GIF"),
        [b'%', b'P', b'D', b'F', ..] => other("PDF"),
        [b'I', b'I', b'*', 0, ..] | [b'M', b'M', 0, b'*', ..] => other("TIFF"),
        [b'B', b'M', ..] => other("BMP"),
        _ => Err(Refusal::NotAPicture),
    }
}

/// The largest width and height named anywhere in the file, in pixels, if its end is there.
pub(super) fn measure(format: Format, bytes: &[u8]) -> Result<(u32, u32), Refusal> {
    match format {
        Format::Jpeg => measure_jpeg(bytes),
        Format::Png => measure_png(bytes),
        Format::Webp => measure_webp(bytes),
    }
}

/// Walks the segments to the end marker. Phones append a second picture after it, and put a small one with an end marker of
/// its own inside the first segments, so neither the last bytes nor the first marker found would do.
fn measure_jpeg(bytes: &[u8]) -> Result<(u32, u32), Refusal> {
    let mut size = (0, 0);
    let mut at = 2;
    loop {
        let rest = bytes.get(at..).ok_or(Refusal::Truncated)?;
        at += rest.iter().position(|byte| *byte == 0xFF).ok_or(Refusal::Truncated)?;
        while *bytes.get(at).ok_or(Refusal::Truncated)? == 0xFF {
            at += 1;
        }
        let marker = bytes[at];
        at += 1;
        match marker {
            0xD9 if size == (0, 0) => return Err(Refusal::Damaged),
            0xD9 => return Ok(size),
            // A stuffed byte, a restart or a lone marker: no length follows.
            0x00 | 0x01 | 0xD0..=0xD8 => continue,
            _ => {}
        }
        let length = u32_at(bytes, at, 2, true).ok_or(Refusal::Truncated)? as usize;
        if matches!(marker, 0xC0..=0xCF) && !matches!(marker, 0xC4 | 0xC8 | 0xCC) {
            let side = |from| u32_at(bytes, from, 2, true).ok_or(Refusal::Truncated);
            size = (size.0.max(side(at + 5)?), size.1.max(side(at + 3)?));
        }
        at += length;
    }
}

fn measure_png(bytes: &[u8]) -> Result<(u32, u32), Refusal> {
    let side = |at| u32_at(bytes, at, 4, true).ok_or(Refusal::Truncated);
    let mut at = 8;
    loop {
        let length = side(at)? as usize;
        let kind = bytes.get(at + 4..at + 8).ok_or(Refusal::Truncated)?;
        if at == 8 && kind != b"IHDR" {
            return Err(Refusal::Damaged);
        }
        if kind == b"IEND" {
            return Ok((side(16)?, side(20)?));
        }
        at += 12 + length;
    }
}

fn measure_webp(bytes: &[u8]) -> Result<(u32, u32), Refusal> {
    let length = |at| u32_at(bytes, at, 4, false).ok_or(Refusal::Truncated);
    let end = 8 + length(4)? as usize;
    if end > bytes.len() {
        return Err(Refusal::Truncated);
    }
    let mut size = (0, 0);
    let mut at = 12;
    while at + 8 <= end {
        let part = |from, wide| u32_at(bytes, at + 8 + from, wide, false).ok_or(Refusal::Truncated);
        let seen = match &bytes[at..at + 4] {
            b"VP8X" => (part(4, 3)? + 1, part(7, 3)? + 1),
            b"VP8 " => (part(6, 2)? & 0x3FFF, part(8, 2)? & 0x3FFF),
            b"VP8L" => {
                let packed = part(1, 4)?;
                ((packed & 0x3FFF) + 1, (packed >> 14 & 0x3FFF) + 1)
            }
            // A frame of an animation: its own parts follow its head and are walked like the others.
            b"ANMF" => {
                size = larger(size, (part(6, 3)? + 1, part(9, 3)? + 1));
                at += 24;
                continue;
            }
            _ => (0, 0),
        };
        size = larger(size, seen);
        let length = length(at + 4)? as usize;
        at += 8 + length + length % 2;
        if at > end + 1 {
            return Err(Refusal::Truncated);
        }
    }
    if size == (0, 0) { Err(Refusal::Damaged) } else { Ok(size) }
}

fn larger(a: (u32, u32), b: (u32, u32)) -> (u32, u32) {
    (a.0.max(b.0), a.1.max(b.1))
}

/// A number of `wide` bytes (at most 4).
fn u32_at(bytes: &[u8], at: usize, wide: usize, big_end_first: bool) -> Option<u32> {
    let part = bytes.get(at..at.checked_add(wide)?)?;
    let add = |number: u32, byte: &u8| number << 8 | u32::from(*byte);
    Some(if big_end_first { part.iter().fold(0, add) } else { part.iter().rev().fold(0, add) })
}
