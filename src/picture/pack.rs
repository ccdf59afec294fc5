//! A drawn sheet as a PNG that is light enough for a weak network: few colours, chosen from the picture itself.
use std::collections::{BTreeMap, HashMap};

use image::RgbImage;

use super::Colour;

/// No picture weighs more, in bytes.
pub const MAX_BYTES: usize = 120 * 1024;

/// A box of colours that occur in the picture.
struct Cube {
    colours: Vec<(Colour, u32)>,
    /// The channel along which it is widest, and how much it asks to be cut.
    channel: usize,
    spread: u64,
}

impl Cube {
    fn new(colours: Vec<(Colour, u32)>) -> Cube {
        let span = |channel: usize| {
            let values = colours.iter().map(|(colour, _)| colour[channel]);
            let (low, high) = values.fold((u8::MAX, 0), |(low, high), v| (low.min(v), high.max(v)));
            u64::from(high.saturating_sub(low))
        };
        let channel = (0..3).max_by_key(|channel| span(*channel)).unwrap_or(0);
        // The square root of the count: a small photo gets its colours beside a wide empty sheet.
        let spread = if colours.len() < 2 { 0 } else { span(channel) * count(&colours).isqrt() };
        Cube { colours, channel, spread }
    }

    /// Cuts at the middle of the pixels along the widest channel. There are at least two colours.
    fn cut(mut self) -> (Cube, Cube) {
        self.colours.sort_by_key(|(colour, _)| colour[self.channel]);
        let half = count(&self.colours) / 2;
        let mut seen = 0;
        let over = self.colours.iter().position(|(_, n)| {
            seen += u64::from(*n);
            seen > half
        });
        let at = over.unwrap_or(1).clamp(1, self.colours.len() - 1);
        let rest = self.colours.split_off(at);
        (Cube::new(self.colours), Cube::new(rest))
    }

    fn mean(&self) -> Colour {
        let whole = count(&self.colours).max(1);
        [0, 1, 2].map(|channel| {
            let sum: u64 = self.colours.iter().map(|(colour, n)| u64::from(colour[channel]) * u64::from(*n)).sum();
            (sum / whole) as u8
        })
    }
}

fn count(colours: &[(Colour, u32)]) -> u64 {
    colours.iter().map(|(_, n)| u64::from(*n)).sum()
}

/// The most telling `most` colours of a picture.
fn palette(picture: &RgbImage, most: usize) -> Vec<Colour> {
    let mut counts = HashMap::<Colour, u32>::new();
    // Most of a sheet is empty paper: a run of one colour is counted at once.
    for run in picture.as_raw().as_chunks::<3>().0.chunk_by(|one, next| one == next) {
        *counts.entry(run[0]).or_default() += run.len() as u32;
    }
    let mut colours: Vec<_> = counts.into_iter().collect();
    // Paper, ink and other plain grounds come first and stay exactly as they are.
    colours.sort_unstable_by_key(|(colour, n)| (std::cmp::Reverse(*n), *colour));
    let exact = if colours.len() <= most { most } else { most / 8 };
    let mut palette: Vec<Colour> = colours.iter().take(exact).map(|(colour, _)| *colour).collect();
    let mut near = BTreeMap::<Colour, (Colour, u32)>::new();
    for (colour, n) in colours.into_iter().skip(exact) {
        near.entry(colour.map(|channel| channel >> 3)).or_insert((colour, 0)).1 += n;
    }
    let mut cubes = vec![Cube::new(near.into_values().collect())];
    while cubes.len() + palette.len() < most {
        let widest = (0..cubes.len()).max_by_key(|i| cubes[*i].spread).unwrap_or(0);
        if cubes[widest].spread == 0 {
            break;
        }
        let (low, high) = cubes.swap_remove(widest).cut();
        cubes.extend([low, high]);
    }
    palette.extend(cubes.iter().filter(|cube| !cube.colours.is_empty()).map(Cube::mean));
    palette
}

/// Writes a picture with at most `most` colours.
pub(super) fn png(picture: &RgbImage, most: usize) -> Vec<u8> {
    let palette = palette(picture, most);
    let exact: HashMap<Colour, u8> = palette.iter().enumerate().map(|(i, colour)| (*colour, i as u8)).collect();
    let mut near = HashMap::<Colour, u8>::new();
    let mut index = |colour: Colour| {
        let of = |colour: Colour| {
            let distance = |other: &Colour| -> i32 {
                colour.iter().zip(other).map(|(a, b)| (i32::from(*a) - i32::from(*b)).pow(2)).sum()
            };
            (0..palette.len()).min_by_key(|i| distance(&palette[*i])).unwrap_or(0) as u8
        };
        match exact.get(&colour) {
            Some(index) => *index,
            None => *near.entry(colour.map(|channel| channel >> 2)).or_insert_with(|| of(colour)),
        }
    };
    let bits: usize = match palette.len() {
        0..=2 => 1,
        3..=4 => 2,
        5..=16 => 4,
        _ => 8,
    };
    let width = picture.width() as usize;
    let mut rows = Vec::with_capacity(width * picture.height() as usize * bits / 8);
    let (mut last, mut number) = (None, 0);
    for row in picture.as_raw().chunks(width * 3) {
        let (mut byte, mut filled) = (0u8, 0);
        for pixel in row.as_chunks::<3>().0 {
            if last != Some(*pixel) {
                (last, number) = (Some(*pixel), index(*pixel));
            }
            byte |= number << (8 - bits - filled);
            filled += bits;
            if filled == 8 {
                rows.push(byte);
                (byte, filled) = (0, 0);
            }
        }
        if filled > 0 {
            rows.push(byte);
        }
    }
    write(picture, &palette, bits, &rows).unwrap_or_default()
}

fn write(picture: &RgbImage, palette: &[Colour], bits: usize, rows: &[u8]) -> Result<Vec<u8>, png::EncodingError> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, picture.width(), picture.height());
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(match bits {
        1 => png::BitDepth::One,
        2 => png::BitDepth::Two,
        4 => png::BitDepth::Four,
        _ => png::BitDepth::Eight,
    });
    encoder.set_palette(palette.concat());
    encoder.set_compression(png::Compression::High);
    // Numbers of colours are no heights: what is above says nothing about what is below.
    encoder.set_filter(png::Filter::NoFilter);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(rows)?;
    writer.finish()?;
    Ok(bytes)
}
