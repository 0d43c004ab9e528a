#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "changeling/fields.hpp"

namespace CLI {
class App;
}

namespace changeling::cli {

/// The words given for each field of a definition on the command line.
class DefinitionOptions {
 public:
  /// One option per field of definition_fields(); the object must live as long as `app` is used.
  void declare(CLI::App& app);

  /// The fields that were given, checked. Throws Error(Usage) naming the option.
  Layer layer() const;
  bool empty() const;

 private:
  std::map<std::string, std::vector<std::string>> words_;  ///< By field key.
  std::string prompt_file_;
  bool enabled_ = false;
  bool disabled_ = false;
  bool draft_ = false;
  bool no_draft_ = false;
};

}  // namespace changeling::cli
