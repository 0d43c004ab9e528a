#include <doctest/doctest.h>

#include "other_process.hpp"
#include "store/request_board.hpp"

using namespace changeling;
using namespace changeling::testing;

namespace fs = std::filesystem;

TEST_CASE("an answer for a process that was killed meanwhile is not given to the next one at its place") {
  const TemporaryRepository home;
  const fs::path file = home.path() / "board";
  store::RequestBoard board(file);
  const auto nobody = [] { return std::optional<FileLock>(); };
  const auto ask = [&](const std::string& text) {
    return Process([&file, &nobody, text] {
      const store::Turn turn = store::RequestBoard(file).wait(
          nobody, [&] { return text; }, std::chrono::minutes(1));
      return turn.is_done && turn.answer == "for " + text ? 0 : 1;
    });
  };
  const auto take = [&] {
    std::optional<store::RequestBoard::Request> request;
    REQUIRE(comes_true([&] { return (request = board.take()).has_value(); }));
    return *request;
  };
  Process first = ask("one");
  const auto one = take();
  first.kill();
  Process second = ask("two");
  const auto two = take();
  CHECK(two.place == one.place);
  CHECK(!board.prepare(one, "for one"));
  CHECK(board.prepare(two, "for two"));
  board.finish(one);
  board.finish(two);
  CHECK(second.wait() == 0);
}

TEST_CASE("a prepared answer that did not come true is taken back or looked up, never believed") {
  const TemporaryRepository home;
  const fs::path file = home.path() / "board";
  store::RequestBoard board(file);
  Process waiting([&file] {
    const auto nobody = [] { return std::optional<FileLock>(); };
    const store::Turn turn = store::RequestBoard(file).wait(
        nobody, [] { return "one"; }, std::chrono::milliseconds(1500));
    return !turn.lock && turn.answer == "perhaps" && !turn.is_done ? 0 : 1;
  });
  std::optional<store::RequestBoard::Request> request;
  REQUIRE(comes_true([&] { return (request = board.take()).has_value(); }));
  REQUIRE(board.prepare(*request, "first"));
  REQUIRE(board.take_back(*request));
  REQUIRE(board.prepare(*request, "perhaps"));
  CHECK(waiting.wait() == 0);
  // The patience has ended: it is too late to finish or to take back.
  CHECK(!board.take_back(*request));
}

TEST_CASE("who finds no place on the board, or can have none, waits for the lock alone") {
  const TemporaryFolder home;
  const fs::path file = home.path() / "board";
  auto board = store::BoardFile::open(file);
  REQUIRE(board);
  std::vector<store::BoardFile> others;
  for (int place = 0; place < store::BoardFile::places; ++place) {
    others.push_back(std::move(*store::BoardFile::open(file)));
    CHECK(others.back().occupy() == place);
  }
  CHECK(!board->occupy());
  others.pop_back();
  CHECK(board->occupy() == store::BoardFile::places - 1);

  const fs::path folder_in_its_place = home.path() / "folder";
  fs::create_directories(folder_in_its_place);
  store::RequestBoard none(folder_in_its_place);
  int tries = 0;
  const auto free_at_last = [&] {
    return ++tries < 2 ? std::nullopt : FileLock::try_acquire(home.path() / "lock");
  };
  CHECK(none.wait(
                free_at_last, [] { return "one"; }, std::chrono::minutes(1))
            .lock);
  CHECK(!none.take());
}

TEST_CASE("what is too long for the board is not handed in") {
  const TemporaryFolder home;
  auto board = store::BoardFile::open(home.path() / "board");
  REQUIRE(board);
  const int place = board->occupy().value();
  CHECK(!board->write_request(place, std::string(store::BoardFile::most_request_bytes + 1, 'a')));
  CHECK(!board->write_answer(place, std::string(store::BoardFile::most_answer_bytes + 1, 'a')));
  const std::string longest(store::BoardFile::most_answer_bytes, 'a');
  REQUIRE(board->write_answer(place, longest));
  CHECK(board->answer(place) == longest);
}
