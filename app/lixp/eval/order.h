#pragma once
#include <CLI/CLI.hpp>

#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/result.h"

namespace lix::app {

/// Templates of the catalogue for a dataset that it knows, else "plain".
inline constexpr const char* kAutoTemplates = "auto";

/// What all evaluations are asked: which models, on which pictures, with which class texts.
struct EvalOrder {
  std::vector<std::string> checkpoints, curveLabels;
  std::string data, labels, split = "test";
  std::string templates = kAutoTemplates;
  std::string classNames =
      {};  ///< file of names in label order, "own" for the label set's, "" for the catalogue's or own
};

/// What probes of a model's vectors are asked: they take a seeded draw of a split's pictures and need no class texts.
struct ProbeOrder : EvalOrder {
  std::size_t pictures = 5000;
  bool picturesAsked = false;  ///< rather than left at that
  std::uint64_t seed = 0;
};

/// Which models, which pictures, and what results call them: the options of every `lixp eval` verb on a dataset.
void addModelOptions(CLI::App* verb, EvalOrder& order);

/// Those, and which classes with which texts.
void addCommonOptions(CLI::App* verb, EvalOrder& order);

/// Adds the files that the class texts come from to what was asked, as absolute paths, so that they are found again
/// from any folder: `class_names` (or "own") and `template_file` (with the ":NAME" that picks a list of it).
void addTextFiles(const EvalOrder& order, nlohmann::json& settings);

/// A file as results name it: absolute, without dots.
std::string placeOf(const std::string& file);

/// The name of a checkpoint's curve: as asked with --label, or its folder's.
std::string curveLabel(const EvalOrder& order, std::size_t which);

/// Two checkpoints of one call under one label would become one curve unseen: refuses that.
Result<void> checkLabels(const EvalOrder& order);

}  // namespace lix::app
