//! A code as a picture that a page can carry.
use qrcode::{EcLevel, QrCode};
use serde::Serialize;

/// A QR code as one path of a small picture.
#[derive(Clone, Debug, Serialize)]
pub struct Picture {
    /// Squares from edge to edge, with the quiet zone.
    pub side: usize,
    pub path: String,
}

/// Draws a code: runs of dark squares, row by row, as strokes one square wide: about a third of one rectangle a square.
pub fn draw(text: &str) -> Option<Picture> {
    use std::fmt::Write;
    let code = QrCode::with_error_correction_level(text, EcLevel::L).ok()?;
    let (width, squares) = (code.width(), code.to_colors());
    let mut path = String::new();
    for (y, row) in squares.chunks(width).enumerate() {
        let (mut x, mut from) = (0, None);
        while x < width {
            let run = row[x..].iter().take_while(|square| **square == row[x]).count();
            if row[x] == qrcode::Color::Dark {
                match from {
                    None => write!(path, "M{} {}.5h{run}", x + 4, y + 4).ok(),
                    Some(end) => write!(path, "m{} 0h{run}", x - end).ok(),
                };
                from = Some(x + run);
            }
            x += run;
        }
    }
    Some(Picture { side: width + 8, path })
}
