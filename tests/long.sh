#!/bin/sh
# The long forms of the promises (docs/PROMISES.md), by the optimised program:
#   tests/long.sh                 all of them, about half an hour
#   tests/long.sh kill [ROUNDS]   kill -9 at any moment (200)
#   tests/long.sh day [SECONDS]   200 portals visited each second, readers, reloads, kills (1200)
#   tests/long.sh hostile [SECONDS]   126 hostile sites beside a good one, under 128 MiB (120)
#   tests/long.sh disk            a full disk, a store that is held by another program
# What needs root says so and is left out without it. Ends with the figures; exits 1 when one breaks its promise.
set -u
cd "$(dirname "$0")/.." || exit 2
log=$(mktemp) || exit 2
trap 'rm -f "$log"' EXIT
failed=0

part() {
    echo "== $1"
    LONG_ROUNDS=${2:-200} LONG_SECONDS=${3:-120} cargo test --release --test it "long::$1" -- \
        --ignored --nocapture --test-threads 1 > "$log.part" 2>&1 || failed=1
    grep '^FIGURE' "$log.part" | tee -a "$log"
    grep -q '^FIGURE' "$log.part" || tail -n 20 "$log.part"
    rm -f "$log.part"
}

case "${1:-all}" in
kill) part kill "${2:-200}" ;;
day) part day 0 "${2:-1200}" ;;
hostile) part hostile 0 "${2:-120}" ;;
disk) part disk ;;
all)
    part kill
    part day 0 1200
    part hostile 0 120
    part disk
    ;;
*)
    sed -n '2,9s/^# \{0,1\}//p' "$0" >&2
    exit 2
    ;;
esac
echo
echo "| promise | figure | bound | |"
echo "| --- | --- | --- | --- |"
sed 's/^FIGURE //' "$log"
exit $failed
