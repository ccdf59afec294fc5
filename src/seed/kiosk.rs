//! A kiosk in Balikpapan that was given goods, visited once, and still owes a part.
use chrono::Duration;

use super::Ground;
use crate::{
    catalogue::Hand,
    clock::Clock,
    db,
    error::{Error, Result},
    outlet::goods,
    region::Code,
    wholesale::{
        kiosk::{self, Agreement, Bearer, PaysAt},
        kiosk_drop::{self, NewDrop, NewLine},
        kiosk_visit::{self, Counted, NewVisit, Told},
    },
};
use entity::{Rupiah, outlet};

/// So many pieces of each of the goods went there; of goods with fewer than that to spare none did.
const PIECES: [i64; 3] = [12, 8, 6];

pub(super) async fn make(ground: &Ground<'_>, outlet: &outlet::Model, hand: &Hand) -> Result<()> {
    if !kiosk::list(ground.db, outlet.id).await?.is_empty() {
        return Ok(());
    }
    let by = hand.person_id.ok_or_else(|| Error::Fault(anyhow::anyhow!("the village has no operator")))?;
    let clock = Clock::stopped(ground.now - Duration::days(14));
    let region = Code::parse("64.71.01.1001").map_err(|e| anyhow::anyhow!("Balikpapan: {e}"))?;
    let tx = db::begin(ground.db).await?;
    let terms = Agreement {
        name: "Kios Bu Rahma".into(),
        keeper: "Bu Rahma".into(),
        phone: "6281300000100".into(),
        region,
        commission_bp: 1_250,
        damage_by: Bearer::Outlet,
        pays_at: PaysAt::Cash,
    };
    let kiosk = kiosk::open(&tx, &clock, outlet, &terms, by).await?;
    let spare = goods::on_shelf(&tx, outlet.id).await?.into_iter().filter(|good| good.free > 20);
    let lines: Vec<NewLine> = PIECES
        .iter()
        .zip(spare)
        .map(|(pieces, good)| NewLine {
            item_id: good.item_id,
            quantity: *pieces,
            grade: None,
            unit_price: kiosk::usual_price(good.price, kiosk.commission_bp),
        })
        .collect();
    if lines.is_empty() {
        return Ok(());
    }
    let new = NewDrop { lines: lines.clone(), carrier: Some("KM Dharma Kartika, resi 4471".into()), note: None };
    kiosk_drop::drop(&tx, &clock, outlet, kiosk.id, &new, by, "seed:drop").await?;
    clock.advance(Duration::days(11));
    let told = Told { outlet, person_id: by, at: clock.now(), source_key: "seed:visit" };
    let visit = NewVisit { collected: Rupiah(200_000), ..counted(&lines) };
    kiosk_visit::accept(&tx, &clock, told, kiosk.id, &visit).await?;
    Ok(tx.commit().await?)
}

/// Half of everything was sold; of the first one broke on the way, and one goes home.
fn counted(lines: &[NewLine]) -> NewVisit {
    let line = |(n, line): (usize, &NewLine)| {
        let (good, damaged) = if n == 0 { (1, 1) } else { (0, 0) };
        let sold = line.quantity / 2;
        Counted {
            item_id: line.item_id,
            expected: line.quantity,
            sold,
            good,
            damaged,
            still: line.quantity - sold - good - damaged,
            unit_price: line.unit_price,
        }
    };
    NewVisit { lines: lines.iter().enumerate().map(line).collect(), ..NewVisit::default() }
}
