#include "git/shared_umask.hpp"

#include <cstdlib>
#include <string>

#include "support/text.hpp"

namespace changeling::git {
namespace {

bool is_one_of(std::string_view value, std::initializer_list<std::string_view> words) {
  for (const std::string_view word : words) {
    if (value == word) return true;
  }
  return false;
}

}  // namespace

std::optional<mode_t> umask_of_shared_repository(std::string_view setting, mode_t ours) {
  const std::string value = to_lower(setting);
  // As git's 0660 and 0664, added to what the umask allows; folders with the right to enter.
  if (is_one_of(value, {"group", "true", "yes", "on", "1"})) return ours & ~mode_t{0070};
  if (is_one_of(value, {"all", "world", "everybody", "2"})) return ours & ~mode_t{0075};
  if (!value.starts_with('0') || value.size() < 2) return std::nullopt;
  char* end = nullptr;
  const auto mode = static_cast<mode_t>(std::strtoul(value.c_str(), &end, 8));
  // git refuses a mode that shuts the owner out.
  if (*end != '\0' || (mode & 0600) != 0600) return std::nullopt;
  return 0777 & ~(mode | (mode & 0444) >> 2);
}

mode_t current_umask() {
  const mode_t mask = ::umask(0077);
  ::umask(mask);
  return mask;
}

SharedUmask::SharedUmask(const std::optional<mode_t>& wanted) {
  if (wanted) before_ = ::umask(*wanted);
}

SharedUmask::~SharedUmask() {
  if (before_) ::umask(*before_);
}

}  // namespace changeling::git
