//! What goods cost that are kept in one heap: the moving average, in whole rupiah.
//!
//! What comes adds its cost to the heap; what goes takes its part of the heap's worth, half a rupiah rounded up, and the
//! last of it takes whatever is left, so that an empty heap is worth nothing. What goes that is not there (a sale came
//! before its purchase was written) goes at the last average, and the next goods to come settle the difference.
use entity::Rupiah;

/// What happens to a heap, in grams, millilitres or pieces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Bought, for so much in all.
    Received { quantity: i64, cost: Rupiah },
    /// Sold, shrunk, sent back or used up.
    Issued { quantity: i64 },
    /// Came back, or was counted though the books did not have it; worth the average.
    Found { quantity: i64 },
}

/// What a step does to the books: what the goods are worth more, and what was used up. The two sum to what was paid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Booked {
    pub goods: Rupiah,
    pub used: Rupiah,
}

/// A heap of one kind of goods.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Heap {
    pub quantity: i64,
    pub value: Rupiah,
    /// The average when there last was something: so many rupiah for so much.
    pub last_value: Rupiah,
    pub last_quantity: i64,
}

impl Heap {
    /// What so much of it costs at the average, half a rupiah rounded up; nothing when there never was any.
    pub fn cost_of(&self, quantity: i64) -> Rupiah {
        Rupiah(part(self.last_value.0, quantity, self.last_quantity))
    }

    /// Does a step.
    pub fn apply(&mut self, step: Step) -> Booked {
        match step {
            Step::Received { quantity, cost } => self.receive(quantity, cost),
            Step::Issued { quantity } => self.issue(quantity),
            Step::Found { quantity } => {
                let goods = self.receive(quantity, self.cost_of(quantity)).goods;
                Booked { goods, used: -goods }
            }
        }
    }

    fn receive(&mut self, quantity: i64, cost: Rupiah) -> Booked {
        let missing = (-self.quantity).max(0);
        let covered = quantity.min(missing);
        // What was missing had gone at the last average; now it is known what it cost.
        let used = Rupiah(part(cost.0, covered, quantity) + part(self.value.0, covered, missing));
        self.change(quantity, cost - used);
        Booked { goods: cost - used, used }
    }

    fn issue(&mut self, quantity: i64) -> Booked {
        let there = quantity.min(self.quantity.max(0));
        let taken = part(self.value.0, there, self.quantity);
        let used = Rupiah(taken) + self.cost_of(quantity - there);
        self.change(-quantity, -used);
        Booked { goods: -used, used }
    }

    fn change(&mut self, quantity: i64, value: Rupiah) {
        self.quantity += quantity;
        self.value += value;
        if self.quantity > 0 {
            (self.last_value, self.last_quantity) = (self.value, self.quantity);
        }
    }
}

/// `value * quantity / of`, half a rupiah away from nothing; nothing of nothing.
fn part(value: i64, quantity: i64, of: i64) -> i64 {
    if of == 0 {
        return 0;
    }
    let (value, of) = (i128::from(value) * i128::from(quantity) * i128::from(of.signum()), i128::from(of).abs());
    let rounded = (2 * value + value.signum() * of) / (2 * of);
    i64::try_from(rounded).unwrap_or(if rounded < 0 { i64::MIN } else { i64::MAX })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const KG: i64 = 1_000;

    fn received(kg: i64, price: i64) -> Step {
        Step::Received { quantity: kg * KG, cost: Rupiah(kg * price) }
    }

    fn issued(kg: i64) -> Step {
        Step::Issued { quantity: kg * KG }
    }

    /// What each step books, and the heap after it.
    fn walk(steps: &[Step]) -> (Vec<Booked>, Vec<Heap>) {
        let mut heap = Heap::default();
        steps.iter().map(|step| (heap.apply(*step), heap)).unzip()
    }

    fn values(steps: &[Step]) -> Vec<i64> {
        walk(steps).1.iter().map(|heap| heap.value.0).collect()
    }

    /// The average of a kilogram after each step, to the millionth.
    fn averages(steps: &[Step]) -> Vec<String> {
        let average = |heap: &Heap| heap.value.0 as f64 * 1_000.0 / heap.quantity as f64;
        walk(steps).1.iter().map(|heap| format!("{:.6}", average(heap))).collect()
    }

    #[test]
    fn rice_bought_twice_and_counted_short() {
        let mut steps = vec![received(100, 25_116), issued(40), received(60, 26_599), issued(70), issued(2)];
        assert_eq!(values(&steps), [2_511_600, 1_506_960, 3_102_900, 1_292_875, 1_241_160]);
        assert_eq!(averages(&steps)[1..], ["25116.000000", "25857.500000", "25857.500000", "25857.500000"]);
        assert_eq!(walk(&steps).0[4].used, Rupiah(51_715));
        // Twenty kilos that came before are written later: all that follows costs something else.
        steps.insert(1, received(20, 24_000));
        assert_eq!(averages(&steps)[..4], ["25116.000000", "24930.000000", "24930.000000", "25645.285714"]);
        let heap = walk(&steps).1[5];
        // 1,743,879.43 exactly; parts of a rupiah are in no book.
        assert_eq!((heap.quantity, heap.value), (68 * KG, Rupiah(1_743_879)));
    }

    #[test]
    fn what_was_sold_before_it_was_bought_is_settled_by_what_comes() {
        let (booked, heaps) = walk(&[received(10, 12_000), issued(14), received(6, 15_000)]);
        assert_eq!(booked[1].used, Rupiah(168_000), "four kilos at the last average");
        assert_eq!(booked[2], Booked { goods: Rupiah(78_000), used: Rupiah(12_000) }, "they had cost 3,000 more each");
        assert_eq!((heaps[2].quantity, heaps[2].value), (2 * KG, Rupiah(30_000)));
    }

    #[test]
    fn what_comes_back_is_worth_the_average() {
        let (booked, heaps) = walk(&[received(3, 10_001), issued(3), Step::Found { quantity: 1_000 }]);
        assert_eq!(booked[2], Booked { goods: Rupiah(10_001), used: Rupiah(-10_001) });
        assert_eq!(heaps[2].cost_of(500), Rupiah(5_001), "half a rupiah is rounded up");
    }

    #[test]
    fn halves_go_away_from_nothing() {
        assert_eq!(
            [part(1, 1, 2), part(-1, 1, 2), part(1, 1, -2), part(-1, 1, -2), part(1, 1, 3), part(5, 0, 0)],
            [1, -1, -1, 1, 0, 0]
        );
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            (1_i64..50_000, 0_i64..2_000_000)
                .prop_map(|(quantity, cost)| Step::Received { quantity, cost: Rupiah(cost) }),
            (1_i64..40_000).prop_map(|quantity| Step::Issued { quantity }),
            (1_i64..5_000).prop_map(|quantity| Step::Found { quantity }),
        ]
    }

    proptest! {
        #[test]
        fn every_rupiah_is_in_the_heap_or_used_up(steps in prop::collection::vec(step(), 1..60)) {
            let (booked, heaps) = walk(&steps);
            let heap = heaps[heaps.len() - 1];
            let paid: i64 = steps.iter().map(|s| if let Step::Received { cost, .. } = s { cost.0 } else { 0 }).sum();
            let goods: i64 = booked.iter().map(|b| b.goods.0).sum();
            let used: i64 = booked.iter().map(|b| b.used.0).sum();
            prop_assert_eq!(goods, heap.value.0);
            prop_assert_eq!(goods + used, paid);
            if heap.quantity == 0 {
                prop_assert_eq!(heap.value, Rupiah::ZERO);
            }
            prop_assert!(heap.quantity < 0 || heap.value.0 >= 0);
        }

        // The second model: exact fractions. It drifts from whole rupiah by at most half of one a step.
        #[test]
        fn it_stays_beside_the_exact_average(steps in prop::collection::vec((1_i64..50_000, 0_i64..2_000_000, 0_i64..100), 1..40)) {
            let (mut quantity, mut value) = (0_f64, 0_f64);
            let mut whole = Vec::new();
            for (n, cost, share) in &steps {
                whole.push(Step::Received { quantity: *n, cost: Rupiah(*cost) });
                quantity += *n as f64;
                value += *cost as f64;
                let gone = (quantity as i64 * share) / 100;
                if gone > 0 {
                    whole.push(Step::Issued { quantity: gone });
                    value -= value * gone as f64 / quantity;
                    quantity -= gone as f64;
                }
            }
            let heap = walk(&whole).1[whole.len() - 1];
            prop_assert_eq!(heap.quantity, quantity as i64);
            prop_assert!((heap.value.0 as f64 - value).abs() <= 0.5 * whole.len() as f64 + 0.01);
        }
    }
}
