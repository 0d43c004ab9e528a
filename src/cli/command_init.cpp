#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "support/error.hpp"

namespace changeling::cli {
namespace {

constexpr auto fetch_limit = std::chrono::seconds(60);

struct InitOptions {
  std::string reference;
  std::string remote;
};

void check_reference(const std::string& reference) {
  const auto slash = reference.rfind('/');
  if (!reference.starts_with("refs/") || slash == std::string::npos ||
      !git::is_valid_reference_component(reference.substr(slash + 1))) {
    throw Error(ErrorKind::Usage, fmt::format("--ref: '{}' is not the full name of a reference", reference),
                "write it like refs/changelings/state or refs/heads/changelings");
  }
}

/// A clone starts from the state that the remote has, so that there is one history, not two.
bool adopt_state_of_remote(Context& context, const std::string& reference) {
  if (context.remote().empty()) return false;
  const ProcessResult found =
      context.git().run({"ls-remote", "--exit-code", context.remote(), reference}, {}, fetch_limit);
  if (found.status.code == 2) return false;  // git's answer for "no such reference".
  if (!found.status.success() || found.timed_out) {
    context.message(
        fmt::format("could not ask {} whether it has changelings; starting without", context.remote()));
    return false;
  }
  const auto problem = context.git().fetch(context.remote(), {reference + ":" + reference}, fetch_limit);
  if (!problem) return true;
  throw Error(ErrorKind::Unavailable,
              fmt::format("could not fetch the changelings from {}: {}", context.remote(), *problem),
              "try again");
}

Answer init(Context& context, const InitOptions& options) {
  git::Repository& repository = context.repository();
  if (!options.reference.empty()) {
    check_reference(options.reference);
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
  const bool adopted = !store.exists() && adopt_state_of_remote(context, store.reference());
  const bool created = !adopted && store.initialize();
  if (adopted) context.snapshot();
  const std::string place = repository.common_directory().string();
  const std::string text =
      created   ? fmt::format("Initialized changelings in {} ({})\n", place, store.reference())
      : adopted ? fmt::format("Fetched the changelings of {} into {} ({})\n", context.remote(), place,
                              store.reference())
                : fmt::format("Changelings are set up already in {} ({})\n", place, store.reference());
  return {{{"ref", store.reference()}, {"created", created}, {"fetched", adopted}, {"git_dir", place}},
          text,
          0,
          created ? "next: git changeling add typo-sprite" : ""};
}

}  // namespace

CommandSpec init_command() {
  return {"init", "Set up changelings in this repository",
          "Creates the reference that holds definitions, history and pull requests, or fetches it from the "
          "remote "
          "when that has one. Running it again changes nothing.\n\n"
          "Some hosts accept only branches; choose --ref refs/heads/changelings for them.",
          [](CLI::App& app) -> Action {
            auto options = std::make_shared<InitOptions>();
            app.add_option("--ref", options->reference,
                           "Reference for the state (default: refs/changelings/state)")
                ->type_name("REF");
            app.add_option("--remote", options->remote,
                           "Remote to push to and share through (default: origin)")
                ->type_name("REMOTE");
            return [options](Context& context) { return init(context, *options); };
          }};
}

}  // namespace changeling::cli
