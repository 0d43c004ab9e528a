#include "support/environment.hpp"

#include <unistd.h>

namespace changeling {

Environment Environment::of_this_process() {
  std::map<std::string, std::string> variables;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    if (const auto equals = text.find('='); equals != std::string_view::npos && equals > 0) {
      variables.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
  }
  return Environment(std::move(variables));
}

std::optional<std::string> Environment::get(std::string_view name) const {
  if (const auto found = variables_.find(std::string(name)); found != variables_.end()) return found->second;
  return std::nullopt;
}

}  // namespace changeling
