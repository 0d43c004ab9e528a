// The beginning of a bundle: what is read of it names commits and full names of references.
#include "git/foreign_bundle.hpp"

#include "fuzzing.hpp"

void take(std::string_view input) {
  const auto header = changeling::git::parse_bundle_header(input);
  for (const auto& [name, id] : header.references)
    require(name.starts_with("refs/") && id.hex().size() == 40);
  for (const auto& id : header.prerequisites) require(id.hex().size() == 40);
}

CHANGELING_FUZZ_TARGET
