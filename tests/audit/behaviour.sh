# SPDX-License-Identifier: GPL-2.0-or-later
# A program behaves under the audit as it does without; and what the audit cannot see, it
# says.
. "${srcdir:-.}/tests/tap.sh"
. "$top_srcdir/tests/audit/audit.inc"

compile acts -pthread
compile steps -pthread
cd "$work" || exit 99
chmod 777 "$work"

# As without the audit: what it prints.
for act in spawn stop catch ask-a-tracer; do
  same "as_without_$act" "$(./acts "$act")" "$("$audit" ./acts "$act" 2>said)"
done
"$audit" --report report ./acts exec-from-thread >output
same an_exec_from_a_thread_keeps_the_process 1 "$(sort -u output | wc -l)"
check and_is_watched_further grep -q "$work/made: mkdir() by mkdir made" report

# ended COMMAND...: how the report says that it ended.
ended() {
  "$audit" --json --report report "$@" >output 2>&1
  jq -c .command report
}
same an_exit_status_is_reported '{"status":7}' "$(ended sh -c 'exit 7')"
same a_death_by_a_signal_is_reported '{"signal":15}' "$(ended ./acts die)"
same standard_input_is_the_programs text "$(echo text | "$audit" cat 2>said)"
same descriptors_are_the_programs "$(ls /proc/self/fd 5</dev/null)" \
  "$("$audit" ls /proc/self/fd 5</dev/null 2>said)"
(trap '' INT; "$audit" sh -c 'kill -INT $$; echo on' >output 2>said)
same an_ignored_signal_stays_ignored on "$(cat output)"
# The signal goes to whoever was started: the command gets it.
"$audit" --json --report report sh -c 'trap "exit 9" TERM; echo ready; while :; do sleep 0.1; done' >output 2>said &
auditor=$!
until_true grep -q ready output
kill -TERM "$auditor"
wait "$auditor"
same a_signal_is_passed_on '{"status":9}' "$(jq -c .command report)"
# Whoever lets the command go on knows nothing of the auditor.
"$audit" --report report sh -c '(until [ -e goes-on ]; do sleep 0.1; done; kill -CONT $$) & kill -STOP $$; wait; echo on' \
  >output 2>said &
auditor=$!
is_stopped() { grep -q '^State:[[:space:]]*T' "/proc/$auditor/status"; }
check it_stops_with_the_command until_true is_stopped
: >goes-on
check and_goes_on_with_it until_true grep -q on output
wait "$auditor"
same and_ends_with_it 0 $?

# Programs of a kind that no preload reaches, and scripts.
name_lost="name-lost rename new"
printf '#include <cstdio>\nint main() { return std::rename("a", "new"); }\n' >rename.cc
echo text >a
g++ -g -static -o rename-static rename.cc && same a_static_program_in_C++ "$name_lost" "$(findings ./rename-static)"
same and_its_line 'rename.cc 2' \
  "$(jq -r '.findings[0].stack[] | select(.function == "main") | "\(.file | sub(".*/"; "")) \(.line)"' report)"
mv new a
cat >save.py <<'PY'
import os, sys
os.rename("a", "new")
if len(sys.argv) > 1:
    fd = os.open(".", os.O_RDONLY)
    os.fsync(fd)
PY
same a_script_in_python "$name_lost" "$(findings python3 save.py)"
mv new a
same a_script_in_python_that_is_right 'status 0' "$(findings python3 save.py right)"
cat >served.py <<'PY'
import os, socket, sys
kind = sys.argv[2]
if kind == "unix":
    listener = socket.socket(socket.AF_UNIX)
    listener.bind("socket")
else:
    listener = socket.socket(socket.AF_INET6 if "6" in kind else socket.AF_INET)
    listener.bind(("::" if "6" in kind else "127.0.0.1", 0))
listener.listen()
os.rename("a", "new")
os.fsync(os.open(".", os.O_RDONLY))
if os.fork() == 0:
    client = socket.socket(socket.AF_UNIX if kind == "unix" else
                           socket.AF_INET6 if kind == "tcp6" else socket.AF_INET)
    client.connect("socket" if kind == "unix" else
                   ("::1" if kind == "tcp6" else "127.0.0.1", listener.getsockname()[1]))
    os.rename("new", "a")
    client.send(b"x")
    client.recv(1)
    os._exit(0)
connection = listener.accept()[0]
connection.recv(1)
if sys.argv[1] == "wrong":
    os.write(1, b"done")
os.fsync(os.open(".", os.O_RDONLY))
connection.send(b"x")
os.wait()
PY
mv new a
# "6to4": the server speaks IPv6, its client IPv4.
if grep -q . /proc/net/if_inet6 2>>said; then
  kinds='unix tcp tcp6 6to4'
else
  kinds='unix tcp'
  skip a_connection_is_among_us_tcp6 'no IPv6'
fi
for kind in $kinds; do
  same "a_connection_is_among_us_$kind" 'status 0' "$(findings python3 served.py right $kind)"
  rm -f socket
  same "and_who_hears_it_tells_$kind" 'name-lost rename a' "$(findings python3 served.py wrong $kind)"
  rm -f socket
done
# Who has listened has ended; and the other end of a connection is closed.
cat >daemon.py <<'PY'
import os, socket
listener = socket.socket(socket.AF_UNIX)
listener.bind("socket")
listener.listen()
if os.fork() == 0:
    if os.fork() != 0:
        os._exit(0)
    connection = listener.accept()[0]
    connection.recv(1)
    os.fsync(os.open(".", os.O_RDONLY))
    connection.send(b"x")
    os._exit(0)
os.wait()
PY
cat >asks.py <<'PY'
import os, socket
client = socket.socket(socket.AF_UNIX)
client.connect("socket")
os.rename("a", "new")
client.send(b"x")
client.recv(1)
PY
same a_daemon_is_among_us 'status 0' "$(findings sh -c 'python3 daemon.py; exec python3 asks.py')"
mv new a
rm socket
cat >closed.py <<'PY'
import os, socket
listener = socket.create_server(("127.0.0.1", 0))
client = socket.create_connection(listener.getsockname())
server = listener.accept()[0]
client.close()
os.rename("a", "new")
server.send(b"x")
os.fsync(os.open(".", os.O_RDONLY))
PY
same nobody_hears_at_a_closed_end 'status 0' "$(findings python3 closed.py)"
mv new a
# A server that is not watched.
python3 -c '
import os, socket
listener = socket.create_server(("127.0.0.1", 0))
with open("port.new", "w") as file:
    file.write(str(listener.getsockname()[1]))
os.rename("port.new", "port")
for i in range(2):
    listener.accept()[0].recv(1)' &
until_true test -e port
cat >client.py <<'PY'
import os, socket, sys
client = socket.create_connection(("127.0.0.1", int(open("port").read())))
os.rename("a", "new")
if sys.argv[1] == "right":
    os.fsync(os.open(".", os.O_RDONLY))
client.send(b"x")
os.fsync(os.open(".", os.O_RDONLY))
PY
same another_server_is_told 'name-lost rename new' "$(findings python3 client.py wrong)"
mv new a
same another_server_is_told_what_is_durable 'status 0' "$(findings python3 client.py right)"
cat >save.pl <<'PL'
use IO::Handle;
rename "new", "a";
if (@ARGV) {
  open my $d, "<", "." or die;
  $d->sync or die;
}
PL
same a_script_in_perl 'name-lost rename a' "$(findings perl save.pl)"
mv a new
same a_script_in_perl_that_is_right 'status 0' "$(findings perl save.pl right)"
mv a new
same a_script_of_the_shell 'name-lost renameat2 b' "$(findings sh -c 'mv new b')"
same a_script_of_the_shell_that_is_right 'status 0' "$(findings sh -c 'mv b c; sync .; echo done')"
"$audit" sh -c 'echo new >new; mv new c; sync .' 2>said
check a_script_is_told_what_to_add said "Add: fsync() of the file, before renameat() (in a script, before this command: sync $work/new)"
same a_pipeline_is_among_us 'status 0' "$(findings sh -c 'mv c d; echo done | (read word; sync .); echo done')"
same a_pipeline_that_tells 'name-lost renameat2 c' "$(findings sh -c '(mv d c; echo done) | cat; sync .')"
if i686-linux-gnu-gcc -static -o steps32 -pthread -D_GNU_SOURCE "$top_srcdir/tests/audit/steps.c" 2>said; then
  steps=$work/steps32
  same a_program_of_32_bits 'name-lost rename new' "$(steps put tmp fsync tmp rename tmp new)"
  same a_program_of_32_bits_that_is_right 'status 0' "$(steps put tmp fsync tmp rename tmp new fsync .)"
  same a_program_of_32_bits_that_maps 'contents-lost rename old' "$(steps map tmp store rename tmp old fsync .)"
else
  skip a_program_of_32_bits 'no compiler'
fi
cd "$work" || exit 99

echo text >output
same what_is_behind_dev_stdout_was_there 'status 0' \
  "$("$audit" --json --report report sh -c 'echo on >/dev/stdout' >output
    jq -r '.findings[] | .path' report; echo "status $?")"

echo text >kept
same and_may_be_emptied_there 'contents-lost openat kept' \
  "$(findings sh -c '(echo on >/dev/stdout) >>kept')"
ln -s /dev/stdout out
echo text >kept
same or_written_to_through_a_link 'write-lost write kept' "$(findings sh -c '(echo on >out) >>kept')"
rm out

# Nothing lasts on a tmpfs, so nothing can be said of it.
memory=$(mktemp -d /dev/shm/audit.XXXXXX) || exit 99
same a_directory_in_memory_is_not_judged 2 "$(cd "$memory" && "$audit" --report "$work/report" mkdir made >/dev/null; echo $?)"
check and_the_report_says_so grep -q "^Not seen: $memory: nothing lasts there" report
same unless_o_says_that_it_is_of_no_interest 0 \
  "$(cd "$memory" && "$audit" -o "$work" --report "$work/report" mkdir more >/dev/null; echo $?)"
same and_only_if_something_was_changed_there 0 "$(cd "$memory" && "$audit" true 2>/dev/null; echo $?)"
rm -r "$memory"

# Under the library, which flushes, there is nothing to find.
same under_the_library_there_are_no_findings 'status 0' \
  "$(echo text >x; findings env LD_PRELOAD="$library" sh -c 'echo new >tmp; mv tmp x; mkdir dir; mv x dir/y; rm dir/y')"

# A program of ours that is known to be right.
mkdir box box/tmp box/new box/cur
echo hello >message
same a_right_deliverer_has_no_findings 'status 0' \
  "$(findings sh -c '"$1" box <message' sh "$top_builddir/examples/deliver")"

# What is left out.
mkdir .cache
# from_outside OPTION...: the findings of an audit that is started elsewhere, and how many
# are left out.
from_outside() {
  (cd / && findings "$@" mkdir "$work/made-from-outside")
  jq '.left_out | add' report
  rmdir made-from-outside
}
case $work in
  /tmp/* | /var/tmp/*)
    same places_for_temporaries_are_left_out "$(printf 'status 0\n1')" "$(from_outside)" ;;
  *) same other_places_are_not_left_out "$(printf 'name-lost mkdir made-from-outside\nnull')" "$(from_outside)" ;;
esac
same unless_o_names_them "$(printf 'name-lost mkdir made-from-outside\nnull')" "$(from_outside -o "$work")"
same caches_are_left_out 'status 0' "$(findings mkdir .cache/x)"
same unless_all_is_asked_for 'name-lost mkdir y' "$(findings --all mkdir .cache/y)"
same what_is_ignored_is_left_out 'name-lost mkdir here' "$(findings --ignore 'th*' mkdir there here)"
same what_is_outside_of_o_is_left_out 'name-lost mkdir inside' "$(mkdir only; findings -o only mkdir only/inside outside)"

# What was not seen.
same io_uring_is_refused 'Function not implemented' "$("$audit" --report report ./acts ring)"
check and_that_is_said grep -q '^Note: .*io_uring was refused' report
# not_seen ACT: the reason, and the exit status.
not_seen() {
  "$audit" --report report ./acts "$1" >output
  echo $?
  sed -n 's/^Not seen: [^:]*: \(.*\)\.$/\1/p' report
}
same io_submit_is_said "$(printf '2\nit uses io_submit(2), whose writes and flushes are not watched')" \
  "$(not_seen submit)"
same a_supervisor_is_said "$(printf '2\nit has a seccomp supervisor, which may make calls in its place')" \
  "$(not_seen supervise)"
same an_untraced_child_is_said \
  "$(printf '2\nit started a process with CLONE_UNTRACED, which cannot be watched')" "$(not_seen untraced)"
same an_eventfd_is_among_us 'name-lost mkdir passed-on' "$(findings ./acts event)"
rmdir passed-on
check shared_memory_is_said sh -c '"$0" ./acts memory 2>said | cat; grep -q "^Cannot tell: .*share memory" said' "$audit"
rmdir passed-on
if [ "$(id -u)" -eq 0 ]; then
  unable() { setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; }
  unable "$audit" --report /dev/null ./acts hide
  same a_program_that_cannot_be_read_cannot_be_watched 2 $?
  unable "$audit" ./acts hide 2>said
  rmdir hidden
  mkdir theirs && chown 65534 theirs
  same an_msync_is_seen_without_any_rights 0 "$(cd theirs && echo text >old && chown 65534 . old &&
    unable "$audit" --report /dev/null ../steps map tmp store msync rename tmp old fsync . >&2; echo $?)"
  same as_root_it_can 'name-lost mkdir hidden' "$(findings ./acts hide)"
  same without_proc_nothing_can_be_watched 2 \
    "$(unshare --mount sh -c 'mount -t tmpfs none /proc && "$0" mkdir unseen' "$audit" 2>said; echo $?)"
  check and_that_is_said said 'mount proc on /proc'
  check and_nothing_is_done test ! -e unseen
  same nor_with_the_proc_of_other_processes 2 \
    "$(unshare --pid --fork "$audit" mkdir unseen 2>said; echo $?)"
  check and_that_is_said_as_well said 'another PID namespace'
  cp /bin/mkdir ./bare && chmod 711 bare
  unable "$audit" ./bare bare-made 2>said
  same nor_can_one_without_read_permission 2 $?
  check and_why_is_said said 'cannot be read'
  cp /bin/true set-id && chmod 4755 set-id
  unable "$audit" ./set-id 2>said
  same without_its_rights_a_program_is_not_judged 2 $?
  check lost_rights_are_said said 'without its rights'
else
  skip a_program_that_cannot_be_read_cannot_be_watched 'only root can become another user'
fi

TMPDIR=. "$audit" --json --report report perl -e 'exec { "mktemp" } ""' >nameless
same a_command_line_of_nothing_has_a_number process "$(jq -r '.findings[].command | sub(" [0-9]+$"; "")' report)"
rm "$(cat nameless)"

# What the command leaves behind is watched to its end.
same what_it_leaves_behind_is_watched 'name-lost mkdir late' "$(findings ./acts leave)"

# Who waits at a terminal is told for what.
script -qc "$audit --report /dev/null sh -c '(until [ -e enough ]; do sleep 0.1; done) &'" /dev/null \
  >output 2>&1 </dev/null &
until_true grep -q 'sh has ended, .*Ctrl-C' output
touch enough
wait $!
same a_wait_is_explained_at_a_terminal 1 "$(grep -c 'sh has ended' output)"

# A signal asks for the report, and what still runs goes on under the tracer's hands.
"$audit" --report report sh -c '(until [ -e stop ]; do sleep 0.1; done; mkdir after) & echo left' >output 2>said &
auditor=$!
until_true grep -q left output
ends() { kill -TERM "$auditor" 2>/dev/null; grep -q '^Not seen: .*still running' report; }
check a_signal_asks_for_the_report until_true ends
wait "$auditor"
same and_then_not_all_was_seen 2 $?
: >stop
check what_still_runs_goes_on until_true test -d after

# The death of the auditor is not the program's.
rm -f stop
"$audit" --report report sh -c 'echo $$ >running; until [ -e stop ]; do sleep 0.1; done; exit 3' >output 2>said &
auditor=$!
until_true test -s running
read -r running <running
kill -KILL "$(sed -n 's/^TracerPid:[[:space:]]*//p' "/proc/$running/status")"
check the_program_outlives_its_tracer until_true grep -q '^TracerPid:[[:space:]]*0' "/proc/$running/status"
: >stop
wait "$auditor"
same which_is_no_verdict 2 $?
check and_is_said said 'the tracer has ended early; what the command did is not known'

# A report that cannot break a terminal.
"$audit" mkdir "$(printf 'a\033[2Jb')" 2>said
check names_are_escaped grep -qF 'a\033[2Jb' said

finish
