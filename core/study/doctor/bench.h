#pragma once
#include <ATen/core/TensorBody.h>

#include <filesystem>
#include <string>
#include <vector>

#include "nn/features.h"
#include "study/doctor/report.h"
#include "study/doctor/specimen.h"
#include "study/eval/embed.h"

namespace lix::study::doctor {

/// Pictures and captions as a model reads them, and what it makes of them.
struct Answer {
  at::Tensor imageRows;  ///< as the tower gives them
  at::Tensor images;     ///< unit vectors [n, D]; of a Llip the uniform mixture
  nn::TextFeatures texts;
  at::Tensor captions;  ///< unit vectors [n, D]
  at::Tensor cosines;   ///< [n, n]
  at::Tensor logits;
};

/// The known pairs ready to be read, rightly or wrongly.
struct Input {
  std::vector<imaging::Image> pictures;
  std::vector<std::string> captions;
  at::Tensor pixels;  ///< [n, 3, S, S]
  at::Tensor ids;     ///< [n, L]
  std::vector<int> lengths;
};
Input inputOf(const Evaluator& evaluator, std::vector<Specimen> specimens);
at::Tensor pixelsOf(const std::vector<imaging::Image>& pictures, const nn::Preprocess& preprocess);
at::Tensor idsOf(const std::vector<nn::TokenRow>& rows);

/// Which side a mistake touches: only that one is computed anew.
enum class Touch { Pictures, Captions, Both, Logits };

Answer answer(const Evaluator& evaluator, const at::Tensor& pixels, const at::Tensor& ids);
/// The same where one side is as it was.
Answer answerAnew(const Evaluator& evaluator, const at::Tensor& pixels, const at::Tensor& ids, Touch touch, const Answer& before);
/// Unit vectors, cosines and logits from rows and texts; scale and bias are the model's.
void score(const Evaluator& evaluator, Answer& answer);

/// Sizes of what changed.
void measure(const Answer& right, const Answer& wrong, Touch touch, Mistake& mistake);
/// Pictures whose own caption scores above the next picture's.
int pairsRight(const Answer& answer);

}  // namespace lix::study::doctor
