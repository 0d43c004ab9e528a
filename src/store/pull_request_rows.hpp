#pragma once

#include <cstdint>

#include "git/repository.hpp"
#include "store/pull_request_record.hpp"
#include "store/sqlite.hpp"

namespace changeling::store {

// Rows of the index's table of local pull requests, written inside a transaction of the caller.

/// `blob` holds the record.
void put_pull_request(Database& database, const PullRequestRecord& pull, const git::ObjectId& blob);
void remove_pull_request(Database& database, std::int64_t number);

}  // namespace changeling::store
