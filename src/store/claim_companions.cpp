#include "store/claim_companions.hpp"

#include "store/task_records.hpp"

namespace changeling::store {
namespace {

/// The first of them wait for the last.
constexpr std::size_t most_companions = 32;

}  // namespace

Snapshot ClaimCompanions::append(Snapshot last, const ClaimFindings& own) {
  taken_.clear();
  for (const auto& entry : own.changed) taken_.insert(entry.after.id);
  const std::vector<Companion> again = std::exchange(companions_, {});
  for (const Companion& companion : again) {
    if (board_.take_back(companion.request)) last = give_or_refuse(companion.request, std::move(last));
  }
  while (companions_.size() < most_companions) {
    const auto request = board_.take();
    if (!request) break;
    last = give_or_refuse(*request, std::move(last));
  }
  return last;
}

Snapshot ClaimCompanions::give_or_refuse(const RequestBoard::Request& request, Snapshot last) {
  try {
    if (auto next = give(request, last)) return std::move(*next);
  } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch): the owner meets it as well, and says it
  }
  board_.refuse(request);
  return last;
}

std::optional<Snapshot> ClaimCompanions::give(const RequestBoard::Request& request, const Snapshot& before) {
  const ClaimRequest claim = parse_claim_request(request.text);
  ClaimFindings findings;
  queue_.find_claims(claim, before, taken_, findings);
  if (findings.claimed.empty()) return std::nullopt;
  Change change;
  write_claims(findings, change);
  Operation operation = operation_of(findings, claim.terms);
  if (is_published_) operation = to_be_published(std::move(operation));
  auto after = store_.commit_operation(before, change, operation, claim.author);
  if (!after || !board_.prepare(request, to_text(ClaimAnswer{*after->commit(), findings})))
    return std::nullopt;
  for (const auto& entry : findings.changed) taken_.insert(entry.after.id);
  companions_.push_back({request, std::move(findings)});
  return after;
}

void ClaimCompanions::finish() {
  for (const Companion& companion : companions_) board_.finish(companion.request);
}

void ClaimCompanions::append_written(std::vector<WrittenTask>& written) const {
  for (const Companion& companion : companions_) store::append_written(companion.findings, written);
}

void write_claims(const ClaimFindings& findings, Change& change) {
  for (const auto& entry : findings.changed) change.write(task_path(entry.after.id), entry.text);
}

void append_written(const ClaimFindings& findings, std::vector<WrittenTask>& written) {
  for (const auto& entry : findings.changed) written.push_back({entry.after.id, &entry.after, &entry.text});
}

}  // namespace changeling::store
