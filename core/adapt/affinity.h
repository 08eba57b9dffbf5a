#pragma once
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "adapt/adapter.h"

namespace lix::adapt {

/// What metric-based adapters ask of N pictures, where it is not the product of one vector a picture with one a key: of
/// a Llip, picture and support picture are both mixed for the support picture's class before they are compared.
struct Affinities {
  Matrix support;     ///< [N, S] cosines with the support pictures
  Matrix prototypes;  ///< [N, C] cosines with the unit means of the classes
  Matrix text;        ///< [N, C] cosines with the class texts; 0 rows where there are none
};

/// A few-shot problem in that form.
struct AffinityTask {
  std::span<const int> labels;           ///< [S] classes of the support, rising
  std::span<const float> prototypeText;  ///< [C] cosines of each class' unit mean with its text; empty without texts
  Affinities validation;                 ///< may be empty (0 rows)
  std::span<const int> validationLabels;
  std::size_t classes = 0;
  float logitScale = 100.f;
};

class AffinityClassifier {
 public:
  virtual ~AffinityClassifier() = default;
  /// Logits [N, C], as Classifier::logits.
  virtual std::vector<float> logits(const Affinities& queries) const = 0;
  virtual ParamValues settings() const = 0;
};

/// Whether an adapter has this form: zero-shot, prototype, knn, tip-adapter and tip-adapter-x have, those that learn
/// from the values of features have not.
bool hasAffinityForm(std::string_view adapter);

/// The same adapter on affinities: equal to Adapter::fit where they are the products of unit features. Refuses adapters
/// without this form by name, wrong parameters, a class without support, sizes that do not match and values that are
/// not finite. What the task views must outlive the classifier, but for the validation.
Result<std::unique_ptr<AffinityClassifier>> fitAffinity(const Adapter& adapter, const AffinityTask& task,
                                                        const ParamValues& params);

}  // namespace lix::adapt
