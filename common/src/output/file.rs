//! `-o FILE`: written whole or not at all.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::status::Failure;

/// A file that takes its new content at once, or keeps the old.
///
/// The temporary file beside it is made first, so that a directory that cannot be written is found
/// out before SES is asked for anything.
#[derive(Debug)]
pub struct OutputFile {
    /// As the user named it, for messages.
    name: PathBuf,
    way: Way,
}

#[derive(Debug)]
enum Way {
    /// A temporary file, to be renamed to the target.
    Replace { temporary: NamedTempFile, target: PathBuf },
    /// A terminal, a pipe, `/dev/null`: there is no old content to keep.
    Through(File),
}

impl OutputFile {
    /// Prepares to write `name`. Symbolic links are followed; an existing file keeps its mode, a new
    /// one gets the umask's.
    ///
    /// # Errors
    /// 255 where the file could not be written.
    pub fn create(name: &Path) -> Result<OutputFile, Failure> {
        let way = prepare(name).map_err(|error| unwritable(name, &error))?;
        Ok(OutputFile { name: name.to_owned(), way })
    }

    /// Replaces the content by `text`, on the disk when this returns.
    ///
    /// # Errors
    /// 255 where it could not be written; the file is then as it was.
    pub fn write(self, text: &[u8]) -> Result<(), Failure> {
        let written = match self.way {
            Way::Through(mut file) => file.write_all(text),
            Way::Replace { temporary, target } => replace(temporary, &target, text),
        };
        written.map_err(|error| unwritable(&self.name, &error))
    }
}

fn unwritable(name: &Path, error: &io::Error) -> Failure {
    Failure::other(format!("cannot write {}: {error}", name.display()))
}

fn prepare(name: &Path) -> io::Result<Way> {
    if name.as_os_str().as_bytes().ends_with(b"/") {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    let target = follow(name)?;
    let mode = match fs::metadata(&target) {
        Ok(there) if there.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
        Ok(there) if !there.is_file() => {
            return Ok(Way::Through(OpenOptions::new().write(true).open(&target)?));
        }
        Ok(there) => {
            // A file that may not be written is not replaced behind its owner's back either.
            OpenOptions::new().write(true).open(&target)?;
            there.permissions().mode() & 0o7777
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => 0o666 & !umask(),
        Err(error) => return Err(error),
    };
    let directory = match target.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let temporary = tempfile::Builder::new().prefix(".ses-").tempfile_in(directory)?;
    temporary.as_file().set_permissions(Permissions::from_mode(mode))?;
    Ok(Way::Replace { temporary, target })
}

fn replace(mut temporary: NamedTempFile, target: &Path, text: &[u8]) -> io::Result<()> {
    temporary.write_all(text)?;
    temporary.as_file().sync_all()?;
    temporary.persist(target).map_err(|error| error.error)?;
    // The name, too, is on the disk only when its directory is. A directory that cannot be opened
    // for reading is no reason to call the file unwritten.
    match target.parent().map(File::open) {
        Some(Ok(directory)) => directory.sync_all(),
        _ => Ok(()),
    }
}

/// The file that `name` leads to, through symbolic links that may dangle.
fn follow(name: &Path) -> io::Result<PathBuf> {
    let mut path = name.to_owned();
    // Linux gives up after 40, too.
    for _ in 0..40 {
        match fs::read_link(&path) {
            Ok(target) => path = path.parent().unwrap_or(Path::new("")).join(target),
            Err(_) => return Ok(path),
        }
    }
    Err(io::Error::other("too many levels of symbolic links"))
}

/// The bits that a new file of this process lacks.
fn umask() -> u32 {
    // SAFETY: umask cannot fail; it is set and set back while there is one thread, since it can only
    // be read by setting it.
    let mask = unsafe { libc::umask(0o077) };
    unsafe { libc::umask(mask) };
    mask
}
