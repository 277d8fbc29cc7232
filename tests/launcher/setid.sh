# SPDX-License-Identifier: GPL-2.0-or-later
# ld.so's rules for preloads in set-id programs: each row of the table in syncdir(1),
# with a real set-uid program run by nobody; and the launcher, and the example for
# qmail-queue, which live by them.
. "${srcdir:-.}/tests/tap.sh"
. "$top_srcdir/tests/mounts.sh"
. "$top_srcdir/tests/launcher.sh"
. "$top_srcdir/tests/strace.sh"

loader=$(readelf -lW "$installed/probe" | sed -n 's/.*interpreter: \(.*\)]/\1/p')
trusted=$("$loader" --list-diagnostics | sed -n 's/^path.system_dirs.*="\(.*\)\/"/\1/p' | head -n 1)
[ -d "$trusted" ] || skip_all "no directory that $loader trusts"

# The trusted directory and /etc, with room for what is ours.
cover() {
  mkdir -p "$work/over/$2/upper" "$work/over/$2/work"
  mount -t overlay overlay "$(realpath "$1")" \
    -o "lowerdir=$(realpath "$1"),upperdir=$work/over/$2/upper,workdir=$work/over/$2/work"
}
cover "$trusted" lib && cover /etc etc || skip_all 'no overlayfs'

cd "$work" || exit 99
mkdir box untrusted && chmod 1777 box
cat >probe.c <<'END'
#include <sys/stat.h>
#include <unistd.h>
int main(void) { return mkdir("box/made", 0777) || rmdir("box/made"); }
END
$CC -o plain probe.c && cp plain setid && chmod 4755 setid || exit 99

with_bit() { cp "$library" "$1/libsyncdir.so.1" && chmod 4755 "$1/libsyncdir.so.1"; }
without_bit() { cp "$library" "$1/libsyncdir.so.1" && chmod 755 "$1/libsyncdir.so.1"; }
none() { rm -f "$trusted/libsyncdir.so.1" untrusted/libsyncdir.so.1 /etc/ld.so.preload; }

# loaded COMMAND...: whether nobody's run of it flushes box.
loaded() {
  if flushes -u nobody "$@" | grep -q "box\$"; then echo loaded; else echo "not loaded: $(cat output)"; fi
}

# The table.  Columns: the entry of LD_PRELOAD, what the library is, a set-id program.
none && with_bit "$trusted"
preload=libsyncdir.so.1
same a_bare_name_in_a_trusted_directory_with_the_bit loaded "$(loaded ./setid)"
preload=$trusted/libsyncdir.so.1
same its_path_is_ignored_without_a_word 'not loaded: ' "$(loaded ./setid)"
same its_path_in_a_plain_program loaded "$(loaded ./plain)"
preload='/usr/$LIB/libsyncdir.so.1'
same a_path_with_LIB_is_ignored_without_a_word 'not loaded: ' "$(loaded ./setid)"
same a_path_with_LIB_in_a_plain_program loaded "$(loaded ./plain)"
none && without_bit "$trusted"
preload=libsyncdir.so.1
same without_the_bit_it_is_refused_aloud "not loaded: ERROR: ld.so: object 'libsyncdir.so.1' from LD_PRELOAD cannot be preloaded (cannot open shared object file): ignored." "$(loaded ./setid)"
same without_the_bit_in_a_plain_program loaded "$(loaded ./plain)"
none && with_bit untrusted
same in_another_directory_it_is_refused_aloud 'not loaded: ERROR' \
  "$(export LD_LIBRARY_PATH="$work/untrusted"; loaded ./setid | cut -c1-17)"
echo "$work/untrusted" >>/etc/ld.so.conf && ldconfig -C /etc/ld.so.cache
same in_the_loaders_cache_it_is_refused_aloud 'not loaded: ERROR' "$(loaded ./setid | cut -c1-17)"
same in_the_cache_for_a_plain_program loaded "$(loaded ./plain)"
none && without_bit untrusted
echo "$work/untrusted/libsyncdir.so.1" >/etc/ld.so.preload
preload=
same in_ld_so_preload_any_path_without_the_bit loaded "$(loaded ./setid)"
none && without_bit "$trusted"
echo '/usr/$LIB/libsyncdir.so.1' >/etc/ld.so.preload
same in_ld_so_preload_with_LIB loaded "$(loaded ./setid)"
none
cp plain capable
if setcap cap_net_raw+ep capable 2>/dev/null; then
  with_bit "$trusted"
  preload=$trusted/libsyncdir.so.1
  same capabilities_path_is_ignored 'not loaded: ' "$(loaded ./capable)"
  preload=libsyncdir.so.1
  same capabilities_bare_name loaded "$(loaded ./capable)"
else
  skip capabilities_bare_name 'no setcap'
fi

# What /etc/ld.so.preload has comes after LD_PRELOAD, and so after the library.
echo 'int rename(const char *from, const char *to) { return from != to; }' >rewrite.c
$CC -shared -fPIC -o librewrite.so rewrite.c && echo "$work/librewrite.so" >/etc/ld.so.preload
check what_it_has_may_change_paths_after_the_library sh -c '
  syncdir ./plain 2>said; [ $? -eq 125 ] && grep -q "librewrite.so is preloaded after the library" said'
none

# It is not steered.
with_bit "$trusted"
preload=libsyncdir.so.1
chmod 777 .
same off_is_not_believed loaded "$(loaded env SYNCDIR=off ./setid)"
same a_list_is_not_believed loaded "$(loaded env "SYNCDIR_ONLY=$work/untrusted" ./setid)"
same a_trace_is_not_made loaded "$(loaded env "SYNCDIR_TRACE=$work/steered" ./setid)"
check no_trace_file_is_there test ! -e steered

# The launcher.
preload=
mkdir bin && cp "$installed/probe" bin && make_launcher bin "$trusted/libsyncdir.so.1"
nobody() { setpriv --reuid=nobody --regid=nogroup --clear-groups "$@"; }
same the_launcher_runs_a_set_id_program loaded "$(loaded bin/syncdir ./setid)"
check it_says_so sh -c 'setpriv --reuid=nobody --regid=nogroup --clear-groups bin/syncdir --check ./setid >said
  grep -q "set-user-ID, and the library is installed for that" said && grep -q "protected$" said'
same it_says_that_options_are_ignored "syncdir: ./setid is set-id: it ignores -o, -t and -s" \
  "$(nobody bin/syncdir -t - ./setid 2>&1)"
without_bit "$trusted"
check without_the_bit_it_refuses sh -c 'setpriv --reuid=nobody --regid=nogroup --clear-groups bin/syncdir ./setid 2>said
  [ $? -eq 125 ] && grep -q "is set-user-ID" said'
none && with_bit untrusted
mkdir bin2 && cp "$installed/probe" bin2 && make_launcher bin2 "$work/untrusted/libsyncdir.so.1"
check with_the_bit_in_an_untrusted_directory_it_refuses sh -c '
  setpriv --reuid=nobody --regid=nogroup --clear-groups bin2/syncdir ./setid 2>said
  [ $? -eq 125 ] && grep -q "does not answer when it is preloaded as libsyncdir.so.1" said'

# examples/qmail-queue, in front of a set-id qmail-queue that reads 0 and 1.
cat >queue.c <<'END'
#include <fcntl.h>
#include <unistd.h>
int main(void)
{
  char bytes[64];
  int file = open("box/message", O_WRONLY | O_CREAT | O_EXCL, 0600);
  if (file == -1) return 66;
  for (int from = 0; from < 2; from++)
    for (ssize_t length; (length = read(from, bytes, sizeof bytes)) > 0; )
      if (write(file, bytes, length) != length) return 53;
  return 0;
}
END
$CC -o queue queue.c && chmod 4755 queue
sed "s|^queue=.*|queue=$work/queue|" "$top_srcdir/examples/qmail-queue" >wrapper && chmod 755 wrapper
# mail: the wrapper as qmail-smtpd runs it.
mail() {
  rm -f box/message
  printf 'message.' >message && printf 'envelope' >envelope
  flushes -u nobody env "PATH=$work/bin:$PATH" sh -c './wrapper <message 1<envelope'
}
none && with_bit "$trusted"
check mail_is_queued_durably sh -c 'echo "$1" | grep "box$"' sh "$(mail)"
same both_descriptors_are_its_own message.envelope "$(cat box/message)"
same its_own_failure_is_told 66 "$(cd "$work" && printf x >message && nobody env "PATH=$work/bin:$PATH" ./wrapper <message 1<envelope; echo $?)"
without_bit "$trusted"
same unprotected_mail_is_refused_with_81 'exit 81' "$(mail | tail -n 1)"
check and_not_queued test ! -e box/message
none
same without_the_library_too 'exit 81' "$(mail | tail -n 1)"
rm bin/syncdir
same without_syncdir_too 'exit 81' "$(mail | tail -n 1)"

finish
