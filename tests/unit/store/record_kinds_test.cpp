#include "store/record_kinds.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace changeling::store;

TEST_CASE("every kind of record has a folder and a layout of its own") {
  std::set<std::string_view> folders;
  for (const RecordKind* kind : record_kinds()) {
    CAPTURE(kind->layout);
    CHECK(folders.insert(kind->folder).second);
    CHECK(record_kind_at(kind->layout) == kind);
    CHECK_FALSE(kind->name.empty());
    CHECK_FALSE(kind->sentence.empty());
  }
}

TEST_CASE("a kind with rows in the index, or with a check of undo, can tell its places") {
  for (const RecordKind* kind : record_kinds()) {
    CAPTURE(kind->layout);
    if (kind->rows != nullptr || kind->check_undo != nullptr) CHECK(bool(kind->id_at));
    if (kind->merge != nullptr) CHECK(bool(kind->check));
  }
}

TEST_CASE("the kind of a path is told by its folder") {
  CHECK(record_kind_at("runs/ab/cd/abcdefgh.json") == &run_kind);
  CHECK(record_kind_at("items/garbage") == &task_kind);
  CHECK(record_kind_at("pulls/3.json") == &pull_request_kind);
  CHECK(record_kind_at("archive-runs/2026-01.jsonl") != record_kind_at("archive/2026-01.jsonl"));
  CHECK(record_kind_at("runs") == nullptr);
  CHECK(record_kind_at("runsabc/x") == nullptr);
  CHECK(record_kind_at("halt.json/x") == nullptr);
  CHECK(record_kind_at("") == nullptr);
}
