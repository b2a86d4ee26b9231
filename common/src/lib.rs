//! What the programs of ses-toolkit share.
//!
//! The house has floors, and arrows run down only:
//!
//! - [`ses`] (what SES is asked) and [`output`] (how an answer is printed);
//! - [`aws`] (reaching AWS), [`cli`] (flags as data), [`input`], [`names`], [`records`],
//!   [`query`] and [`selection`];
//! - the ground: [`identity`], [`json`], [`progress`], [`status`], [`stream`].

pub mod aws;
pub mod cli;
pub mod identity;
pub mod input;
pub mod json;
pub mod names;
pub mod output;
pub mod progress;
pub mod query;
pub mod records;
pub mod selection;
pub mod ses;
pub mod status;
pub mod stream;
