#pragma once

#include <map>
#include <string>
#include <vector>

#include "changeling/fields.hpp"
#include "cli/syntax.hpp"

namespace changeling::cli {

/// The words given for each field of a definition on the command line.
class DefinitionOptions {
 public:
  /// All fields, or those that make sense for a single run: not what the changeling is called for, when it
  /// starts, and what holds between several runs.
  enum class Scope { Definition, OneRun };

  /// One option per field of definition_fields(); the object must live as long as `syntax` is used.
  void declare(Syntax& syntax, Scope scope = Scope::Definition);

  /// The fields that were given, checked. Throws Error(Usage) naming the option.
  Layer layer() const;

 private:
  std::map<std::string, std::vector<std::string>>
      words_;                            ///< By field key; only what was given is not empty.
  std::map<std::string, Option> flags_;  ///< Of the fields that are true or false.
  std::string prompt_file_;
};

/// The name of what is to be added. Throws Error(Usage) where check_changeling_name() throws.
void check_given_name(const std::string& name);

}  // namespace changeling::cli
