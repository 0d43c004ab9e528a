#include "run/settled_base.hpp"

#include <fmt/format.h>

#include "support/error.hpp"
#include "support/process.hpp"

namespace changeling::run {
namespace {

using project::base_branch;
using project::KnownBase;
using project::tracking_reference;

void say(const Observer& observer, const std::string& sentence) {
  if (observer.on_message) observer.on_message(sentence);
}

/// How to name a branch where the definition, or the configuration, names another.
std::string how_to_choose(const Definition& definition, const std::string& branch) {
  if (definition.base_branch.empty())
    return fmt::format("git config changeling.base {}", shell_quote(branch));
  return fmt::format("git changeling update {} --branch {}", definition.name, shell_quote(branch));
}

/// A branch that was on the remote once and is there no more has been deleted or renamed. One that has never
/// been there is the user's own.
void require_on_remote(const project::Services& services, const Definition& definition,
                       const std::string& branch, const git::RemoteReferences& answer) {
  if (answer.branch(branch)) return;
  if (!services.repository.resolve(tracking_reference(services.remote, branch))) return;
  const std::string now = answer.default_branch.value_or("");
  throw Error(ErrorKind::NotFound,
              fmt::format("the branch {} is not on {} any more, it was renamed or deleted; {}", branch,
                          services.remote,
                          now.empty() ? "which branch is the default one now it does not say"
                                      : fmt::format("the default branch there is {}", now)),
              fmt::format("choose a branch: {}; or put it back: git push {} {}",
                          how_to_choose(definition, now.empty() ? "NAME" : now), shell_quote(services.remote),
                          shell_quote(branch)));
}

}  // namespace

std::string settled_base(const project::Services& services, const Observer& observer,
                         const Definition& definition, const std::optional<KnownBase>& known,
                         const git::RemoteReferences& answer) {
  const bool chosen = known && known->source == KnownBase::Source::Chosen;
  if (!chosen && answer.default_branch) {
    if (known && known->source == KnownBase::Source::Remote && known->branch != *answer.default_branch) {
      say(observer, fmt::format("the default branch of {0} is {1} now, not {2}; working on {1} "
                                "(to stay: git config changeling.base {2})",
                                services.remote, *answer.default_branch, known->branch));
    }
    project::remember_default_branch(services.repository, services.remote, *answer.default_branch);
    return *answer.default_branch;
  }
  const std::string branch =
      known ? known->branch : base_branch(services.repository, services.remote, definition);
  require_on_remote(services, definition, branch, answer);
  if (known->source == KnownBase::Source::Guess && !answer.tips.empty()) {
    say(observer, fmt::format("{0} does not say which branch is its default one; working on {1} "
                              "(choose with: git config changeling.base NAME)",
                              services.remote, branch));
  }
  return branch;
}

}  // namespace changeling::run
