#!/usr/bin/env bash
# What users run is the release, and the optimizer has miscompiled it where the debug build was right: every demo must show
# what it is for, and what is said of each capture must be what the debug build says, byte for byte.
#   check.sh RELEASE DEBUG
set -u
release=$(readlink -f "$1") debug=$(readlink -f "$2")
cd "$(dirname "$0")/../.." || exit 2
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
passed=0 failed=0
pass() { passed=$((passed + 1)); }
fail() { failed=$((failed + 1)); echo "release check: $*" >&2; }

same() { # arguments of netprobe
  local status expected
  timeout 60 "$debug" "$@" > "$work/debug" 2> "$work/debug.err" < /dev/null; expected=$?
  timeout 60 "$release" "$@" > "$work/release" 2> "$work/release.err" < /dev/null; status=$?
  if [ $status = $expected ] && cmp -s "$work/debug" "$work/release" && cmp -s "$work/debug.err" "$work/release.err"; then pass
  else fail "netprobe $*: exit $status, debug $expected"; diff "$work/debug" "$work/release" | head -5 >&2; head -5 "$work/release.err" >&2; fi
}
same fields
for file in captures/*.pcapng; do
  for words in show "show -# -v --marks" "show --headers -X" "show -T ndjson" "show -Y tcp.flags.syn==1" "show --count" ladder explain handshakes flows \
    "flows --ndjson" stats "ladder --format svg" "ladder --format mermaid"; do
    # shellcheck disable=SC2086
    same $words "$file"
  done
  same report "$file" -o -
  same follow "$file" 0 --ruler
done

if unshare -Urn true 2>/dev/null; then
  for demo in $("$release" demo --list | awk '/^  [a-z]/ { print $1 }'); do
    timeout 60 "$release" demo "$demo" > "$work/demo" 2>&1 < /dev/null; status=$?
    if [ $status = 0 ] && [ -s "$work/demo" ]; then pass; else fail "demo $demo: exit $status"; tail -3 "$work/demo" >&2; fi
  done
  unshare -Urn bash -c 'PATH=$PATH:/usr/sbin:/sbin; ip link set lo up; "$0" serve tcp-echo > "$1/serve" 2>&1 & server=$!
    for i in $(seq 100); do timeout 5 "$0" client tcp-echo 127.0.0.1 hello 2>/dev/null | grep -q hello && break; sleep 0.05; done
    result=$?; "$0" scan 127.0.0.1 -p 65432 | grep -q "65432/tcp open" || result=1; kill $server; wait $server || result=1; exit $result' "$release" "$work"
  # shellcheck disable=SC2181
  if [ $? = 0 ]; then pass; else fail "serve, client and scan"; cat "$work/serve" >&2; fi
else
  echo "*** NOT CHECKED ON THIS MACHINE: the demos in the release build (no user namespaces)"
  [ "${CI:-}" = true ] && fail "no user namespaces"
fi
echo "release: $passed passed, $failed failed"
[ $failed = 0 ]
