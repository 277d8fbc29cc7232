#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A container as Docker and Podman make it, without either: a root of its own on an overlay,
# a volume, namespaces, the capabilities and the filter of system calls that they give by
# default (confine.c); with /proc and /sys as they show them, and without; as root and in a
# user namespace.  Every change must have flushed the disk below when the call returns.
. "${srcdir:-.}/tests/tap.sh"
. "$top_srcdir/tests/mounts.sh"
. "$top_srcdir/tests/strace.sh"
. "$top_srcdir/tests/launcher.sh"
. "$top_srcdir/tests/layers/layers.inc"

for program in setpriv unshare chroot; do
  command -v "$program" >/dev/null || skip_all "$program is not installed"
done
[ -e "$top_builddir/src/audit/audit" ] || skip_all 'configured with --disable-audit'
cd "$work" || exit 99
$CC -o confine "$top_srcdir/tests/layers/confine.c" -lseccomp || exit 99

# The image: the programs and every library that they need, at the same paths.
cp "$top_builddir/src/audit/audit" "$installed/" || exit 99
mkdir image && cd image && mkdir -p proc sys dev root spool "./$installed" && touch dev/null &&
  cp "$installed"/* "./$installed" || exit 99
capstone=$(ldconfig -p | sed -n 's/^.*libcapstone\.so\.[0-9]* .* => //p' | head -n 1)
for program in sh env mkdir ln mv rm rmdir touch cat "$installed/syncdir" "$installed/check" \
  "$installed/audit" "$work/confine" "$capstone"; do
  path=$(command -v "$program") && mkdir -p "./${path%/*}" && cp -L "$path" ".$path" || exit 99
  ldd "$path" | grep -o '/[^ ]*' | while read -r needed; do
    mkdir -p "./${needed%/*}" && cp -L "$needed" ".$needed"
  done
done
cp ../confine "$library" . && cd .. || exit 99

# The disks of the upper directory and of the volume.
mount_kind ext4 "$work/volume" "$below" && volume=${device#/dev/} && mount_kind ext4 "$work/disk" "$below" &&
  mkdir disk/upper disk/work merged || exit 99
disks=${device#/dev/}
only_this_ext "$device" || exit 99
# The volume is shown as well.
mkdir -p "$work/sys-fs-ext4/$volume" && echo 1 >"$work/sys-fs-ext4/$volume/journal_task" || exit 99

# What an engine leaves a container: docs.docker.com/engine/security.
capabilities='-all,+chown,+dac_override,+fowner,+fsetid,+kill,+setgid,+setuid,+setpcap,+net_bind_service,+net_raw,+sys_chroot,+mknod,+audit_write,+setfcap'

# enter.inc: begun in the namespaces.  mount_container FOLDER mounts the root, the volume, and
# $shown of /proc and /sys, and goes to a place in FOLDER; then inside COMMAND... runs it there.
# What the filter refuses, and the calls $refused, is answered with $error.
cat >enter.inc <<'EOF'
mount_container() {
  # A volatile one leaves this, so as not to be mounted again.
  rm -rf "$work/disk/work/work/incompat"
  mount -t overlay overlay "$work/merged" -o "lowerdir=$work/image,upperdir=$work/disk/upper,workdir=$work/disk/work$options" &&
    mount --bind "$work/volume" "$work/merged/spool" && mount --bind /dev/null "$work/merged/dev/null" || exit 99
  case $shown in *proc*) mount -t proc proc "$work/merged/proc" || exit 99 ;; esac
  case $shown in *sys*) mount --rbind /sys "$work/merged/sys" || exit 99 ;; esac
  # Podman hides this one.
  case $shown in *podman*) mount -t tmpfs -o ro none "$work/merged/sys/dev/block" || exit 99 ;; esac
  mkdir -p "$work/merged/$1/place" && cd "$work/merged/$1/place" || exit 99
}
inside() {
  setpriv --bounding-set="$capabilities" --inh-caps=-all \
    chroot "$work/merged" /confine "$error" "$refused" sh -c 'cd "$0" && exec "$@"' "${PWD#"$work/merged"}/" "$@"
}
EOF

# contained SCRIPT WORD...: the script runs in the namespaces of a new container.
cat >contained <<'EOF'
exec unshare $namespaces --mount --pid --fork --ipc --uts --net sh "$@"
EOF
contained() { sh contained "$@"; }

# each FOLDER LIBRARY: which changes do not reach the disk that FOLDER lies on; with a third
# word, which stay in memory: whoever calls sync takes them there now and then.
cat >each <<'EOF'
. "$top_srcdir/tests/layers/layers.inc"
. "$work/enter.inc"
library=$2
runs() { inside env LD_PRELOAD="$library" "$@"; }
case $1 in
  root) disks=$root_disk folders=$work/disk ;;
  spool) disks=$volume folders=$work/volume ;;
esac
mount_container "$1"
for call in $calls; do
  if [ $# -eq 3 ]; then
    stays_in_memory "$call" >"$work/found" && echo "$call"
  else
    reaches_the_disks "$call" >"$work/found" || echo "$call"
  fi
done
EOF

# inside FOLDER COMMAND...: runs it there; the file "old" is there, and "new" is not.
cat >once <<'EOF'
. "$work/enter.inc"
mount_container "$1" && rm -f new && echo text >old && sync old . && shift && inside "$@"
EOF

export top_srcdir work root_disk volume capabilities namespaces options shown error refused below
root_disk=$disks

# asked FOLDER: the flushes that a removal there asks for.
asked() {
  preload='' flushes sh contained once "$1" env LD_PRELOAD=/libsyncdir.so rm old | sed 's/ .*//' | tail -n +3 | paste -sd' '
}

# kept_in NAME ON_ROOT ON_SPOOL: every change reaches the disk, and these are a removal's flushes.
kept_in() {
  same "every_change_on_the_root_reaches_the_disk_$1" '' "$(contained each root /libsyncdir.so 2>&1)"
  same "every_change_on_a_volume_reaches_the_disk_$1" '' "$(contained each spool /libsyncdir.so 2>&1)"
  same "flushes_of_a_removal_on_the_root_$1" "$2" "$(asked root)"
  same "flushes_of_a_removal_on_a_volume_$1" "$3" "$(asked spool)"
}

# told STATUS PATTERN FOLDER COMMAND...: what COMMAND says there.
told() {
  expected=$1 pattern=$2
  shift 2
  contained once "$@" >"$work/said" 2>&1
  found=$?
  cat "$work/said"
  [ "$found" -eq "$expected" ] && grep -q -- "$pattern" "$work/said"
}
# told_in NAME: the launcher runs a command, and the deferred mode flushes at each call.
told_in() {
  for folder in root spool; do
    check "a_command_is_protected_on_the_${folder}_$1" told 0 '^ln: protected' $folder syncdir --check ln
    check "it_is_run_on_the_${folder}_$1" told 0 '^syncdir: . flushes: . fsync, . syncfs, 0 sync; 0 failed' $folder \
      syncdir -s ln old new
    check "nothing_is_deferred_on_the_${folder}_$1" told 0 'each change is flushed when it is made: a seccomp filter' \
      $folder syncdir --deferred ln old new
  done
}
upper='disk/upper cannot be seen from here: check that directory where it can be reached'

namespaces= options=,index=off error=EPERM refused= shown='proc sys'
kept_in in_docker fsync fsync
told_in in_docker
same without_the_library_they_stay_in_memory "$calls" "$(contained each root '' memory | paste -sd' ')"
check in_docker_the_root_cannot_be_told told 2 "$upper" root syncdir --check .
check in_docker_a_volume_is_protected told 0 'why: there is one journal' spool syncdir --check .
check in_docker_the_audit_finds_what_is_not_durable told 1 'linkat() by ln old new' root syncdir --audit ln old new
refused='name_to_handle_at ptrace kcmp'
kept_in in_an_old_docker fsync fsync
check in_an_old_docker_the_audit_says_that_it_cannot_watch told 2 'cannot be watched: ptrace(2): Operation not permitted' \
  root syncdir --audit ln old new

error=ENOSYS refused= shown='proc sys podman'
kept_in in_podman fsync fsync
check in_podman_the_root_cannot_be_told told 2 "$upper" root syncdir --check .
check in_podman_a_volume_is_protected told 0 'why: there is one journal' spool syncdir --check .
# So has Podman the root of what it is to remove afterwards: podman run --rm.
options=,index=off,volatile
same on_a_volatile_root_every_change_stays_in_memory "$calls" "$(contained each root /libsyncdir.so memory | paste -sd' ')"
same but_on_its_volume_none_does '' "$(contained each spool /libsyncdir.so 2>&1)"
check a_volatile_root_is_not_protected told 1 'mounted with volatile' root syncdir --check .
check its_volume_is told 0 'why: there is one journal' spool syncdir --check .

options=,index=off shown=proc
kept_in without_sys 'syncfs fsync' 'syncfs fsync'
told_in without_sys
check without_sys_a_journal_cannot_be_told told 0 'why: whether there is a journal cannot be seen without /sys' spool syncdir --check .
shown=sys
kept_in without_proc fsync fsync
told_in without_proc
for folder in root spool; do
  check "without_proc_the_${folder}_cannot_be_told" told 2 '/proc/self/mountinfo cannot be read' $folder syncdir --check .
done
check without_proc_the_audit_says_that_it_cannot_watch told 2 'cannot be watched: /proc/self: .*; mount proc on /proc' root syncdir --audit ln old new
shown=
kept_in without_both 'syncfs fsync' 'syncfs fsync'

shown='proc sys podman' namespaces='--user --map-root-user' options=,userxattr
kept_in in_a_user_namespace fsync fsync
told_in in_a_user_namespace
check in_a_user_namespace_the_root_cannot_be_told told 2 "$upper" root syncdir --check .
check in_a_user_namespace_a_volume_is_protected told 0 'why: there is one journal' spool syncdir --check .

# The recipe: what it installs is what debian/ builds.
recipe=$top_srcdir/examples/Containerfile
for package in $(sed -n 's/^COPY \(.*\) .*/\1/p' "$recipe"); do
  check "the_recipe_installs_${package%%_*}" grep -qx "Package: ${package%%_*}" "$top_srcdir/debian/control"
done
check it_runs_every_command_by_syncdir grep -qx 'ENTRYPOINT \["syncdir"\]' "$recipe"

finish
