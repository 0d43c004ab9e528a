#include "notify/channels.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "../error_of.hpp"
#include "../fixed_clock.hpp"
#include "../recording_programs.hpp"
#include "../temporary_folder.hpp"
#include "support/json.hpp"

using namespace changeling;
using namespace changeling::notify;
using changeling::test::RecordingPrograms;
using changeling::test::TemporaryFolder;
using changeling::testing::error_of;

namespace {

struct RecordingHttp : http::HttpClient {
  http::HttpResponse send(const http::HttpRequest& request) override {
    requests.push_back(request);
    http::HttpResponse response;
    response.status = status;
    response.body = body;
    return response;
  }
  int status = 200;
  std::string body = "ok";
  std::vector<http::HttpRequest> requests;
};

struct RecordingMail : http::MailClient {
  void send(const http::Mail& mail) override { sent.push_back(mail); }
  std::vector<http::Mail> sent;
};

struct Bench {
  void deliver(const char* channel) {
    const Means means{http,        mail,
                      programs,    testing::fixed_clock,
                      environment, [](const ServerAddress& server) { return "password of " + server.user; }};
    known_channel(channel).deliver(notification, settings, means);
  }

  RecordingHttp http;
  RecordingMail mail;
  RecordingPrograms programs;
  Environment environment;
  ChannelSettings settings;
  Notification notification{"failed",
                            "a",
                            "run 1",
                            "project",
                            "project: a failed",
                            "It failed.",
                            "https://example.org/1",
                            "git changeling status",
                            true};
};

std::string header(const http::HttpRequest& request, const std::string& name) {
  for (const auto& [key, value] : request.headers) {
    if (key == name) return value;
  }
  return "";
}

}  // namespace

TEST_CASE("channels are sorted, and a misspelt one is named with the nearest") {
  CHECK(std::is_sorted(channels().begin(), channels().end(),
                       [](const Channel& one, const Channel& two) { return one.name < two.name; }));
  CHECK(error_of([] { known_channel("slak"); })->hint() == "did you mean slack?");
  CHECK(channels_in_use({}).empty());
  ChannelSettings settings;
  settings.slack = "https://example.org";
  settings.desktop = true;
  CHECK(channels_in_use(settings) == std::vector<std::string>{"desktop", "slack"});
}

TEST_CASE("a command gets the notification as JSON, and starts no notification itself") {
  Bench bench;
  bench.settings.command = "tell-me";
  bench.deliver("command");
  REQUIRE(bench.programs.commands.size() == 1);
  const Command& command = bench.programs.commands[0];
  CHECK(command.arguments == std::vector<std::string>{"/bin/sh", "-c", "tell-me"});
  CHECK(Json::parse(command.standard_input)["title"] == "project: a failed");
  CHECK(command.environment->get("CHANGELING_EVENT") == "notification");
  CHECK(command.environment->get("CHANGELING_NOTIFICATION_TEXT") == "It failed.\n\nhttps://example.org/1");
}

TEST_CASE("a command that fails says why") {
  Bench bench;
  bench.settings.command = "tell-me";
  RecordingPrograms failing([](const Command&) { return RecordingPrograms::fails("no \x1b[1mway\n", 3); });
  const Means means{bench.http, bench.mail, failing, testing::fixed_clock, bench.environment, {}};
  const Error error =
      *error_of([&] { known_channel("command").deliver(bench.notification, bench.settings, means); });
  CHECK(std::string(error.what()) == "it ended with exit code 3: no \\u{1b}[1mway");
}

TEST_CASE("the desktop is told through notify-send, and nobody where there is none") {
  Bench bench;
  bench.settings.desktop = true;
  const TemporaryFolder folder;
  bench.environment.set("PATH", folder.path().string());
  bench.environment.set("DISPLAY", ":0");
  bench.deliver("desktop");
  CHECK(bench.programs.commands.empty());
  folder.write_script("notify-send", "#!/bin/sh\n");
  bench.notification.title = "--help";
  bench.deliver("desktop");
  REQUIRE(bench.programs.commands.size() == 1);
  const auto& words = bench.programs.commands[0].arguments;
  CHECK(words[0] == "notify-send");
  CHECK(words[2] == "--urgency=critical");
  CHECK(words[3] == "--");
  CHECK(words[4] == "--help");
}

TEST_CASE("mail goes to its server with the password that git keeps") {
  Bench bench;
  bench.settings.mail_to = {"a@example.org", "b@example.org"};
  bench.settings.mail_from = "me@example.org";
  CHECK(error_of([&] { bench.deliver("mail"); })->hint().find("changeling.notifyMailServer") !=
        std::string::npos);
  bench.settings.mail_server = "smtp://me@mail.example.org:587";
  bench.deliver("mail");
  REQUIRE(bench.mail.sent.size() == 1);
  const http::Mail& sent = bench.mail.sent[0];
  CHECK(sent.server == "smtp://mail.example.org:587");
  CHECK(sent.user == "me");
  CHECK(sent.password == "password of me");
  CHECK(sent.from == "me@example.org");
  CHECK(sent.to == bench.settings.mail_to);
  CHECK(sent.message.find("Subject: project: a failed\r\n") != std::string::npos);
}

TEST_CASE("ntfy gets title, link and priority in headers of one line") {
  Bench bench;
  bench.settings.ntfy = "https://me@ntfy.example.org/topic";
  bench.notification.title = std::string(40, 'x') + "\xe2\x82\xac" + std::string(40, 'y');
  bench.deliver("ntfy");
  REQUIRE(bench.http.requests.size() == 1);
  const http::HttpRequest& request = bench.http.requests[0];
  CHECK(request.method == "POST");
  CHECK(request.url == "https://ntfy.example.org/topic");
  CHECK(request.body == "It failed.\n\nhttps://example.org/1");
  CHECK(header(request, "Title").find_first_of("\r\n") == std::string::npos);
  CHECK(header(request, "Title").starts_with("=?UTF-8?Q?"));
  CHECK(header(request, "Click") == "https://example.org/1");
  CHECK(header(request, "Priority") == "high");
  CHECK(header(request, "Authorization") == "Basic bWU6cGFzc3dvcmQgb2YgbWU=");
}

TEST_CASE("an answer that is no success is an error without the address's secret") {
  Bench bench;
  bench.settings.slack = "https://hooks.example.org/services/T0/B0/very-secret";
  bench.http.status = 404;
  bench.http.body = "no_service";
  const Error error = *error_of([&] { bench.deliver("slack"); });
  CHECK(std::string(error.what()) == "hooks.example.org answered 404: no_service");
  bench.http.status = 200;
  bench.deliver("slack");
  CHECK(bench.http.requests.back().url == bench.settings.slack);
}
