#!/usr/bin/env bash
# Fuzzes with libFuzzer and the address sanitizer, every target for SECONDS: `make fuzz`.
#   Tests/Fuzz/run.sh SECONDS [TARGET …]
# NETPROBE_FUZZ_SEEDS names more folders of capture files to begin with, separated by colons.
# A finding ends it with status 1 and the name of the input; when it is understood, keep it in Tests/Fuzz/Crashers/TARGET.
set -u
fail() { echo "fuzz: $*" >&2; exit 1; }
cd "$(dirname "$0")/../.." || exit 1
seconds=${1:-60}; shift || true
[[ $seconds =~ ^[1-9][0-9]*$ ]] || fail "seconds must be a whole number above 0, not \"$seconds\""
all=(pcap pcapng gzip dissect filter comment strace)
targets=("$@"); [ $# -gt 0 ] || targets=("${all[@]}")
for target in "${targets[@]}"; do [[ " ${all[*]} " == *" $target "* ]] || fail "no target is called \"$target\": ${all[*]}"; done
[ "$(uname)" = Linux ] || fail "needs libFuzzer, which Swift's toolchain brings on Linux only"

work=$PWD/.build-fuzz
mkdir -p "$work"
echo "building with libFuzzer and the address sanitizer"
NETPROBE_FUZZ=1 ${SWIFT:-swift} build --scratch-path "$work" -c release --sanitize address -Xswiftc -sanitize=fuzzer \
  -Xswiftc -use-ld=lld --product netprobe-fuzz > "$work/build.log" 2>&1 \
  || { grep -m 20 'error:' "$work/build.log" >&2; fail "does not build; all of it is in $work/build.log"; }
fuzzer=$work/release/netprobe-fuzz

# What to begin with: the captures of this project, and those that the tests and NETPROBE_FUZZ_SEEDS name.
for target in "${all[@]}"; do mkdir -p "$work/seeds/$target" "$work/corpus/$target" "$work/findings"; done
IFS=: read -ra folders <<< "captures:Tests:${NETPROBE_FUZZ_SEEDS:-}"
captures=()
for folder in "${folders[@]}"; do
  [ -n "$folder" ] || continue
  [ -d "$folder" ] || fail "$folder: no such folder (NETPROBE_FUZZ_SEEDS)"
  while IFS= read -r -d '' file; do captures+=("$file"); done < <(
    find "$folder" -type f \( -name '*.pcap' -o -name '*.pcapng' -o -name '*.cap' -o -name '*.dmp' -o -name '*.gz' \) -size -8M -print0)
done
"$fuzzer" seeds "$work/seeds" "${captures[@]}" || fail "cannot make seeds"
# The readers' captures, packed, are the seeds of gzip; each filter is one of filter.
for file in "$work"/seeds/pcap/* "$work"/seeds/pcapng/*; do
  [ -f "$file" ] || continue
  seed=$work/seeds/gzip/$(basename "$(dirname "$file")")-$(basename "$file")
  gzip -nc "$file" > "$seed"
  for tool in zstd lz4; do ! command -v $tool > /dev/null || $tool -qcf "$file" > "$seed.$tool"; done
done
line=0
while IFS= read -r filter; do line=$((line + 1)); printf '%s' "$filter" > "$work/seeds/filter/$line"; done < Tests/Fuzz/filters.txt

cp Tests/Fuzz/strace/* "$work/seeds/strace/"

# Freed memory need not be kept long: a target runs thousands of times a second. Leaks are not looked for: Swift keeps bits of
# its own in references (indirect enums), which the leak sanitizer does not know as such. What grows meets the limit.
export ASAN_OPTIONS=quarantine_size_mb=16:detect_leaks=0:${ASAN_OPTIONS:-}
export TMPDIR=$work/scratch; mkdir -p "$TMPDIR"
export SWIFT_BACKTRACE=enable=no
for target in "${targets[@]}"; do
  # Whatever the limits: a length field must not make memory, and nothing may take seconds.
  options=(-max_total_time="$seconds" -timeout=5 -detect_leaks=0 -rss_limit_mb=1024 -malloc_limit_mb=256 -print_final_stats=1 -verbosity=0 -use_value_profile=0)
  options+=(-artifact_prefix="$work/findings/$target-")
  case $target in
    pcap | pcapng | gzip) options+=(-dict=Tests/Fuzz/capture.dict -max_len=20000) ;;
    dissect) options+=(-max_len=4096) ;;
    filter) options+=(-dict=Tests/Fuzz/filter.dict -max_len=1024) ;;
    comment) options+=(-dict=Tests/Fuzz/comment.dict -max_len=2048) ;;
    strace) options+=(-dict=Tests/Fuzz/strace.dict -max_len=8192) ;;
  esac
  kept=(); [ -d "Tests/Fuzz/Crashers/$target" ] && kept=("Tests/Fuzz/Crashers/$target")
  log=$work/$target.log
  if ! NETPROBE_FUZZ_TARGET=$target "$fuzzer" "${options[@]}" "$work/corpus/$target" "$work/seeds/$target" "${kept[@]}" > "$log" 2>&1; then
    grep -m 8 -E '^netprobe-fuzz|ERROR|SUMMARY|Fatal error|Test unit written' "$log" >&2
    input=$(sed -n 's/.*Test unit written to //p' "$log" | tail -1)
    fail "$target: a finding${input:+ with $input}; the whole report is in $log"
  fi
  awk -v target="$target" -v seconds="$seconds" '/number_of_executed_units/ { n = $2 } /peak_rss_mb/ { m = $2 }
    END { printf "%-8s nothing found: %d inputs in %d s, at most %d MB\n", target, n, seconds, m }' "$log"
done
