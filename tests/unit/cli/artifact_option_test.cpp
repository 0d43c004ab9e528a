#include "cli/artifact_option.hpp"

#include <doctest/doctest.h>

#include "support/error.hpp"

using namespace changeling;
using namespace changeling::cli;
using Kind = queue::Artifact::Kind;

TEST_CASE("an artifact is a kind, a path and perhaps a description") {
  struct Case {
    const char* word;
    Kind kind;
    const char* path;
    const char* description;
  };
  for (const Case& one : std::vector<Case>{
           {"file:report.md", Kind::File, "report.md", ""},
           {"file:report.md=What was found", Kind::File, "report.md", "What was found"},
           {"document:a b.md = x = y", Kind::Document, "a b.md", "x = y"},
           {"pr:12=Fix", Kind::PullRequest, "12", "Fix"},
           {"link:https://example.com/build=green", Kind::Link, "https://example.com/build", "green"},
           {"link:https://example.com/?run=5", Kind::Link, "https://example.com/?run=5", ""},
           {"link:https://example.com/?run=5 = the build", Kind::Link, "https://example.com/?run=5",
            "the build"},
       }) {
    CAPTURE(one.word);
    const queue::Artifact artifact = parse_artifact_option(one.word);
    CHECK(artifact.kind == one.kind);
    CHECK(artifact.path == one.path);
    CHECK(artifact.description == one.description);
  }
}

TEST_CASE("what is no artifact is a usage error") {
  for (const char* word : {"report.md", "flie:report.md", "file:", "file:=x", ""}) {
    CAPTURE(word);
    try {
      parse_artifact_option(word);
      FAIL("no error");
    } catch (const Error& error) {
      CHECK(error.kind() == ErrorKind::Usage);
      CHECK(std::string(error.what()).starts_with("--artifact: "));
    }
  }
}
