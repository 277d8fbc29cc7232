# SPDX-License-Identifier: GPL-2.0-or-later
# Queues with damage of every kind, at random: after -y a second -n finds
# nothing, and every intact message is there once, with the same bytes, owner,
# mode and time.  $SEEDS says which are tried, and a failure names its seed.
. "${srcdir:-.}/tests/tap.sh"
. "$top_srcdir/tests/qfsck/qfsck.inc"

one_seed() {
  new_scene
  options=
  [ $(($1 % 3)) -ne 0 ] || options=big
  perl "$laboratory" make "$1" $options || return 1
  exits 0 -n queue || { echo 'found damage where there is none'; return 1; }
  perl "$laboratory" check || { echo 'the model does not know its own queue'; return 1; }
  perl "$laboratory" damage "$@" || return 1
  exits 4 -n queue > found || exits 0 -n queue || return 1
  qfsck -y --map map queue > said 2>&1
  [ $? -le 1 ] && sound map=map || { cat found said; return 1; }
}

random() {
  for seed in ${SEEDS:-$(seq 1 25)}; do
    one_seed "$seed" > "$work/one" 2>&1 || { echo "seed $seed:"; cat "$work/one"; return 1; }
  done
}
check random_damage_is_repaired_and_nothing_intact_is_lost random

# Each kind on its own, so that none is always hidden behind another.
for kind in $(sed -n 's/^  \([a-z_0-9]*\) => sub {.*/\1/p' "$laboratory"); do
  check "damage_of_the_kind_${kind}_is_repaired" one_seed 7 "$kind"
done
finish
