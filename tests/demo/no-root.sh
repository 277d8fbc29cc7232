# SPDX-License-Identifier: GPL-2.0-or-later
# Without root the demo cuts no power, says so, and shows from the outside
# which directories were flushed.
. "${srcdir:-.}/tests/tap.sh"

for needed in safecat strace; do
  command -v $needed >/dev/null || skip_all "$needed is not installed"
done

plain_user=
[ "$(id -u)" -ne 0 ] || plain_user='setpriv --reuid=65534 --regid=65534 --clear-groups'

# A plain user may not be able to read the tree: a copy of what the demo uses,
# on a disk, because in memory nothing is flushed.
place=$work
chmod 755 "$work"
if [ "$(stat -f -c %T "$work")" = tmpfs ] || ! $plain_user test -r "$work"; then
  place=$(mktemp -d /var/tmp/syncdir-test.XXXXXX)
  at_exit rm -rf "$place"
  chmod 755 "$place"
fi
mkdir -p "$place/build/.libs" "$place/build/examples/demo" "$place/demo" "$place/tmp"
chmod 1777 "$place/tmp"
cp -L "$library" "$place/build/.libs/"
cp "$top_builddir/examples/demo/feed" "$place/build/examples/demo/"
cp "$top_srcdir/examples/demo/demo" "$top_srcdir/examples/demo/flushes" "$place/demo/"

demo() {
  (cd / && $plain_user env TMPDIR="$place/tmp" "$@" sh "$place/demo/demo" "$place/build" 2>&1)
}
says() { printf '%s\n' "$said" | grep -E -- "$1"; }

said=$(demo SYNCDIR=)
same 'without root the demo succeeds' 0 $?
check 'it says why the power cannot be cut' \
  says 'cannot be cut here: this is not root'
check 'without syncdir no directory is flushed, with it new/ once a message' \
  says '^directory new +0 +3$'
check 'with syncdir tmp/ is flushed twice a message' says '^directory tmp +0 +6$'
check 'the flush of new/ follows the link' sh -c \
  'printf "%s\n" "$1" | sed -n "/ link(/,/ unlink(/p" | grep "fsync([0-9]*<new>)"' sh "$said"
same 'nothing of it is left' '' "$(ls -A "$place/tmp")"

said=$(demo SYNCDIR=off)
same 'with a library that does nothing the demo fails' 1 $?
check 'and says what was not flushed' says 'with syncdir new/ was not flushed'

finish
