#include "server/access/login_codes.hpp"

#include "server/access/same_secret.hpp"
#include "support/sha256.hpp"
#include "support/text.hpp"

namespace changeling::server::access {
namespace {

constexpr std::size_t code_length = 32;
/// Who asks for more has forgotten the first ones.
constexpr std::size_t most_codes = 64;

}  // namespace

std::string_view to_string(Role role) {
  return role == Role::Owner ? "owner" : "viewer";
}

void LoginCodes::forget_old(Timestamp now) {
  std::erase_if(codes_, [now](const Code& code) { return now - code.made >= lifetime || now < code.made; });
  if (codes_.size() >= most_codes) codes_.erase(codes_.begin());
}

std::string LoginCodes::make(Role role, Timestamp now) {
  forget_old(now);
  const std::string code = random_id(code_length);
  codes_.push_back({sha256_hex(code), role, now});
  return code;
}

std::optional<Role> LoginCodes::take(const std::string& code, Timestamp now) {
  forget_old(now);
  const std::string digest = sha256_hex(code);
  for (auto known = codes_.begin(); known != codes_.end(); ++known) {
    if (!same_secret(known->digest, digest)) continue;
    const Role role = known->role;
    codes_.erase(known);
    return role;
  }
  return std::nullopt;
}

}  // namespace changeling::server::access
