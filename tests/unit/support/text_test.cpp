#include "support/text.hpp"

#include <doctest/doctest.h>

#include <random>
#include <set>

#include "support/json.hpp"

using namespace changeling;

TEST_CASE("splitting and joining are each other's inverse") {
  CHECK(split("a,,b,", ',') == std::vector<std::string>{"a", "", "b", ""});
  CHECK(split("", ',') == std::vector<std::string>{""});
  CHECK(join(split("a,,b,", ','), ",") == "a,,b,");
  CHECK(join({}, ", ").empty());
  // Equal parts must not be taken for the first one.
  CHECK(join({"x", "x", ""}, "-") == "x-x-");
}

TEST_CASE("lines come without their ends, and a final newline adds none") {
  CHECK(split_lines("").empty());
  CHECK(split_lines("\n").empty());
  CHECK(split_lines("a") == std::vector<std::string>{"a"});
  CHECK(split_lines("a\n") == std::vector<std::string>{"a"});
  CHECK(split_lines("a\n\nb\n\n") == std::vector<std::string>{"a", "", "b", ""});
}

TEST_CASE("trim takes white space off both ends only") {
  CHECK(trim(" \t\r\n a b \v\f") == "a b");
  CHECK(trim("  ").empty());
  CHECK(trim("").empty());
}

TEST_CASE("lower case concerns ASCII only") {
  CHECK(to_lower("AbZ-\xC3\x84") == "abz-\xC3\x84");
}

TEST_CASE("a typo suggests the nearest word, something else suggests nothing") {
  const std::vector<std::string> words{"status", "stop", "show", "runs", "run", "templates"};
  CHECK(nearest("stauts", words) == "status");
  CHECK(nearest("templtes", words) == "templates");
  CHECK(nearest("rum", words) == "run");
  CHECK(nearest("temp", words) == "templates");
  CHECK(nearest("stop", words) == "stop");
  CHECK(nearest("deploy", words) == std::nullopt);
  CHECK(nearest("", words) == std::nullopt);
  CHECK(nearest("x", {"a", "b"}) == std::nullopt);
  CHECK(nearest("word", {}) == std::nullopt);
}

TEST_CASE("every single typo in a word of four letters and more is recognised") {
  std::mt19937 random(5);
  const std::vector<std::string> words{"status", "timezone", "draft", "fixme-fairy", "pull-request", "ghost"};
  for (int round = 0; round < 2000; ++round) {
    const std::string& word = words[random() % words.size()];
    std::string typo = word;
    const std::size_t at = random() % word.size();
    const char letter = static_cast<char>('a' + random() % 26);
    switch (random() % 4) {
      case 0:
        typo.erase(at, 1);
        break;
      case 1:
        typo.insert(at, 1, letter);
        break;
      case 2:
        typo[at] = letter;
        break;
      default:
        if (at > 0) std::swap(typo[at], typo[at - 1]);
    }
    CAPTURE(typo);
    CHECK(nearest(typo, words) == word);
  }
}

TEST_CASE("known placeholders are replaced once, everything else stays") {
  const std::vector<std::pair<std::string, std::string>> values{{"a", "{b}"}, {"b", "B"}, {"ab", ""}};
  CHECK(expand_placeholders("{a}{b}{ab}", values) == "{b}B");
  CHECK(expand_placeholders("{c} { a} {{a}} {a", values) == "{c} { a} {{b}} {a");
  CHECK(expand_placeholders("", values).empty());
}

TEST_CASE("the last part begins with a line where there is one") {
  CHECK(last_part("short", 10) == "short");
  // It begins with a line already.
  CHECK(last_part("one\ntwo\nthree\n", 10) == "two\nthree\n");
  CHECK(last_part("one\ntwo\nthree\n", 9) == "three\n");
  CHECK(last_part("0123456789", 4) == "6789");
  CHECK(last_part("0123\n", 3) == "23\n");
  CHECK(last_part("anything", 0).empty());
}

TEST_CASE("the last part never begins inside a character and is never longer than its limit") {
  std::string text;
  for (int count = 0; count < 50; ++count) text += "a\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80";
  for (std::size_t limit = 0; limit < 40; ++limit) {
    const std::string part = last_part(text, limit);
    CHECK(part.size() <= limit);
    CHECK(part == valid_utf8(part));
    CHECK(text.ends_with(part));
    // At most the rest of one character is missing.
    CHECK(part.size() + 3 >= limit);
  }
}

TEST_CASE("valid UTF-8 stays, everything else becomes U+FFFD and fits into JSON") {
  const std::string replacement = "\xEF\xBF\xBD";
  for (const char* text :
       {"", "plain", "\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80", "\xF4\x8F\xBF\xBF", "\xED\x9F\xBF"}) {
    CHECK(valid_utf8(text) == text);
  }
  CHECK(valid_utf8("a\xFF") == "a" + replacement);
  CHECK(valid_utf8("\xC3") == replacement);
  CHECK(valid_utf8("\xC0\xAF") == replacement + replacement);                    // Overlong.
  CHECK(valid_utf8("\xED\xA0\x80") == replacement + replacement + replacement);  // A surrogate.
  CHECK(valid_utf8("\xF4\x90\x80\x80").size() == 12);                            // Past U+10FFFF.
  CHECK(valid_utf8("\xE2\x82x") == replacement + replacement + "x");
  std::mt19937 random(9);
  for (int round = 0; round < 3000; ++round) {
    std::string bytes;
    for (std::size_t count = random() % 12; count > 0; --count) {
      bytes += static_cast<char>(random() % 3 == 0 ? random() % 256 : 0x80 + random() % 128);
    }
    const std::string valid = valid_utf8(bytes);
    CHECK_NOTHROW(Json(valid).dump());
    CHECK(valid_utf8(valid) == valid);
  }
}

TEST_CASE("random ids are of the asked length, of the promised letters, and not repeated") {
  CHECK(random_id(0).empty());
  std::set<std::string> seen;
  std::set<char> letters;
  for (int round = 0; round < 2000; ++round) {
    const std::string id = random_id(8);
    CHECK(id.size() == 8);
    letters.insert(id.begin(), id.end());
    seen.insert(id);
  }
  CHECK(seen.size() == 2000);
  CHECK(std::string(letters.begin(), letters.end()) == "23456789abcdefghjkmnpqrstvwxyz");
  CHECK(random_id(100).size() == 100);
}

TEST_CASE("a value becomes one line in which everything is seen") {
  CHECK(without_controls("a\nb\r\n\x1B[31m\x7F") == "a b  \\u{1b}[31m\\u{7f}");
  CHECK(without_controls("plain \xC3\xA4") == "plain \xC3\xA4");
  // C1, separators of lines, and what turns the direction of writing; not their neighbours.
  CHECK(without_controls("a\u009Bb\u0085c\u2028d\u202Ee\u2066f\u200Fg") ==
        "a\\u{9b}b\\u{85}c\\u{2028}d\\u{202e}e\\u{2066}f\\u{200f}g");
  for (const char* text : {"\u00A0", "\u2027", "\u202F", "\u2010"}) CHECK(without_controls(text) == text);
}

TEST_CASE("the beginning of a character waits for its other bytes") {
  CHECK(whole_characters("") == 0);
  CHECK(whole_characters("ab") == 2);
  CHECK(whole_characters("a\xC3\xA4") == 3);
  CHECK(whole_characters("a\xC3") == 1);
  CHECK(whole_characters("a\xF0\x9F\x98") == 1);
  CHECK(whole_characters("a\xF0\x9F\x98\x80") == 5);
  CHECK(whole_characters("\x80\x80\x80\x80") == 4);
}

TEST_CASE("a value is quoted in a message as a few letters in one line") {
  CHECK(shortened("plain") == "plain");
  CHECK(shortened(std::string(309, '9'), 10) == "9999999999…");
  CHECK(shortened("äöü", 3) == "äöü");
  CHECK(shortened("äöü", 2) == "äö…");
  CHECK(shortened("a\nb\x1B[31m\xFF") == "a b\\u{1b}[31m\xEF\xBF\xBD");
  CHECK(shortened("").empty());
}
