#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace lix::app {

/// Text as HTML shows it, in elements and in quoted attributes alike; characters that HTML forbids are left out, bytes
/// that are no UTF-8 become U+FFFD.
std::string escaped(std::string_view text);

/// A table with a caption; the first column heads its rows, the others are numbers or words as they come. Texts are
/// escaped.
struct HtmlTable {
  std::string caption;
  std::vector<std::string> head;
  std::vector<std::vector<std::string>> rows;
  std::string html() const;
};

/// A figure in a report: four drawings "<stem>-<wide|narrow>-<light|dark>.svg" of which the browser takes the one that
/// fits.
struct HtmlFigure {
  std::string stem, alt, caption;
  std::string html() const;
};

/// The whole document around a body; its style follows the reader's light or dark setting and the window's width.
std::string htmlPage(const std::string& title, const std::string& body);

}  // namespace lix::app
