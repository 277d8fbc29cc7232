# SPDX-License-Identifier: GPL-2.0-or-later
# On a kernel other than Linux configure says what was never tested there.
shared=no
. "${srcdir:-.}/tests/tap.sh"

# warnings_for OPTION...: what configure warns of that has to do with kernels.
warnings_for() {
  mkdir "$work/build" && (cd "$work/build" &&
    "$top_srcdir/configure" CC="$CC" --disable-shared "$@" 2>&1 | grep 'WARNING.*Linux')
  rm -rf "$work/build"
}

same linux_is_not_warned_of '' "$(warnings_for)"
same another_kernel_is \
  "configure: WARNING: the kernel is freebsd14.0, not Linux: no part of syncdir was ever tested there
configure: WARNING: what its filesystems need to be durable was measured on Linux alone" \
  "$(warnings_for --host=x86_64-unknown-freebsd14.0)"

finish
