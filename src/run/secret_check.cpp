#include "run/secret_check.hpp"

#include <fmt/format.h>

#include <fstream>

#include "run/lfs_hand_over.hpp"
#include "secrets/commit_secrets.hpp"

namespace changeling::run {
namespace {

/// Reads in pieces, each of which begins with the end of the one before: what is longer than that is found
/// only where it does not lie across an edge.
bool file_has_secret(const std::filesystem::path& path, const KnownSecrets& known) {
  constexpr std::size_t piece = std::size_t{1} << 20;
  constexpr std::size_t overlap = std::size_t{1} << 14;
  std::ifstream file(path, std::ios::binary);
  std::string text;
  while (file) {
    text.erase(0, text.size() - std::min(text.size(), overlap));
    const std::size_t kept = text.size();
    text.resize(kept + piece);
    file.read(text.data() + kept, piece);
    text.resize(kept + static_cast<std::size_t>(file.gcount()));
    if (text_has_secret(text, known)) return true;
  }
  return false;
}

}  // namespace

std::optional<std::string> secret_in_lfs_objects(const project::Services& services, const git::ObjectId& base,
                                                 const git::ObjectId& head, const Redactor& redactor) {
  for (const auto& [name, file] : new_lfs_objects(services, base, head)) {
    if (file_has_secret(file, redactor.known()))
      return fmt::format("the object {} of git-lfs that it adds holds a secret", name.substr(0, 10));
  }
  return std::nullopt;
}

std::optional<std::string> secret_in_work(const project::Services& services, const StartingPoint& start,
                                          const git::ObjectId& head, const Redactor& redactor) {
  const auto secret =
      find_secret(services.git, services.repository.common_directory().string(),
                  {start.commit, start.base_commit}, head, redactor.known(), services.interruption);
  if (!secret) return secret_in_lfs_objects(services, start.base_commit, head, redactor);
  const std::string commit = secret->commit.substr(0, 10);
  if (secret->file.empty())
    return fmt::format("commit {} itself holds a secret, in its message or in who made it", commit);
  if (secret->line == 0)
    return fmt::format("commit {} has a secret in the name of a file: {}", commit, redactor(secret->file));
  return fmt::format("commit {} adds a secret: {}:{}", commit, redactor(secret->file), secret->line);
}

}  // namespace changeling::run
