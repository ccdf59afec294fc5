//! The rows of Warong UEP, one file a table.
//!
//! Entities say what is stored, never what is allowed: rules live in the business folders of `warong`.

mod rupiah;

pub use rupiah::Rupiah;

pub mod account;
pub mod api_token;
pub mod assignment;
pub mod bill;
pub mod cart;
pub mod cart_line;
pub mod category;
pub mod commission;
pub mod courier_service;
pub mod crafter;
pub mod device;
pub mod device_event;
pub mod debt;
pub mod earning;
pub mod entry;
pub mod history;
pub mod history_block;
pub mod hold;
pub mod intake;
pub mod iris_payout;
pub mod item;
pub mod lot;
pub mod order;
pub mod order_line;
pub mod outbox;
pub mod outlet;
pub mod pace;
pub mod parcel;
pub mod parcel_line;
pub mod payee_account;
pub mod payment_attempt;
pub mod payment_call;
pub mod payment_inbox;
pub mod payment_match;
pub mod payment_refund;
pub mod payment_transaction;
pub mod payout;
pub mod payout_inbox;
pub mod payout_run;
pub mod person;
pub mod person_role;
pub mod photo;
pub mod place;
pub mod posting;
pub mod price_change;
pub mod product;
pub mod refund_account;
pub mod refund_transfer;
pub mod repayment;
pub mod request;
pub mod session;
pub mod shipping_rate;
pub mod stock;
pub mod stock_move;
pub mod turn;
pub mod village;
