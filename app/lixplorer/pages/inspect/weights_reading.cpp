#include "pages/inspect/weights_reading.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "base/text.h"
#include "shared/reading_figures.h"

namespace lix::app {
namespace {

/// Three decimals and a true minus sign; what rounds to nothing has no sign.
std::string decimals(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3f", std::abs(value));
  return value <= -0.0005 ? cat("−", text) : text;
}

std::vector<float> minus(const study::MixtureReading& first, const study::MixtureReading& second, std::size_t caption) {
  const std::size_t size = first.heads * first.tokens;
  std::vector<float> values(size);
  for (std::size_t i = 0; i < size; ++i) {
    values[i] = first.weights[caption * size + i] - second.weights[caption * size + i];
  }
  return values;
}

/// The stretch of captions alone, so that a thousand of them are not copied to show some.
study::MixtureReading stretch(const study::MixtureReading& mixture, const CaptionRange& range) {
  const std::size_t size = mixture.heads * mixture.tokens;
  const auto begin = mixture.weights.begin() + std::ptrdiff_t(range.first * size);
  return {.captions = range.count,
          .heads = mixture.heads,
          .tokens = mixture.tokens,
          .tau = mixture.tau,
          .weights = {begin, begin + std::ptrdiff_t(range.count * size)},
          .entropies = {},
          .embeddings = {}};
}

std::vector<figures::WeightsContrast> contrastsOf(const WeightsSubject& subject) {
  const study::MixtureReading& mixture = *subject.answer->reading.pictures[subject.picture].mixture;
  const auto& captions = subject.answer->question.captions;
  const auto current = std::size_t(std::max(subject.caption, 0));
  const std::string name = figures::quotedShort(captions[current]);
  std::vector<figures::WeightsContrast> contrasts;
  const bool both = subject.of == DifferenceOf::Both;
  if ((both || subject.of == DifferenceOf::Captions) && captions.size() > 1) {
    const auto most = int(captions.size()) - 1;
    const auto first = std::size_t(std::clamp(subject.captions.first, 0, most));
    const auto second = std::size_t(std::clamp(subject.captions.second, 0, most));
    contrasts.push_back({captions[first], captions[second], mixture.difference(first, second)});
  }
  if ((both || subject.of == DifferenceOf::Checkpoints) && subject.other != nullptr) {
    const std::string& model = subject.answer->facts.name;
    contrasts.push_back({cat(captions[current], " by ", model), cat(captions[current], " by ", subject.otherModel),
                         minus(mixture, *subject.other, current),
                         cat("Difference: ", name, " by ", model, " minus the same by ", subject.otherModel)});
  }
  if (subject.of == DifferenceOf::Trained && subject.trained != nullptr) {
    contrasts.push_back({cat(captions[current], " as set here"), cat(captions[current], " as trained"),
                         minus(mixture, *subject.trained, current),
                         cat("Difference: ", name, " as set here minus as trained")});
  }
  return contrasts;
}

}  // namespace

CaptionRange shownCaptions(std::size_t captions, int current) {
  const std::size_t at = captions == 0 ? 0 : std::min(std::size_t(std::max(current, 0)), captions - 1);
  const std::size_t first = at / kMostShown * kMostShown;
  return {first, std::min(kMostShown, captions - first)};
}

bool asTrained(const study::InspectSettings& settings, const study::ReaderFacts& facts) {
  const bool tau = !settings.tau || (facts.tauMixture && *settings.tau == *facts.tauMixture);
  const bool heads = settings.heads.empty() || settings.heads.size() == std::size_t(std::max(facts.heads, 0));
  return tau && heads && settings.withoutTokens.empty();
}

std::optional<std::size_t> samePictureIn(const ReadAnswer& other, const ReadAnswer& answer, std::size_t picture) {
  if (picture >= answer.question.pictures.size() || other.question.captions != answer.question.captions) {
    return std::nullopt;
  }
  const auto& pictures = other.question.pictures;
  const auto found = std::ranges::find(pictures, answer.question.pictures[picture].hash, &LoadedPicture::hash);
  return found == pictures.end() ? std::nullopt : std::optional(std::size_t(found - pictures.begin()));
}

std::optional<std::size_t> sameIn(const ReadAnswer& other, const ReadAnswer& answer, std::size_t picture) {
  const bool same = other.facts.folder == answer.facts.folder && other.facts.weightsHash == answer.facts.weightsHash;
  return same ? samePictureIn(other, answer, picture) : std::nullopt;
}

std::string signedText(double value) {
  return cat(value >= 0.0005 ? "+" : "", decimals(value));
}

std::string scoreText(const WeightsSubject& subject, std::size_t caption) {
  const auto& scores = subject.answer->reading.scores;
  const double now = scores.cosines[subject.picture * scores.captions + caption];
  if (subject.trainedCosines == nullptr) {
    return cat("cosine ", decimals(now));
  }
  const double before = subject.trainedCosines[caption];
  return cat("cosine ", decimals(before), " → ", decimals(now), " (", signedText(now - before), ")");
}

figures::WeightsData weightsOf(const WeightsSubject& subject) {
  const ReadAnswer& answer = *subject.answer;
  const study::MixtureReading& mixture = *answer.reading.pictures[subject.picture].mixture;
  const auto begin = answer.question.captions.begin() + std::ptrdiff_t(subject.shown.first);
  figures::WeightsData data =
      weightsData(stretch(mixture, subject.shown), {begin, begin + std::ptrdiff_t(subject.shown.count)},
                  {*answer.shown[subject.picture], answer.question.pictures[subject.picture].label}, answer.model(), {});
  for (std::size_t i = 0; i < data.captions.size(); ++i) {
    data.captions[i].said = scoreText(subject, subject.shown.first + i);
  }
  data.saidRoom = "cosine −0.000 → −0.000 (−0.000)";  // the first knock-out moves nothing
  data.contrasts = contrastsOf(subject);
  const study::InspectSettings& settings = answer.question.settings;
  data.counted.assign(settings.heads.begin(), settings.heads.end());
  data.without.assign(settings.withoutTokens.begin(), settings.withoutTokens.end());
  data.current = subject.caption - int(subject.shown.first);
  const auto most = std::ranges::max_element(mixture.weights);  // of all captions: their pages have one scale
  data.most = most == mixture.weights.end() ? 0.0 : *most;
  return data;
}

}  // namespace lix::app
