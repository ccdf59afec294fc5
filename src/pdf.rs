//! A sheet of A4 as a PDF: text, lines and QR codes at their places, with the fonts that travel with the program.
use krilla::{
    Document,
    color::luma,
    geom::{PathBuilder, Point, Rect},
    metadata::Metadata,
    page::PageSettings,
    paint::Fill,
    surface::Surface,
    text::{Font, TextDirection},
};
use qrcode::{EcLevel, QrCode};

use crate::picture::font::{self, Face};

/// Size of the sheet in points.
pub const WIDTH: f32 = 595.0;
pub const HEIGHT: f32 = 842.0;

/// Something on the sheet, measured in points from its upper left corner.
#[derive(Clone, Debug)]
enum Mark {
    Text { x: f32, y: f32, face: Face, size: f32, text: String },
    Bar { x: f32, y: f32, width: f32, height: f32 },
}

/// One sheet that is being filled.
#[derive(Clone, Debug)]
pub struct Sheet {
    title: String,
    marks: Vec<Mark>,
}

impl Sheet {
    /// An empty sheet; the title is what a reader's window is called.
    pub fn new(title: impl Into<String>) -> Sheet {
        Sheet { title: title.into(), marks: Vec::new() }
    }

    /// One line from `x`, with its baseline at `y`.
    pub fn text(&mut self, x: f32, y: f32, face: Face, size: f32, text: &str) {
        self.marks.push(Mark::Text { x, y, face, size, text: text.to_owned() });
    }

    /// Lines around the middle `x`; says where the next one would stand.
    pub fn centred(&mut self, x: f32, y: f32, room: f32, face: Face, size: f32, text: &str) -> f32 {
        let mut y = y;
        for line in font::wrap(face, size, text, room) {
            self.text(x - font::width(face, size, &line) / 2.0, y, face, size, &line);
            y += size * 1.4;
        }
        y
    }

    /// Lines no wider than `room` from `x`; says where the next one would stand.
    pub fn wrapped(&mut self, x: f32, y: f32, room: f32, face: Face, size: f32, text: &str) -> f32 {
        let mut y = y;
        for line in font::wrap(face, size, text, room) {
            self.text(x, y, face, size, &line);
            y += size * 1.5;
        }
        y
    }

    /// A line across or a filled bar.
    pub fn bar(&mut self, x: f32, y: f32, width: f32, height: f32) {
        self.marks.push(Mark::Bar { x, y, width, height });
    }

    /// A QR code in a square of this side, without the quiet zone around it.
    pub fn qr(&mut self, x: f32, y: f32, side: f32, text: &str) {
        let Ok(code) = QrCode::with_error_correction_level(text, EcLevel::M) else { return };
        let (width, squares) = (code.width(), code.to_colors());
        let square = side / width as f32;
        for (row, line) in squares.chunks(width).enumerate() {
            let mut column = 0;
            for run in line.chunk_by(|one, next| one == next) {
                if run.first() == Some(&qrcode::Color::Dark) {
                    let (left, top) = (x + column as f32 * square, y + row as f32 * square);
                    self.bar(left, top, run.len() as f32 * square, square);
                }
                column += run.len();
            }
        }
    }

    /// The finished file.
    pub fn finish(&self) -> anyhow::Result<Vec<u8>> {
        let read = |bytes: &'static [u8]| Font::new(bytes.into(), 0).ok_or_else(|| anyhow::anyhow!("a broken font"));
        let fonts = [read(font::REGULAR)?, read(font::BOLD)?, read(font::SERIF)?];
        let mut document = Document::new();
        let settings = PageSettings::from_wh(WIDTH, HEIGHT).ok_or_else(|| anyhow::anyhow!("a sheet without size"))?;
        let mut page = document.start_page_with(settings);
        let mut surface = page.surface();
        surface.set_fill(Some(Fill { paint: luma::Color::black().into(), ..Fill::default() }));
        for mark in &self.marks {
            draw(&mut surface, &fonts, mark);
        }
        surface.finish();
        page.finish();
        document.set_metadata(Metadata::new().title(self.title.clone()).language("id".to_owned()));
        document.finish().map_err(|e| anyhow::anyhow!("{}: {e:?}", self.title))
    }
}

fn draw(surface: &mut Surface<'_>, [regular, bold, serif]: &[Font; 3], mark: &Mark) {
    match mark {
        Mark::Text { x, y, face, size, text } => {
            let font = match face {
                Face::Regular => regular,
                Face::Bold => bold,
                Face::Serif => serif,
            };
            let at = Point::from_xy(*x, *y);
            surface.draw_text(at, font.clone(), *size, text, false, TextDirection::LeftToRight);
        }
        Mark::Bar { x, y, width, height } => {
            let mut path = PathBuilder::new();
            if let Some(rect) = Rect::from_xywh(*x, *y, *width, *height) {
                path.push_rect(rect);
            }
            if let Some(path) = path.finish() {
                surface.draw_path(&path);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_is_a_pdf_and_light() {
        let mut sheet = Sheet::new("Surat Keterangan Usaha");
        sheet.centred(WIDTH / 2.0, 80.0, 400.0, Face::Serif, 16.0, "SURAT KETERANGAN USAHA");
        let below = sheet.wrapped(60.0, 120.0, 200.0, Face::Regular, 11.0, &"Bhâḍhân ṭ ".repeat(20));
        assert!(below > 160.0);
        sheet.qr(60.0, 600.0, 90.0, "https://warong.example/surat/abc");
        let bytes = sheet.finish().unwrap();
        assert!(bytes.starts_with(b"%PDF-") && bytes.len() < 60_000, "{} bytes", bytes.len());
    }
}
