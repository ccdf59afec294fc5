use super::*;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use jpeg_encoder::{ColorType, Encoder};
use proptest::prelude::*;
use std::{io::Cursor, sync::LazyLock, time::Instant};

/// Upright, its top left quarter is red, top right green, bottom left blue, bottom right white.
fn quarters(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| match (x * 2 < width, y * 2 < height) {
        (true, true) => Rgb([220, 30, 30]),
        (false, true) => Rgb([30, 200, 30]),
        (true, false) => Rgb([30, 30, 220]),
        (false, false) => Rgb([240, 240, 240]),
    })
}

/// Noise that no codec can press; the same every time.
fn noise(width: u32, height: u32) -> RgbImage {
    let mut state = 1u32;
    RgbImage::from_fn(width, height, |_, _| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let [a, b, c, _] = state.rotate_left(13).to_le_bytes();
        Rgb([a, b, c])
    })
}

fn encoded(picture: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.into().write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn jpeg(picture: &RgbImage, exif: Option<&[u8]>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, 90);
    if let Some(exif) = exif {
        encoder.add_app_segment(1, [b"Exif\0\0", exif].concat()).unwrap();
    }
    encoder.encode(picture, picture.width() as u16, picture.height() as u16, ColorType::Rgb).unwrap();
    bytes
}

/// The direction the phone was held in, and a text in the place for where it was.
fn exif(orientation: u16) -> Vec<u8> {
    let mut tiff = b"MM\0*\0\0\0\x08\0\x02".to_vec();
    tiff.extend([0x01, 0x12, 0, 3, 0, 0, 0, 1, (orientation >> 8) as u8, orientation as u8, 0, 0]);
    tiff.extend([0x88, 0x25, 0, 4, 0, 0, 0, 1, 0, 0, 0, 38, 0, 0, 0, 0]);
    tiff.extend(b"\0\0\0\0\0\0GPS 8.1234 S 113.7654 E");
    tiff
}

/// The picture as a phone stores it when held so that a viewer has to apply `orientation`.
fn stored(upright: &RgbImage, orientation: u16) -> RgbImage {
    let picture = DynamicImage::ImageRgb8(upright.clone());
    match orientation {
        2 => picture.fliph(),
        3 => picture.rotate180(),
        4 => picture.flipv(),
        5 => picture.rotate90().fliph(),
        6 => picture.rotate270(),
        7 => picture.rotate270().fliph(),
        8 => picture.rotate90(),
        _ => picture,
    }
    .into_rgb8()
}

fn decoded(rendition: &Rendition) -> RgbImage {
    let picture = image::load_from_memory(&rendition.bytes).unwrap().into_rgb8();
    assert_eq!(picture.dimensions(), (rendition.width, rendition.height), "{}", rendition.suffix);
    picture
}

fn assert_upright(photo: &Photo) {
    for rendition in &photo.renditions {
        let picture = decoded(rendition);
        let (w, h) = picture.dimensions();
        let at = |x: u32, y: u32| picture.get_pixel(w * x / 4, h * y / 4).0;
        let [r, g, b] = at(1, 1);
        assert!(r > 180 && g < 90 && b < 90, "{}: {r} {g} {b}", rendition.suffix);
        let [r, g, b] = at(3, 1);
        assert!(g > 160 && r < 90 && b < 90, "{}: {r} {g} {b}", rendition.suffix);
        let [r, g, b] = at(1, 3);
        assert!(b > 180 && r < 90 && g < 90, "{}: {r} {g} {b}", rendition.suffix);
        assert!(at(3, 3).iter().all(|light| *light > 210), "{}", rendition.suffix);
    }
}

#[test]
fn a_photo_comes_out_upright_however_the_phone_was_held() {
    let upright = quarters(800, 400);
    for orientation in 0..=9 {
        let photo = process(&jpeg(&stored(&upright, orientation), Some(&exif(orientation)))).unwrap();
        assert_eq!((photo.width, photo.height), (800, 400), "orientation {orientation}");
        assert_upright(&photo);
    }
}

#[test]
fn five_renditions_none_larger_than_the_photo() {
    let photo = process(&jpeg(&quarters(2000, 1000), None)).unwrap();
    let made: Vec<_> = photo.renditions.iter().map(|r| (r.suffix, r.width, r.height)).collect();
    let expected = [
        ("1280.webp", 1280, 640),
        ("1200.jpg", 1200, 600),
        ("640.webp", 640, 320),
        ("640.jpg", 640, 320),
        ("320.webp", 320, 160),
    ];
    assert_eq!(made, expected);
    assert_eq!((photo.width, photo.height), (1280, 640));
    for rendition in &photo.renditions {
        let magic = if rendition.suffix.ends_with("jpg") { Format::Jpeg } else { Format::Webp };
        assert_eq!(sniff(&rendition.bytes), Ok(magic));
    }
    let small = process(&jpeg(&quarters(200, 20), None)).unwrap();
    assert!(small.renditions.iter().all(|r| (r.width, r.height) == (200, 20)) && small.renditions.len() == 5);
    let narrow = process(&encoded(RgbImage::new(2, 2000), ImageFormat::Png)).unwrap();
    assert_eq!((narrow.width, narrow.height), (1, 1280));
}

#[test]
fn nothing_the_phone_noted_comes_along() {
    let bytes = jpeg(&quarters(400, 300), Some(&exif(1)));
    let holds = |bytes: &[u8], text: &[u8]| bytes.windows(text.len()).any(|part| part == text);
    assert!(holds(&bytes, b"113.7654"));
    for rendition in process(&bytes).unwrap().renditions {
        for trace in [&b"113.7654"[..], b"GPS", b"Exif", b"EXIF"] {
            assert!(!holds(&rendition.bytes, trace), "{}", rendition.suffix);
        }
    }
}

#[test]
fn the_list_photo_is_light_even_for_noise() {
    for (width, height) in [(1500, 1500), (320, 320), (300, 1600)] {
        let photo = process(&encoded(noise(width, height), ImageFormat::Png)).unwrap();
        let list = photo.renditions.iter().find(|r| r.suffix == "320.webp").unwrap();
        assert!(list.bytes.len() <= LIST_PHOTO_BYTES, "{} bytes", list.bytes.len());
        assert!(list.width.max(list.height) >= 100, "{} x {}", list.width, list.height);
        decoded(list);
    }
}

#[test]
fn png_and_webp_are_taken_in_all_their_colours() {
    let picture = DynamicImage::ImageRgb8(quarters(300, 200));
    for format in [ImageFormat::Png, ImageFormat::WebP] {
        assert_upright(&process(&encoded(picture.clone(), format)).unwrap());
    }
    assert_upright(&process(&webp::Encoder::from_rgb(quarters(300, 200).as_raw(), 300, 200).encode(90.0)).unwrap());
    assert_upright(&process(&encoded(picture.to_rgb16(), ImageFormat::Png)).unwrap());
    assert_upright(&process(&encoded(picture.to_rgba16(), ImageFormat::Png)).unwrap());
    process(&encoded(picture.to_luma8(), ImageFormat::Png)).unwrap();
    process(&encoded(picture.to_luma16(), ImageFormat::Png)).unwrap();
    process(&encoded(picture.to_luma8(), ImageFormat::Jpeg)).unwrap();
}

#[test]
fn a_jpeg_in_printers_colours_is_taken() {
    let pixels: Vec<u8> =
        quarters(300, 200).pixels().flat_map(|Rgb([r, g, b])| [255 - r, 255 - g, 255 - b, 0]).collect();
    for kind in [ColorType::Cmyk, ColorType::CmykAsYcck] {
        let mut bytes = Vec::new();
        Encoder::new(&mut bytes, 90).encode(&pixels, 300, 200, kind).unwrap();
        assert_upright(&process(&bytes).unwrap());
    }
}

#[test]
fn a_see_through_picture_is_laid_on_paper() {
    let clear = RgbaImage::from_fn(400, 300, |x, _| Rgba([0, 0, 0, if x < 200 { 0 } else { 255 }]));
    for format in [ImageFormat::Png, ImageFormat::WebP] {
        let photo = process(&encoded(clear.clone(), format)).unwrap();
        let picture = decoded(&photo.renditions[0]);
        for (channel, paper) in picture.get_pixel(50, 150).0.into_iter().zip([0xF7u8, 0xEE, 0xD9]) {
            assert!(channel.abs_diff(paper) < 8, "{channel} is not {paper}");
        }
        assert!(picture.get_pixel(350, 150).0.iter().all(|light| *light < 16));
    }
}

#[test]
fn the_average_colour_is_told() {
    let photo = process(&encoded(RgbImage::from_pixel(300, 300, Rgb([0x80, 0x40, 0x20])), ImageFormat::Png)).unwrap();
    assert_eq!(photo.colour, "#804020");
}

#[test]
fn what_is_no_picture_is_refused_by_its_kind() {
    let padded = |head: &[u8]| [head, &[0; 32]].concat();
    let other = |name| Err(Refusal::OtherFormat { name });
    for (head, answer) in [
        (&b"\0\0\0\x18ftypheic"[..], Err(Refusal::Heic)),
        (b"\0\0\0\x18ftypmif1", Err(Refusal::Heic)),
        (b"\0\0\0\x1cftypavif", other("AVIF")),
        (b"\0\0\0\x1cftypmp42", Err(Refusal::NotAPicture)),
        (b"GIF89a", other("GIF")),
        (b"%PDF-1.7", other("PDF")),
        (b"II*\0", other("TIFF")),
        (b"BM", other("BMP")),
        (b"<svg xmlns=", Err(Refusal::NotAPicture)),
        (b"MZ", Err(Refusal::NotAPicture)),
        (b"\xFF\xD8\xFF", Ok(Format::Jpeg)),
    ] {
        assert_eq!(sniff(&padded(head)), answer, "{head:?}");
    }
    assert_eq!(sniff(b""), Err(Refusal::NotAPicture));
    assert_eq!(process(b"hello").unwrap_err(), Refusal::NotAPicture);
    assert_eq!(process(&padded(b"\xFF\xD8\xFF")).unwrap_err(), Refusal::Truncated);
    assert_eq!(Refusal::Heic.key(), "photo.refused.heic");
}

#[test]
fn too_small_is_refused() {
    for (width, height) in [(1, 1), (199, 199), (1, 150)] {
        for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP] {
            let bytes = encoded(RgbImage::new(width, height), format);
            assert_eq!(process(&bytes).unwrap_err(), Refusal::TooSmall);
        }
    }
    process(&encoded(RgbImage::new(200, 150), ImageFormat::Jpeg)).unwrap();
}

#[test]
fn too_heavy_is_refused() {
    let mut bytes = encoded(RgbImage::new(300, 300), ImageFormat::Jpeg);
    bytes.resize(MAX_BYTES + 1, 0);
    assert_eq!(process(&bytes).unwrap_err(), Refusal::TooManyBytes { max_mb: 20 });
    bytes.truncate(MAX_BYTES);
    process(&bytes).unwrap();
}

/// A small file that says it is huge: each format's own way of naming its size, changed by hand.
fn bombs() -> Vec<Vec<u8>> {
    let small = RgbImage::new(300, 300);
    let mut png = encoded(small.clone(), ImageFormat::Png);
    png[16..24].copy_from_slice(&[0, 0, 0xC3, 0x50, 0, 0, 0xC3, 0x50]);

    let mut jpeg = jpeg(&small, None);
    let frame = jpeg.windows(2).position(|m| m == [0xFF, 0xC0]).unwrap();
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0xFF, 0xFF, 0xFF, 0xFF]);

    let mut lossless = encoded(small.clone(), ImageFormat::WebP);
    assert_eq!(&lossless[12..16], b"VP8L");
    lossless[21..25].copy_from_slice(&[0xFF, 0xFF, 0xFF, 0x0F]);

    let mut lossy = webp::Encoder::from_rgb(small.as_raw(), 300, 300).encode(75.0).to_vec();
    assert_eq!(&lossy[12..16], b"VP8 ");
    lossy[26..30].copy_from_slice(&[0xFF, 0x3F, 0xFF, 0x3F]);

    // A small canvas around a huge frame, and a huge canvas around a small one.
    let canvas = |side: [u8; 3], inner: &[u8]| {
        let mut bytes = b"RIFF\0\0\0\0WEBPVP8X\x0A\0\0\0\0\0\0\0".to_vec();
        bytes.extend(side);
        bytes.extend(side);
        bytes.extend(&inner[12..]);
        let length = (bytes.len() as u32 - 8).to_le_bytes();
        bytes[4..8].copy_from_slice(&length);
        bytes
    };
    let framed = canvas([0x2B, 1, 0], &lossy);
    let empty = canvas([0xFF, 0xFF, 0xFF], &encoded(small, ImageFormat::WebP));
    vec![png, jpeg, lossless, lossy, framed, empty]
}

#[test]
fn a_small_file_that_says_it_is_huge_is_refused_at_once() {
    for (kind, bomb) in bombs().into_iter().enumerate() {
        let before = peak_memory_kib();
        let began = Instant::now();
        assert_eq!(process(&bomb).unwrap_err(), Refusal::TooManyPixels { max_mp: 50 }, "bomb {kind}");
        assert!(began.elapsed().as_millis() < 200, "bomb {kind} took {:?}", began.elapsed());
        // Other tests may run beside this one; unfolding any of these would take 800 MB and more.
        assert!(peak_memory_kib() - before < 700_000, "bomb {kind}");
    }
    let long = encoded(RgbImage::new(12_501, 100), ImageFormat::Png);
    assert_eq!(process(&long).unwrap_err(), Refusal::TooManyPixels { max_mp: 50 });
}

/// Most memory this process has held so far; 0 where the system does not tell.
fn peak_memory_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or_default()
}

#[test]
fn a_file_that_breaks_off_is_refused() {
    let picture = quarters(400, 300);
    let files = [
        jpeg(&picture, Some(&exif(6))),
        encoded(noise(300, 200), ImageFormat::Jpeg),
        encoded(picture.clone(), ImageFormat::Png),
        encoded(picture.clone(), ImageFormat::WebP),
        webp::Encoder::from_rgb(picture.as_raw(), 400, 300).encode(75.0).to_vec(),
    ];
    for (kind, bytes) in files.iter().enumerate() {
        process(bytes).unwrap();
        for kept in
            [13, 40, 100, bytes.len() / 3, bytes.len() / 2, bytes.len() * 9 / 10, bytes.len() - 13, bytes.len() - 1]
        {
            // The last bytes of a PNG are only the check sum of its end.
            let complete = kind == 2 && kept >= bytes.len() - 4;
            if !complete {
                assert_eq!(process(&bytes[..kept]).unwrap_err(), Refusal::Truncated, "file {kind}, {kept} bytes");
            }
        }
    }
}

#[test]
fn what_follows_the_end_of_a_jpeg_does_no_harm() {
    let mut bytes = jpeg(&quarters(400, 300), None);
    bytes.extend(jpeg(&quarters(100, 100), None));
    bytes.extend(b"trailer");
    assert_upright(&process(&bytes).unwrap());
}

#[test]
fn the_small_picture_in_the_notes_is_not_taken_for_the_end() {
    let notes = [exif(1), jpeg(&quarters(80, 60), None)].concat();
    let bytes = jpeg(&quarters(400, 300), Some(&notes));
    assert_upright(&process(&bytes).unwrap());
    assert_eq!(process(&bytes[..bytes.len() / 2]).unwrap_err(), Refusal::Truncated);
}

#[test]
fn fifty_megapixels_are_taken() {
    let photo = process(&jpeg(&quarters(8160, 6120), None)).unwrap();
    assert_eq!((photo.width, photo.height), (1280, 960));
    assert_upright(&photo);
}

static SEEDS: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let picture = quarters(210, 40);
    let clear = RgbaImage::from_fn(210, 40, |x, y| Rgba([x as u8, y as u8, 9, (x + y) as u8]));
    let mut progressive = Vec::new();
    let mut encoder = Encoder::new(&mut progressive, 80);
    encoder.set_progressive(true);
    encoder.set_restart_interval(4);
    encoder.encode(&picture, 210, 40, ColorType::Rgb).unwrap();
    vec![
        jpeg(&picture, Some(&exif(6))),
        progressive,
        encoded(picture.clone(), ImageFormat::Png),
        encoded(clear.clone(), ImageFormat::Png),
        encoded(clear.clone(), ImageFormat::WebP),
        webp::Encoder::from_rgb(picture.as_raw(), 210, 40).encode(75.0).to_vec(),
        webp::Encoder::from_rgba(clear.as_raw(), 210, 40).encode(75.0).to_vec(),
        animation(),
    ]
});

/// Two frames, as a messenger's sticker.
fn animation() -> Vec<u8> {
    let frame = webp::Encoder::from_rgb(quarters(210, 40).as_raw(), 210, 40).encode(75.0);
    let mut body = b"WEBPVP8X\x0A\0\0\0\x02\0\0\0".to_vec();
    body.extend([209, 0, 0, 39, 0, 0]);
    body.extend(b"ANIM\x06\0\0\0\0\0\0\0\0\0");
    for _ in 0..2 {
        body.extend(b"ANMF");
        body.extend((frame.len() as u32 - 12 + 16).to_le_bytes());
        body.extend([0, 0, 0, 0, 0, 0, 209, 0, 0, 39, 0, 0, 100, 0, 0, 0]);
        body.extend(&frame[12..]);
    }
    [&b"RIFF"[..], &(body.len() as u32).to_le_bytes(), &body].concat()
}

#[test]
fn of_an_animation_the_first_frame_is_taken() {
    assert_upright(&process(&animation()).unwrap());
}

/// Rounds for the two tests below; `PHOTO_ROUNDS=20000` looks harder.
fn rounds() -> ProptestConfig {
    ProptestConfig::with_cases(std::env::var("PHOTO_ROUNDS").ok().and_then(|n| n.parse().ok()).unwrap_or(96))
}

proptest! {
    #![proptest_config(rounds())]

    #[test]
    fn no_bytes_make_it_panic(seed in 0usize..4, tail in prop::collection::vec(any::<u8>(), 0..400)) {
        let heads: [&[u8]; 4] = [b"", b"\xFF\xD8\xFF\xE0", b"\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR", b"RIFF\x40\0\0\0WEBPVP8X"];
        let bytes = [heads[seed], &tail].concat();
        drop(process(&bytes));
    }

    #[test]
    fn no_damage_makes_it_panic(
        seed in any::<prop::sample::Index>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), any::<bool>()), 1..6),
        cut in prop::option::weighted(0.1, any::<prop::sample::Index>()),
    ) {
        let mut bytes = SEEDS[seed.index(SEEDS.len())].clone();
        for (at, value, early) in changes {
            // Half of the damage falls on the first bytes, where the sizes and tables are.
            let at = at.index(if early { bytes.len().min(64) } else { bytes.len() });
            bytes[at] = value;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        if let Ok(photo) = process(&bytes) {
            prop_assert_eq!(photo.renditions.len(), 5);
        }
    }
}
