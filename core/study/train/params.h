#pragma once
#include <string>
#include <variant>
#include <vector>

#include "base/param.h"
#include "base/result.h"
#include "nn/recipe.h"
#include "study/train/settings.h"

namespace lix::study {

/// What a run starts from: its usual learning rate hangs on it (docs/papers.md, post-training).
enum class TrainStart { Nothing, Checkpoint };

/// What a setting is about, as help and forms order them.
enum class TrainGroup { Run, Model, Context, PostTraining, Canary };
std::string titleOf(TrainGroup group);

using TrainMember = std::variant<int TrainSettings::*, std::uint64_t TrainSettings::*, double TrainSettings::*,
                                 bool TrainSettings::*, std::string TrainSettings::*>;

/// A setting as a parameter, with what only trainings know of it.
struct TrainField {
  Param param;
  TrainGroup group = TrainGroup::Run;
  TrainMember member;
  double least = 0.0;  ///< that may be given; the default, which takes the preset's or recipe's own number, lies below
  bool (*applies)(TrainStart start, const nn::Recipe& recipe) = nullptr;  ///< none: always

  bool appliesTo(TrainStart start, const nn::Recipe& recipe) const { return !applies || applies(start, recipe); }
  /// The option of the key "learning_rate" is "--learning-rate".
  std::string option() const;
};

/// All of TrainSettings but recipe, size, data and start, which are chosen from lists: the options of `lixp train`, their
/// help and the window's form come from here.
const std::vector<TrainField>& trainFields();

/// The parameters alone, those that apply to a recipe where one is given.
std::vector<Param> trainParams(TrainStart start = TrainStart::Nothing, const nn::Recipe* recipe = nullptr);
/// One of them; the key must be there.
Param trainParam(const std::string& key, TrainStart start = TrainStart::Nothing);

/// What a number of the setting counts ("steps", "pictures", "share"), "" where it has no unit.
std::string unitOf(const std::string& key);
/// Where its default, or the setting itself, comes from, in a word or two: a paper, a release, or a choice of ours. Not
/// empty for any field.
std::string sourceOf(const std::string& key);
/// What the setting does, what it counts, and where it comes from, in sentences.
std::string helpOf(const Param& param);
/// "1 to 1000, default 10." of a number, "Default: off." else.
std::string rangeOf(const Param& param);

ParamValues paramValues(const TrainSettings& settings);
/// `settings` with these values. Refuses unknown keys, other types and values out of range.
Result<TrainSettings> withParams(TrainSettings settings, const ParamValues& values);
/// One sentence about the first value out of range, or success; of all groups but Run, whose numbers
/// TrainSettings::validate knows.
Result<void> checkRanges(const TrainSettings& settings);
/// What a person gave for a field must say something: a 0 that only the default may be is refused.
Result<void> checkGiven(const TrainField& field, const TrainSettings& settings);
/// `settings` with the default in place of everything that does not apply to this recipe.
TrainSettings onlyWhatApplies(TrainSettings settings, const nn::Recipe& recipe);

/// What `lixp train` has to be given for a run with these settings; defaults are left out.
std::vector<std::string> trainArguments(const TrainSettings& settings);

}  // namespace lix::study
