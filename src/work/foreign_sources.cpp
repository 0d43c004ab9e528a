#include "work/foreign_sources.hpp"

#include <fmt/format.h>

#include "project/forge_choice.hpp"
#include "project/queue_settings.hpp"
#include "project/settings.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "work/beads_footprint.hpp"
#include "work/beads_source.hpp"
#include "work/github_source.hpp"

namespace changeling::work {
namespace {

std::string role_label(const git::Repository& repository) {
  return *project::text_setting(repository, "changeling.roleLabel");
}

/// The client must be there before the source and after it.
struct ClientOwner {
  explicit ClientOwner(const Interruption& interruption) : client(interruption) {}
  http::CurlHttpClient client;
};

class GitHubSourceWithClient : private ClientOwner, public work::GitHubSource {
 public:
  GitHubSourceWithClient(const Interruption& interruption, const Clock& clock, forge::ForgeChoice choice,
                         work::GitHubSourceSettings settings)
      : ClientOwner(interruption),
        GitHubSource(
            forge::GitHubApi(client, clock, project::forge_patience(interruption), std::move(choice)), clock,
            std::move(settings)) {}
};

/// Once in a repository: every worker would repeat it.
void tell_footprint(project::Project& project) {
  const auto work_tree = project.repository().work_tree();
  const auto said = project.places().local_folder() / "beads-told";
  if (!work_tree || std::filesystem::exists(said)) return;
  const std::string sentence = work::beads_footprint(project.git(), *work_tree);
  if (sentence.empty()) return;
  project.message(sentence);
  write_file(said, sentence + "\n");
}

}  // namespace

std::unique_ptr<work::TaskSource> make_beads_source(project::Project& project, const QueueTerms&) {
  work::BeadsSettings settings;
  const git::Repository& repository = project.repository();
  settings.place.directory = repository.work_tree().value_or(repository.common_directory());
  settings.place.environment = project.environment();
  settings.lock_folder = project.places().local_folder() / "beads-locks";
  settings.attempts_folder = project.places().local_folder() / "beads-attempts";
  settings.role_label = role_label(repository);
  settings.most_attempts = project::queue_settings(project).most_attempts;
  tell_footprint(project);
  return std::make_unique<work::BeadsSource>(project.processes(), project.clock(), std::move(settings));
}

std::unique_ptr<work::TaskSource> make_github_source(project::Project& project, const QueueTerms&) {
  const project::QueueSettings queue = project::queue_settings(project);
  work::GitHubSourceSettings settings;
  settings.role_label = role_label(project.repository());
  settings.lease = queue.lease;
  settings.most_attempts = queue.most_attempts;
  return std::make_unique<GitHubSourceWithClient>(
      project.interruption(), project.clock(), project::forge_choice(project, "github"), std::move(settings));
}

}  // namespace changeling::work
