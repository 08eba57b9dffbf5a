#pragma once
#include <ATen/core/TensorBody.h>

#include <filesystem>
#include <span>
#include <string>
#include <vector>
#include <nlohmann/json.hpp>

#include "adapt/adapter.h"
#include "base/param.h"
#include "lixp/eval/order.h"
#include "lixp/workspace_access.h"
#include "store/evaluation_store.h"
#include "study/eval/zero_shot.h"

namespace lix::app {

/// One model on one labelled dataset, with what all rows of its results share.
struct Subject {
  study::Evaluator evaluator;
  data::Dataset dataset;
  std::size_t labelSet = 0;
  study::Templates templates;
  std::vector<std::string>
      prompted;  ///< what prompts call the classes: their names, or those of the catalogue or a file
  study::ClassTexts classes;
  std::string metric;  ///< that the catalogue has for the dataset, "" where it does not know it
  std::vector<std::string> notes;
  store::EvaluationRow row;

  const std::vector<std::string>& classNames() const { return dataset.labelSets[labelSet].classes; }
  int label(std::size_t sample) const { return dataset.samples[sample].labels[labelSet]; }
  /// exp(logit_scale), or 100 where the model has none.
  float logitScale() const;
};

/// A checkpoint's folder as results name it: absolute, without a slash at its end.
std::filesystem::path checkpointPlace(const std::filesystem::path& folder);

/// Opens checkpoint number `which` of the order and its data, and embeds the class names; `kind` is that of its rows.
Result<Subject> openSubject(const store::Workspace& workspace, const EvalOrder& order, std::size_t which,
                            const std::string& kind);

/// The same without labels, class names and templates, for evaluations of pictures and captions alone; the order need
/// not name any, and a dataset need not have labels.
Result<Subject> openUnlabelled(const store::Workspace& workspace, const EvalOrder& order, std::size_t which,
                               const std::string& kind);

/// Given samples of the dataset through the image tower (or from the workspace's cache).
Result<study::ImageFeatures> imagesOf(const Session& session, const store::Workspace& workspace, const Subject& subject,
                                      const std::vector<std::size_t>& samples);

/// The labelled pictures of a split, through the image tower (or from the workspace's cache).
Result<study::ImageFeatures> imagesOf(const Session& session, const store::Workspace& workspace, const Subject& subject,
                                      const std::string& split);

/// The class index of every row.
std::vector<int> labelsOf(const Subject& subject, const study::ImageFeatures& images);

/// Adds a sentence on how many pictures could not be read and why, if any.
void noteSkipped(const study::ImageFeatures& images, const std::string& split, std::vector<std::string>& notes);

/// Notes as lines under a result.
std::string linesOf(const std::vector<std::string>& notes);

/// A contiguous float tensor as plain numbers; it must outlive them.
std::span<const float> valuesOf(const at::Tensor& tensor);
adapt::Matrix matrixOf(const at::Tensor& rows);

nlohmann::json toJson(const ParamValues& params);

}  // namespace lix::app
