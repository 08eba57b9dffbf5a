#include "study/train/params.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <variant>

#include "base/contracts.h"
#include "base/text.h"

namespace lix::study {
namespace {

constexpr double kPostTrainingRate = 1e-4;  // a tenth of the usual one

using Member =
    std::variant<int TrainSettings::*, std::uint64_t TrainSettings::*, double TrainSettings::*, bool TrainSettings::*>;

/// A parameter and the member that it stands for.
struct Field {
  const char *key, *title;
  Member member;
  double min, max;
  ParamScale scale;
  const char* help;
};

const std::vector<Field>& fields() {
  using S = TrainSettings;
  constexpr auto kLinear = ParamScale::Linear;
  constexpr double kMostSteps = 100'000'000;
  static const std::vector<Field> kFields{
      {"steps", "Steps", &S::steps, 1, kMostSteps, kLinear, "How many optimizer steps the run takes."},
      {"batch", "Batch", &S::batch, 1, 1'000'000, kLinear,
       "Pictures per step; each is compared with all captions of its batch."},
      {"learning_rate", "Learning rate", &S::learningRate, 1e-7, 1.0, ParamScale::Log,
       "Peak learning rate; a run that starts from a checkpoint takes a tenth, 1e-4, unless it is given."},
      {"seed", "Seed", &S::seed, 0, 2'147'483'647, kLinear, "Seed of weights, order, captions and crops."},
      {"warmup", "Warm-up", &S::warmup, 0.0, 1.0, kLinear, "Share of the steps with rising learning rate."},
      {"weight_decay", "Weight decay", &S::weightDecay, 0.0, 10.0, kLinear, "Decoupled weight decay of matrices."},
      {"clip", "Gradient clipping", &S::clip, 0.0, 1000.0, kLinear, "Joint gradient norm, 0 = off."},
      {"scalar_multiplier", "Multiplier of scalars", &S::scalarMultiplier, 0.0, 1000.0, kLinear,
       "Rate of scales, biases and temperatures relative to the rest, 0 = by rule (15 over the sum of all rates, 1 to "
       "100)."},
      {"min_crop", "Least crop", &S::minCrop, 0.01, 1.0, kLinear,
       "Least area of the random crop, 1 = no augmentation."},
      {"flip", "Mirroring", &S::flip, 0, 0, kLinear,
       "Mirrors pictures at random; leave it off where captions say left and right."},
      {"threads", "Threads", &S::threads, 0, 1024, kLinear, "CPU threads, 0 = all cores."},
      {"checkpoint_every", "Checkpoint every", &S::checkpointEvery, 1, kMostSteps, kLinear,
       "Steps between checkpoints."},
      {"half_weights", "Half-precision weights", &S::halfWeights, 0, 0, kLinear,
       "Writes model.safetensors in fp16; the training state keeps full precision."}};
  return kFields;
}

const Field* findField(const std::string& key) {
  const auto found = std::ranges::find_if(fields(), [&](const Field& field) { return key == field.key; });
  return found == fields().end() ? nullptr : &*found;
}

ParamValue valueOf(const TrainSettings& settings, const Member& member) {
  return std::visit(
      [&](auto at) -> ParamValue {
        using T = std::remove_cvref_t<decltype(settings.*at)>;
        if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>) {
          return static_cast<long long>(settings.*at);
        } else {
          return settings.*at;
        }
      },
      member);
}

/// A whole number will do for a fractional one.
std::optional<double> numberOf(const ParamValue& value) {
  if (const auto* whole = std::get_if<long long>(&value)) {
    return static_cast<double>(*whole);
  }
  const auto* number = std::get_if<double>(&value);
  return number ? std::optional(*number) : std::nullopt;
}

/// False where the type is another one.
bool set(TrainSettings& settings, const Member& member, const ParamValue& value) {
  return std::visit(
      [&](auto at) {
        using T = std::remove_cvref_t<decltype(settings.*at)>;
        if constexpr (std::is_same_v<T, bool>) {
          const bool* given = std::get_if<bool>(&value);
          return given && ((settings.*at = *given), true);
        } else if constexpr (std::is_same_v<T, double>) {
          const auto given = numberOf(value);
          return given && ((settings.*at = *given), true);
        } else {
          const long long* given = std::get_if<long long>(&value);
          return given && ((settings.*at = static_cast<T>(*given)), true);
        }
      },
      member);
}

/// The shortest text that reads back as the same value.
std::string textOf(const ParamValue& value) {
  if (const auto* number = std::get_if<double>(&value)) {
    char text[32];
    const auto end = std::to_chars(text, text + sizeof text, *number);
    return {text, end.ptr};
  }
  return cat(std::get<long long>(value));
}

std::string optionOf(std::string key) {
  std::ranges::replace(key, '_', '-');
  return "--" + key;
}

}  // namespace

std::vector<Param> trainParams(TrainStart start) {
  TrainSettings defaults;
  if (start == TrainStart::Checkpoint) {
    defaults.learningRate = kPostTrainingRate;
  }
  std::vector<Param> params;
  for (const Field& field : fields()) {
    params.push_back(
        {field.key, field.title, valueOf(defaults, field.member), field.min, field.max, field.scale, field.help});
  }
  return params;
}

Param trainParam(const std::string& key, TrainStart start) {
  for (const Param& param : trainParams(start)) {
    if (param.key == key) {
      return param;
    }
  }
  LIX_REQUIRE(false);
  return {};
}

ParamValues paramValues(const TrainSettings& settings) {
  ParamValues values;
  for (const Field& field : fields()) {
    values.emplace(field.key, valueOf(settings, field.member));
  }
  return values;
}

Result<TrainSettings> withParams(TrainSettings settings, const ParamValues& values) {
  for (const auto& [key, value] : values) {
    const Field* field = findField(key);
    if (!field) {
      return fail(ErrorCode::BadInput, cat("A training has no setting '", key, "'."));
    }
    if (const auto number = numberOf(value);
        number && field->min < field->max && !(*number >= field->min && *number <= field->max)) {
      return fail(ErrorCode::BadInput, cat(field->title, " cannot be ", *number, "; it lies between ", field->min,
                                           " and ", field->max, "."));
    }
    if (!set(settings, field->member, value)) {
      return fail(ErrorCode::BadInput, cat("The setting '", key, "' is of another type."));
    }
  }
  return settings;
}

std::vector<std::string> trainArguments(const TrainSettings& settings) {
  const TrainSettings defaults;
  std::vector<std::string> arguments{settings.recipe, "--data", settings.data};
  if (settings.init.empty()) {
    arguments.insert(arguments.end(), {"--size", settings.size});
  } else {
    arguments.insert(arguments.end(), {"--init", settings.init});
  }
  for (const Field& field : fields()) {
    const ParamValue value = valueOf(settings, field.member);
    // A start from a checkpoint changes the rate that is taken where none is given, so that it is always given there.
    const bool isRate = std::string_view(field.key) == "learning_rate" && !settings.init.empty();
    if (value == valueOf(defaults, field.member) && !isRate) {
      continue;
    }
    arguments.push_back(optionOf(field.key));
    if (!std::holds_alternative<bool>(value)) {
      arguments.push_back(textOf(value));
    }
  }
  return arguments;
}

}  // namespace lix::study
