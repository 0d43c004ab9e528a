#include "server/access/failed_logins.hpp"

#include <algorithm>

namespace changeling::server::access {
namespace {

/// More addresses than this are remembered only while their bucket is not full.
constexpr std::size_t many_addresses = 1024;

double refilled(Duration passed) {
  return static_cast<double>(passed.count()) / static_cast<double>(FailedLogins::refill.count());
}

}  // namespace

FailedLogins::Bucket& FailedLogins::bucket_of(const std::string& address, Timestamp now) {
  if (buckets_.size() >= many_addresses) {
    std::erase_if(buckets_, [now](const auto& known) {
      return known.second.left + refilled(now - known.second.looked_at) >= most;
    });
  }
  const auto [place, is_new] = buckets_.try_emplace(address, Bucket{most, now});
  Bucket& bucket = place->second;
  bucket.left = std::clamp(bucket.left + refilled(now - bucket.looked_at), 0.0, double{most});
  bucket.looked_at = now;
  return bucket;
}

Duration FailedLogins::wait_for(const std::string& address, Timestamp now) {
  const double left = bucket_of(address, now).left;
  if (left >= 1) return Duration(0);
  return Duration(static_cast<Duration::rep>((1 - left) * static_cast<double>(refill.count())) + 1);
}

void FailedLogins::note_failure(const std::string& address, Timestamp now) {
  Bucket& bucket = bucket_of(address, now);
  bucket.left = std::max(bucket.left - 1, 0.0);
}

}  // namespace changeling::server::access
