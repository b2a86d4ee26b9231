//! `-o FILE` of a run over many names: it grows by whole lines, and a later run goes on with it.

use std::collections::HashSet;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::json;
use crate::status::Failure;

/// What an earlier run left.
#[derive(Debug, Default)]
pub struct Earlier {
    /// The identities that are done.
    pub names: HashSet<String>,
    /// How many bytes of the file are whole lines.
    whole: u64,
    /// How long it was when it was read.
    length: u64,
}

/// A file of JSON Lines, each on the disk before the next is asked for.
#[derive(Debug)]
pub struct LineFile {
    name: PathBuf,
    file: File,
}

impl LineFile {
    /// What `name` holds of a run in `region`; a missing file holds nothing.
    ///
    /// A last line without its end is what a killed run leaves, and is dropped. With `dkim` a line
    /// without DKIM tokens is not done.
    ///
    /// # Errors
    /// 255 where the file cannot be read, holds a line that is not ours, or tokens of another Region:
    /// under this one they would never be found.
    pub fn read(name: &Path, region: &str, dkim: bool) -> Result<Earlier, Failure> {
        let text = match fs::read(name) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Earlier::default()),
            Err(error) => return Err(problem(name, &error.to_string())),
        };
        let mut earlier = Earlier { length: text.len() as u64, ..Earlier::default() };
        for (number, line) in text.split_inclusive(|byte| *byte == b'\n').enumerate() {
            if !line.ends_with(b"\n") {
                break;
            }
            let at = |why: &str| problem(name, &format!("line {}: {why}", number + 1));
            let line_of = |line| json::parse(line).map_err(|error| at(&error.to_string()));
            let Value::Object(members) = line_of(line)? else { return Err(at("no JSON object")) };
            let text = |key: &str| members.get(key).and_then(Value::as_str);
            let (Some(identity), Some(_)) = (text("Identity"), text("VerificationToken")) else {
                return Err(at("no Identity with its VerificationToken"));
            };
            if text("Region") != Some(region) {
                return Err(at(&format!("its Region is not {region}")));
            }
            if !dkim || members.contains_key("DkimTokens") {
                earlier.names.insert(identity.to_owned());
            }
            earlier.whole += line.len() as u64;
        }
        Ok(earlier)
    }

    /// Opens `name` to go on after the whole lines of `earlier`.
    ///
    /// # Errors
    /// 255 where it cannot be written, or another run is writing it.
    pub fn open(name: &Path, earlier: &Earlier) -> Result<LineFile, Failure> {
        let unwritable = |error: io::Error| problem(name, &error.to_string());
        let mut options = OpenOptions::new();
        let mut file =
            options.write(true).create(true).truncate(false).open(name).map_err(unwritable)?;
        if file.metadata().map_err(unwritable)?.is_file() {
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => {
                    return Err(problem(name, "another run is writing it"));
                }
                Err(TryLockError::Error(error)) => return Err(unwritable(error)),
            }
            // The lock is ours only now: a run that ended meanwhile may have added lines.
            if file.metadata().map_err(unwritable)?.len() != earlier.length {
                return Err(problem(name, "another run has written to it"));
            }
            file.set_len(earlier.whole).map_err(unwritable)?;
            file.seek(SeekFrom::End(0)).map_err(unwritable)?;
        }
        Ok(LineFile { name: name.to_owned(), file })
    }

    /// Appends `line`, with its end, and waits until the disk has it.
    ///
    /// # Errors
    /// 255 where the disk cannot take it.
    pub fn append(&mut self, line: &str) -> Result<(), Failure> {
        let written =
            self.file.write_all(line.as_bytes()).and_then(|()| match self.file.sync_data() {
                // A pipe or a terminal has no disk behind it.
                Err(error) if error.kind() == io::ErrorKind::InvalidInput => Ok(()),
                synced => synced,
            });
        written.map_err(|error| problem(&self.name, &error.to_string()))
    }
}

fn problem(name: &Path, why: &str) -> Failure {
    Failure::other(format!("cannot use {}: {why}", name.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str =
        "{\"Identity\": \"a.example\", \"Region\": \"us-west-2\", \"VerificationToken\": \"x\"}\n";

    fn read(text: &str, dkim: bool) -> Result<Earlier, Failure> {
        let file = tempfile::NamedTempFile::new().expect("a temporary file");
        fs::write(file.path(), text).expect("written");
        LineFile::read(file.path(), "us-west-2", dkim)
    }

    #[test]
    fn a_torn_last_line_is_not_done() {
        let earlier = read(&format!("{LINE}{}", &LINE[..20]), false).expect("earlier lines");
        assert!(earlier.names.contains("a.example"));
        assert_eq!(earlier.whole, LINE.len() as u64);
    }

    #[test]
    fn a_line_without_dkim_tokens_is_not_done_when_they_are_asked_for() {
        assert!(read(LINE, true).expect("earlier lines").names.is_empty());
    }

    #[test]
    fn a_file_that_is_not_ours_is_refused() {
        for text in ["hello\n", "[]\n", "{}\n", &LINE.replace("us-west-2", "eu-west-1")] {
            assert!(read(text, false).is_err(), "{text}");
        }
    }
}
