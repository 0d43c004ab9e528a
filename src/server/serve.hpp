#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "server/listener.hpp"
#include "server/worker.hpp"
#include "support/clock.hpp"
#include "support/environment.hpp"

namespace changeling::server {

inline constexpr std::string_view default_listen = "127.0.0.1:8473";

/// What `git changeling serve` was asked for.
struct ServeOptions {
  std::string listen{default_listen};
  Scope scope;
  bool allow_remote = false;
  bool json = false;
  std::size_t task_workers = 0;                      ///< Workers on tasks, for each repository.
  std::size_t processes = 4;                         ///< That answer requests.
  Duration drain_time = std::chrono::seconds(30);    ///< After TERM.
  Duration request_time = std::chrono::seconds(30);  ///< For the answer to one request.
};

/// Throws Error(Usage) for words that it does not know.
ServeOptions read_serve_options(const std::vector<std::string>& words);

/// Throws Error(Refused) for a place that other machines reach, unless --allow-remote allows it.
void refuse_other_machines(const Place& place, const ServeOptions& options);

/// Where the server writes what people and programs read.
struct Outlets {
  Log say;  ///< Standard output: one line when it answers.
  Log log;  ///< Standard error.
};

/// Serves until INT or TERM has been obeyed. Throws Error when it cannot begin.
void serve(const ServeOptions& options, const Environment& environment, const Outlets& outlets);

/// What `serve login` does: a new login link of the server that runs with these options, or the default ones.
/// Throws Error(Unavailable) where none answers.
std::string new_login_link(const ServeOptions& options, const Environment& environment);

}  // namespace changeling::server
