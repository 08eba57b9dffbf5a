#pragma once
#include <CLI/CLI.hpp>

#include <string>
#include <vector>

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

/// Which models, which pictures, and what results call them: the options of every `lixp eval` verb on a dataset.
void addModelOptions(CLI::App* verb, EvalOrder& order);

/// Those, and which classes with which texts.
void addCommonOptions(CLI::App* verb, EvalOrder& order);

/// The name of a checkpoint's curve: as asked with --label, or its folder's.
std::string curveLabel(const EvalOrder& order, std::size_t which);

/// Two checkpoints of one call under one label would become one curve unseen: refuses that.
Result<void> checkLabels(const EvalOrder& order);

}  // namespace lix::app
