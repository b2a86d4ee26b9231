//! Input: operands, files and stdin.

use std::ffi::OsString;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::names::{self, Named};
use crate::status::Failure;

/// The content of `file`; `-` is stdin.
///
/// # Errors
/// 255 where it cannot be read.
pub fn read(file: &Path) -> Result<Vec<u8>, Failure> {
    if file == Path::new("-") {
        let mut text = Vec::new();
        std::io::stdin()
            .lock()
            .read_to_end(&mut text)
            .map_err(|error| Failure::other(format!("cannot read stdin: {error}")))?;
        return Ok(text);
    }
    std::fs::read(file)
        .map_err(|error| Failure::other(format!("cannot read {}: {error}", file.display())))
}

/// The names that a program is asked about: its operands, then those of `file`.
///
/// # Errors
/// 252 for an operand that is not UTF-8, 255 for a file that cannot be read or understood.
pub fn names(operands: Vec<OsString>, file: Option<&Path>) -> Result<Vec<Named>, Failure> {
    let mut named = operands.into_iter().map(operand).collect::<Result<Vec<_>, _>>()?;
    if let Some(file) = file {
        let more = names::read(&read(file)?).map_err(|failure| Failure {
            message: format!("{}: {}", shown(file), failure.message),
            ..failure
        })?;
        named.extend(more);
    }
    Ok(named)
}

/// Sets `--input`: of two files the first would be lost without a word.
///
/// # Errors
/// There is one already.
pub fn set(input: &mut Option<PathBuf>, file: PathBuf) -> Result<(), String> {
    match input.replace(file) {
        None => Ok(()),
        Some(_) => Err("it was given twice; join the files with cat".into()),
    }
}

fn operand(operand: OsString) -> Result<Named, Failure> {
    let name = operand.into_string();
    name.map(Named::argument).map_err(|operand| Failure::usage(format!("{operand:?} is not UTF-8")))
}

/// A file as messages name it.
pub fn shown(file: &Path) -> String {
    if file == Path::new("-") { "stdin".into() } else { file.display().to_string() }
}
