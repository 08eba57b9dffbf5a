#pragma once
#include <string>
#include <vector>

#include "base/result.h"
#include "data/source.h"

namespace lix::data {

/// The options of a dataset (DatasetSpec::options), checked against the parameters of its source: unknown keys, wrong
/// types and numbers outside their bounds are errors that name them; what is not given has the parameter's default.
class Options {
 public:
  static Result<Options> parse(const DatasetSpec& spec, const std::vector<Param>& params);

  const std::string& text(const std::string& key) const;
  bool flag(const std::string& key) const;
  long long integer(const std::string& key) const;
  /// A text option as a list: a JSON array of strings, or one string with commas.
  const std::vector<std::string>& list(const std::string& key) const;

 private:
  ParamValues values_;
  std::map<std::string, std::vector<std::string>> lists_;
};

}  // namespace lix::data
