#pragma once

#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace changeling::deploy {

/// What a template of templates/deploy/ is filled with.
struct TemplateValues {
  /// Stands for "{NAME}"; nothing in a value is replaced again.
  std::vector<std::pair<std::string, std::string>> values;
  /// Lines between "# if NAME" and "# end" are left out unless the name is here.
  std::set<std::string, std::less<>> parts;
};

/// The file of that name in templates/deploy/, filled.
std::string filled_template(std::string_view name, const TemplateValues& filling);

/// The same for a text. Throws Error(Internal) for an "# if" without its "# end".
std::string fill(std::string_view text, const TemplateValues& filling);

}  // namespace changeling::deploy
