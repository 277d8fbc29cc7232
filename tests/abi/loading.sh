# SPDX-License-Identifier: GPL-2.0-or-later
# No call of a wrapped name needs the loader, which another thread may hold.
. "${srcdir:-.}/tests/tap.sh"
. "$top_srcdir/tests/abi/symbols.inc"
. "$top_srcdir/tests/abi/trace.inc"

# Linked, so that the program itself looks nothing up.
compile "$work/waiter.so" waiter.c -shared -fPIC &&
  compile "$work/loading" loading.c -rdynamic -pthread -Wl,-z,now -DPATIENCE="$patience" \
    "-DPLUGIN=\"$work/waiter.so\"" "$library" -Wl,-rpath,"$(dirname "$library")" ||
  { echo 'Bail out! loading.c'; exit 1; }

fires() { watch '' "$work/loading" "$@" && are_flushed $(wrapped_names); }
check "every_name_fires_while_another_thread_is_inside_dlopen" fires
check "every_name_fires_in_the_child_of_vfork_while_another_thread_is_inside_dlopen" fires --vfork

# A look-up that fails leaves a message, which the program would take for its own.
echo 'int main(void) { return dlerror() ? 1 : 0; }' >"$work/message.c"
$CC -o "$work/message" -include dlfcn.h "$work/message.c" -ldl || exit 99
compile "$work/poor.so" poor.c -shared -fPIC \
  -DDLSYM_VERSION="\"$(dynamic_symbols "$(libc)" defined | sed -n 's/^dlsym@@*//p' | head -n 1)\""
check "at_the_start_dlerror_has_no_message" env LD_PRELOAD="$library" "$work/message"
check "nor_where_the_C_library_lacks_a_name" env LD_PRELOAD="$library:$work/poor.so" "$work/message"

finish
