#!/usr/bin/env bash
# Runs the echo demos many times in a row, as an ordinary user, and checks that every one recorded every packet.
#   demos.sh NETPROBE RUNS
set -u
netprobe=$(readlink -f "$1") runs=$2
as=()
if [ "$(id -u)" = 0 ]; then
  # Nobody may not be able to reach the build folder: a copy stands where everybody can.
  folder=$(mktemp -d); chmod 755 "$folder"; trap 'rm -rf "$folder"' EXIT
  cp "$netprobe" "$folder/netprobe"; netprobe=$folder/netprobe
  as=(setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all --bounding-set=-all)
  library=$(dirname "$(ldd "$netprobe" | awk '/libswiftCore/ { print $3 }')")
  [ "$library" = . ] || export LD_LIBRARY_PATH=$library
fi
passed=0 failed=0
check() { # demo, packets, pattern
  local output status
  output=$(timeout 20 "${as[@]}" "$netprobe" demo "$1" --no-ladder 2>&1); status=$?
  if [ $status = 0 ] && grep -q "^packets  *$2 " <<<"$output" && grep -q "$3" <<<"$output" && grep -q "came back as they were sent" <<<"$output" \
    && ! grep -q "may lack packets" <<<"$output"; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1)); echo "demo $1, run $run: status $status"; echo "$output"
  fi
}
for run in $(seq "$runs"); do
  # A pure ACK may ride on the answer or not: at least the ten packets of the textbook.
  check tcp-echo '\(8\|9\|1[0-9]\)' '^SYN-ACK  packet 2'
  check udp-echo 2 '^UDP has no handshake'
done
echo "soak: $passed passed, $failed failed"
[ $failed = 0 ]
