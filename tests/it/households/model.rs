//! The second program: what every household is owed and has, worked out from what people did and from nothing else.
//! It shares no code with the shop: its own rule of turns, its own way to cut a price, one piece at a time.
use std::collections::BTreeMap;

/// Where pieces stand: the outlet's shelf, or a kiosk by its number.
pub type Place = usize;
pub const SHELF: Place = 0;

/// Pieces that came in together, or were moved together.
#[derive(Clone, Debug)]
pub struct Lot {
    pub household: usize,
    pub item: usize,
    pub is_b: bool,
    pub is_bought: bool,
    pub cost: i64,
    /// Maker, outlet, group, in hundredths of a percent.
    pub shares: [i64; 3],
    pub place: Place,
    pub pieces: Vec<()>,
    pub hand_over: usize,
}

/// One sold piece: whose it was and what it brought.
#[derive(Clone, Copy, Debug)]
pub struct Piece {
    pub lot: usize,
    pub brought: [i64; 3],
    pub is_back: bool,
}

/// Everything at a moment.
#[derive(Clone, Debug, Default)]
pub struct Model {
    pub lots: Vec<Lot>,
    /// When each household was last served, by item.
    turns: BTreeMap<(usize, usize), i64>,
    /// Rupiah owed to each household; less than nothing when more was paid than earned.
    pub owed: BTreeMap<usize, i64>,
    /// What each household owes the outlet.
    pub lent: BTreeMap<usize, i64>,
    /// The other books by their name.
    pub books: BTreeMap<&'static str, i64>,
}

/// A price cut by shares: what is left over after whole rupiah goes, one by one, to the largest rest, the earlier first.
pub fn cut(price: i64, shares: [i64; 3]) -> [i64; 3] {
    let whole: i64 = shares.iter().sum();
    let mut parts = [0; 3];
    let mut rests: Vec<(i64, usize)> = Vec::new();
    for (n, share) in shares.iter().enumerate() {
        let exact = i128::from(price) * i128::from(*share);
        parts[n] = (exact / i128::from(whole)) as i64;
        rests.push(((exact % i128::from(whole)) as i64, n));
    }
    rests.sort_by_key(|(rest, n)| (-rest, *n));
    let missing = price - parts.iter().sum::<i64>();
    for (_, n) in rests.into_iter().take(missing as usize) {
        parts[n] += 1;
    }
    parts
}

impl Model {
    pub fn add(&mut self, book: &'static str, amount: i64) {
        *self.books.entry(book).or_insert(0) += amount;
    }

    pub fn owe(&mut self, household: usize, amount: i64) {
        *self.owed.entry(household).or_insert(0) += amount;
    }

    /// Pieces of an item in a place, of one grade if it is named.
    pub fn there(&self, item: usize, place: Place, is_b: Option<bool>) -> i64 {
        let fits = |lot: &&Lot| lot.item == item && lot.place == place && is_b.is_none_or(|b| lot.is_b == b);
        self.lots.iter().filter(fits).map(|lot| lot.pieces.len() as i64).sum()
    }

    /// The lot the next piece is sold from: A before B, whoever was served longest ago, their oldest lot.
    fn next(
        &self,
        item: usize,
        place: Place,
        is_b: Option<bool>,
        turns: &BTreeMap<(usize, usize), i64>,
    ) -> Option<usize> {
        let all = self.lots.iter().enumerate();
        all.filter(|(_, lot)| lot.item == item && lot.place == place && !lot.pieces.is_empty())
            .filter(|(_, lot)| is_b.is_none_or(|b| lot.is_b == b))
            .min_by_key(|(n, lot)| {
                let turn = turns.get(&(item, lot.household)).copied().unwrap_or(0);
                (lot.is_b, turn, self.age(*n), *n)
            })
            .map(|(n, _)| n)
    }

    /// A lot that was moved is as old as the one it was moved out of.
    fn age(&self, lot: usize) -> usize {
        self.lots[lot].hand_over
    }

    /// Takes pieces out, by the rule, and says from which lots. A move is no turn.
    pub fn take(&mut self, item: usize, place: Place, is_b: Option<bool>, pieces: i64, is_sale: bool) -> Vec<usize> {
        let mut turns = self.turns.clone();
        let mut taken = Vec::new();
        for _ in 0..pieces {
            let lot = self.next(item, place, is_b, &turns).expect("there are enough");
            self.lots[lot].pieces.pop();
            let last = turns.iter().filter(|((of, _), _)| *of == item).map(|(_, turn)| *turn).max().unwrap_or(0);
            turns.insert((item, self.lots[lot].household), last + 1);
            taken.push(lot);
        }
        if is_sale {
            self.turns = turns;
        }
        taken
    }

    /// Sells pieces at a price each and shares it out.
    pub fn sell(&mut self, item: usize, place: Place, is_b: Option<bool>, pieces: i64, price: i64) -> Vec<Piece> {
        let lots = self.take(item, place, is_b, pieces, true);
        let sold =
            lots.into_iter().map(|lot| Piece { lot, brought: cut(price, self.lots[lot].shares), is_back: false });
        let sold: Vec<Piece> = sold.collect();
        sold.iter().for_each(|piece| self.earned(piece, 1));
        sold
    }

    /// Books what a piece brought, or takes it back.
    pub fn earned(&mut self, piece: &Piece, sign: i64) {
        let lot = self.lots[piece.lot].clone();
        let [maker, outlet, group] = piece.brought;
        if lot.is_bought {
            self.add("own_sales", sign * maker);
            self.add("goods", -sign * lot.cost);
            self.add("cost_of_goods", sign * lot.cost);
        } else {
            self.owe(lot.household, sign * maker);
        }
        self.add("outlet_fee", sign * outlet);
        self.add("group_fund", sign * group);
    }

    /// What one household has in a place, by item.
    pub fn has(&self, household: usize, place: Place, item: usize) -> i64 {
        let own = |lot: &&Lot| lot.household == household && lot.place == place && lot.item == item;
        self.lots.iter().filter(own).map(|lot| lot.pieces.len() as i64).sum()
    }
}
