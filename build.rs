//! Links the unwinder into the programs: to load libgcc_s at each start would be a tenth of what a small
//! program takes.

use std::env;
use std::path::Path;
use std::process::Command;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-env-changed=RUSTC_LINKER");
    if !is_native_release() {
        return;
    }
    let answer = Command::new("cc").arg("-print-file-name=libgcc_eh.a").output();
    let archive = answer.ok().and_then(|answer| String::from_utf8(answer.stdout).ok());
    // A compiler that has none prints the bare name.
    if let Some(directory) = archive.as_deref().and_then(|path| Path::new(path.trim()).parent())
        && directory.is_absolute()
    {
        println!("cargo:rustc-link-search=native={}", directory.display());
        println!("cargo:rustc-link-lib=static=gcc_eh");
    }
}

/// Another linker has its own unwinder, and another system, or an older glibc, cannot use this one's.
fn is_native_release() -> bool {
    let is = |name, value: &str| env::var(name).as_deref() == Ok(value);
    let target = env::var("TARGET").unwrap_or_default();
    is("PROFILE", "release")
        && is("CARGO_CFG_TARGET_ENV", "gnu")
        && is("HOST", &target)
        && env::var_os("RUSTC_LINKER").is_none()
}
