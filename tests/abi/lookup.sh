# SPDX-License-Identifier: GPL-2.0-or-later
# Which ways to reach a name lead to its wrapper, and which pass over it: the
# latter are limits that the manual names, and must name as long as they stand.
. "${srcdir:-.}/tests/tap.sh"
. "$top_srcdir/tests/abi/symbols.inc"
. "$top_srcdir/tests/abi/trace.inc"

# musl has no RTLD_DEEPBIND and no dlmopen.
case $(libc) in *musl*) skip_all 'not glibc' ;; esac

plugin=$work/plugin.so
compile "$plugin" plugin.c -shared -fPIC && cp "$plugin" "$plugin.deep" &&
  compile "$work/lookup" lookup.c -DPLUGIN="\"$plugin\"" -DLIBC="\"$(basename "$(libc)")\"" ||
  { echo 'Bail out! lookup.c'; exit 1; }

watch "$library" "$work/lookup" || { echo 'Bail out! a call failed'; exit 1; }
check "a_plugin_that_is_loaded_later_fires" are_flushed plugin
check "dlsym_of_RTLD_DEFAULT_fires" are_flushed default
check "limit_RTLD_DEEPBIND_passes_over_the_wrapper" are_not_flushed deepbind
check "limit_dlmopen_passes_over_the_wrapper" are_not_flushed dlmopen
check "limit_dlsym_of_libc_passes_over_the_wrapper" are_not_flushed libc
check "limit_syscall_passes_over_the_wrapper" are_not_flushed syscall

finish
