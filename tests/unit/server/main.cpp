// The floor's tests start this program again as the processes that the service has beside it: a run in the
// background is led by it and a chat answered (project/own_program.hpp), and it stands in for workers of the
// pool and for crews.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <string>
#include <vector>

#include "chat/conversation.hpp"
#include "project/own_program.hpp"
#include "run/start.hpp"
#include "server/frame.hpp"
#include "support/withheld_tokens.hpp"

namespace {

using namespace changeling;

/// Lets `work` do in the background what was ordered for the repository.
template <typename Work>
int in_background(const std::string& folder, const Work& work) {
  const ReportStart report_start = report_from_background();
  project::Opening opening;
  opening.environment = take_environment();
  opening.directories = {folder};
  try {
    project::Project project(opening);
    work(project, report_start);
    return 0;
  } catch (const std::exception& error) {
    report_start(error.what());
    return 1;
  }
}

int lead_run(const std::string& folder) {
  const run::RunOrder order = run::run_order_from_json(project::read_order());
  return in_background(folder, [&](project::Project& project, const ReportStart& report_start) {
    run::lead_in_background(project, order, report_start);
  });
}

int answer_chat(const std::string& folder) {
  const chat::MessageOrder order = chat::message_order_from_json(project::read_order());
  return in_background(folder, [&](project::Project& project, const ReportStart& report_start) {
    chat::answer_in_background(project, order, report_start);
  });
}

/// Answers with its process number; {"do": "crash"} and {"do": "hang"} it does instead.
int be_pool_worker(int socket) {
  server::FrameReader reader;
  std::array<char, 4096> buffer;
  for (;;) {
    const auto question = reader.next();
    if (!question) {
      const ssize_t count = ::recv(socket, buffer.data(), buffer.size(), 0);
      if (count <= 0) return 0;
      reader.add({buffer.data(), static_cast<std::size_t>(count)});
      continue;
    }
    const std::string word = json_string(question->about, "do").value_or("");
    if (word == "crash") std::raise(SIGKILL);
    if (word == "hang") ::pause();
    const std::string answer = server::encode({{{"process", ::getpid()}, {"asked", word}}, question->body});
    if (::send(socket, answer.data(), answer.size(), MSG_NOSIGNAL) < 0) return 1;
  }
}

/// As a crew that has nothing to do: until TERM, which is blocked until somebody takes it.
int be_crew() {
  sigset_t wanted;
  ::sigemptyset(&wanted);
  ::sigaddset(&wanted, SIGTERM);
  int signal = 0;
  return ::sigwait(&wanted, &signal);
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  // -C FOLDER __lead-run, or __answer-chat
  if (words.size() == 3 && words[2] == run::lead_run_word) return lead_run(words[1]);
  if (words.size() == 3 && words[2] == chat::answer_word) return answer_chat(words[1]);
  if (words.size() == 2 && words[0] == "__pool-worker") return be_pool_worker(std::atoi(words[1].c_str()));
  // -C FOLDER --quiet --json work
  if (words.size() >= 5 && words[4] == "work") return be_crew();
  return doctest::Context(argc, argv).run();
}
