#include "changeling/subagent.hpp"

#include <fmt/format.h>

#include "changeling/name.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling {
namespace {

[[noreturn]] void refuse(const Subagent& subagent, std::string_view problem, std::string hint) {
  throw Error(ErrorKind::Invalid, fmt::format("sub-agent \"{}\": {}", subagent.name, problem),
              std::move(hint));
}

}  // namespace

void check_subagent(const Subagent& subagent) {
  check_helper_name("sub-agent", subagent.name);
  if (trim(subagent.description).empty())
    refuse(subagent, "it has no description", "say in one line when to use it: --description TEXT");
  if (subagent.description.size() > longest_helper_description)
    refuse(subagent, fmt::format("its description has more than {} bytes", longest_helper_description),
           "what it does belongs into its instructions");
  if (trim(subagent.instructions).empty())
    refuse(subagent, "it has no instructions", "give --instructions TEXT or --instructions-file FILE");
  if (subagent.instructions.size() > longest_instructions)
    refuse(subagent, fmt::format("its instructions have more than {} bytes", longest_instructions),
           "put what it looks up into a skill");
}

}  // namespace changeling
