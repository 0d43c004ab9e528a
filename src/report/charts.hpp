#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace changeling::report {

/// The text as it may stand in HTML and SVG, between tags and in attributes with double quotes.
std::string escaped(std::string_view text);

struct Bar {
  std::string name;   ///< Of the day, or of whatever it stands for.
  double value = 0;   ///< From 0 on.
  std::string label;  ///< What it says when it is pointed at.
};

/// An SVG picture of bars side by side, in the order given, with a line where the cap is. Readers of screens
/// get `title`; nothing in it is a script or is fetched.
std::string column_chart(const std::vector<Bar>& bars, std::optional<double> cap, std::string_view title);

}  // namespace changeling::report
