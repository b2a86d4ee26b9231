//! Completions for bash, zsh and fish, from the same tables as the parser.

use super::{EVERYWHERE, Program, Section, Spec, Takes};

/// The Regions where SES v1 has an endpoint, from botocore's `endpoints.json`, service `email`.
const REGIONS: &[&str] = &[
    "af-south-1",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-south-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-5",
    "ca-central-1",
    "ca-west-1",
    "eu-central-1",
    "eu-central-2",
    "eu-north-1",
    "eu-south-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-gov-east-1",
    "us-gov-west-1",
    "us-west-1",
    "us-west-2",
];

/// Prints the profiles of both AWS files, one a line.
const PROFILES: &str = r#"sed -n 's/^[[:space:]]*\[\(profile[[:space:]]\{1,\}\)\{0,1\}\([^]]*\)\].*/\2/p' "${AWS_CONFIG_FILE:-$HOME/.aws/config}" "${AWS_SHARED_CREDENTIALS_FILE:-$HOME/.aws/credentials}" 2>/dev/null | sed '/^sso-session /d;/^services /d' | sort -u"#;

fn flags(sections: &[Section]) -> impl Iterator<Item = &Spec> {
    sections.iter().flat_map(|section| section.flags.iter().copied()).chain(EVERYWHERE)
}

/// Both spellings of a flag, `separator` between them.
fn spellings(spec: &Spec, separator: &str) -> String {
    let short = spec.short.map(|short| format!("-{short}{separator}")).unwrap_or_default();
    format!("{short}--{}", spec.long)
}

pub(super) fn bash(program: &Program, sections: &[Section]) -> String {
    let values: String = flags(sections)
        .filter_map(|spec| {
            let words = match spec.takes {
                Takes::Nothing => return None,
                Takes::Text(_) => "return".into(),
                Takes::File(_) => r#"compopt -o filenames; COMPREPLY=($(compgen -f -- "$word")); return"#.into(),
                Takes::Choice(_, choices) => words(&choices.join(" ")),
                Takes::Region => words(&REGIONS.join(" ")),
                Takes::Profile => format!(
                    "local IFS=$'\\n'; COMPREPLY=($(compgen -W \"$({PROFILES})\" -- \"$word\")); return"
                ),
            };
            Some(format!("    {}) {words} ;;\n", spellings(spec, " | ")))
        })
        .collect();
    let all: Vec<String> = flags(sections).map(|spec| spellings(spec, " ")).collect();
    let (name, all) = (program.name, all.join(" "));
    let function = name.replace('-', "_");
    format!(
        r#"# bash completion for {name}
_{function}() {{
  local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD - 1]}}
  COMPREPLY=()
  # --option=value arrives as three words
  if [[ $word == = ]]; then word=; elif [[ $before == = ]]; then before=${{COMP_WORDS[COMP_CWORD - 2]}}; fi
  case $before in
{values}  esac
  if [[ $word == -* ]]; then COMPREPLY=($(compgen -W "{all}" -- "$word")); fi
}}
complete -o default -F _{function} {name}
"#
    )
}

fn words(words: &str) -> String {
    format!("COMPREPLY=($(compgen -W \"{words}\" -- \"$word\")); return")
}

pub(super) fn fish(program: &Program, sections: &[Section]) -> String {
    let name = program.name;
    flags(sections).fold(format!("# fish completion for {name}\n"), |script, spec| {
        let short = spec.short.map(|short| format!(" -s {short}")).unwrap_or_default();
        let takes = match spec.takes {
            Takes::Nothing => String::new(),
            Takes::Text(_) => " -x".into(),
            Takes::File(_) => " -r -F".into(),
            Takes::Choice(_, choices) => format!(" -x -a '{}'", choices.join(" ")),
            Takes::Region => format!(" -x -a '{}'", REGIONS.join(" ")),
            Takes::Profile => format!(" -x -a '(sh -c {})'", quote_twice(PROFILES)),
        };
        let brief = spec.brief.replace('\'', "\\'");
        script + &format!("complete -c {name}{short} -l {}{takes} -d '{brief}'\n", spec.long)
    })
}

/// `text` as a double-quoted fish word inside a single-quoted one.
fn quote_twice(text: &str) -> String {
    let word = text.replace('\\', "\\\\").replace('"', "\\\"").replace('$', "\\$");
    format!("\"{}\"", word.replace('\\', "\\\\").replace('\'', "\\'"))
}

pub(super) fn zsh(program: &Program, sections: &[Section]) -> String {
    let name = program.name;
    let arguments: String = flags(sections)
        .map(|spec| {
            let brief = spec.brief.replace('\'', "'\\''").replace('[', "\\[").replace(']', "\\]");
            let brief = brief.replace(':', "\\:");
            let value = match spec.takes {
                Takes::Nothing => String::new(),
                Takes::Text(value) => format!(":{value}: "),
                Takes::File(value) => format!(":{value}:_files"),
                Takes::Choice(value, choices) => format!(":{value}:({})", choices.join(" ")),
                Takes::Region => format!(":REGION:({})", REGIONS.join(" ")),
                Takes::Profile => ":NAME:->profile".into(),
            };
            let equals = if spec.takes == Takes::Nothing { "" } else { "=" };
            match spec.short {
                None => format!("  '*--{}{equals}[{brief}]{value}' \\\n", spec.long),
                Some(short) => {
                    format!("  '*'{{-{short},--{}{equals}}}'[{brief}]{value}' \\\n", spec.long)
                }
            }
        })
        .collect();
    format!(
        r#"#compdef {name}
local state
local -a profiles
_arguments -s -S \
{arguments}  '*:NAME:_files'
if [[ $state == profile ]]; then
  profiles=(${{(f)"$({PROFILES})"}})
  compadd -a profiles
fi
"#
    )
}
