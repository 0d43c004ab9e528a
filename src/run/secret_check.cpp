#include "run/secret_check.hpp"

#include <fmt/format.h>

#include "secrets/commit_secrets.hpp"

namespace changeling::run {

std::optional<std::string> secret_in_work(const project::Services& services, const StartingPoint& start,
                                          const git::ObjectId& head, const Redactor& redactor) {
  const auto secret =
      find_secret(services.git, services.repository.common_directory().string(),
                  {start.commit, start.base_commit}, head, redactor.known(), services.interruption);
  if (!secret) return std::nullopt;
  const std::string commit = secret->commit.substr(0, 10);
  if (secret->file.empty()) return fmt::format("the message of commit {} holds a secret", commit);
  return fmt::format("commit {} adds a secret: {}:{}", commit, redactor(secret->file), secret->line);
}

}  // namespace changeling::run
