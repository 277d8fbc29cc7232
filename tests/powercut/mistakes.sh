# SPDX-License-Identifier: GPL-2.0-or-later
# Programs that each make one mistake, and the same without it: the first must be
# convicted and the second acquitted, on each filesystem that makes the mistake matter.
. "${srcdir:-.}/tests/tap.sh"
. "${srcdir:-.}/tests/crash/crash.inc"
TMPDIR=$work
export TMPDIR

cat >"$work/program" <<'END_OF_PROGRAM'
import ctypes, mmap, os, sys
libc = ctypes.CDLL(None)
right = sys.argv[2] == "right"

def mark(text):
    marks = os.open(os.environ["POWERCUT_MARKS"], os.O_WRONLY)
    os.write(marks, text.encode() + b"\n")
    os.close(marks)

# sync(2) would flush for other tests as well, where nothing may be flushed.
def sync():
    folder = os.open(".", os.O_RDONLY)
    for _ in range(2): assert libc.syncfs(folder) == 0
    os.close(folder)

def begin(level):
    sync()
    mark("promises t " + level)
    mark("begins t " + sys.argv[1])

def step():
    mark("within t")

def flush(*paths):
    for path in paths:
        file = os.open(path, os.O_RDONLY)
        os.fsync(file)
        os.close(file)

def put(path, size=5000, flushed=True, flags=0):
    file = os.open(path, os.O_RDWR | os.O_CREAT | flags, 0o644)
    os.write(file, os.urandom(size))
    if flushed:
        os.fsync(file)
    return file

# Each ends where all of it should be on the disk; what is wrong is left out or done too early.
def directories():
    begin("names"); os.makedirs("t/a/b/c")
    if right: flush("t/a/b/c", "t/a/b", "t/a", "t")
def rename_of_bytes():
    put("t/f"); begin("names+bytes"); put("t/n", 9000, right); step(); os.rename("t/n", "t/f"); flush("t")
def rename_of_name():
    put("t/f"); begin("names+bytes"); put("t/n", 9000); step(); os.rename("t/n", "t/f")
    if right: flush("t")
def another_file():
    put("t/f"); other = put("t/g"); begin("names+bytes"); file = put("t/f", 4000, False, os.O_APPEND)
    os.fsync(file if right else other)
def appended():
    put("t/f"); begin("names+bytes"); file = put("t/f", 9000, False, os.O_APPEND)
    if right: os.fdatasync(file)
def synchronous():
    put("t/f"); begin("names+bytes"); put("t/f", 9000, False, os.O_APPEND | (os.O_DSYNC if right else 0))
def range_alone():
    put("t/f"); begin("names+bytes"); file = put("t/f", 9000, False, os.O_APPEND)
    libc.sync_file_range(file, ctypes.c_long(0), ctypes.c_long(0), 7)
    if right: os.fsync(file)
def link_and_unlink():
    put("t/f"); begin("names"); os.link("t/f", "t/g"); step(); os.unlink("t/f")
    if right: flush("t")
def link_elsewhere():
    put("t/f"); os.mkdir("t/d"); begin("names"); os.link("t/f", "t/d/g")
    if right: flush("t/d")
def symlink():
    os.symlink("v1", "t/now"); begin("names"); os.symlink("v2", "t/new"); step(); os.rename("t/new", "t/now")
    if right: flush("t")
def mode():
    os.mkdir("t/d"); begin("names"); os.chmod("t/d", 0o700)
    if right: flush("t/d")
def attribute():
    put("t/f"); os.setxattr("t/f", "user.name", b"value"); begin("all"); os.removexattr("t/f", "user.name")
    if right: flush("t/f")
def longer():
    put("t/f"); begin("names+bytes"); os.truncate("t/f", 100000)
    if right: flush("t/f")
def reserved():
    file = put("t/f"); begin("names+bytes"); os.posix_fallocate(file, 0, 100000)
    if right: os.fsync(file)
def punched():
    file = put("t/f", 40000); begin("names+bytes")
    assert libc.fallocate(file, 3, ctypes.c_long(8192), ctypes.c_long(8192)) == 0
    if right: os.fsync(file)
def mapped():
    file = put("t/f", 40000); begin("names+bytes"); bytes = mmap.mmap(file, 40000); bytes[5000] ^= 255
    address = ctypes.addressof(ctypes.c_char.from_buffer(bytes))
    libc.msync(ctypes.c_void_p(address), ctypes.c_size_t(40000), 4 if right else 1)
def copied():
    source = put("t/f", 40000); target = put("t/g", 0); begin("names+bytes")
    assert os.copy_file_range(source, target, 40000, 0, 0) == 40000
    if right: os.fsync(target)
def temporary(names_flush, bytes_flush):
    begin("names+bytes"); file = os.open("t", os.O_TMPFILE | os.O_RDWR, 0o644); os.write(file, os.urandom(9000))
    if bytes_flush: os.fsync(file)
    assert libc.linkat(-100, b"/proc/self/fd/%d" % file, -100, b"t/n", 0x400) == 0
    if names_flush: flush("t")
def temporary_name(): temporary(right, True)
def temporary_bytes(): temporary(True, right)
def exchange():
    put("t/a"); put("t/b"); begin("names"); assert libc.renameat2(-100, b"t/a", -100, b"t/b", 2) == 0
    if right: flush("t")
def moved():
    os.makedirs("t/a/d"); os.mkdir("t/b"); put("t/a/d/f"); begin("names"); os.rename("t/a/d", "t/b/d")
    if right: flush("t/a", "t/b")
def removed():
    put("t/f"); begin("names"); os.unlink("t/f")
    if right: flush("t")
def special():
    begin("names"); os.mkfifo("t/f")
    if right: flush("t")
def processes():
    begin("names+bytes")
    for i in range(4):
        child = os.fork()
        if child == 0:
            put("t/f%d" % i, 3000, right or i != 2); os._exit(0)
        os.waitpid(child, 0); step()
    flush("t")

os.mkdir("t")
globals()[sys.argv[1]]()
mark("returned t")
END_OF_PROGRAM

# try KIND MISTAKE[:OPTIONS]...: with these options of the mount.
try() {
  kind=$1
  shift
  for mistake; do
    options=
    case $mistake in *:*) options=${mistake#*:} mistake=${mistake%%:*} ;; esac
    cut --fs "$kind" --mount "$options" --keep none --run "python3 $work/program $mistake wrong"
    check "the_mistake_is_convicted:$kind:$mistake" ends_with 1
    cut --fs "$kind" --mount "$options" --keep none --run "python3 $work/program $mistake right"
    check "what_is_right_is_acquitted:$kind:$mistake" ends_with 0
  done
}

# A rename over another file has ext4 begin to write the bytes by itself: a program that stands
# still before it flushes the directory makes no mistake then.
try ext4 directories rename_of_bytes:noauto_da_alloc rename_of_name another_file appended synchronous range_alone \
  link_and_unlink link_elsewhere symlink mode attribute longer reserved punched mapped copied \
  temporary_name temporary_bytes exchange moved removed special processes
try xfs rename_of_bytes appended link_and_unlink punched mapped copied temporary_bytes moved
try btrfs directories rename_of_bytes rename_of_name appended link_elsewhere punched mapped exchange moved

finish
