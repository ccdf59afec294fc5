//! The second program: what every household is owed and has, worked out from what people did and from nothing else.
//! It shares no code with the shop: its own rule of turns, its own way to cut a price, one piece at a time.
use std::collections::BTreeMap;

use entity::kiosk::{Bearer, PaysAt};

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
    /// The lot it was moved out of.
    pub origin: Option<usize>,
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

/// What was counted of one of the goods in a kiosk, at its price there less what the kiosk keeps.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counted {
    pub item: usize,
    pub sold: i64,
    pub good: i64,
    pub damaged: i64,
    pub missing: i64,
    pub missing_owed: bool,
    pub net: i64,
}

/// A piece that a kiosk sold: whose it is, for how much, and what of it is its maker's. No one's, when it was bought.
#[derive(Clone, Copy, Debug)]
struct Waiting {
    household: Option<usize>,
    net: i64,
    maker: i64,
}

/// All that a visit did, so that it can be taken back.
#[derive(Clone, Debug, Default)]
pub struct Visit {
    sold: Vec<Piece>,
    queued: usize,
    /// Lots of pieces that were written off.
    gone: Vec<usize>,
    /// From which lot of the kiosk to which lot at home.
    pub home: Vec<(usize, usize)>,
    books: BTreeMap<&'static str, i64>,
    owed: BTreeMap<usize, i64>,
    kiosk_owes: i64,
    cash: i64,
}

/// A kiosk: its terms, what it sold in order, and the cash that came.
#[derive(Clone, Debug)]
struct Kiosk {
    bearer: Bearer,
    pays_at: PaysAt,
    queue: Vec<Waiting>,
    cash: i64,
    owes: i64,
    /// What was made due to each household so far.
    due: BTreeMap<usize, i64>,
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
    /// By their place less one.
    kiosks: Vec<Kiosk>,
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
    pub fn of(kiosks: &[(Bearer, PaysAt)]) -> Model {
        let kiosk = |(bearer, pays_at): &(Bearer, PaysAt)| Kiosk {
            bearer: *bearer,
            pays_at: *pays_at,
            queue: Vec::new(),
            cash: 0,
            owes: 0,
            due: BTreeMap::new(),
        };
        Model { kiosks: kiosks.iter().map(kiosk).collect(), ..Model::default() }
    }

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

    /// What one household has, wherever it stands.
    pub fn has(&self, household: usize, item: usize) -> i64 {
        let own = |lot: &&Lot| lot.household == household && lot.item == item;
        self.lots.iter().filter(own).map(|lot| lot.pieces.len() as i64).sum()
    }

    /// Takes pieces to a kiosk: a new lot there for each that pieces came from, the oldest first. Says which are new.
    pub fn drop(&mut self, item: usize, kiosk: usize, is_b: Option<bool>, pieces: i64) -> Vec<usize> {
        let mut taken = self.take(item, SHELF, is_b, pieces, false);
        taken.sort_by_key(|lot| (self.age(*lot), *lot));
        let mut new: Vec<usize> = Vec::new();
        for from in taken {
            match new.last().copied().filter(|to| self.lots[*to].origin == Some(from)) {
                Some(to) => self.lots[to].pieces.push(()),
                None => {
                    let there =
                        Lot { place: kiosk + 1, origin: Some(from), pieces: vec![()], ..self.lots[from].clone() };
                    self.lots.push(there);
                    new.push(self.lots.len() - 1);
                }
            }
        }
        new
    }

    /// How many of a line the kiosk owes as sold.
    pub fn as_sold(&self, kiosk: usize, line: &Counted) -> i64 {
        let damaged = if self.kiosks[kiosk].bearer == Bearer::Kiosk { line.damaged } else { 0 };
        line.sold + damaged + if line.missing_owed { line.missing } else { 0 }
    }

    /// What a kiosk owes now.
    pub fn kiosk_owes(&self, kiosk: usize) -> i64 {
        self.kiosks[kiosk].owes
    }

    /// What of the pieces a household sold through kiosks waits for their cash.
    pub fn waits(&self, household: usize) -> i64 {
        let own = |kiosk: &Kiosk| {
            let all = kiosk.queue.iter().filter(|piece| piece.household == Some(household));
            all.map(|piece| piece.maker).sum::<i64>() - kiosk.due.get(&household).copied().unwrap_or(0)
        };
        self.kiosks.iter().filter(|kiosk| kiosk.pays_at == PaysAt::Cash).map(own).sum()
    }

    /// Counts a kiosk.
    pub fn visit(&mut self, kiosk: usize, lines: &[Counted], cash: i64) -> Visit {
        let (bearer, pays_at, place) = (self.kiosks[kiosk].bearer, self.kiosks[kiosk].pays_at, kiosk + 1);
        let mut visit = Visit { cash, ..Visit::default() };
        let (books, owed) = (self.books.clone(), self.owed.clone());
        for line in lines {
            let mut lots = self.take(line.item, place, None, self.as_sold(kiosk, line), true);
            lots.sort_by_key(|lot| (self.age(*lot), *lot));
            for lot in lots {
                let piece = Piece { lot, brought: cut(line.net, self.lots[lot].shares), is_back: false };
                self.earned(&piece, 1);
                visit.kiosk_owes += line.net;
                let Lot { household, is_bought, .. } = self.lots[lot];
                let maker = piece.brought[0];
                // It waits first, and is due when cash has come for it.
                let waits = pays_at == PaysAt::Cash && !is_bought;
                if waits {
                    self.owe(household, -maker);
                }
                self.kiosks[kiosk].queue.push(Waiting { household: waits.then_some(household), net: line.net, maker });
                visit.queued += 1;
                visit.sold.push(piece);
            }
            let damaged = if bearer == Bearer::Kiosk { 0 } else { line.damaged };
            let lost = if line.missing_owed { 0 } else { line.missing };
            for part in [damaged, lost] {
                for lot in self.take(line.item, place, None, part, false) {
                    self.borne(lot, line.net, bearer);
                    visit.gone.push(lot);
                }
            }
            for from in self.take(line.item, place, None, line.good, false) {
                let to = self.lots[from].origin.expect("it came from the shelf");
                self.lots[to].pieces.push(());
                visit.home.push((from, to));
            }
        }
        self.kiosks[kiosk].owes += visit.kiosk_owes - cash;
        self.kiosks[kiosk].cash += cash;
        self.add("cash", cash);
        visit.books = changes(&books, &self.books);
        visit.owed = changes(&owed, &self.owed);
        self.settle(kiosk);
        visit
    }

    /// A broken or lost piece that the kiosk does not bear.
    fn borne(&mut self, lot: usize, net: i64, bearer: Bearer) {
        let owner = self.lots[lot].clone();
        if owner.is_bought {
            self.add("loss", owner.cost);
            self.add("goods", -owner.cost);
        } else if bearer != Bearer::Maker {
            self.earned(&Piece { lot, brought: cut(net, owner.shares), is_back: false }, 1);
            self.add("loss", net);
        }
    }

    /// Works out anew whom the cash of a kiosk pays: piece by piece in the order they were sold, and none is skipped.
    fn settle(&mut self, kiosk: usize) {
        let (mut cash, mut due) = (self.kiosks[kiosk].cash, BTreeMap::new());
        for piece in &self.kiosks[kiosk].queue {
            if cash < piece.net {
                break;
            }
            cash -= piece.net;
            if let Some(household) = piece.household {
                *due.entry(household).or_insert(0) += piece.maker;
            }
        }
        let before = std::mem::replace(&mut self.kiosks[kiosk].due, due.clone());
        before.into_iter().for_each(|(household, amount)| self.owe(household, -amount));
        due.into_iter().for_each(|(household, amount)| self.owe(household, amount));
    }

    /// Takes the latest visit to a kiosk back, if what came home is still there.
    pub fn void(&mut self, kiosk: usize, visit: &Visit) -> bool {
        let mut home: BTreeMap<usize, usize> = BTreeMap::new();
        visit.home.iter().for_each(|(_, to)| *home.entry(*to).or_insert(0) += 1);
        if home.iter().any(|(lot, pieces)| self.lots[*lot].pieces.len() < *pieces) {
            return false;
        }
        for (from, to) in &visit.home {
            self.lots[*to].pieces.pop();
            self.lots[*from].pieces.push(());
        }
        let back = visit.sold.iter().map(|piece| piece.lot).chain(visit.gone.iter().copied());
        back.for_each(|lot| self.lots[lot].pieces.push(()));
        visit.books.iter().for_each(|(book, amount)| self.add(book, -amount));
        visit.owed.iter().for_each(|(household, amount)| self.owe(*household, -amount));
        let stays = self.kiosks[kiosk].queue.len() - visit.queued;
        self.kiosks[kiosk].queue.truncate(stays);
        self.kiosks[kiosk].owes -= visit.kiosk_owes - visit.cash;
        self.kiosks[kiosk].cash -= visit.cash;
        self.settle(kiosk);
        true
    }
}

/// What was added to each since.
fn changes<K: Ord + Copy>(before: &BTreeMap<K, i64>, after: &BTreeMap<K, i64>) -> BTreeMap<K, i64> {
    after.iter().map(|(key, now)| (*key, now - before.get(key).copied().unwrap_or(0))).collect()
}
