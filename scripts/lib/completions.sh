# Completions of all programs, for bash, zsh and fish.
#
# The four print their own, a line for each option. Those of the scripts are made of what their
# `--help` says, in the frame of ses-list's; the lines of what they hand on to the programs, and the
# formats of ses-token, are the programs'. Sourced after common.sh.
# shellcheck shell=bash

# Fills DIRECTORY/bash, zsh and fish, under the names by which a shell finds them.
make_completions() { # programs-directory directory
  local path name shell file
  mkdir -p -- "$2/bash" "$2/zsh" "$2/fish"
  # shellcheck disable=SC2154 # common.sh sets root
  for path in "$root"/bins/*/ "$root"/scripts/ses-*; do
    path=${path%/}
    name=${path##*/}
    for shell in bash zsh fish; do
      case $shell in
        bash) file=bash/$name ;;
        zsh) file=zsh/_$name ;;
        fish) file=fish/$name.fish ;;
      esac
      case $path in
        */bins/*) "$1/$name" --generate "$shell" ;;
        *) complete_script "$path" "$1" "$shell" ;;
      esac >"$2/$file" || die "cannot make the $shell completion of $name"
    done
  done
}

complete_script() { # script programs-directory shell
  local name=${1##*/} shell=$3 model formats help line word options='' lines=''
  local option='^ +((-[a-zA-Z]), )?--([a-z-]+)( ([A-Z][^ ]*))?  +(.+)$'
  model=$("$2/ses-list" --generate "$shell") || return
  model=${model//ses_list/"${name//-/_}"} model=${model//ses-list/"$name"}
  formats=$("$2/ses-token" --generate "$shell") || return
  formats=${formats//ses-token/"$name"}
  help=$(LC_ALL=C "$1" --help) || return
  # What a line says may go on in the next one, in its column.
  help=${help//$'\n                            '/ }
  while IFS= read -r line; do
    if [[ $line =~ $option ]]; then
      options+=" ${BASH_REMATCH[2]:+${BASH_REMATCH[2]} }--${BASH_REMATCH[3]}"
      add_option "${BASH_REMATCH[2]}" "${BASH_REMATCH[3]}" "${BASH_REMATCH[5]}" "${BASH_REMATCH[6]}" ||
        return
    elif [[ $line =~ ^\ +-- ]]; then
      # What is handed on: --profile NAME, --region REGION, …
      for word in ${line//,/}; do
        [[ $word == --* ]] || continue
        options+=" $word"
        add_line_of "$model" "${word#--}" || return
      done
    fi
  done <<<"$help"
  print_in_frame
}

# Adds to `lines` that of an option, if it has one: bash has none for a switch.
add_option() { # short long value-name brief
  local brief=$4 quote="'\\''"
  case $shell:$3 in
    *:FORMAT) add_line_of "$formats" "$2" ;;
    bash:) ;;
    bash:DIR | bash:FILE) lines+="    --$2) compopt -o default; return ;;"$'\n' ;;
    bash:LANGUAGE) lines+="    --$2) COMPREPLY=(\$(compgen -W \"en ja\" -- \"\$word\")); return ;;"$'\n' ;;
    bash:*) lines+="    --$2) return ;;"$'\n' ;;
    fish:*)
      brief=${brief//\'/\\\'}
      lines+="complete -c $name${1:+ -s ${1#-}} -l $2"
      case $3 in
        '') ;;
        DIR) lines+=" -x -a '(__fish_complete_directories)'" ;;
        FILE) lines+=' -r -F' ;;
        LANGUAGE) lines+=" -x -a 'en ja'" ;;
        *) lines+=' -x' ;;
      esac
      lines+=" -d '$brief'"$'\n'
      ;;
    zsh:*)
      brief=${brief//\'/"$quote"} brief=${brief//:/\\:}
      brief=${brief//\[/\\[} brief=${brief//\]/\\]}
      # No option of a script has both a short name and a value.
      if [[ -n $1 ]]; then lines+="  '*'{$1,--$2}'[$brief]'"; else lines+="  '*--$2${3:+=}[$brief]"; fi
      case $3 in
        '') ;;
        DIR) lines+=":$3:_directories" ;;
        FILE) lines+=":$3:_files" ;;
        LANGUAGE) lines+=":$3:(en ja)" ;;
        *) lines+=":${3%%[^A-Z]*}: " ;;
      esac
      if [[ -z $1 ]]; then lines+="'"; fi
      lines+=$' \\\n'
      ;;
  esac
}

# Adds to `lines` the line that another program's completion has for an option.
add_line_of() { # completion long
  local line
  while IFS= read -r line; do
    case $shell:$line in
      "bash:    --$2) "* | "zsh:  '*--$2"[=[]* | "fish:complete -c $name -l $2 "*)
        lines+=$line$'\n'
        return
        ;;
    esac
  done <<<"$1"
  # A switch, or an option that is no longer there.
  [[ $shell == bash && $1 == *" --$2 "* ]]
}

# Prints `model` with `lines` and `options` instead of its own; fails if it has no place for them.
print_in_frame() {
  local line placed=''
  while IFS= read -r line; do
    case $shell:$line in
      'bash:    -'* | "zsh:  '*-"* | "zsh:  '*'{-"* | fish:*' -l '*) continue ;;
      bash:*'compgen -W'*) line=${line%%'compgen -W'*}"compgen -W \"${options# }\" -- \"\$word\")); fi" ;;
    esac
    printf '%s\n' "$line"
    case $shell:$line in
      'bash:    *['* | 'zsh:_arguments '* | "fish:complete -c $name -f")
        printf '%s' "$lines"
        placed=yes
        ;;
    esac
  done <<<"$model"
  [[ -n $placed ]]
}
