# SPDX-License-Identifier: GPL-2.0-or-later
# What the shell tests ask strace: which flushes a command makes.  Sourced after
# tap.sh.

command -v strace >/dev/null || skip_all 'strace is not installed'

# A sync(2) would flush for other tests as well: for strace it is made, and nothing is done.
no_sync='-e inject=sync:retval=0'

# flushes COMMAND...: runs it, preloaded unless $preload says otherwise, and
# prints "CALL PATH" for each flush, in order, with "=ERRNO" if it failed; then
# "exit N" if the command failed.
flushes() {
  strace -f -qq -y -e trace=fsync,fdatasync,syncfs,sync $no_sync -e signal=none \
    -o "$work/strace" -E "LD_PRELOAD=${preload-$library}" "$@" >"$work/output" 2>&1
  status=$?
  # PID fsync(3</a/b>) = 0, or = -1 EIO (...)
  sed -n -e 's/^[0-9]* *//' \
    -e 's/^\([a-z]*\)([0-9]*<\(.*\)>\((deleted)\)*) *= 0.*/\1 \2/p' \
    -e 's/^\([a-z]*\)([0-9]*<\(.*\)>\((deleted)\)*) *= -1 \([A-Z]*\).*/\1 \2=\4/p' \
    -e 's/^sync() .*/sync/p' "$work/strace"
  [ "$status" -eq 0 ] || echo "exit $status"
}
