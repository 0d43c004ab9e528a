#include "run/questions.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>

#include <algorithm>
#include <thread>

#include "run/artifacts.hpp"
#include "support/error.hpp"
#include "support/file_descriptor.hpp"
#include "support/files.hpp"
#include "support/json.hpp"
#include "support/text.hpp"

namespace changeling::run {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// Looked at of the agent's folder; who puts more there is not read.
constexpr std::size_t most_files = 4 * most_questions;
/// Text and choices, written out in JSON.
constexpr std::size_t largest_file = 64 * 1024;
/// What the agent's side may take until it holds its lock.
constexpr std::chrono::seconds time_to_lock{5};
/// What the leader may take until it has looked at a question.
constexpr std::chrono::seconds time_to_take{10};
constexpr milliseconds time_between_looks{200};

constexpr std::string_view ending = ".json";

fs::path answer_file(const fs::path& folder, const std::string& key) {
  return folder / fmt::format("{}{}", key, ending);
}

fs::path open_file(const fs::path& folder, const std::string& key) {
  return folder / fmt::format("{}.open", key);
}

/// Of a file's name; empty when it is no question's.
std::string key_of(const fs::path& file) {
  constexpr std::size_t digits = 16;
  const std::string name = file.filename().string();
  const bool is_one = name.size() == digits + ending.size() && name.ends_with(ending) &&
                      name.find_first_not_of("0123456789abcdef") == digits;
  return is_one ? name.substr(0, digits) : "";
}

std::vector<fs::path> files_in(const fs::path& folder) {
  std::vector<fs::path> files;
  if (!is_own_folder(folder)) return files;
  std::error_code unreadable;
  for (fs::directory_iterator entry(folder, unreadable), end;
       !unreadable && entry != end && files.size() < most_files; entry.increment(unreadable))
    files.push_back(entry->path());
  return files;
}

void write_answer(const fs::path& folder, const std::string& key, const Json& answer) {
  write_file(answer_file(folder, key), json_text(answer) + "\n", Outlives::Process);
}

}  // namespace

Questions::Questions(project::RunFiles files, fs::path asked, const Redactor& redact, const Clock& clock)
    : files_(std::move(files)), asked_folder_(std::move(asked)), redact_(redact), clock_(clock) {}

std::vector<Question> Questions::take() {
  std::vector<Question> taken;
  for (const fs::path& file : files_in(asked_folder_)) {
    const std::string key = key_of(file);
    if (!key.empty() && !is_known(key)) take_file(file, key, taken);
  }
  if (!taken.empty()) write_questions(files_, questions_);
  return taken;
}

void Questions::take_file(const fs::path& file, const std::string& key, std::vector<Question>& taken) {
  const auto content = read_regular_file(file, largest_file);
  if (!content) return;
  const Json object = Json::parse(*content, nullptr, false);
  if (!object.is_object()) return refuse(key, "the question is not JSON");
  Question question;
  bool later = false;
  try {
    question.text = valid_utf8(json_string(object, "text").value_or(""));
    question.choices = json_strings(object, "choices");
    later = json_bool(object, "later").value_or(false);
  } catch (const Error& error) {
    return refuse(key, error.what());
  }
  if (const std::string problem = question_problem(question.text, question.choices); !problem.empty())
    return refuse(key, problem);
  if (questions_.size() >= most_questions)
    return refuse(key,
                  fmt::format("{} questions are allowed in a run; decide this one yourself", most_questions));
  question.number = static_cast<int>(questions_.size()) + 1;
  question.key = key;
  question.text = redact_(question.text);
  for (std::string& choice : question.choices) choice = redact_(choice);
  question.asked_at = clock_.now();
  write_file(open_file(files_.answers(), key), "", Outlives::Process);
  asked_[key] = {steady_clock::now(), later};
  questions_.push_back(question);
  taken.push_back(std::move(question));
}

void Questions::refuse(const std::string& key, const std::string& reason) {
  if (refused_.size() >= most_files) return;
  refused_.push_back(key);
  write_answer(files_.answers(), key, {{"refused", reason}});
}

bool Questions::is_known(const std::string& key) const {
  return asked_.contains(key) || std::find(refused_.begin(), refused_.end(), key) != refused_.end();
}

bool Questions::is_read_by_somebody(const std::string& key) const {
  const auto asked = asked_.find(key);
  if (asked == asked_.end()) return false;
  const bool is_beginning =
      !asked->second.later && steady_clock::now() - asked->second.taken_at < time_to_lock;
  return is_beginning || is_locked(open_file(files_.answers(), key));
}

bool Questions::has_open() const {
  return std::any_of(questions_.begin(), questions_.end(),
                     [](const Question& question) { return question.is_open(); });
}

bool Questions::is_waited_for() const {
  return std::any_of(questions_.begin(), questions_.end(), [&](const Question& question) {
    return question.is_open() && is_read_by_somebody(question.key);
  });
}

bool Questions::is_expected() const {
  return std::any_of(questions_.begin(), questions_.end(), [&](const Question& question) {
    return question.is_open() && asked_.at(question.key).later;
  });
}

Question& Questions::find(int number) {
  const auto found = std::find_if(questions_.begin(), questions_.end(), [&](const Question& question) {
    return number == 0 ? question.is_open() : question.number == number;
  });
  if (found == questions_.end())
    throw Error(ErrorKind::NotFound, number == 0 ? "the agent has no open question"
                                                 : fmt::format("there is no question {}", number));
  if (!found->is_open())
    throw Error(ErrorKind::Refused,
                fmt::format("question {} was answered by {}", found->number, found->answered_by));
  return *found;
}

Questions::Given Questions::answer(int number, const std::string& text, const std::string& from) {
  Question& question = find(number);
  const bool is_read = is_read_by_somebody(question.key);
  write_answer(files_.answers(), question.key, {{"answer", text}, {"from", from}});
  question.answer = redact_(text);
  question.answered_by = from;
  question.answered_at = clock_.now();
  write_questions(files_, questions_);
  return {question, is_read};
}

namespace {

/// Nothing while there is none.
std::optional<AskedAnswer> read_answer(const fs::path& folder, const std::string& key) {
  const auto text = read_file_if_exists(answer_file(folder, key));
  if (!text) return std::nullopt;
  const Json answer = parse_json(*text, "the answer");
  if (const auto refused = json_string(answer, "refused"))
    return AskedAnswer{AskedAnswer::State::Refused, *refused};
  return AskedAnswer{AskedAnswer::State::Answered, json_string(answer, "answer").value_or("")};
}

/// Tells the leader, as long as it is there, that somebody waits.
class Waiting {
 public:
  void begin(const fs::path& file) {
    if (!descriptor_) descriptor_ = FileDescriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    // Another one of the agent's may wait for the same answer; this one takes over when that is cut off.
    if (descriptor_ && !held_) held_ = ::flock(descriptor_.get(), LOCK_EX | LOCK_NB) == 0;
  }

 private:
  FileDescriptor descriptor_;
  bool held_ = false;
};

}  // namespace

AskedAnswer ask_user(const AskingPlace& place, const std::string& text,
                     const std::vector<std::string>& choices, const std::optional<milliseconds>& patience) {
  if (const std::string problem = question_problem(text, choices); !problem.empty())
    throw Error(ErrorKind::Usage, problem);
  const std::string key = question_key(text, choices);
  const bool later = patience == milliseconds(0);
  std::error_code unknown;
  const fs::path question = answer_file(place.questions, key);
  if (!fs::exists(question, unknown))
    write_file(question, json_text({{"text", text}, {"choices", choices}, {"later", later}}) + "\n",
               Outlives::Process);
  Waiting waiting;
  const auto begin = steady_clock::now();
  for (;;) {
    if (auto answer = read_answer(place.answers, key)) return *std::move(answer);
    // Who has asked for a message does not read the answer here.
    if (!later) waiting.begin(open_file(place.answers, key));
    const auto waited = steady_clock::now() - begin;
    const bool is_taken = fs::exists(open_file(place.answers, key), unknown);
    const bool is_over = later ? is_taken || waited >= time_to_take : patience && waited >= *patience;
    if (is_over) return {};
    std::this_thread::sleep_for(time_between_looks);
  }
}

}  // namespace changeling::run
