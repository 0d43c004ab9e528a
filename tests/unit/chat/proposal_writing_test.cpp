#include "chat/proposal_writing.hpp"

#include <doctest/doctest.h>

#include "../error_of.hpp"
#include "../open_project.hpp"
#include "project/definitions.hpp"
#include "project/roles.hpp"
#include "project/trust.hpp"
#include "store/task_records.hpp"
#include "store/webhook_record.hpp"
#include "support/json.hpp"
#include "webhooks/secret_store.hpp"

using namespace changeling;
using namespace changeling::chat;
using project::Author;
using testing::error_of;
using testing::OpenProject;

namespace {

struct Repository : OpenProject {
  Repository() { project.store().initialize(); }

  static Proposal proposal(const std::string& json) { return proposal_from_json(Json::parse(json)); }
  Written confirm(const Proposal& proposal, Author author = Author::User) {
    return write(project, proposal, preview(project, proposal).digest, author);
  }
};

bool mentions(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

const std::string tidy =
    R"({"kind":"changeling","name":"tidy","fields":{"prompt":"Tidy up.","max_turns":5}})";

}  // namespace

TEST_CASE_FIXTURE(Repository, "a preview writes nothing and shows the whole record") {
  const auto before = project.snapshot().commit();
  const Preview seen = preview(project, proposal(tidy));
  CHECK(seen.is_new);
  CHECK(mentions(seen.difference, "+prompt = \"Tidy up.\""));
  CHECK(mentions(seen.difference, "+max_turns = 5"));
  CHECK(project.snapshot().commit() == before);
  CHECK_FALSE(project::DefinitionSet::load(project).contains("tidy"));
}

TEST_CASE_FIXTURE(Repository, "what a template brings is part of what is shown") {
  const Preview seen = preview(
      project, proposal(R"({"kind":"changeling","name":"sprite","fields":{"template":"typo-sprite"}})"));
  INFO(seen.difference);
  CHECK(mentions(seen.difference, "+run = "));
}

TEST_CASE_FIXTURE(Repository, "what a template brings cannot change between showing and confirming") {
  const auto commit_template = [&](const std::string& command) {
    write_definitions("[templates.own]\nrun = \"" + command + "\"\n");
  };
  commit_template("make tidy");
  const Proposal own = proposal(R"({"kind":"changeling","name":"tidy","fields":{"template":"own"}})");
  const std::string digest = preview(project, own).digest;
  commit_template("make trouble");
  const auto refused = error_of([&] { write(project, own, digest, Author::User); });
  REQUIRE(refused);
  CHECK(refused->kind() == ErrorKind::Conflict);
}

TEST_CASE_FIXTURE(Repository, "no line of a value passes for another field") {
  const Preview seen =
      preview(project,
              proposal(R"({"kind":"task","fields":{"title":"T","acceptance":["run:true\nstatus: ready"]}})"));
  CHECK(mentions(seen.difference, "+  - run:true\n+    status: ready\n"));
}

TEST_CASE_FIXTURE(Repository, "the user's word approves, and nobody else's does") {
  CHECK(confirm(proposal(tidy)).trusted);
  const Written other =
      confirm(proposal(R"({"kind":"changeling","name":"other","fields":{"run":"true"}})"), Author::Other);
  CHECK(other.is_new);
  CHECK_FALSE(other.trusted);
}

TEST_CASE_FIXTURE(Repository,
                  "a change shows the difference, keeps the other fields, and has another digest") {
  confirm(proposal(tidy));
  const Proposal change = proposal(R"({"kind":"changeling","name":"tidy","fields":{"max_turns":9}})");
  const Preview seen = preview(project, change);
  CHECK_FALSE(seen.is_new);
  CHECK(mentions(seen.difference, "-max_turns = 5"));
  CHECK(mentions(seen.difference, "+max_turns = 9"));
  CHECK_FALSE(mentions(seen.difference, "+prompt"));
  const Written written = confirm(change);
  CHECK_FALSE(written.is_new);
  const Definition now = project::DefinitionSet::load(project).resolve("tidy").definition;
  CHECK(now.prompt == "Tidy up.");
  CHECK(now.max_turns == 9);
  CHECK(preview(project, change).digest != seen.digest);
  CHECK(error_of([&] { write(project, change, seen.digest, Author::User); })->kind() == ErrorKind::Conflict);
}

TEST_CASE_FIXTURE(Repository, "what could not be is refused before anybody sees it") {
  for (const char* json :
       {R"({"kind":"changeling","name":"a/b","fields":{"prompt":"x"}})",
        R"({"kind":"changeling","name":"a","fields":{}})",
        R"({"kind":"changeling","name":"a","fields":{"prompt":"x","schedule":"61 * * * *"}})",
        R"({"kind":"changeling","name":"a","fields":{"prompt":"x","agent":"nobody"}})",
        R"({"kind":"changeling","name":"a","fields":{"template":"nothing"}})",
        R"({"kind":"role","name":"a","fields":{}})", R"({"kind":"task","fields":{"title":"two\nlines"}})",
        R"({"kind":"task","fields":{"description":"no title"}})",
        R"({"kind":"task","fields":{"title":"a","blocked_by":["zzzzzzzz"]}})",
        R"({"kind":"webhook","name":"a","fields":{"source":"github"}})",
        R"({"kind":"webhook","name":"a","fields":{"source":"github","changeling":"nobody"}})",
        R"({"kind":"webhook","name":"a","fields":{"source":"github","task":"{titel}"}})"}) {
    CAPTURE(json);
    CHECK(error_of([&] { preview(project, proposal(json)); }));
  }
}

TEST_CASE_FIXTURE(Repository, "a role is made and changed") {
  const Written made = confirm(
      proposal(R"({"kind":"role","name":"reviewer","fields":{"prompt":"Review.","accept":["file:a"]}})"));
  CHECK(made.trusted);
  confirm(proposal(R"({"kind":"role","name":"reviewer","fields":{"prompt":"Review it well."}})"));
  const RoleDefinition role = project::RoleSet::load(project).find("reviewer").role;
  CHECK(role.prompt == "Review it well.");
  CHECK(role.accept == std::vector<std::string>{"file:a"});
}

TEST_CASE_FIXTURE(Repository,
                  "a task is added, and its command lines are approved by the user's word alone") {
  const std::string json =
      R"({"kind":"task","fields":{"title":"Write it","acceptance":["run:true"],"priority":"high","status":"ready"}})";
  const Preview seen = preview(project, proposal(json));
  CHECK(mentions(seen.difference, "+title: Write it"));
  const Written theirs = confirm(proposal(json), Author::Other);
  const auto task = store::read_sound_task(project.snapshot(), theirs.name);
  REQUIRE(task);
  CHECK(task->status == queue::TaskStatus::Ready);
  CHECK(task->priority == queue::Priority::High);
  const auto trusted = [&] {
    return project::standing_of(project::open_approvals(project), criterion_subject("true")).trusted();
  };
  CHECK_FALSE(trusted());
  confirm(proposal(json));
  CHECK(trusted());
}

TEST_CASE_FIXTURE(Repository, "a webhook gets a secret of this machine's, which nothing shows") {
  const Proposal hook = proposal(
      R"({"kind":"webhook","name":"triage","fields":{"source":"generic","task":"{title}","events":["a"]}})");
  CHECK(confirm(hook, Author::Other).name == "triage");
  CHECK(store::read_webhook(project.snapshot(), "triage")->events == std::vector<std::string>{"a"});
  const auto secrets = webhooks::SecretStore(project).secrets("triage");
  REQUIRE(secrets.size() == 1);
  CHECK_FALSE(mentions(preview(project, hook).difference, secrets.front()));
}

TEST_CASE_FIXTURE(Repository, "a skill and a sub-agent are shown as a whole and written as they were shown") {
  const Proposal greet = proposal(
      R"({"kind":"skill","name":"greet","fields":{"description":"How","instructions":"Say hello."}})");
  CHECK(mentions(preview(project, greet).difference, "+Say hello."));
  CHECK(confirm(greet).trusted);
  const Proposal reader = proposal(
      R"({"kind":"agent","name":"reader","fields":{"description":"Reads","instructions":"Read.","skills":["greet"]}})");
  CHECK(mentions(preview(project, reader).difference, "+instructions = \"Read.\""));
  CHECK_FALSE(confirm(reader, Author::Other).trusted);
  CHECK(project::Helpers(project.snapshot()).subagent("reader").record.skills ==
        std::vector<std::string>{"greet"});
  const Proposal change = proposal(R"({"kind":"skill","name":"greet","fields":{"instructions":"Say hi."}})");
  const Preview seen = preview(project, change);
  CHECK_FALSE(seen.is_new);
  CHECK(mentions(seen.difference, "-Say hello."));
  confirm(change);
  CHECK(skill_text(project::Helpers(project.snapshot()).skill("greet").record).description == "How");
  CHECK(error_of([&] {
          preview(project,
                  proposal(R"({"kind":"agent","name":"x","fields":{"description":"x","instructions":"y",
                                        "skills":["nothing"]}})"));
        })->kind() == ErrorKind::NotFound);
}
