#include "adapt/choice.h"

#include <algorithm>

#include "base/text.h"

namespace lix::adapt {

Param searchParam() {
  return {.key = "search",
          .title = "Search settings on",
          .value = std::string("validation"),
          .help = "validation (where there are validation pictures) or none (the fixed settings hold)."};
}

Choice choiceFor(const Task& task) {
  const std::size_t rows = task.validation.labels.size();
  if (rows == 0) {
    return {false, "fixed settings: there are no validation pictures"};
  }
  if (rows < task.classes) {
    return {false, cat("fixed settings: ", rows, " validation pictures are too few for ", task.classes, " classes")};
  }
  return {true, "validation"};
}

Result<Choice> choiceFor(const Adapter& adapter, const Task& task, const ParamValues& settings) {
  const auto& word = std::get<std::string>(settings.at("search"));
  if (word == "none") {
    return Choice{false, "fixed settings: no search was asked for"};
  }
  if (word != "validation") {
    return fail(ErrorCode::BadInput,
                cat("Setting 'search' of adapter '", adapter.id, "' is '", word, "', but must be validation or none."));
  }
  return choiceFor(task);
}

std::size_t countCorrect(std::span<const float> logits, std::span<const int> labels) {
  std::size_t correct = 0;
  const std::size_t classes = labels.empty() ? 0 : logits.size() / labels.size();
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const auto row = logits.subspan(i * classes, classes);
    correct += std::ranges::max_element(row) - row.begin() == labels[i] ? 1 : 0;
  }
  return correct;
}

double real(const ParamValues& settings, const char* key) { return std::get<double>(settings.at(key)); }

std::size_t whole(const ParamValues& settings, const char* key) {
  return static_cast<std::size_t>(std::get<long long>(settings.at(key)));
}

}  // namespace lix::adapt
