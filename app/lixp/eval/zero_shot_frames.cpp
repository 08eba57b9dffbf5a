#include "lixp/eval/zero_shot_frames.h"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "base/text.h"

namespace lix::app {
namespace {

Result<std::vector<std::size_t>> labelledOf(const Subject& subject, const std::string& splitName) {
  LIX_TRY(const data::Split split, splitNamed(splitName));
  auto samples = samplesOf(subject.dataset, split, subject.labelSet);
  if (samples.empty()) {
    return fail(ErrorCode::BadInput,
                cat("'", subject.dataset.name, "' has no labelled pictures in its ", splitName, " split."));
  }
  return samples;
}

/// At most `count` of the frames, each from the middle of its share of them.
std::vector<std::size_t> spaced(const std::vector<std::size_t>& frames, std::size_t count) {
  if (count == 0 || frames.size() <= count) {
    return frames;
  }
  std::vector<std::size_t> chosen;
  for (std::size_t i = 0; i < count; ++i) {
    chosen.push_back(frames[(2 * i + 1) * frames.size() / (2 * count)]);
  }
  return chosen;
}

}  // namespace

Result<std::vector<Judged>> picturesOf(const Subject& subject, const std::string& split) {
  LIX_TRY(const auto samples, labelledOf(subject, split));
  std::vector<Judged> judged;
  for (const std::size_t sample : samples) {
    judged.push_back({subject.dataset.samples[sample].key, subject.label(sample), {sample}});
  }
  return judged;
}

Result<std::vector<Judged>> videosOf(const Subject& subject, const std::string& split, const std::string& labelSet,
                                     std::size_t count, std::vector<std::string>& notes) {
  LIX_TRY(const std::size_t videos, subject.dataset.labelSet(labelSet));
  LIX_TRY(const auto samples, labelledOf(subject, split));
  std::map<int, std::vector<std::size_t>> framesOf;
  std::size_t alone = 0;
  for (const std::size_t sample : samples) {
    const int video = subject.dataset.samples[sample].labels[videos];
    if (video < 0) {
      ++alone;
    } else {
      framesOf[video].push_back(sample);
    }
  }
  if (alone > 0) {
    notes.push_back(cat(alone, alone == 1 ? " picture belongs" : " pictures belong", " to no video of '", labelSet,
                        "' and ", alone == 1 ? "is" : "are", " left out."));
  }
  std::vector<Judged> judged;
  for (auto& [video, frames] : framesOf) {
    const std::string& name = subject.dataset.labelSets[videos].classes[std::size_t(video)];
    const int label = subject.label(frames.front());
    if (std::ranges::any_of(frames, [&](std::size_t one) { return subject.label(one) != label; })) {
      return fail(ErrorCode::BadInput, cat("The frames of '", name, "' (", labelSet,
                                           ") have several classes; a video is one sample of one class."));
    }
    std::ranges::sort(frames, {}, [&](std::size_t one) { return subject.dataset.samples[one].key; });
    judged.push_back({name, label, spaced(frames, count)});
  }
  if (judged.empty()) {
    return fail(ErrorCode::BadInput,
                cat("No picture of the ", split, " split belongs to a video of '", labelSet, "'."));
  }
  return judged;
}

study::FrameGroups rowsOf(std::vector<Judged>& judged, const study::ImageFeatures& images,
                          std::vector<std::string>& notes) {
  std::unordered_map<std::size_t, std::size_t> rowOf;
  for (std::size_t row = 0; row < images.samples.size(); ++row) {
    rowOf[images.samples[row]] = row;
  }
  study::FrameGroups rows;
  std::vector<Judged> kept;
  for (Judged& one : judged) {
    std::vector<std::size_t> own;
    for (const std::size_t frame : one.frames) {
      if (const auto found = rowOf.find(frame); found != rowOf.end()) {
        own.push_back(found->second);
      }
    }
    if (own.empty()) {
      if (one.frames.size() > 1) {
        notes.push_back(cat("No frame of '", one.key, "' could be read; it is left out."));
      }
      continue;
    }
    rows.push_back(std::move(own));
    kept.push_back(std::move(one));
  }
  judged = std::move(kept);
  return rows;
}

}  // namespace lix::app
