#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "changeling/fields.hpp"
#include "support/embedded_file.hpp"

namespace changeling {

/// A template is a definition file whose values are the defaults of the changelings made from it.
struct Template {
  std::string name;
  std::string text;  ///< The TOML file with its comments, as `templates export` writes it.
  Layer layer;       ///< origin "template NAME".
};

/// The names of the files under templates/ of the source tree, compiled in; sorted.
std::vector<std::string> builtin_template_names();

/// What a built-in template is for. Reads nothing else of it, which is much quicker.
std::string describe_builtin_template(std::string_view name);

/// One of the repository's own templates, which hide built-in ones of the same name, or a built-in one.
/// The result lives as long as the argument; a built-in one is read when it is first asked for. Throws
/// Error(NotFound) with the nearest name as the hint.
const Template& find_template(std::string_view name, std::span<const Template> repository_templates = {});

}  // namespace changeling
