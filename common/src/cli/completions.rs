//! Completions for bash, zsh and fish, from the same tables as the parser.
//!
//! One line for each flag: scripts/lib/completions takes lines from here for the programs that are
//! scripts. Operands are not completed: the names would cost a request.

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

/// Prints the profiles of both AWS files, one a line. In the config file other sections are none.
const PROFILES: &str = r#"{
    sed -n 's/^[[:space:]]*\[[[:space:]]*\(default\)[[:space:]]*\].*/\1/p
      s/^[[:space:]]*\[[[:space:]]*profile[[:space:]]\{1,\}"\{0,1\}\([^]"]*[^]"[:space:]]\).*/\1/p' "${AWS_CONFIG_FILE:-$HOME/.aws/config}"
    sed -n 's/^[[:space:]]*\[[[:space:]]*\([^]]*[^][:space:]]\).*/\1/p' "${AWS_SHARED_CREDENTIALS_FILE:-$HOME/.aws/credentials}"
  } 2>/dev/null | sort -u"#;

fn flags(sections: &[Section]) -> impl Iterator<Item = &Spec> {
    sections.iter().flat_map(|section| section.flags.iter().copied()).chain(EVERYWHERE)
}

/// Both spellings of a flag, `separator` between them.
fn spellings(spec: &Spec, separator: &str) -> String {
    let short = spec.short.map(|short| format!("-{short}{separator}")).unwrap_or_default();
    format!("{short}--{}", spec.long)
}

/// For completion functions: `ses_list`.
fn identifier(program: &Program) -> String {
    program.name.replace('-', "_")
}

pub(super) fn bash(program: &Program, sections: &[Section]) -> String {
    let (name, function) = (program.name, identifier(program));
    let values: String = flags(sections)
        .filter_map(|spec| {
            let action = match spec.takes {
                Takes::Nothing => return None,
                Takes::Text(_) => "return".into(),
                Takes::File(_) => "compopt -o default; return".into(),
                Takes::Choice(_, choices) => words(&choices.join(" ")),
                Takes::Region => words(&REGIONS.join(" ")),
                Takes::Profile => format!("_{function}_profiles; return"),
            };
            Some(format!("    {}) {action} ;;\n", spellings(spec, " | ")))
        })
        .collect();
    let all: Vec<String> = flags(sections).map(|spec| spellings(spec, " ")).collect();
    let all = all.join(" ");
    // A profile's name is compared, never expanded: it may hold whatever a file can.
    format!(
        r#"# bash completion for {name}
_{function}_profiles() {{
  local name
  while IFS= read -r name; do
    if [[ $name == "$word"* ]]; then COMPREPLY+=("$(printf %q "$name")"); fi
  done < <({PROFILES})
}}
_{function}() {{
  local IFS=$' \t\n' word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD - 1]}}
  COMPREPLY=()
  # --option=value arrives as three words
  if [[ $word == = ]]; then word=; elif [[ $before == = ]]; then before=${{COMP_WORDS[COMP_CWORD - 2]}}; fi
  case $before in
    # a redirection
    *[\<\>]*) compopt -o default; return ;;
{values}  esac
  if [[ $word == -* ]]; then COMPREPLY=($(compgen -W "{all}" -- "$word")); fi
}}
complete -F _{function} {name}
"#
    )
}

fn words(words: &str) -> String {
    format!("COMPREPLY=($(compgen -W \"{words}\" -- \"$word\")); return")
}

pub(super) fn fish(program: &Program, sections: &[Section]) -> String {
    let (name, function) = (program.name, identifier(program));
    let quoted = PROFILES.replace('\\', "\\\\").replace('\'', "\\'");
    let start = format!(
        r#"# fish completion for {name}
function __{function}_profiles
  sh -c '{quoted}'
end
complete -c {name} -f
"#
    );
    flags(sections).fold(start, |script, spec| {
        let short = spec.short.map(|short| format!(" -s {short}")).unwrap_or_default();
        let takes = match spec.takes {
            Takes::Nothing => String::new(),
            Takes::Text(_) => " -x".into(),
            Takes::File(_) => " -r -F".into(),
            Takes::Choice(_, choices) => format!(" -x -a '{}'", choices.join(" ")),
            Takes::Region => format!(" -x -a '{}'", REGIONS.join(" ")),
            Takes::Profile => format!(" -x -a '(__{function}_profiles)'"),
        };
        let brief = spec.brief.replace('\\', "\\\\").replace('\'', "\\'");
        script + &format!("complete -c {name}{short} -l {}{takes} -d '{brief}'\n", spec.long)
    })
}

pub(super) fn zsh(program: &Program, sections: &[Section]) -> String {
    let (name, function) = (program.name, identifier(program));
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
                Takes::Profile => format!(":NAME:_{function}_profiles"),
            };
            let (plus, equals) = if value.is_empty() { ("", "") } else { ("+", "=") };
            match spec.short {
                None => format!("  '*--{}{equals}[{brief}]{value}' \\\n", spec.long),
                Some(short) => {
                    let long = spec.long;
                    format!("  '*'{{-{short}{plus},--{long}{equals}}}'[{brief}]{value}' \\\n")
                }
            }
        })
        .collect();
    // Operands have an empty list and not a message, which would keep zsh from inserting an option.
    format!(
        r#"#compdef {name}
_{function}_profiles() {{
  local -a profiles expl
  profiles=(${{(f)"$({PROFILES})"}})
  _wanted profiles expl profile compadd -a profiles
}}
_arguments -s -S \
{arguments}  '*: :()'
"#
    )
}
