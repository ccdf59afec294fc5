//! Stories of coming in, of one's own account, and of those who look after others.
mod administrator;
mod code;
mod operator;
mod own_account;
mod sign_in;
