#include "project/outbox.hpp"

#include <algorithm>

#include "support/error.hpp"
#include "support/files.hpp"
#include "support/json.hpp"

namespace changeling::project {
namespace {

namespace fs = std::filesystem;

Json to_json(const OutboxEntry& entry) {
  const forge::Proposal& proposal = entry.proposal;
  return {{"run", proposal.run},
          {"changeling", proposal.changeling},
          {"branch", proposal.branch},
          {"base", proposal.base},
          {"base_commit", proposal.base_commit},
          {"head", proposal.head},
          {"title", proposal.title},
          {"body", proposal.body},
          {"patch_id", proposal.patch_id},
          {"draft", proposal.draft},
          {"labels", proposal.labels},
          {"reviewers", proposal.reviewers},
          {"replaces", entry.replaces},
          {"continues", entry.continues},
          {"task", entry.task},
          {"token", entry.token},
          {"works_on", entry.works_on},
          {"own_branch", entry.own_branch},
          {"report", entry.is_report},
          {"most_open", entry.most_open},
          {"outcome", entry.outcome ? Json(to_string(*entry.outcome)) : Json(nullptr)},
          {"proposed", entry.proposed},
          {"created_at", format_timestamp(entry.created_at)},
          {"tries", entry.tries},
          {"next_try", format_timestamp(entry.next_try)},
          {"error", entry.error}};
}

OutboxEntry from_json(const Json& record) {
  const auto text = [&](const char* key) { return json_string(record, key).value_or(""); };
  const auto number = [&](const char* key) { return json_integer(record, key).value_or(0); };
  OutboxEntry entry;
  entry.proposal = {text("changeling"),
                    text("run"),
                    text("branch"),
                    text("base"),
                    text("base_commit"),
                    text("head"),
                    text("title"),
                    text("body"),
                    text("patch_id"),
                    json_bool(record, "draft").value_or(false),
                    json_strings(record, "labels"),
                    json_strings(record, "reviewers")};
  entry.replaces = text("replaces");
  entry.continues = number("continues");
  entry.task = text("task");
  entry.token = number("token");
  entry.works_on = text("works_on");
  entry.most_open = number("most_open");
  entry.own_branch = text("own_branch");
  entry.is_report = json_bool(record, "report").value_or(false);
  if (const auto outcome = json_string(record, "outcome")) entry.outcome = store::parse_outcome(*outcome);
  entry.proposed = json_bool(record, "proposed").value_or(false);
  entry.created_at = json_timestamp(record, "created_at").value_or(Timestamp{});
  entry.tries = number("tries");
  entry.next_try = json_timestamp(record, "next_try").value_or(Timestamp{});
  entry.error = text("error");
  const bool has_work = !entry.proposal.branch.empty() && !entry.proposal.head.empty();
  if (entry.proposal.run.empty() || (!has_work && !entry.is_report))
    throw Error(ErrorKind::Invalid, "run, branch or head is missing");
  return entry;
}

}  // namespace

void Outbox::keep(const OutboxEntry& entry) const {
  write_file(file_of(entry.proposal.run), to_json(entry).dump(1) + "\n");
}

void Outbox::drop(const std::string& run_id) const {
  std::error_code ignored;
  fs::remove(file_of(run_id), ignored);
}

bool Outbox::empty() const {
  std::error_code missing;
  const auto files = fs::directory_iterator(folder_, missing);
  return std::none_of(begin(files), end(files),
                      [](const fs::directory_entry& file) { return file.path().extension() == ".json"; });
}

bool Outbox::has(const std::string& run_id) const {
  std::error_code missing;
  return fs::exists(file_of(run_id), missing);
}

std::vector<OutboxEntry> Outbox::entries(std::vector<std::string>& damaged) const {
  std::vector<OutboxEntry> entries;
  std::error_code missing;
  for (const auto& file : fs::directory_iterator(folder_, missing)) {
    if (file.path().extension() != ".json") continue;
    try {
      const auto text = read_file_if_exists(file.path());
      if (!text) continue;
      OutboxEntry entry = from_json(parse_json(*text, file.path().string()));
      // The name leads to files, and is written by whoever may write here.
      if (entry.proposal.run != file.path().stem().string())
        throw Error(ErrorKind::Invalid, "it is of another run than its name says");
      entries.push_back(std::move(entry));
    } catch (const std::exception& error) {
      damaged.push_back(file.path().string() + ": " + error.what());
    }
  }
  std::sort(entries.begin(), entries.end(), [](const OutboxEntry& one, const OutboxEntry& two) {
    return std::tie(one.created_at, one.proposal.run) < std::tie(two.created_at, two.proposal.run);
  });
  return entries;
}

std::vector<OutboxEntry> Outbox::entries() const {
  std::vector<std::string> damaged;
  return entries(damaged);
}

}  // namespace changeling::project
