# SPDX-License-Identifier: GPL-2.0-or-later
# The examples for services and mail servers do what they say.  (examples/qmail-queue:
# setid.sh.)
. "${srcdir:-.}/tests/tap.sh"
. "$top_srcdir/tests/launcher.sh"
. "$top_srcdir/tests/strace.sh"

cd "$work" || exit 99
examples=$top_srcdir/examples
preload=
calls_of_manual() {
  awk '$1 == ".Sh" || $1 == ".Ss" { inside = ($0 == ".Ss System calls") }
    inside && /used only in the archives/ { exit } inside' "$top_srcdir/doc/libsyncdir.3" |
    grep '^\.\(It \)\{0,1\}Fn' | tr -cs 'a-z0-9_' '\n' | grep -vx -e '' -e n -e t -e 'syncdir_.*'
}

# daemontools: qmail-start is ours.
mkdir service bin queue && cat >bin/qmail-start <<END
#!/bin/sh
mkfifo $work/queue/mess 2>/dev/null
env >environment.new
exec mv environment.new environment
END
chmod 755 bin/qmail-start
sed -e "s|PATH=[^ ]*|PATH=$work/bin:$PATH|" -e "s|/var/qmail/queue|$work/queue|" \
  -e 's|qmail-start|"$PWD/../bin/qmail-start"|' "$examples/daemontools-run" >service/run
chmod 755 service/run
check daemontools_run_is_protected sh -c 'cd service && ./run && grep -q "^LD_PRELOAD=.*libsyncdir.so.1" environment'
check its_environment_was_emptied sh -c '! grep -q "^HOME=" service/environment'
# A preload that stands before env is not there behind it.
started() { (cd service && rm -f ../queue/mess && flushes "$@" | grep -v =ECANCELED); }
sed 's/^\( *\)syncdir .* \("$PWD.*\)/\1\2/' service/run >service/run-without
same without_syncdir_nothing_is_flushed '' "$(preload=$library started sh run-without)"
started ./run >flushed
check with_it_the_queue_is grep -q "^fsync .*/queue$" flushed
if command -v supervise >/dev/null; then
  rm -f service/environment
  supervise service >supervised 2>&1 &
  supervise=$!
  at_exit "kill $supervise 2>/dev/null"
  until_true test -s service/environment
  svc -dx service
  wait $supervise
  check under_supervise_too grep -q '^LD_PRELOAD=.*libsyncdir.so.1' service/environment
else
  skip under_supervise_too 'no daemontools'
fi

# systemd
if command -v systemd-analyze >/dev/null; then
  mkdir -p units/dovecot.service.d
  printf '[Service]\nExecStart=/bin/false\nSystemCallFilter=@network-io\n' >units/dovecot.service
  drop_in() {
    sed -e "s|/usr/bin/syncdir|$installed/syncdir|; s|/usr/sbin/dovecot -F|/bin/true|; s|/var/mail|/tmp|" "$@" \
      "$examples/systemd-syncdir.conf" >units/dovecot.service.d/syncdir.conf
  }
  verified() { SYSTEMD_UNIT_PATH=$PWD/units: systemd-analyze verify --man=no --generators=no ./units/dovecot.service 2>&1; }
  drop_in
  same systemd_takes_the_drop_in '' "$(verified)"
  same it_makes_no_filter_where_there_is_none 0 "$(grep -c '^SystemCallFilter' units/dovecot.service.d/syncdir.conf)"
  drop_in -e 's/^#\(SystemCallFilter=\)/\1/'
  # One that its list of system calls is too old for.
  same nor_does_it_mind_the_filter '' "$(verified | grep -v statmount)"
  # expand NAME...: the system calls of these sets.
  expand() {
    for name; do
      case $name in
        @*) expand $(systemd-analyze syscall-filter "$name" | sed -n '/^ *#/d; 2,$p') ;;
        *) echo "$name" ;;
      esac
    done
  }
  # Sets that systemd adds by itself: systemd.exec(5).
  expand @default $(sed -n 's/^#SystemCallFilter=//p' "$examples/systemd-syncdir.conf") | sort -u >passed
  calls_of_manual | sort -u >needed
  same the_filter_passes_every_call_of_the_manual '' "$(comm -23 needed passed)"
  cat >filtered.c <<'END'
#include <errno.h>
#include <seccomp.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
int main(int count, char **arguments)
{
  scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
  char name[64];
  FILE *names = fopen(arguments[1], "r");
  (void) count;
  while (fgets(name, sizeof name, names)) {
    name[strcspn(name, "\n")] = '\0';
    int call = seccomp_syscall_resolve_name(name);
    if (call != __NR_SCMP_ERROR)
      seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 0);
  }
  if (seccomp_load(filter) != 0)
    return 99;
  return execvp(arguments[2], arguments + 2);
}
END
  if $CC -o filtered filtered.c -lseccomp 2>/dev/null; then
    same under_the_filter_a_command_is_flushed "$(done_by syncdir mkfifo one)" \
      "$(done_by ./filtered passed syncdir mkfifo two)"
    grep -vx -e seccomp -e prctl passed >poorer
    check without_seccomp_the_order_is_the_handshake ./filtered poorer syncdir true
  else
    skip under_the_filter_a_command_is_flushed 'no libseccomp'
  fi
else
  skip systemd_takes_the_drop_in 'no systemd'
fi

# AppArmor and SELinux: their compilers.
if command -v apparmor_parser >/dev/null; then
  { printf '#include <tunables/global>\nprofile probe /usr/bin/probe {\n'; cat "$examples/apparmor"; echo '}'; } >profile
  check apparmor_takes_the_lines apparmor_parser -Q -K -S profile
else
  skip apparmor_takes_the_lines 'no apparmor_parser'
fi
if command -v checkmodule >/dev/null; then
  check selinux_takes_the_module checkmodule -M -m -o "$work/syncdir.mod" "$examples/selinux.te"
else
  skip selinux_takes_the_module 'no checkmodule'
fi

# Postfix: the command as local(8) runs it, with Dovecot's delivery agent.
sed -n 's/^mailbox_command = //p' "$examples/postfix-main.cf" >command
check the_mailbox_command_is_one_line [ "$(wc -l <command)" -eq 1 ]
if [ -x /usr/lib/dovecot/dovecot-lda ] && [ "$(id -u)" -eq 0 ]; then
  # Dovecot's own fsync would be taken for ours.
  printf 'log_path = /dev/stderr\nmail_location = maildir:%%h/Maildir\nmail_fsync = never\n' >without.conf
  cat without.conf "$examples/dovecot.conf" >dovecot.conf
  sed -i "s|dovecot-lda|dovecot-lda -c $work/dovecot.conf|" command
  sed "s|$work/dovecot.conf|$work/without.conf|" command >command-without
  # A user whose maildir is still to be made.
  mkdir home && chown nobody home && chmod 777 .
  printf 'Subject: test\n\nbody\n' >message
  local8() { setpriv --reuid=nobody --regid=nogroup --clear-groups env HOME="$work/home" USER=nobody RECIPIENT=nobody "$@"; }
  delivered() { flushes -u nobody env HOME="$work/home" USER=nobody RECIPIENT=nobody sh "$1" <message | grep -v =ECANCELED; }
  same dovecot_loses_the_preload '' "$(delivered command-without)"
  delivered command >flushed
  check a_delivery_flushes_the_maildir grep -q "home/Maildir/new\$" flushed
  check both_messages_are_there sh -c '[ "$(ls home/Maildir/new | wc -l)" -eq 2 ]'
  check the_check_cannot_tell_of_dovecot judged 2 'list LD_PRELOAD there' /usr/lib/dovecot/dovecot-lda
  mv "$installed/probe" away
  same what_syncdir_refuses_is_tried_again 75 "$(local8 sh command <message 2>/dev/null; echo $?)"
  mv away "$installed/probe"
else
  skip a_delivery_flushes_the_maildir 'no dovecot-lda, or not root'
fi

finish
