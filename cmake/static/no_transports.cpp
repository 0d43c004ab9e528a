// git itself talks to remotes, and libgit2 never does. These stand for the parts of libgit2 that would begin
// a connection: the linker takes them instead, and with that neither ssh nor TLS nor GSSAPI is linked, and no
// bundle of certificates is read at the start of every command. A libgit2 with other names for them is
// noticed: tests/structure looks at what the program has become.
#include <cstdio>
#include <cstdlib>

namespace {

[[noreturn]] void refuse(const char* called) {
  std::fprintf(stderr, "fatal: libgit2 was asked to open a connection (%s); this is a defect\n", called);
  std::abort();
}

}  // namespace

#define NOT_THERE(name) \
  int name() {          \
    refuse(#name);      \
  }

extern "C" {

// Called by the start of libgit2; there is nothing to prepare. The last name is that of libgit2 1.8 and
// later.
int git_mbedtls_stream_global_init() {
  return 0;
}
int git_transport_ssh_global_init() {
  return 0;
}
int git_transport_ssh_libssh2_global_init() {
  return 0;
}

NOT_THERE(git_mbedtls__set_cert_location)
NOT_THERE(git_mbedtls__set_cert_buf)
NOT_THERE(git_mbedtls_stream_new)
NOT_THERE(git_mbedtls_stream_wrap)
NOT_THERE(git_transport_init)
NOT_THERE(git_transport_new)
NOT_THERE(git_transport_register)
NOT_THERE(git_transport_unregister)

}  // extern "C"
