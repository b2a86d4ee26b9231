# Runs checks and counts them: what scripts/test is made of.
#
# Every check runs, whatever became of those before; `summary` has the last word. Sourced after
# common.sh. A check's output is shown when it failed, and always kept in $logs.
# shellcheck shell=bash

# shellcheck disable=SC2154 # common.sh sets target
logs=$target/test
passed=0
failed=0
failures=() # the names of what failed
skips=()    # the names of what was skipped, each with its reason

# Runs a command as one check.
check() { # name command…
  run_logged "$@"
  if ((status == 0)); then
    passed=$((passed + 1))
    echo "   ok ($took s)"
  else
    fail "$1"
    cat -- "$log"
  fi
}

# Runs a command that is many tests, each of which counts: those of libtest (`cargo test`), or of a
# script that prints "ok - NAME", "not ok - NAME" or "skip - NAME" for each.
check_tests() { # name command…
  local before=$failed
  run_logged "$@"
  count_results "$log"
  passed=$((passed + results_passed))
  failed=$((failed + ${#results_failed[@]}))
  failures+=(${results_failed[@]+"${results_failed[@]}"})
  skips+=(${results_skipped[@]+"${results_skipped[@]}"})
  # Neither a crash nor a run without any test may pass for a success.
  if ((status != 0 && failed == before)); then
    fail "$1 (exit status $status)"
  elif ((results_passed + ${#results_failed[@]} == 0)); then
    fail "$1 (no test ran)"
  fi
  if ((failed > before)); then
    # Without what passed, which is hundreds of lines.
    grep -Ev '^(test .* \.\.\. ok|ok - .*)$' -- "$log" || :
  else
    echo "   ok ($results_passed tests, $took s)"
  fi
}

fail() { # name
  failed=$((failed + 1))
  failures+=("$1")
  echo "   FAILED: $1"
}

skip() { # name reason
  skips+=("$1 ($2)")
  printf -- '-- %s: skipped, %s\n' "$1" "$2"
}

# Sets `status`, `took` (in seconds) and `log`.
run_logged() { # name command…
  local start=$SECONDS
  log=$logs/${1//[^[:alnum:]]/-}.log
  printf '== %s\n' "$1"
  shift
  status=0
  step "$@" </dev/null >"$log" 2>&1 || status=$?
  took=$((SECONDS - start))
}

# Reads the results of single tests: `results_passed`, a number, `results_failed` and
# `results_skipped`, names. Of libtest its own sums count: a test that dies prints no line. The
# names are for the reader.
count_results() { # log
  local line names=() sum=0
  results_passed=0 results_failed=() results_skipped=()
  while IFS= read -r line; do
    if [[ $line =~ ^test\ result:\ [A-Za-z]+\.\ ([0-9]+)\ passed\;\ ([0-9]+)\ failed\; ]]; then
      results_passed=$((results_passed + BASH_REMATCH[1]))
      sum=$((sum + BASH_REMATCH[2]))
    elif [[ $line =~ ^test\ (.*)\ \.\.\.\ FAILED$ ]]; then
      names+=("${BASH_REMATCH[1]}")
    elif [[ $line =~ ^test\ (.*)\ \.\.\.\ ignored ]]; then
      results_skipped+=("${BASH_REMATCH[1]} (ignored)")
    elif [[ $line == 'ok - '* ]]; then
      results_passed=$((results_passed + 1))
    elif [[ $line == 'not ok - '* ]]; then
      sum=$((sum + 1))
      names+=("${line#not ok - }")
    elif [[ $line == 'skip - '* ]]; then
      results_skipped+=("${line#skip - }")
    fi
  done <"$1"
  while ((sum > 0)); do
    sum=$((sum - 1))
    results_failed+=("${names[${#results_failed[@]}]-a test without a name}")
  done
}

# Prints what failed, what was skipped, and the sums as the last line. With "strict", a skipped test
# is a failure of the run, though not one of the tests.
summary() { # [strict]
  local status=0
  echo '== summary'
  if ((failed > 0)); then
    status=1
    printf 'failed: %s\n' "${failures[@]}"
  fi
  if ((${#skips[@]} > 0)); then
    printf 'skipped: %s\n' "${skips[@]}"
    if [[ ${1-} == strict ]]; then
      status=1
      echo 'This run was to skip nothing.'
    fi
  fi
  printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "${#skips[@]}"
  return "$status"
}
