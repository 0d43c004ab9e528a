#include "deploy/workflow.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "deploy/generated_file.hpp"
#include "deploy/place_name.hpp"
#include "deploy/plain_cron.hpp"
#include "deploy/quoting.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::deploy {
namespace {

constexpr std::string_view checkout_action =
    "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1";

/// Starting the machine, installing, setup and verification come on top of the agent's time limit.
constexpr auto margin = std::chrono::minutes(45);

constexpr std::string_view look_for_program = R"(if ! command -v git-changeling > /dev/null; then
  echo "::error::git-changeling is not on the PATH of this runner; install it there, or let the workflow do it: git config changeling.action OWNER/git-changeling@COMMIT, then deploy again"
  exit 1
fi
)";

constexpr std::string_view install_packages = R"(sudo apt-get update --quiet
sudo apt-get install --yes --quiet --no-install-recommends $PACKAGES
)";

constexpr std::string_view install_agent = R"(if ! command -v "$AGENT_PROGRAM" > /dev/null; then
  npm install --global --no-audit --no-fund "$AGENT_PACKAGE"
fi
)";

/// The approval is that of the person who deployed: `trust --digest` refuses every other definition.
constexpr std::string_view run_changeling = R"(for secret in $CHANGELING_NEEDS; do
  if [ -z "${!secret}" ]; then
    echo "::error::this repository has no secret $secret; set it under Settings, Secrets and variables, Actions"
    exit 1
  fi
done
trigger=manual
if [ "$GITHUB_EVENT_NAME" = schedule ]; then
  trigger=schedule
fi
git config user.name "github-actions[bot]"
git config user.email "41898282+github-actions[bot]@users.noreply.github.com"
git config changeling.apiUrl "$GITHUB_API_URL"
git changeling init --ref "$CHANGELING_STATE_REF"
if ! git changeling trust "$CHANGELING" --digest "$CHANGELING_DIGEST"; then
  echo "::error::the definition is not the one that was deployed; look at it and deploy it again: git changeling deploy"
  exit 1
fi
status=0
git changeling run "$CHANGELING" --trigger "$trigger" ${CHANGELING_RUN_ID:+--id "$CHANGELING_RUN_ID"} || status=$?
git changeling sync || status=$?
exit "$status"
)";

/// git asks for the token through the environment: it is in no file, no address and no argument, and the
/// agent gets neither the variable nor the helper.
constexpr std::string_view credential_helper =
    R"(!f() { test "$1" = get && echo username=x-access-token && echo "password=$GITHUB_TOKEN"; }; f)";

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

std::string schedule_of(const Definition& definition) {
  if (definition.schedule.empty()) return "";
  const std::string cron = plain_cron(definition.schedule);
  if (const Duration gap = shortest_gap(cron); gap < std::chrono::minutes(5)) {
    throw Error(
        ErrorKind::Refused,
        fmt::format(
            "schedule \"{}\" starts every {}, and GitHub Actions starts nothing more often than every "
            "five minutes",
            definition.schedule, describe_duration(gap)),
        fmt::format("git changeling update {} --schedule \"*/5 * * * *\"", definition.name));
  }
  std::string text = fmt::format("  schedule:\n    - cron: {}\n", yaml_text(cron));
  if (definition.timezone != "UTC" && !definition.timezone.empty())
    text += fmt::format("      timezone: {}\n", yaml_text(definition.timezone));
  return text;
}

std::string step(std::string_view name, const std::vector<std::pair<std::string, std::string>>& environment,
                 std::string_view script) {
  std::string text = fmt::format("      - name: {}\n        shell: bash\n", name);
  if (!environment.empty()) text += "        env:\n";
  for (const auto& [variable, value] : environment)
    text += fmt::format("          {}: {}\n", variable, value);
  return text + "        run: |\n" + indented(script, 10);
}

std::string secret_expression(const std::string& name) {
  return fmt::format("${{{{ secrets.{} }}}}", name);
}

std::string run_step(const Definition& definition, const Requirements& needs,
                     const WorkflowSettings& settings) {
  std::vector<std::pair<std::string, std::string>> environment{
      {"CHANGELING", yaml_text(definition.name)},
      {"CHANGELING_DIGEST", yaml_text(settings.digest)},
      {"CHANGELING_STATE_REF", yaml_text(settings.state_reference)},
      {"CHANGELING_RUN_ID", fmt::format("${{{{ inputs.{} }}}}", run_id_input)},
      {"CHANGELING_NEEDS", yaml_text(join(needs.secrets, " "))},
      {"GIT_CONFIG_COUNT", "\"1\""},
      {"GIT_CONFIG_KEY_0", "credential.${{ github.server_url }}.helper"},
      {"GIT_CONFIG_VALUE_0", yaml_text(credential_helper)},
      {"GITHUB_TOKEN",
       settings.token_secret.empty() ? "${{ github.token }}" : secret_expression(settings.token_secret)},
  };
  for (const std::string& secret : needs.secrets) environment.emplace_back(secret, secret_expression(secret));
  return step("Run", environment, run_changeling);
}

std::string steps(const Definition& definition, const Requirements& needs, const WorkflowSettings& settings) {
  std::string text = fmt::format(
      "      - name: Check out\n"
      "        uses: {}\n"
      "        with:\n"
      "          fetch-depth: 0\n"
      "          persist-credentials: false\n",
      checkout_action);
  if (settings.action.empty()) {
    text += step("Look for git-changeling", {}, look_for_program);
  } else {
    text += fmt::format("      - name: Install git-changeling\n        uses: {} # git-changeling\n",
                        settings.action);
  }
  if (!settings.packages.empty())
    text +=
        step("Install packages", {{"PACKAGES", yaml_text(join(settings.packages, " "))}}, install_packages);
  if (!needs.agent_package.empty()) {
    text += step("Install the agent",
                 {{"AGENT_PACKAGE", yaml_text(needs.agent_package)},
                  {"AGENT_PROGRAM", yaml_text(needs.agent_program)}},
                 install_agent);
  }
  return text + run_step(definition, needs, settings);
}

}  // namespace

std::string workflow_path(std::string_view changeling) {
  return fmt::format(".github/workflows/changeling-{}.yml", place_name(changeling, 80));
}

std::string write_workflow(const Definition& definition, const Requirements& needs,
                           const WorkflowSettings& settings) {
  check_settings(settings);
  const std::string title = "changeling " + place_name(definition.name, 80);
  const auto minutes = std::chrono::ceil<std::chrono::minutes>(definition.timeout) + margin;
  std::string text = fmt::format("name: {0}\nrun-name: {1}\n", yaml_text(title),
                                 fmt::format("\"{} ${{{{ inputs.{} }}}}\"", title, run_id_input));
  text += "on:\n" + schedule_of(definition);
  text += fmt::format(
      "  workflow_dispatch:\n"
      "    inputs:\n"
      "      {}:\n"
      "        description: Id for the run; empty for a new one\n"
      "        required: false\n"
      "        type: string\n"
      "        default: \"\"\n",
      run_id_input);
  // Everything that is not named here is denied.
  text += "permissions:\n  contents: write\n";
  if (definition.output == OutputKind::Issue) text += "  issues: write\n";
  text += "  pull-requests: write\n";
  text += fmt::format("concurrency:\n  group: {}\n  cancel-in-progress: false\n",
                      yaml_text("changeling-" + place_name(definition.name, 80)));
  text += fmt::format("jobs:\n  run:\n    runs-on: {}\n    timeout-minutes: {}\n    steps:\n",
                      yaml_text(settings.runner), minutes.count());
  return with_mark(text + steps(definition, needs, settings));
}

}  // namespace changeling::deploy
