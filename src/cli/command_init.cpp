#include <fmt/format.h>

#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "cli/syntax.hpp"
#include "project/approvals.hpp"
#include "project/branch_prefix.hpp"
#include "project/sharing.hpp"
#include "support/error.hpp"

namespace changeling::cli {
namespace {

constexpr auto fetch_limit = std::chrono::seconds(60);

struct InitOptions {
  std::string reference;
  std::string remote;
};

void check_reference(const std::string& reference, const BranchPrefix& prefix) {
  const auto slash = reference.rfind('/');
  if (!reference.starts_with("refs/") || slash == std::string::npos ||
      !git::is_valid_reference_component(reference.substr(slash + 1))) {
    throw Error(ErrorKind::Usage, fmt::format("--ref: '{}' is not the full name of a reference", reference),
                "write it like refs/changelings/state or refs/heads/changeling-state");
  }
  // git cannot have a branch and a folder of one name.
  for (const std::string& name : branches_in_the_way(prefix.branch("NAME", "RUN"))) {
    if (reference != "refs/heads/" + name) continue;
    throw Error(ErrorKind::Usage, fmt::format("--ref: {} is where the branches of runs lie", reference),
                "write refs/heads/changeling-state");
  }
}

/// A clone starts from the state that the remote has, so that there is one history, not two. Whether it has
/// one.
bool adopt_state_of_remote(Context& context) {
  if (context.remote().empty()) return false;
  context.show_transfers();
  const auto result = project::open_sync(context, context.remote(), fetch_limit)->receive();
  if (const auto* unreached = std::get_if<store::Unreached>(&result)) {
    context.message(fmt::format("could not ask {} whether it has changelings ({}); starting without",
                                context.remote(), unreached->reason));
  }
  return context.store().exists();
}

Answer init(Context& context, const InitOptions& options) {
  git::Repository& repository = context.repository();
  if (!options.reference.empty()) {
    check_reference(options.reference, project::branch_prefix(repository));
    repository.set_config("changeling.ref", options.reference);
  }
  if (!options.remote.empty()) {
    if (!repository.remote_url(options.remote)) {
      throw Error(ErrorKind::NotFound, fmt::format("there is no remote '{}'", options.remote),
                  "see: git remote -v");
    }
    repository.set_config("changeling.remote", options.remote);
  }
  store::Store& store = context.store();
  const bool adopted = !store.exists() && adopt_state_of_remote(context);
  const bool created = !adopted && store.initialize();
  project::ensure_repository_id(repository, context.places().local_folder() / "repository-id.lock");
  if (!context.remote().empty()) project::track_state(context, context.remote());
  const std::string place = repository.common_directory().string();
  const std::string text =
      created   ? fmt::format("Initialized changelings in {} ({})\n", place, store.reference())
      : adopted ? fmt::format("Fetched the changelings of {} into {} ({})\n", context.remote(), place,
                              store.reference())
                : fmt::format("Changelings are set up already in {} ({})\n", place, store.reference());
  return {{{"ref", store.reference()}, {"created", created}, {"fetched", adopted}, {"git_dir", place}},
          text,
          0,
          created   ? "next: git changeling add typo-sprite"
          : adopted ? "next: look at what was fetched and approve it: git changeling trust --list"
                    : ""};
}

}  // namespace

CommandSpec init_command() {
  return {
      "init", "Set up changelings in this repository",
      "Creates the reference that holds definitions, history and pull requests, or fetches it from the "
      "remote "
      "when that has one. Running it again changes nothing.\n\n"
      "Some hosts accept only branches; choose --ref refs/heads/changeling-state for them.",
      [](Syntax& syntax) -> Action {
        auto options = std::make_shared<InitOptions>();
        syntax.value("--ref", options->reference, "Reference for the state (default: refs/changelings/state)")
            .value_name("REF");
        syntax
            .value("--remote", options->remote,
                   "Remote to push to and share through (default: the one that the base branch "
                   "follows, or origin)")
            .value_name("REMOTE");
        return [options](Context& context) { return init(context, *options); };
      },
      Needs::Nothing};
}

}  // namespace changeling::cli
