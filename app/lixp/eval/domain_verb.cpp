#include <ATen/ops/tensor.h>

#include <algorithm>
#include <cctype>
#include <map>

#include "base/text.h"
#include "lixp/eval/class_rows.h"
#include "lixp/eval/run.h"
#include "lixp/eval/vector_kind.h"
#include "lixp/eval/verbs.h"
#include "study/few_shot/draw.h"
#include "study/metrics/accuracy.h"

namespace lix::app {
namespace {
using nlohmann::json;

/// The classes that two label sets share by name, in the source's order.
struct Pairing {
  std::vector<std::size_t> inSource;    ///< class index of the source
  std::vector<int> ofSource, ofTarget;  ///< by class index of either: the shared class, or -1
  std::vector<std::string> names;       ///< as the source says them
  std::vector<std::string> sourceOnly, targetOnly;
};

/// Names are equal whatever their case, and '_', '-' and runs of blanks are one blank.
std::string plainName(const std::string& name) {
  std::string out;
  for (const char c : name) {
    const bool blank = c == '_' || c == '-' || c == ' ';
    if (!blank) {
      out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  return std::string(trim(out));
}

Pairing paired(const std::vector<std::string>& source, const std::vector<std::string>& target) {
  std::map<std::string, std::size_t> known;
  for (std::size_t i = 0; i < target.size(); ++i) {
    known.emplace(plainName(target[i]), i);
  }
  Pairing pairing{.ofSource = std::vector<int>(source.size(), -1), .ofTarget = std::vector<int>(target.size(), -1)};
  for (std::size_t i = 0; i < source.size(); ++i) {
    const auto found = known.find(plainName(source[i]));
    if (found == known.end() || pairing.ofTarget[found->second] >= 0) {
      pairing.sourceOnly.push_back(source[i]);
      continue;
    }
    pairing.ofSource[i] = pairing.ofTarget[found->second] = static_cast<int>(pairing.names.size());
    pairing.inSource.push_back(i);
    pairing.names.push_back(source[i]);
  }
  for (std::size_t i = 0; i < target.size(); ++i) {
    if (pairing.ofTarget[i] < 0) {
      pairing.targetOnly.push_back(target[i]);
    }
  }
  return pairing;
}

/// One set as the shared classes see it.
struct Side {
  Subject subject;
  std::string split;
  const std::vector<int>* shared = nullptr;  ///< shared class by class of the set
};
struct Features {
  study::ImageFeatures images;
  std::vector<int> labels;  ///< shared classes
  std::vector<std::string> keys;
};

Features labelled(const Side& side, study::ImageFeatures images) {
  Features made{.images = std::move(images)};
  for (const std::size_t sample : made.images.samples) {
    made.labels.push_back((*side.shared)[std::size_t(side.subject.label(sample))]);
    made.keys.push_back(side.subject.dataset.samples[sample].key);
  }
  return made;
}

Result<Features> featuresOf(const Session& session, const store::Workspace& workspace, const Side& side,
                            std::vector<std::string>& notes) {
  const Subject& s = side.subject;
  LIX_TRY(const data::Split split, splitNamed(side.split));
  std::vector<std::size_t> samples = samplesOf(s.dataset, split, s.labelSet);
  std::erase_if(samples, [&](std::size_t sample) { return (*side.shared)[std::size_t(s.label(sample))] < 0; });
  if (samples.empty()) {
    return fail(ErrorCode::BadInput,
                cat("'", s.dataset.name, "' has no pictures of the shared classes in its ", side.split, " split."));
  }
  LIX_TRY(auto images, imagesOf(session, workspace, s, samples));
  noteSkipped(images, side.split, notes);
  return labelled(side, std::move(images));
}

/// What transfer is measured on: no picture twice in the pool, none of the pool among the target's.
struct Apart {
  Features pool, target;
};

Result<Apart> apart(const Session& session, const store::Workspace& workspace, const DomainOrder& order,
                    const Side& source, const Side& target, const Features& pictures,
                    std::vector<std::string>& notes) {
  LIX_TRY(Features pool, featuresOf(session, workspace, source, notes));
  study::ImageFeatures queries = pictures.images;
  if (const std::size_t repeated = study::dropRepeated(pool.images); repeated > 0) {
    notes.push_back(cat("Left out of the pool, as they repeat an earlier picture: ", repeated, "."));
  }
  if (const std::size_t shared = study::dropShared(queries, pool.images); shared > 0) {
    notes.push_back(cat("Pictures of ", order.data, " that stand in the pool of ", order.source,
                        " as well, left out where support is drawn from it: ", shared, "."));
  }
  if (queries.samples.empty()) {
    return fail(ErrorCode::BadInput, cat("All pictures of the ", order.split, " split of '", order.data,
                                         "' are in the ", order.pool, " split of '", order.source,
                                         "' as well; choose other splits."));
  }
  return Apart{labelled(source, std::move(pool.images)), labelled(target, std::move(queries))};
}

/// The class texts of the shared classes alone.
study::ClassTexts sharedTexts(const study::ClassTexts& all, const Pairing& pairing) {
  const at::Tensor rows =
      at::tensor(std::vector<std::int64_t>(pairing.inSource.begin(), pairing.inSource.end()), at::kLong);
  return {all.text.index_select(0, rows), all.query.defined() ? all.query.index_select(0, rows) : at::Tensor()};
}

/// "heart, star and 12 more", for notes.
std::string someOf(const std::vector<std::string>& names) {
  constexpr std::size_t kNamed = 8;
  std::vector<std::string> first(names.begin(), names.begin() + std::ptrdiff_t(std::min(kNamed, names.size())));
  return cat(join(first, ", "), names.size() > kNamed ? cat(" and ", names.size() - kNamed, " more") : "");
}

/// Prototypes of support pictures of the source, met by the pictures of the target.
struct Transfer {
  const store::Workspace& workspace;
  const DomainOrder& order;
  const Subject& source;
  const Features &pool, &target;
  const Pairing& pairing;
};

Result<std::vector<int>> predictedFrom(const Transfer& t, const at::Tensor& support, std::span<const int> labels,
                                       const at::Tensor& queries, const at::Tensor& text) {
  LIX_TRY(const adapt::Adapter* adapter, adapt::find("prototype"));
  LIX_TRY(const auto classifier, adapter->fit({.support = {matrixOf(support), labels},
                                               .validation = {},
                                               .text = matrixOf(text),
                                               .classes = t.pairing.names.size(),
                                               .logitScale = t.source.logitScale()},
                                              {}));
  const std::vector<float> logits = classifier->logits(matrixOf(queries));
  return study::predictions({logits, t.pairing.names.size()});
}

Result<void> transfer(const Transfer& t, store::EvaluationRow row, json& document) {
  const Features& pool = t.pool;
  const study::Evaluator& evaluator = t.source.evaluator;
  const at::Tensor unitPool = study::unitVectors(evaluator, pool.images);
  const at::Tensor queries = study::unitVectors(evaluator, t.target.images);
  const at::Tensor text = sharedTexts(t.source.classes, t.pairing).text.contiguous();
  std::vector<std::size_t> counts(t.pairing.names.size(), 0), classes;
  for (const int label : pool.labels) {
    ++counts[std::size_t(label)];
  }
  for (std::size_t c = 0; c < counts.size(); ++c) {
    classes.push_back(c);
  }
  const auto fewest = std::ranges::min_element(counts);
  row.adapter = "prototype";
  row.vectors = vectorKindOf(evaluator);
  json settings = json::parse(row.settings);
  settings["pool"] = t.order.pool;
  row.settings = settings.dump();
  for (const std::size_t shots : t.order.shots) {
    if (shots + study::validationShots(shots) > *fewest) {
      return fail(ErrorCode::BadInput,
                  cat("The shared class '", t.pairing.names[std::size_t(fewest - counts.begin())], "' has only ",
                      *fewest, " pictures in the ", t.order.pool, " split of '", t.order.source, "', too few for ",
                      shots, " shots and their validation; give fewer --shots."));
    }
    for (std::size_t draw = t.order.firstDraw; draw < t.order.firstDraw + t.order.draws; ++draw) {
      const study::Draw drawn = study::drawSupport(pool.labels, classes, shots, t.order.seed, draw);
      const std::vector<std::int64_t> rows(drawn.support.begin(), drawn.support.end());
      std::vector<int> labels;
      for (const std::uint32_t picture : drawn.support) {
        labels.push_back(pool.labels[picture]);
      }
      LIX_TRY(const auto predicted,
              predictedFrom(t, unitPool.index_select(0, at::tensor(rows, at::kLong)), labels, queries, text));
      row.shots = static_cast<int>(shots);
      row.supportSeed = study::supportSeedOf(t.order.seed, draw);
      row.supportSize = static_cast<long long>(rows.size());
      json& numbers = document["transfer"].emplace_back(json{{"shots", shots}, {"draw", draw}});
      const ClassVerdicts verdicts{t.target.keys, t.target.labels, predicted, t.pairing.names};
      LIX_CHECK(storeClassRows(t.workspace, row, verdicts, numbers));
    }
  }
  return {};
}

std::string linesFor(const json& document) {
  std::string text =
      cat(document["checkpoint"].get<std::string>(), "  ", document["dataset"].get<std::string>(),
          " by the classes of ", document["source"].get<std::string>(), " (", document["classes"], " shared classes, ",
          document["pictures"], " pictures): top-1 ", fixed(100.0 * document["top1"].get<double>(), 1), " %\n");
  std::map<std::size_t, std::pair<double, int>> byShots;
  for (const json& one : document["transfer"]) {
    auto& [sum, count] = byShots[one["shots"].get<std::size_t>()];
    sum += one["top1"].get<double>();
    ++count;
  }
  for (const auto& [shots, mean] : byShots) {
    text += cat("  ", shots, " shots of the source, prototype: ", fixed(100.0 * mean.first / mean.second, 1), " % (",
                mean.second, mean.second == 1 ? " draw)\n" : " draws)\n");
  }
  return text;
}

/// The target's side for the model and prompts of the source.
Result<Side> targetOf(const store::Workspace& workspace, const DomainOrder& order, const Subject& source) {
  Side side{.subject = source, .split = order.split};
  LIX_TRY(side.subject.dataset, openDataset(&workspace, order.data));
  LIX_TRY(side.subject.labelSet, side.subject.dataset.labelSet(order.labels));
  return side;
}

Result<void> domain(const Session& session, const store::Workspace& workspace, const DomainOrder& order,
                    std::size_t which, Output& output) {
  EvalOrder asSource = order;
  asSource.data = order.source;
  asSource.labels = order.sourceLabels;
  LIX_TRY(Subject opened, openSubject(workspace, asSource, which, "domain"));
  LIX_CHECK(study::needTowers(opened.evaluator, "domain"));
  Side source{.subject = std::move(opened), .split = order.pool};
  LIX_TRY(Side target, targetOf(workspace, order, source.subject));
  const Pairing pairing = paired(source.subject.classNames(), target.subject.classNames());
  if (pairing.names.size() < 2) {
    return fail(ErrorCode::BadInput,
                cat("'", order.source, "' and '", order.data, "' share ", pairing.names.size(),
                    pairing.names.size() == 1 ? " class" : " classes", " by name; at least two are needed. ",
                    "Choose label sets with --source-labels and --labels."));
  }
  source.shared = &pairing.ofSource;
  target.shared = &pairing.ofTarget;
  std::vector<std::string> notes = source.subject.notes;
  for (const auto& [names, set] : {std::pair(&pairing.sourceOnly, &order.source), {&pairing.targetOnly, &order.data}}) {
    if (!names->empty()) {
      notes.push_back(cat("Classes of ", *set, " without a partner, left out: ", someOf(*names), "."));
    }
  }
  LIX_TRY(const Features pictures, featuresOf(session, workspace, target, notes));
  const at::Tensor scores =
      study::zeroShotScores(source.subject.evaluator, pictures.images, sharedTexts(source.subject.classes, pairing));

  store::EvaluationRow row = source.subject.row;
  row.dataset = order.data;
  row.split = order.split;
  row.labelSet = target.subject.dataset.labelSets[target.subject.labelSet].name;
  json settings{{"source", order.source}, {"source_labels", source.subject.row.labelSet}};
  addTextFiles(order, settings);
  row.settings = settings.dump();
  const json findings{{"classes", {{"source", pairing.sourceOnly}, {"target", pairing.targetOnly}}}};
  row.findings = findings.dump();
  json document{{"checkpoint", row.checkpointLabel},
                {"dataset", order.data},
                {"source", order.source},
                {"label_set", row.labelSet},
                {"classes", pairing.names.size()},
                {"pictures", pictures.labels.size()},
                {"without_partner", findings["classes"]},
                {"transfer", json::array()}};
  LIX_TRY(auto transaction, store::Transaction::begin(workspace));
  const ClassVerdicts verdicts{pictures.keys, pictures.labels,
                               study::predictions({valuesOf(scores), pairing.names.size()}), pairing.names};
  LIX_CHECK(storeClassRows(workspace, row, verdicts, document));
  if (!order.shots.empty()) {
    LIX_TRY(const Apart both, apart(session, workspace, order, source, target, pictures, notes));
    LIX_CHECK(transfer({workspace, order, source.subject, both.pool, both.target, pairing}, row, document));
  }
  LIX_CHECK(transaction.commit());
  document["notes"] = notes;
  output.text += linesFor(document) + linesOf(notes);
  output.json.push_back(std::move(document));
  return {};
}

}  // namespace

Result<void> evalDomainInto(const Session& session, const store::Workspace& workspace, const DomainOrder& order,
                            Output& output) {
  LIX_CHECK(checkLabels(order));
  if (std::ranges::count(order.shots, 0u) > 0 || order.draws == 0) {
    return fail(ErrorCode::BadInput, "--shots and --draws must be 1 or more.");
  }
  if (order.firstDraw + order.draws > study::kDrawsOfASeed) {
    return fail(ErrorCode::BadInput, cat("A seed has ", study::kDrawsOfASeed, " draws, numbered from 0; --first-draw ",
                                         order.firstDraw, " and --draws ", order.draws, " go beyond them."));
  }
  if (!order.shots.empty() && order.source == order.data && order.pool == order.split) {
    return fail(ErrorCode::BadInput, cat("Support and queries would both come from the ", order.split, " split of '",
                                         order.data, "'; change --pool or --split."));
  }
  for (std::size_t i = 0; i < order.checkpoints.size(); ++i) {
    LIX_CHECK(domain(session, workspace, order, i, output));
  }
  return {};
}

void addDomainVerb(CLI::App& eval, Session& session) {
  auto order = std::make_shared<DomainOrder>();
  CLI::App* verb = eval.add_subcommand(
      "domain", "Classify pictures of one set by the class names, or by support pictures, of another");
  addCommonOptions(verb, *order);
  verb->add_option("--source", order->source, "Dataset whose classes by name are the labels")->required();
  verb->add_option("--source-labels", order->sourceLabels, "Label set of the source (default: the first)");
  verb->add_option("--shots", order->shots, "Prototypes of so many pictures a class of the source too")
      ->delimiter(',')
      ->check(CLI::Range(1, 100'000));
  verb->add_option("--pool", order->pool, "Split of the source that support is drawn from");
  verb->add_option("--draws", order->draws, "Support draws")->check(CLI::Range(1, 1'000'000));
  verb->add_option("--seed", order->seed, "Seed of the draws")->check(CLI::Range(0LL, 9'000'000'000'000LL));
  verb->add_option("--first-draw", order->firstDraw, "Number of the first draw")->check(CLI::Range(0, 999'999));
  setEvaluation(verb, session, order, evalDomainInto);
}

}  // namespace lix::app
