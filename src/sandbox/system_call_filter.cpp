#include "sandbox/system_call_filter.hpp"

#include <asm/ioctls.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/syscall.h>

#include <array>
#include <cerrno>
#include <cstddef>

namespace changeling::sandbox {
namespace {

#if defined(__x86_64__)
constexpr unsigned machine = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr unsigned machine = AUDIT_ARCH_AARCH64;
#else
constexpr unsigned machine = 0;
#endif

sock_filter statement(unsigned code, unsigned value) {
  return {static_cast<__u16>(code), 0, 0, value};
}

sock_filter jump_if(unsigned value, unsigned char yes, unsigned char no) {
  return {BPF_JMP | BPF_JEQ | BPF_K, yes, no, value};
}

sock_filter load(std::size_t offset) {
  return statement(BPF_LD | BPF_W | BPF_ABS, static_cast<unsigned>(offset));
}

}  // namespace

std::string system_call_filter() {
  if (machine == 0) return "";
  // The jumps count instructions to skip; the last but one allows, the last but two refuses.
  const std::array program{
      load(offsetof(seccomp_data, arch)),
      jump_if(machine, 0, 8),
      load(offsetof(seccomp_data, nr)),
      jump_if(SYS_add_key, 6, 0),
      jump_if(SYS_request_key, 5, 0),
      jump_if(SYS_keyctl, 4, 0),
      jump_if(SYS_ioctl, 0, 4),
      load(offsetof(seccomp_data, args) + sizeof(__u64)),
      jump_if(TIOCSTI, 1, 0),
      jump_if(TIOCLINUX, 0, 1),
      statement(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
      statement(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  return {reinterpret_cast<const char*>(program.data()), sizeof program};
}

}  // namespace changeling::sandbox
