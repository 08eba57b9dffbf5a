#pragma once
#include <cmath>
#include <string>
#include <vector>
#include <nlohmann/json.hpp>

#include "store/evaluation_store.h"
#include "support/result_row.h"
#include "support/result_runs.h"
#include "support/result_surface.h"

namespace lix::app::testing_support {

/// Of every kind, for some checkpoints on some datasets; the values are functions of their positions.
class ResultRows {
 public:
  std::vector<std::string> labels{"SigLIP", "SigLIxP", "Llip_16"};
  std::vector<std::string> datasets{"emoji", "symbola"};
  std::vector<std::string> adapters{"prototype", "tip-adapter", "knn", "tip-adapter-f"};
  std::vector<int> shots{1, 4, 16};
  int draws = 3;
  std::vector<store::EvaluationRow> rows;
  std::vector<store::PredictionRow> predictions;  ///< of the first row

  void make() {
    for (std::size_t l = 0; l < labels.size(); ++l) {
      for (std::size_t d = 0; d < datasets.size(); ++d) {
        rows.push_back(
            resultRow("zero-shot", labels[l], "top1", 0.4 + 0.05 * double(l) + 0.1 * double(d), datasets[d]));
        few(l, d);
        others(l, d);
      }
      costs(l);
    }
    for (int i = 0; i < 60; ++i) {
      const int label = i % 6;
      predictions.push_back({std::to_string(i), name(label), name(i % 4 == 0 ? (label + 1) % 6 : label), 0.1});
    }
  }

  /// Into a workspace, with a training run of the second checkpoint.
  void store(const store::Workspace& workspace) {
    const store::EvaluationStore evaluations(workspace);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const auto id = i == 0 ? evaluations.add(rows[i], predictions) : evaluations.add(rows[i]);
      rows[i].id = id.value();
    }
    addRuns(workspace, labels);
  }

 private:
  static std::string name(int label) {
    static const std::vector<std::string> kNames{"animals", "flags", "food and drink", "objects", "people", "symbols"};
    return kNames[std::size_t(label)];
  }

  void few(std::size_t l, std::size_t d) {
    for (std::size_t a = 0; a < adapters.size(); ++a) {
      for (const int count : shots) {
        for (int draw = 0; draw < draws; ++draw) {
          auto row = resultRow("few-shot", labels[l], "top1",
                               0.35 + 0.04 * double(l) + 0.08 * double(d) + 0.05 * std::log2(count) - 0.03 * double(a) +
                                   0.01 * draw + (l == 1 && d == 0 ? 0.06 : 0.0),
                               datasets[d]);
          row.adapter = adapters[a];
          row.shots = count;
          row.supportSeed = draw;
          row.settings = R"({"pool":"train"})";
          row.findings = nlohmann::json{
              {"seconds_fit", 0.01 * std::pow(6.0, double(a)) * (double(l) + 1)},
              {"seconds_query",
               0.002}}.dump();
          rows.push_back(std::move(row));
        }
      }
    }
  }

  void add(const std::string& kind, std::size_t l, const std::string& metric, double value, const std::string& dataset,
           const nlohmann::json& settings, const nlohmann::json& findings = nlohmann::json::object(), int count = 0) {
    auto row = resultRow(kind, labels[l], metric, value, dataset);
    row.settings = settings.dump();
    row.findings = findings.dump();
    row.shots = count;
    rows.push_back(std::move(row));
  }

  void others(std::size_t l, std::size_t d) {
    const double of = double(l);
    for (const auto& [metric, value] : {std::pair("image_to_text_r1", 0.5),
                                        {"image_to_text_r5", 0.7},
                                        {"image_to_text_r10", 0.8},
                                        {"text_to_image_r1", 0.4},
                                        {"text_to_image_r5", 0.6},
                                        {"text_to_image_r10", 0.7}}) {
      add("retrieval", l, metric, value + 0.02 * of, datasets[d], {{"mode", "exact"}});
    }
    for (const char* corruption : {"gaussian_noise", "blur", "jpeg", "contrast", "pixelate"}) {
      for (int severity = 0; severity <= 5; ++severity) {
        add("robustness", l, "top1", (0.6 + 0.03 * of) * std::exp(-0.05 * severity * (1 + double(corruption[0] % 5))),
            datasets[d], {{"corruption", corruption}, {"severity", severity}});
      }
    }
    const std::string& source = datasets[datasets.size() - 1 - d];
    add("domain", l, "top1", 0.3 + 0.05 * of, datasets[d], {{"source", source}});
    for (int draw = 0; draw < draws; ++draw) {  // transfer of the source's pictures
      add("domain", l, "top1", 0.5 + 0.05 * of + 0.01 * draw, datasets[d], {{"source", source}, {"pool", "train"}});
      rows.back().adapter = "prototype";
      rows.back().shots = 4;
      rows.back().supportSeed = draw;
    }
    std::vector<double> values;
    for (int i = 0; i < 64; ++i) {
      values.push_back(3.0 * std::exp(-0.1 * i * (1 + 0.3 * of)));
    }
    add("spectrum", l, "effective_rank", 20 - of, datasets[d], {{"from", "encoder"}, {"pictures", 5000}},
        {{"singular_values", values}});
    if (d == 0) {
      add("surface", l, "top1", 0.6, datasets[d], {{"shots", 16}, {"pool", "train"}}, surfaceFindings(), 16);
    }
  }

  void costs(std::size_t l) {
    const double size = std::pow(4.0, double(l));
    for (const auto& [metric, value] : {std::pair("parameters", 6.5e6 * size),
                                        {"image_flops", 1.2e9 * size},
                                        {"image_seconds", 0.004 * size},
                                        {"pair_seconds", 2e-7 * (l == 2 ? 60 : 1)},
                                        {"training_flops", 3e15 * size}}) {
      add("cost", l, metric, value, "", {{"threads", 2}, {"batch", 1}});
    }
    for (const int prompts : {1, 10}) {  // as --prompts 1,10 stores them
      add("cost", l, "image_seconds", 0.004 * size + prompts * 0.001, "",
          {{"threads", 2}, {"batch", 1}, {"prompts", prompts}});
    }
  }
};

}  // namespace lix::app::testing_support
