#include "git/remote_choice.hpp"

#include <doctest/doctest.h>

#include "../temporary_repository.hpp"
#include "support/error.hpp"

using namespace changeling;
using changeling::testing::TemporaryRepository;
using git::choose_remote;
using git::RemoteFacts;

TEST_CASE("the remote to work with") {
  RemoteFacts facts;
  CHECK(choose_remote(facts).name.empty());
  CHECK(choose_remote(facts).problem.empty());

  facts.names = {"upstream"};
  CHECK(choose_remote(facts).name == "upstream");
  CHECK(choose_remote(facts).reason.empty());

  facts.names = {"fork", "origin", "upstream"};
  CHECK(choose_remote(facts).name == "origin");

  facts.upstreams = {{"topic", "fork", false}};
  CHECK(choose_remote(facts).name == "fork");
  CHECK(choose_remote(facts).reason.find("the only one that branches follow") != std::string::npos);

  facts.shared = {"upstream"};
  CHECK(choose_remote(facts).name == "upstream");
  CHECK(choose_remote(facts).reason.find("has been shared so far") != std::string::npos);
  facts.shared = {"fork"};
  facts.upstreams = {{"main", "upstream", true}, {"topic", "fork", false}};
  CHECK(choose_remote(facts).name == "upstream");
  CHECK(choose_remote(facts).reason ==
        "of the remotes fork, origin, upstream it is upstream, because main follows it");

  facts.configured = "fork";
  CHECK(choose_remote(facts).name == "fork");
  CHECK(choose_remote(facts).reason.empty());
}

TEST_CASE("several remotes of which none stands out are a problem that is told with the key to set") {
  RemoteFacts facts;
  facts.names = {"alpha", "beta"};
  SUBCASE("nothing follows any") {}
  SUBCASE("branches follow both") {
    facts.upstreams = {{"one", "alpha", false}, {"two", "beta", false}};
  }
  SUBCASE("what branches follow is no remote") {
    facts.upstreams = {{"main", ".", true}, {"master", "https://example.com/x.git", true}};
  }
  const auto choice = choose_remote(facts);
  CHECK(choice.name.empty());
  CHECK(choice.problem.find("several remotes (alpha, beta)") != std::string::npos);
  CHECK(choice.hint.find("git config changeling.remote NAME") != std::string::npos);
}

TEST_CASE("changeling.remote that was renamed away is named with the remotes that are there") {
  RemoteFacts facts;
  facts.names = {"upstream"};
  facts.configured = "origin";
  CHECK_THROWS_WITH_AS(choose_remote(facts),
                       "changeling.remote: there is no remote 'origin', there is upstream", Error);
}

TEST_CASE("what a repository says about its remotes, and where branches go") {
  const TemporaryRepository home;
  home.git("remote add upstream ../up.git");
  home.git("config branch.main.remote upstream");
  home.git("remote add fork ../fork.git");
  const git::Repository repository = home.open();
  CHECK(choose_remote(git::remote_facts(repository)).name == "upstream");
  home.git("commit -q --allow-empty -m first");
  home.git("update-ref refs/changelings/remotes/fork/merged HEAD");
  CHECK(git::remote_facts(home.open()).shared == std::vector<std::string>{"fork"});
  CHECK(git::choose_push_remote(repository, "upstream") == "upstream");
  home.git("config remote.pushDefault https://example.com/x.git");
  CHECK(git::choose_push_remote(repository, "upstream") == "upstream");
  home.git("config remote.pushDefault fork");
  CHECK(git::choose_push_remote(repository, "upstream") == "fork");
  home.git("config changeling.pushRemote upstream");
  CHECK(git::choose_push_remote(repository, "upstream") == "upstream");
  home.git("config changeling.pushRemote gone");
  CHECK_THROWS_WITH_AS(git::choose_push_remote(repository, "upstream"),
                       doctest::Contains("changeling.pushRemote: there is no remote 'gone'"), Error);
  const git::RemoteChoice found = git::find_push_remote(repository, "upstream");
  CHECK(found.name == "upstream");
  CHECK(found.problem == "changeling.pushRemote: there is no remote 'gone', there is fork, upstream");
  CHECK(found.hint == "git config changeling.pushRemote NAME");
  CHECK(git::choose_push_remote(repository, "").empty());
}
