#pragma once
#include <map>
#include <string>
#include <variant>
#include <vector>

namespace lix {

using ParamValue = std::variant<bool, long long, double, std::string>;
using ParamValues = std::map<std::string, ParamValue>;

enum class ParamScale { Linear, Log };

/// One setting of a variant: forms, command line options, JSON keys and database columns all come from it.
struct Param {
  std::string key;
  std::string title;
  ParamValue value;  ///< default; its alternative is the type
  double min = 0.0;
  double max = 0.0;  ///< no bounds where min == max
  ParamScale scale = ParamScale::Linear;
  std::string help;
};

}  // namespace lix
