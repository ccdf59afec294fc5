//! To the rupiah and to the piece: what people do by chance at a counter, against a second program that only knows what
//! they did. `HOUSEHOLDS=10000` walks that many steps; the ordinary suite walks fewer.
mod goods;
mod kiosk;
mod model;
mod money;
mod walk;

use walk::Walk;

/// Steps of a walk in the ordinary suite.
const STEPS: usize = 1_500;

#[actix_web::test]
async fn every_household_is_owed_and_has_what_a_second_program_works_out() {
    let steps = std::env::var("HOUSEHOLDS").ok().and_then(|n| n.parse().ok()).unwrap_or(STEPS);
    let mut walk = Walk::open(20_261_130).await;
    // Looking at everything takes longer the more there is.
    let often = (steps / 20).max(100);
    for step in 1..=steps {
        walk.step().await;
        if step % often == 0 || step == steps {
            walk.agrees(step).await;
        }
    }
    walk.close(steps).await;
}
