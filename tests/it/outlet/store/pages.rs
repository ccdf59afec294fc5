//! The store as Bu Siti sees it, and as it is not there for others.
use entity::place;

use warong::outlet::purchase_return;

use super::{KG, Pantry};
use crate::support::Browser;

const HOME: &str = "/kelola/gudang";

#[actix_web::test]
async fn bu_siti_carries_counts_packs_and_marks_down() {
    let mut pantry = Pantry::open().await;
    let (rice, five) = (pantry.rice, pantry.five);
    let mut siti = pantry.granary.stand.siti.clone();
    siti.get(HOME).await.is(200).says("Beras medium curah").says("Habis");
    pantry.buys(rice, 100 * KG, 1_200_000, pantry.today(), Some(pantry.day(3))).await;
    siti.get(HOME).await.is(200).says("100 kg").says("3 hari lagi").says("Rp1.200.000");
    // To the store room.
    let page = format!("{HOME}/barang/{rice}");
    let carry = format!("{page}/pindah");
    let shelf = pantry.granary.stand.place_id.to_string();
    let store = pantry.place(place::Kind::Store).await.to_string();
    let seen = siti.get(&page).await;
    seen.is(200).says("Rp12.000").says("B").says("Pindahkan");
    for (typed, said) in [
        ([("dari", shelf.as_str()), ("ke", store.as_str()), ("jumlah", "")], "harus diisi"),
        ([("dari", shelf.as_str()), ("ke", store.as_str()), ("jumlah", "-3")], "Tulis angka"),
        ([("dari", shelf.as_str()), ("ke", shelf.as_str()), ("jumlah", "3")], "tempat lain"),
        ([("dari", shelf.as_str()), ("ke", store.as_str()), ("jumlah", "300")], "tinggal 100 kg"),
    ] {
        let seen = siti.get(&page).await;
        let answer = siti.fill(&seen, &carry, &typed).await;
        assert!(matches!(answer.status, 409 | 422), "{}", answer.status);
        if !typed[2].1.is_empty() {
            answer.says(said).says(&format!("value=\"{}\"", typed[2].1));
        }
    }
    let seen = siti.get(&page).await;
    let typed = [("dari", shelf.as_str()), ("ke", store.as_str()), ("jumlah", "60,5 kg")];
    siti.fill(&seen, &carry, &typed).await.is(303);
    siti.fill(&seen, &carry, &typed).await.is(303);
    siti.get(&page).await.is(200).says("60,5 kg").says("39,5 kg");
    // Packing, from the store room onto the shelf.
    siti.get(&format!("{HOME}/kemas")).await.is(200).says("Beras medium curah");
    let form = format!("{HOME}/kemas?barang={rice}");
    let pack = format!("{HOME}/kemas");
    let made = format!("jadi_{five}");
    let with = |n: &'static str, loss: &'static str| {
        vec![
            ("dari", store.clone()),
            ("ke", shelf.clone()),
            ("jumlah", "50".to_owned()),
            (Box::leak(made.clone().into_boxed_str()) as &str, n.to_owned()),
            ("alasan", loss.to_owned()),
        ]
    };
    for (typed, said) in [
        (with("", ""), "Tulis jadi berapa"),
        (with("11", ""), "kelebihan 5 kg"),
        (with("9", ""), "Tulis kenapa"),
        (with("1", "tumpah"), "lebih dari seperdua"),
        (with("satu", ""), "Tulis angka"),
    ] {
        let seen = siti.get(&form).await;
        let typed: Vec<(&str, &str)> = typed.iter().map(|(name, value)| (*name, value.as_str())).collect();
        siti.fill(&seen, &pack, &typed).await.is(422).says(said).says("value=\"50\"");
    }
    let seen = siti.get(&form).await;
    let typed = with("10", "");
    let typed: Vec<(&str, &str)> = typed.iter().map(|(name, value)| (*name, value.as_str())).collect();
    siti.fill(&seen, &pack, &typed).await.is(303);
    siti.get(&pack).await.is(200).says("100% terkantong").says("10 × ");
    assert_eq!(pantry.worth(five).await, (10, 600_000));
    // Counting the shelf.
    let counts = format!("{HOME}/hitung");
    let seen = siti.get(&counts).await;
    let opened = siti.fill(&seen, &counts, &[("tempat", &shelf)]).await;
    opened.is(303);
    let sheet = opened.location.clone().expect("the sheet");
    let seen = siti.get(&sheet).await;
    seen.is(200).says("Simpan hitungan");
    let (n_rice, n_five) = (format!("n_{rice}"), format!("n_{five}"));
    siti.fill(&seen, &sheet, &[(&n_rice, "abc")]).await.is(422).says("Tulis angka").says("abc");
    let seen = siti.get(&sheet).await;
    siti.fill(&seen, &sheet, &[]).await.is(422).says("Belum ada yang dihitung");
    let seen = siti.get(&sheet).await;
    siti.fill(&seen, &sheet, &[(&n_rice, "39"), (&n_five, "10")]).await.is(303);
    let seen = siti.get(&sheet).await;
    seen.is(200).says("−0,5 kg").says("1 barang cocok").says("6.000");
    let book = format!("{sheet}/buku");
    siti.fill(&seen, &book, &[]).await.is(422).says("Pilih sebabnya");
    let cause = format!("sebab_{rice}");
    let seen = siti.get(&sheet).await;
    siti.fill(&seen, &book, &[(&cause, "other")]).await.is(422).says("dengan kata-kata");
    let seen = siti.get(&sheet).await;
    siti.fill(&seen, &book, &[(&cause, "mice")]).await.is(303);
    siti.get(&sheet).await.is(200).says("Dimakan tikus").says("Dibukukan");
    siti.get(&counts).await.is(200).says("6.000");
    // Near its day: lower.
    let near = format!("{HOME}/diskon");
    let db = &pantry.granary.stand.shop.app.db;
    let lots = warong::outlet::store::lots(db, rice).await.expect("lots");
    let on_shelf = lots.iter().find(|lot| lot.place_id.to_string() == shelf).expect("a lot on the shelf").id;
    let offer = format!("{near}/{on_shelf}");
    let seen = siti.get(&near).await;
    seen.is(200).says("3 hari lagi").says("Rp12.000");
    siti.fill(&seen, &offer, &[("harga", "28.000"), ("alasan", "dekat")]).await.is(422).says("di bawah harga di papan");
    let seen = siti.get(&near).await;
    siti.fill(&seen, &offer, &[("harga", "9.000"), ("alasan", "dekat")]).await.is(422).says("dijual rugi");
    let seen = siti.get(&near).await;
    siti.fill(&seen, &offer, &[("harga", "9.000"), ("alasan", "dekat"), ("yakin", "1")]).await.is(303);
    let seen = siti.get(&near).await;
    seen.is(200).says("Rp9.000");
    let open = warong::outlet::markdown::open(db, pantry.granary.stand.outlet.id).await.expect("markdowns");
    let wide = siti.get(&format!("{near}?hari=30")).await;
    let end = format!("{near}/{}/selesai?hari=30", open[0].id);
    let ended = siti.fill(&wide, &end, &[]).await;
    assert_eq!(
        ended.is(303).location.as_deref(),
        Some(format!("{near}?hari=30").as_str()),
        "back to what was looked at"
    );
    siti.get(&format!("{HOME}/pesan")).await.is(200).says("Belum bisa dihitung");
    // The days pass, and it is thrown away.
    pantry.pass(4);
    pantry.puts_aside().await;
    let aside = format!("{HOME}/kedaluwarsa");
    let seen = siti.get(&aside).await;
    seen.is(200).says("39 kg");
    siti.get(HOME).await.is(200).says("sudah kedaluwarsa");
    let lots = warong::outlet::expired::aside(db, pantry.granary.stand.outlet.id).await.expect("lots");
    let lot = lots.iter().find(|lot| lot.remaining == 39 * KG).expect("rice").id;
    let out = format!("{aside}/{lot}");
    for typed in
        [[("jumlah", "0"), ("cara", "buang"), ("alasan", "x")], [("jumlah", "39"), ("cara", ""), ("alasan", "x")]]
    {
        siti.fill(&seen, &out, &typed).await.is(422);
    }
    let seen = siti.get(&aside).await;
    seen.says("Potongan dari UD Sumber");
    let back = |credit| [("jumlah", "30"), ("cara", "kembali"), ("potongan", credit), ("alasan", "berkutu")];
    siti.fill(&seen, &out, &back("9.000.000")).await.is(409).says("Potongannya paling banyak").says("9.000.000");
    siti.fill(&seen, &out, &back("seikhlasnya")).await.is(422);
    siti.fill(&seen, &out, &back("300.000")).await.is(303);
    siti.fill(&seen, &out, &back("300.000")).await.is(303);
    let seen = siti.get(&aside).await;
    seen.says("9 kg");
    siti.fill(&seen, &out, &[("jumlah", "9"), ("cara", "buang"), ("alasan", "berkutu")]).await.is(303);
    let lot = lots.iter().find(|one| one.id == lot).expect("the rice");
    let line = purchase_return::line_of(db, lot).await.expect("a read").expect("it was bought");
    siti.get(&format!("/kelola/belanja/{}", line.purchase_id)).await.is(200).says("Rp300.000");
    pantry.granary.stand.siti = siti;
    pantry.close().await;
}

#[actix_web::test]
async fn another_outlets_store_is_not_there_and_guests_sign_in() {
    let pantry = Pantry::open().await;
    let rice = pantry.rice;
    pantry.buys(rice, 10 * KG, 120_000, pantry.today(), Some(pantry.day(3))).await;
    let mut siti = pantry.granary.stand.siti.clone();
    let counts = format!("{HOME}/hitung");
    let shelf = pantry.granary.stand.place_id.to_string();
    let seen = siti.get(&counts).await;
    let sheet = siti.fill(&seen, &counts, &[("tempat", &shelf)]).await.location.expect("a sheet");
    let mut guest = Browser::new(&pantry.granary.stand.shop.base);
    let mut stranger = pantry.granary.stand.stranger.clone();
    for page in ["", "/hitung", "/kemas", "/kedaluwarsa", "/diskon", "/pesan"] {
        let seen = guest.get(&format!("{HOME}{page}")).await;
        assert!(seen.location.is_some_and(|to| to.starts_with("/masuk")), "{page}");
        let seen = stranger.get(&format!("{HOME}{page}")).await;
        assert!(!seen.is(200).body.contains("Beras medium"), "{page}");
    }
    let item = format!("{HOME}/barang/{rice}");
    for page in [item.as_str(), &sheet, &format!("{HOME}/kemas?barang={rice}"), &format!("{HOME}/barang/9999")] {
        stranger.get(page).await.is(404);
    }
    let own = stranger.get(&counts).await;
    let hidden = own.hidden(&counts);
    let lot = warong::outlet::store::lots(&pantry.granary.stand.shop.app.db, rice).await.expect("lots")[0].id;
    let keys = |more: &[(&str, &str)]| -> Vec<(String, String)> {
        let hidden = hidden.iter().cloned();
        hidden.chain(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))).collect()
    };
    for (action, more) in [
        (counts.clone(), vec![("tempat", shelf.as_str())]),
        (sheet.clone(), vec![("n_1", "3")]),
        (format!("{sheet}/buku"), vec![]),
        (format!("{sheet}/batal"), vec![]),
        (format!("{item}/pindah"), vec![("dari", shelf.as_str()), ("ke", "2"), ("jumlah", "1")]),
        (format!("{HOME}/diskon/{lot}"), vec![("harga", "9000"), ("alasan", "x"), ("yakin", "1")]),
        (format!("{HOME}/diskon/9999/selesai"), vec![]),
        (format!("{HOME}/kedaluwarsa/{lot}"), vec![("jumlah", "1"), ("cara", "buang"), ("alasan", "x")]),
    ] {
        let typed = keys(&more);
        let typed: Vec<(&str, &str)> = typed.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(stranger.post_raw(&action, &typed).await.status, 404, "{action}");
    }
    assert_eq!(pantry.worth(rice).await, (10 * KG, 120_000));
    pantry.close().await;
}
