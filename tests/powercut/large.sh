# SPDX-License-Identifier: GPL-2.0-or-later
# A large file costs what a cut changes in it, and one block of it that is not as it was
# promised is found all the same: in its middle, where all around it is remembered.
. "${srcdir:-.}/tests/tap.sh"
. "${srcdir:-.}/tests/crash/crash.inc"
TMPDIR=$work
export TMPDIR

# The first lines of each program; t/f has 24 MiB, in extents that a small file breaks up.
cat >"$work/large.py" <<'END_OF_PROGRAM'
import ctypes, mmap, os
MIB = 1 << 20
def mark(text):
    marks = os.open(os.environ["POWERCUT_MARKS"], os.O_WRONLY)
    os.write(marks, text.encode() + b"\n")
    os.close(marks)
def block(size=4096): return os.urandom(size)
# sync(2) would flush for other tests as well, where nothing may be flushed.
def sync():
    folder = os.open(".", os.O_RDONLY)
    for _ in range(2): assert ctypes.CDLL(None).syncfs(folder) == 0
    os.close(folder)
os.mkdir("t")
file, other = (os.open("t/" + name, os.O_RDWR | os.O_CREAT, 0o644) for name in ("f", "o"))
for i in range(24):
    os.pwrite(file, block(MIB), i * MIB)
    os.fsync(file)
    if i % 5 == 0:
        os.pwrite(other, block(1000), i * 1000)
        os.fsync(other)
sync()
mark("promises t names+bytes")
def call(text):
    def decorate(function):
        mark("begins t " + text); function(); mark("returned t")
    return decorate
END_OF_PROGRAM

# large KIND COMMAND-OF-PYTHON [OPTION...]
large() {
  kind=$1
  { cat "$work/large.py"; echo "$2"; } >"$work/program.py"
  shift 2
  cut --fs "$kind" --size 64M --json "$work/json" --keep "$work/kept" "$@" --run "python3 $work/program.py"
}
# number KEY: of the report.
number() { sed -n "s/.*\"$1\":\([0-9]*\).*/\1/p" "$work/json"; }
few_bytes() {
  most=$((24 * 1048576 + $(number images) * 400000))
  [ "$(number bytes_looked_at)" -lt $most ] ||
    { echo "$(number bytes_looked_at) bytes of $(number images) images"; return 1; }
}

# each_verdict_again [OPTION...]: where nothing is traced, so that nothing is remembered.
$CC -shared -fPIC -D_GNU_SOURCE -o "$work/untraced.so" "$top_srcdir/tests/powercut/untraced.c" || exit 99
verdicts() { sed 's/"seconds":[0-9.]*,"bytes_looked_at":[0-9]*//; s/,"recording":"[^"]*"//g' "$1"; }
each_verdict_again() {
  LD_PRELOAD=$work/untraced.so "$powercut" --replay "$work/kept/$kind" "$@" --json "$work/again" >/dev/null 2>&1
  [ "$(verdicts "$work/json")" = "$(verdicts "$work/again")" ] && ! cmp -s "$work/json" "$work/again"
}

# Blocks here and there, each flushed.  One process, so that it looks at all of the file once.
rewrites='
for i in range(20):
    @call("rewrite")
    def _():
        os.pwrite(file, block(), (i * 37 % 24) * MIB + 4096 * 100)
        os.fsync(file)'
if mount -t tracefs tracefs "$work" 2>/dev/null; then
  umount "$work"
  for kind in ext4 xfs; do
    large $kind "$rewrites" --jobs 1
    check "many_images_were_looked_at:$kind" test "$(number images)" -gt 40
    check "each_costs_what_it_changes:$kind" few_bytes
    check "each_verdict_is_the_same_without_anything_remembered:$kind" each_verdict_again
    rm -rf "$work/kept"
  done
else
  skip each_costs_what_it_changes 'the kernel does not trace requests'
fi

# lost NAME COMMAND-OF-PYTHON: it is not flushed, and convicted.
lost() {
  for kind in ext4 xfs; do
    large $kind "$2" --jobs 1 --cuts random:40
    check "it_is_found:$kind:$1" ends_with 1
    check "each_verdict_is_the_same_without_anything_remembered:$kind:$1" each_verdict_again --cuts random:40
    rm -rf "$work/kept"
  done
}
lost one_block_in_the_middle '
@call("flushed")
def _(): os.pwrite(file, block(), 11 * MIB); os.fsync(file)
@call("forgotten")
def _(): os.pwrite(file, block(), 13 * MIB + 8192)
@call("another")
def _(): os.fsync(os.open("t/d", os.O_CREAT | os.O_RDWR))'
lost one_byte_of_a_block '
@call("forgotten")
def _(): os.pwrite(file, bytes([os.pread(file, 1, 17 * MIB + 4097)[0] ^ 255]), 17 * MIB + 4097)
@call("another")
def _(): os.fsync(os.open("t/d", os.O_CREAT | os.O_RDWR))'
lost a_torn_write '
@call("torn")
def _(): os.pwrite(file, block(64 * 4096), 9 * MIB + 4096); os.fsync(file)'
lost a_block_through_a_mapping '
map = mmap.mmap(file, 24 * MIB)
@call("forgotten")
def _(): map[20 * MIB + 3] ^= 255
@call("another")
def _(): os.fsync(os.open("t/d", os.O_CREAT | os.O_RDWR))'
# The blocks of a removed file are those of the next one: the same places, other bytes.
lost a_block_that_was_another_files '
@call("remove")
def _(): os.unlink("t/f"); os.close(file); sync()
@call("make")
def _():
    global made
    made = os.open("t/g", os.O_CREAT | os.O_RDWR); os.posix_fallocate(made, 0, 20 * MIB); sync()
@call("forgotten")
def _(): os.pwrite(made, block(MIB), 5 * MIB); os.fsync(made); os.pwrite(made, block(), 5 * MIB + 8192)'

# What a check writes is taken back, all of it: the next state is as the disk had left it.
for kind in ext4 xfs ext2; do
  large $kind '
@call("sum")
def _(): os.system("cksum <t/f >t/sum"); sync()
for i in range(4):
    @call("mkdir")
    def _(): os.mkdir("t/d%d" % i); sync()' \
    --jobs 1 --check 'grep -qx "returned t" || exit 0; cksum <t/f | cmp - t/sum || exit 1
    dd if=/dev/urandom of=t/f bs=4096 seek=2000 count=3 conv=notrunc 2>/dev/null
    dd if=/dev/urandom of=t/new bs=4096 count=300 2>/dev/null; rm t/sum; sync -f t; fstrim t 2>/dev/null; exit 0'
  check "what_a_check_writes_is_taken_back:$kind" ends_with 0
  rm -rf "$work/kept"
done

finish
