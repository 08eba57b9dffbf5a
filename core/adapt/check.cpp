#include "adapt/check.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "base/text.h"

namespace lix::adapt {
namespace {

constexpr double kLengthTolerance = 0.01;  // features rounded to bfloat16 are off by 0.002

Result<void> checkEveryClassHasSupport(const Task& task) {
  std::vector<bool> seen(task.classes, false);
  for (const int label : task.support.labels) {
    seen[static_cast<std::size_t>(label)] = true;
  }
  for (std::size_t c = 0; c < task.classes; ++c) {
    if (!seen[c]) {
      return fail(ErrorCode::BadInput, cat("Class ", c, " has no support picture: give at least one for each of the ",
                                           task.classes, " classes."));
    }
  }
  return {};
}

Result<void> checkNeeds(const Adapter& adapter, const Task& task) {
  if (adapter.needsSupport && task.support.features.rows == 0) {
    return fail(ErrorCode::BadInput,
                cat("Adapter '", adapter.id,
                    "' needs support pictures, and there are none: give at least one for each class."));
  }
  if (adapter.needsText && task.text.rows == 0) {
    return fail(ErrorCode::BadInput,
                cat("Adapter '", adapter.id, "' needs a text vector for each class, and there are none: ",
                    "give class names, or use an adapter without text (prototype, knn)."));
  }
  return {};
}

Result<ParamValue> checkValue(const Adapter& adapter, const Param& param, ParamValue value) {
  if (std::holds_alternative<double>(param.value) && std::holds_alternative<long long>(value)) {
    value = static_cast<double>(std::get<long long>(value));
  }
  if (value.index() != param.value.index()) {
    static constexpr const char* kTypes[] = {"true or false", "a whole number", "a number", "a word"};
    return fail(ErrorCode::BadInput, cat("Setting '", param.key, "' of adapter '", adapter.id, "' must be ",
                                         kTypes[param.value.index()], "."));
  }
  double number = 0.0;
  if (const auto* real = std::get_if<double>(&value)) {
    number = *real;
  } else if (const auto* whole = std::get_if<long long>(&value)) {
    number = static_cast<double>(*whole);
  } else {
    return value;
  }
  if (!std::isfinite(number) || (param.min != param.max && (number < param.min || number > param.max))) {
    return fail(ErrorCode::BadInput, cat("Setting '", param.key, "' of adapter '", adapter.id, "' is ", number,
                                         ", but must lie from ", param.min, " to ", param.max, "."));
  }
  return value;
}

}  // namespace

Result<void> checkFeatures(Matrix features, std::string_view what) {
  if (features.rows > 0 && features.columns == 0) {
    return fail(ErrorCode::BadInput, cat(what, " have rows of no values: embed the pictures first."));
  }
  if (features.columns > 0 &&
      (features.values.size() % features.columns != 0 || features.values.size() / features.columns != features.rows)) {
    return fail(ErrorCode::BadInput, cat(what, " say ", features.rows, " x ", features.columns, " but hold ",
                                         features.values.size(), " values."));
  }
  for (std::size_t i = 0; i < features.rows; ++i) {
    double squares = 0.0;
    for (const float value : features.row(i)) {
      squares += static_cast<double>(value) * value;
    }
    if (!std::isfinite(squares)) {
      return fail(ErrorCode::BadInput,
                  cat(what, " hold a value in row ", i, " that is not a finite number: the model that made ",
                      "them has diverged, or the file is damaged."));
    }
    if (std::abs(std::sqrt(squares) - 1.0) > kLengthTolerance) {
      return fail(ErrorCode::BadInput, cat(what, " have a row (", i, ") of length ", std::sqrt(squares),
                                           " instead of 1: normalise every row first."));
    }
  }
  return {};
}

Result<void> checkLabelled(const Labelled& data, std::size_t classes, std::string_view what) {
  LIX_CHECK(checkFeatures(data.features, cat("The ", what, " features")));
  if (data.labels.size() != data.features.rows) {
    return fail(ErrorCode::BadInput, cat("The ", what, " set has ", data.features.rows, " feature rows but ",
                                         data.labels.size(), " labels: give one label for each row."));
  }
  for (std::size_t i = 0; i < data.labels.size(); ++i) {
    if (data.labels[i] < 0 || static_cast<std::size_t>(data.labels[i]) >= classes) {
      return fail(ErrorCode::BadInput, cat("Label ", data.labels[i], " of ", what, " row ", i, " is outside 0 to ",
                                           classes - 1, ": number the ", classes, " classes from 0."));
    }
  }
  return {};
}

Result<void> checkWidth(Matrix features, std::size_t width, std::string_view what) {
  if (features.rows > 0 && features.columns != width) {
    return fail(ErrorCode::BadInput, cat(what, " have ", features.columns, " values in a row but the others ", width,
                                         ": use features of one and the same model."));
  }
  return {};
}

Result<void> checkTask(const Adapter& adapter, const Task& task) {
  if (task.classes == 0) {
    return fail(ErrorCode::BadInput, "There are no classes to tell apart: give at least one.");
  }
  if (!std::isfinite(task.logitScale)) {
    return fail(ErrorCode::BadInput, "The logit scale is not a finite number: the model that gave it has diverged.");
  }
  LIX_CHECK(checkNeeds(adapter, task));
  LIX_CHECK(checkLabelled(task.support, task.classes, "support"));
  LIX_CHECK(checkLabelled(task.validation, task.classes, "validation"));
  LIX_CHECK(checkFeatures(task.text, "The text vectors"));
  if (task.text.rows != 0 && task.text.rows != task.classes) {
    return fail(ErrorCode::BadInput, cat("There are ", task.text.rows, " text vectors for ", task.classes,
                                         " classes: give one for each class, or none."));
  }
  const std::size_t width = task.support.features.rows > 0 ? task.support.features.columns : task.text.columns;
  LIX_CHECK(checkWidth(task.validation.features, width, "The validation features"));
  LIX_CHECK(checkWidth(task.text, width, "The text vectors"));
  return adapter.needsSupport ? checkEveryClassHasSupport(task) : Result<void>{};
}

Result<ParamValues> checkParams(const Adapter& adapter, const ParamValues& params) {
  ParamValues all;
  for (const Param& param : adapter.params) {
    all[param.key] = param.value;
  }
  for (const auto& [key, value] : params) {
    const Param* param = nullptr;
    std::vector<std::string> keys;
    for (const Param& candidate : adapter.params) {
      param = candidate.key == key ? &candidate : param;
      keys.push_back(candidate.key);
    }
    if (!param) {
      return fail(ErrorCode::BadInput, cat("Adapter '", adapter.id, "' has no setting '", key, "'",
                                           keys.empty() ? " (it has none)." : cat(": it has ", join(keys, ", "), ".")));
    }
    LIX_TRY(all[key], checkValue(adapter, *param, value));
  }
  return all;
}

Result<void> checkGrid(const Adapter& adapter, const ParamValues& settings, std::initializer_list<const char*> steps) {
  std::size_t places = 1;
  std::vector<std::string> said;
  for (const char* key : steps) {
    const auto count = static_cast<std::size_t>(std::get<long long>(settings.at(key)));
    places *= std::min(count, kMostPlaces + 1);  // three such factors fit in 64 bits
    said.push_back(cat(key, " = ", count));
  }
  if (places > kMostPlaces) {
    return fail(ErrorCode::BadInput,
                cat("The grid of adapter '", adapter.id, "' has ", places, " places (", join(said, ", "),
                    "), but at most ", kMostPlaces, " are searched: lower one of these settings."));
  }
  return {};
}

Result<void> checkStop(const Task& task) {
  return task.stop.stop_requested() ? fail(ErrorCode::Cancelled, "The fit was stopped before its end.") : Result<void>();
}

Result<ParamValues> check(const Adapter& adapter, const Task& task, const ParamValues& params) {
  LIX_CHECK(checkStop(task));
  LIX_TRY(ParamValues all, checkParams(adapter, params));
  LIX_CHECK(checkTask(adapter, task));
  return all;
}

}  // namespace lix::adapt
