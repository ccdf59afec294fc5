//! A sheet that grows downwards as it is drawn on.
use ab_glyph::{Font, Glyph, point};
use image::{Rgb, RgbImage};

use super::{
    WIDTH,
    font::{self, Face},
};

/// A colour as red, green and blue.
pub type Colour = [u8; 3];

/// The colours of the pages (`assets/css/tokens.css`).
pub(super) const PAPER: Colour = [0xfb, 0xf7, 0xee];
pub(super) const INK: Colour = [0x2a, 0x27, 0x21];
pub(super) const SOFT: Colour = [0x65, 0x5d, 0x4e];
pub(super) const LINE: Colour = [0xe4, 0xda, 0xc4];
pub(super) const LEAF: Colour = [0x2c, 0x44, 0x20];
pub(super) const STRAW: Colour = [0xd8, 0xae, 0x62];
pub(super) const STRAW_DARK: Colour = [0xc1, 0x92, 0x4a];
pub(super) const STRAW_PALE: Colour = [0xf3, 0xe6, 0xc8];
pub(super) const WHITE: Colour = [0xff, 0xff, 0xff];

/// Where something is: left, top, width, height in pixels.
#[derive(Clone, Copy, Debug)]
pub(super) struct Area {
    pub x: f32,
    pub y: f32,
    pub w: f32,
    pub h: f32,
}

/// The sheet.
pub(super) struct Canvas {
    pixels: Vec<u8>,
}

impl Canvas {
    pub fn new() -> Canvas {
        Canvas { pixels: Vec::new() }
    }

    pub fn height(&self) -> u32 {
        (self.pixels.len() / (WIDTH as usize * 3)) as u32
    }

    /// Makes the sheet at least so high.
    pub fn reach(&mut self, height: f32) {
        let rows = height.max(0.0).ceil() as usize;
        let wanted = rows * WIDTH as usize * 3;
        while self.pixels.len() < wanted {
            self.pixels.extend_from_slice(&PAPER);
        }
    }

    pub fn into_picture(self) -> RgbImage {
        let height = self.height();
        RgbImage::from_raw(WIDTH, height, self.pixels).unwrap_or_default()
    }

    /// Lays a colour on one pixel, covering it by this much.
    fn blend(&mut self, x: i64, y: i64, colour: Colour, cover: f32) {
        if !(0..i64::from(WIDTH)).contains(&x) || y < 0 {
            return;
        }
        let at = (y as usize * WIDTH as usize + x as usize) * 3;
        let Some(pixel) = self.pixels.get_mut(at..at + 3) else { return };
        let cover = cover.clamp(0.0, 1.0);
        for (under, over) in pixel.iter_mut().zip(colour) {
            *under = (f32::from(*under) * (1.0 - cover) + f32::from(over) * cover).round() as u8;
        }
    }

    /// A rectangle with round corners.
    pub fn fill(&mut self, area: Area, radius: f32, colour: Colour) {
        self.reach(area.y + area.h);
        let (half_w, half_h) = (area.w / 2.0, area.h / 2.0);
        let radius = radius.min(half_w).min(half_h);
        self.cover(area, colour, |x, y| {
            // Distance to the edge, negative within; what is within half a pixel of it is partly covered.
            let (dx, dy) = (x.abs() - (half_w - radius), y.abs() - (half_h - radius));
            let distance = dx.max(0.0).hypot(dy.max(0.0)) + dx.max(dy).min(0.0) - radius;
            0.5 - distance
        });
    }

    /// An ellipse that touches the area's four sides.
    pub fn ellipse(&mut self, area: Area, colour: Colour) {
        self.reach(area.y + area.h);
        let (half_w, half_h) = (area.w / 2.0, area.h / 2.0);
        let smaller = half_w.min(half_h);
        self.cover(area, colour, |x, y| (1.0 - (x / half_w).hypot(y / half_h)) * smaller + 0.5);
    }

    fn cover(&mut self, area: Area, colour: Colour, how_much: impl Fn(f32, f32) -> f32) {
        let (left, top) = (area.x.floor() as i64, area.y.floor() as i64);
        let (right, bottom) = ((area.x + area.w).ceil() as i64, (area.y + area.h).ceil() as i64);
        let (mid_x, mid_y) = (area.x + area.w / 2.0, area.y + area.h / 2.0);
        for y in top..bottom {
            for x in left..right {
                let cover = how_much(x as f32 + 0.5 - mid_x, y as f32 + 0.5 - mid_y);
                if cover > 0.0 {
                    self.blend(x, y, colour, cover);
                }
            }
        }
    }

    /// One line of text with its left edge at `x` and its baseline at `y`.
    pub fn text(&mut self, x: f32, y: f32, face: Face, size: f32, colour: Colour, text: &str) {
        self.reach(y + size * 0.35);
        let font = face.font();
        let scale = font::scale(face, size);
        for (id, at) in font::set(face, size, text).0 {
            let glyph = Glyph { id, scale, position: point(x + at, y) };
            let Some(outline) = font.outline_glyph(glyph) else { continue };
            let bounds = outline.px_bounds();
            let (left, top) = (bounds.min.x as i64, bounds.min.y as i64);
            outline.draw(|px, py, cover| self.blend(left + i64::from(px), top + i64::from(py), colour, cover));
        }
    }

    /// A picture, pixel for pixel.
    pub fn picture(&mut self, x: u32, y: u32, picture: &RgbImage) {
        self.reach((y + picture.height()) as f32);
        for (px, py, Rgb(colour)) in picture.enumerate_pixels() {
            self.blend(i64::from(x + px), i64::from(y + py), *colour, 1.0);
        }
    }
}
