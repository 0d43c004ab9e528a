#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace changeling {

/// The environment variables of a process as a value. Only main() reads the real one.
class Environment {
 public:
  Environment() = default;
  explicit Environment(std::map<std::string, std::string> variables) : variables_(std::move(variables)) {}

  /// The variables this process was started with.
  static Environment of_this_process();

  /// An empty value counts as set.
  std::optional<std::string> get(std::string_view name) const;
  void set(std::string name, std::string value) { variables_[std::move(name)] = std::move(value); }
  void unset(const std::string& name) { variables_.erase(name); }

  const std::map<std::string, std::string>& variables() const { return variables_; }

 private:
  std::map<std::string, std::string> variables_;
};

}  // namespace changeling
