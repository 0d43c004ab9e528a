#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "support/environment.hpp"
#include "support/process.hpp"

namespace changeling::deploy {

/// The `modal` program of Modal's Python client, on the user's PATH and with the user's login.
class ModalProgram {
 public:
  ModalProgram(ProcessRunner& processes, const Environment& environment)
      : processes_(processes), environment_(environment) {}

  bool installed() const;
  /// Throws Error(NotFound) without the program and Error(Refused) without a login, each with what to type.
  void require() const;

  /// State of each app by name, such as "deployed". Throws Error(External) when Modal cannot be asked within
  /// the time.
  std::map<std::string, std::string> apps(std::chrono::milliseconds time_limit) const;
  /// Throws Error(External) with what the program says.
  void deploy(const std::filesystem::path& file) const;
  void stop(const std::string& app) const;
  /// Runs the app's function to its end and hands over what is printed. Returns the exit code.
  int run(const std::filesystem::path& file, const std::string& run_id, bool detach,
          const std::function<void(std::string_view)>& on_output,
          const std::function<bool()>& stop_requested) const;

 private:
  ProcessResult call(const std::vector<std::string>& words, std::chrono::milliseconds time_limit) const;

  ProcessRunner& processes_;
  const Environment& environment_;
};

}  // namespace changeling::deploy
