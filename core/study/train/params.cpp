#include "study/train/params.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "base/contracts.h"
#include "base/text.h"
#include "nn/recipe_options.h"

namespace lix::study {
namespace {

constexpr double kPostTrainingRate = 1e-4;  // a tenth of the usual one
constexpr double kMostSteps = 100'000'000;
using nn::ImageHead;
using nn::Recipe;

bool averages(TrainStart start, const Recipe& recipe) {
  return start == TrainStart::Nothing && recipe.head != ImageHead::Vector;
}
bool mixes(TrainStart start, const Recipe& recipe) {
  return start == TrainStart::Nothing &&
         (recipe.head == ImageHead::LearnedAverage || recipe.head == ImageHead::Mixture);
}
bool onFeatures(TrainStart start, const Recipe& recipe) {
  return start == TrainStart::Nothing && recipe.towers == nn::Towers::Heads;
}
bool hasContext(TrainStart, const Recipe& recipe) { return nn::hasContext(recipe); }
bool hasContextBias(TrainStart, const Recipe& recipe) { return nn::hasContextBias(recipe); }
bool fromCheckpoint(TrainStart start, const Recipe&) { return start == TrainStart::Checkpoint; }

/// A row of the table, shorter to write than a field.
struct Row {
  const char *key, *title;
  TrainMember member;
  double min, max;
  const char* help;
  double least = -INFINITY;
  decltype(TrainField::applies) applies = nullptr;
  ParamScale scale = ParamScale::Linear;
};
using S = TrainSettings;

std::vector<Row> runRows() {
  return {
      {"steps", "Steps", &S::steps, 1, kMostSteps, "How many optimizer steps the run takes."},
      {"batch", "Batch", &S::batch, 1, 1'000'000,
       "Pictures per step; each is compared with all captions of its batch."},
      {"learning_rate", "Learning rate", &S::learningRate, 1e-7, 1.0,
       "Peak learning rate; a run that starts from a checkpoint takes a tenth, 1e-4, unless it is given.", -INFINITY,
       nullptr, ParamScale::Log},
      {"seed", "Seed", &S::seed, 0, 2'147'483'647, "Seed of weights, order, captions and crops."},
      {"warmup", "Warm-up", &S::warmup, 0.0, 1.0, "Share of the steps with rising learning rate."},
      {"weight_decay", "Weight decay", &S::weightDecay, 0.0, 10.0, "Decoupled weight decay of matrices."},
      {"clip", "Gradient clipping", &S::clip, 0.0, 1000.0, "Joint gradient norm, 0 = off."},
      {"scalar_multiplier", "Multiplier of scalars", &S::scalarMultiplier, 0.0, 1000.0,
       "Rate of scales, biases and temperatures relative to the rest, 0 = by rule (15 over the sum of all rates, 1 to "
       "100)."},
      {"min_crop", "Least crop", &S::minCrop, 0.01, 1.0, "Least area of the random crop, 1 = no augmentation."},
      {"flip", "Mirroring", &S::flip, 0, 0,
       "Mirrors pictures at random; leave it off where captions say left and right."},
      {"threads", "Threads", &S::threads, 0, 1024, "CPU threads, 0 = all cores."},
      {"checkpoint_every", "Checkpoint every", &S::checkpointEvery, 1, kMostSteps, "Steps between checkpoints."},
      {"keep_every", "Keep every", &S::keepEvery, 0, kMostSteps,
       "Steps between copies of the checkpoint that stay, as <out>-step-000400, 0 = none."},
      {"half_weights", "Half-precision weights", &S::halfWeights, 0, 0,
       "Writes model.safetensors in fp16; the training state keeps full precision."},
      {"micro_batch", "Micro-batch", &S::microBatch, 0, 1'000'000,
       "Pictures embedded at once, with the gradients of the whole batch (gradient caching), 0 = by the memory that is "
       "free."},
      {"most_skipped", "Most skipped steps", &S::mostSkipped, 0, kMostSteps,
       "Steps whose loss or gradient is not finite that may be passed over; one more stops the run, 0 = the first."}};
}

std::vector<Row> modelRows() {
  return {
      {"towers", "Towers", &S::towers, 0, 0,
       "Towers instead of the recipe's own: clip, siglip (recipes with one vector an image), or heads (MLPs on frozen "
       "features)."},
      {"tokens", "Class tokens", &S::tokens, 0, 128,
       "K, learned tokens before the patches that are averaged or mixed (Llip, section 3), 0 = the size's own.", 1,
       averages},
      {"mixture_heads", "Mixing heads", &S::mixtureHeads, 0, 1024,
       "M, heads of the mixing attention (Llip: 8); it divides the embedding width, 0 = the size's own.", 1, mixes},
      {"tau", "Mixing temperature", &S::tau, 0.0, 1000.0,
       "Divides the mixing scores before their softmax, fixed (Llip: 5; 1 for L/14; larger is flatter), 0 = the size's "
       "own.",
       1e-6, mixes},
      {"mixture_norms", "Norms of the mixing", &S::mixtureNorms, 0, 0,
       "LayerNorms on keys, values and queries of the mixing (Llip's H/14 and G/14).", -INFINITY, mixes},
      {"patch_tokens", "Mix patch tokens", &S::patchTokens, 0, 0,
       "The patch tokens are mixed too, P + K instead of K (Llip, figure 7).", -INFINITY, mixes},
      {"hidden", "Hidden width", &S::hidden, 0, 65536, "Width between the layers of MLP heads, 0 = the usual one.", 1,
       onFeatures},
      {"head_depth", "Layers", &S::headDepth, 0, 64, "Linear layers of MLP heads, 0 = the usual number.", 1, onFeatures},
      {"embed_width", "Embedding width", &S::embedWidth, 0, 65536, "D of MLP heads, 0 = the usual one.", 1, onFeatures}};
}

std::vector<Row> contextRows() {
  return {
      {"alpha", "Alpha", &S::alpha, 0.0, 1.0,
       "Weight of the plain term, the context's is 1 - alpha (LIxP: 0.9), 0 = the recipe's.", 1e-6, hasContext},
      {"neighbours_at_start", "Neighbours at the start", &S::neighboursAtStart, 0.0, 0.999,
       "Effective neighbours with which tau_ctx starts, as a share of the batch, 0 = the recipe's (0.9; LIxP leaves it "
       "open). Given, it takes the place of a checkpoint's tau_ctx.",
       0.001, hasContext},
      {"tau_context", "Context temperature", &S::tauContext, 0.0, 1e6,
       "First tau_ctx itself instead of by neighbours, 0 = by neighbours. Given, it takes the place of a "
       "checkpoint's.", 1e-6, hasContext},
      {"unmasked", "No mask", &S::unmasked, 0, 0, "An image attends to itself too (LIxP's ablation).", -INFINITY,
       hasContext},
      {"uniform_context", "Uniform context", &S::uniformContext, 0, 0,
       "Placebo: every other image weighs the same, so that the context is the mean of the batch.", -INFINITY,
       hasContext},
      {"detached_values", "No gradient on values", &S::detachedValues, 0, 0,
       "No gradient through the images that the context sums up (LIxP's ablation).", -INFINITY, hasContext},
      {"raw_context", "Raw context", &S::rawContext, 0, 0,
       "The context is not normalised before its loss (LIxP leaves it open): its logits grow with the length of the "
       "embeddings, several at the start.", -INFINITY, hasContext},
      {"shared_scale", "Shared temperature", &S::sharedScale, 0, 0,
       "Both terms multiply their cosines by one scale (LIxP's ablation tau1 = tau2).", -INFINITY, hasContext},
      {"shared_bias", "Shared bias", &S::sharedBias, 0, 0,
       "Both sigmoid terms have one bias (LIxP leaves it open).", -INFINITY, hasContextBias}};
}

std::vector<Row> postTrainingRows() {
  return {{"lock_image", "Lock the image tower", &S::lockImage, 0, 0, "The image tower stays as it is.", -INFINITY,
           fromCheckpoint},
          {"lock_text", "Lock the text tower", &S::lockText, 0, 0, "The text tower stays as it is.", -INFINITY,
           fromCheckpoint},
          {"lock_blocks", "Locked blocks", &S::lockBlocks, 0, 1024,
           "First blocks of each tower that stay as they are, its embeddings with them.", -INFINITY, fromCheckpoint},
          {"ema", "Averaged weights", &S::ema, 0.0, 0.99999,
           "Decay of an average of the weights that is saved instead of them, 0 = off."}};
}

std::vector<Row> canaryRows() {
  return {{"canary", "Canary", &S::canary, 0, 0,
           "Dataset on whose pictures the run is evaluated as it goes, zero-shot and few-shot on one frozen draw."},
          {"canary_every", "Canary every", &S::canaryEvery, 1, kMostSteps, "Steps between evaluations of the canary."},
          {"canary_shots", "Canary's shots", &S::canaryShots, 1, 1024,
           "Pictures a class that the canary's few-shot classifiers may see."},
          {"canary_best", "Best step by", &S::canaryBest, 0, 0,
           "Keeps the best step beside the newest, by this series of the canary, such as canary.zero_shot."},
          {"canary_stops", "Canary stops the run", &S::canaryStops, 0, 0,
           "A real drop of zero-shot accuracy on the same pictures ends the run instead of a warning."}};
}

ParamValue valueOf(const TrainSettings& settings, const TrainMember& member) {
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

void append(std::vector<TrainField>& fields, TrainGroup group, const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    fields.push_back({.param = {row.key, row.title, valueOf({}, row.member), row.min, row.max, row.scale, row.help},
                      .group = group,
                      .member = row.member,
                      .least = row.least,
                      .applies = row.applies});
  }
}

const TrainField* findField(const std::string& key) {
  const auto found =
      std::ranges::find_if(trainFields(), [&](const TrainField& field) { return key == field.param.key; });
  return found == trainFields().end() ? nullptr : &*found;
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
bool set(TrainSettings& settings, const TrainMember& member, const ParamValue& value) {
  return std::visit(
      [&](auto at) {
        using T = std::remove_cvref_t<decltype(settings.*at)>;
        if constexpr (std::is_same_v<T, bool> || std::is_same_v<T, std::string>) {
          const T* given = std::get_if<T>(&value);
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
  const auto* words = std::get_if<std::string>(&value);
  return words ? *words : cat(std::get<long long>(value));
}

Result<void> checkRange(const TrainField& field, const ParamValue& value) {
  const Param& param = field.param;
  const auto number = numberOf(value);
  if (number && param.min < param.max && !(*number >= param.min && *number <= param.max)) {
    return fail(ErrorCode::BadInput, cat(param.title, " cannot be ", *number, "; it lies between ",
                                         std::max(param.min, field.least), " and ", param.max, "."));
  }
  return {};
}

}  // namespace

std::string titleOf(TrainGroup group) {
  switch (group) {
    case TrainGroup::Run:
      return "Run";
    case TrainGroup::Model:
      return "Model that starts from nothing";
    case TrainGroup::Context:
      return "Context of LIxP (siglixp, clipxp)";
    case TrainGroup::PostTraining:
      return "Post-training";
    case TrainGroup::Canary:
      return "Canary";
  }
  return "";
}

std::string TrainField::option() const {
  std::string text = "--" + param.key;
  std::ranges::replace(text, '_', '-');
  return text;
}

const std::vector<TrainField>& trainFields() {
  static const std::vector<TrainField> kFields = [] {
    std::vector<TrainField> fields;
    append(fields, TrainGroup::Run, runRows());
    append(fields, TrainGroup::Model, modelRows());
    append(fields, TrainGroup::Context, contextRows());
    append(fields, TrainGroup::PostTraining, postTrainingRows());
    append(fields, TrainGroup::Canary, canaryRows());
    return fields;
  }();
  return kFields;
}

std::vector<Param> trainParams(TrainStart start, const nn::Recipe* recipe) {
  std::vector<Param> params;
  for (const TrainField& field : trainFields()) {
    if (recipe && !field.appliesTo(start, *recipe)) {
      continue;
    }
    params.push_back(field.param);
    if (field.param.key == "learning_rate" && start == TrainStart::Checkpoint) {
      params.back().value = kPostTrainingRate;
    }
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
  for (const TrainField& field : trainFields()) {
    values.emplace(field.param.key, valueOf(settings, field.member));
  }
  return values;
}

Result<TrainSettings> withParams(TrainSettings settings, const ParamValues& values) {
  for (const auto& [key, value] : values) {
    const TrainField* field = findField(key);
    if (!field) {
      return fail(ErrorCode::BadInput, cat("A training has no setting '", key, "'."));
    }
    LIX_CHECK(checkRange(*field, value));
    if (!set(settings, field->member, value)) {
      return fail(ErrorCode::BadInput, cat("The setting '", key, "' is of another type."));
    }
  }
  return settings;
}

Result<void> checkRanges(const TrainSettings& settings) {
  for (const TrainField& field : trainFields()) {
    if (field.group != TrainGroup::Run) {  // those have sentences of their own
      LIX_CHECK(checkRange(field, valueOf(settings, field.member)));
    }
  }
  return {};
}

Result<void> checkGiven(const TrainField& field, const TrainSettings& settings) {
  const auto number = numberOf(valueOf(settings, field.member));
  if (number && *number < field.least) {
    return fail(ErrorCode::BadInput, cat(field.param.title, " cannot be ", *number, "; give ", field.option(), " of ",
                                         field.least, " to ", field.param.max, ", or leave it out."));
  }
  return {};
}

TrainSettings onlyWhatApplies(TrainSettings settings, const nn::Recipe& recipe) {
  const TrainStart start = settings.init.empty() ? TrainStart::Nothing : TrainStart::Checkpoint;
  for (const TrainField& field : trainFields()) {
    if (!field.appliesTo(start, recipe)) {
      set(settings, field.member, field.param.value);
    }
  }
  return settings;
}

std::vector<std::string> trainArguments(const TrainSettings& settings) {
  std::vector<std::string> arguments{settings.recipe, "--data", settings.data};
  if (settings.init.empty()) {
    arguments.insert(arguments.end(), {"--size", settings.size});
  } else {
    arguments.insert(arguments.end(), {"--init", settings.init});
  }
  for (const TrainField& field : trainFields()) {
    const ParamValue value = valueOf(settings, field.member);
    // A start from a checkpoint changes the rate that is taken where none is given, so that it is always given there.
    const bool isRate = field.param.key == "learning_rate" && !settings.init.empty();
    if (value == field.param.value && !isRate) {
      continue;
    }
    arguments.push_back(field.option());
    if (!std::holds_alternative<bool>(value)) {
      arguments.push_back(textOf(value));
    }
  }
  return arguments;
}

}  // namespace lix::study
