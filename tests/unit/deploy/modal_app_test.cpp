#include "deploy/modal_app.hpp"

#include <doctest/doctest.h>

#include "samples.hpp"
#include "support/error.hpp"

using namespace changeling;
using namespace changeling::testing;
using deploy::ModalSettings;

namespace {

ModalSettings settings() {
  ModalSettings values;
  values.app = "changeling-project-sprite";
  values.clone_url = "https://example.com/me/project.git";
  values.state_reference = "refs/changelings/state";
  values.digest = std::string(64, 'a');
  values.source = "https://example.com/me/git-changeling.git";
  values.source_commit = std::string(40, 'b');
  values.secret = "changeling-project-sprite";
  values.token_secret = "changeling-project-sprite-publish";
  values.identity_name = "Ada";
  values.identity_email = "ada@example.com";
  return values;
}

std::string app(const Definition& definition, const ModalSettings& values = settings()) {
  return deploy::write_modal_app(definition, deploy::requirements_of(definition, command_agent()), values);
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("the app says what the definition says") {
  Definition definition = sample_definition();
  definition.schedule = "@daily";
  definition.timezone = "Europe/Berlin";
  definition.timeout = std::chrono::minutes(10);
  definition.secrets = {"A_SECRET"};
  const std::string text = app(definition);
  CHECK(has(text,
            "\nCRON = \"0 0 * * *\"\nTIMEZONE = \"Europe/Berlin\"\nTIMEOUT_SECONDS = 2400\nWHOLE_SECONDS = "
            "4200\n"));
  CHECK(has(text,
            "\nTOKEN_SECRET = \"changeling-project-sprite-publish\"\n"
            "WORK_SECRET = \"changeling-project-sprite\"\n"
            "WORK_KEYS = [\"GITHUB_TOKEN\", \"A_SECRET\"]\n"));
  CHECK(has(text, "\nSETTINGS = {\"user.name\": \"Ada\", \"user.email\": \"ada@example.com\"}\n"));
  CHECK(text == app(definition));
}

TEST_CASE("without a schedule there is none") {
  CHECK(has(app(sample_definition()), "\nCRON = \"\"\n"));
}

TEST_CASE("values cannot leave their quotes") {
  Definition definition = sample_definition();
  definition.name = "\"+__import__('os').system('id')+\"";
  CHECK(has(app(definition), "CHANGELING = \"\\\"+__import__('os').system('id')+\\\"\"\n"));
}

TEST_CASE("what Modal cannot keep, and settings that cannot be, are refused") {
  Definition definition = sample_definition();
  definition.timeout = std::chrono::hours(24);
  CHECK_THROWS_WITH_AS(app(definition), doctest::Contains("longer than Modal"), Error);
  definition = sample_definition();
  for (const char* commit : {"", "main", "bbbb"}) {
    ModalSettings values = settings();
    values.source_commit = commit;
    CHECK_THROWS_WITH_AS(app(definition, values), doctest::Contains("source of git-changeling"), Error);
  }
  ModalSettings values = settings();
  values.packages = {"a b"};
  CHECK_THROWS_AS(app(definition, values), Error);
}

TEST_CASE("names of apps are as Modal allows them") {
  CHECK(deploy::modal_app_name("project", "sprite") == "changeling-project-sprite");
  CHECK(deploy::modal_app_name("my project", "sprite").starts_with("changeling-my-project-sprite-"));
  CHECK(deploy::modal_app_name(std::string(50, 'r'), std::string(50, 'n')).size() == 64);
}
