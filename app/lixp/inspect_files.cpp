#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>

#include <algorithm>

#include "base/text.h"
#include "lixp/inspect_run.h"
#include "nn/checkpoint/checkpoint.h"
#include "nn/ops/tensor.h"

namespace lix::app {
namespace {
using nlohmann::json;

/// A row-major list as nested lists of the given shape.
template <class Value>
json nested(const std::vector<Value>& values, const std::vector<std::size_t>& shape, std::size_t axis,
            std::size_t& at) {
  json list = json::array();
  for (std::size_t i = 0; i < shape[axis]; ++i) {
    if (axis + 1 < shape.size()) {
      list.push_back(nested(values, shape, axis + 1, at));
    } else {
      list.push_back(values[at++]);
    }
  }
  return list;
}

template <class Value>
json nested(const std::vector<Value>& values, const std::vector<std::size_t>& shape) {
  std::size_t at = 0;
  return nested(values, shape, 0, at);
}

json scoresJson(const study::ScoreTable& scores) {
  const std::vector<std::size_t> shape{scores.pictures, scores.captions};
  json result{{"cosines", nested(scores.cosines, shape)},
              {"logits", nested(scores.logits, shape)},
              {"scale", scores.rule.scale},
              {"bias", scores.rule.bias}};
  if (!scores.probabilities.empty()) {
    result["probabilities"] = nested(scores.probabilities, shape);
  }
  return result;
}

json mixtureJson(const study::MixtureReading& mixture) {
  json result{{"tau", mixture.tau},
              {"heads", mixture.heads},
              {"tokens", mixture.tokens},
              {"weights", nested(mixture.weights, {mixture.captions, mixture.heads, mixture.tokens})},
              {"entropies", nested(mixture.entropies, {mixture.captions, mixture.heads})}};
  if (mixture.captions > 1) {
    result["first_minus_second"] = nested(mixture.difference(0, 1), {mixture.heads, mixture.tokens});
  }
  return result;
}

json contextJson(const InspectedContext& context) {
  json pictures = json::array();
  for (std::size_t j = 0; j < context.pictures.size(); ++j) {
    pictures.push_back({{"key", context.pictures[j].key},
                        {"weight", context.reading.weights[j]},
                        {"contribution", context.reading.contributions[j]},
                        {"masked", bool(context.reading.masked[j])}});
  }
  return {{"effective_neighbours", context.reading.effectiveNeighbours}, {"pictures", pictures}};
}

at::Tensor tensor(const std::vector<float>& values, std::vector<std::int64_t> shape) {
  at::Tensor result = at::empty(shape, at::kFloat);
  std::ranges::copy(values, result.data_ptr<float>());
  return result;
}

std::string padded(const std::string& text, std::size_t width) {
  return std::string(width > text.size() ? width - text.size() : 0, ' ') + text;
}

}  // namespace

json inspectionJson(const Inspected& inspected) {
  json result{{"checkpoint", inspected.checkpoint},
              {"weights", inspected.weightsHash},
              {"captions", inspected.captions},
              {"pictures", json::array()}};
  if (inspected.reading) {
    result["scores"] = scoresJson(inspected.reading->scores);
    result["notes"] = inspected.reading->notes;
  }
  if (inspected.contextTau) {
    result["context"] = {
        {"set", inspected.contextName},
        {"tau", inspected.contextTau->value},
        {"tau_from", inspected.contextTau->source == study::ContextTau::Source::Given ? "given" : "checkpoint"}};
  }
  for (std::size_t i = 0; i < inspected.pictures.size(); ++i) {
    json one{{"name", inspected.pictures[i].name}};
    if (inspected.reading) {
      const study::PictureReading& reading = inspected.reading->pictures[i];
      const study::MapReading& map = reading.map;
      one["map"] = {
          {"per_caption", map.perCaption},
          {"explanation", map.explanation},
          {"values", nested(map.values, {map.values.size() / (map.rows * map.columns), map.rows, map.columns})}};
      if (reading.mixture) {
        one["mixture"] = mixtureJson(*reading.mixture);
      }
    }
    if (inspected.pictures[i].context) {
      one["context"] = contextJson(*inspected.pictures[i].context);
    }
    result["pictures"].push_back(one);
  }
  return result;
}

Result<void> saveInspection(const Inspected& inspected, const std::filesystem::path& file) {
  const auto count = std::int64_t(inspected.pictures.size());
  std::map<std::string, std::vector<at::Tensor>> parts;
  std::map<std::string, at::Tensor> tensors;
  json names = json::array();
  for (std::size_t i = 0; i < inspected.pictures.size(); ++i) {
    names.push_back(inspected.pictures[i].name);
    if (inspected.reading) {
      const auto& [mixture, map] = inspected.reading->pictures[i];
      const auto rows = std::int64_t(map.rows), columns = std::int64_t(map.columns);
      parts["maps"].push_back(
          tensor(map.values, {1, std::int64_t(map.values.size()) / (rows * columns), rows, columns}));
      if (mixture) {
        parts["mixture_weights"].push_back(
            tensor(mixture->weights,
                   {1, std::int64_t(mixture->captions), std::int64_t(mixture->heads), std::int64_t(mixture->tokens)}));
      }
    }
    if (const auto& context = inspected.pictures[i].context) {
      const std::vector<double>& weights = context->reading.weights;
      const std::vector<double>& contributions = context->reading.contributions;
      parts["context_weights"].push_back(tensor({weights.begin(), weights.end()}, {1, std::int64_t(weights.size())}));
      parts["context_contributions"].push_back(
          tensor({contributions.begin(), contributions.end()}, {1, std::int64_t(weights.size())}));
    }
  }
  for (const auto& [name, rows] : parts) {
    tensors[name] = at::cat(rows);
  }
  if (inspected.reading) {
    const study::ScoreTable& scores = inspected.reading->scores;
    const auto captions = std::int64_t(scores.captions);
    tensors["cosines"] = tensor(scores.cosines, {count, captions});
    tensors["logits"] = tensor(scores.logits, {count, captions});
    if (!scores.probabilities.empty()) {
      tensors["probabilities"] = tensor(scores.probabilities, {count, captions});
    }
  }
  const auto text = [](const json& value) { return value.dump(-1, ' ', false, json::error_handler_t::replace); };
  return nn::saveTensors(file, tensors,
                         {{"format", "pt"}, {"pictures", text(names)}, {"captions", text(inspected.captions)}});
}

std::string inspectionText(const Inspected& inspected) {
  std::string text;
  for (std::size_t i = 0; i < inspected.pictures.size(); ++i) {
    text += cat("[", i + 1, "] ", inspected.pictures[i].name);
    if (const auto& context = inspected.pictures[i].context) {
      const bool given = inspected.contextTau->source == study::ContextTau::Source::Given;
      text += cat(": attends to ", fixed(context->reading.effectiveNeighbours, 1), " effective neighbours in ",
                  inspected.contextName, " (tau_ctx ", inspected.contextTau->value,
                  given ? ", given)" : ", the checkpoint's)");
    }
    text += "\n";
  }
  if (!inspected.reading) {
    return text;
  }
  const study::ScoreTable& scores = inspected.reading->scores;
  const bool likely = !scores.probabilities.empty();
  text += likely ? "cosine, logit and probability of each picture\n" : "cosine and logit of each picture\n";
  for (std::size_t i = 0; i < scores.pictures; ++i) {
    text += padded(cat("[", i + 1, "]"), likely ? 24 : 16);
  }
  text += "  caption\n";
  for (std::size_t j = 0; j < scores.captions; ++j) {
    for (std::size_t i = 0; i < scores.pictures; ++i) {
      const std::size_t at = i * scores.captions + j;
      text += padded(fixed(scores.cosines[at], 3), 8) + padded(fixed(scores.logits[at], 2), 8) +
              (likely ? padded(fixed(scores.probabilities[at], 4), 8) : "");
    }
    text += "  " + inspected.captions[j] + "\n";
  }
  for (const std::string& note : inspected.reading->notes) {
    text += note + "\n";
  }
  return text;
}

}  // namespace lix::app
