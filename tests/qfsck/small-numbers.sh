# SPDX-License-Identifier: GPL-2.0-or-later
# Messages whose numbers are below split, as on a filesystem of its own: todo/15 is a
# file where todo is not split, and a directory where it is.
. "${srcdir:-.}/tests/tap.sh"
. "$top_srcdir/tests/mounts.sh"
. "$top_srcdir/tests/qfsck/qfsck.inc"

mount_kind ext4 "$work/disk" || skip_all 'no ext4 can be mounted'

# low SEED OPTIONS...: a queue of low numbers; false if there is none below split.
low() {
  rm -rf "$work/disk"/queue* "$work/disk"/outside* "$work/disk/map" && cd "$work/disk" && perl "$laboratory" make "$@" low || return 1
  lowest=$(find queue/mess -type f -printf '%f\n' | sort -n | head -n 1)
  [ "$lowest" -lt "$split" ] || { echo "no number is below $split: $lowest"; return 1; }
}

relayout() {
  for split in 97 997; do
    low 31 split=$split messages=40 || return 1
    exits 0 -n queue || return 1
    exits 1 "-$1" --big-todo queue && sound 'big' || return 1
    exits 1 "-$1" --no-big-todo queue && sound 'small' || return 1
    exits 1 "-$1" --split 23 --big-todo queue && sound 'split=23 big' || return 1
    exits 1 "-$1" --split 997 --no-big-todo queue && sound 'split=997 small' || return 1
  done
}
check y_changes_the_layout_and_loses_nothing relayout y
check so_does_p relayout p

# A file in a kind's directory, where the split directory of its number is missing.
flat() {
  split=97
  low 32 split=97 messages=20 || return 1
  file=$(find queue/info -type f -name '??' | head -n 1)
  [ "$file" ] || { echo 'no info has a low number'; return 1; }
  number=${file##*/}
  mv "$file" kept && rm -r "queue/info/$number" && mv kept "queue/info/$number" || return 1
  exits 4 -n queue && exits 1 -p queue && sound
}
check a_file_in_place_of_its_split_directory_goes_into_it flat

damaged() {
  for seed in ${SEEDS:-$(seq 1 12)}; do
    split=97
    options=
    [ $((seed % 2)) -ne 0 ] || options=big
    low "$seed" split=97 $options || return 1
    perl "$laboratory" damage "$seed" || return 1
    qfsck -y --map map queue > said 2>&1
    [ $? -le 1 ] && sound map=map || { echo "seed $seed:"; cat said; return 1; }
  done
}
check random_damage_is_repaired damaged
finish
