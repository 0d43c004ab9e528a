#pragma once

#include <map>
#include <string>

#include "support/clock.hpp"

namespace changeling::server::access {

/// A bucket of attempts for each address: a failed login takes one out, and one comes back every six
/// seconds. Who has none left waits, also with the right code.
class FailedLogins {
 public:
  static constexpr int most = 10;
  static constexpr Duration refill = std::chrono::seconds(6);

  /// Zero when an attempt is left, otherwise how long to wait for one.
  Duration wait_for(const std::string& address, Timestamp now);
  void note_failure(const std::string& address, Timestamp now);

 private:
  struct Bucket {
    double left = most;
    Timestamp looked_at;
  };
  Bucket& bucket_of(const std::string& address, Timestamp now);

  std::map<std::string, Bucket> buckets_;
};

}  // namespace changeling::server::access
