#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The power of an overlay's disk is cut while files and directories that exist only in the
# lower directory are copied up, hidden and replaced: what had returned is found again when
# the overlay is mounted anew.  Over each kind, as an engine mounts it with and without
# root, and with metacopy and redirect_dir.
. "${srcdir:-.}/tests/tap.sh"
. "${srcdir:-.}/tests/crash/crash.inc"

mkdir "$work/merged" && chmod 755 "$work" "$work/merged"

# mount_overlay: $options are those beside the directories.
cat >"$work/mounted.inc" <<'END'
mount_overlay() {
  mount -t overlay overlay "$work/merged" -o "lowerdir=lower,upperdir=upper,workdir=work$options"
}
END

# Begun in the disk's root.  Each line told is "there NAME TEXT" or "gone NAME".
cat >"$work/run" <<'END'
. "$work/mounted.inc"
mkdir lower upper work lower/there lower/there/deep lower/there/deep/down lower/there/empty lower/there/left lower/other
for file in move link hide replace over across deep/inside deep/remains; do
  echo "text of $file" >"lower/there/$file" || exit
done
sync -f . && sync -f . && mount_overlay && cd "$work/merged" || exit
does() { LD_PRELOAD=$library "$@" || { echo "failed: $*" >&2; exit 1; }; }
told() { echo "$*" >"$POWERCUT_MARKS"; }
does mv there/move there/moved; told there there/moved text of move; told gone there/move
does ln there/link there/linked; told there there/linked text of link; told there there/link text of link
does rm there/hide; told gone there/hide
does touch there/deep/down/new; told there there/deep/down/new
does ln -s to there/deep/down/symlink; told symlink there/deep/down/symlink
does mv there/across other/across; told there other/across text of across; told gone there/across
does rmdir there/empty; told gone there/empty
echo new >there/fresh && sync there/fresh && does mv there/fresh there/replace; told there there/replace new
does rm there/over; does mkdir there/over; told directory there/over
does mv there/deep/inside there/deep/down/inside; told there there/deep/down/inside text of deep/inside
does rm there/deep/remains; told gone there/deep/remains
does mkfifo other/fifo; told fifo other/fifo
# Without redirect_dir a rename of a lower directory is EXDEV, and mv makes another.
does mv there/left other/left; told directory other/left; told gone there/left
cd / && umount "$work/merged"
END

cat >"$work/check" <<'END'
. "$work/mounted.inc"
[ -d upper ] && mount_overlay || { echo "cannot be mounted"; exit 2; }
cd "$work/merged" || exit 2
found() {
  case $1 in
    there) [ "$(cat "$2")" = "$3" ] ;;
    gone) [ ! -e "$2" ] ;;
    symlink) [ "$(readlink "$2")" = to ] ;;
    directory) [ -d "$2" ] && [ -z "$(ls "$2")" ] ;;
    fifo) [ -p "$2" ] ;;
  esac
}
status=0
while read -r what name text; do
  found "$what" "$name" "$text" || { echo "not $what: $name"; status=1; break; }
done
cd / && umount "$work/merged"
exit $status
END

# What one mounts is nobody else's: many states are looked at at the same time.
as_root='unshare --mount sh'
without_root='unshare --user --map-root-user --mount sh'

# cut_overlay KIND HOW OPTIONS LIBRARY
cut_overlay() {
  given="work='$work' library='$4' options='$3' $2"
  cut --fs "$1" --cuts random:60 --cache reorder:2 --keep none \
    --run "$given '$work/run'" --check "$given '$work/check'"
  sed -n 's/^.*states tested/# &/p' "$work/out"
}

for kind in ext4 xfs btrfs ext2; do
  for library_or_not in "$library" ''; do
    [ -n "$library_or_not" ] && found=0 told=is_kept || found=1 told=is_lost_without_the_library
    cut_overlay $kind "$as_root" ,index=off "$library_or_not"
    check "what_is_copied_up_${told}_on_$kind" ends_with $found
    cut_overlay $kind "$without_root" ,userxattr "$library_or_not"
    check "what_is_copied_up_${told}_in_a_user_namespace_on_$kind" ends_with $found
  done
  cut_overlay $kind "$as_root" ,metacopy=on,redirect_dir=on "$library"
  check "what_is_copied_up_is_kept_with_metacopy_on_$kind" ends_with 0
done
cut_overlay ext4 "$as_root" ,volatile "$library"
check volatile_loses_it_whatever_the_library_does ends_with 1

finish
