#include "cli/foreign_sources.hpp"

#include <fmt/format.h>

#include "cli/forge_choice.hpp"
#include "cli/queue_settings.hpp"
#include "project/settings.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "work/beads_footprint.hpp"
#include "work/beads_source.hpp"
#include "work/github_source.hpp"

namespace changeling::cli {
namespace {

std::string role_label(const git::Repository& repository) {
  return *project::text_setting(repository, "changeling.roleLabel");
}

/// The client must be there before the source and after it.
struct ClientOwner {
  explicit ClientOwner(const Interruption& interruption) : client(interruption) {}
  forge::CurlHttpClient client;
};

class GitHubSourceWithClient : private ClientOwner, public work::GitHubSource {
 public:
  GitHubSourceWithClient(const Interruption& interruption, const Clock& clock, forge::ForgeChoice choice,
                         work::GitHubSourceSettings settings)
      : ClientOwner(interruption),
        GitHubSource(forge::GitHubApi(client, clock, forge_patience(interruption), std::move(choice)), clock,
                     std::move(settings)) {}
};

/// Once in a repository: every worker would repeat it.
void tell_footprint(Context& context) {
  const auto work_tree = context.repository().work_tree();
  const auto said = context.places().local_folder() / "beads-told";
  if (!work_tree || std::filesystem::exists(said)) return;
  const std::string sentence = work::beads_footprint(context.git(), *work_tree);
  if (sentence.empty()) return;
  context.message(sentence);
  write_file(said, sentence + "\n");
}

}  // namespace

std::unique_ptr<work::TaskSource> make_beads_source(Context& context, const work::QueueTerms&) {
  work::BeadsSettings settings;
  const git::Repository& repository = context.repository();
  settings.place.directory = repository.work_tree().value_or(repository.common_directory());
  settings.place.environment = context.environment();
  settings.lock_folder = context.places().local_folder() / "beads-locks";
  settings.attempts_folder = context.places().local_folder() / "beads-attempts";
  settings.role_label = role_label(repository);
  settings.most_attempts = queue_settings(context).most_attempts;
  tell_footprint(context);
  return std::make_unique<work::BeadsSource>(context.processes(), context.clock(), std::move(settings));
}

std::unique_ptr<work::TaskSource> make_github_source(Context& context, const work::QueueTerms&) {
  const QueueSettings queue = queue_settings(context);
  work::GitHubSourceSettings settings;
  settings.role_label = role_label(context.repository());
  settings.lease = queue.lease;
  settings.most_attempts = queue.most_attempts;
  return std::make_unique<GitHubSourceWithClient>(context.interruption(), context.clock(),
                                                  forge_choice(context, "github"), std::move(settings));
}

}  // namespace changeling::cli
