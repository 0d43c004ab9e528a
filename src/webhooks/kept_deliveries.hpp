#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "support/clock.hpp"
#include "webhooks/outcomes.hpp"
#include "webhooks/signature.hpp"
#include "webhooks/sources.hpp"

namespace changeling::webhooks {

/// A delivery that this machine has received, found right, and keeps until it has been worked off and for a
/// while after it.
struct KeptDelivery {
  std::string key;  ///< store::delivery_key().
  std::string webhook;
  std::string source;
  std::string delivery;   ///< The source's own id; of a replay with "#" and a random word behind it.
  std::string event;      ///< May be empty.
  bool polled = false;    ///< The forge was asked for it; nobody sent it.
  std::string replay_of;  ///< Key of the one that it repeats, or empty.
  Headers headers;        ///< Without those that would let somebody else in.
  Timestamp received_at{};
  std::string problem;    ///< Why it still waits, of the last attempt; or empty.
  std::string outcome;    ///< A word of outcomes(); empty while it waits.
  std::string detail;     ///< See Finding.
  std::string run, task;  ///< Their ids, or empty.
  std::optional<Timestamp> finished_at = {};
};

/// For people and programs: without the headers that sign it.
nlohmann::json to_json(const KeptDelivery& delivery);

/// Without what a login or a token stands in.
Headers harmless_headers(Headers headers);

/// Deliveries as files, readable by their owner only, below `changelings/deliveries` in the git folder. Any
/// number of processes may use them.
class KeptDeliveries {
 public:
  explicit KeptDeliveries(std::filesystem::path folder) : folder_(std::move(folder)) {}

  enum class Kept {
    New,    ///< It outlives a power loss from now on.
    Known,  ///< See known_key().
    Full,   ///< So many wait that no more are taken.
  };
  Kept keep(const KeptDelivery& delivery, std::string_view body, SameBody same = SameBody::Another) const;
  bool is_known(const std::string& key) const;
  /// Of the kept one that this would repeat: by its key and, where the same body is a duplicate, by its body.
  /// Empty when there is none.
  std::string known_key(const KeptDelivery& delivery, std::string_view body, SameBody same) const;

  /// Oldest first.
  std::vector<KeptDelivery> waiting() const;
  /// Newest first.
  std::vector<KeptDelivery> all() const;
  /// By its key, or the beginning of one that only it has; also by the source's own id. Throws
  /// Error(NotFound) or Error(Usage).
  KeptDelivery find(const std::string& word) const;
  /// The bytes as they came. Throws Error(NotFound) when they have been forgotten.
  std::string body(const std::string& key) const;

  /// It still waits, with a problem.
  void note_problem(const KeptDelivery& delivery) const;
  /// It waits no more.
  void finish(const KeptDelivery& delivery) const;
  /// Removes what finished so long ago that nobody looks at it any more.
  void forget_old(Timestamp now) const;

  /// Held by the process that works them off.
  std::filesystem::path work_lock() const { return folder_ / "work.lock"; }

 private:
  std::filesystem::path waiting_file(const std::string& key) const;
  std::filesystem::path done_file(const std::string& key) const;
  std::filesystem::path body_file(const std::string& key) const;
  /// Has the key of the delivery that had this body.
  std::filesystem::path digest_file(const KeptDelivery& delivery, std::string_view body) const;
  void forget(const KeptDelivery& delivery) const;
  std::vector<KeptDelivery> read_all(const char* part) const;

  std::filesystem::path folder_;
};

}  // namespace changeling::webhooks
