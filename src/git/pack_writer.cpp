#include "git/pack_writer.hpp"

#include "git/pack_file.hpp"
#include "git/raw_tree.hpp"
#include "git/repository_state.hpp"

namespace changeling::git {

struct PackWriter::State {
  explicit State(Repository& owner)
      : repository(owner), pack(owner.common_directory() / "objects" / "pack") {}
  Repository& repository;
  PackFile pack;
};

PackWriter::PackWriter(Repository& repository) : state_(std::make_unique<State>(repository)) {}
PackWriter::PackWriter(PackWriter&&) noexcept = default;
PackWriter::~PackWriter() = default;

ObjectId PackWriter::write_blob(std::string_view content) {
  return from_oid(state_->pack.add(GIT_OBJECT_BLOB, content));
}

ObjectId PackWriter::edit_tree(const ObjectId& base, const std::map<std::string, FileEdit>& edits) {
  const auto edited =
      edit_raw_tree(state_->repository.state_->trees(), to_oid(base), edits,
                    [&](std::string_view bytes) { return state_->pack.add(GIT_OBJECT_TREE, bytes); });
  return edited ? from_oid(*edited) : from_oid(state_->pack.add(GIT_OBJECT_TREE, ""));
}

void PackWriter::finish() {
  const Repository::State& repository = *state_->repository.state_;
  const SharedUmask rights(repository.shared_umask);
  if (auto keeper = state_->pack.finish(PackKeep::Yes)) repository.fresh_objects.keep(std::move(*keeper));
  check(git_odb_refresh(repository.database()), "find the new pack");
}

}  // namespace changeling::git
