#include "deploy/modal_app.hpp"

#include <fmt/format.h>

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
/// Setup, verification and sharing come on top of the agent's time limit.
constexpr auto margin = std::chrono::minutes(30);
/// Modal's limit for names of apps.
constexpr std::size_t longest_app_name = 64;

/// What does not depend on the changeling. The values above it are its only input.
constexpr std::string_view program = R"python(
# git asks for the token through the environment: it is in no file, no address and no argument, and the agent gets
# neither the variable nor the helper.
CREDENTIALS = {
    "GIT_CONFIG_COUNT": "1",
    "GIT_CONFIG_KEY_0": "credential.helper",
    "GIT_CONFIG_VALUE_0": '!f() { test "$1" = get && echo username=x-access-token'
    ' && echo "password=$GITHUB_TOKEN"; }; f',
    "GIT_TERMINAL_PROMPT": "0",
    # The container is the sandbox that Claude Code asks about before it works as root.
    "IS_SANDBOX": "1",
}

image = (
    modal.Image.debian_slim(python_version="3.12")
    .apt_install("ca-certificates", "git", *PACKAGES)
    .run_commands(
        f"git init --quiet /opt/src && git -C /opt/src fetch --quiet --depth 1 {shlex.quote(SOURCE)} {SOURCE_COMMIT}",
        "git -C /opt/src checkout --quiet FETCH_HEAD",
        "awk '$1 == \"build\" { print $2 }' /opt/src/scripts/packages.txt > /tmp/packages"
        " && apt-get update && xargs apt-get install --yes --no-install-recommends < /tmp/packages",
        "cd /opt/src && cmake --preset release && cmake --build --preset release && cmake --install build/release",
    )
)
if AGENT_PACKAGE:
    image = image.apt_install("nodejs", "npm").run_commands(f"npm install --global {shlex.quote(AGENT_PACKAGE)}")

app = modal.App(APP)


@app.function(
    image=image,
    schedule=modal.Cron(CRON, timezone=TIMEZONE) if CRON else None,
    secrets=[modal.Secret.from_name(SECRET, required_keys=SECRET_KEYS)],
    timeout=TIMEOUT_SECONDS,
    max_containers=1,
)
def run(run_id: str = "", trigger: str = "schedule"):
    """Runs the changeling once in a fresh clone, and shares what came of it."""
    environment = {**os.environ, **CREDENTIALS}
    folder = os.path.join(tempfile.mkdtemp(), "project")

    def call(*words, cwd=folder, check=True):
        return subprocess.run(words, cwd=cwd, env=environment, check=check).returncode

    call("git", "clone", "--quiet", "--", CLONE_URL, folder, cwd=None)
    for key, value in SETTINGS.items():
        call("git", "config", key, value)
    call("git", "changeling", "init", "--ref", STATE_REF)
    # Refuses every definition but the one that was deployed; then deploy it again.
    call("git", "changeling", "trust", CHANGELING, "--digest", DIGEST)
    options = ["--id", run_id] if run_id else []
    code = call("git", "changeling", "run", CHANGELING, "--trigger", trigger, *options, check=False)
    call("git", "changeling", "sync")
    if code != 0:
        raise RuntimeError(f"the run of {CHANGELING} ended with exit code {code}")
)python";

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
  if (definition.timeout + margin > longest_call) {
    throw Error(ErrorKind::Refused,
                fmt::format("timeout {} is longer than Modal lets a function run",
                            format_duration(definition.timeout)),
                fmt::format("git changeling update {} --timeout 23h", definition.name));
  }
}

}  // namespace

std::string modal_app_name(const std::string& repository, const std::string& changeling) {
  return place_name(fmt::format("changeling-{}-{}", repository, changeling), longest_app_name);
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

  std::string text =
      "\"\"\"Runs one changeling on Modal.\"\"\"\n\n"
      "import os\nimport shlex\nimport subprocess\nimport tempfile\n\nimport modal\n\n";
  const auto constant = [&](std::string_view name, const std::string& value) {
    text += fmt::format("{} = {}\n", name, value);
  };
  const std::string cron = definition.schedule.empty() ? "" : plain_cron(definition.schedule);
  constant("APP", python_text(settings.app));
  constant("CHANGELING", python_text(definition.name));
  constant("DIGEST", python_text(settings.digest));
  constant("STATE_REF", python_text(settings.state_reference));
  constant("CLONE_URL", python_text(settings.clone_url));
  constant("SETTINGS", "{" + join(pairs, ", ") + "}");
  constant("CRON", python_text(cron));
  constant("TIMEZONE", python_text(definition.timezone.empty() ? "UTC" : definition.timezone));
  constant("TIMEOUT_SECONDS",
           std::to_string(std::chrono::ceil<std::chrono::seconds>(definition.timeout + margin).count()));
  constant("SECRET", python_text(settings.secret));
  constant("SECRET_KEYS", list_text(keys));
  constant("PACKAGES", list_text(settings.packages));
  constant("AGENT_PACKAGE", python_text(needs.agent_package));
  constant("SOURCE", python_text(settings.source));
  constant("SOURCE_COMMIT", python_text(settings.source_commit));
  return with_mark(text + std::string(program));
}

}  // namespace changeling::deploy
