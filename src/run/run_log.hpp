#pragma once

#include <string>
#include <string_view>

#include "project/places.hpp"
#include "secrets/redact.hpp"
#include "support/clock.hpp"

namespace changeling::run {

/// Writes a run's log and transcript as they come, line by line, with secrets taken out before anything
/// reaches the disk.
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

  const Redactor& redactor() const { return redact_; }

 private:
  /// Collects what can be shown until a line is whole.
  class LineFile {
   public:
    LineFile(const std::filesystem::path& path, const Redactor& redact);
    LineFile(const LineFile&) = delete;
    LineFile& operator=(const LineFile&) = delete;
    ~LineFile();
    void write(std::string_view bytes);
    void flush();
    /// Behind what was written so far: a line that is redacted already.
    void insert(std::string_view line);

   private:
    void append(std::string_view text);
    int descriptor_;
    RedactedStream clean_;
    std::string lines_;
  };

  Redactor redact_;
  const Clock& clock_;
  LineFile log_;
  LineFile transcript_;
};

}  // namespace changeling::run
