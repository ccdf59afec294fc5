use super::*;
use entity::Rupiah;
use image::RgbImage;

/// Writes what a test drew to a folder, to be looked at.
fn look(name: &str, bytes: &[u8]) {
    if let Ok(folder) = std::env::var("LOOK_AT") {
        std::fs::write(format!("{folder}/{name}.png"), bytes).unwrap();
    }
}

fn photo(name: &str) -> &'static [u8] {
    crate::assets::DEMO_PHOTOS.iter().find(|(known, _)| known.contains(name)).unwrap().1
}

fn receipt() -> Card {
    Card::new("Tanda terima setoran")
        .lead("e-Warong Kemuning Lor")
        .lead("S-2611-0042 · 21 November 2026")
        .row("Perajin", "Bu Sati'ah binti Marhamah")
        .goods(Some(photo("photos/keranjang-sampah-anyam-1")), "Keranjang sampah anyam", "12 buah, mutu A", "Rp255.360")
        .goods(None, "Kurungan ayam dari bambu apus untuk ayam bangkok", "3 buah, mutu B", "Rp133.440")
        .rule()
        .row("Ditolak", "1 buah, pinggirnya retak")
        .row("Titip jual, uangnya dibayar sesudah laku", "76%")
        .total("Jumlah", "Rp388.800")
        .amount("Uang untuk pembuat", Rupiah(388_880))
        .notes(Rupiah(388_880))
        .qr("https://warong.example/s/AbCdEfGhIjKlMnOpQrStUv", "Pindai kode ini untuk memeriksa tanda terima")
        .small("Bhâḍhân usaha ḍisa, ṭ: disimpan baik-baik.")
}

/// Pixels at the sides that nothing may touch but the band across.
fn sides_are_empty(picture: &RgbImage) {
    let band =
        |y: u32| picture.get_pixel(2, y).0 == [0xf3, 0xe6, 0xc8] || picture.get_pixel(3, y).0 == [0xd8, 0xae, 0x62];
    for y in (0..picture.height()).filter(|y| !band(*y)) {
        for x in (0..24).chain(WIDTH - 24..WIDTH) {
            assert_eq!(picture.get_pixel(x, y).0, [0xfb, 0xf7, 0xee], "({x}, {y}) is drawn on");
        }
    }
}

#[test]
fn a_receipt_is_drawn_within_its_card_and_is_light() {
    let card = receipt();
    sides_are_empty(&card.drawn(1));
    let png = card.png();
    look("receipt", &png);
    assert!(png.len() < MAX_BYTES, "{} bytes", png.len());
    let read = image::load_from_memory(&png).unwrap();
    assert_eq!((read.width(), read.height()), (WIDTH, card.drawn(1).height()));
}

#[test]
fn text_never_leaves_the_card_however_long() {
    let endless = "Sati".repeat(12);
    let many = "Kelompok Usaha Bersama Krajan Makmur Sejahtera Abadi ".repeat(2);
    let card = Card::new(&endless)
        .lead(&many)
        .text(&endless)
        .row(&many, "Rp1")
        .row("Nama", &many)
        .row(&endless, &endless)
        .total(&many, "Rp999.999.999.999")
        .goods(None, &endless, &many, "Rp999.999.999.999")
        .amount(&many, Rupiah(999_999_999_999_999))
        .notes(Rupiah(999_999_999_999_999))
        .notes(Rupiah(388_899))
        .qr(format!("https://warong.example/{}", "x".repeat(300)), &many)
        .small(&endless);
    sides_are_empty(&card.drawn(1));
    let png = card.png();
    look("long", &png);
    assert!(png.len() < MAX_BYTES, "{} bytes", png.len());
}

#[test]
fn a_restless_photo_gets_coarser_until_the_card_is_light() {
    let mut seed = 1u32;
    let noise = RgbImage::from_fn(900, 900, |_, _| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        image::Rgb([(seed >> 24) as u8, (seed >> 16) as u8, (seed >> 8) as u8])
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    noise.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    let mut card = Card::new("Foto");
    for _ in 0..2 {
        card = card.photo(bytes.get_ref());
    }
    let png = card.png();
    assert!(png.len() < MAX_BYTES, "{} bytes", png.len());
}

#[test]
fn a_card_with_photos_keeps_its_look() {
    let card = Card::new("Keranjang sampah anyam")
        .lead("Bu Sati · Dusun Krajan, Kemuning Lor")
        .photo(photo("photos/keranjang-sampah-anyam-1"))
        .goods(Some(photo("faces/bu-sati")), "Bu Sati", "Menganyam sejak 1998", "")
        .row("Mutu", "A");
    let png = card.png();
    look("photo", &png);
    assert!(png.len() < MAX_BYTES, "{} bytes", png.len());
}

#[test]
fn what_is_no_picture_is_left_out() {
    let plain = Card::new("Foto").text("a").png();
    assert_eq!(Card::new("Foto").photo(b"no picture").text("a").png(), plain);
}

#[test]
fn every_note_is_drawn_for_the_eye() {
    let mut card = Card::new("Uang");
    for amount in [100, 1_280, 21_280, 188_800, 276_000, 3_500_000, 40] {
        card = card.amount("", Rupiah(amount)).notes(Rupiah(amount)).rule();
    }
    look("notes", &card.png());
    let before = Card::new("Uang").png();
    assert_eq!(Card::new("Uang").notes(Rupiah(-5)).png().len(), before.len(), "a debt has no notes");
}
