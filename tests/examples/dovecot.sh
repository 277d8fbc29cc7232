# SPDX-License-Identifier: GPL-2.0-or-later
# examples/dovecot.conf: what dovecot-lda has accepted behind syncdir survives every
# power cut, and does not without that line, which leaves the preload in the environment.
. "${srcdir:-.}/tests/tap.sh"
. "$top_srcdir/tests/launcher.sh"

agent=/usr/lib/dovecot/dovecot-lda
[ -x $agent ] || skip_all 'no dovecot-lda'
[ "$(id -u)" -eq 0 ] || skip_all 'not root'
[ -x "$top_builddir/src/powercut/powercut" ] || skip_all 'configured with --disable-powercut'

cd "$work" || exit 99

# Dovecot's own fsync would keep most of the messages.
printf 'log_path = %s/log\nmail_location = maildir:%%h/Maildir\nmail_fsync = never\n' "$work" >without.conf
cat without.conf "$top_srcdir/examples/dovecot.conf" >with.conf
printf 'Subject: test\n\nbody\n' >message
touch log && chmod 666 log
cat >deliver <<'END2'
# The deliverer is nobody, and the disk is mounted in a folder of root's.
chmod o+x .. ../..
mkdir -p Maildir/new Maildir/cur Maildir/tmp && chown -R nobody . && sync
for i in 1 2 3; do
  setpriv --reuid=nobody --regid=nogroup --clear-groups env HOME="$PWD" USER=nobody \
    syncdir "$agent" -c "$configuration" -a nobody <"$message" || exit
  echo "accepted $i" >"$POWERCUT_MARKS"
done
END2
cat >count <<'END2'
accepted=$(grep -c '^accepted')
set -- Maildir/new/*
[ -e "$1" ] || shift
[ $# -ge "$accepted" ]
END2
export agent message="$work/message" configuration

# cut CONFIGURATION: powercut's exit status.
cut() {
  configuration=$work/$1
  "$top_builddir/src/powercut/powercut" --fs btrfs --keep none --run "sh $work/deliver" \
    --check "sh $work/count" >found 2>&1
  status=$?
  grep -a states found
  tail -n 3 found log
  [ $status -eq "$2" ]
}
check without_the_line_messages_are_lost cut without.conf 1
check with_it_none_is cut with.conf 0

finish
