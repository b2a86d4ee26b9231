# What is installed, and where: one table for scripts/install and scripts/package.
#
# Sourced after common.sh; needs bash 4.2 and coreutils.
# shellcheck shell=bash

# Where zsh looks. Debian's own knows no site-functions below /usr.
zsh_functions=share/zsh/site-functions

# Lines of: mode, whose file (`root`, the checkout; `programs`, the directory of the built ones;
# `generated`, that of the completions), pattern, directory below the prefix.
layout() {
  cat <<TABLE
755 programs  ses-exists            bin
755 programs  ses-list              bin
755 programs  ses-token             bin
755 programs  ses-verify            bin
755 root      scripts/ses-*         bin
755 root      scripts/shims/*       libexec/ses-toolkit/shims
644 root      man/man1/*.1          share/man/man1
644 root      man/man7/*.7          share/man/man7
644 root      man/ja/man7/*.7       share/man/ja/man7
644 generated bash/*                share/bash-completion/completions
644 generated zsh/*                 $zsh_functions
644 generated fish/*                share/fish/vendor_completions.d
644 root      README*.md            share/doc/ses-toolkit
644 root      CHANGELOG.md          share/doc/ses-toolkit
644 root      SECURITY.md           share/doc/ses-toolkit
644 root      LICENSE-*             share/doc/ses-toolkit
644 root      THIRD-PARTY-NOTICES   share/doc/ses-toolkit
TABLE
}

# Copies all of it below a directory. Leaves in `installed` the paths of the files, relative to that.
# shellcheck disable=SC2154 # common.sh sets root
lay_out() { # programs-directory generated-directory destination
  local mode whose pattern directory base file
  installed=()
  while read -r mode whose pattern directory; do
    case $whose in
      programs) base=$1 ;;
      generated) base=$2 ;;
      root) base=$root ;;
    esac
    # Of the pattern only, which has no blank: the base may have some.
    for file in "$base"/$pattern; do
      [[ -f $file ]] || die "there is no $file"
      # Not -D: the modes of directories are the umask's, as those of mkdir are.
      mkdir -p -- "$3/$directory"
      install -m "$mode" -- "$file" "$3/$directory/${file##*/}"
      installed+=("$directory/${file##*/}")
    done
  done < <(layout)
}
