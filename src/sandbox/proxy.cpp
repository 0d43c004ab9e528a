#include "sandbox/proxy.hpp"

#include <fmt/format.h>

#include <mutex>
#include <set>
#include <thread>

#include "sandbox/connection.hpp"
#include "sandbox/proxy_request.hpp"
#include "support/files.hpp"
#include "support/text.hpp"

namespace changeling::sandbox {
namespace {

/// Nobody reads more, and what is told must fit into a pipe that is read late.
constexpr std::size_t most_refused = 200;
constexpr std::size_t longest_name = 255;

/// What a proxy tells of those whom it refuses.
class Refusals {
 public:
  explicit Refusals(int output) : output_(output) {}

  void add(const Target& target) {
    const std::string name = target.port == 443 || target.port == 80
                                 ? target.host
                                 : fmt::format("{}:{}", target.host, target.port);
    const std::lock_guard guard(lock_);
    if (name.size() > longest_name || told_.size() >= most_refused || !told_.insert(name).second) return;
    const std::string line = name + "\n";
    [[maybe_unused]] const auto written = ::write(output_, line.data(), line.size());
  }

 private:
  int output_;
  std::mutex lock_;
  std::set<std::string> told_;
};

void answer(const FileDescriptor& client, std::string_view status, std::string_view text) {
  send_all(client, fmt::format("HTTP/1.1 {}\r\nContent-Type: text/plain\r\nContent-Length: {}\r\n"
                               "Connection: close\r\n\r\n{}",
                               status, text.size(), text));
}

void serve(const FileDescriptor& client, const std::vector<std::string>& list, Refusals& refusals) {
  const auto request = read_request(client);
  if (!request) return answer(client, "400 Bad Request", "this is a proxy for HTTP and HTTPS\n");
  if (!is_listed(request->target, list)) {
    refusals.add(request->target);
    return answer(client, "403 Forbidden",
                  fmt::format("{} is not among the hosts of this run's network\n", request->target.host));
  }
  const Reached reached = reach(request->target, list);
  if (reached.only_private) {
    refusals.add(request->target);
    return answer(client, "403 Forbidden",
                  fmt::format("{} leads to an address that is not listed\n", request->target.host));
  }
  if (!reached.socket) return answer(client, "502 Bad Gateway", "the host cannot be reached\n");
  if (request->is_tunnel) {
    send_all(client, "HTTP/1.1 200 Connection established\r\n\r\n");
  }
  if (send_all(reached.socket, request->to_send)) pass_on(client, reached.socket);
}

}  // namespace

ProxyProcess::ProxyProcess(const std::filesystem::path& folder, const std::filesystem::path& own_program,
                           const std::vector<std::string>& list, const Environment& environment) {
  create_private_directories(folder);
  listener_ = std::make_shared<FileDescriptor>(listen_at(folder / "proxy"));
  Command command;
  command.arguments = {own_program.string(), proxy_word, std::to_string(listener_->get())};
  command.arguments.insert(command.arguments.end(), list.begin(), list.end());
  command.environment = environment;
  command.inherited = {listener_};
  process_ = std::make_unique<ChildProcess>(ChildProcess::start(command, ChildProcess::StandardInput::Null));
}

std::vector<std::string> ProxyProcess::take_refused() {
  const auto collect = [&](std::string_view bytes) { unread_ += bytes; };
  process_->pump(std::chrono::milliseconds(0), collect, {});
  std::vector<std::string> hosts;
  for (std::size_t end = 0; (end = unread_.find('\n')) != std::string::npos; unread_.erase(0, end + 1))
    hosts.push_back(valid_utf8(unread_.substr(0, end)));
  return hosts;
}

int be_proxy(const FileDescriptor& listener, const std::vector<std::string>& list, int output) {
  Refusals refusals(output);
  for (;;) {
    FileDescriptor client = accept_from(listener);
    if (!client) return 1;
    std::thread([&list, &refusals, one = std::move(client)] { serve(one, list, refusals); }).detach();
  }
}

}  // namespace changeling::sandbox
