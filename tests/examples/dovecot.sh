# SPDX-License-Identifier: GPL-2.0-or-later
# examples/dovecot.conf and systemd-syncdir.conf: what Dovecot has accepted behind syncdir,
# by dovecot-lda or by LMTP, survives every power cut; and does not without the line of
# dovecot.conf, which keeps the preload when Dovecot clears its environment.
. "${srcdir:-.}/tests/tap.sh"
. "$top_srcdir/tests/launcher.sh"

agent=/usr/lib/dovecot/dovecot-lda
for needed in $agent /usr/lib/dovecot/lmtp; do
  [ -x $needed ] || skip_all "no $needed"
done
[ "$(id -u)" -eq 0 ] || skip_all 'not root'
[ -x "$top_builddir/src/powercut/powercut" ] || skip_all 'configured with --disable-powercut'

cd "$work" || exit 99

# Dovecot's own fsync would keep most of the messages.
cat >without.conf <<END
log_path = $work/log
ssl = no
mail_fsync = never
mail_location = maildir:%h/Maildir
protocols = lmtp
base_dir = $work/run
passdb {
  driver = static
}
userdb {
  driver = passwd-file
  args = $work/users
}
END
cat without.conf "$top_srcdir/examples/dovecot.conf" >with.conf
printf 'Subject: test\n\nbody\n' >message
touch log && chmod 666 log
# The deliverer is nobody, and the disk is mounted in a folder of root's.
cat >make-maildir <<'END'
chmod o+x .. ../..
mkdir -p Maildir/new Maildir/cur Maildir/tmp && chown -R nobody . && sync -f .
END
cat >count <<'END'
accepted=$(grep -c '^accepted')
set -- Maildir/new/*
[ -e "$1" ] || shift
[ $# -ge "$accepted" ]
END

# As Postfix's local(8) does it.
cat >deliver-by-lda <<'END'
. "$work/make-maildir"
for i in 1 2 3; do
  setpriv --reuid=nobody --regid=nogroup --clear-groups env HOME="$PWD" USER=nobody \
    syncdir "$agent" -c "$configuration" -a nobody <"$work/message" || exit
  echo "accepted $i" >"$POWERCUT_MARKS"
done
END

# As a unit of systemd with the drop-in does it: the service gets no environment.
service=$(sed -n "s|^ExecStart=/usr/bin/syncdir -o /var/mail|$installed/syncdir -o .|p" \
  "$top_srcdir/examples/systemd-syncdir.conf")
cat >deliver-by-lmtp <<'END'
. "$work/make-maildir"
echo "nobody::$(id -u nobody):$(id -g nobody)::$PWD" >"$work/users"
rm -rf "$work/run"
env -i $service -c "$configuration" &
until [ -S "$work/run/lmtp" ]; do kill -0 $! || exit; sleep 0.1; done
perl "$work/client" "$work/run/lmtp" 3 || exit
kill $! && wait $!
[ ! -e "$work/run/master.pid" ]
END
cat >client <<'END'
use IO::Socket::UNIX;
my $server = IO::Socket::UNIX->new(Peer => $ARGV[0]) or die "$ARGV[0]: $!";
sub answered {
  my $line;
  do { $line = <$server> // die 'no answer' } while $line =~ /^...-/;
  $line =~ /^[23]/ or die $line;
}
sub says { print $server "$_[0]\r\n"; answered }
answered;
says 'LHLO client';
for my $i (1 .. $ARGV[1]) {
  says $_ for 'MAIL FROM:<>', 'RCPT TO:<nobody>', 'DATA', "Subject: test\r\n\r\nbody\r\n.";
  open my $marks, '>', $ENV{POWERCUT_MARKS} or die;
  print $marks "accepted $i\n";
}
END
export agent work service configuration

# cut DELIVERER CONFIGURATION STATUS FS: powercut's exit status.
cut() {
  configuration=$work/$2
  : >log
  "$top_builddir/src/powercut/powercut" --fs "$4" --keep none --run "sh $work/deliver-by-$1" \
    --check "sh $work/count" >found 2>&1
  status=$?
  grep -a states found
  tail -n 3 found
  tail -n 3 log
  [ $status -eq "$3" ]
}
for way in lda lmtp; do
  check "without_the_line_messages_are_lost:$way" cut $way without.conf 1 btrfs
  check "with_it_none_is:$way" cut $way with.conf 0 btrfs,ext4
done

finish
