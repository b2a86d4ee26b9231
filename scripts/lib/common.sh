# What the developer scripts share: where things are, messages, builds, and signals.
#
# Sourced after `set -euo pipefail`; the script's name is its prefix on stderr.
# shellcheck shell=bash

# A CDPATH would make `cd` print, and go elsewhere.
unset CDPATH

program=${0##*/}
root=$(cd -- "${BASH_SOURCE[0]%/*}/../.." && pwd -P)
target=${CARGO_TARGET_DIR:-$root/target}
[[ $target == /* ]] || target=$PWD/$target

# The virtual environment that install-python fills.
# shellcheck disable=SC2034 # for the scripts that source this
venv=$target/python

# For every cargo of ours, wherever the caller stands.
in_workspace=(--manifest-path "$root/Cargo.toml" --target-dir "$target" --locked)

say() { # text…
  printf '%s: %s\n' "$program" "$*" >&2
}

die() { # text…
  say "$@"
  exit 1
}

# Nothing of the caller's own AWS is left, so that no mistake of ours reaches it.
forget_aws() {
  local name
  for name in $(compgen -e AWS_); do
    unset "$name"
  done
}

# --- Signals -------------------------------------------------------------------------------------
#
# bash runs a trap only when the foreground command has ended, so a SIGTERM to a script alone would
# wait for that. What takes its time therefore runs in the background, as a `step`.

running= # is there a step?

# Ends the script, and its step with it. The trap never returns to the interrupted `wait`: bash may
# have lost what became of the step.
on_signal() { # name status
  [[ -z $running ]] || kill -s "$1" "$!" 2>/dev/null || :
  exit "$2"
}

hand_on_signals() {
  trap 'on_signal HUP 129' HUP
  trap 'on_signal INT 130' INT
  trap 'on_signal TERM 143' TERM
}

# Runs a program, with the stdin and the signals of one in the foreground; returns its status.
step() { # program argument…
  local status=0
  running=yes
  (
    # bash lets a command in the background ignore these two, and resets only a trap that was set.
    trap : INT QUIT
    trap - INT QUIT
    exec "$@"
  ) <&0 &
  # Without bash's own remark on a program that was killed.
  wait "$!" 2>/dev/null || status=$?
  running=
  return "$status"
}

# --- Rust ----------------------------------------------------------------------------------------

# Builds the four programs, `programs`, into $target/debug; says so where it will take its time.
build_programs() {
  local directory name built=$target/debug/.built-by-scripts
  command -v cargo >/dev/null || die "cargo is missing: install Rust"
  programs=()
  for directory in "$root"/bins/*/; do
    directory=${directory%/}
    programs+=("${directory##*/}")
  done

  if needs_a_build "$built"; then
    say "building the programs (a few minutes, the first time)"
  fi
  # With the examples, hence with the dev-dependencies: these switch features of shared crates on,
  # and `cargo test` would otherwise compile most crates a second time.
  step cargo build "${in_workspace[@]}" --quiet --workspace --bins --examples ||
    die "the build failed"
  for name in "${programs[@]}"; do
    [[ -x $target/debug/$name ]] || die "cargo left no $target/debug/$name"
  done
  : >"$built"
}

# Has anything changed since this file was written? For the message only: cargo knows better.
needs_a_build() { # file
  local changed
  [[ -f $1 ]] || return 0
  changed=$(find "$root/Cargo.toml" "$root/Cargo.lock" "$root/bins" "$root/common" \
    -type f -newer "$1" -print -quit)
  [[ -n $changed ]]
}
