//! One paper as a card: blocks from top to bottom, as wide as the card is.
use entity::Rupiah;
use image::{RgbImage, imageops::FilterType};
use qrcode::{EcLevel, QrCode};

use super::{
    WIDTH,
    canvas::{Area, Canvas, Colour, INK, LEAF, LINE, SOFT, STRAW, STRAW_DARK, STRAW_PALE, WHITE},
    font::{self, Face},
    notes, pack,
};
use crate::error::Result;

/// Room left empty at both sides.
const SIDE: f32 = 36.0;
const ROOM: f32 = WIDTH as f32 - 2.0 * SIDE;
/// Side of a picture beside a line of goods.
const THUMB: u32 = 112;

/// What stands on a card, from top to bottom.
#[derive(Clone, Debug)]
enum Block {
    Text(String, Style),
    Row { label: String, value: String, strong: bool },
    Amount { label: String, amount: Rupiah },
    Notes(Rupiah),
    Photo(Box<RgbImage>),
    Goods { photo: Option<Box<RgbImage>>, name: String, detail: String, value: String },
    Qr { text: String, caption: String },
    Rule,
}

/// How a line of text looks.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Style {
    face: Face,
    size: f32,
    colour: Colour,
}

const LEAD: Style = Style { face: Face::Regular, size: 26.0, colour: SOFT };
const TEXT: Style = Style { face: Face::Regular, size: 28.0, colour: INK };
const STRONG: Style = Style { face: Face::Bold, size: 28.0, colour: INK };
const SMALL: Style = Style { face: Face::Regular, size: 22.0, colour: SOFT };

/// A paper to be drawn as one picture.
#[derive(Clone, Debug)]
pub struct Card {
    title: String,
    blocks: Vec<Block>,
}

impl Card {
    /// A card with its title.
    pub fn new(title: impl Into<String>) -> Card {
        Card { title: title.into(), blocks: Vec::new() }
    }

    fn with(mut self, block: Block) -> Card {
        self.blocks.push(block);
        self
    }

    /// Who gives this paper, or for whom it is: a quiet line, best right below the title.
    pub fn lead(self, text: impl Into<String>) -> Card {
        self.with(Block::Text(text.into(), LEAD))
    }

    /// Plain words.
    pub fn text(self, text: impl Into<String>) -> Card {
        self.with(Block::Text(text.into(), TEXT))
    }

    /// Words that stand out.
    pub fn strong(self, text: impl Into<String>) -> Card {
        self.with(Block::Text(text.into(), STRONG))
    }

    /// Small print.
    pub fn small(self, text: impl Into<String>) -> Card {
        self.with(Block::Text(text.into(), SMALL))
    }

    /// A label at the left, its value at the right.
    pub fn row(self, label: impl Into<String>, value: impl Into<String>) -> Card {
        self.with(Block::Row { label: label.into(), value: value.into(), strong: false })
    }

    /// The same for what the rows above come to.
    pub fn total(self, label: impl Into<String>, value: impl Into<String>) -> Card {
        self.with(Block::Row { label: label.into(), value: value.into(), strong: true })
    }

    /// The one amount this paper is about, large.
    pub fn amount(self, label: impl Into<String>, amount: Rupiah) -> Card {
        self.with(Block::Amount { label: label.into(), amount })
    }

    /// An amount as banknotes and coins; nothing for none or a debt.
    pub fn notes(self, amount: Rupiah) -> Card {
        self.with(Block::Notes(amount))
    }

    /// A photo across the card, in its own shape but no higher than wide. What is no picture is left out.
    pub fn photo(self, bytes: &[u8]) -> Card {
        match image::load_from_memory(bytes) {
            Err(_) => self,
            Ok(photo) => {
                let photo = photo.resize(ROOM as u32, (ROOM * 0.6) as u32, FilterType::Triangle);
                self.with(Block::Photo(Box::new(photo.to_rgb8())))
            }
        }
    }

    /// Goods: their photo, what they are, how many, and what for.
    pub fn goods(
        self,
        photo: Option<&[u8]>,
        name: impl Into<String>,
        detail: impl Into<String>,
        value: impl Into<String>,
    ) -> Card {
        let photo = photo.and_then(|bytes| image::load_from_memory(bytes).ok());
        let photo = photo.map(|photo| Box::new(photo.resize_to_fill(THUMB, THUMB, FilterType::Triangle).to_rgb8()));
        self.with(Block::Goods { photo, name: name.into(), detail: detail.into(), value: value.into() })
    }

    /// A QR code with what it is for.
    pub fn qr(self, text: impl Into<String>, caption: impl Into<String>) -> Card {
        self.with(Block::Qr { text: text.into(), caption: caption.into() })
    }

    /// A line across.
    pub fn rule(self) -> Card {
        self.with(Block::Rule)
    }

    /// The card as a PNG of at most [`pack::MAX_BYTES`]: photos get coarser until it is light enough, and a card of a
    /// hundred lines gets narrower.
    pub fn png(&self) -> Vec<u8> {
        let mut sheet = self.drawn(1);
        for (colours, coarse) in [(192, 1), (64, 2), (32, 3), (16, 6), (16, 12)] {
            if coarse > 1 && self.has_photos() {
                sheet = self.drawn(coarse);
            }
            let bytes = pack::png(&sheet, colours);
            if bytes.len() <= pack::MAX_BYTES {
                return bytes;
            }
        }
        let mut narrower = WIDTH;
        loop {
            narrower = narrower * 3 / 4;
            let height = (sheet.height() * narrower / WIDTH).max(1);
            let bytes = pack::png(&image::imageops::resize(&sheet, narrower, height, FilterType::Triangle), 16);
            if bytes.len() <= pack::MAX_BYTES || narrower < 100 {
                return bytes;
            }
        }
    }

    fn has_photos(&self) -> bool {
        self.blocks.iter().any(|block| matches!(block, Block::Photo(_) | Block::Goods { photo: Some(_), .. }))
    }

    /// The same beside the requests that are being answered.
    pub async fn draw(self) -> Result<Vec<u8>> {
        let drawn = tokio::task::spawn_blocking(move || self.png()).await;
        Ok(drawn.map_err(|e| anyhow::anyhow!("a card was not drawn: {e}"))?)
    }

    pub(super) fn drawn(&self, coarse: u32) -> RgbImage {
        let mut sheet = Canvas::new();
        let mut y = 28.0;
        y = lines(&mut sheet, SIDE, y, ROOM, &self.title, Style { face: Face::Serif, size: 40.0, colour: LEAF });
        let mut blocks = self.blocks.iter().peekable();
        while let Some(Block::Text(text, style)) =
            blocks.next_if(|block| matches!(block, Block::Text(_, style) if *style == LEAD))
        {
            y = lines(&mut sheet, SIDE, y + 4.0, ROOM, text, *style);
        }
        y = band(&mut sheet, y + 18.0) + 22.0;
        for block in blocks {
            let below = draw(&mut sheet, y, block, coarse);
            y = if below > y { below + 14.0 } else { y };
        }
        sheet.reach(y + 16.0);
        sheet.into_picture()
    }
}

/// A text in as many lines as it needs from `y` down; says where it ends.
fn lines(sheet: &mut Canvas, x: f32, y: f32, room: f32, text: &str, style: Style) -> f32 {
    let mut bottom = y;
    for line in font::wrap(style.face, style.size, text, room) {
        sheet.text(x, bottom + style.size * 1.05, style.face, style.size, style.colour, &line);
        bottom += style.size * 1.36;
    }
    bottom
}

/// The same with every line ending at the right.
fn right(sheet: &mut Canvas, y: f32, room: f32, text: &str, style: Style) -> f32 {
    let mut bottom = y;
    for line in font::wrap(style.face, style.size, text, room) {
        let x = SIDE + ROOM - font::width(style.face, style.size, &line);
        sheet.text(x, bottom + style.size * 1.05, style.face, style.size, style.colour, &line);
        bottom += style.size * 1.36;
    }
    bottom
}

/// The woven band of the shop.
fn band(sheet: &mut Canvas, y: f32) -> f32 {
    let y = y.round();
    sheet.fill(Area { x: 0.0, y, w: WIDTH as f32, h: 20.0 }, 0.0, STRAW_PALE);
    for left in (0..WIDTH).step_by(40) {
        let x = left as f32;
        for strip in [0.0, 10.0] {
            sheet.fill(Area { x: x + 1.0, y: y + 1.0 + strip, w: 18.0, h: 8.0 }, 1.0, STRAW);
            sheet.fill(Area { x: x + 21.0 + strip, y: y + 1.0, w: 8.0, h: 18.0 }, 1.0, STRAW_DARK);
        }
    }
    y + 20.0
}

fn draw(sheet: &mut Canvas, y: f32, block: &Block, coarse: u32) -> f32 {
    match block {
        Block::Text(text, style) => lines(sheet, SIDE, y, ROOM, text, *style),
        Block::Row { label, value, strong } => row(sheet, y, label, value, *strong),
        Block::Amount { label, amount } => {
            let below = lines(sheet, SIDE, y, ROOM, label, LEAD);
            let text = amount.to_string();
            let size = (64.0 * ROOM / font::width(Face::Bold, 64.0, &text)).min(64.0);
            lines(sheet, SIDE, below, ROOM + 1.0, &text, Style { face: Face::Bold, size, colour: INK })
        }
        Block::Notes(amount) if *amount <= Rupiah::ZERO => y,
        Block::Notes(amount) => notes::lay(sheet, *amount, SIDE + 2.0, y + 4.0, ROOM - 4.0),
        Block::Photo(photo) => {
            let photo = coarser(photo, coarse);
            let left = (WIDTH - photo.width()) / 2;
            sheet.picture(left, y as u32, &photo);
            (y as u32 + photo.height()) as f32
        }
        Block::Goods { photo, name, detail, value } => {
            let photo = photo.as_deref().map(|photo| coarser(photo, coarse));
            goods(sheet, y.round(), photo.as_ref(), [name, detail, value])
        }
        Block::Qr { text, caption } => qr(sheet, y, text, caption),
        Block::Rule => {
            sheet.fill(Area { x: SIDE, y: y.round(), w: ROOM, h: 2.0 }, 0.0, LINE);
            y + 4.0
        }
    }
}

/// Label and value beside each other; the value goes below where they do not fit.
fn row(sheet: &mut Canvas, y: f32, label: &str, value: &str, strong: bool) -> f32 {
    let (named, said) = if strong { (STRONG, Style { size: 32.0, ..STRONG }) } else { (TEXT, STRONG) };
    let named = Style { colour: if strong { INK } else { SOFT }, ..named };
    let wide = font::width(said.face, said.size, value);
    let gap = 24.0;
    if font::width(named.face, named.size, label) + gap + wide <= ROOM {
        // Both stand on one line, though one is larger.
        let below = lines(sheet, SIDE, y + (said.size - named.size) * 1.05, ROOM, label, named);
        return right(sheet, y, ROOM, value, said).max(below);
    }
    // A short value keeps its place beside a label of several lines, an amount above all.
    if wide <= ROOM * 0.4 {
        let below = lines(sheet, SIDE, y, ROOM - gap - wide, label, named);
        return right(sheet, y, ROOM, value, said).max(below);
    }
    let below = lines(sheet, SIDE, y, ROOM, label, named);
    lines(sheet, SIDE, below, ROOM, value, said)
}

fn goods(sheet: &mut Canvas, y: f32, photo: Option<&RgbImage>, [name, detail, value]: [&String; 3]) -> f32 {
    let thumb = THUMB as f32;
    match photo {
        Some(photo) => sheet.picture(SIDE as u32, y as u32, photo),
        None => sheet.fill(Area { x: SIDE, y, w: thumb, h: thumb }, 8.0, STRAW_PALE),
    }
    let (x, room) = (SIDE + thumb + 20.0, ROOM - thumb - 20.0);
    let mut below = lines(sheet, x, y - 4.0, room, name, STRONG);
    if !detail.is_empty() {
        below = lines(sheet, x, below, room, detail, LEAD);
    }
    if !value.is_empty() {
        below = lines(sheet, x, below, room, value, Style { size: 32.0, ..STRONG });
    }
    below.max(y + thumb)
}

/// Fewer different pixels, softly: what weighs less when the card would be too heavy.
fn coarser(photo: &RgbImage, by: u32) -> RgbImage {
    if by < 2 {
        return photo.clone();
    }
    let (width, height) = photo.dimensions();
    let small = image::imageops::resize(photo, (width / by).max(1), (height / by).max(1), FilterType::Triangle);
    image::imageops::resize(&small, width, height, FilterType::Nearest)
}

/// The code on white, its caption beside it.
fn qr(sheet: &mut Canvas, y: f32, text: &str, caption: &str) -> f32 {
    let Ok(code) = QrCode::with_error_correction_level(text, EcLevel::M) else {
        return lines(sheet, SIDE, y, ROOM, text, TEXT);
    };
    let side = code.width() as u32 + 8;
    // Whole pixels a square, so that every phone reads it.
    let square = (248 / side).max(4);
    let full = (side * square) as f32;
    let y = (y + 10.0).round();
    sheet.fill(Area { x: SIDE, y, w: full, h: full }, 8.0, WHITE);
    let squares = code.to_colors();
    for (row, line) in squares.chunks(code.width()).enumerate() {
        for (column, _) in line.iter().enumerate().filter(|(_, colour)| **colour == qrcode::Color::Dark) {
            let at = |n: usize| ((n as u32 + 4) * square) as f32;
            let area = Area { x: SIDE + at(column), y: y + at(row), w: square as f32, h: square as f32 };
            sheet.fill(area, 0.0, [0, 0, 0]);
        }
    }
    let (x, room) = (SIDE + full + 24.0, ROOM - full - 24.0);
    if room < 200.0 {
        return lines(sheet, SIDE, y + full + 8.0, ROOM, caption, LEAD);
    }
    let high = font::wrap(LEAD.face, LEAD.size, caption, room).len() as f32 * LEAD.size * 1.36;
    let below = lines(sheet, x, y + ((full - high) / 2.0).max(0.0), room, caption, LEAD);
    below.max(y + full)
}
