//! Banknotes and coins in small: own drawings, known by colour and figure.
use entity::Rupiah;

use super::{
    canvas::{Area, Canvas, Colour, INK, WHITE},
    font::{self, Face},
};
use crate::{
    cash::{self, Pile},
    locale::grouped,
};

/// Size of a note, and how far the next one peeks out from under it.
const W: f32 = 152.0;
const H: f32 = 76.0;
const STEP: f32 = 46.0;
const COIN: f32 = 64.0;
const GAP: f32 = 16.0;
/// So many of one kind are drawn one by one; more are two and a figure.
const SHOWN: i64 = 3;

/// The colour by which a note is known in Indonesia.
fn colour(value: i64) -> Colour {
    match value {
        100_000 => [0xb8, 0x3a, 0x4b],
        50_000 => [0x2f, 0x62, 0xa6],
        20_000 => [0x2e, 0x7d, 0x4f],
        10_000 => [0x6f, 0x4a, 0x8e],
        5_000 => [0x9a, 0x62, 0x2c],
        2_000 => [0x6a, 0x70, 0x78],
        1_000 => [0x7d, 0x86, 0x2b],
        _ => [0xa9, 0xad, 0xb2],
    }
}

fn paler(colour: Colour, part: f32) -> Colour {
    colour.map(|channel| (f32::from(channel) * (1.0 - part) + 255.0 * part).round() as u8)
}

/// Width of one pile with its count.
fn width(pile: &Pile) -> f32 {
    let shown = drawn(pile);
    let (piece, step) = if pile.is_coin { (COIN, COIN * 0.45) } else { (W, STEP) };
    piece + step * (shown - 1) as f32 + count_text(pile).map_or(0.0, |text| font::width(Face::Bold, 30.0, &text) + 10.0)
}

fn drawn(pile: &Pile) -> i64 {
    if pile.count > SHOWN { 2 } else { pile.count }
}

fn count_text(pile: &Pile) -> Option<String> {
    (pile.count > SHOWN).then(|| format!("× {}", grouped(pile.count)))
}

/// Lays an amount out in notes from `(x, y)`, in lines no wider than `room`; says where it ends below.
pub(super) fn lay(canvas: &mut Canvas, amount: Rupiah, x: f32, y: f32, room: f32) -> f32 {
    let cash = cash::of(amount);
    let (mut at, mut top) = (x, y);
    for pile in &cash.piles {
        let wide = width(pile);
        if at > x && at + wide > x + room {
            (at, top) = (x, top + H + GAP);
        }
        pile_at(canvas, pile, at, top);
        at += wide + GAP;
    }
    if cash.rest > Rupiah::ZERO {
        let text = if cash.piles.is_empty() { cash.rest.to_string() } else { format!("+ {}", cash.rest) };
        let wide = font::width(Face::Bold, 30.0, &text);
        if at > x && at + wide > x + room {
            (at, top) = (x, top + H + GAP);
        }
        canvas.text(at, top + H / 2.0 + 11.0, Face::Bold, 30.0, INK, &text);
    }
    canvas.reach(top + H);
    top + H
}

fn pile_at(canvas: &mut Canvas, pile: &Pile, x: f32, y: f32) {
    let shown = drawn(pile);
    let (piece, step) = if pile.is_coin { (COIN, COIN * 0.45) } else { (W, STEP) };
    for n in 0..shown {
        // The last one lies on top, so that its figure is whole; of those below the left edge is seen.
        let left = x + step * n as f32;
        if pile.is_coin {
            coin(canvas, pile.value, left, y + (H - COIN) / 2.0)
        } else {
            note(canvas, pile.value, left, y)
        }
    }
    if let Some(text) = count_text(pile) {
        canvas.text(x + piece + step * (shown - 1) as f32 + 10.0, y + H / 2.0 + 11.0, Face::Bold, 30.0, INK, &text);
    }
}

fn note(canvas: &mut Canvas, value: i64, x: f32, y: f32) {
    let ink = colour(value);
    canvas.fill(Area { x: x - 2.0, y: y - 2.0, w: W + 4.0, h: H + 4.0 }, 9.0, WHITE);
    canvas.fill(Area { x, y, w: W, h: H }, 7.0, ink);
    canvas.fill(Area { x: x + 6.0, y: y + 6.0, w: W - 12.0, h: H - 12.0 }, 4.0, paler(ink, 0.86));
    // A woven edge below the figure, as on our baskets.
    for n in 0..11 {
        let left = x + 10.0 + 12.0 * n as f32;
        for strip in [0.0, 6.0] {
            let (dx, dy, w, h) = if n % 2 == 0 { (0.0, strip, 10.0, 4.0) } else { (strip, 0.0, 4.0, 10.0) };
            canvas.fill(Area { x: left + dx, y: y + H - 21.0 + dy, w, h }, 1.0, paler(ink, 0.55));
        }
    }
    let text = grouped(value);
    let size = 32.0;
    let wide = font::width(Face::Bold, size, &text);
    canvas.text(x + (W - wide) / 2.0, y + 44.0, Face::Bold, size, ink, &text);
}

fn coin(canvas: &mut Canvas, value: i64, x: f32, y: f32) {
    let metal = colour(value);
    canvas.ellipse(Area { x: x - 2.0, y: y - 2.0, w: COIN + 4.0, h: COIN + 4.0 }, WHITE);
    canvas.ellipse(Area { x, y, w: COIN, h: COIN }, metal);
    canvas.ellipse(Area { x: x + 5.0, y: y + 5.0, w: COIN - 10.0, h: COIN - 10.0 }, paler(metal, 0.72));
    let text = grouped(value);
    let wide = font::width(Face::Bold, 24.0, &text);
    canvas.text(x + (COIN - wide) / 2.0, y + COIN / 2.0 + 9.0, Face::Bold, 24.0, INK, &text);
}
