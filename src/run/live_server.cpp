#include "run/live_server.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <chrono>

#include "support/error.hpp"
#include "support/json.hpp"
#include "support/text.hpp"

namespace changeling::run {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t most_visitors = 64;
constexpr std::size_t log_part = 16 * 1024;
/// Who reads slower than the agent writes gets the rest when there is room again.
constexpr std::size_t most_unsent = 256 * 1024;
constexpr off_t longest_tail = 1 << 20;
constexpr milliseconds patience_at_end{5000};

std::string dump(const Json& object) {
  return object.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json refusal(const std::string& reason) {
  return {{"ok", false}, {"reason", reason}};
}

off_t size_of(const FileDescriptor& file) {
  struct stat status {};
  return ::fstat(file.get(), &status) == 0 ? status.st_size : 0;
}

std::string read_part(const FileDescriptor& file, off_t position, std::size_t limit) {
  std::string bytes(limit, '\0');
  const ssize_t count = ::pread(file.get(), bytes.data(), bytes.size(), position);
  bytes.resize(static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
  return bytes;
}

/// Where the last `lines` lines begin.
off_t start_of_tail(const FileDescriptor& file, std::int64_t lines) {
  const off_t size = size_of(file);
  const off_t begin = std::max<off_t>(size - longest_tail, 0);
  const std::string text = read_part(file, begin, static_cast<std::size_t>(size - begin));
  std::size_t start = text.size();
  for (; lines > 0 && start > 0; --lines) {
    const auto newline = start > 1 ? text.rfind('\n', start - 2) : std::string::npos;
    start = newline == std::string::npos ? 0 : newline + 1;
  }
  return begin + static_cast<off_t>(start);
}

}  // namespace

LiveServer::LiveServer(const project::RunFiles& files, const store::RunRecord& run, OnMessage on_message)
    : files_(files), run_id_(run.id), changeling_(run.changeling), on_message_(std::move(on_message)) {
  try {
    listener_.emplace(files.socket());
  } catch (const Error& error) {
    problem_ = error.what();
  }
}

std::vector<pollfd> LiveServer::watched() const {
  std::vector<pollfd> all;
  if (listener_ && visitors_.size() < most_visitors) all.push_back({listener_->descriptor(), POLLIN, 0});
  for (const Visitor& visitor : visitors_) {
    const int events =
        (visitor.socket.input_ended() ? 0 : POLLIN) | (visitor.socket.unsent() > 0 ? POLLOUT : 0);
    all.push_back({visitor.socket.descriptor(), static_cast<short>(events), 0});
  }
  return all;
}

void LiveServer::serve() {
  while (listener_ && visitors_.size() < most_visitors) {
    auto visitor = listener_->accept();
    if (!visitor) break;
    visitors_.push_back({std::move(*visitor)});
  }
  for (auto visitor = visitors_.begin(); visitor != visitors_.end();) {
    const auto lines = visitor->socket.receive();
    // Who has given up waiting must not find out later that it happened after all.
    bool leaves = visitor->socket.gone();
    if (!leaves) {
      for (const std::string& line : lines) handle(*visitor, line);
      send_log(*visitor);
      visitor->socket.flush();
      leaves = visitor->socket.input_ended() && !visitor->log && visitor->socket.unsent() == 0;
    }
    visitor = leaves ? visitors_.erase(visitor) : std::next(visitor);
  }
}

void LiveServer::handle(Visitor& visitor, const std::string& line) {
  if (trim(line).empty()) return;
  const Json request = Json::parse(line, nullptr, false);
  Json reply;
  try {
    reply =
        request.is_object() ? answer(visitor, request) : refusal("a request is a JSON object in one line");
  } catch (const Error& error) {
    reply = refusal(error.what());
  }
  visitor.socket.send(dump(reply));
}

Json LiveServer::answer(Visitor& visitor, const Json& request) {
  const std::string what = json_string(request, "do").value_or("");
  if (what == "send") return pass_on(request);
  if (what == "answer") return take_answer(request);
  if (what == "attach") return attach(visitor, request);
  if (what != "stop") {
    return refusal(fmt::format("there is no request '{}'; there are answer, attach, send, stop", what));
  }
  stop_requested_ = true;
  return {{"ok", true}};
}

Json LiveServer::pass_on(const Json& request) {
  const std::string text = json_string(request, "text").value_or("");
  if (trim(text).empty()) return refusal("the message is empty");
  if (stop_requested_) return refusal("the run is being stopped");
  if (!receiver_) return refusal(refusal_);
  const bool is_queued = is_busy_ && is_busy_();
  if (const auto reason = receiver_(text)) return refusal(*reason);
  if (on_message_) on_message_(json_string(request, "from").value_or("somebody"), text);
  Json reply{{"ok", true}};
  if (is_queued) reply["queued"] = true;
  return reply;
}

std::optional<std::string> LiveServer::deliver(const std::string& text) const {
  return receiver_ ? receiver_(text) : std::optional(refusal_);
}

Json LiveServer::take_answer(const Json& request) {
  const std::string text = json_string(request, "text").value_or("");
  if (trim(text).empty()) return refusal("the answer is empty");
  if (stop_requested_) return refusal("the run is being stopped");
  if (!answerer_) return refusal("the agent has no open question");
  const auto number = json_integer(request, "question").value_or(0);
  const bool is_read =
      answerer_(static_cast<int>(number), text, json_string(request, "from").value_or("somebody"));
  return {{"ok", true}, {"read", is_read}};
}

Json LiveServer::attach(Visitor& visitor, const Json& request) {
  const auto tail = json_integer(request, "tail");
  visitor.log = FileDescriptor(::open(files_.log().c_str(), O_RDONLY | O_CLOEXEC));
  if (!visitor.log) return refusal("the run has no log");
  visitor.position = tail ? start_of_tail(visitor.log, *tail) : 0;
  Json reply{{"ok", true},
             {"run", run_id_},
             {"changeling", changeling_},
             {"takes_messages", static_cast<bool>(receiver_)}};
  if (!receiver_) reply["reason"] = refusal_;
  return reply;
}

bool LiveServer::send_log(Visitor& visitor, bool to_the_end) {
  while (visitor.log) {
    if (visitor.socket.unsent() >= most_unsent) return false;
    std::string part = read_part(visitor.log, visitor.position, log_part);
    // Up to the end of a line, so that no character is cut in two.
    const auto newline = part.rfind('\n');
    if (newline != std::string::npos) {
      part.resize(newline + 1);
    } else if (part.size() < log_part && !to_the_end) {
      return true;
    }
    if (part.empty()) return true;
    visitor.position += static_cast<off_t>(part.size());
    visitor.socket.send(dump({{"output", part}}));
  }
  return true;
}

void LiveServer::announce_end(const store::RunRecord& run) {
  serve();
  listener_.reset();
  const Json end{{"ended",
                  {{"outcome", run.outcome ? Json(store::to_string(*run.outcome)) : Json(nullptr)},
                   {"success", run.outcome && store::is_success(*run.outcome)},
                   {"error", run.error}}}};
  const auto deadline = steady_clock::now() + patience_at_end;
  for (Visitor& visitor : visitors_) {
    if (!visitor.log) continue;
    bool announced = false;
    while (!visitor.socket.gone()) {
      if (!announced && send_log(visitor, true)) {
        visitor.socket.send(dump(end));
        announced = true;
      }
      const auto left = std::chrono::ceil<milliseconds>(deadline - steady_clock::now());
      if ((announced && visitor.socket.unsent() == 0) || left <= milliseconds(0)) break;
      visitor.socket.wait(left);
      visitor.socket.receive();
      visitor.socket.flush();
    }
  }
  visitors_.clear();
}

void LiveServer::take_messages(Receiver receiver, IsBusy is_busy) {
  receiver_ = std::move(receiver);
  is_busy_ = std::move(is_busy);
}

void LiveServer::refuse_messages(std::string reason) {
  receiver_ = nullptr;
  is_busy_ = nullptr;
  refusal_ = std::move(reason);
}

ReceivingMessages::ReceivingMessages(LiveServer* live, LiveServer::Receiver receiver,
                                     LiveServer::IsBusy is_busy)
    : live_(live) {
  if (live_ != nullptr) live_->take_messages(std::move(receiver), std::move(is_busy));
}

ReceivingMessages::~ReceivingMessages() {
  if (live_ != nullptr) live_->refuse_messages("the agent has ended");
}

}  // namespace changeling::run
