// A whole .changelings.toml, a definition and a role of the state: what is read is written, and read the
// same.
#include "changeling/toml_file.hpp"
#include "fuzzing.hpp"

namespace {

void take_definition(std::string_view input) {
  const auto read = [](std::string_view text) {
    return changeling::parse_definition(text, "file", "origin");
  };
  const std::string written = changeling::write_definition(read(input));
  require(changeling::write_definition(read(written)) == written);
}

void take_role(std::string_view input) {
  const std::string written = changeling::write_role(changeling::parse_role(input, "file", "role"));
  require(changeling::write_role(changeling::parse_role(written, "file", "role")) == written);
}

}  // namespace

void take(std::string_view input) {
  if (input.starts_with("#definition\n")) return take_definition(input);
  if (input.starts_with("#role\n")) return take_role(input);
  static_cast<void>(changeling::parse_changelings_file(input, "file"));
}

CHANGELING_FUZZ_TARGET
