#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The power is cut while names are changed through a FUSE server above a disk: through one that
# passes an fsync of a directory on, every name is kept; through one that does not, those of
# files that are made, linked or renamed, as the manual has it.
. "${srcdir:-.}/tests/tap.sh"
. "${srcdir:-.}/tests/crash/crash.inc"

for program in bindfs mergerfs sshfs fuse-overlayfs gocryptfs; do
  command -v "$program" >/dev/null || skip_all "$program is not installed"
done
mkdir "$work/served" && chmod 755 "$work" "$work/served"
printf '#!/bin/sh\nexec /usr/lib/openssh/sftp-server\n' >"$work/ssh" && chmod +x "$work/ssh"
echo secret >"$work/password"
# Two of our own, one that implements fsync of a directory and one that does not.
$CC $(pkg-config --cflags fuse3) -o "$work/server" "$top_srcdir/tests/layers/server.c" $(pkg-config --libs fuse3) ||
  exit 99

# mount_server: begun in the disk's root, where the server keeps its files in below.
cat >"$work/served.inc" <<'END'
mount_server() {
  case $server in
    bindfs) bindfs below "$work/served" ;;
    mergerfs) mergerfs -o minfreespace=1M "$PWD/below" "$work/served" ;;
    sshfs) sshfs -o "ssh_command=$work/ssh" "nowhere:$PWD/below" "$work/served" ;;
    fuse-overlayfs) fuse-overlayfs -o "lowerdir=lower,upperdir=below,workdir=work" "$work/served" ;;
    gocryptfs) gocryptfs -q -passfile "$work/password" below "$work/served" ;;
    fsyncdir | nothing) "$work/server" "$PWD/below" $server "$work/served" -o subtype=unknown ;;
  esac
}
# The disk is busy until the server has ended.
unmount_server() {
  umount "$work/served" || exit
  while pgrep -f "$work/served\$" >/dev/null; do sleep 0.05; done
}
END

# Each line told is "there NAME TEXT" or "gone NAME".
cat >"$work/run" <<'END'
. "$work/served.inc"
disk=$PWD
mkdir below lower work || exit
[ $server != gocryptfs ] || gocryptfs -q -init -scryptn 10 -passfile "$work/password" below || exit
mount_server && cd "$work/served" && mkdir d e folder && for file in link rename across remove; do
  echo "text of $file" >$file || exit
done
sync -f "$disk" && sync -f "$disk" || exit
does() { LD_PRELOAD=$library "$@" || { echo "failed: $*" >&2; exit 1; }; }
told() { echo "$*" >"$POWERCUT_MARKS"; }
does touch d/new; told there d/new
does ln link d/linked; told there d/linked text of link
does mv rename renamed; told there renamed text of rename; told gone rename
does mv across e/across; told there e/across text of across; told gone across
echo fresh >d/fresh && does mv d/fresh e/fresh; told there e/fresh fresh
case $server in fuse-overlayfs | gocryptfs | fsyncdir)
  does rm remove; told gone remove
  does rmdir folder; told gone folder
  does mkdir e/made; told there e/made
  does ln -s to e/symlink; told symlink e/symlink ;;
esac
cd / && unmount_server
END
cat >"$work/check" <<'END'
. "$work/served.inc"
mount_server && cd "$work/served" || { echo "cannot be mounted"; exit 2; }
status=0
while read -r what name text; do
  case $what in
    there) [ -e "$name" ] && { [ -z "$text" ] || [ "$(cat "$name")" = "$text" ]; } ;;
    gone) [ ! -e "$name" ] ;;
    symlink) [ "$(readlink "$name")" = to ] ;;
  esac || { echo "not $what: $name"; status=1; break; }
done
cd / && unmount_server
exit $status
END

# cut_server SERVER LIBRARY: what one mounts is nobody else's.
cut_server() {
  given="work='$work' server=$1 library='$2' unshare --mount sh"
  cut --fs ext4 --cuts random:40 --cache reorder:2 --keep none --jobs 1 --run "$given '$work/run'" --check "$given '$work/check'"
  sed -n 's/^.*states tested/# &/p' "$work/out"
}
for server in bindfs mergerfs sshfs fuse-overlayfs gocryptfs fsyncdir nothing; do
  cut_server $server "$library"
  check "what_the_manual_promises_is_kept_through_$server" ends_with 0
  cut_server $server ''
  check "it_is_lost_without_the_library_through_$server" ends_with 1
done

finish
