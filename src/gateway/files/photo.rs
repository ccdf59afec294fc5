//! Turns a photo from a phone into the few small pictures the pages show.
//!
//! It is shrunk first and turned upright afterwards (a hundredth of the pixels to move), and written anew, so that nothing the
//! phone noted beside the picture (place, owner, device) comes along. It works the processor for some 200 ms and holds up to
//! 4 bytes a pixel, twice that for a progressive JPEG: call it from `spawn_blocking`, one at a time.

use std::io::Cursor;

use fast_image_resize::{PixelType, Resizer, images};
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits, RgbImage};
use jpeg_encoder::{ColorType, Encoder as JpegEncoder};
use webp::{Encoder as WebpEncoder, WebPConfig};

use super::{
    Format, Refusal,
    header::{measure, sniff},
};

/// Most bytes taken for one photo.
pub const MAX_BYTES: usize = 20 * 1024 * 1024;

/// Most pixels a photo may unfold to.
pub const MAX_PIXELS: u64 = 52_000_000;

/// Longest side taken, in pixels.
pub const MAX_SIDE: u32 = 12_500;

/// The long side must have at least this many pixels.
pub const MIN_LONG_SIDE: u32 = 200;

/// Most bytes of the list photo (`320.webp`), so that a list loads on a weak network.
pub const LIST_PHOTO_BYTES: usize = 15_000;

/// What a see-through picture is laid on: the paper of the pages, #f7eed9.
const PAPER: [u8; 3] = [0xF7, 0xEE, 0xD9];

/// A photo made ready.
#[derive(Clone, Debug)]
pub struct Photo {
    /// Width of the largest rendition, in pixels, upright.
    pub width: u32,
    /// Height of the largest rendition, in pixels, upright.
    pub height: u32,
    /// The average colour as "#rrggbb", to show until the picture has come.
    pub colour: String,
    /// `1280.webp`, `1200.jpg`, `640.webp`, `640.jpg` and `320.webp`; all five always, however small the photo.
    pub renditions: Vec<Rendition>,
}

/// One picture to be kept.
#[derive(Clone, Debug)]
pub struct Rendition {
    /// The end of its name: the long side it is meant for, in pixels, and the format.
    pub suffix: &'static str,
    /// Its real width in pixels; a small photo is never blown up.
    pub width: u32,
    /// Its real height in pixels.
    pub height: u32,
    /// The file.
    pub bytes: Vec<u8>,
}

/// What can be known before anything is unfolded: it is a picture, whole, and not too large. Takes microseconds.
pub fn judge(bytes: &[u8]) -> Result<Format, Refusal> {
    let format = sniff(bytes)?;
    if bytes.len() > MAX_BYTES {
        return Err(Refusal::TooManyBytes { max_mb: (MAX_BYTES / 1024 / 1024) as u32 });
    }
    check_size(measure(format, bytes)?)?;
    Ok(format)
}

/// Reads a photo and makes its renditions. The refusal says what the person can do about it.
pub fn process(bytes: &[u8]) -> Result<Photo, Refusal> {
    let format = judge(bytes)?;
    let large = upright(format, bytes)?;
    let social = shrink(&large, 1200)?;
    let medium = shrink(&large, 640)?;
    let small = shrink(&medium, 320)?;
    Ok(Photo {
        width: large.width(),
        height: large.height(),
        colour: average_colour(&small),
        renditions: vec![
            rendition("1280.webp", &large, webp(&large, 75.0)?),
            rendition("1200.jpg", &social, jpeg(&social)?),
            rendition("640.webp", &medium, webp(&medium, 70.0)?),
            rendition("640.jpg", &medium, jpeg(&medium)?),
            list_photo(small)?,
        ],
    })
}

fn check_size((width, height): (u32, u32)) -> Result<(), Refusal> {
    if u64::from(width) * u64::from(height) > MAX_PIXELS || width.max(height) > MAX_SIDE {
        return Err(too_many_pixels());
    }
    if width.max(height) < MIN_LONG_SIDE || width.min(height) == 0 {
        return Err(Refusal::TooSmall);
    }
    Ok(())
}

fn too_many_pixels() -> Refusal {
    Refusal::TooManyPixels { max_mp: 50 }
}

/// Unfolds a photo, shrinks it to at most 1280 pixels and turns it the way it was held.
fn upright(format: Format, bytes: &[u8]) -> Result<RgbImage, Refusal> {
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    // Four bytes a pixel and some room to work. A PNG of 16 bits a channel reaches this with fewer pixels.
    limits.max_alloc = Some(MAX_PIXELS * 4 + 16_000_000);

    let mut reader = ImageReader::with_format(Cursor::new(bytes), image_format(format));
    reader.limits(limits.clone());
    let mut decoder = reader.into_decoder().map_err(refusal)?;
    check_size(decoder.dimensions())?;
    limits.reserve(decoder.total_bytes()).map_err(refusal)?;
    // A note about the direction that cannot be read is no reason to refuse the picture.
    let orientation = decoder.orientation().unwrap_or(image::metadata::Orientation::NoTransforms);

    let whole = DynamicImage::from_decoder(decoder).map_err(refusal)?;
    let small = if whole.color().has_alpha() {
        let rgba = whole.into_rgba8();
        let (width, height) = fit(rgba.dimensions(), 1280);
        lay_on_paper(width, height, &resize(rgba.as_raw(), rgba.dimensions(), (width, height), PixelType::U8x4)?)?
    } else {
        shrink(&whole.into_rgb8(), 1280)?
    };
    let mut small = DynamicImage::ImageRgb8(small);
    small.apply_orientation(orientation);
    Ok(small.into_rgb8())
}

fn image_format(format: Format) -> ImageFormat {
    match format {
        Format::Jpeg => ImageFormat::Jpeg,
        Format::Png => ImageFormat::Png,
        Format::Webp => ImageFormat::WebP,
    }
}

fn refusal(error: ImageError) -> Refusal {
    match error {
        ImageError::Limits(_) => too_many_pixels(),
        ImageError::IoError(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => Refusal::Truncated,
        _ => Refusal::Damaged,
    }
}

/// The size with the same shape whose long side is at most `long`.
fn fit((width, height): (u32, u32), long: u32) -> (u32, u32) {
    let longest = width.max(height);
    let scaled = |side: u32| (u64::from(side) * u64::from(long) + u64::from(longest) / 2) / u64::from(longest.max(1));
    if longest <= long { (width, height) } else { (scaled(width).max(1) as u32, scaled(height).max(1) as u32) }
}

fn shrink(picture: &RgbImage, long: u32) -> Result<RgbImage, Refusal> {
    let (width, height) = fit(picture.dimensions(), long);
    let pixels = resize(picture.as_raw(), picture.dimensions(), (width, height), PixelType::U8x3)?;
    RgbImage::from_raw(width, height, pixels).ok_or(Refusal::Damaged)
}

/// Lanczos3, which keeps the weave of a basket sharp.
fn resize(pixels: &[u8], from: (u32, u32), to: (u32, u32), kind: PixelType) -> Result<Vec<u8>, Refusal> {
    if from == to {
        return Ok(pixels.to_vec());
    }
    let source = images::ImageRef::new(from.0, from.1, pixels, kind).map_err(|_| Refusal::Damaged)?;
    let mut result = images::Image::new(to.0, to.1, kind);
    Resizer::new().resize(&source, &mut result, None).map_err(|_| Refusal::Damaged)?;
    Ok(result.into_vec())
}

fn lay_on_paper(width: u32, height: u32, rgba: &[u8]) -> Result<RgbImage, Refusal> {
    let (pixels, _) = rgba.as_chunks::<4>();
    let mixed = pixels.iter().flat_map(|&[r, g, b, alpha]| {
        let alpha = u32::from(alpha);
        let mix = |ink: u8, paper: u8| ((u32::from(ink) * alpha + u32::from(paper) * (255 - alpha) + 127) / 255) as u8;
        [mix(r, PAPER[0]), mix(g, PAPER[1]), mix(b, PAPER[2])]
    });
    RgbImage::from_raw(width, height, mixed.collect()).ok_or(Refusal::Damaged)
}

fn rendition(suffix: &'static str, picture: &RgbImage, bytes: Vec<u8>) -> Rendition {
    Rendition { suffix, width: picture.width(), height: picture.height(), bytes }
}

/// The list photo, made plainer and then smaller until it is light enough.
fn list_photo(mut picture: RgbImage) -> Result<Rendition, Refusal> {
    for quality in [65.0, 55.0, 45.0, 35.0, 25.0] {
        let bytes = webp(&picture, quality)?;
        if bytes.len() <= LIST_PHOTO_BYTES {
            return Ok(rendition("320.webp", &picture, bytes));
        }
    }
    loop {
        let longest = picture.width().max(picture.height());
        picture = shrink(&picture, longest * 7 / 8)?;
        let bytes = webp(&picture, 25.0)?;
        // A picture of a few dozen pixels is always light enough; the second test only makes the end certain.
        if bytes.len() <= LIST_PHOTO_BYTES || longest <= 16 {
            return Ok(rendition("320.webp", &picture, bytes));
        }
    }
}

/// Method 2 of 6: three times quicker than the usual 4 for nearly the same bytes.
fn webp(picture: &RgbImage, quality: f32) -> Result<Vec<u8>, Refusal> {
    let mut config = WebPConfig::new().map_err(|()| Refusal::Damaged)?;
    config.quality = quality;
    config.method = 2;
    let encoder = WebpEncoder::from_rgb(picture.as_raw(), picture.width(), picture.height());
    encoder.encode_advanced(&config).map(|bytes| bytes.to_vec()).map_err(|_| Refusal::Damaged)
}

/// Progressive, so that a slow line shows the whole basket before its details.
fn jpeg(picture: &RgbImage) -> Result<Vec<u8>, Refusal> {
    let side = |pixels: u32| u16::try_from(pixels).map_err(|_| too_many_pixels());
    let (width, height) = (side(picture.width())?, side(picture.height())?);
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new(&mut bytes, 75);
    encoder.set_progressive(true);
    encoder.set_optimized_huffman_tables(true);
    encoder.encode(picture.as_raw(), width, height, ColorType::Rgb).map_err(|_| Refusal::Damaged)?;
    Ok(bytes)
}

fn average_colour(picture: &RgbImage) -> String {
    let (pixels, _) = picture.as_raw().as_chunks::<3>();
    let average =
        |channel: usize| pixels.iter().map(|pixel| u64::from(pixel[channel])).sum::<u64>() / pixels.len().max(1) as u64;
    format!("#{:02x}{:02x}{:02x}", average(0), average(1), average(2))
}
