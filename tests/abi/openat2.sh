# SPDX-License-Identifier: GPL-2.0-or-later
# openat2: its flags are in memory, and its paths may begin at a root of its own.
. "${srcdir:-.}/tests/tap.sh"
. "$top_srcdir/tests/abi/trace.inc"

tries() {
  watch "$1" "$work/openat2" && are_flushed exclusive upwards beneath && are_not_flushed reading refused &&
    last_flushed through leading
}
# last_flushed NAME...: their link leads to the folder itself; it is flushed in itself too.
last_flushed() {
  for name; do
    flushed_between "$name" | tail -n 1 | grep -q " fsync([0-9]*<$ground/$name>) *= 0" ||
      { echo "$name: its directory was not flushed last"; flushed_between "$name"; return 1; }
    ! flushed_between "$name" | grep -v -e "<$ground/$name>" -e "<$ground/$name/olddir>" ||
      { echo "$name: something else was flushed"; return 1; }
  done
}

compile "$work/openat2" openat2.c || { echo 'Bail out! openat2.c'; exit 1; }
check openat2_is_answered_preloaded tries "$library"
for static in '' -static; do
  compile "$work/openat2" openat2.c $static -Wl,-u,syncdir_wraps "$archive" ||
    { echo 'Bail out! openat2.c'; exit 1; }
  check "openat2_is_answered_by_the_archive $static" tries ''
done

finish
