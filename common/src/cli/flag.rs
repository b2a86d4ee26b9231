//! Flags as data: one constant table per group of options.
//!
//! The table feeds the parser, the help, the options of the man page and the completions, so these
//! cannot drift apart. A group is a struct of plain values (`Default` is "nothing given") with its
//! table beside it; a program is a tuple of groups.

use std::ffi::OsString;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

/// What a flag is called and what it is for; all that help, man page and completions need.
#[derive(Debug)]
pub struct Spec {
    pub short: Option<char>,
    /// The name without its dashes.
    pub long: &'static str,
    pub takes: Takes,
    /// One line for `--help`.
    pub brief: &'static str,
    /// Further sentences for the man page.
    pub detail: &'static str,
}

/// The value of a flag: what it is called, and what a shell may complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// A switch.
    Nothing,
    Text(&'static str),
    File(&'static str),
    Choice(&'static str, &'static [&'static str]),
    Profile,
    Region,
}

impl Takes {
    /// The value's name in usage lines; `None` for a switch.
    pub fn name(self) -> Option<&'static str> {
        match self {
            Takes::Nothing => None,
            Takes::Text(name) | Takes::File(name) | Takes::Choice(name, _) => Some(name),
            Takes::Profile => Some("NAME"),
            Takes::Region => Some("REGION"),
        }
    }
}

/// A flag of the group `T`: its description, and how it is stored.
#[derive(Debug)]
pub struct Flag<T> {
    pub spec: Spec,
    store: Store<T>,
}

#[derive(Debug)]
enum Store<T> {
    Switch(fn(&mut T)),
    Value(fn(&mut T, Value) -> Result<(), String>),
}

impl<T> Flag<T> {
    pub const fn switch(long: &'static str, brief: &'static str, store: fn(&mut T)) -> Flag<T> {
        let spec = Spec { short: None, long, takes: Takes::Nothing, brief, detail: "" };
        Flag { spec, store: Store::Switch(store) }
    }

    /// `store` validates and stores, without I/O; its error need not name the flag.
    pub const fn value(
        long: &'static str,
        takes: Takes,
        brief: &'static str,
        store: fn(&mut T, Value) -> Result<(), String>,
    ) -> Flag<T> {
        let spec = Spec { short: None, long, takes, brief, detail: "" };
        Flag { spec, store: Store::Value(store) }
    }

    pub const fn short(mut self, short: char) -> Flag<T> {
        self.spec.short = Some(short);
        self
    }

    pub const fn detail(mut self, detail: &'static str) -> Flag<T> {
        self.spec.detail = detail;
        self
    }
}

/// A group of options: one table, and the values it stores.
pub trait Options: Default + 'static {
    /// The heading above its flags.
    const TITLE: &'static str;
    const FLAGS: &'static [Flag<Self>];
}

/// A tuple of groups: all that one program takes.
pub trait Groups: Default {
    /// Each group's title and flags, in the order of the tuple.
    fn sections() -> Vec<Section>;

    /// Stores `value` (`None` for a switch) for the flag `index` of the group `group`.
    ///
    /// # Errors
    /// Why the value is not acceptable, in words that need the flag's name before them.
    fn store(&mut self, group: usize, index: usize, value: Option<Value>) -> Result<(), String>;
}

/// One group as help, man page and completions see it.
#[derive(Debug)]
pub struct Section {
    pub title: &'static str,
    pub flags: Vec<&'static Spec>,
}

fn section<T: Options>() -> Section {
    Section { title: T::TITLE, flags: T::FLAGS.iter().map(|flag| &flag.spec).collect() }
}

fn store<T: Options>(group: &mut T, index: usize, value: Option<Value>) -> Result<(), String> {
    match (&T::FLAGS[index].store, value) {
        (Store::Switch(set), _) => {
            set(group);
            Ok(())
        }
        (Store::Value(set), Some(value)) => set(group, value),
        (Store::Value(_), None) => Err("needs a value".into()),
    }
}

macro_rules! groups {
    ($($group:ident $position:tt),+) => {
        impl<$($group: Options),+> Groups for ($($group,)+) {
            fn sections() -> Vec<Section> {
                vec![$(section::<$group>()),+]
            }

            fn store(&mut self, group: usize, index: usize, value: Option<Value>) -> Result<(), String> {
                match group {
                    $($position => store(&mut self.$position, index, value),)+
                    _ => Err("belongs to no group".into()),
                }
            }
        }
    };
}
groups!(A 0);
groups!(A 0, B 1);
groups!(A 0, B 1, C 2);
groups!(A 0, B 1, C 2, D 3);

/// The value given to a flag, not yet looked at.
#[derive(Clone, Debug)]
pub struct Value(pub OsString);

impl Value {
    /// # Errors
    /// It is not UTF-8.
    pub fn text(self) -> Result<String, String> {
        self.0.into_string().map_err(|value| format!("{value:?} is not UTF-8"))
    }

    /// The value as text; an empty one is an error, since nothing useful is spelt that way.
    pub fn filled(self) -> Result<String, String> {
        let text = self.text()?;
        if text.is_empty() { Err("the value is empty".into()) } else { Ok(text) }
    }

    pub fn path(self) -> Result<PathBuf, String> {
        if self.0.is_empty() { Err("the file name is empty".into()) } else { Ok(self.0.into()) }
    }

    /// One of `choices`.
    pub fn one_of(self, choices: &'static [&'static str]) -> Result<&'static str, String> {
        let text = self.text()?;
        choices
            .iter()
            .find(|choice| **choice == text)
            .copied()
            .ok_or_else(|| format!("{text:?} is none of {}", choices.join(", ")))
    }

    /// A duration such as `40s`, `45m` or `1h30m`.
    pub fn duration(self) -> Result<Duration, String> {
        let text = self.text()?;
        humantime::parse_duration(&text)
            .map_err(|_| format!("{text:?} is no duration such as 500ms, 40s, 45m or 1h30m"))
    }

    /// # Errors
    /// `{text} is not {what}`.
    pub fn number<N: FromStr>(self, what: &str) -> Result<N, String> {
        let text = self.text()?;
        text.parse().map_err(|_| format!("{text:?} is not {what}"))
    }
}
