# SPDX-License-Identifier: GPL-2.0-or-later
# The power is cut between the writes of a repair, and of a move.  The next run
# finishes them: every intact message is there once, and whole.
. "${srcdir:-.}/tests/tap.sh"
. "${srcdir:-.}/tests/crash/crash.inc"
. "$top_srcdir/tests/qfsck/qfsck.inc"

# survives FILESYSTEM SCENE [SEED]: $CUTS may be all, or random:N.
survives() {
  scene="sh '$top_srcdir/tests/qfsck/crash-scene' $2"
  seed=${3:-1}
  cut --fs "$1" --cuts "${CUTS:-random:12}" --keep none \
    --run "$scene prepare $seed && sync -f . && echo prepared >\$POWERCUT_MARKS && { $scene run $seed >said 2>&1 || [ \$? -eq 1 ]; }" \
    --check "grep -q prepared || exit 0; $scene check $seed"
  [ "$status" -eq 0 ] && [ "$(states "$1")" -gt 0 ] && return
  cat "$work/out"
  return 1
}

for kind in ext4 xfs btrfs ext2; do
  for scene in repair shared move; do
    check "${scene}_on_${kind}_survives_a_power_cut" survives "$kind" "$scene"
  done
done

# Damage of any kind; $SEEDS says which.
kinds='ext4 xfs btrfs ext2'
for seed in ${SEEDS:-1 2 3 4}; do
  kind=${kinds%% *}
  kinds="${kinds#* } $kind"
  check "repair_of_random_damage_${seed}_on_${kind}_survives_a_power_cut" survives "$kind" random "$seed"
done
finish
