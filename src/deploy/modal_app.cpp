#include "deploy/modal_app.hpp"

#include <fmt/format.h>

#include "deploy/deploy_template.hpp"
#include "deploy/generated_file.hpp"
#include "deploy/place_name.hpp"
#include "deploy/plain_cron.hpp"
#include "deploy/quoting.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::deploy {
namespace {

/// Modal's limit for one call (https://modal.com/docs/guide/timeouts).
constexpr auto longest_call = std::chrono::hours(24);
/// Setup and verification come on top of the agent's time limit, beginning and publishing on top of that.
constexpr auto margin = std::chrono::minutes(30);
/// Modal's limit for names of apps and secrets.
constexpr std::size_t longest_name = 64;

std::string list_text(const std::vector<std::string>& words) {
  std::vector<std::string> literals;
  for (const std::string& word : words) literals.push_back(python_text(word));
  return "[" + join(literals, ", ") + "]";
}

void check_settings(const Definition& definition, const ModalSettings& settings) {
  if (settings.source.empty() || settings.source_commit.size() != 40 ||
      settings.source_commit.find_first_not_of("0123456789abcdef") != std::string::npos) {
    throw Error(
        ErrorKind::Usage, "Modal's image is built from the source of git-changeling, and none is named",
        "git config changeling.source https://HOST/OWNER/git-changeling.git@COMMIT, with a whole commit "
        "id");
  }
  for (const std::string& package : settings.packages) {
    const bool plain =
        package.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-+.") == std::string::npos;
    if (!plain || package.empty() || package.front() == '-') {
      throw Error(ErrorKind::Usage, fmt::format("--package: '{}' is not the name of a package", package),
                  "such as codespell");
    }
  }
  if (definition.timeout + 2 * margin > longest_call) {
    throw Error(ErrorKind::Refused,
                fmt::format("timeout {} is longer than Modal lets a function run",
                            format_duration(definition.timeout)),
                fmt::format("git changeling update {} --timeout 23h", definition.name));
  }
}

}  // namespace

std::string modal_app_name(const std::string& repository, const std::string& changeling) {
  return place_name(fmt::format("changeling-{}-{}", repository, changeling), longest_name);
}

std::string modal_secret_name(const std::string& name) {
  return place_name(name, longest_name);
}

std::string write_modal_app(const Definition& definition, const Requirements& needs,
                            const ModalSettings& settings) {
  check_settings(definition, settings);
  std::vector<std::string> keys = needs.secrets;
  keys.insert(keys.begin(), std::string(modal_token));
  std::vector<std::pair<std::string, std::string>> git_settings{{"user.name", settings.identity_name},
                                                                {"user.email", settings.identity_email}};
  if (!settings.api_url.empty()) git_settings.emplace_back("changeling.apiUrl", settings.api_url);
  std::vector<std::string> pairs;
  for (const auto& [key, value] : git_settings)
    pairs.push_back(fmt::format("{}: {}", python_text(key), python_text(value)));

  const std::string cron = definition.schedule.empty() ? "" : plain_cron(definition.schedule);
  const auto seconds = [](Duration limit) {
    return std::to_string(std::chrono::ceil<std::chrono::seconds>(limit).count());
  };
  const TemplateValues filling{
      {{"app", python_text(settings.app)},
       {"changeling", python_text(definition.name)},
       {"digest", python_text(settings.digest)},
       {"state_ref", python_text(settings.state_reference)},
       {"clone_url", python_text(settings.clone_url)},
       {"settings", "{" + join(pairs, ", ") + "}"},
       {"cron", python_text(cron)},
       {"timezone", python_text(definition.timezone.empty() ? "UTC" : definition.timezone)},
       {"timeout_seconds", seconds(definition.timeout + margin)},
       {"whole_seconds", seconds(definition.timeout + 2 * margin)},
       {"token_secret", python_text(settings.token_secret)},
       {"work_secret", python_text(settings.secret)},
       {"work_keys", list_text(keys)},
       {"packages", list_text(settings.packages)},
       {"agent_package", python_text(needs.agent_package)},
       {"source", python_text(settings.source)},
       {"source_commit", python_text(settings.source_commit)}},
      {}};
  return with_mark(filled_template("modal_app.py", filling));
}

}  // namespace changeling::deploy
