//! How the tills tell it: late, in pieces, out of order, and some of it twice; and what the books know then.
use chrono::{DateTime, Duration, Utc};
use rand::seq::SliceRandom;
use serde_json::Value;

use super::{
    Walk,
    pencil::{Line, Under},
    shelves::SHELF,
    tills::Fact,
};

impl Walk {
    /// What stands on the shelf of something, whatever the books know.
    pub fn stands(&self, item: usize) -> i64 {
        self.shelves.there(item, SHELF) + self.untold(item)
    }

    /// What of something left the shelf, or came back to it, and is not told yet.
    fn untold(&self, item: usize) -> i64 {
        let of = |fact: &Fact| match fact {
            Fact::Sold(sale) => -self.sales[*sale].lines.iter().filter(|l| l.item == item).map(|l| l.n).sum::<i64>(),
            Fact::Back { sale, line, n, good: true, .. } if self.sales[*sale].lines[*line].item == item => *n,
            _ => 0,
        };
        self.tills.iter().flat_map(|till| &till.waiting).map(|(.., fact)| of(fact)).sum()
    }

    /// A till has signal and tells all; afterwards it may be gone for days.
    pub async fn finds_signal(&mut self, n: usize) -> bool {
        if self.tills[n].dark > 0 {
            return false;
        }
        self.tells(n).await;
        if self.chance(8) == 0 {
            self.tills[n].dark = 70 + self.any(140);
            self.did("days without signal");
        }
        true
    }

    /// Everything once more, as it came.
    pub async fn tells_all_again(&mut self) {
        for till in &mut self.tills {
            for batch in till.known.chunks(100) {
                let told = till.hand.told(batch).await;
                assert!(told.iter().all(|one| one["verdict"] == "accepted"), "{told:?}");
            }
        }
    }

    /// All that waits: returns after their sales, everything else as chance will have it, cut anywhere.
    pub async fn tells(&mut self, n: usize) {
        let waiting = std::mem::take(&mut self.tills[n].waiting);
        let (mut backs, mut all): (Vec<_>, Vec<_>) =
            waiting.into_iter().partition(|(.., fact)| matches!(fact, Fact::Back { .. }));
        all.shuffle(&mut self.dice);
        backs.shuffle(&mut self.dice);
        all.append(&mut backs);
        let (mut from, mut heard) = (0, 0);
        while heard < all.len() {
            let to = all.len().min(from + 1 + self.any(9));
            let batch: Vec<Value> = all[from..to].iter().map(|(event, ..)| event.clone()).collect();
            for _ in 0..=self.any(2) {
                let told = self.tills[n].hand.told(&batch).await;
                assert!(told.iter().all(|one| one["verdict"] == "accepted"), "{told:?}");
            }
            self.hears(&all[heard.max(from)..to]);
            heard = heard.max(to);
            // The answer was lost on the way: the next batch begins with what was told already.
            from = if to - from > 1 && self.chance(3) == 0 { to - 1 } else { to };
            self.did("batch told");
        }
        self.tills[n].known.extend(all.into_iter().map(|(event, ..)| event));
        if !self.tills[n].known.is_empty() {
            let old = self.any(self.tills[n].known.len());
            let event = self.tills[n].known[old].clone();
            assert_eq!(self.tills[n].hand.verdict(&event).await["verdict"], "accepted");
        }
    }

    /// The books know it now: the sales of a batch first, together, and then everything else in its order.
    fn hears(&mut self, batch: &[(Value, DateTime<Utc>, Fact)]) {
        for (_, at, fact) in batch {
            if let Fact::Sold(sale) = fact {
                self.hears_of_a_sale(*sale, *at);
            }
        }
        for (event, at, fact) in batch {
            let body: Value = serde_json::from_str(event["body"].as_str().expect("a body")).expect("JSON");
            let shift = body["shift"].as_str().expect("a shift").to_owned();
            let into = match fact {
                Fact::Sold(sale) => self.sales[*sale].cash,
                Fact::Back { ways, .. } => {
                    self.hears_of_a_return(fact, *at);
                    -ways[0]
                }
                Fact::Cash { way: "spent", amount } => {
                    self.purse.spent += amount;
                    -amount
                }
                Fact::Cash { way, amount } => {
                    let into = if *way == "in" { *amount } else { -amount };
                    self.purse.cash -= into;
                    into
                }
                Fact::Debt { member, amount } => {
                    self.purse.members[*member] -= amount;
                    *amount
                }
                Fact::Opened { float } => {
                    self.purse.cash -= float;
                    *float
                }
                Fact::Closed { counted } => {
                    self.purse.drawer(&shift).counted = Some(*counted);
                    self.purse.cash += counted;
                    0
                }
            };
            self.purse.drawer(&shift).flow += into;
        }
    }

    fn hears_of_a_sale(&mut self, sale: usize, at: DateTime<Utc>) {
        let mut short = 0;
        for line in &mut self.sales[sale].lines {
            let (item, n) = (line.item, line.n);
            line.lots = self.shelves.takes((item, SHELF), n, at);
            let missing = n - line.lots.iter().map(|(_, n)| n).sum::<i64>();
            if missing > 0 {
                line.lots.push((self.shelves.passes(item, missing, at), missing));
                self.pencil.notes(at, Line::Found { item, n: missing, under: Under::Loss });
                short += 1;
            }
            self.pencil.notes(at, Line::Went { item, n, under: Under::Cost });
        }
        let of = &mut self.sales[sale];
        of.is_told = true;
        self.purse.sold += of.cash + of.aid + of.account;
        self.purse.edc += of.aid;
        self.purse.members[of.member] += of.account;
        if short > 0 {
            self.did("sale below zero");
        }
        if self.now() - at > Duration::hours(12) {
            self.did("sale told half a day later");
        }
    }

    /// Goods go back into the lots they came from, the last one first; what is broken leaves them for good.
    fn hears_of_a_return(&mut self, fact: &Fact, at: DateTime<Utc>) {
        let Fact::Back { sale, line, n, good, ways } = fact else { return };
        let of = &mut self.sales[*sale];
        let (item, mut open, mut lots) = (of.lines[*line].item, *n, 0);
        for (lot, out) in of.lines[*line].lots.iter_mut().rev() {
            let part = open.min(*out);
            if part > 0 {
                *out -= part;
                open -= part;
                lots += 1;
                if *good {
                    self.shelves.puts_back(*lot, part, at);
                }
            }
        }
        assert_eq!(open, 0, "more comes back than left");
        of.is_coming_back = false;
        self.purse.sold -= ways.iter().sum::<i64>();
        self.purse.members[of.member] -= ways[1];
        self.purse.edc -= ways[2];
        self.pencil.notes(at, Line::Found { item, n: *n, under: Under::Cost });
        if !good {
            self.pencil.notes(at, Line::Went { item, n: *n, under: Under::Loss });
        }
        if lots > 1 {
            self.did("return into several lots");
        }
    }
}
