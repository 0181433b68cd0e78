# Runs stages in order, counts their passed and failed tests and prints a summary.

passed=0
failed=0
stage_number=0
summary=()
failures=()

# stage <title> <counter> <command…>
# The counter is the name of a function that reads a log and prints "<passed> <failed>"; `check` counts the command itself as one.
# A stage without any test counts as failed.
stage() {
  local title="$1" counter="$2" began=$SECONDS status=0 counts log ok bad note=""
  shift 2
  stage_number=$((stage_number + 1))
  log="$LOGS/stage-$stage_number.log"
  printf '\n=== %d. %s\n' "$stage_number" "$title"
  "$@" 2>&1 | tee "$log" || status=$?
  counts="$("$counter" "$log" "$status")"
  ok="${counts% *}"
  bad="${counts#* }"
  if [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then
    bad=1
    note=" (exit $status without a failed test)"
  elif [ $((ok + bad)) -eq 0 ]; then
    bad=1
    note=" (no test was run)"
  fi
  passed=$((passed + ok))
  failed=$((failed + bad))
  [ "$bad" -eq 0 ] || failures+=("$log")
  summary+=("$(printf '%-60s %5d passed %3d failed %5d s%s' "$title" "$ok" "$bad" $((SECONDS - began)) "$note")")
  printf -- '--- %s: %d passed, %d failed, %d s%s\n' "$title" "$ok" "$bad" $((SECONDS - began)) "$note"
}

check() { [ "$2" -eq 0 ] && echo "1 0" || echo "0 1"; }

# cargo test, wasm-bindgen-test and wasm-pack: "test result: ok. 5 passed; 0 failed; …"; ignored tests count as failures.
cargo_counts() {
  awk '/^test result:/ { gsub(";", ""); for (i = 1; i < NF; i++) {
         if ($(i + 1) == "passed") p += $i; if ($(i + 1) == "failed" || $(i + 1) == "ignored") f += $i } }
       END { print p + 0, f + 0 }' "$1"
}

# node --test with its "spec" reporter: "ℹ pass 5"; skipped, todo and cancelled ones count as failures.
node_counts() {
  awk '$1 == "ℹ" && $2 == "pass" { p += $3 }
       $1 == "ℹ" && ($2 == "fail" || $2 == "cancelled" || $2 == "skipped" || $2 == "todo") { f += $3 }
       END { print p + 0, f + 0 }' "$1"
}

# node matrix/run.mjs: its last line is "5 passed, 0 failed".
matrix_counts() {
  awk '/^[0-9]+ passed, [0-9]+ failed$/ { p = $1; f = $3 } END { print p + 0, f + 0 }' "$1"
}

# Prints the table, the end of each failed stage's log, and the total as the last line. Succeeds only if nothing failed.
sum_up() {
  printf '\n=== Summary\n'
  printf '%s\n' "${summary[@]}"
  local log
  for log in ${failures[@]+"${failures[@]}"}; do
    printf -- '--- the end of %s\n' "${log#"$ROOT"/}"
    tail -n 25 "$log"
  done
  printf '%d s in all\n' "$SECONDS"
  printf '%d passed, %d failed\n' "$passed" "$failed"
  [ "$failed" -eq 0 ]
}
