#pragma once

#include <functional>
#include <string>
#include <vector>

namespace changeling {

/// What everything that waits for a network asks, a few times a second, whether to go on waiting. Not to be
/// shared between threads.
class Interruption {
 public:
  using Question = std::function<bool()>;

  /// While it lives its question is the one that counts; the one before counts again afterwards.
  class Scope {
   public:
    Scope(Interruption& interruption, Question question) : interruption_(interruption) {
      interruption_.questions_.push_back(std::move(question));
    }
    ~Scope() { interruption_.questions_.pop_back(); }
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    Interruption& interruption_;
  };

  /// Whether the waiting is to end; false when nobody asks for it.
  bool requested() const { return !questions_.empty() && questions_.back() && questions_.back()(); }
  /// Throws Error(Interrupted) that says what was under way, "talking to origin", if the waiting is to end.
  void check(const std::string& what) const;

 private:
  std::vector<Question> questions_;
};

/// As check, where there may be nobody to ask.
void check_interruption(const Interruption* interruption, const std::string& what);

}  // namespace changeling
