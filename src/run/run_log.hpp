#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "project/places.hpp"
#include "run/bounded_file.hpp"
#include "secrets/redact.hpp"
#include "support/clock.hpp"

namespace changeling::run {

/// Writes a run's log and transcript as they come, line by line, with secrets taken out before anything
/// reaches the disk. What goes beyond 16 MiB of either is left out of its middle, see bounded_file.hpp.
class RunLog {
 public:
  RunLog(project::RunFiles files, Redactor redact, const Clock& clock);
  RunLog(const RunLog&) = delete;
  RunLog& operator=(const RunLog&) = delete;
  ~RunLog();

  /// "03:00:01 text" in the log.
  void note(std::string_view text);
  /// Output of a program, for the log as it is.
  void output(std::string_view bytes);
  /// What the agent printed, for the transcript only.
  void transcript(std::string_view bytes);
  /// Writes unfinished lines.
  void flush();
  /// To be called now and then: what is held back because more may belong to it is written once nothing has
  /// come for half a second. Whoever follows the log waits for it.
  void settle(std::chrono::steady_clock::time_point now);

  /// A sentence about what is not in log and transcript; empty when all is.
  std::string left_out() const;

  const Redactor& redactor() const { return redact_; }

 private:
  /// Collects what can be shown until a line is whole.
  class LineFile {
   public:
    LineFile(const std::filesystem::path& path, const Redactor& redact, BoundedFile::Notice notice);
    void write(std::string_view bytes);
    void flush();
    void settle(std::chrono::steady_clock::time_point now);
    /// Behind what was written so far: a line that is redacted already.
    void insert(std::string_view line);
    std::uint64_t left_out() const { return file_.left_out(); }

   private:
    void write_lines();
    void drop_oldest();

    BoundedFile file_;
    RedactedStream clean_;
    std::chrono::steady_clock::time_point next_write_{};
    std::chrono::steady_clock::time_point last_output_{};
    bool is_settled_ = true;  ///< Nothing is held back.
    std::string raw_;         ///< Not searched for secrets yet,
    std::string lines_;       ///< and searched, with an unfinished line.
  };

  Redactor redact_;
  const Clock& clock_;
  LineFile log_;
  LineFile transcript_;
};

}  // namespace changeling::run
