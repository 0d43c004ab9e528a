#include "webhooks/secret_store.hpp"

#include "project/approvals.hpp"
#include "support/files.hpp"
#include "support/json.hpp"
#include "support/secret_file.hpp"
#include "support/user_folders.hpp"

namespace changeling::webhooks {

namespace fs = std::filesystem;

SecretStore::SecretStore(project::Project& project)
    : folder_(user_folder(project.environment(), UserFolder::Config) / "webhooks" /
              project::ensure_repository_id(project.repository(),
                                            project.places().local_folder() / "repository-id.lock")) {}

fs::path SecretStore::file(const std::string& webhook) const {
  return folder_ / (webhook + ".json");
}

std::vector<std::string> SecretStore::secrets(const std::string& webhook) const {
  const auto text = read_secret_file(file(webhook));
  if (!text) return {};
  return json_strings(parse_json(*text, file(webhook).string()), "secrets");
}

void SecretStore::write(const std::string& webhook, const std::vector<std::string>& secrets) const {
  write_file(file(webhook), Json{{"secrets", secrets}}.dump() + "\n");
}

void SecretStore::set(const std::string& webhook, const std::string& secret, Before before) const {
  std::vector<std::string> kept{secret};
  const auto known = secrets(webhook);
  if (before == Before::Kept && !known.empty() && known.front() != secret) kept.push_back(known.front());
  write(webhook, kept);
}

bool SecretStore::drop_older(const std::string& webhook) const {
  const auto known = secrets(webhook);
  if (known.size() < 2) return false;
  write(webhook, {known.front()});
  return true;
}

void SecretStore::remove(const std::string& webhook) const {
  std::error_code gone;
  fs::remove(file(webhook), gone);
}

}  // namespace changeling::webhooks
