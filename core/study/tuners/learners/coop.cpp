#include "base/text.h"
#include "study/tuners/training.h"

namespace lix::study::tuners {
namespace {

Result<NamePlace> placeOf(const std::string& word) {
  if (word == "end") {
    return NamePlace::End;
  }
  if (word == "middle") {
    return NamePlace::Middle;
  }
  if (word == "front") {
    return NamePlace::Front;
  }
  return fail(ErrorCode::BadInput,
              cat("Setting 'position' of adapter 'coop' is '", word, "', but must be end, middle or front."));
}

Result<bool> isByClass(const std::string& word) {
  if (word == "shared" || word == "class") {
    return word == "class";
  }
  return fail(ErrorCode::BadInput,
              cat("Setting 'contexts' of adapter 'coop' is '", word, "', but must be shared or class."));
}

/// CoOp's rule: 50 epochs for 1 shot, 100 for 2 and 4, 200 for 8 and 16.
long long epochsFor(double shots) { return shots < 2.0 ? 50 : shots < 8.0 ? 100 : 200; }

Result<std::unique_ptr<Tuned>> fit(const Task& task, const ParamValues& params, const Progress& progress);

std::vector<Param> paramsOf() {
  std::vector<Param> params{
      {.key = "context",
       .title = "Words",
       .value = std::string("a photo of a"),
       .help = "The learned tokens begin as these words; without words, at random (deviation 0.02)."},
      {.key = "n_ctx",
       .title = "Learned tokens",
       .value = 0LL,
       .min = 0,
       .max = 1000,
       .help = "0: as many as the words have, or 16 without words. Fewer than the words have: the first of them."},
      {.key = "contexts",
       .title = "Contexts",
       .value = std::string("shared"),
       .help = "shared by all classes, or one for each class (class)."},
      {.key = "position",
       .title = "Class name at",
       .value = std::string("end"),
       .help = "Behind the learned tokens (end), between their halves (middle), or before them (front)."}};
  const auto more = scheduleParams({}, "0: 50 for 1 shot, 100 for 2 to 7, 200 from 8 on, as the paper.");
  params.insert(params.end(), more.begin(), more.end());
  return params;
}

}  // namespace

Prompts coopPrompts(const nn::Parameters& learned) {
  return {.context = learned.at("context"), .textDeep = {}, .images = {}};
}

/// Context Optimization: the words around the class name are learned, both towers stay. On un-augmented pictures, so
/// that the image tower runs once (the paper crops and flips anew in every epoch). A SigLIP's sentence has no start
/// mark and its padding follows the sentence; a Llip's class vector and query both come from the prompted sentence and
/// each picture is mixed by each class's query: both are ours, the paper has CLIP alone.
const Tuner& coop() {
  static const Tuner tuner{
      .id = "coop",
      .title = "CoOp",
      .citation = "Zhou et al. 2022, Learning to Prompt for Vision-Language Models, arXiv 2109.01134",
      .params = paramsOf(),
      .reads = Tuner::Reads::Features,
      .fit = fit};
  return tuner;
}

namespace {

Result<std::unique_ptr<Tuned>> fit(const Task& task, const ParamValues& params, const Progress& progress) {
  LIX_TRY(ParamValues settings, checkTask(coop(), task, params));
  LIX_TRY(Schedule schedule, scheduleFrom(coop(), task, settings));
  schedule.epochs = schedule.epochs > 0 ? schedule.epochs : epochsFor(shotsOf(task));
  LIX_TRY(const NamePlace place, placeOf(std::get<std::string>(settings.at("position"))));
  LIX_TRY(const bool byClass, isByClass(std::get<std::string>(settings.at("contexts"))));
  PromptedModel prompted{.model = frozen(task.evaluator.checkpoint.model), .prompts = coopPrompts};
  LIX_TRY(prompted.classes, makeClassPrompts(task.evaluator, task.classNames,
                                             {.words = std::string(trim(std::get<std::string>(settings.at("context")))),
                                              .count = std::get<long long>(settings.at("n_ctx")),
                                              .place = place}));
  const ClassPrompts& classes = prompted.classes;
  std::vector<std::int64_t> shape{classes.count(), classes.width()};
  if (byClass) {
    shape.insert(shape.begin(), classes.classes());
  }
  prompted.learned = startOf({{"context", shape, {nn::Initial::Kind::Normal, 0.02}}}, classes, task.seed);
  return tune(coop(), task, schedule, std::move(prompted), std::move(settings), progress);
}

}  // namespace
}  // namespace lix::study::tuners
