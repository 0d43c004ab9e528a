#include "run/service_secrets.hpp"

#include <filesystem>

#include "support/error.hpp"
#include "support/json.hpp"
#include "support/secret_file.hpp"
#include "support/text.hpp"
#include "support/user_folders.hpp"

namespace changeling::run {
namespace {

namespace fs = std::filesystem;

void add_token(std::vector<std::string>& values, const fs::path& file) {
  try {
    const auto text = read_secret_file(file);
    if (text && !trim(*text).empty()) values.emplace_back(trim(*text));
  } catch (const Error&) {
    // The service refuses it, too.
  }
}

void add_secrets_of_webhook(std::vector<std::string>& values, const fs::path& file) {
  try {
    const auto text = read_secret_file(file);
    if (!text) return;
    for (std::string& secret : json_strings(parse_json(*text, file.string()), "secrets"))
      values.push_back(std::move(secret));
  } catch (const Error&) {
    // The service refuses it, too.
  }
}

/// A folder a repository, a file a webhook.
void add_secrets_of_webhooks(std::vector<std::string>& values, const fs::path& folder) {
  std::error_code unreadable;
  fs::recursive_directory_iterator entry(folder, fs::directory_options::skip_permission_denied, unreadable);
  for (; !unreadable && entry != fs::recursive_directory_iterator(); entry.increment(unreadable)) {
    if (entry->path().extension() == ".json") add_secrets_of_webhook(values, entry->path());
  }
}

}  // namespace

std::vector<std::string> service_secrets(const Environment& environment) {
  std::vector<std::string> values;
  if (const auto state = find_user_folder(environment, UserFolder::State))
    add_token(values, *state / "serve" / "token");
  if (const auto config = find_user_folder(environment, UserFolder::Config))
    add_secrets_of_webhooks(values, *config / "webhooks");
  return values;
}

}  // namespace changeling::run
