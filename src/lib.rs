//! Warong UEP: a village shop on one set of books.
//!
//! Files here are foundations, folders are the business. Modules look only downwards:
//!
//! ```text
//!   every web · app · routes · edge · work · check · seed    may look at all; nobody looks at them
//!   5   wholesale  village
//!   4   orders  collection
//!   3   outlet
//!   2   catalogue  payments  prices  stock  ledger
//!   1   accounts   history   notifications
//!   0   files of this folder · gateway/ · picture/ · crate entity
//!       sandbox/   on its own: the outside world in small
//! ```
//!
//! | address | module | tables |
//! |---|---|---|
//! | `/` `/produk` `/kategori` `/perajin` `/karya` `/kelola/produk` `/kelola/stok` `/foto` `/api/v1` | `catalogue` | category product item price_change photo pace |
//! | `/keranjang` `/pesan` `/pesanan` `/kelola` `/kelola/pesanan` `/kelola/uang` `/kelola/ongkir` `/wilayah` `/api/v1/orders` | `orders` | cart cart_line order order_line parcel parcel_line refund_account refund_transfer payment_match courier_service shipping_rate |
//! | `/kelola/qris` `/kelola/pesanan/{id}/qris` `/kelola/jual` `/jual` `/kelola/bayar-perajin` `/kelola/utang` `/midtrans/payout` `/kelola/perangkat` `/sw.js` `/api/v1/sync` `/api/v1/devices` | `outlet` | bill sale sale_line sale_return sale_return_line earning debt repayment payee_account payout_run payout iris_payout payout_inbox device device_event |
//! | `/kelola/belanja` `/kelola/gudang` `/kelola/harga` `/desa/harga` `/desa/zona` `/harga` | `outlet`, sembako | supplier supplier_payment purchase purchase_line purchase_return purchase_return_line pack move_cost repacking repacking_line count_sheet count_line markdown price_rule posted_price price_override price_observation |
//! | `/kelola/kasir` `/kelola/pasar` `/pasar` `/kelola/keluarga` `/kelola/anggota` `/desa/batas` | `outlet`, its tills | shift shift_cash sale_tender sale_conflict till_return till_return_line till_return_tender barcode family family_card household_limit market market_good market_ticket market_refusal family_hold family_purchase member member_payment |
//! | `/kelola/setoran` `/setoran` `/kelola/jemput` `/karya/siap` `/asal` `/karya/buku` `/kelola/buku` | `collection` | intake pickup walk |
//! | `/midtrans/notifikasi` | `payments` | payment_attempt payment_transaction payment_refund payment_inbox payment_call |
//! | `/masuk` `/daftar` `/akun` `/tugas` `/kelola/perajin` `/admin` | `accounts` | village outlet person person_role session api_token crafter |
//! | `/karya/surat` `/kelola/surat` `/kelola/perajin/{id}/surat` `/desa/surat` `/surat` | `village` | business_letter |
//! | `/kelola/borongan` `/kelola/pesanan/{id}/borongan` `/tugas-anyam` `/karya/kemampuan` `/kelola/kios` `/kiriman` | `wholesale` | commission assignment kiosk kiosk_drop kiosk_drop_line kiosk_visit kiosk_visit_line |
//! | `/grosir` `/penawaran` `/koli` `/kelola/grosir` `/kelola/penawaran` `/kelola/kargo` `/kelola/pesanan/{id}/koli` | `wholesale` | reseller tier maker_floor quote quote_line carton carton_line sailing shipment tracking_note |
//! | | `prices` | the table of the law, in the program; reference_price |
//! | | `stock` | place lot stock stock_move hold turn |
//! | | `ledger` | account entry posting |
//! | | `history` | history history_block |
//! | `/sandbox/midtrans` `/sandbox/mail` | `sandbox` | none: the outside world keeps its own books |
//!
//! One word per thing: perajin = crafter, keranjang = cart, pesanan = order, tagihan = bill, barang = item, setoran = intake,
//! what is left of it = lot, borongan = commission, tugas anyam = assignment, penawaran = quote, koli = carton, kios = kiosk,
//! harga = price, aturan harga = rule and row of the law, izin harga = price override, papan harga = price board,
//! daftar bayar = payout run, utang = debt, potongan = set-off, buku = book, surat keterangan usaha (SKU) = business letter.
pub mod app;
pub mod assets;
pub mod bank_account;
pub mod cash;
pub mod check;
pub mod clock;
pub mod config;
pub mod db;
pub mod edge;
pub mod error;
pub mod form;
pub mod locale;
pub mod once;
pub mod outbox;
pub mod page;
pub mod page_cache;
pub mod pdf;
pub mod picture;
pub mod region;
pub mod routes;
pub mod secret;
pub mod seed;
pub mod upload;
pub mod work;

pub mod gateway;
pub mod sandbox;

pub mod accounts;
pub mod history;
pub mod notifications;

pub mod catalogue;
pub mod ledger;
pub mod payments;
pub mod prices;
pub mod stock;

pub mod outlet;

pub mod collection;
pub mod orders;

pub mod village;
pub mod wholesale;
