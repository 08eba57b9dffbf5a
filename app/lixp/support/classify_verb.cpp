#include <ATen/ops/empty.h>
#include <ATen/ops/tensor.h>

#include <algorithm>
#include <map>
#include <numeric>

#include "adapt/check.h"
#include "adapt/choice.h"
#include "base/csv.h"
#include "base/file.h"
#include "base/text.h"
#include "lixp/eval/adapter_text.h"
#include "lixp/eval/subject.h"
#include "lixp/eval/tuner_points.h"
#include "lixp/support/pictures.h"
#include "lixp/support/sets.h"
#include "nn/ops/tensor.h"
#include "nn/ops/unit.h"
#include "study/eval/own_vectors.h"
#include "study/eval/truncation.h"
#include "study/metrics/accuracy.h"
#include "study/support/moved_by.h"

namespace lix::app {
namespace {
using nlohmann::json;
namespace fs = std::filesystem;

constexpr std::size_t kTop = 5;

struct ClassifyOrder {
  std::string checkpoint, set, adapter = "tip-adapter", templates = "plain";
  std::vector<std::string> words;
  long long version = 0;
  std::size_t movedBy = 3;
  fs::path out;
};

/// A support set through a model, classes without pictures left out.
struct Fitted {
  std::vector<std::string> classes;
  NamedPictures support;
  std::vector<int> labels;
  at::Tensor text;  ///< [C, D], or 0 rows where own vectors lack a class' text
  float logitScale = 100.f;
  std::vector<std::string> notes;
};

/// Text vectors of the classes; of own vectors those that the file has, by the names of its classes.
at::Tensor textsOf(const study::Evaluator& evaluator, const std::vector<std::string>& classes,
                   const study::Templates& templates) {
  if (!evaluator.own) {
    return study::embedClasses(evaluator, classes, templates).text.contiguous();
  }
  const study::OwnVectors& own = *evaluator.own;
  std::vector<std::int64_t> rows;
  for (const std::string& name : classes) {
    if (own.classTexts.defined()) {
      const auto& known = own.dataset.labelSets[0].classes;
      const auto at = std::ranges::find(known, name);
      at != known.end() ? rows.push_back(at - known.begin()) : void();
    }
  }
  if (rows.size() != classes.size()) {
    return at::empty({0, own.images.size(1)}, at::kFloat);
  }
  return nn::unit(own.classTexts.index_select(0, at::tensor(rows, at::kLong))).contiguous();
}

Result<Fitted> fittedSet(const Session& session, const store::Workspace& workspace, const study::Evaluator& evaluator,
                         const support::SupportSet& set, const study::Templates& templates) {
  Fitted fitted;
  std::vector<data::PictureRef> pictures;
  std::map<data::PictureRef, int> labelOf;
  for (const support::SupportClass& one : set.classes) {
    if (one.pictures.empty()) {
      fitted.notes.push_back(cat("The class '", one.name, "' has no pictures and is left out."));
      continue;
    }
    for (const data::PictureRef& picture : one.pictures) {
      labelOf.emplace(picture, int(fitted.classes.size()));
      pictures.push_back(picture);
    }
    fitted.classes.push_back(one.name);
  }
  if (fitted.classes.size() < 2) {
    return fail(ErrorCode::BadInput, cat("Of the support set '", set.name, "' ", fitted.classes.size(),
                                         " classes have pictures; at least two are needed to tell them apart."));
  }
  LIX_TRY(fitted.support, embedNamed(session, workspace, evaluator, pictures));
  if (!fitted.support.skipped.empty()) {
    const auto& first = fitted.support.skipped.front();
    return fail(ErrorCode::BadInput, cat("The support set '", set.name, "' holds ", fitted.support.skipped.size(),
                                         " pictures that cannot be read, ", first.key, " first: ", first.reason,
                                         " Take them out of the set, or put them back."));
  }
  for (const data::PictureRef& picture : fitted.support.pictures) {
    fitted.labels.push_back(labelOf.at(picture));
  }
  fitted.text = textsOf(evaluator, fitted.classes, templates);
  if (std::string cut = study::truncationNote(evaluator, fitted.classes, templates); !cut.empty()) {
    fitted.notes.push_back(std::move(cut));
  }
  fitted.logitScale = Subject{.evaluator = evaluator}.logitScale();
  return fitted;
}

/// The best classes of a picture with their scores, the best first.
json best(std::span<const float> scores, const std::vector<std::string>& classes) {
  std::vector<std::size_t> order(scores.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const std::size_t count = std::min(kTop, order.size());
  std::ranges::partial_sort(order, order.begin() + std::ptrdiff_t(count), [&](std::size_t a, std::size_t b) {
    return scores[a] != scores[b] ? scores[a] > scores[b] : a < b;
  });
  json top = json::array();
  for (std::size_t i = 0; i < count; ++i) {
    top.push_back({{"label", classes[order[i]]}, {"score", scores[order[i]]}});
  }
  return top;
}

std::string movedText(const json& row) {
  std::vector<std::string> moved;
  for (const json& one : row["moved_by"]) {
    const double change = one["change"];
    moved.push_back(cat(one["picture"].get<std::string>(), " ", change < 0 ? "" : "+", fixed(change, 4)));
  }
  return join(moved, "; ");
}

std::string csvLine(const json& row) {
  std::string line = cat(csvField(row["picture"].get<std::string>()), ",", csvField(row["label"].get<std::string>()),
                         ",", row["margin"].dump());
  for (std::size_t i = 0; i < kTop; ++i) {
    if (i < row["top"].size()) {
      const json& one = row["top"][i];
      line += cat(",", csvField(one["label"].get<std::string>()), ",", one["score"].dump());
    } else {
      line += ",,";
    }
  }
  return line + "," + csvField(movedText(row)) + "\n";
}

/// A prediction for people: the label on a line, the best classes and what moved it below.
std::string inWords(const json& row) {
  std::vector<std::string> top;
  for (const json& one : row["top"]) {
    top.push_back(cat(one["label"].get<std::string>(), " ", fixed(one["score"], 4)));
  }
  std::string text = cat(row["picture"].get<std::string>(), ": ", row["label"].get<std::string>(), " (margin ",
                         fixed(row["margin"], 4), ")\n  best: ", join(top, ", "), "\n");
  return row["moved_by"].empty() ? text : text + cat("  moved by: ", movedText(row), "\n");
}

std::string csvHead() {
  std::string head = "picture,label,margin";
  for (std::size_t i = 1; i <= kTop; ++i) {
    head += cat(",top", i, ",score", i);
  }
  return head + ",moved_by\n";
}

/// A support set has no validation pictures, so that settings that would be searched on them are the fixed ones.
void noteFixed(const adapt::Adapter& adapter, const ParamValues& settings, std::vector<std::string>& notes) {
  const auto chosenBy = settings.find(adapt::kChosenBy);
  if (chosenBy != settings.end() && std::holds_alternative<std::string>(chosenBy->second)) {
    notes.push_back(cat(adapter.id, ": ", std::get<std::string>(chosenBy->second), "."));
  }
}

Result<json> rowsOf(const ClassifyOrder& order, const study::FewShotAdapter& chosen, const Fitted& fitted,
                    const NamedPictures& queries, const Progress& progress, std::vector<std::string>& notes) {
  const adapt::Task task{.support = {matrixOf(fitted.support.vectors), fitted.labels},
                         .text = matrixOf(fitted.text),
                         .classes = fitted.classes.size(),
                         .logitScale = fitted.logitScale};
  LIX_TRY(const adapt::Adapter* adapter, adapt::find(chosen.id));
  LIX_TRY(const auto classifier, adapter->fit(task, chosen.params));
  noteFixed(*adapter, classifier->settings(), notes);
  const std::vector<float> logits = classifier->logits(matrixOf(queries.vectors));
  const study::Scores scores{logits, fitted.classes.size()};
  const auto predicted = study::predictions(scores);
  const auto margins = study::margins(scores);
  std::vector<std::vector<study::Influence>> moved(predicted.size());
  if (adapter->training == adapt::Training::Free && order.movedBy > 0) {
    LIX_TRY(moved, study::movedBy(*adapter, chosen.params, task, matrixOf(queries.vectors), order.movedBy, progress));
  } else if (order.movedBy > 0) {
    notes.push_back(cat(adapter->id, " is trained on the support, so that no picture of it was left out in turn."));
  }
  json rows = json::array();
  for (std::size_t i = 0; i < predicted.size(); ++i) {
    json influences = json::array();
    for (const study::Influence& one : moved[i]) {
      influences.push_back({{"picture", wordOf(fitted.support.pictures[one.support])},
                            {"label", fitted.classes[std::size_t(fitted.labels[one.support])]},
                            {"change", one.change}});
    }
    rows.push_back({{"picture", wordOf(queries.pictures[i])},
                    {"label", fitted.classes[std::size_t(predicted[i])]},
                    {"margin", margins[i]},
                    {"top", best(scores.row(i), fitted.classes)},
                    {"moved_by", influences}});
  }
  return rows;
}

Result<Output> classify(const Session& session, const ClassifyOrder& order) {
  if (isTuner(order.adapter)) {
    return fail(ErrorCode::BadInput, cat("The adapter '", order.adapter, "' learns through the towers and is not for "
                                         "classify; lixp eval few-shot measures it."));
  }
  LIX_TRY(const study::FewShotAdapter chosen, adapterFrom(order.adapter));
  LIX_TRY(const study::Templates templates, study::findTemplates(order.templates));
  LIX_TRY(const study::Evaluator evaluator, study::openModel(order.checkpoint));
  LIX_TRY(const store::Workspace workspace, openWorkspace(session, store::OpenMode::ReadWrite));
  LIX_TRY(const support::SupportSet set,
          loadSet(workspace, order.set, order.version > 0 ? std::optional(order.version) : std::nullopt));
  LIX_TRY(const auto pictures,
          picturesNamed(workspace, order.words, evaluator.own ? &evaluator.own->dataset : nullptr));
  LIX_TRY(const Fitted fitted, fittedSet(session, workspace, evaluator, set, templates));
  LIX_TRY(const NamedPictures queries, embedNamed(session, workspace, evaluator, pictures));
  std::vector<std::string> notes = fitted.notes;
  LIX_TRY(const json rows, rowsOf(order, chosen, fitted, queries, session.progress(), notes));
  std::string table = csvHead(), text;
  for (const json& row : rows) {
    table += csvLine(row);
    text += inWords(row);
  }
  json skipped = json::array();
  for (const data::Skipped& one : queries.skipped) {
    skipped.push_back({{"picture", one.key}, {"reason", one.reason}});
    notes.push_back(cat(one.key, " was left out: ", one.reason));
  }
  if (!order.out.empty()) {
    LIX_CHECK(writeFile(order.out, table));
    text = cat("Wrote ", rows.size(), " predictions to ", order.out.string(), "\n");
  }
  return Output{{{"predictions", rows},
                 {"skipped", skipped},
                 {"adapter", order.adapter},
                 {"support", order.set},
                 {"notes", notes}},
                text + linesOf(notes)};
}

}  // namespace

void addClassifyVerb(CLI::App& app, Session& session) {
  auto order = std::make_shared<ClassifyOrder>();
  CLI::App* verb = app.add_subcommand("classify", "Classify pictures by a support set: label, margin, top 5, moved by");
  verb->add_option("checkpoint", order->checkpoint, "Checkpoint folder, or a file of your own vectors")->required();
  verb->add_option("pictures", order->words, "Files, folders, or DATASET:KEY")->required();
  verb->add_option("--support", order->set, "Support set of the workspace")->required();
  verb->add_option("--version", order->version, "A version of it instead of the set as it is now");
  verb->add_option("--adapter", order->adapter, "An adapter, with its settings after colons, as knn:k=5");
  verb->add_option("--templates", order->templates, "Prompt templates for the class names");
  verb->add_option("--moved-by", order->movedBy,
                   "How many support pictures to name that move each prediction, found by leaving each out in turn (0: "
                   "none; training-free adapters only)");
  verb->add_option("--out", order->out, "A .csv file");
  verb->callback([&session, order] { session.action = [&session, order] { return classify(session, *order); }; });
}

}  // namespace lix::app
