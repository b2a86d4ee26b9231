//! The AWS configuration files, and the profile in use.

use std::env;
use std::path::{Path, PathBuf};

use aws_config::profile::{Profile, ProfileSet};
use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
use aws_runtime::env_config::property::PropertiesKey;
use aws_types::os_shim_internal::{Env, Fs};

use super::environment::{Found, variable};
use super::error;
use super::{Debug, Settings};
use crate::status::Failure;

/// The configuration files, read once, and the name of the profile in use.
#[derive(Debug)]
pub(super) struct Profiles {
    set: ProfileSet,
    pub(super) files: EnvConfigFiles,
    pub(super) name: String,
}

impl Profiles {
    /// Reads both files and picks the profile: `--profile`, AWS_PROFILE, AWS_DEFAULT_PROFILE,
    /// `default` (aws-cli 2's order; version 1 asks AWS_DEFAULT_PROFILE first).
    ///
    /// # Errors
    /// 253: a file cannot be read or parsed, or a profile that was asked for does not exist. The
    /// SDK by itself would go on with another identity, an instance role for example.
    pub(super) async fn load(settings: &Settings) -> Result<Profiles, Failure> {
        let named = Found::flag(settings.profile.as_ref(), "--profile")
            .or_else(|| variable("AWS_PROFILE"))
            .or_else(|| variable("AWS_DEFAULT_PROFILE"));
        let files = files(settings.debug)?;
        let name = named.as_ref().map_or("default", |found| &found.value).to_owned();
        let set =
            aws_config::profile::load(&Fs::real(), &Env::real(), &files, Some(name.clone().into()))
                .await
                .map_err(|error| Failure::configuration(error::chain(&error)))?;
        if let Some(found) = named {
            settings.debug.setting("profile", &found);
            if set.get_profile(&found.value).is_none() {
                let problem = format!("The config profile ({}) could not be found", found.value);
                let hint = format!("it was named by {}; {}", found.source, there_are(&set));
                return Err(Failure::configuration(problem).hint(hint));
            }
        }
        Ok(Profiles { set, files, name })
    }

    /// The setting `key` of the profile in use, unless it is empty.
    pub(super) fn get(&self, key: &str) -> Option<Found> {
        let value = self.set.get(key).filter(|value| !value.is_empty())?;
        Some(Found::new(value, format!("profile {}", self.name)))
    }

    pub(super) fn named(&self, name: &str) -> Option<&Profile> {
        self.set.get_profile(name)
    }

    /// The endpoint of the section that the profile's `services` names:
    /// `[services NAME]`, `ses =`, indented `endpoint_url = URL`.
    pub(super) fn service_endpoint(&self) -> Option<Found> {
        let section = self.get("services")?.value;
        let key = PropertiesKey::builder()
            .section_key("services")
            .section_name(section.clone())
            .property_name("ses")
            .sub_property_name("endpoint_url")
            .build()
            .ok()?;
        let url = self.set.other_sections().get(&key).filter(|url| !url.is_empty())?;
        Some(Found::new(url, format!("services {section}")))
    }
}

/// Which profiles there are, for a hint.
fn there_are(set: &ProfileSet) -> String {
    const SHOWN: usize = 8;
    let mut names: Vec<&str> = set.profiles().collect();
    names.sort_unstable();
    match names.len() {
        0 => "there are no profiles".into(),
        1..=SHOWN => format!("there are: {}", names.join(", ")),
        more => format!("there are: {}, and {} more", names[..SHOWN].join(", "), more - SHOWN),
    }
}

/// Both files, as far as they exist. A missing file is no error, not even one that a variable names
/// (aws-cli: the same).
fn files(debug: Debug) -> Result<EnvConfigFiles, Failure> {
    // The SDK wants one file at least.
    let mut files = EnvConfigFiles::builder().with_contents(EnvConfigFileKind::Config, "");
    for (kind, variable_name, default) in [
        (EnvConfigFileKind::Config, "AWS_CONFIG_FILE", "~/.aws/config"),
        (EnvConfigFileKind::Credentials, "AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials"),
    ] {
        let found = variable(variable_name).unwrap_or_else(|| Found::new(default, "the default"));
        let Some(path) = expand_home(&found.value) else { continue };
        let Some(text) = read(&path)? else { continue };
        debug.say(|| format!("reads {} ({})", path.display(), found.source));
        files = match equals(&text) {
            Some(text) => files.with_contents(kind, text),
            None => files.with_file(kind, path),
        };
    }
    Ok(files.build())
}

/// `~/x` in the home directory; `None` where there is none.
pub(super) fn expand_home(path: &str) -> Option<PathBuf> {
    match path.strip_prefix("~/") {
        Some(rest) => Some(env::home_dir()?.join(rest)),
        None => Some(path.into()),
    }
}

/// The text of a file, if it exists. The SDK takes a file that it cannot read or decode for an empty
/// one.
fn read(path: &Path) -> Result<Option<String>, Failure> {
    let problem = |why: String| Failure::configuration(format!("{}: {why}", path.display()));
    match std::fs::read(path) {
        Ok(bytes) => String::from_utf8(bytes).map(Some).map_err(|error| {
            let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
            let line = valid.iter().filter(|byte| **byte == b'\n').count() + 1;
            problem(format!("line {line} is not UTF-8"))
        }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(problem(format!("cannot be read: {error}"))),
    }
}

/// The text with `key = value` where it has `key: value`, which is the same to Python's
/// configparser and so to aws-cli, but not to the SDK. `None` where it has none.
fn equals(text: &str) -> Option<String> {
    let mut changed = false;
    let lines: Vec<String> = text
        .lines()
        .map(|line| match line.find([':', '=', '#', ';', '[']) {
            Some(at) if line[at..].starts_with(':') => {
                changed = true;
                format!("{}={}", &line[..at], &line[at + 1..])
            }
            _ => line.to_owned(),
        })
        .collect();
    changed.then(|| lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colon_separates_as_an_equals_sign_does() {
        let text = "[profile a:b]\nregion: us-west-2\nsso_start_url = https://x\n# a: b\n";
        let same = "[profile a:b]\nregion= us-west-2\nsso_start_url = https://x\n# a: b";
        assert_eq!(equals(text).as_deref(), Some(same));
        assert_eq!(equals(same), None);
    }
}
