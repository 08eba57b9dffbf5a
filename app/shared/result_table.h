#pragma once
#include <initializer_list>
#include <optional>
#include <string>
#include <vector>
#include <nlohmann/json.hpp>

namespace lix::app {

/// A cell of a table of results: a word, or a number with the keys of the rows behind it (docs/results.md).
struct TableCell {
  std::string text;             ///< as people read it; of a number without one, its twelve digits
  std::optional<double> value;  ///< what the text rounds
  std::vector<long long> keys;

  static TableCell word(std::string text) { return {std::move(text), {}, {}}; }
  /// "–" for a number that is not finite.
  static TableCell number(double value, std::vector<long long> keys = {});
  /// As a percentage with a decimal, of a share 0 to 1.
  static TableCell share(double value, std::vector<long long> keys = {});
};

struct ResultTable {
  std::string title;
  std::vector<std::string> head;
  std::vector<std::vector<TableCell>> rows;  ///< as many cells as the head
};

/// With twelve digits of each number and a last column "keys": the keys of a row, with the names of their columns where
/// several have some ("4 5", "emoji=4+5 symbola=9").
std::string csv(const ResultTable& table);
/// With the numbers as people read them.
std::string markdown(const ResultTable& table);
/// A booktabs tabular.
std::string latex(const ResultTable& table);
/// A list of objects by head, each with "keys": a list, or lists by head where several cells have some.
nlohmann::json toJson(const ResultTable& table);

}  // namespace lix::app
