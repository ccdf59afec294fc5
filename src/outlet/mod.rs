//! An outlet's own money: what it pays out, and what is paid over its counter; and the phones that work for it without
//! signal, each of whose events gets one verdict ([`device_event`]).
//!
//! What payouts promise: two people for money that goes out; what is on its way to a payee is reserved in the books, so
//! that no rupiah is paid twice; and what did not arrive, or came back, is owed again, once. Whoever changes a payout
//! locks its outlet first ([`payout_run::lock_outlet`]), so there is one order of locks and nobody waits in a circle.
pub mod advice;
pub mod bill;
pub mod buyable;
pub mod card_code;
pub mod cost;
pub mod count;
pub mod debt;
pub mod device;
pub mod device_event;
pub mod due;
pub mod earning;
mod earning_back;
pub mod expired;
pub mod family;
pub mod goods;
pub mod household_limit;
pub mod iris;
mod iris_call;
pub mod iris_inbox;
pub mod iris_status;
pub mod markdown;
pub mod market;
pub mod member;
mod new_purchase;
pub mod pack;
pub mod payee;
pub mod payout;
pub mod payout_run;
pub mod payout_wallet;
pub mod price;
pub mod price_ceiling;
pub mod price_good;
pub mod price_market;
pub mod price_override;
pub mod price_rule;
pub mod purchase;
pub mod purchase_doubt;
pub mod purchase_return;
pub mod purchase_reversal;
pub mod repacking;
mod repacking_cost;
pub mod repayment;
pub mod sale;
pub mod sale_return;
pub mod store;
pub mod supplier;
pub mod till;
pub mod transfer_list;
pub mod web;
pub mod weighed;
