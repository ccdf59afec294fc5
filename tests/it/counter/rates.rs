//! Shipping rates, written by the operator.
use warong::orders::rates;

use super::stand::Stand;

#[actix_web::test]
async fn an_operator_adds_and_changes_what_shipping_costs() {
    let mut stand = Stand::open().await;
    let new = "/kelola/ongkir/baru";
    let java = [("base_java", "Rp18.000"), ("step_java", "9.000"), ("days_min_java", "2"), ("days_max_java", "4")];
    let fields = |name| {
        [&[("name", name), ("divisor", "6.000"), ("min_grams", "1000"), ("step_grams", "1000")], &java[..]].concat()
    };
    let page = stand.siti.get(new).await;
    for _ in 0..2 {
        stand.siti.fill(&page, new, &fields("JNE Reguler")).await.is(303);
    }
    stand.tap(new, new, &fields("jne reguler")).await.is(422).says("sudah ada");
    let tariffs = rates::of_outlet(&stand.shop.app.db, stand.outlet.id).await.expect("rates");
    assert_eq!((tariffs.len(), tariffs[0].service.code.as_str()), (1, "jne_reguler"));

    let edit = format!("/kelola/ongkir/{}", tariffs[0].service.id);
    stand.siti.get(&edit).await.is(200).says("value=\"18000\"");
    stand.tap(&edit, &edit, &[fields("JNE"), vec![("base_java", "1e3")]].concat()).await.is(422).says("1e3");
    stand
        .tap(&edit, &edit, &[("name", "JNE"), ("divisor", "5000"), ("min_grams", "1"), ("step_grams", "500")])
        .await
        .is(303);
    let after = rates::find(&stand.shop.app.db, stand.outlet.id, tariffs[0].service.id).await.expect("the service");
    assert_eq!((after.service.divisor, after.rates.len()), (5_000, 0));
    stand.siti.get(&edit).await.says("Ongkos diubah").says("Bu Siti Aminah");
    stand.stranger.get(&edit).await.is(404);
    stand.close().await;
}
