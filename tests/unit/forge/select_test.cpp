#include "forge/select.hpp"

#include <doctest/doctest.h>

#include "support/error.hpp"

using namespace changeling;
using namespace changeling::forge;

namespace {

std::string shown(std::string_view url) {
  const auto repository = parse_remote_url(url);
  return repository ? repository->host + " " + repository->owner + " " + repository->name : "none";
}

TokenFinder some_token(std::string* asked_host = nullptr) {
  return [asked_host](const TokenQuery& query) -> std::optional<Token> {
    if (asked_host != nullptr) *asked_host = query.host;
    return Token{"secret-token-value", "GITHUB_TOKEN"};
  };
}

std::optional<Token> no_token(const TokenQuery&) {
  return std::nullopt;
}

std::string refusal(const ForgeConfiguration& configuration, const TokenFinder& finder) {
  try {
    choose_forge(configuration, finder);
  } catch (const Error& error) {
    CHECK_FALSE(error.hint().empty());
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("remote URLs in every form git accepts") {
  CHECK(shown("https://github.com/acme/widgets.git") == "github.com acme widgets");
  CHECK(shown("https://github.com/acme/widgets") == "github.com acme widgets");
  CHECK(shown("https://GitHub.com/acme/widgets/") == "github.com acme widgets");
  CHECK(shown("https://x-access-token:abc@github.com/acme/widgets.git") == "github.com acme widgets");
  CHECK(shown("http://127.0.0.1:8080/acme/widgets.git") == "127.0.0.1 acme widgets");
  CHECK(shown("ssh://git@github.com/acme/widgets.git") == "github.com acme widgets");
  CHECK(shown("ssh://git@ssh.github.com:443/acme/widgets.git") == "ssh.github.com acme widgets");
  CHECK(shown("git+ssh://git@github.com/acme/widgets") == "github.com acme widgets");
  CHECK(shown("git@github.com:acme/widgets.git") == "github.com acme widgets");
  CHECK(shown("git@github.com:/acme/widgets.git") == "github.com acme widgets");
  CHECK(shown("github.com:acme/wid.gets_2.git") == "github.com acme wid.gets_2");
  CHECK(shown("ssh://git@[::1]:22/acme/widgets") == "[::1] acme widgets");
}

TEST_CASE("other addresses are no repositories on a host") {
  for (const char* url : {"", "/srv/git/widgets.git", "../widgets.git", "file:///srv/acme/widgets.git",
                          "widgets", "https://github.com/acme", "https://github.com/", "https://github.com",
                          "https://gitlab.com/group/sub/widgets.git", "git@github.com:widgets.git",
                          "https://github.com/acme/..", "https://github.com/acme/wid gets", "./a:b/c",
                          "https:///acme/widgets", "ftp://github.com/acme/widgets"}) {
    CAPTURE(url);
    CHECK(shown(url) == "none");
  }
}

TEST_CASE("changeling.forge decides") {
  CHECK(choose_forge({"local", "", {"https://github.com/acme/widgets"}}, some_token()).kind ==
        ForgeKind::Local);
  const auto choice = choose_forge({"github", "", {"git@work:acme/widgets.git"}}, some_token());
  CHECK(choice.kind == ForgeKind::GitHub);
  CHECK(choice.repository == RemoteRepository{"work", "acme", "widgets"});
  CHECK(choice.api_url == "https://api.github.com");
  CHECK(choice.token.value == "secret-token-value");
  CHECK(choice.reason.find("secret-token-value") == std::string::npos);
  CHECK(refusal({"gitlab", "", {}}, some_token()) == "changeling.forge is 'gitlab', which is no forge");
  CHECK(refusal({"github", "", {"/srv/widgets.git"}}, some_token()).find("OWNER/REPOSITORY") !=
        std::string::npos);
  CHECK(refusal({"github", "", {"https://github.com/acme/widgets"}}, no_token) ==
        "no token for github.com was found");
}

TEST_CASE("without changeling.forge the remote decides") {
  CHECK(choose_forge({"", "", {"https://github.com/acme/widgets"}}, some_token()).kind == ForgeKind::GitHub);
  CHECK(choose_forge({"", "", {"ssh://git@ssh.github.com:443/acme/widgets"}}, some_token()).kind ==
        ForgeKind::GitHub);
  CHECK(choose_forge({"", "", {"https://gitlab.com/acme/widgets"}}, some_token()).kind == ForgeKind::Local);
  CHECK(choose_forge({"", "", {}}, some_token()).kind == ForgeKind::Local);
  const auto without = choose_forge({"", "", {"https://github.com/acme/widgets"}}, no_token);
  CHECK(without.kind == ForgeKind::Local);
  CHECK(without.reason == "no token for github.com was found");
  CHECK(without.warning.find("gh auth login") != std::string::npos);
  CHECK(choose_forge({"", "", {"https://gitlab.com/acme/widgets"}}, no_token).warning.empty());
  CHECK(choose_forge({"local", "", {"https://github.com/acme/widgets"}}, no_token).warning.empty());
}

TEST_CASE("no token is looked for without a GitHub remote") {
  const TokenFinder finder = [](const TokenQuery&) -> std::optional<Token> {
    FAIL("asked for a token");
    return std::nullopt;
  };
  CHECK(choose_forge({"", "", {"/srv/widgets.git"}}, finder).kind == ForgeKind::Local);
  CHECK(choose_forge({"local", "", {"https://github.com/acme/widgets"}}, finder).kind == ForgeKind::Local);
}

TEST_CASE("the URL as written counts when git rewrites it") {
  const auto choice = choose_forge(
      {"", "", {"/srv/mirror/widgets.git", "https://github.com/acme/widgets.git"}}, some_token());
  CHECK(choice.kind == ForgeKind::GitHub);
  CHECK(choice.repository.name == "widgets");
}

TEST_CASE("another server's address") {
  std::string host;
  const auto choice = choose_forge(
      {"", "https://git.example.com/api/v3/", {"git@git.example.com:acme/widgets.git"}}, some_token(&host));
  CHECK(choice.kind == ForgeKind::GitHub);
  CHECK(choice.api_url == "https://git.example.com/api/v3");
  CHECK(host == "git.example.com");

  CHECK(choose_forge({"", "http://127.0.0.1:4010", {"https://github.com/acme/widgets"}}, some_token(&host))
            .api_url == "http://127.0.0.1:4010");
  CHECK(host == "github.com");
}

TEST_CASE("a token for github.com does not go to a company's server unasked") {
  const ForgeConfiguration both{"", "https://git.example.com/api/v3", {"https://github.com/acme/widgets"}};
  CHECK(choose_forge(both, some_token()).api_url == "https://api.github.com");
  const ForgeConfiguration demanded{"github", both.api_url, both.remote_urls};
  std::string host;
  CHECK(choose_forge(demanded, some_token(&host)).api_url == "https://git.example.com/api/v3");
  CHECK(host == "git.example.com");
}

TEST_CASE("addresses that would expose the token are refused") {
  CHECK(refusal({"github", "http://git.example.com/api/v3", {}}, some_token()).find("without encryption") !=
        std::string::npos);
  const std::string message = refusal({"github", "https://user:hunter2@git.example.com", {}}, some_token());
  CHECK(message.find("changeling.apiUrl") != std::string::npos);
  CHECK(message.find("hunter2") == std::string::npos);
  CHECK_FALSE(refusal({"github", "git.example.com", {}}, some_token()).empty());
  CHECK(choose_forge({"github", "http://[::1]:80/x", {"a:b/c"}}, some_token()).api_url ==
        "http://[::1]:80/x");
}

TEST_CASE("server addresses") {
  const auto one = parse_server_address("https://API.github.com/repos?x");
  const auto two = parse_server_address("https://api.github.com:443/other");
  REQUIRE(one);
  REQUIRE(two);
  CHECK(one->authority == "api.github.com");
  CHECK_FALSE(one->same_origin(*two));
  CHECK(two->host == "api.github.com");
  CHECK_FALSE(parse_server_address("https://"));
  CHECK_FALSE(parse_server_address("ssh://host/x"));
  CHECK_FALSE(parse_server_address("https://api.github.com@evil.example/"));
}

TEST_CASE("branches may go to a fork on the same host") {
  ForgeConfiguration configuration{"", "", {"https://github.com/acme/widgets"}};
  CHECK_FALSE(choose_forge(configuration, some_token()).fork);
  configuration.push_remote = "fork";
  configuration.push_urls = {"/srv/mirror.git", "ssh://git@ssh.github.com:443/ada/widgets-fork.git"};
  const auto choice = choose_forge(configuration, some_token());
  CHECK(choice.repository.owner == "acme");
  REQUIRE(choice.fork);
  CHECK(choice.fork->owner == "ada");
  CHECK(choice.fork->name == "widgets-fork");

  SUBCASE("another remote with the same repository is no fork") {
    configuration.push_urls = {"git@github.com:Acme/Widgets.git"};
    CHECK_FALSE(choose_forge(configuration, some_token()).fork);
  }
  SUBCASE("a repository on another host cannot be one") {
    configuration.push_urls = {"https://gitlab.com/ada/widgets"};
    CHECK(refusal(configuration, some_token()).find("branches go to the remote fork") != std::string::npos);
    CHECK(choose_forge(configuration, no_token).kind == ForgeKind::Local);
  }
}
