//! The business letter on paper: letterhead, what the village says, who signs, and a code by which anybody checks it.
//! It is a document of an Indonesian village, so it is written in Indonesian for whoever asked.
use chrono::NaiveDate;

use crate::{
    locale::{self, Lang},
    pdf::{Sheet, WIDTH},
    picture::font::Face,
};
use entity::{business_letter::Model, village};

const LEFT: f32 = 68.0;
const ROOM: f32 = WIDTH - 2.0 * LEFT;
const MIDDLE: f32 = WIDTH / 2.0;
const SIZE: f32 = 11.0;
/// Where the values of the facts begin.
const VALUES: f32 = 190.0;

/// "Kabupaten Jember", whether the village's row says the word or not.
pub fn regency(village: &village::Model) -> String {
    let name = &village.kabupaten;
    let named = ["kab", "kota"].iter().any(|word| name.to_lowercase().starts_with(word));
    if named { name.clone() } else { format!("Kabupaten {name}") }
}

/// "Dusun Krajan, RT 002 / RW 001"
pub fn home(letter: &Model) -> String {
    let mut home = match letter.dusun.is_empty() {
        true => String::new(),
        false => format!("Dusun {}", letter.dusun.trim_start_matches("Dusun ")),
    };
    for (what, number) in [("RT", &letter.rt), ("RW", &letter.rw)] {
        if !number.is_empty() {
            let between = match (home.is_empty(), what) {
                (true, _) => "",
                (false, "RW") => " / ",
                _ => ", ",
            };
            home = format!("{home}{between}{what} {number}");
        }
    }
    home
}

/// Draws a letter that was issued; `url` is where it is checked.
pub fn draw(letter: &Model, village: &village::Model, url: &str) -> anyhow::Result<Vec<u8>> {
    let number = letter.number.as_deref().unwrap_or_default();
    let mut sheet = Sheet::new(format!("Surat Keterangan Usaha {number}"));
    let y = head(&mut sheet, village) + 26.0;
    let y = sheet.centred(MIDDLE, y, ROOM, Face::Serif, 15.0, "SURAT KETERANGAN USAHA");
    let y = sheet.centred(MIDDLE, y, ROOM, Face::Regular, SIZE, &format!("Nomor: {number}")) + 20.0;
    let place = format!("Desa {}, Kecamatan {}, {}", village.name, village.kecamatan, regency(village));
    let opening = format!("Yang bertanda tangan di bawah ini, Kepala {place}, menerangkan bahwa:");
    let mut y = sheet.wrapped(LEFT, y, ROOM, Face::Regular, SIZE, &opening) + 8.0;
    let address = [home(letter), place].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ");
    y = fact(&mut sheet, y, "Nama", &letter.name);
    y = fact(&mut sheet, y, "Alamat", &address) + 8.0;
    let runs = "menurut pengetahuan kami benar menjalankan usaha di desa kami:";
    y = sheet.wrapped(LEFT, y, ROOM, Face::Regular, SIZE, runs) + 8.0;
    y = fact(&mut sheet, y, "Bidang usaha", &letter.business);
    if let Some(since) = letter.since {
        y = fact(&mut sheet, y, "Sejak tahun", &since.to_string());
    }
    y = fact(&mut sheet, y, "Tempat usaha", "di alamat tersebut di atas") + 8.0;
    let until = letter.valid_until.map(day).unwrap_or_default();
    let purpose = match &letter.purpose {
        Some(purpose) => format!("untuk keperluan {purpose}"),
        None => "untuk dipergunakan sebagaimana mestinya".to_owned(),
    };
    let closing = format!("Surat keterangan ini dibuat {purpose} dan berlaku sampai dengan {until}.");
    y = sheet.wrapped(LEFT, y, ROOM, Face::Regular, SIZE, &closing) + 26.0;
    sign(&mut sheet, y, letter, village);
    check(&mut sheet, y, url);
    sheet.finish()
}

/// Who writes, with the double line below.
fn head(sheet: &mut Sheet, village: &village::Model) -> f32 {
    let lines = [
        (12.0, format!("PEMERINTAH {}", regency(village).to_uppercase())),
        (12.0, format!("KECAMATAN {}", village.kecamatan.to_uppercase())),
        (17.0, format!("DESA {}", village.name.to_uppercase())),
    ];
    let mut y = 56.0;
    for (size, line) in lines {
        y = sheet.centred(MIDDLE, y + size * 1.3, ROOM, Face::Serif, size, &line) - size * 1.4;
    }
    y += 16.0;
    y = sheet.centred(MIDDLE, y, ROOM, Face::Regular, 9.0, &format!("Kode wilayah {}", village.code));
    sheet.bar(LEFT, y, ROOM, 2.2);
    sheet.bar(LEFT, y + 4.0, ROOM, 0.7);
    y + 4.0
}

fn fact(sheet: &mut Sheet, y: f32, label: &str, value: &str) -> f32 {
    sheet.text(LEFT + 18.0, y, Face::Regular, SIZE, label);
    sheet.text(VALUES - 10.0, y, Face::Regular, SIZE, ":");
    sheet.wrapped(VALUES, y, LEFT + ROOM - VALUES, Face::Bold, SIZE, value) + 3.0
}

/// Place, day and who signs, with room for a hand and a stamp.
fn sign(sheet: &mut Sheet, y: f32, letter: &Model, village: &village::Model) {
    let (x, room) = (LEFT + ROOM * 0.75, ROOM * 0.5);
    let on = letter.issued_on.map(day).unwrap_or_default();
    let y = sheet.centred(x, y, room, Face::Regular, SIZE, &format!("{}, {on}", village.name));
    let y = sheet.centred(x, y, room, Face::Regular, SIZE, &format!("Kepala Desa {}", village.name)) + 62.0;
    sheet.centred(x, y, room, Face::Bold, SIZE, letter.head_name.as_deref().unwrap_or_default());
}

fn check(sheet: &mut Sheet, y: f32, url: &str) {
    sheet.qr(LEFT, y - 8.0, 92.0, url);
    let said = "Pindai untuk memeriksa keaslian surat ini:";
    let y = sheet.wrapped(LEFT, y + 98.0, ROOM * 0.5, Face::Regular, 8.0, said);
    sheet.wrapped(LEFT, y, ROOM * 0.52, Face::Regular, 8.0, url);
}

/// "21 November 2026": letters leave the day of the week away.
fn day(on: NaiveDate) -> String {
    let whole = locale::date(Lang::Id, on);
    whole.split_once(", ").map_or(whole.clone(), |(_, day)| day.to_owned())
}
