//! Members buy on account, within what somebody else allowed, pay it down without haste, and never with interest.
use entity::{Rupiah, item, lot::Terms, sale, sale_line, sale_tender};
use futures_util::future::join_all;
use sea_orm::{ActiveValue::Set, EntityTrait};
use warong::{
    error::{Error, Result},
    ledger::{self, Book, NewEntry},
    outlet::{
        family,
        member::{self, NewMember},
    },
    stock::{self, Cause, Fresh, NewLot},
};

use crate::{
    counter::stand::Stand,
    support::{Browser, browser::Seen},
};

const MEMBERS: &str = "/kelola/anggota";

fn refused<T: std::fmt::Debug>(done: Result<T>) -> &'static str {
    match done {
        Err(Error::Refused(refusal)) => refusal.said.key,
        other => panic!("should have been refused: {other:?}"),
    }
}

impl Stand {
    async fn joins(&self, name: &str, family_id: Option<i64>) -> member::Model {
        let tx = self.begin().await;
        let new = NewMember { name: name.into(), phone: None, family_id };
        let made = member::add(&tx, &self.shop.clock, &self.outlet, &new, self.operator_id).await.expect("a member");
        tx.commit().await.expect("it stands");
        made
    }

    /// A sale that is written on an account, as a till books it: its price is of the outlet's own goods.
    async fn on_account(&self, member_id: i64, amount: i64) {
        let tx = self.begin().await;
        let clock = &self.shop.clock;
        let lot = NewLot {
            item_id: self.cage,
            place_id: self.place_id,
            owner_id: None,
            terms: Terms::Own,
            cost: Rupiah::ZERO,
            quantity: 1,
            grade: None,
            agreed: None,
            material: Rupiah::ZERO,
            intake_id: None,
            person_id: Some(self.operator_id),
            source_key: warong::secret::short_token(),
            fresh: Fresh::default(),
        };
        stock::receive(&tx, clock, &lot).await.expect("a lot of the outlet's own");
        let row = sale::ActiveModel {
            outlet_id: Set(self.outlet.id),
            secret: Set(warong::secret::short_token()),
            method: Set(sale::Method::Till),
            total: Set(Rupiah(amount)),
            person_id: Set(self.operator_id),
            source_key: Set(warong::secret::short_token()),
            sold_at: Set(clock.now()),
            member_id: Set(Some(member_id)),
            ..Default::default()
        };
        let id = sale::Entity::insert(row).exec(&tx).await.expect("a sale").last_insert_id;
        let line = sale_line::ActiveModel {
            sale_id: Set(id),
            item_id: Set(self.cage),
            name: Set("Kurungan ayam".into()),
            quantity: Set(1),
            list_price: Set(Rupiah(amount)),
            unit_price: Set(Rupiah(amount)),
            amount: Set(Rupiah(amount)),
            measure: Set(item::Measure::Piece),
            price_of: Set(sale_line::PriceOf::Posted),
            ..Default::default()
        };
        sale_line::Entity::insert(line).exec(&tx).await.expect("its line");
        let tender = sale_tender::ActiveModel {
            sale_id: Set(id),
            by: Set(sale_tender::By::Account),
            amount: Set(Rupiah(amount)),
            ..Default::default()
        };
        sale_tender::Entity::insert(tender).exec(&tx).await.expect("its tender");
        let lines = [(Book::Member(member_id), Rupiah(amount)), (Book::OwnSales(self.outlet.id), Rupiah(-amount))];
        let (key, goods) = (format!("sale:{id}"), warong::secret::short_token());
        let cause = Cause { subject: Some(&key), reason: None, person_id: None, source_key: &goods };
        stock::sell(&tx, clock, self.cage, self.place_id, 1, None, cause).await.expect("it leaves the shelf");
        let entry = NewEntry { source_key: &key, kind: "sold_at_till", subject: &key, memo: "", lines: &lines };
        ledger::post(&tx, clock, entry).await.expect("it is booked");
        tx.commit().await.expect("it stands");
    }

    async fn pays(&self, member_id: i64, amount: i64, key: &str) -> Result<()> {
        let tx = self.begin().await;
        let (clock, into) = (&self.shop.clock, Book::Drawer(7));
        let (outlet, by, now) = (&self.outlet, self.operator_id, clock.now());
        member::pay(&tx, clock, outlet, member_id, Rupiah(amount), into, by, key, now).await?;
        Ok(tx.commit().await?)
    }

    async fn allows(&self, member_id: i64, limit: i64, by: i64) -> Result<()> {
        let tx = self.begin().await;
        member::set_limit(&tx, &self.shop.clock, &self.outlet, member_id, Rupiah(limit), by).await?;
        Ok(tx.commit().await?)
    }
}

async fn tap(browser: &mut Browser, page: &str, action: &str, fields: &[(&str, &str)]) -> Seen {
    let page = browser.get(page).await;
    page.is(200);
    browser.fill(&page, action, fields).await
}

#[actix_web::test]
async fn a_member_buys_on_account_once_somebody_else_allowed_it_and_pays_it_down() {
    let mut stand = Stand::open().await;
    let typed = [("nama", "Bu Sati"), ("hp", "0812-0000-0002"), ("kartu", "")];
    tap(&mut stand.siti, MEMBERS, MEMBERS, &[("nama", ""), ("hp", "12")]).await.is(422).says("Harap diisi");
    tap(&mut stand.siti, MEMBERS, MEMBERS, &[("nama", "Bu Sati"), ("kartu", "K7M4")]).await.is(422).says("salah ketik");
    let made = tap(&mut stand.siti, MEMBERS, MEMBERS, &typed).await;
    let here = made.is(303).location.clone().expect("the page");
    tap(&mut stand.siti, MEMBERS, MEMBERS, &typed).await.is(409).says("sudah tercatat");
    stand.siti.get(&here).await.is(200).says("Bon mati").says("Tanpa bunga dan tanpa denda");
    let (limit, pay) = (format!("{here}/batas"), format!("{here}/bayar"));
    tap(&mut stand.siti, &here, &limit, &[("batas", "200.000")]).await.is(409).says("Anda sendiri");
    tap(&mut stand.hasan, &here, &limit, &[("batas", "-1")]).await.is(422);
    tap(&mut stand.hasan, &here, &limit, &[("batas", "6.000.000")]).await.is(422).says("Paling banyak");
    tap(&mut stand.hasan, &here, &limit, &[("batas", "200.000")]).await.is(303);
    let id: i64 = here.rsplit('/').next().and_then(|id| id.parse().ok()).expect("an id");
    let db = &stand.shop.app.db;
    assert_eq!(member::room(db, &[id]).await.expect("a read").get(&id), Some(&Rupiah(200_000)));
    stand.on_account(id, 80_000).await;
    assert_eq!(member::room(db, &[id]).await.expect("a read").get(&id), Some(&Rupiah(120_000)));
    let told = member::for_till(db, &stand.outlet).await.expect("told");
    assert_eq!((told[0]["limit"].as_i64(), told[0]["owed"].as_i64()), (Some(200_000), Some(80_000)));
    assert!(told[0].get("phone").is_none());
    stand.siti.get(&here).await.says("Rp80.000").says("Masih boleh dibon Rp120.000");
    for (amount, status, sentence) in [
        ("", 422, "Harap diisi"),
        ("0", 422, "sedikit"),
        ("12,5", 422, "angka saja"),
        ("80.001", 409, "Bon tinggal Rp80.000"),
    ] {
        let answer = tap(&mut stand.siti, &here, &pay, &[("jumlah", amount)]).await;
        answer.is(status).says(sentence);
    }
    let page = stand.siti.get(&here).await;
    stand.siti.fill(&page, &pay, &[("jumlah", "30.000")]).await.is(303);
    stand.siti.fill(&page, &pay, &[("jumlah", "30.000")]).await.is(303);
    assert_eq!(stand.balance(Book::Member(id)).await, 50_000, "tapped twice, paid once");
    assert_eq!(stand.balance(Book::Cash(stand.outlet.id)).await, 30_000);
    let print = stand.siti.get(&format!("{here}/cetak")).await;
    print.is(200).says("Rp80.000").says("Rp30.000").says("Sisa Rp50.000").says("Tanpa bunga");
    stand.siti.get(&here).await.says("wa.me/6281200000002").says("Tanpa%20bunga");
    tap(&mut stand.siti, &here, &format!("{here}/keluar"), &[]).await.is(409).says("Masih ada bon Rp50.000");
    // Another outlet's members do not exist.
    for path in [here.as_str(), &format!("{here}/cetak")] {
        stand.stranger.get(path).await.is(404);
    }
    assert_eq!(stand.shop.browser().get(MEMBERS).await.status, 303);
    tap(&mut stand.siti, &here, &pay, &[("jumlah", "50.000")]).await.is(303);
    tap(&mut stand.siti, &here, &format!("{here}/keluar"), &[]).await.is(303);
    stand.siti.get(&here).await.is(200).says("sudah keluar");
    stand.close().await;
}

#[actix_web::test]
async fn nobody_ever_pays_more_than_is_owed_however_many_tills_take_it() {
    let stand = Stand::open().await;
    let member = stand.joins("Pak Marsuki", None).await;
    stand.on_account(member.id, 100_000).await;
    assert_eq!(refused(stand.pays(member.id, 0, "a").await), "member.pay_nothing");
    assert_eq!(refused(stand.pays(member.id, 100_001, "a").await), "member.pay_more");
    assert!(matches!(stand.pays(9_999, 1, "a").await, Err(Error::NotFound)));
    let keys: Vec<String> = (0..4).map(|n| format!("till:{n}")).collect();
    let paid = join_all(keys.iter().map(|key| stand.pays(member.id, 60_000, key))).await;
    assert_eq!(paid.iter().filter(|paid| paid.is_ok()).count(), 1, "{paid:?}");
    let same = join_all((0..4).map(|_| stand.pays(member.id, 40_000, "till:same"))).await;
    assert!(same.iter().all(Result::is_ok), "{same:?}");
    assert_eq!(stand.balance(Book::Member(member.id)).await, 0);
    assert_eq!(stand.balance(Book::Drawer(7)).await, 100_000);
    let lines = member::statement(&stand.shop.app.db, member.id).await.expect("a statement");
    assert_eq!(lines.iter().map(|line| line.left.0).collect::<Vec<_>>(), [100_000, 40_000, 0]);
    stand.close().await;
}

#[actix_web::test]
async fn a_family_has_one_limit_for_all_of_its_members() {
    let stand = Stand::open().await;
    let tx = stand.begin().await;
    let clock = &stand.shop.clock;
    let card = family::draw_card(&tx, clock, stand.outlet.village_id, "Krajan", stand.operator_id).await;
    let card = card.expect("a card");
    tx.commit().await.expect("it stands");
    let first = stand.joins("Bu Sati", Some(card.id)).await;
    let hasan = warong::accounts::role::of(&stand.shop.app.db, stand.operator_id + 1).await.expect("roles");
    let hasan = hasan.first().expect("an operator").person_id;
    assert_eq!(refused(stand.allows(first.id, 100_000, stand.operator_id).await), "member.own_writing");
    assert_eq!(refused(stand.allows(first.id, 9_000_000, hasan).await), "member.limit");
    stand.allows(first.id, 100_000, hasan).await.expect("Pak Hasan allows it");
    let second = stand.joins("Pak Slamet", Some(card.id)).await;
    let alone = stand.joins("Pak Marsuki", None).await;
    assert_eq!((second.account_limit, alone.account_limit), (Rupiah(100_000), Rupiah::ZERO));
    stand.on_account(first.id, 70_000).await;
    let rooms = member::room(&stand.shop.app.db, &[first.id, second.id, alone.id]).await.expect("a read");
    let of = |id: i64| rooms.get(&id).map(|room| room.0);
    assert_eq!((of(first.id), of(second.id), of(alone.id)), (Some(30_000), Some(30_000), Some(0)));
    let told = member::for_till(&stand.shop.app.db, &stand.outlet).await.expect("told");
    let with: Vec<i64> = told.as_array().expect("a list").iter().filter_map(|one| one["with"].as_i64()).collect();
    assert_eq!(with.iter().filter(|with| **with == first.id).count(), 2, "{told}");
    assert!(!told.to_string().contains(&card.token), "no device learns whose card it is");
    // Less may be allowed by anybody; it holds for the whole family.
    stand.allows(second.id, 50_000, stand.operator_id).await.expect("less");
    let rooms = member::room(&stand.shop.app.db, &[first.id]).await.expect("a read");
    assert_eq!(rooms.get(&first.id), Some(&Rupiah(-20_000)), "what is owed stands");
    stand.close().await;
}
