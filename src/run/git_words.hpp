#pragma once

#include <functional>
#include <initializer_list>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace changeling::run {

/// Which options of a git command take the next word as their value.
struct Valued {
  std::string_view letters;
  std::set<std::string, std::less<>> names;
};

/// Options and other words of a command. Those options are kept that stand alone ("-f" out of "-qf", "--all")
/// as well as those with values.
struct Words {
  std::map<std::string, std::string> options;
  std::vector<std::string> positional;
  bool has_dashes = false;  ///< "--" was given.

  static Words of(const std::vector<std::string>& arguments, const Valued& valued);

  bool has(std::initializer_list<const char*> names) const;
  /// Empty without such an option.
  std::string value(std::initializer_list<const char*> names) const;
};

}  // namespace changeling::run
