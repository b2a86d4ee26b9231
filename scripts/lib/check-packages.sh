# Checks the packages that scripts/package made. Sourced after common.sh; needs root, objdump and lintian.
# shellcheck shell=bash

# Dies at the first thing that is wrong.
check_packages() { # directory
  local scratch file
  ((EUID == 0)) || die "only root can install packages, even below another root"
  for file in objdump dpkg rpm lintian; do
    type -P -- "$file" >/dev/null || die "$file is missing"
  done
  scratch=$(mktemp -d)
  # shellcheck disable=SC2064 # the scratch directory of now
  trap "rm -rf -- $(printf %q "$scratch")" EXIT
  check_tarball "$1" "$scratch/tarball"
  check_deb "$1" "$scratch/deb"
  check_rpm "$1" "$scratch/rpm"
}

# The programs need no newer glibc, and run.
check_programs() { # usr-directory
  local path newest
  # shellcheck disable=SC2154 # common.sh sets root
  for path in "$root"/bins/*/; do
    path=${path%/}
    path=$1/bin/${path##*/}
    newest=$(objdump -T "$path" | grep -o 'GLIBC_[0-9.]*' | sort -Vu | tail -n 1)
    [[ $newest == GLIBC_* ]] || die "$path has no symbols of glibc"
    # shellcheck disable=SC2154 # scripts/package sets GLIBC
    [[ $(printf '%s\n' "$newest" "GLIBC_$GLIBC" | sort -V | tail -n 1) == "GLIBC_$GLIBC" ]] ||
      die "$path needs $newest"
    [[ $("$path" --version) == "${path##*/} "* ]] || die "$path does not run"
    # A path of the machine that built it would make the next build another one.
    ! grep -qaF -e "$root" -e "$HOME/" "$path" || die "$path tells where it was built"
  done
  [[ $("$1/bin/ses-create-identity" --version) == 'ses-create-identity '* ]] ||
    die "ses-create-identity does not run"
  [[ -x $1/libexec/ses-toolkit/shims/jp.py ]] || die "there are no shims"
}

check_tarball() { # directory scratch
  mkdir -- "$2"
  tar --extract --directory "$2" --file "$(echo "$1"/*.tar.gz)"
  check_programs "$(echo "$2"/*)"
  say "the tarball is right"
}

# What is below a root, but for the database of the package manager.
below() { # root
  (cd -- "$1" && find . -path ./var -prune -o -print | LC_ALL=C sort)
}

check_deb() { # directory scratch
  local deb
  deb=$(echo "$1"/*.deb)
  mkdir -p -- "$2/var/lib/dpkg/info" "$2/var/lib/dpkg/updates"
  : >"$2/var/lib/dpkg/status"
  below "$2" >"$2.before"
  # bash and glibc are not in that root.
  dpkg --root="$2" --force-depends --install "$deb" >"$2.log" 2>&1 || {
    cat -- "$2.log" >&2
    die "dpkg cannot install $deb"
  }
  check_programs "$2/usr"
  check_pages "$2/usr/share/man"
  dpkg --root="$2" --purge ses-toolkit >>"$2.log" 2>&1 || {
    cat -- "$2.log" >&2
    die "dpkg cannot remove $deb"
  }
  below "$2" | diff "$2.before" - >&2 || die "dpkg leaves something of $deb"
  lintian --allow-root --fail-on error -- "$deb" >&2 || die "lintian finds errors in $deb"
  say "the .deb is right"
}

check_rpm() { # directory scratch
  local rpm
  rpm=$(echo "$1"/*.rpm)
  # The directories that every system has, by its package `filesystem`.
  mkdir -p -- "$2"/usr/{bin,libexec} "$2"/usr/share/{doc,man/man1,man/man7}
  rpm --root "$2" --dbpath /var/lib/rpm --initdb
  below "$2" >"$2.before"
  rpm --root "$2" --dbpath /var/lib/rpm --nodeps --install "$rpm" || die "rpm cannot install $rpm"
  rpm --root "$2" --dbpath /var/lib/rpm --nodeps --verify ses-toolkit || die "rpm does not verify $rpm"
  check_programs "$2/usr"
  check_pages "$2/usr/share/man"
  rpm --root "$2" --dbpath /var/lib/rpm --nodeps --erase ses-toolkit || die "rpm cannot remove $rpm"
  below "$2" | diff "$2.before" - >&2 || die "rpm leaves something of $rpm"
  # rpm of Amazon Linux 1 and 2 is 4.11.
  [[ $(rpm --query --package --queryformat '%{PAYLOADCOMPRESSOR}' -- "$rpm" 2>/dev/null) == gzip ]] ||
    die "the payload of $rpm is not gzip"
  say "the .rpm is right"
}

check_pages() { # man-directory
  local page
  type -P man >/dev/null || return 0
  page=$(MANPATH=$1 man --where ses-toolkit) && [[ $page == "$1"/man7/* ]] || die "man finds no page"
  page=$(MANPATH=$1 man --where -L ja ses-toolkit) && [[ $page == "$1"/ja/man7/* ]] ||
    die "man finds no Japanese page"
}
