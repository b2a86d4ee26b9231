//! How an answer is printed: `--query` and `--output`, to the byte as aws-cli 2 does it.

mod file;
mod lines;
mod printing;
mod progress;
pub mod table;
pub mod text;
pub mod yaml;

pub use file::OutputFile;
pub use lines::LineFile;
pub use printing::{Printer, Printing};
pub use progress::Progress;
