#include "store/run_places.hpp"

#include <array>

#include "support/word_list.hpp"

namespace changeling::store {
namespace {

/// This machine first.
constexpr std::array all_places{
    RunPlace{std::nullopt, "local", "This machine"},
    RunPlace{DeploymentTarget::GithubActions, "github-actions",
             "A runner of GitHub Actions, from a workflow file in the repository"},
    RunPlace{DeploymentTarget::Modal, "modal", "A container of Modal, from an app of the user's"},
};

}  // namespace

std::span<const RunPlace> run_places() {
  return all_places;
}

std::span<const RunPlace> deployment_places() {
  return run_places().subspan(1);
}

std::string_view to_string(DeploymentTarget target) {
  for (const RunPlace& place : all_places) {
    if (place.target == target) return place.word;
  }
  return "";
}

DeploymentTarget parse_deployment_target(std::string_view word) {
  const RunPlace* const place = find_word(deployment_places(), word);
  if (place != nullptr) return *place->target;
  throw not_allowed(ErrorKind::Invalid, "", word, words_of(deployment_places()));
}

}  // namespace changeling::store
