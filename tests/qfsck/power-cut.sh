# SPDX-License-Identifier: GPL-2.0-or-later
# The power is cut between the writes of a repair, and of a move.  The next run
# finishes them: every intact message is there once, and whole.
. "${srcdir:-.}/tests/tap.sh"
. "${srcdir:-.}/tests/crash/crash.inc"
. "$top_srcdir/tests/qfsck/qfsck.inc"

# survives FILESYSTEM SCENE: $CUTS may be all, or random:N.
survives() {
  scene="sh '$top_srcdir/tests/qfsck/crash-scene' $2"
  cut --fs "$1" --cuts "${CUTS:-random:12}" --keep none \
    --run "$scene prepare && sync -f . && echo prepared >\$POWERCUT_MARKS && { $scene run >said 2>&1 || [ \$? -eq 1 ]; }" \
    --check "grep -q prepared || exit 0; $scene check"
  [ "$status" -eq 0 ] && [ "$(states "$1")" -gt 0 ] && return
  cat "$work/out"
  return 1
}

for kind in ext4 btrfs; do
  for scene in repair move; do
    check "${scene}_on_${kind}_survives_a_power_cut" survives "$kind" "$scene"
  done
done
finish
