# SPDX-License-Identifier: GPL-2.0-or-later
# What qfsck must not touch: files that cannot be looked at, mounts, immutable files, a
# queue that is in use by somebody who reaches it another way.
. "${srcdir:-.}/tests/tap.sh"
. "$top_srcdir/tests/qfsck/fixed.inc"
tree() { (cd "$1" && find . ! -type d -printf '%p %i %m %U %G %s %n %T@ %y %l\n' -o -printf '%p %m %U %G\n' | sort); }

# scene DAMAGE...: a queue on $disk, with that damage.
scene() {
  chattr -R -i -a "$disk"/* 2> /dev/null
  cd "$disk" && rm -rf queue* part jail outside* && perl "$laboratory" make 41 split=3 || return 1
  perl "$laboratory" damage 41 "$@" > /dev/null
}

# fresh_disk: whatever became of the last one.
fresh_disk() {
  cd / && { ! mountpoint -q "$disk" || umount "$disk"; } &&
    mkfs.ext4 -qF "$disk.img" && mount -o loop "$disk.img" "$disk"
}
unreadable() {
  scene swap || return 1
  number=$(basename "$(find queue/$1 -type f | sort | head -n 1)")
  file=$(find queue/$1 -name "$number" -type f)
  find queue -name "$number" | sort > before
  spoil "$file" && ! stat "$file" || { echo 'it can be looked at'; return 1; }
  exits 4 -n queue && said "${file#queue/}: cannot be read" || return 1
  qfsck -p queue > out 2>&1
  found=$?
  [ "$found" -eq 4 ] || [ "$found" -eq 5 ] || { cat out; return 1; }
  find queue -name "$number" | sort | cmp before - || return 1
  qfsck -y queue > out 2>&1
  find queue -name "$number" | sort | cmp before -
}
for kind in mess info; do
  check "a_message_whose_${kind}_cannot_be_looked_at_is_left_alone" unreadable $kind
  fresh_disk
done

# A directory whose block has a wrong checksum: ext4 lists it as if it were empty.
unreadable_folder() {
  scene swap && mkdir queue/lost+found && spoil_folder "queue/$1" || return 1
  for mode in -n -y; do
    exits 8 $mode queue && grep -E 'cannot (read|look at)' "$work/said" || return 1
  done
}
for part in . pid lock info info/1 todo; do
  check "a_directory_${part}_that_cannot_be_read_is_no_empty_one" unreadable_folder $part
  fresh_disk
done

# The server of a FUSE directory is gone.
dead_fuse() {
  scene swap orphan && mkdir -p part && mv "queue/$1" part/part && mkdir "queue/$1" || return 1
  tree queue | grep -v "^./$1" > before
  bindfs -f part/part "queue/$1" &
  server=$!
  until_true mountpoint -q "queue/$1"
  kill -KILL "$server"
  wait "$server" 2> /dev/null
  ! stat "queue/$1" || return 1
  for mode in -n -y; do
    exits 8 $mode queue && said "$1" && said 'Transport endpoint is not connected' || return 1
  done
  umount -l "queue/$1" && tree queue | grep -v "^./$1" | diff before - || return 1
  rmdir "queue/$1" && mv part/part "queue/$1" && exits 1 -y queue && sound
}
if command -v bindfs > /dev/null && [ -e /dev/fuse ]; then
  for part in info mess/1 todo pid lock; do
    check "a_FUSE_${part}_without_its_server_is_left_alone" dead_fuse $part
  done
else
  skip a_FUSE_part_without_its_server_is_left_alone 'bindfs is not installed'
fi

# Nothing is begun that a mount would stop half-way.
mounted() {
  scene swap orphan || return 1
  mkdir part && mv queue/$1 part/part && mkdir "queue/$1" || return 1
  mount --bind part/part "queue/$1" || return 1
  tree queue > before
  qfsck -y queue > "$work/said" 2>&1
  result=$?
  tree queue > after
  umount "queue/$1"
  [ $((result & 12)) -ne 0 ] && cmp before after && said 'mount' || { echo "exit status $result"; diff before after; return 1; }
  rmdir "queue/$1" && mv part/part "queue/$1" && exits 1 -y queue && sound
}
for part in mess/1 info lock; do
  check "a_mount_on_${part}_is_told_before_anything_is_changed" mounted "$part"
done

immutable_file() {
  scene orphan || return 1
  file=$(find queue/mess -type f | head -n 1)
  chattr "$1" "$file" || return 1
  exits 5 -y queue && said 'immutable' || return 1
  chattr -i -a "$file" && exits 0 -n queue && sound
}
check an_immutable_file_is_left_and_the_rest_repaired immutable_file +i
check so_is_one_that_can_only_grow immutable_file +a
immutable_folder() {
  scene swap orphan && chattr +i "queue/info/1" || return 1
  exits 4 -y queue && said 'immutable' && [ -d queue/pid ] && [ ! -e queue/qfsck ] || return 1
  chattr -i queue/info/1 && exits 1 -y queue && sound
}
check an_immutable_directory_is_told_before_anything_is_changed immutable_folder

# begun_nothing STATUS WORDS: -y ends so, says that, and leaves everything as it is.
begun_nothing() {
  tree queue > before
  exits "$1" -y queue && said "$2" && tree queue | diff before -
}
immutable_tcpto() {
  scene swap && truncate -s 5 queue/lock/tcpto && chattr +i queue/lock/tcpto || return 1
  exits 5 -y queue && said 'lock/tcpto: is immutable' && [ -d queue/pid ] || return 1
  chattr -i queue/lock/tcpto && exits 1 -y queue && sound
}
check so_is_an_immutable_file_of_lock_that_has_to_go immutable_tcpto
# immutable_part STATUS PART: the list is told whatever -y can do.
immutable_part() {
  scene swap && mkdir -p queue/lost+found && touch queue/mess/junk && chattr +i "queue/$2" || return 1
  begun_nothing "$1" 'mmutable' || return 1
  said 'has the wrong number' && said '0 repaired, ' || return 1
  chattr -i "queue/$2" && exits 1 -y queue && sound
}
for part in lock pid .; do
  check "so_is_an_immutable_${part}_with_all_that_is_wrong" immutable_part 4 "$part"
done
check so_is_an_immutable_lost_found immutable_part 12 lost+found
immutable_and_sound() {
  scene mode && exits 1 -y queue && chattr +i queue && exits 0 -n queue && exits 0 -y queue
}
check an_immutable_queue_that_is_sound_is_sound immutable_and_sound
mounted_lost_found() {
  scene swap && mkdir queue/lost+found && touch queue/mess/junk || return 1
  mount -t tmpfs none queue/lost+found || return 1
  begun_nothing 12 'mount point' && said 'has the wrong number'
  result=$?
  umount queue/lost+found && [ "$result" -eq 0 ] && exits 1 -y queue && sound
}
check so_is_a_mount_on_lost_found mounted_lost_found

# What need not go there is repaired nevertheless.
without_lost_found() {
  scene swap && mkdir queue/lost+found && touch queue/mess/junk && chattr +i queue/lost+found || return 1
  exits 5 -p queue && rm queue/mess/junk && exits 0 -y queue && sound
}
check p_repairs_what_need_not_go_to_lost_found without_lost_found
answers_nothing() {
  scene swap && mkdir queue/lost+found && touch queue/mess/junk && chattr +i queue/lost+found || return 1
  begun_nothing 12 'mmutable' && exits 12 queue && said '0 repaired, 3 left.'
}
check nobody_is_asked_in_vain answers_nothing

# read_only COMMAND...: does it while the disk is mounted read-only.
read_only() {
  cd / && mount -o remount,ro "$disk" && cd "$disk" || return 1
  "$@"
  result=$?
  cd / && mount -o remount,rw "$disk" && cd "$disk" && return "$result"
}
listed_read_only() {
  for mode in -y -p ''; do
    exits 12 $mode queue && said 'has the wrong number' && said 'mounted read-only' || return 1
  done
}
damaged_and_read_only() {
  scene swap orphan && touch queue/mess/junk && tree queue > before || return 1
  read_only listed_read_only && tree queue | diff before - && exits 1 -y queue && sound
}
check a_damaged_queue_that_is_read_only_is_listed_and_left damaged_and_read_only
sound_and_read_only() {
  scene mode && exits 1 -y queue && read_only exits 0 -y queue
}
check a_sound_queue_that_is_read_only_is_sound sound_and_read_only

# shared KIND FIXED: two messages share that, and a file of one is immutable.
shared() {
  scene mode || return 1
  qfsck -y queue > /dev/null
  set -- "$1" "$2" $(cd queue/info && ls */* | sed 2q)
  ln -f "queue/$1/$3" "queue/$1/$4" && chattr +i "queue/$2/$4" || return 1
  begun_nothing 4 'immutable' || return 1
  chattr -i "queue/$2/$4" && exits 1 -y queue && exits 0 -n queue
}
check a_file_that_is_shared_and_immutable_is_left shared info info
check so_is_a_shared_file_of_a_message_that_is_left shared info mess

# A live queue whose lock is reached through a link.
locked() {
  scene swap || return 1
  mkdir part && mv "queue/$1" part/held && ln -s "$PWD/part/held" "queue/$1" || return 1
  exec 9> "$2" && flock -n 9 || return 1
  qfsck -y queue > "$work/said" 2>&1 9>&-
  result=$?
  exec 9>&-
  [ "$result" -eq 8 ] && said 'Stop it first' && [ -L "queue/$1" ]
}
check a_lock_behind_a_link_is_respected locked lock part/held/sendmutex
check so_is_a_sendmutex_behind_a_link locked lock/sendmutex part/held

# A directory of an overlay's lower layer.
on_overlay() {
  scene swap odd_folder && cd "$disk" && rm -rf lower upper other && mkdir lower upper other part2 && mv queue lower/ || return 1
  mount -t overlay overlay part2 -o lowerdir=lower,upperdir=upper,workdir=other,redirect_dir=off && cd part2 || return 1
  for part in $1; do
    mv "queue/$part" kept 2> /dev/null || { cp -a "queue/$part" kept && rm -r "queue/$part"; }
    mv kept "queue/$part" || return 1
  done
  begun_nothing 8 "$2"
  result=$?
  cd "$disk" && umount part2 && rm -r part2 && return "$result"
}
check so_is_a_queue_in_the_lower_layer_of_an_overlay on_overlay '' 'lower layer of an overlay'
check so_is_one_of_which_a_part_lies_there on_overlay 'pid lock' 'lower layer of an overlay'

# A process that sees the queue elsewhere, in a root of its own.
jailed() {
  scene swap || return 1
  mkdir -p jail/here && mount --bind queue jail/here || return 1
  file=$(cd queue && ls mess/*/* | head -n 1)
  mkfifo ready
  perl -e 'chroot "jail" or die; chdir "/"; open my $file, "<", "here/$ARGV[0]" or die "$!\n";
    open my $ready, ">&", 1; print $ready "x\n"; close $ready; close STDOUT; sleep 1 while 1' "$file" \
    > ready &
  holder=$!
  read -r _ < ready
  kill -STOP "$holder"
  "$QFSCK" --users "$users" -y queue > out 2> ready2 &
  waiting=$!
  until_true grep -q "process $holder" ready2
  result=$?
  kill -KILL "$holder"
  wait "$waiting" 2> /dev/null
  umount jail/here
  [ "$result" -eq 0 ] && sound
}
check a_holder_in_a_chroot_is_waited_for jailed

# One who sees nothing but a part of it.
part_mounted() {
  scene swap || return 1
  file=$(ls queue/info/*/* | head -n 1)
  mkdir -p part && mount --bind "${file%/*}" part || return 1
  exec 9< "part/${file##*/}"
  umount -l part
  "$QFSCK" --users "$users" -y queue > out 2> ready2 9<&- &
  waiting=$!
  until_true grep -q 'waiting for process' ready2
  result=$?
  exec 9<&-
  wait "$waiting" 2> /dev/null
  [ "$result" -eq 0 ] && sound
}
check so_is_one_who_has_a_part_of_the_queue_mounted part_mounted

# -p takes nothing out of the queue.
left_by_p() {
  scene mode || return 1
  case $1 in
    sub) mkdir queue/todo/sub ;;
    *) mv "queue/$1" part && ln -s ../part "queue/$1" ;;
  esac
  qfsck -p queue > "$work/said" 2>&1
  [ $(($? & 12)) -ne 0 ] && said 'left as it is' && [ ! -e queue/lost+found ] || return 1
  if [ "$1" = sub ]; then
    [ -d queue/todo/sub ] && rmdir queue/todo/sub
  else
    [ -L "queue/$1" ] && rm "queue/$1" && mv part "queue/$1"
  fi && { qfsck -p queue; sound; }
}
for part in info mess local remote bounce todo intd lock pid sub; do
  check "p_leaves_a_${part}_that_is_of_the_wrong_type" left_by_p "$part"
done

# What has a name outside belongs to somebody else.
secret() {
  scene mode && echo secret > outside && chmod 600 outside || return 1
  number=$(stat -c %i outside)
  ln outside "queue/mess/$((number % 3))/$number" && chmod 644 queue/lock/tcpto || return 1
  [ -z "${1-}" ] || { rm "queue/$1" && ln outside "queue/$1"; }
  stat -c '%U %G %a' outside > before
  exits 1 -y queue && exits 0 -n queue && stat -c '%U %G %a' outside | cmp before - && grep -q secret outside
}
check a_link_from_outside_keeps_its_owner_and_mode secret
check so_does_one_in_lock secret lock/sendmutex
finish
