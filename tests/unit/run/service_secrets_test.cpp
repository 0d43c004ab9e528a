#include "run/service_secrets.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>

#include "../temporary_folder.hpp"

using namespace changeling;

namespace {

namespace fs = std::filesystem;

struct Home {
  void write(const std::string& name, const std::string& content, fs::perms mode = fs::perms(0600)) const {
    fs::permissions(folder.write(name, content), mode);
  }
  std::vector<std::string> secrets() const {
    auto found = run::service_secrets(Environment({{"HOME", folder.path().string()}}));
    std::sort(found.begin(), found.end());
    return found;
  }

  test::TemporaryFolder folder;
};

}  // namespace

TEST_CASE_FIXTURE(Home, "the service's token and the webhooks' secrets of all repositories are found") {
  CHECK(secrets().empty());
  write(".local/state/git-changeling/serve/token", "token-of-the-service\n");
  write(".config/git-changeling/webhooks/one/triage.json", R"({"secrets":["b-new","a-old"]})");
  write(".config/git-changeling/webhooks/two/fix.json", R"({"secrets":["c"]})");
  CHECK(secrets() == std::vector<std::string>{"a-old", "b-new", "c", "token-of-the-service"});
}

TEST_CASE_FIXTURE(Home, "what is damaged, or open to others, keeps nothing else from being found") {
  write(".local/state/git-changeling/serve/token", "token-of-the-service\n", fs::perms(0644));
  write(".config/git-changeling/webhooks/one/damaged.json", "{");
  write(".config/git-changeling/webhooks/one/open.json", R"({"secrets":["a"]})", fs::perms(0644));
  write(".config/git-changeling/webhooks/one/triage.json", R"({"secrets":["b"]})");
  CHECK(secrets() == std::vector<std::string>{"b"});
}

TEST_CASE("without a home there is nothing to find") {
  CHECK(run::service_secrets(Environment(std::map<std::string, std::string>{})).empty());
}
