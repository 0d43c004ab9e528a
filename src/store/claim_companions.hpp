#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "store/claim_request.hpp"
#include "store/task_queue.hpp"

namespace changeling::store {

/// The operation that a claim is, by what it came to.
Operation operation_of(const ClaimFindings& findings, const queue::ClaimTerms& terms);
void write_claims(const ClaimFindings& findings, Change& change);
/// The pointers lead into the findings.
void append_written(const ClaimFindings& findings, std::vector<WrittenTask>& written);

/// The claims of other processes that wait while one claims: decided one after the other, each on the state
/// with those before, and each by a commit of its own in its author's name. One that cannot be given is left
/// to its owner, who learns why by trying alone.
class ClaimCompanions {
 public:
  /// All must outlive it. Whoever has it holds the lock that the board belongs to. With a publisher the
  /// claims are given once it has accepted them.
  ClaimCompanions(TaskQueue& queue, Store& store, RequestBoard& board, const Publisher* publisher)
      : queue_(queue), store_(store), board_(board), is_published_(publisher != nullptr) {}

  /// See Store::Append. `own` is what was claimed for ourselves.
  Snapshot append(Snapshot last, const ClaimFindings& own);
  /// The reference was moved: tells all of them, once.
  void finish();
  /// Adds what was written for them. The pointers lead into this object.
  void append_written(std::vector<WrittenTask>& written) const;

 private:
  struct Companion {
    RequestBoard::Request request;
    ClaimFindings findings;
  };
  /// The state with the claim, or nothing.
  std::optional<Snapshot> give(const RequestBoard::Request& request, const Snapshot& before);
  Snapshot give_or_refuse(const RequestBoard::Request& request, Snapshot last);

  TaskQueue& queue_;
  Store& store_;
  RequestBoard& board_;
  bool is_published_;
  std::vector<Companion> companions_;  ///< With a prepared answer.
  std::set<std::string> taken_;        ///< The tasks that were changed in this step.
};

}  // namespace changeling::store
