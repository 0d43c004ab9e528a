#include "run/hand_over.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "run/lfs_hand_over.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/json.hpp"
#include "support/reading_limits.hpp"
#include "support/text.hpp"

namespace changeling::run {
namespace {

namespace fs = std::filesystem;

constexpr git::BundleLimits limits{most_object_bytes, 1'000'000, 4 * most_object_bytes};
constexpr const char* record_file = "run.json";
constexpr const char* text_file = "text.json";
constexpr const char* report_file = "report.md";

std::string reference_for(const std::string& run_id, const char* part) {
  return fmt::format("refs/changelings/hand-over/{}/{}", run_id, part);
}
std::string record_reference(const std::string& run_id) {
  return reference_for(run_id, "record");
}
std::string work_reference(const std::string& run_id) {
  return reference_for(run_id, "work");
}

/// References for the time that git needs to write them into a file.
class PassingReferences {
 public:
  explicit PassingReferences(git::Repository& repository) : repository_(repository) {}
  PassingReferences(const PassingReferences&) = delete;
  PassingReferences& operator=(const PassingReferences&) = delete;
  ~PassingReferences() {
    for (const auto& [name, id] : made_) {
      try {
        repository_.remove_reference(name, id);
      } catch (const Error&) {
        continue;  // It says nothing that is not true.
      }
    }
  }

  void make(const std::string& name, const git::ObjectId& id) {
    const auto before = repository_.resolve(name);
    if (repository_.compare_and_swap(name, before, id, "changeling: hand over") != git::SwapResult::Swapped)
      throw Error(ErrorKind::Conflict, fmt::format("{} moved while the run was handed over", name));
    made_.emplace(name, id);
  }
  std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const auto& [name, id] : made_) names.push_back(name);
    return names;
  }

 private:
  git::Repository& repository_;
  std::map<std::string, git::ObjectId> made_;
};

git::ObjectId record_commit(const project::Services& services, const HandOver& hand_over) {
  git::Repository& repository = services.repository;
  const auto blob = [&](const std::string& content) { return git::FileEdit(repository.write_blob(content)); };
  const Json text{{"summary", hand_over.text.summary}, {"description", hand_over.text.description}};
  std::map<std::string, git::FileEdit> files{{record_file, blob(to_json(hand_over.record).dump(1) + "\n")},
                                             {text_file, blob(text.dump(1) + "\n")},
                                             {report_file, blob(hand_over.report)}};
  const store::RunRecord& record = hand_over.record;
  if (!record.head.empty() && !record.base_commit.empty())
    files.merge(lfs_objects_for_hand_over(services, git::ObjectId::from_hex(record.base_commit),
                                          git::ObjectId::from_hex(record.head)));
  const git::ObjectId tree = repository.edit_tree(repository.empty_tree(), files);
  return repository.create_commit(tree, {}, services.store.actor(), services.clock.now(),
                                  fmt::format("Hand over run {}\n", hand_over.record.id));
}

/// The text of a file in it, within the limit of records.
std::string text_of(const git::ForeignBundle& bundle, const git::ObjectId& tree, const std::string& name) {
  const auto text = bundle.contents().read_file(tree, name);
  if (!text) throw Error(ErrorKind::Invalid, fmt::format("{} is missing in it", name));
  if (text->size() > most_record_bytes)
    throw Error(ErrorKind::Invalid,
                fmt::format("{} in it is larger than {} KiB", name, most_record_bytes >> 10));
  return *text;
}

HandOver read(const git::ForeignBundle& bundle, const git::ObjectId& tree, const std::string& run_id) {
  HandOver told;
  told.record = store::parse_run(text_of(bundle, tree, record_file), run_id, record_file);
  const Json text = parse_json(text_of(bundle, tree, text_file), text_file);
  told.text.summary = json_string(text, "summary").value_or("");
  told.text.description = json_string(text, "description").value_or("");
  told.report = valid_utf8(text_of(bundle, tree, report_file));
  return told;
}

}  // namespace

void write_hand_over(const project::Services& services, const HandOver& hand_over, const fs::path& file) {
  const store::RunRecord& record = hand_over.record;
  PassingReferences references(services.repository);
  references.make(record_reference(record.id), record_commit(services, hand_over));
  if (!record.head.empty()) references.make(work_reference(record.id), git::ObjectId::from_hex(record.head));
  create_private_directories(fs::absolute(file).parent_path());
  std::vector<std::string> arguments{"bundle", "create", "--quiet", fs::absolute(file).string()};
  for (const std::string& name : references.names()) arguments.push_back(name);
  arguments.emplace_back("--not");
  if (!record.base_commit.empty()) arguments.push_back(record.base_commit);
  if (!services.remote.empty()) arguments.push_back("--remotes=" + services.remote);
  services.git.check(arguments);
}

ReceivedHandOver::ReceivedHandOver(const project::Services& services, const fs::path& file,
                                   const std::string& run_id)
    : bundle_(std::make_unique<git::ForeignBundle>(services.git, services.repository, file,
                                                   services.places.local_folder() / "received" / run_id,
                                                   limits)) {
  const auto& references = bundle_->references();
  const auto record = references.find(record_reference(run_id));
  const auto work = references.find(work_reference(run_id));
  const std::size_t known = std::size_t{record != references.end()} + std::size_t{work != references.end()};
  if (record == references.end() || references.size() != known)
    throw Error(ErrorKind::Invalid, fmt::format("it does not hold run {} and nothing else", run_id));
  tree_ = bundle_->contents().commit(record->second).tree;
  told_ = read(*bundle_, *tree_, run_id);
  if (work != references.end()) work_ = work->second;
}

void ReceivedHandOver::take_objects(const project::Services& services, const git::ObjectId& base,
                                    const git::ObjectId& head) const {
  take_lfs_objects(services, bundle_->contents(), *tree_, base, head);
}

}  // namespace changeling::run
