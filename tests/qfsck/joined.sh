# SPDX-License-Identifier: GPL-2.0-or-later
# Two messages with one local.  e2fsck makes that of a name that a power cut has brought
# back: then the file is one message's, nobody knows whose, and no recipient may get the
# mail of the other.  A tool that saves space makes it of two equal files: then it is both's.
. "${srcdir:-.}/tests/tap.sh"
. "$top_srcdir/tests/mounts.sh"
. "$top_srcdir/tests/qfsck/qfsck.inc"

disk=$work/disk
new_disk() {
  cd / && umount "$disk" 2> /dev/null
  new_image "$disk.img" 32M && mkdir -p "$disk" && "mkfs.$1" -q -O ^has_journal "$disk.img" &&
    mount -o loop "$disk.img" "$disk" && cd "$disk"
}
new_disk ext2 || skip_all 'no ext2 can be mounted'

# two: sets $one and $other, the paths of what two preprocessed messages have as $1.
two() {
  perl "$laboratory" make 71 split=3 messages=40 || return 1
  set -- "$1" $(for file in $(find "queue/$1" -type f | sort); do
    number=${file##*/}
    [ -e "queue/todo/$number" ] || echo "$file"
  done | sed 2q)
  one=$2 other=$3
  printf "$recipient" > "$one" && printf "$recipient" > "$other"
}
mess_of() { echo "queue/mess/$((${1##*/} % 3))/${1##*/}"; }

by_fsck() {
  new_disk "$2" && two "$1" && rm "$other" && cd / && umount "$disk" || return 1
  debugfs -w -R "ln /$one /$other" "$disk.img" && e2fsck -fy "$disk.img"
  mount -o loop "$disk.img" "$disk" && cd "$disk" && [ "$(stat -c %h "$one")" -eq 2 ] || return 1
  exits 4 -n queue && said 'which are its own is unknown' && exits 1 -y queue && exits 0 -n queue || return 1
  [ ! -e "$(mess_of "$one")" ] && [ ! -e "$(mess_of "$other")" ] && [ "$(ls queue/lost+found/mess.* | wc -l)" -eq 2 ]
}
by_link() {
  new_disk ext2 && two "$1" && stat "$one" && sleep 0.1 && ln -f "$one" "$other" || return 1
  exits 4 -n queue && said 'needs a copy of its own' && exits 1 -y queue && exits 0 -n queue || return 1
  cmp "$one" "$other" && [ -e "$(mess_of "$one")" ] && [ -e "$(mess_of "$other")" ]
}
for kind in local remote info; do
  recipient='Tuser@example.org\0'
  [ "$kind" != info ] || recipient='Fuser@example.org\0'
  check "a_${kind}_that_e2fsck_has_given_to_two_is_given_to_none" by_fsck "$kind" ext2
  check "a_${kind}_that_was_linked_is_given_to_both" by_link "$kind"
done
check so_on_ext4_without_a_journal by_fsck local ext4
finish
