#include "deploy/workflow.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "deploy/deploy_template.hpp"
#include "deploy/generated_file.hpp"
#include "deploy/place_name.hpp"
#include "deploy/plain_cron.hpp"
#include "deploy/quoting.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::deploy {
namespace {

/// Starting the machine, installing, setup and verification come on top of the agent's time limit.
constexpr auto margin = std::chrono::minutes(45);

bool is_word(std::string_view text, std::string_view also) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
           (letter >= '0' && letter <= '9') || also.find(letter) != std::string_view::npos;
  });
}

void check_settings(const WorkflowSettings& settings) {
  const auto refuse = [](const std::string& what, const std::string& hint) {
    throw Error(ErrorKind::Usage, what, hint);
  };
  if (!settings.action.empty()) {
    const auto at = settings.action.find('@');
    const std::string place = settings.action.substr(0, at);
    const std::string commit = at == std::string::npos ? "" : settings.action.substr(at + 1);
    if (!is_word(place, "-_./") || place.find('/') == std::string::npos ||
        place.find("..") != std::string::npos)
      refuse(fmt::format("changeling.action: '{}' is not OWNER/REPOSITORY@COMMIT", settings.action),
             "such as your-name/git-changeling@ and the forty digits of a commit");
    if (commit.size() != 40 || commit.find_first_not_of("0123456789abcdef") != std::string::npos)
      refuse(fmt::format("changeling.action: '{}' does not end with a whole commit id", settings.action),
             "tags and branches can be moved to other code; git rev-parse v1 names the commit");
  }
  if (!is_word(settings.runner, "-_."))
    refuse(fmt::format("--runner: '{}' is not the label of a runner", settings.runner),
           "such as ubuntu-24.04 or self-hosted");
  if (!settings.token_secret.empty() &&
      (!is_word(settings.token_secret, "_") || to_lower(settings.token_secret).starts_with("github_")))
    refuse(fmt::format("--token-secret: '{}' cannot be the name of a secret", settings.token_secret),
           "letters, digits and \"_\", not beginning with GITHUB_");
  for (const std::string& package : settings.packages) {
    if (!is_word(package, "-+.") || package.front() == '-')
      refuse(fmt::format("--package: '{}' is not the name of a package", package), "such as codespell");
  }
}

/// In five fields. Throws Error(Refused) for what GitHub starts too seldom.
std::string cron_of(const Definition& definition) {
  std::string cron = plain_cron(definition.schedule);
  if (const Duration gap = shortest_gap(cron); gap < std::chrono::minutes(5)) {
    throw Error(
        ErrorKind::Refused,
        fmt::format(
            "schedule \"{}\" starts every {}, and GitHub Actions starts nothing more often than every "
            "five minutes",
            definition.schedule, describe_duration(gap)),
        fmt::format("git changeling update {} --schedule \"*/5 * * * *\"", definition.name));
  }
  return cron;
}

std::string secret_expression(const std::string& name) {
  return fmt::format("${{{{ secrets.{} }}}}", name);
}

std::string secret_variables(const std::vector<std::string>& secrets) {
  std::vector<std::string> lines;
  for (const std::string& secret : secrets)
    lines.push_back(fmt::format("          {}: {}", secret, secret_expression(secret)));
  return join(lines, "\n");
}

void add_schedule(TemplateValues& filling, const Definition& definition) {
  if (definition.schedule.empty()) return;
  filling.parts.insert("SCHEDULE");
  filling.values.emplace_back("cron", yaml_text(cron_of(definition)));
  if (definition.timezone == "UTC" || definition.timezone.empty()) return;
  filling.parts.insert("TIMEZONE");
  filling.values.emplace_back("timezone", yaml_text(definition.timezone));
}

void add_installations(TemplateValues& filling, const Requirements& needs, const WorkflowSettings& settings) {
  filling.parts.insert(settings.action.empty() ? "NO_ACTION" : "ACTION");
  filling.values.emplace_back("action", settings.action);
  if (settings.uses_lfs) filling.parts.insert("LFS");
  if (!settings.packages.empty()) filling.parts.insert("PACKAGES");
  filling.values.emplace_back("packages", yaml_text(join(settings.packages, " ")));
  if (!needs.agent_package.empty()) filling.parts.insert("AGENT_PACKAGE");
  filling.values.emplace_back("agent_package", yaml_text(needs.agent_package));
  filling.values.emplace_back("agent_program", yaml_text(needs.agent_program));
}

void add_secrets(TemplateValues& filling, const Requirements& needs, const WorkflowSettings& settings) {
  if (!needs.secrets.empty()) filling.parts.insert("SECRETS");
  filling.values.emplace_back("secrets", yaml_text(join(needs.secrets, " ")));
  filling.values.emplace_back("secret_variables", secret_variables(needs.secrets));
  filling.values.emplace_back("token", settings.token_secret.empty()
                                           ? "${{ github.token }}"
                                           : secret_expression(settings.token_secret));
}

}  // namespace

std::string workflow_path(std::string_view changeling) {
  return fmt::format(".github/workflows/changeling-{}.yml", place_name(changeling, 80));
}

std::string write_workflow(const Definition& definition, const Requirements& needs,
                           const WorkflowSettings& settings) {
  check_settings(settings);
  const std::string place = place_name(definition.name, 80);
  const auto minutes = std::chrono::ceil<std::chrono::minutes>(definition.timeout) + margin;
  TemplateValues filling{{{"title", yaml_text("changeling " + place)},
                          {"plain_title", "changeling " + place},
                          {"run_id", std::string(run_id_input)},
                          {"group", yaml_text("changeling-" + place)},
                          {"runner", yaml_text(settings.runner)},
                          {"minutes", std::to_string(minutes.count())},
                          {"changeling", yaml_text(definition.name)},
                          {"digest", yaml_text(settings.digest)},
                          {"state_ref", yaml_text(settings.state_reference)}},
                         {}};
  add_schedule(filling, definition);
  add_installations(filling, needs, settings);
  add_secrets(filling, needs, settings);
  if (definition.output == OutputKind::Issue) filling.parts.insert("ISSUES");
  return with_mark(filled_template("workflow.yml", filling));
}

}  // namespace changeling::deploy
