# SPDX-License-Identifier: GPL-2.0-or-later
# Queues with damage of every kind, and beside it what cannot be repaired: mounts,
# immutable files, files whose inode is unreadable.  It is told, nothing of it is changed,
# nothing is begun that cannot be ended; and once it has gone all is repaired.  $SEEDS
# says which are tried.
. "${srcdir:-.}/tests/tap.sh"
. "$top_srcdir/tests/qfsck/fixed.inc"

# nth N COMMAND...: the Nth line of what it prints, or so many modulo their number later.
nth() {
  n=$1
  shift
  "$@" | sort > lines
  count=$(wc -l < lines)
  [ "$count" -gt 0 ] && sed -n "$((n % count + 1))p" lines
}
a_file() { nth "$1" find queue/mess queue/todo queue/info queue/local queue/remote queue/bounce -type f ! -name '*
*'; }
a_folder() { nth "$1" find queue -mindepth 1 -type d ! -path 'queue/lost+found*' ! -name '*[! -~]*'; }

# obstacle KIND SEED: puts one there; $path is it, $undo takes it away.
obstacle() {
  undo=:
  case $1 in
    immutable_file) path=$(a_file "$2") && chattr +i "$path" && undo="chattr -i '$path'" ;;
    growing_file) path=$(a_file "$2") && chattr +a "$path" && undo="chattr -a '$path'" ;;
    immutable_folder) path=$(a_folder "$2") && chattr +i "$path" && undo="chattr -i '$path'" ;;
    mounted_file)
      path=$(a_file "$2") && mount --bind "$path" "$path" && undo="umount '$path'" ;;
    mounted_folder)
      path=$(a_folder "$2") && mount --bind "$path" "$path" && undo="umount '$path'" ;;
    covered_folder)
      path=$(a_folder "$2") && mount -t tmpfs none "$path" && undo="umount '$path'" ;;
    unreadable_file)
      path=$(a_file "$2") && spoil "$path" && ! stat "$path" && undo=unspoil ;;
  esac
}

# Names, owners, modes and inodes of what the obstacle is and holds.
state_of() { stat -c '%n %i %a %u %g %s' "$path"/* "$path" 2> /dev/null | sort; find queue -name "${path##*/}" | sort; }

one_seed() {
  kind=$2
  umount "$disk"/queue/* "$disk"/queue/*/* 2> /dev/null
  chattr -R -i -a "$disk"/queue* 2> /dev/null
  cd "$disk" && rm -rf queue* outside* map && perl "$laboratory" make "$1" messages=15 split=3 &&
    perl "$laboratory" damage "$1" > damage || return 1
  obstacle "$kind" "$1" || return 1
  state_of > before
  qfsck -y queue > said 2>&1
  found=$?
  state_of > after
  [ -e queue/pid ] && [ ! -e queue/qfsck ] || { echo "left half-way: $path, exit $found"; cat damage said; return 1; }
  [ $((found & 12)) -ne 0 ] || [ "$kind" = immutable_folder ] || [ "$kind" = growing_file ] ||
    { echo "exit $found with $path"; cat damage said; return 1; }
  cmp before after || { echo "changed: $path"; cat damage said; return 1; }
  eval "$undo" || return 1
  qfsck -y queue > again 2>&1
  [ $? -le 1 ] && sound || { echo "after $path"; cat damage said again; return 1; }
}

several() {
  for seed in ${SEEDS:-1 2 3 4 5}; do
    one_seed "$seed" "$1" > "$work/one" 2>&1 || { echo "seed $seed:"; cat "$work/one"; return 1; }
  done
}
for kind in immutable_file growing_file immutable_folder mounted_file mounted_folder covered_folder unreadable_file; do
  check "beside_an_${kind}_random_damage_is_repaired_or_left" several "$kind"
done
finish
