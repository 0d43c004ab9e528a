#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace changeling::cli {

/// An option that may be given several times with one value each, as git does it.
CLI::Option* repeatable(CLI::App& app, const std::string& name, std::vector<std::string>& values,
                        const std::string& help);
/// An option of which the last one counts. `value` is empty where it was not given, which an empty word is
/// not.
CLI::Option* single(CLI::App& app, const std::string& name, std::vector<std::string>& value,
                    const std::string& help);
/// Any number of arguments. The words stay as they are, here and above: CLI11 would read lists in "{}" and
/// "[a,b]".
CLI::Option* words(CLI::App& app, const std::string& name, std::vector<std::string>& into,
                   const std::string& help);

/// An option whose value must be a whole number within these bounds, in decimal digits; anything else is told
/// in one sentence. CLI11 would take "010" for eight and print bounds of 309 digits.
CLI::Option* whole_number(CLI::Option* option, std::int64_t least,
                          std::int64_t most = std::numeric_limits<std::int64_t>::max());

}  // namespace changeling::cli
